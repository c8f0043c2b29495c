"""Average linkage with vetoes, judgements and ties."""

from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.resolution.clustering import Knot, cluster
from hub.resolution.model import Model

MODEL = Model("organization", "test", prior=0, scale=0, propose=3, weights={})
Edges = list[tuple[int, int, float]]


def clusters(size: int, edges: Edges, **more: list[tuple[int, int]]) -> list[list[int]]:
    knots = [Knot((f"a:b:{at}",)) for at in range(size)]
    return cluster(knots, edges, more.get("same", []), more.get("apart", []), MODEL)[0]


def test_evidence_joins_and_its_lack_does_not() -> None:
    assert clusters(3, [(0, 1, 5.0), (1, 2, -1.0)]) == [[0, 1], [2]]


def test_one_good_edge_does_not_drag_a_stranger_in() -> None:
    chain = [(0, 1, 6.0), (1, 2, 6.0), (0, 2, 6.0), (2, 3, 1.0)]
    assert clusters(4, chain) == [[0, 1, 2], [3]]


def test_the_average_decides_not_the_best() -> None:
    assert clusters(3, [(0, 1, 9.0), (1, 2, 4.0), (0, 2, -3.0)]) == [[0, 1, 2]]
    assert clusters(3, [(0, 1, 9.0), (1, 2, 2.0), (0, 2, -3.0)]) == [[0, 1], [2]]


def test_judgements_outrank_evidence() -> None:
    assert clusters(2, [(0, 1, 9.0)], apart=[(0, 1)]) == [[0], [1]]
    assert clusters(2, [(0, 1, -5.0)], same=[(0, 1)]) == [[0, 1]]
    assert clusters(3, [(0, 2, 9.0), (1, 2, 8.0)], apart=[(0, 1)]) == [[0, 2], [1]]


def test_a_ban_is_inherited_by_what_its_sides_become() -> None:
    edges = [(0, 1, 9.0), (1, 2, 9.0), (2, 3, 9.0), (0, 2, 5.0), (1, 3, 5.0), (0, 3, 5.0)]
    found = clusters(4, edges, apart=[(0, 3)])
    assert not any(0 in each and 3 in each for each in found)


def test_values_of_which_there_is_one_keep_clusters_apart() -> None:
    knots = [
        Knot(("a:b:0",), frozenset({"hrb1"})),
        Knot(("a:b:1",)),
        Knot(("a:b:2",), frozenset({"hrb2"})),
    ]
    edges = [(0, 1, 5.0), (1, 2, 6.0)]
    assert cluster(knots, edges, [], [], MODEL)[0] == [[0], [1, 2]]


def test_of_equals_the_smaller_ref_goes_first() -> None:
    edges = [(1, 2, 3.0), (0, 1, 3.0)]
    assert clusters(3, edges) == [[0, 1], [2]]


def test_merges_are_told_in_order() -> None:
    knots = [Knot((f"a:b:{at}",)) for at in range(3)]
    _, merges = cluster(knots, [(0, 1, 4.0), (0, 2, 6.0), (1, 2, 5.0)], [], [], MODEL)
    assert [(each.left, each.right, each.bits) for each in merges] == [
        (("a:b:0",), ("a:b:2",), 6.0),
        (("a:b:0", "a:b:2"), ("a:b:1",), 4.5),
    ]


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.tuples(st.integers(0, 5), st.integers(0, 5)).filter(lambda pair: pair[0] < pair[1]),
        st.integers(-8, 12).map(float),
        max_size=15,
    )
)
def test_numbering_and_order_of_edges_do_not_matter(known: dict[tuple[int, int], float]) -> None:
    edges = [(a, b, bits) for (a, b), bits in known.items()]
    expected = clusters(6, edges)
    for order in list(permutations(range(6)))[::97]:
        knots = [Knot((f"a:b:{at}",)) for at in order]
        place = {was: at for at, was in enumerate(order)}
        moved = [(place[a], place[b], bits) for a, b, bits in reversed(edges)]
        found = cluster(knots, moved, [], [], MODEL)[0]
        assert sorted(sorted(order[at] for at in each) for each in found) == expected
