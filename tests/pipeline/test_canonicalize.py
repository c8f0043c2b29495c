"""Canonicalizing: batches, deletions, mappings that fail, and who hears of what changed."""

from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from connectors.sdk.record import Record
from hub.pipeline import canonicalize as move
from hub.pipeline.canonicalize import canonicalize
from hub.store import canonical, quarantine, staging, tables, work
from hub.store.database import Database
from mapping.apply import CompiledMapping
from mapping.compile import compile_spec
from mapping.load import load_spec
from tests.conftest import HandClock
from tests.pipeline.hand_street import compiled

NOW = "2026-11-23T10:00:00.000Z"
MAPPING = """
streams:
  things:
    - kind: organization
      fields: {name: name}
    - part: contact
      kind: person
      when: contact
      fields: {name: contact}
      refs: {organization: "#"}
  deals:
    - kind: deal
      fields: {number: no, name: name, closed_on: closed, expected_close: expected}
      refs: {organization: {stream: things, path: of}}
  tickets:
    - kind: ticket
      fields: {number: no, subject: name, opened_at: at}
  payments:
    - kind: payment
      fields: {reference: name, booked_on: at}
"""


def mapped(text: str = MAPPING) -> dict[str, CompiledMapping]:
    streams = ["things", "deals", "tickets", "payments"]
    return {"crm": compile_spec(load_spec(text, file="crm.yaml", streams=streams))}


def failing(mappings: dict[str, CompiledMapping], name: str) -> dict[str, CompiledMapping]:
    """Return the mappings with one that breaks on records of this name."""

    def check(scope: Any, data: Any) -> bool:
        if data.get("name") == name:
            raise ZeroDivisionError("secret")
        return True

    crm = mappings["crm"]
    streams = {
        stream: tuple(replace(entry, when=entry.when or check) for entry in entries)
        for stream, entries in crm.streams.items()
    }
    return {"crm": replace(crm, streams=streams)}


def stage(db: Database, stream: str, rows: dict[str, dict[str, Any] | None]) -> None:
    with db.transaction() as tx:
        records = [Record(key, row or {}, deleted=row is None) for key, row in rows.items()]
        staging.stage(tx, "crm", stream, records, now=NOW)


def run(db: Database, mappings: dict[str, CompiledMapping] | None = None) -> int:
    done = 0
    chosen = mapped() if mappings is None else mappings
    while step := canonicalize(db, chosen, HandClock()()):
        done += step
    return done


def due(db: Database, stage: str) -> list[str]:
    with db.transaction() as tx:
        found = work.take(tx, stage, 1_000)
        work.done(tx, stage, found)
    return found


def rows(db: Database) -> dict[str, Any]:
    with db.reading() as tx:
        found = tx.execute(sa.select(tables.canonical_records)).all()
    return {row.ref.removeprefix("crm:"): row for row in found}


def test_each_record_and_each_part_becomes_one(database: Database) -> None:
    stage(database, "things", {"1": {"name": "Weber", "contact": "Erika"}, "2": {"name": "Adler"}})
    assert run(database) == 2
    found = rows(database)
    assert {ref: (row.kind, row.title) for ref, row in found.items()} == {
        "things:1": ("organization", "Weber"),
        "things:1#contact": ("person", "Erika"),
        "things:2": ("organization", "Adler"),
    }
    assert found["things:1"].source_id == found["things:1#contact"].source_id
    assert run(database) == 0


@pytest.mark.parametrize(
    ("stream", "row", "at", "title", "number"),
    [
        ("deals", {"no": "D-1", "name": "Halle"}, None, "Halle", "D-1"),
        ("deals", {"name": "x", "expected": "2026-12-01"}, "2026-12-01", "x", None),
        ("deals", {"closed": "2026-01-02", "expected": "2026-12-01"}, "2026-01-02", None, None),
        (
            "tickets",
            {"no": 47, "name": "Tor", "at": "2026-01-02T03:04:05Z"},
            "2026-01-02T03:04:05Z",
            "Tor",
            "47",
        ),
        ("payments", {"name": "RE-1", "at": "02.03.2026"}, "2026-03-02", "RE-1", None),
        ("things", {"name": "Weber", "closed": "2026-01-02"}, None, "Weber", None),
    ],
)
def test_what_lists_sort_and_show_by(
    database: Database,
    stream: str,
    row: dict[str, Any],
    at: str | None,
    title: str | None,
    number: str | None,
) -> None:
    stage(database, stream, {"1": row})
    run(database)
    (found,) = rows(database).values()
    assert (found.at, found.title, found.number) == (at, title, number)


