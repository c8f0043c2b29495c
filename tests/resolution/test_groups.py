"""The second round: groups beyond doubt are held against each other, as groups."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.resolution.clustering import Knot
from hub.resolution.components import cluster_components, clustered
from hub.resolution.groups import Links, between_groups, of_groups
from hub.resolution.model import Again, Holding, Model, Rivalry, default_model
from hub.resolution.rivals import FEW
from hub.resolution.sources import between

AGAIN = Again(2.5, 1.0, 1.5, 0.0, Rivalry(1.0, 2.0, 2.0, 0.5, 0.0), smaller=0.5, larger=0.25)
MODEL = Model(
    "organization",
    "test",
    prior=0,
    scale=0,
    propose=3,
    weights={},
    link=-2.0,
    floor=-4.0,
    sources={"crm": Holding(-1.25, 0.5), "books": Holding(-4.0, 0.25), "desk": Holding(-1.0, 0.5)},
    again={"told": AGAIN},
)
SIZE = 7
Pair = tuple[int, int]
PAIRS = st.tuples(st.integers(0, SIZE - 1), st.integers(0, SIZE - 1)).filter(
    lambda pair: pair[0] < pair[1]
)
EVIDENCE = st.dictionaries(PAIRS, st.integers(-12, 26).map(lambda at: at / 2), max_size=18)
SOURCES = st.lists(st.sampled_from(["crm", "books", "desk"]), min_size=SIZE, max_size=SIZE)


def knots(sources: list[str], name: str = "a") -> list[Knot]:
    return [
        Knot((f"{name}:b:{at:02}",), frozenset(), frozenset({one}))
        for at, one in enumerate(sources)
    ]


def links(evidence: dict[Pair, float], away: int = 0) -> Links:
    """Return edges; those below `link` join no components and are too little for a merge."""
    rows = sorted(evidence.items())
    left, right = (np.array([pair[at] + away for pair, _ in rows], np.int64) for at in (0, 1))
    bits = np.array([bits for _, bits in rows], np.float64)
    return Links(left, right, bits, bits >= MODEL.link)


def found(every: list[Knot], edges: Links, model: Model = MODEL) -> list[list[int]]:
    return sorted(sorted(each) for each in clustered(every, edges, (), (), model)[0])


FOUR = ["crm", "books", "desk", "desk"]
SURE = {(a, b): 8.0 for a in range(4) for b in range(a + 1, 4)}


def test_a_record_that_resembles_one_sure_group_only_joins_it() -> None:
    little = {(at, 4): -2.0 for at in range(4)}
    every = knots([*FOUR, "crm"])
    assert found(every, links({**SURE, **little})) == [[0, 1, 2, 3], [4]]
    every = knots(["books", "books", "desk", "desk", "crm"])
    assert found(every, links({**SURE, **little})) == [[0, 1, 2, 3, 4]]
    first = replace(MODEL, again={})
    assert found(every, links({**SURE, **little}), first) == [[0, 1, 2, 3], [4]]


def test_a_record_that_resembles_two_sure_groups_joins_neither() -> None:
    two = {(a + 5, b + 5): bits for (a, b), bits in SURE.items()}
    one, other = {(at, 4): -1.0 for at in range(4)}, {(4, at): -1.0 for at in range(5, 9)}
    every = knots(["books", "books", "desk", "desk", "crm", "books", "books", "desk", "desk"])
    assert [4] in found(every, links({**SURE, **two, **one, **other}))
    assert [4] not in found(every, links({**SURE, **two, **one}))


@pytest.mark.parametrize(
    ("floor", "clusters"),
    [(-12.0, [[0, 1, 2, 3], [4, 5]]), (0.0, [[0, 1, 2, 3, 4, 5]])],
)
def test_groups_that_nothing_joins_count_the_floor_of_their_round(
    floor: float, clusters: list[list[int]]
) -> None:
    sure = {(at, at + 1): 9.0 for at in (0, 2, 4)}
    near = {(a, b): 2.0 for a in (0, 1) for b in (2, 3)}
    near |= {(a, b): 1.5 for a in (2, 3) for b in (4, 5)}
    unheard = replace(AGAIN, floor=floor, smaller=0.0, larger=0.0, rivalry=Rivalry())
    model = replace(MODEL, sources={"crm": Holding(0.0, 0.0)}, again={"told": unheard})
    assert found(knots(["desk"] * 6), links({**sure, **near}), model) == clusters


def test_four_sure_records_are_one_rival() -> None:
    def heard(rivals: int) -> float:
        """Return the bits between records 0 and 1 where a sure group resembles 1 as much."""
        group = range(2, 2 + rivals)
        sure = {(a, b): 9.0 for a in group for b in group if a < b}
        evidence = {(0, 1): 0.0, **sure, **{(1, at): 0.0 for at in group}}
        every = knots(["desk"] * (2 + rivals))
        model = replace(MODEL, sources={"crm": Holding(0.0, 0.0)})
        edges = links(evidence)
        groups = of_groups(every, [[0], [1], list(group)], edges)
        return float(between_groups(groups, edges, model, AGAIN).bits[0])

    assert heard(4) == heard(2) == heard(1)


@settings(max_examples=80)
@given(EVIDENCE, SOURCES)
def test_two_records_alone_are_joined_by_what_joins_them_in_one_round(
    evidence: dict[Pair, float], sources: list[str]
) -> None:
    every, edges = knots(sources), links(evidence)
    groups = of_groups(every, [[at] for at in range(SIZE)], edges)
    near = between_groups(groups, edges, MODEL, AGAIN)
    sides = groups.home[near.left].tolist(), groups.home[near.right].tolist()
    for a, b, bits in zip(*sides, near.bits.tolist(), strict=True):
        told = between(MODEL, every[a].sources, every[b].sources)
        assert bits <= max(evidence[a, b], MODEL.floor) + told


@settings(max_examples=80)
@given(EVIDENCE, EVIDENCE, SOURCES, st.permutations(range(2 * SIZE)))
def test_components_know_nothing_of_each_other_nor_of_any_order(
    one: dict[Pair, float], other: dict[Pair, float], sources: list[str], order: list[int]
) -> None:
    every = [*knots(sources), *knots(sources[::-1], "b")]
    beside = links(other, SIZE)
    edges, between_both = links(one), {(0, SIZE): -3.0, (1, SIZE + 2): -2.5}
    loose = links(between_both)
    whole = Links(
        *(
            np.concatenate([getattr(each, part) for each in (edges, beside, loose)])
            for part in ("left", "right", "bits", "joins")
        )
    )
    apart = found(knots(sources), edges) + [
        [at + SIZE for at in each] for each in found(knots(sources[::-1], "b"), links(other))
    ]
    assert found(every, whole) == sorted(apart)
    place = np.argsort(order)
    moved = Links(place[whole.left], place[whole.right], whole.bits, whole.joins)
    turned = found([every[at] for at in order], moved)
    assert sorted(sorted(order[at] for at in each) for each in turned) == sorted(apart)


@settings(max_examples=80)
@given(EVIDENCE, SOURCES, st.sets(PAIRS, max_size=2))
def test_few_are_clustered_as_many_are_and_nobody_joins_what_is_kept_apart(
    evidence: dict[Pair, float], sources: list[str], apart: set[Pair]
) -> None:
    few, edges = knots(sources), links(evidence)
    lonely = [Knot((f"z:{at}",)) for at in range(FEW)]
    clusters, merges = clustered(few, edges, (), sorted(apart), MODEL)
    among_many, in_order = clustered([*few, *lonely], edges, (), sorted(apart), MODEL)
    assert sorted(map(sorted, clusters)) == sorted(sorted(e) for e in among_many if min(e) < SIZE)
    assert merges == in_order
    assert len(merges) == SIZE - len(clusters)
    assert not any({a, b} <= set(each) for a, b in apart for each in clusters)


@settings(max_examples=60)
@given(EVIDENCE, SOURCES)
def test_what_is_beyond_doubt_stays_together(
    evidence: dict[Pair, float], sources: list[str]
) -> None:
    every, edges = knots(sources), links(evidence)
    sure, _ = cluster_components(every, edges, (), (), replace(MODEL, merge=AGAIN.sure))
    assert all(any(set(one) <= set(each) for each in found(every, edges)) for one in sure)


def test_companies_have_a_second_round_of_their_own_where_no_source_is_told_of() -> None:
    shipped = default_model("organization")
    told = replace(shipped, sources={"crm": Holding(-1.0, 0.25)})
    assert shipped.second == shipped.again["alone"] != told.second == told.again["told"]


@pytest.mark.parametrize("kind", ["person", "thing"])
def test_people_and_things_have_one_round(kind: str) -> None:
    assert default_model(kind).second is None
