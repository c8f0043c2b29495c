"""What it tells of which sources records are, and where it tells nothing."""

import random
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from benchmarks.resolution import figures, load
from hub.model.resolution import Edge, Profile
from hub.resolution.batch import base_of, partition_all, score_adapted, score_table
from hub.resolution.division import Member
from hub.resolution.model import Holding, default_model, model_data, model_from
from hub.resolution.resolver import partition
from hub.resolution.sources import between, holdings, of_records, within

MODEL = default_model("organization")


def places() -> tuple[list[Profile], dict[str, str]]:
    """Return places as three lists hold them, hardly any of them twice in one."""
    return load("places:300")


def customers() -> tuple[list[Profile], dict[str, str]]:
    """Return customers of four departments, one of which holds a tenth of its own twice."""
    return load("world:400")


def of_source(profiles: Sequence[Profile], source: str) -> list[Profile]:
    return [replace(each, source=source) for each in profiles]


def test_orderly_sources_make_clusters_more_precise() -> None:
    profiles, truth = customers()
    base = base_of(profiles)
    plain_model, scored = score_adapted(base, MODEL)
    model = score_table(base, MODEL)[0]
    assert model == replace(plain_model, sources=model.sources, floor=-4.0)
    told = model.sources
    assert told.keys() == {"crm", "books", "desk", "projects"}
    assert told["books"].both < told["crm"].both < -0.5  # the CRM holds a tenth twice
    assert all(each.one > 0 for each in told.values())
    before = figures(partition_all(base, scored, (), plain_model).clusters, truth)
    after = figures(partition_all(base, scored, (), model).clusters, truth)
    assert after.precision > before.precision + 0.02
    assert after.recall > before.recall - 0.01
    assert after.f1 > before.f1 + 0.01


def test_sources_tell_hardly_more_than_the_truth_would() -> None:
    profiles, truth = customers()
    base = base_of(profiles)
    model, _ = score_table(base, MODEL)
    labels = np.array([truth[refs[0]] for refs in base.refs])
    left, right = np.nonzero(np.triu(labels[:, None] == labels[None, :], 1))
    known = holdings(MODEL, base.sources, left, right, np.full(len(left), 30.0))
    for name, each in known.items():
        assert each.both - 0.25 < model.sources[name].both < -0.5
        assert 0.0 < model.sources[name].one < each.one + 0.25


def test_a_single_source_tells_nothing() -> None:
    base = base_of(of_source(places()[0], "guide"))
    assert score_table(base, MODEL)[0].sources == {}


def test_sources_full_of_doublets_never_speak_for_a_match() -> None:
    """Every place is held by one source alone, as often as it is there at all."""
    profiles, truth = places()
    mixed = [replace(each, source=f"list {int(truth[each.ref]) % 3}") for each in profiles]
    assert score_table(base_of(mixed), MODEL)[0].sources == {}


def test_sources_that_have_nothing_to_do_with_matches_tell_next_to_nothing() -> None:
    profiles, _ = places()
    chance = random.Random("sources")
    mixed = [replace(each, source=f"list {chance.randrange(2)}") for each in profiles]
    for each in score_table(base_of(mixed), MODEL)[0].sources.values():
        assert each.both > -0.25
        assert each.one < 0.25


def test_a_profile_of_several_sources_is_of_none_and_holds_for_all() -> None:
    one = Profile("a:p:1", "organization", "a", {"org_name": ("Moran",)})
    base = base_of([replace(one, ref="b:p:1", source="b"), one])
    assert base.sources == (("a", "b"),)
    assert base.refs == (("a:p:1", "b:p:1"),)
    held = {"a": Holding(-2.0, 0.5), "b": Holding(-1.0, 0.25)}
    at = np.array([0, 1, 1]), np.array([1, 1, 2])
    sources = [("a", "b"), ("a", "a"), ("a",)]
    assert within(held, sources, *at).tolist() == [0.0, -2.0, -2.0]
    model = replace(MODEL, sources=held)
    assert between(model, frozenset("ab"), frozenset("ab")) == -3.0
    assert between(model, frozenset("ab"), frozenset("a")) == -1.75
    assert between(model, frozenset("a"), frozenset("b")) == 0.75
    assert between(model, frozenset("c"), frozenset()) == 0.0
    assert between(MODEL, frozenset("a"), frozenset("a")) == 0.0


def test_nothing_compared_tells_nothing() -> None:
    none = np.zeros(0, dtype=np.int64)
    assert holdings(MODEL, [("a",), ("b",)], none, none, np.zeros(0)) == {}
    assert holdings(MODEL, [], none, none, np.zeros(0)) == {}


def test_of_split_records_each_keeps_its_own_source() -> None:
    """A judgement parts a record from its twins: what is left of them has the others' sources."""
    model = replace(MODEL, sources={"crm": Holding(-4.0, 0.0), "desk": Holding(-4.0, 0.0)})
    twins = Member(1, ("crm:a:1", "desk:a:1"), 9.0, sources=("crm", "desk"))
    other = Member(2, ("crm:a:2",), 9.0, sources=("crm",))
    stranger = Member(3, ("erp:a:3",), 9.0, sources=("erp",))
    edges = [Edge(1, 2, 3.0)]
    assert len(partition([twins, other, stranger], edges, (), model).clusters) == 3
    told = partition([twins, other, stranger], edges, (), MODEL).clusters
    assert told == (("crm:a:1", "crm:a:2", "desk:a:1"), ("erp:a:3",))


def test_a_model_file_keeps_what_sources_tell() -> None:
    model = replace(MODEL, sources={"crm": Holding(-1.25, 0.5)})
    assert model_from(model_data(model)) == model
    assert "sources" not in model_data(MODEL)


def test_a_ref_names_its_source() -> None:
    assert of_records(("crm:accounts:A-1", "desk:t:1#firm")) == ("crm", "desk")
    assert of_records(()) == ()
