"""The index of resolution: who has which profile, who holds which token, and the edges."""

import numpy as np
import pytest

from hub.model.resolution import Edge
from hub.store import holders, profiles
from hub.store.database import Database, Tx
from hub.store.holders import Holders
from tests.store.undone import undone

TOP = 2**63 - 1
R1, R2, R3 = "crm:a:1", "crm:a:2", "erp:a:1"


def test_a_kind_remembers_what_it_was_scored_with(lent: Database) -> None:
    with undone(lent) as tx:
        assert profiles.base(tx, "person") == profiles.Base()
        profiles.save_base(tx, "person", profiles.Base("person-1", 7, 1))
        profiles.save_base(tx, "organization", profiles.Base("organization-1", 9))
        profiles.save_base(tx, "person", profiles.Base("person-2", 6, 2))
        assert profiles.base(tx, "person") == ("person-2", 6, 2)
        assert profiles.base(tx, "organization") == ("organization-1", 9, 0)


def test_records_share_profiles_and_change_them(lent: Database) -> None:
    with undone(lent) as tx:
        profiles.assign(tx, "organization", {R3: TOP, R1: TOP, R2: 5})
        assert profiles.of_records(tx, "organization", [R1, R2, "none"]) == {R1: TOP, R2: 5}
        assert profiles.of_records(tx, "person", [R1, R2]) == {}, "it has none of that kind"
        assert profiles.records_of(tx, [TOP, 5, 6]) == {TOP: [R1, R3], 5: [R2]}
        profiles.assign(tx, "person", {R1: 6})
        assert profiles.of_records(tx, "organization", [R1, R3]) == {R3: TOP}
        assert profiles.records_of(tx, [TOP, 5, 6]) == {TOP: [R3], 5: [R2], 6: [R1]}


def test_tokens_are_counted_by_kind_and_forgotten_at_none(lent: Database) -> None:
    with undone(lent) as tx:
        holders.save(tx, "person", {1: Holders(3), TOP: Holders(1), -5: Holders(2)})
        holders.save(tx, "organization", {1: Holders(9)})
        assert holders.counts(tx, "person", [1, 2, TOP, -5]) == {1: 3, TOP: 1, -5: 2}
        holders.save(
            tx, "person", {1: Holders(4), TOP: Holders(0), 2: Holders(0), 8: Holders(1, None)}
        )
        assert holders.counts(tx, "person", [1, 2, 8, TOP, -5]) == {1: 4, 8: 1, -5: 2}
        assert holders.counts(tx, "organization", [1, 8]) == {1: 9}
        assert holders.counts(tx, "project", [1]) == {}
        assert holders.held(tx, "person", [1, 2, 8]) == {1: Holders(4), 8: Holders(1, None)}


def ids(*those: int) -> bytes:
    return np.array(those, dtype="<i8").tobytes()


@pytest.mark.parametrize(
    ("before", "come", "gone", "after"),
    [
        (Holders(), [7], [], Holders(1, ids(7))),
        (Holders(), [9, TOP, 7], [], Holders(3, ids(7, 9, TOP))),
        (Holders(2, ids(5, 9)), [7], [], Holders(3, ids(5, 7, 9))),
        (Holders(2, ids(5, 9)), [7], [9], Holders(2, ids(5, 7))),
        (Holders(1, ids(5)), [], [5], Holders(0, b"")),
        (Holders(3, ids(5, 6, 7)), [8], [], Holders(4, None)),
        (Holders(4, None), [], [8], Holders(3, None)),
    ],
)
def test_profiles_come_and_go(
    before: Holders, come: list[int], gone: list[int], after: Holders
) -> None:
    assert before.moved(come, gone, 3) == after


def test_who_holds_a_token_is_stored_and_searched_for(lent: Database) -> None:
    with undone(lent) as tx:
        holding = {5: [1, 3], 9: [1, TOP], TOP: [1, 2, 3]}
        profiles.add(
            tx, "person", {one: profiles.Indexed({}, {}, own, ()) for one, own in holding.items()}
        )
        of = {1: Holders(3, ids(5, 9, TOP)), 2: Holders(1, ids(TOP)), 3: Holders(2, ids(5, TOP))}
        assert holders.found(tx, "person", [1, 2, 3, 8]) == of
        holders.save(tx, "person", of)
        assert holders.ids_of(tx, "person", [1, 2, 7]) == {1: ids(5, 9, TOP), 2: ids(TOP)}
        assert holders.ids_of(tx, "project", [1]) == {}
        assert holders.unlisted(tx, "person", 3) == set()
        holders.save(tx, "person", {1: Holders(3, None), 3: Holders(2, None)})
        assert holders.ids_of(tx, "person", [1, 2, 3]) == {2: ids(TOP)}
        assert holders.unlisted(tx, "person", 3) == {1, 3}
        assert holders.unlisted(tx, "person", 3, [1, 2, 8]) == {1}
        assert holders.unlisted(tx, "person", 2) == {3}, "more may hold a generic token"
        assert holders.unlisted(tx, "project", 3) == set()
        holders.save(tx, "person", of)
        for found in (holders.searched, holders.holdings):
            columns = [one.tolist() for one in found(tx, "person", [1, 3, 8])]
            assert columns == [[1, 1, 1, 3, 3], [5, 9, TOP, 5, TOP]]
            assert [len(one) for one in found(tx, "project", [1])] == [0, 0]


def some_edges(tx: Tx) -> None:
    profiles.save_edges(
        tx, "person", [Edge(1, 2, 3.5), Edge(2, TOP, -1.0), Edge(3, 4, 0.0), Edge(2, 2, 9.0)]
    )
    profiles.save_edges(tx, "organization", [Edge(7, 8, 1.0)])


@pytest.mark.parametrize(
    ("ids", "at_least", "found"),
    [
        ([1], -9.0, [(1, 2)]),
        ([2], -9.0, [(1, 2), (2, TOP)]),
        ([TOP], -1.0, [(2, TOP)]),
        ([2], -0.5, [(1, 2)]),
        ([1, 2, 3, 7], -9.0, [(1, 2), (2, TOP), (3, 4), (7, 8)]),
        ([3], 0.0, [(3, 4)]),
        ([3], 0.001, []),
        ([99], -9.0, []),
        ([], -9.0, []),
    ],
)
def test_edges_are_found_from_either_side(
    lent: Database, ids: list[int], at_least: float, found: list[tuple[int, int]]
) -> None:
    with undone(lent) as tx:
        some_edges(tx)
        edges = profiles.edges_of(tx, ids, at_least)
        assert [(edge.left, edge.right) for edge in edges] == found
        assert all(edge.bits >= at_least for edge in edges)


def test_edges_are_replaced_and_dropped(lent: Database) -> None:
    everything = [1, 2, 3, 4, 7, 8, TOP]
    with undone(lent) as tx:
        some_edges(tx)
        profiles.save_edges(tx, "person", [Edge(1, 2, 4.25)])
        assert profiles.edges_of(tx, [1], -9.0) == [Edge(1, 2, 4.25)]
        dropped = {(edge.left, edge.right) for edge in profiles.drop_edges(tx, [TOP, 3])}
        assert dropped == {(2, TOP), (3, 4)}
        left = [(edge.left, edge.right) for edge in profiles.edges_of(tx, everything, -9.0)]
        assert left == [(1, 2), (7, 8)]
        profiles.drop_all_edges(tx, "person")
        assert profiles.edges_of(tx, everything, -9.0) == [Edge(7, 8, 1.0)]
