"""What holds for any clustering, whatever the evidence, the judgements and the exclusive values."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.model.resolution import Merge
from hub.resolution.clustering import Knot, cluster
from hub.resolution.components import cluster_components
from hub.resolution.groups import Links
from hub.resolution.model import Holding, Model, Rivalry
from hub.resolution.rivals import FEW, settled
from hub.resolution.sources import between

MODEL = Model(
    "organization",
    "test",
    prior=0,
    scale=0,
    propose=3,
    weights={},
    merge=0.0,
    floor=-8.0,
    ceiling=12.0,
)
SIZE = 7
Pair = tuple[int, int]

PAIRS = st.tuples(st.integers(0, SIZE - 1), st.integers(0, SIZE - 1)).filter(
    lambda pair: pair[0] < pair[1]
)
EVIDENCE = st.dictionaries(PAIRS, st.integers(-12, 16).map(float), max_size=18)
WORDS = st.sets(PAIRS, max_size=3)
VALUES = st.lists(st.sampled_from(["", "", "hrb1", "hrb2", "hrb3"]), min_size=SIZE, max_size=SIZE)


SOURCES = st.lists(st.sampled_from(["", "crm", "books", "desk"]), min_size=SIZE, max_size=SIZE)
ORDERLY = replace(
    MODEL,
    sources={
        "crm": Holding(-1.25, 0.5),
        "books": Holding(-4.0, 0.25),
        "desk": Holding(0.0, 1.5),
    },
)


def knots(
    values: Sequence[str] = ("",) * SIZE, sources: Sequence[str] = ("",) * SIZE
) -> list[Knot]:
    return [
        Knot((f"a:b:{at}",), frozenset({value} - {""}), frozenset({source} - {""}))
        for at, (value, source) in enumerate(zip(values, sources, strict=True))
    ]


def run(
    evidence: dict[Pair, float],
    *,
    same: set[Pair] | None = None,
    apart: set[Pair] | None = None,
    values: Sequence[str] = ("",) * SIZE,
    model: Model = MODEL,
) -> tuple[list[list[int]], list[Merge]]:
    edges = [(a, b, bits) for (a, b), bits in evidence.items()]
    return cluster(knots(values), edges, same or set(), apart or set(), model)


def average(evidence: dict[Pair, float], one: Sequence[int], other: Sequence[int]) -> float:
    """Return the average bits between two clusters, reckoned by hand."""
    told = [
        min(max(evidence.get((min(a, b), max(a, b)), MODEL.floor), MODEL.floor), MODEL.ceiling)
        for a in one
        for b in other
    ]
    return sum(told) / len(told)


@settings(max_examples=80)
@given(EVIDENCE, WORDS, WORDS, VALUES)
def test_every_knot_is_in_one_cluster(
    evidence: dict[Pair, float], same: set[Pair], apart: set[Pair], values: list[str]
) -> None:
    found, merges = run(evidence, same=same, apart=apart, values=values)
    assert sorted(at for each in found for at in each) == list(range(SIZE))
    assert found == sorted(sorted(each) for each in found)
    assert len(merges) == SIZE - len(found)


@settings(max_examples=80)
@given(EVIDENCE, WORDS, VALUES)
def test_what_a_person_joined_is_joined(
    evidence: dict[Pair, float], same: set[Pair], values: list[str]
) -> None:
    found, merges = run(evidence, same=same, values=values)
    place = {at: number for number, each in enumerate(found) for at in each}
    assert all(place[a] == place[b] for a, b in same)
    judged = [merge for merge in merges if merge.reason == "judgement"]
    # Judgements come first; each joins two clusters that were none before.
    assert merges[: len(judged)] == judged
    assert len(judged) <= len(same)


@settings(max_examples=80)
@given(EVIDENCE, WORDS)
def test_what_a_person_parted_is_parted(evidence: dict[Pair, float], apart: set[Pair]) -> None:
    found, _ = run(evidence, apart=apart)
    place = {at: number for number, each in enumerate(found) for at in each}
    assert all(place[a] != place[b] for a, b in apart)


@settings(max_examples=80)
@given(EVIDENCE, VALUES)
def test_a_cluster_holds_one_exclusive_value(
    evidence: dict[Pair, float], values: list[str]
) -> None:
    found, _ = run(evidence, values=values)
    for each in found:
        assert len({values[at] for at in each} - {""}) <= 1


@settings(max_examples=80)
@given(EVIDENCE)
def test_no_two_clusters_are_left_that_belong_together(evidence: dict[Pair, float]) -> None:
    found, _ = run(evidence)
    for at, one in enumerate(found):
        for other in found[:at]:
            assert average(evidence, one, other) < MODEL.merge


@settings(max_examples=80)
@given(EVIDENCE, VALUES)
def test_merges_replayed_give_the_clusters_and_their_bits(
    evidence: dict[Pair, float], values: list[str]
) -> None:
    found, merges = run(evidence, values=values)
    number = {f"a:b:{at}": at for at in range(SIZE)}
    living: set[tuple[str, ...]] = {(f"a:b:{at}",) for at in range(SIZE)}
    for merge in merges:
        assert merge.left < merge.right
        living -= {merge.left, merge.right}
        living.add(tuple(sorted(merge.left + merge.right)))
        one, other = ([number[ref] for ref in side] for side in (merge.left, merge.right))
        assert merge.bits == pytest.approx(average(evidence, one, other))
        assert merge.bits >= MODEL.merge
        assert merge.reason == "evidence"
    assert sorted(sorted(number[ref] for ref in refs) for refs in living) == found


@settings(max_examples=60)
@given(EVIDENCE)
def test_two_heaps_that_never_met_are_clustered_apart(evidence: dict[Pair, float]) -> None:
    within = {(a, b): bits for (a, b), bits in evidence.items() if (a < 4) == (b < 4)}
    low = {pair: bits for pair, bits in within.items() if pair[1] < 4}
    high = {pair: bits for pair, bits in within.items() if pair[0] >= 4}
    whole = run(within)[0]
    assert [each for each in whole if each[0] < 4] == [e for e in run(low)[0] if e[0] < 4]
    assert [each for each in whole if each[0] >= 4] == [e for e in run(high)[0] if e[0] >= 4]


@settings(max_examples=60)
@given(EVIDENCE)
def test_a_higher_threshold_never_joins_more_than_all_that_are_connected(
    evidence: dict[Pair, float],
) -> None:
    strict = Model("x", "x", prior=0, scale=0, propose=3, weights={}, merge=100.0)
    assert run(evidence, model=strict)[0] == [[at] for at in range(SIZE)]
    lax = Model("x", "x", prior=0, scale=0, propose=3, weights={}, merge=-8.0)
    for each in run(evidence, model=lax)[0]:
        reached = {each[0]}
        for _ in each:
            reached |= {b for a, b in evidence if a in reached} | {
                a for a, b in evidence if b in reached
            }
        assert set(each) <= reached


@settings(max_examples=60)
@given(EVIDENCE, st.integers(13, 10**6).map(float))
def test_no_edge_counts_for_more_than_the_ceiling(evidence: dict[Pair, float], much: float) -> None:
    capped = {pair: min(bits, MODEL.ceiling) for pair, bits in evidence.items()}
    raised = {pair: much if bits >= 12 else bits for pair, bits in evidence.items()}
    assert run(raised)[0] == run(capped)[0]


@settings(max_examples=60)
@given(EVIDENCE, st.integers(-(10**6), -9).map(float))
def test_an_edge_below_the_floor_is_as_if_it_were_not_there(
    evidence: dict[Pair, float], little: float
) -> None:
    told = {pair: bits for pair, bits in evidence.items() if bits > MODEL.floor}
    lowered = {pair: bits if bits > MODEL.floor else little for pair, bits in evidence.items()}
    assert run(lowered)[0] == run(told)[0]


@settings(max_examples=60)
@given(EVIDENCE)
def test_knots_of_several_records_are_clustered_like_those_of_one(
    evidence: dict[Pair, float],
) -> None:
    many = [Knot((f"a:b:{at}", f"a:b:{at}x")) for at in range(SIZE)]
    edges = [(a, b, bits) for (a, b), bits in evidence.items()]
    assert cluster(many, edges, [], [], MODEL)[0] == run(evidence)[0]


def test_nothing_makes_no_cluster() -> None:
    assert cluster([], [], [], [], MODEL) == ([], [])
    assert cluster([Knot(("a:b:0",))], [], [], [], MODEL) == ([[0]], [])


def test_a_judgement_outranks_an_exclusive_value_and_a_ban() -> None:
    assert run({}, same={(0, 1)}, values=("hrb1", "hrb2", *("",) * 5))[0][0] == [0, 1]
    assert run({}, same={(0, 1)}, apart={(0, 1)})[0][0] == [0, 1]


def test_a_cluster_takes_over_what_its_parts_may_not_meet() -> None:
    evidence = {(0, 1): 9.0, (1, 2): 9.0, (0, 2): 9.0, (2, 3): 9.0, (1, 3): 9.0, (0, 3): 9.0}
    found, _ = run(evidence, same={(0, 1)}, apart={(1, 3)})
    assert [0, 1, 2] in found
    assert [3] in found


@pytest.mark.parametrize(
    ("bits", "joined"),
    [(0.0, True), (1 / 64, True), (-1 / 64, False), (12.0, True), (-8.0, False), (500.0, True)],
)
def test_the_threshold_itself_joins(bits: float, joined: bool) -> None:
    assert ([0, 1] in run({(0, 1): bits})[0]) is joined


@pytest.mark.parametrize("size", [2, 10, 60, 200])
def test_a_chain_is_cut_where_its_average_falls(size: int) -> None:
    chain = [Knot((f"a:b:{at:03}",)) for at in range(size)]
    edges = [(at, at + 1, 9.0) for at in range(size - 1)]
    found, _ = cluster(chain, edges, [], [], MODEL)
    assert max(map(len, found)) <= 4
    assert sorted(at for each in found for at in each) == list(range(size))
    assert all(each == list(range(each[0], each[0] + len(each))) for each in found)


@pytest.mark.parametrize("size", [2, 10, 60])
def test_of_a_clique_and_a_better_edge_the_better_edge_goes_first(size: int) -> None:
    members = [Knot((f"a:b:{at:03}",)) for at in range(size + 1)]
    edges = [(a, b, 3.0) for a in range(size) for b in range(a + 1, size)]
    whole, _ = cluster(members, edges, [], [], MODEL)
    assert whole == [list(range(size)), [size]]
    parted, merges = cluster(members, [*edges, (0, size, 4.0)], [], [], MODEL)
    assert parted == [[0, size], list(range(1, size))]
    assert merges[0].bits == 4.0
    assert len(merges) == size - 1


def test_what_holds_more_sources_is_heard_anew_though_its_parts_fell_short() -> None:
    every = knots(sources=("crm", "desk", "books", *("",) * (SIZE - 3)))
    edges = [(0, 1, 5.0), (0, 2, -1.0), (1, 2, -2.0)]
    assert cluster(every, edges[1:], (), (), ORDERLY)[1] == []
    merges = cluster(every, edges, (), (), ORDERLY)[1]
    assert [(merge.bits, merge.sources) for merge in merges] == [(7.0, 2.0), (0.75, 2.25)]


@settings(max_examples=200)
@given(st.dictionaries(PAIRS, st.integers(-5, 4).map(float), min_size=4), VALUES, SOURCES)
def test_the_best_two_of_all_clusters_are_merged_each_time(
    evidence: dict[Pair, float], values: list[str], sources: list[str]
) -> None:
    """Held against looking at all clusters anew for every merge."""
    edges = [(a, b, bits) for (a, b), bits in evidence.items()]
    every = knots(values, sources)
    found, merges = cluster(every, edges, (), (), ORDERLY)
    parts = [[at] for at in range(SIZE)]
    for merge in merges:
        best = min(_offers(parts, every, evidence))
        assert (-merge.bits, merge.left[0], merge.right[0]) == best[:3]
        parts = [each for each in parts if each not in best[3:]] + [sorted(best[3] + best[4])]
    assert sorted(parts) == found
    assert not _offers(parts, every, evidence)


def _offers(
    parts: list[list[int]], every: list[Knot], evidence: dict[Pair, float]
) -> list[tuple[float, str, str, list[int], list[int]]]:
    """Return the merges that may be made, reckoned by hand."""
    found = []
    for one, other in combinations(sorted(parts), 2):
        if not any((min(a, b), max(a, b)) in evidence for a in one for b in other):
            continue
        held, exclusive = (
            [frozenset().union(*(getattr(every[at], name) for at in side)) for side in (one, other)]
            for name in ("sources", "exclusive")
        )
        told = [evidence.get((min(a, b), max(a, b)), MODEL.floor) for a in one for b in other]
        above = sum(min(max(each, MODEL.floor), MODEL.ceiling) - MODEL.floor for each in told)
        bits = MODEL.floor + above / len(told)  # as exact as the engine's: ties are ties
        bits += sum(ORDERLY.sources[name].both for name in held[0] & held[1])
        bits += sum(ORDERLY.sources[name].one for name in held[0] ^ held[1])
        if bits >= 0 and not (all(exclusive) and not exclusive[0] & exclusive[1]):
            found.append((-bits, f"a:b:{one[0]}", f"a:b:{other[0]}", one, other))
    return found


@settings(max_examples=60)
@given(EVIDENCE, SOURCES)
def test_a_merge_tells_what_sources_told(evidence: dict[Pair, float], sources: list[str]) -> None:
    every = knots(sources=sources)
    edges = [(a, b, bits) for (a, b), bits in evidence.items()]
    of = {each.refs[0]: each.sources for each in every}
    for merge in cluster(every, edges, (), (), ORDERLY)[1]:
        one, other = (
            frozenset().union(*(of[ref] for ref in side)) for side in (merge.left, merge.right)
        )
        assert merge.sources == between(ORDERLY, one, other)


@settings(max_examples=300)
@given(
    st.dictionaries(PAIRS, st.integers(-3, 13).map(float), max_size=18),
    st.dictionaries(PAIRS, st.integers(-3, 13).map(float), max_size=8),
    VALUES,
    SOURCES,
)
def test_components_apart_are_merged_as_one_heap_merges_them(
    one: dict[Pair, float], other: dict[Pair, float], values: list[str], sources: list[str]
) -> None:
    every = [
        *knots(sources=sources),
        *(
            Knot((f"a:b:{at}x",), each.exclusive, each.sources)
            for at, each in enumerate(knots(values, sources[::-1]))
        ),
    ]
    beside = {(a + SIZE, b + SIZE): bits for (a, b), bits in other.items()}
    edges = [(*pair, bits) for pair, bits in {**one, **beside}.items()]
    left, right, bits = (np.array(side) for side in zip(*edges, strict=True)) if edges else NOTHING
    links = Links(left.astype(np.int64), right.astype(np.int64), bits.astype(np.float64))
    found, merges = cluster_components(every, links, (), (), ORDERLY)
    whole, in_order = cluster(every, edges, (), (), ORDERLY)
    assert sorted(map(sorted, found)) == whole
    assert merges == in_order


@settings(max_examples=200)
@given(
    st.dictionaries(PAIRS, st.integers(-3, 13).map(float), max_size=18),
    st.lists(PAIRS, max_size=3, unique=True),
    st.lists(PAIRS, max_size=3, unique=True),
    VALUES,
    SOURCES,
)
def test_few_knots_are_clustered_as_many_are(
    edges: dict[Pair, float],
    same: list[Pair],
    apart: list[Pair],
    values: list[str],
    sources: list[str],
) -> None:
    rows = [(*pair, bits) for pair, bits in sorted(edges.items())]
    left, right, bits = (np.array(side) for side in zip(*rows, strict=True)) if rows else NOTHING
    links = Links(left.astype(np.int64), right.astype(np.int64), bits.astype(np.float64))
    few, lonely = knots(values, sources), [Knot((f"z:{at}",)) for at in range(FEW)]
    found, merges = cluster_components(few, links, same, apart, ORDERLY)
    among_many, in_order = cluster_components([*few, *lonely], links, same, apart, ORDERLY)
    among_many = [each for each in among_many if min(each) < len(few)]
    assert sorted(map(sorted, found)) == sorted(map(sorted, among_many))
    assert merges == in_order


@settings(max_examples=200)
@given(
    st.dictionaries(PAIRS, st.integers(-800, 1200).map(lambda at: at / 64), min_size=1),
    st.sampled_from((-1.0, 0.0, 2.5)),
)
def test_rivals_among_few_are_heard_as_among_many(edges: dict[Pair, float], link: float) -> None:
    rows = [(*pair, bits) for pair, bits in sorted(edges.items())]
    left, right, bits = (np.array(side) for side in zip(*rows, strict=True))
    rivalry = Rivalry(scale=0.9, shift=0.3, most=0.55, least=0.21, friend=-1.5)
    few = settled(SIZE, left, right, bits, link=link, rivalry=rivalry)
    many = settled(FEW + 1, left, right, bits, link=link, rivalry=rivalry)
    assert few.tolist() == many.tolist()


NOTHING = (np.zeros(0), np.zeros(0), np.zeros(0))
