"""A company that its records made one speaks for its projects and its people."""

from typing import Any

import pytest
import sqlalchemy as sa

from hub.clock import instant_text
from hub.pipeline.changes import announce
from hub.pipeline.resolve import resolve
from hub.store import canonical, judgements, work
from hub.store.database import Database
from hub.store.tables import crosswalk
from tests.conftest import HandClock
from tests.pipeline.companies import FILLING, MODELS, made_of
from tests.store.canonical_rows import made

TRITA, SAME_TRITA = "crm:a:1", "books:c:1"
COMPANIES: dict[str, dict[str, Any] | None] = {
    **FILLING,
    TRITA: {"name": "Trita Software GmbH", "city": "Celle", "vat_id": "DE136695976"},
    SAME_TRITA: {"name": "TS Systemhaus", "city": "Celle", "vat_id": "DE136695976"},
}
PAIRS = {
    "project": ("crm:d:1#project", "books:j:1"),
    "person": ("crm:p:1", "books:p:1"),
}


class Hub:
    """A hub of companies, each with a project of one name and a person of one name."""

    def __init__(self, db: Database, clock: HandClock, whole_from: int) -> None:
        self.db, self.clock, self.whole_from = db, clock, whole_from
        with db.transaction() as tx:
            records = made_of(tx, COMPANIES)
            for kind, pair in PAIRS.items():
                others = [f"crm:{kind}:{at}" for at in range(len(FILLING))]
                whose = zip((*pair, *others), (TRITA, SAME_TRITA, *FILLING), strict=True)
                records += [
                    made(tx, ref, kind, refs=[("organization", one)], name=_NAMES[kind])
                    for ref, one in whose
                ]
            announce(tx, canonical.replace(tx, [one.source_id for one in records], records))
        self.resolve()

    def resolve(self) -> None:
        self.clock.turn(seconds=1)
        resolve(self.db, MODELS, self.clock(), whole_from=self.whole_from)

    def are_one(self, left: str, right: str) -> bool:
        with self.db.reading() as tx:
            rows = tx.execute(sa.select(crosswalk.c.ref, crosswalk.c.entity_id))
            entity = {row.ref: row.entity_id for row in rows}
        return bool(entity[left] == entity[right])


_NAMES = {"project": "Los 2 Photovoltaik", "person": "Thomas Müller"}


@pytest.mark.parametrize("whole_from", [1, 10**9])
def test_who_belongs_to_one_company_is_one_while_the_company_is(
    database: Database, clock: HandClock, whole_from: int
) -> None:
    hub = Hub(database, clock, whole_from)
    assert hub.are_one(TRITA, SAME_TRITA)
    assert all(hub.are_one(*pair) for pair in PAIRS.values())
    assert not hub.are_one("crm:project:1", "crm:project:2")
    with database.transaction() as tx:
        now = instant_text(clock())
        word = judgements.add(
            tx, TRITA, SAME_TRITA, "different", author="anna", reason="phoned", now=now
        )
    hub.resolve()
    assert not any(hub.are_one(*pair) for pair in PAIRS.values())
    with database.transaction() as tx:
        judgements.undo(tx, word.id, instant_text(clock()))
    hub.resolve()
    assert all(hub.are_one(*pair) for pair in PAIRS.values())
    with database.reading() as tx:
        assert work.counts(tx).get("resolve", 0) == 0
