"""Entities and the crosswalk: who stands for whom, since when, and ids that lead on."""

from itertools import pairwise

import msgspec
import pytest

from hub.model.resolution import EntityEvent
from hub.store import entities, views
from hub.store.database import Database, Tx
from hub.store.entities import Membership
from tests.store.canonical_rows import NOW as FIRST_SEEN
from tests.store.canonical_rows import made, put
from tests.store.undone import undone

T = [f"2026-11-23T1{n}:00:00.000Z" for n in range(10)]
R1, R2, R3 = "crm:a:1", "crm:a:2", "erp:a:1"


def stand(tx: Tx, at: str, gone: tuple[str, ...] = (), **entity_of: str) -> None:
    """Let records stand for entities: R1="E1", all by the model at 0.9."""
    refs = {"r1": R1, "r2": R2, "r3": R3}
    rows = [Membership(refs[name], one, "model", 0.9) for name, one in entity_of.items()]
    entities.move(tx, rows, gone, at)


def create(tx: Tx, *ids: str, at: str = T[0], kind: str = "organization") -> None:
    entities.apply_events(tx, kind, [EntityEvent("created", one) for one in ids], {}, at)


def spans(tx: Tx, entity_id: str) -> list[tuple[str, str, str]]:
    found = entities.history(tx, entity_id)
    return [(row.ref, row.valid_from, row.valid_to) for row in found]


def test_a_record_stands_for_one_entity_at_a_time(lent: Database) -> None:
    with undone(lent) as tx:
        stand(tx, T[0], r1="E1", r2="E1", r3="E2")
        assert entities.records_of(tx, ["E1", "E2", "E3"]) == {"E1": [R1, R2], "E2": [R3]}
        assert entities.current(tx, [R1, "none"]) == {R1: Membership(R1, "E1", "model", 0.9)}
        stand(tx, T[1], r1="E2")
        assert entities.records_of(tx, ["E1", "E2"]) == {"E1": [R2], "E2": [R1, R3]}
        assert spans(tx, "E1") == [(R1, T[0], T[1])]
        assert spans(tx, "E2") == []


def test_staying_keeps_since_when_and_leaves_no_history(lent: Database) -> None:
    with undone(lent) as tx:
        stand(tx, T[0], r1="E1", r2="E1")
        entities.move(tx, [Membership(R1, "E1", "judgement", 1.0)], [], T[1])
        assert entities.current(tx, [R1])[R1] == Membership(R1, "E1", "judgement", 1.0)
        assert spans(tx, "E1") == []
        stand(tx, T[2], r1="E2", r2="E1")
        assert spans(tx, "E1") == [(R1, T[0], T[2])], "since the first day, not since the new score"


def test_a_record_that_goes_and_comes_back_has_two_spans(lent: Database) -> None:
    with undone(lent) as tx:
        stand(tx, T[0], r1="E1", r2="E1")
        stand(tx, T[1], gone=(R1, "never"))
        assert entities.current(tx, [R1]) == {}
        assert entities.kinds(tx, [R1]) == {}
        stand(tx, T[2], r1="E1")
        stand(tx, T[3], gone=(R1, R2))
        assert spans(tx, "E1") == [(R1, T[2], T[3]), (R2, T[0], T[3]), (R1, T[0], T[1])]


def test_nothing_to_move_moves_nothing(lent: Database) -> None:
    with undone(lent) as tx:
        stand(tx, T[0], r1="E1")
        entities.move(tx, [], [], T[1])
        assert entities.records_of(tx, ["E1"]) == {"E1": [R1]}
        assert not entities.current(tx, [])
        assert not entities.kinds(tx, [])
        assert not entities.created(tx, [])


def test_a_single_record_has_no_score(lent: Database) -> None:
    with undone(lent) as tx:
        entities.move(tx, [Membership(R1, "E1", "single", None)], [], T[0])
        assert entities.current(tx, [R1])[R1].score is None
        stand(tx, T[1], gone=(R1,))
        (row,) = entities.history(tx, "E1")
        assert (row.method, row.score) == ("single", None)


