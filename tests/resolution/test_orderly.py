"""What sources that hold a thing once teach of a table's weights, and what others do not."""

import random
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import pytest

from benchmarks.resolution import figures
from benchmarks.things import COLUMNS, things
from benchmarks.worlds import World
from hub.model.resolution import Profile
from hub.resolution.batch import base_of, partition_all, score_adapted, score_table
from hub.resolution.model import Model, default_model
from hub.resolution.orderly import taught

THING = default_model("thing")
ADAPTED, ORDERED = "thing+adapted", "thing+adapted+ordered"


@cache
def papers(size: int = 700) -> World:
    """Return papers as two lists have them, each with venues written its own way."""
    return things(size, kind="papers", columns=COLUMNS["papers"], seed=1, stock="test")


def resolved(profiles: Sequence[Profile], truth: dict[str, str]) -> tuple[Model, float]:
    """Return the model that a table's own resolution comes to, and the F1 over pairs."""
    base = base_of(profiles)
    model, scored = score_table(base, THING)
    return model, figures(partition_all(base, scored, (), model).clusters, truth).f1


def at_random(profiles: Sequence[Profile]) -> list[Profile]:
    """Return records whose sources say nothing."""
    draw = random.Random(3)
    return [replace(each, source=draw.choice("ab")) for each in profiles]


def twice(profiles: Sequence[Profile]) -> list[Profile]:
    """Return records of which each source has one in eight again, word for word."""
    return [*profiles, *(replace(each, ref=f"{each.ref}+") for each in profiles[::8])]


def test_a_table_of_orderly_sources_is_resolved_by_what_they_teach() -> None:
    made = papers()
    model, reached = resolved(made.profiles, made.truth)
    assert model.name == ORDERED
    assert reached > 0.955


def test_that_each_source_writes_a_column_its_own_way_speaks_against_nobody() -> None:
    base = base_of(papers().profiles)
    before, scored = score_adapted(base, THING)
    pairs = scored.left, scored.right, scored.bits
    after = taught(before, base.frame, base.sources, *pairs)
    venue, adapted = after.weights["text:venue"], before.weights["text:venue"]
    assert venue["conflict"].base > adapted["conflict"].base + 0.25
    assert venue["same"].base < adapted["same"].base
    assert all(weight.base * 64 == round(weight.base * 64) for weight in venue.values())
    assert taught(before, base.frame, base.sources, *pairs) == after


def test_records_that_say_the_same_in_two_sources_stay_one() -> None:
    made = papers()
    alike = [replace(each, ref=f"{each.ref}=", source="s9") for each in made.profiles[:20]]
    base = base_of([*made.profiles, *alike])
    model, scored = score_table(base, THING)
    clusters = partition_all(base, scored, (), model).clusters
    of = {ref: at for at, cluster in enumerate(clusters) for ref in cluster}
    assert model.name == ORDERED
    assert all(of[each.ref] == of[each.ref[:-1]] for each in alike)


@pytest.mark.parametrize(
    "profiles",
    [
        at_random(papers().profiles),
        twice(papers().profiles),
        papers(30).profiles,
        [replace(each, source="a") for each in papers().profiles],
        [replace(each, source="") for each in papers().profiles],
    ],
    ids=["told at random", "held twice", "few", "one", "none"],
)
def test_sources_without_order_or_with_little_to_tell_teach_nothing(
    profiles: list[Profile],
) -> None:
    model, _ = score_table(base_of(profiles), THING)
    assert model.name == ADAPTED
