"""Announcing: what hangs on records by what happened to them and by their kind."""

import pytest

from hub.pipeline.changes import announce
from hub.store import work
from hub.store.canonical import Changes
from hub.store.database import Database
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


def test_nothing_changed_nothing_due(lent: Database) -> None:
    with undone(lent) as tx:
        announce(tx, Changes([], [], {}))
        assert work.counts(tx) == {}
