"""Announcing: what hangs on records by what happened to them and by their kind."""

from typing import Any

import pytest

from hub.pipeline.changes import announce
from hub.pipeline.resolve import resolve
from hub.store import entities, work
from hub.store.canonical import Changes, replace
from hub.store.database import Database
from tests.conftest import HandClock
from tests.pipeline.companies import FILLING, MODELS, made_of
from tests.store.canonical_rows import made, put
from tests.store.undone import undone

ONE, TWO, THREE = "crm:a:1", "crm:a:2", "crm:a:3"


@pytest.mark.parametrize(
    ("kinds", "resolved"),
    [
        ({"organization"}, True),
        ({"person"}, True),
        ({"project"}, True),
        ({"deal"}, False),
        ({"product"}, False),
        ({"deal", "organization"}, True),
        ({"person", "organization"}, True),
        ({"deal", "ticket"}, False),
    ],
)
@pytest.mark.parametrize("vanished", [True, False])
def test_what_is_or_was_somebody_is_resolved(
    lent: Database, kinds: set[str], resolved: bool, vanished: bool
) -> None:
    refs = [ONE]
    changes = Changes([] if vanished else refs, refs if vanished else [], {ONE: kinds})
    with undone(lent) as tx:
        announce(tx, changes)
        assert work.take(tx, "resolve", 9) == (refs if resolved else [])
        assert work.take(tx, "thread", 9) == refs


@pytest.mark.parametrize(
    ("kind", "resolved"), [("person", True), ("project", True), ("deal", False), ("ticket", False)]
)
def test_who_refers_to_it_is_linked_and_where_it_is_evidence_resolved(
    lent: Database, kind: str, resolved: bool
) -> None:
    with undone(lent) as tx:
        put(tx, made(tx, TWO, kind, refs=[("organization", ONE)]), made(tx, THREE, "person"))
        work.done(tx, "canonicalize", work.take(tx, "canonicalize", 9))
        announce(tx, Changes([ONE], [], {ONE: {"organization"}}))
        assert work.take(tx, "thread", 9) == [ONE, TWO]
        assert work.take(tx, "resolve", 9) == ([ONE, TWO] if resolved else [ONE])


@pytest.mark.parametrize(
    ("after", "due"),
    [
        ({"name": "Anna Weber", "refs": [("organization", ONE)]}, []),
        ({"name": "Anna Adler", "refs": [("organization", ONE)]}, [ONE]),
        ({"name": "Anna Weber", "refs": [("organization", TWO)]}, [ONE, TWO]),
        (None, [ONE]),
    ],
)
def test_who_a_changed_person_works_for_is_resolved_before_and_after(
    lent: Database, after: dict[str, Any] | None, due: list[str]
) -> None:
    with undone(lent) as tx:
        put(tx, made(tx, ONE), made(tx, TWO))
        anna = made(tx, THREE, "person", name="Anna Weber", refs=[("organization", ONE)])
        assert put(tx, anna).employers == [ONE]
        if after is None:
            changes = replace(tx, [anna.source_id], [])
        else:
            changes = put(tx, made(tx, THREE, "person", **after))
        work.done(tx, "resolve", work.take(tx, "resolve", 9))
        announce(tx, changes)
        moved = [THREE] if due else []
        assert work.take(tx, "resolve", 9) == [*due, *moved]


def test_a_contact_joins_a_nameless_ticket_to_its_company(database: Database) -> None:
    """Neither says what the other says: only who writes and who works there is the same."""
    clock = HandClock()
    person: dict[str, Any] = {
        "kind": "person",
        "name": "Brigitte Sauer",
        "emails": ["brigitte.sauer@zanderkamp.example"],
    }
    company: dict[str, Any] = {"name": "Zanderkamp Milchwerke GmbH", "city": "Ulm"}
    with database.transaction() as tx:
        filling = made_of(tx, FILLING)
        announce(tx, replace(tx, [one.source_id for one in filling], filling))
        announce(tx, put(tx, made(tx, ONE, **company)))
        ticket = made(tx, "desk:t:1#company", emails=person["emails"])
        writer = made(tx, "desk:t:1#by", refs=[("organization", "desk:t:1#company")], **person)
        announce(tx, put(tx, ticket, writer))
    resolve(database, MODELS, clock())
    assert not _are_one(database, ONE, "desk:t:1#company")
    with database.transaction() as tx:
        contact = made(tx, "crm:k:1", refs=[("organization", ONE)], **person)
        announce(tx, put(tx, contact))
    resolve(database, MODELS, clock())
    assert _are_one(database, ONE, "desk:t:1#company")
    with database.transaction() as tx:
        announce(tx, replace(tx, [contact.source_id], []))
    resolve(database, MODELS, clock())
    assert not _are_one(database, ONE, "desk:t:1#company")


def _are_one(db: Database, left: str, right: str) -> bool:
    with db.reading() as tx:
        found = entities.current(tx, [left, right])
    return found[left].entity_id == found[right].entity_id


def test_nothing_changed_nothing_due(lent: Database) -> None:
    with undone(lent) as tx:
        announce(tx, Changes([], [], {}))
        assert work.counts(tx) == {}