def test_batches_of_any_size_come_to_the_same(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(move, "BATCH", 2)
    stage(database, "things", {str(n): {"name": f"Firma {n}"} for n in range(5)})
    sizes = []
    while step := canonicalize(database, mapped(), HandClock()()):
        sizes.append(step)
    assert sizes == [2, 2, 1]
    assert len(rows(database)) == 5


def test_who_hears_of_a_change(database: Database) -> None:
    stage(database, "things", {"1": {"name": "Weber", "contact": "Erika"}, "2": {"name": "Adler"}})
    stage(database, "deals", {"9": {"name": "Halle", "of": "1"}})
    run(database)
    everything = ["crm:deals:9", "crm:things:1", "crm:things:1#contact", "crm:things:2"]
    assert due(database, "thread") == everything
    assert due(database, "resolve") == everything[1:]
    stage(database, "things", {"1": {"name": "Weber AG", "contact": "Erika"}})
    run(database)
    assert due(database, "resolve") == ["crm:things:1", "crm:things:1#contact"], (
        "her employer's name"
    )
    assert due(database, "thread") == ["crm:deals:9", "crm:things:1", "crm:things:1#contact"]
    stage(database, "things", {"1": {"name": "Weber AG", "contact": "Erika", "note": "x"}})
    run(database)
    assert due(database, "resolve") == due(database, "thread") == [], "nothing that we say of it"


def test_a_deleted_record_leaves_with_its_parts_and_is_announced(database: Database) -> None:
    stage(database, "things", {"1": {"name": "Weber", "contact": "Erika"}})
    stage(database, "deals", {"9": {"name": "Halle", "of": "1"}})
    run(database)
    for name in ("resolve", "thread"):
        due(database, name)
    stage(database, "things", {"1": None})
    run(database)
    assert set(rows(database)) == {"deals:9"}
    assert due(database, "resolve") == ["crm:things:1", "crm:things:1#contact"]
    assert due(database, "thread") == ["crm:deals:9", "crm:things:1", "crm:things:1#contact"]
    stage(database, "things", {"1": {"name": "Weber"}})
    run(database)
    assert set(rows(database)) == {"deals:9", "things:1"}


def test_a_record_the_mapping_fails_on_is_kept_and_holds_nothing_up(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    broken = failing(mapped(), "bad")
    stage(database, "things", {"1": {"name": "good"}, "2": {"name": "bad"}, "3": {"name": "fine"}})
    assert run(database, broken) == 3
    assert set(rows(database)) == {"things:1", "things:3"}
    with database.reading() as tx:
        (entry,) = quarantine.page(tx, "crm")
    assert (entry.key, entry.raw) == ("2", '{"name":"bad"}')
    assert entry.reason == "the mapping fails on it: ZeroDivisionError"
    assert "secret" not in entry.reason + caplog.text


def test_it_waits_there_until_the_mapping_understands_it(database: Database) -> None:
    stage(database, "things", {"1": {"name": "bad"}})
    run(database, failing(mapped(), "bad"))
    for run_id in (2, 3):  # a sync that finds it unchanged does not mend it
        with database.transaction() as tx:
            record = Record("1", {"name": "bad"})
            staged = staging.stage(tx, "crm", "things", [record], now=NOW)
            assert staged.unchanged == 1
            quarantine.settle(tx, "crm", "things", [record])
            quarantine.close_unseen(tx, "crm", "things", run_id)
            assert len(quarantine.page(tx, "crm")) == 1
    with database.transaction() as tx:
        canonical.remap(tx, "crm", "mended")
    run(database)
    assert set(rows(database)) == {"things:1"}
    with database.reading() as tx:
        assert quarantine.page(tx, "crm") == []
        assert len(quarantine.page(tx, "crm", state="replayed")) == 1


@pytest.mark.parametrize("row", [None, {"name": "good"}])
def test_it_leaves_quarantine_when_its_source_mends_or_drops_it(
    database: Database, row: dict[str, Any] | None
) -> None:
    broken = failing(mapped(), "bad")
    stage(database, "things", {"1": {"name": "good"}})
    run(database, broken)
    stage(database, "things", {"1": {"name": "bad"}})
    run(database, broken)
    assert rows(database) == {}, "what it said before is no longer so"
    stage(database, "things", {"1": row})
    run(database, broken)
    assert set(rows(database)) == ({"things:1"} if row else set())
    with database.reading() as tx:
        assert quarantine.counts(tx) == {}


def test_records_without_a_mapping_are_done_and_make_nothing(database: Database) -> None:
    stage(database, "things", {"1": {"name": "Weber"}})
    assert run(database, {}) == 1
    assert rows(database) == {}
    stage(database, "other", {"1": {"name": "Weber"}})
    assert run(database, {"crm": compiled()}) == 1
    assert rows(database) == {}


def test_a_transaction_that_fails_leaves_the_batch_due(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage(database, "things", {"1": {"name": "Weber"}})

    class _Gone(dict[str, CompiledMapping]):
        def __getitem__(self, name: str) -> CompiledMapping:
            raise OSError(name)

    with pytest.raises(OSError, match="crm"):
        canonicalize(database, _Gone(mapped()), HandClock()())
    assert rows(database) == {}
    assert run(database) == 1
    assert set(rows(database)) == {"things:1"}