def test_a_life_from_creation_over_merge_to_its_end(lent: Database) -> None:
    with undone(lent) as tx:
        create(tx, "E1", "E2", at=T[0])
        merged = [EntityEvent("merged", "E1", ("E2",))]
        entities.apply_events(tx, "organization", merged, {"E2": "E1"}, T[1])
        old, survivor = entities.get(tx, "E2"), entities.get(tx, "E1")
        assert old is not None
        assert survivor is not None
        assert (old.ended_at, old.merged_into) == (T[1], "E1")
        assert (survivor.ended_at, survivor.created_at) == (None, T[0])
        entities.apply_events(tx, "organization", [EntityEvent("emptied", "E1")], {}, T[2])
        ended = entities.get(tx, "E1")
        assert ended is not None
        assert (ended.ended_at, ended.merged_into) == (T[2], None)
        told = [
            (event.type, event.at, msgspec.json.decode(event.detail)["others"])
            for event in entities.events(tx, "E1")
        ]
        assert told == [("created", T[0], []), ("merged", T[1], ["E2"]), ("emptied", T[2], [])]
        assert entities.get(tx, "never") is None
        assert entities.events(tx, "never") == entities.history(tx, "never") == []


def test_one_that_comes_back_is_as_old_as_it_was(lent: Database) -> None:
    with undone(lent) as tx:
        create(tx, "E1", at=T[0])
        entities.apply_events(tx, "organization", [EntityEvent("emptied", "E1")], {}, T[1])
        create(tx, "E1", at=T[2])
        row = entities.get(tx, "E1")
        assert row is not None
        assert (row.created_at, row.ended_at) == (T[0], None)
        assert entities.created(tx, ["E1", "E9"]) == {"E1": T[0]}


def test_one_split_off_knows_where_from(lent: Database) -> None:
    with undone(lent) as tx:
        create(tx, "E1")
        entities.apply_events(tx, "organization", [EntityEvent("split", "E2", ("E1",))], {}, T[1])
        row = entities.get(tx, "E2")
        assert row is not None
        assert (row.split_from, row.created_at, row.kind) == ("E1", T[1], "organization")


@pytest.mark.parametrize("length", [1, 2, 10])
def test_redirects_lead_straight_to_the_last(lent: Database, length: int) -> None:
    ids = [f"E{n}" for n in range(length + 1)]
    with undone(lent) as tx:
        create(tx, *ids)
        for number, (old, into) in enumerate(pairwise(ids)):
            merged = [EntityEvent("merged", into, (old,))]
            entities.apply_events(tx, "organization", merged, {old: into}, T[number % 10])
        for old in ids[:-1]:
            row = entities.get(tx, old)
            assert row is not None
            assert row.merged_into == ids[-1], "no chain to follow"
            assert views.successor(tx, old) == ids[-1]
        assert views.successor(tx, ids[-1]) is None


def test_which_ids_a_new_entity_may_not_have(lent: Database) -> None:
    with undone(lent) as tx:
        create(tx, "lives", "ended", "redirects")
        create(tx, "was a person", kind="person")
        events = [EntityEvent("emptied", "ended"), EntityEvent("merged", "lives", ("redirects",))]
        entities.apply_events(tx, "organization", events, {"redirects": "lives"}, T[1])
        entities.apply_events(tx, "person", [EntityEvent("emptied", "was a person")], {}, T[1])
        ids = ["lives", "ended", "redirects", "was a person", "new"]
        taken = {"lives", "redirects"}
        assert entities.taken(tx, ids, "organization") == taken | {"was a person"}
        assert entities.taken(tx, ids, "person") == taken | {"ended"}
        assert entities.taken(tx, [], "person") == set()


def test_kinds_and_first_sight_of_records(lent: Database) -> None:
    with undone(lent) as tx:
        create(tx, "E1")
        create(tx, "E2", kind="person")
        put(tx, made(tx, R1), made(tx, R2, "person"))
        stand(tx, T[0], r1="E1", r2="E2")
        assert entities.kinds(tx, [R1, R2, R3]) == {R1: "organization", R2: "person"}
        assert entities.first_seen(tx, [R1, R3]) == {R1: FIRST_SEEN}


def test_many_records_at_once(lent: Database) -> None:
    refs = [f"crm:a:{n}" for n in range(12_000)]
    with undone(lent) as tx:
        entities.move(tx, [Membership(ref, "E1", "model", 0.5) for ref in refs], [], T[0])
        entities.move(tx, [Membership(ref, "E2", "model", 0.5) for ref in refs[:7_000]], [], T[1])
        entities.move(tx, [], refs[:6_000], T[2])
        assert len(entities.current(tx, refs)) == 6_000
        assert len(entities.records_of(tx, ["E1"])["E1"]) == 5_000
        assert (len(spans(tx, "E1")), len(spans(tx, "E2"))) == (7_000, 6_000)
