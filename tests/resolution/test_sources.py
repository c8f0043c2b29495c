"""What it tells that two records are of one source, and where it tells nothing."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from benchmarks.resolution import figures, load
from hub.model.resolution import Profile
from hub.resolution.batch import base_of, partition_all, score_adapted, score_table
from hub.resolution.model import default_model
from hub.resolution.sources import same_source, share_within, source_shift

MODEL = default_model("organization")


def places() -> tuple[list[Profile], dict[str, str]]:
    """Return places as three lists hold them, hardly any of them twice in one."""
    return load("places:300")


def customers() -> tuple[list[Profile], dict[str, str]]:
    """Return customers of four departments, one of which holds a tenth of its own twice."""
    return load("world:400")


def of_source(profiles: Sequence[Profile], source: str) -> list[Profile]:
    return [replace(each, source=source) for each in profiles]


def test_pairs_of_one_source_are_judged_more_strictly_where_sources_are_orderly() -> None:
    profiles, truth = customers()
    base = base_of(profiles)
    plain_model, plain = score_adapted(base, MODEL)
    model, scored = score_table(base, MODEL)
    same = same_source(base.sources, scored.left, scored.right)
    assert scored.same_source < -0.5
    assert np.array_equal(scored.bits[~same], plain.bits[~same])
    assert np.allclose(scored.bits[same] - plain.bits[same], scored.same_source)
    before = figures(partition_all(base, plain, (), plain_model).clusters, truth)
    after = figures(partition_all(base, scored, (), model).clusters, truth)
    assert after.precision > before.precision
    assert after.f1 > before.f1


def test_a_single_source_tells_nothing() -> None:
    base = base_of(of_source(places()[0], "guide"))
    assert score_table(base, MODEL)[1].same_source == 0.0


def test_sources_full_of_doublets_never_speak_for_a_match() -> None:
    """Every place is held by one source alone, as often as it is there at all."""
    profiles, truth = places()
    mixed = [replace(each, source=f"list {int(truth[each.ref]) % 3}") for each in profiles]
    assert score_table(base_of(mixed), MODEL)[1].same_source == 0.0


def test_a_profile_of_several_sources_is_of_none() -> None:
    one = Profile("a:p:1", "organization", "a", {"org_name": ("Moran",)})
    base = base_of([one, replace(one, ref="b:p:1", source="b")])
    assert base.sources == ("",)
    at = np.zeros(1, dtype=np.int64)
    assert not same_source(base.sources, at, at).any()


@pytest.mark.parametrize(
    ("sources", "share"),
    [((), 0.0), (("a",), 1.0), (("a", "a"), 1.0), (("a", "b"), 0.5), (("a", "a", "b", ""), 5 / 16)],
)
def test_the_share_of_pairs_within_a_source(sources: tuple[str, ...], share: float) -> None:
    assert share_within(sources) == share


def test_nothing_compared_moves_nothing() -> None:
    none = np.zeros(0, dtype=np.int64)
    assert source_shift(MODEL, ("a", "b"), none, none, np.zeros(0)) == 0.0
