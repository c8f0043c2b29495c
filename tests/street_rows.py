"""Puts canonical records, references and entities straight into a database, as resolution would."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
import sqlalchemy as sa

from connectors.sdk.record import parse_ref
from hub.store import tables, work
from hub.store.database import Database, Tx, chunks, insert_new, upsert

NOW = "2026-11-23T10:00:00.000Z"
AT = {
    "deal": ("last_activity_at", "updated_at", "closed_on", "created_at", "expected_close"),
    "order": ("ordered_on", "delivered_on"),
    "invoice": ("issued_on", "due_on"),
    "payment": ("booked_on",),
    "ticket": ("opened_at", "last_message_at"),
    "project": ("starts_on", "planned_end"),
    "contract": ("starts_on", "ends_on"),
}
TITLE = {"ticket": "subject", "payment": "reference", "invoice": "subject"}


@dataclass
class Row:
    """One canonical record; refs: role -> target ref; entity: where it is resolved to."""

    ref: str
    kind: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    refs: Iterable[tuple[str, str]] = ()
    entity: str | None = None
    fetched_at: str = NOW
    extensions: Mapping[str, Any] = field(default_factory=dict)


def lay(db: Database, rows: Iterable[Row], *, due: bool = True) -> None:
    """Write records as canonicalize and resolve leave them, with the work they make due."""
    with db.transaction() as tx:
        rows = list(rows)
        refs = [row.ref for row in rows]
        before = _entities(tx, refs)
        _write(tx, rows)
        if due:
            _due(tx, refs)
            after = _entities(tx, refs)
            moved = {ref for ref in refs if before.get(ref) != after.get(ref)}
            ends = {side[ref] for side in (before, after) for ref in moved if ref in side}
            work.add(tx, "thread", sorted(ends))
            work.add(tx, "render", sorted({*ends, *after.values()}))
        _end_empty(tx)


def drop(db: Database, refs: Iterable[str]) -> None:
    """Remove records as canonicalize does for those that vanished."""
    refs = list(refs)
    with db.transaction() as tx:
        _due(tx, refs)
        ends = sorted(set(_entities(tx, refs).values()))
        work.add(tx, "thread", ends)
        work.add(tx, "render", ends)
        for table, column in (
            (tables.canonical_refs, tables.canonical_refs.c.from_ref),
            (tables.canonical_records, tables.canonical_records.c.ref),
            (tables.crosswalk, tables.crosswalk.c.ref),
        ):
            tx.execute(sa.delete(table).where(column.in_(refs)))
        _end_empty(tx)


def _entities(tx: Tx, refs: list[str]) -> dict[str, str]:
    c = tables.crosswalk.c
    found: dict[str, str] = {}
    for chunk in chunks(refs):
        rows = tx.execute(sa.select(c.ref, c.entity_id).where(c.ref.in_(chunk)))
        found.update(rows.all())
    return found


def _end_empty(tx: Tx) -> None:
    """End entities without a record, and let one live again that got one back."""
    e = tables.entities.c
    held = sa.exists().where(tables.crosswalk.c.entity_id == e.id)
    tx.execute(sa.update(tables.entities).where(~held).values(ended_at=NOW))
    tx.execute(sa.update(tables.entities).where(held).values(ended_at=None))


def _due(tx: Tx, refs: list[str]) -> None:
    r = tables.canonical_refs.c
    pointing = [
        ref
        for chunk in chunks(refs)
        for ref in tx.execute(sa.select(r.from_ref).where(r.target_ref.in_(chunk))).scalars()
    ]
    work.add(tx, "thread", [*refs, *pointing])


def _entity(entity: str, kind: str) -> dict[str, Any]:
    return {
        "id": entity,
        "kind": kind,
        "created_at": NOW,
        "ended_at": None,
        "merged_into": None,
        "split_from": None,
    }


def _known(tx: Tx) -> dict[tuple[str, str, str], int]:
    rows = tx.execute(sa.select(tables.source_records))
    return {(row.connection, row.stream, row.key): row.id for row in rows}


def _write(tx: Tx, rows: list[Row]) -> None:
    known = {
        (row.connection, row.stream, row.key): row.id
        for row in tx.execute(sa.select(tables.source_records))
    }
    sources = {}
    for row in rows:
        key, _ = parse_ref(row.ref)
        at = (key.connection, key.stream, key.key)
        if at not in known:
            sources[at] = {
                "connection": key.connection,
                "stream": key.stream,
                "key": key.key,
                "version": 1,
                "hash": b"",
                "deleted": False,
                "first_seen_at": row.fetched_at,
                "fetched_at": row.fetched_at,
            }
    insert_new(tx, tables.source_records, list(sources.values()))
    known = {
        (row.connection, row.stream, row.key): row.id
        for row in tx.execute(sa.select(tables.source_records))
    }
    refs = [row.ref for row in rows]
    for chunk in chunks(refs):
        tx.execute(
            sa.delete(tables.canonical_refs).where(tables.canonical_refs.c.from_ref.in_(chunk))
        )
    upsert(tx, tables.canonical_records, [_record(row, known) for row in rows], by=["ref"])
    pairs = {(row.ref, role, target) for row in rows for role, target in row.refs}
    insert_new(
        tx,
        tables.canonical_refs,
        [{"from_ref": a, "role": b, "target_ref": c} for a, b, c in sorted(pairs)],
    )
    insert_new(
        tx,
        tables.entities,
        [_entity(row.entity, row.kind) for row in rows if row.entity],
    )
    upsert(
        tx,
        tables.crosswalk,
        [
            {
                "ref": row.ref,
                "entity_id": row.entity,
                "method": "single",
                "score": None,
                "valid_from": NOW,
            }
            for row in rows
            if row.entity
        ],
    )


def _record(row: Row, known: Mapping[tuple[str, str, str], int]) -> dict[str, Any]:
    key, _ = parse_ref(row.ref)
    fields = dict(row.fields)
    return {
        "ref": row.ref,
        "source_id": known[key.connection, key.stream, key.key],
        "kind": row.kind,
        "connection": key.connection,
        "stream": key.stream,
        "fields": msgspec.json.encode(fields).decode(),
        "raw": "{}",
        "extensions": msgspec.json.encode(row.extensions).decode(),
        "version": 1,
        "first_seen_at": row.fetched_at,
        "fetched_at": row.fetched_at,
        "at": next((fields[name] for name in AT.get(row.kind, ()) if fields.get(name)), None),
        "number": fields.get("number"),
        "status": fields.get("status"),
        "title": fields.get(TITLE.get(row.kind, "name")),
    }


def all_of(db: Database, table: sa.Table, *leave: str) -> list[dict[str, Any]]:
    """Return a table's rows without the columns to `leave`, in a stable order."""
    with db.reading() as tx:
        rows = [dict(row._mapping) for row in tx.execute(sa.select(table))]
    for row in rows:
        for name in leave:
            row.pop(name, None)
    return sorted(rows, key=lambda row: tuple(str(value) for value in row.values()))


def work_off(db: Database, stage: str, step: Any) -> int:
    """Run a stage until nothing of it is due; return how many batches that took."""
    rounds = 0
    while step():
        rounds += 1
        assert rounds < 200, f"{stage} does not come to an end"
    return rounds
