"""Resolution at its edges: what hundreds share, what says nothing, what only others say."""

import struct
from typing import Any

import pytest
import sqlalchemy as sa

from hub.store import tables
from hub.store.database import Database
from tests.conftest import HandClock
from tests.pipeline.hand_street import HandHub, clusters, outcome

SWITCHBOARD = "+49 731 12345"


@pytest.fixture
def hub(database: Database, clock: HandClock) -> HandHub:
    return HandHub(database, clock)


def parted(hub: HandHub) -> list[list[str]]:
    return sorted(refs for _, refs in clusters(hub.db).values())


def count(hub: HandHub, table: Any) -> int:
    with hub.db.reading() as tx:
        return tx.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


def word(n: int) -> str:
    """Return one of many words that look like no other."""
    letters = "bdfgklmnprstvz"
    return "".join(letters[n // 14**i % 14] + "aeiou"[n // 7**i % 5] for i in range(4))


def test_hundreds_with_one_telephone_are_neither_one_nor_slow(hub: HandHub) -> None:
    rows: dict[str, Any] = {
        f"crm:{n}": {"type": "org", "name": f"{word(n * 37)} {word(n * 91)}", "phone": SWITCHBOARD}
        for n in range(600)
    }
    hub.stage(rows)
    hub.walk()
    assert len(parted(hub)) == 600
    assert count(hub, tables.edges) < 600 * 20, "not each with each"
    statements: list[str] = []

    @sa.event.listens_for(hub.db.engine, "before_cursor_execute")
    def _note(_c: object, _d: object, statement: str, *_: object) -> None:
        statements.append(statement)

    hub.feed({"erp:1": {"type": "org", "name": "Zwiebel & Söhne", "phone": SWITCHBOARD}})
    assert len(parted(hub)) == 601
    assert len(statements) < 500, "one more costs no more for there being many"
    hub.feed({"crm:7": None})
    assert len(parted(hub)) == 600


def test_twins_by_the_hundred_are_one_and_come_apart_one_by_one(hub: HandHub) -> None:
    twin = {"type": "org", "name": "Weber Logistik GmbH", "city": "Ulm", "vat": "DE136695976"}
    hub.stage({f"crm:{n}": twin for n in range(300)})
    hub.walk()
    ((entity, (_, refs)),) = clusters(hub.db).items()
    assert len(refs) == 300
    assert count(hub, tables.profiles) == 1, "they say the same: it is kept once"
    other = {"type": "org", "name": "Bäckerei Sonnenschein", "city": "Kiel"}
    hub.feed({"crm:17": other})
    found = clusters(hub.db)
    assert sorted(len(refs) for _, refs in found.values()) == [1, 299]
    assert "crm:things:17" not in found[entity][1], "the many keep the id"


@pytest.mark.parametrize("kind", ["org", "person", "project"])
def test_what_says_nothing_is_nobody_elses(hub: HandHub, kind: str) -> None:
    empty = {"type": kind}
    hub.feed({"crm:1": empty, "crm:2": empty, "erp:1": {**empty, "name": ""}})
    assert all(len(refs) == 1 for refs in parted(hub))
    hub.feed({"crm:1": {"type": kind, "name": "Weber"}})
    hub.feed({"crm:1": None})
    assert all("crm:things:1" not in refs for refs in parted(hub))


def test_an_employer_that_is_renamed_is_told_to_its_people(hub: HandHub) -> None:
    hub.feed(
        {
            "crm:1": {"type": "org", "name": "Weber Logistik GmbH"},
            "crm:2": {"type": "person", "name": "Erika Muster", "of": "1"},
        }
    )
    with hub.db.reading() as tx:
        (before,) = tx.execute(
            sa.select(tables.profiles.c.features).where(tables.profiles.c.kind == "person")
        ).scalars()
    hub.feed({"crm:1": {"type": "org", "name": "Adler Spedition GmbH"}})
    with hub.db.reading() as tx:
        (after,) = tx.execute(
            sa.select(tables.profiles.c.features).where(tables.profiles.c.kind == "person")
        ).scalars()
    assert "Weber" in before
    assert "Adler" in after
    assert "Weber" not in after


def test_a_token_is_counted_as_often_as_it_is_held(hub: HandHub) -> None:
    rows: dict[str, Any] = {
        f"crm:{n}": {"type": "org", "name": name, "city": "Ulm"}
        for n, name in enumerate(["Weber GmbH", "Weber AG", "Adler", "Bär", "Weber GmbH"])
    }
    hub.feed(rows)
    hub.feed({"crm:0": None, "crm:1": {"type": "org", "name": "Adler", "city": "Kiel"}})
    hub.feed({"crm:3": {"type": "person", "name": "Bär"}, "crm:4": None})
    with hub.db.reading() as tx:
        p, t = tables.profiles.c, tables.token_holders.c
        holding: dict[tuple[str, int], list[int]] = {}
        for one, kind, packed in tx.execute(sa.select(p.id, p.kind, p.tokens).order_by(p.id)):
            for (token,) in struct.iter_unpack("<q", packed):
                holding.setdefault((kind, token), []).append(one)
        kept = tx.execute(sa.select(t.kind, t.token, t.holders, t.ids))
        told = {(kind, token): (count, held) for kind, token, count, held in kept}
    assert told == {
        each: (len(ids), struct.pack(f"<{len(ids)}q", *ids)) for each, ids in holding.items()
    }


def test_the_same_records_in_either_order_of_sources(new_database: Any, clock: HandClock) -> None:
    one = {"crm:1": {"type": "org", "name": "Weber Logistik", "city": "Ulm", "vat": "DE136695976"}}
    two = {"erp:1": {"type": "org", "name": "Weber Logistik GmbH", "vat": "DE136695976"}}
    first, second = (HandHub(new_database(), clock) for _ in range(2))
    for hub, order in ((first, (one, two)), (second, (two, one))):
        for rows in order:
            hub.stage(rows)
            hub.walk()
    assert outcome(first.db) == outcome(second.db)
    assert len(parted(first)) == 1
