"""Canonical records: the newest version of every source record in the hub's nouns."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import sqlalchemy as sa

from hub.store.database import Row, Tx, among, chunks, insert_new, listed, upsert
from hub.store.prepared import Prepared
from hub.store.tables import (
    canonical_issues,
    canonical_records,
    canonical_refs,
    mapped_connections,
    source_records,
    work,
)
from mapping.canonical import CanonicalRecord

_encode = msgspec.json.Encoder(order="deterministic").encode


@dataclass(frozen=True, slots=True)
class Made:
    """A canonical record with what it was made from and what lists sort it by.

    at: instant or date for timelines; version, first_seen_at, fetched_at: of its source record.
    """

    record: CanonicalRecord
    source_id: int
    version: int
    first_seen_at: str
    fetched_at: str
    at: str | None
    title: str | None


@dataclass(frozen=True, slots=True)
class Changes:
    """Refs by what happened to them; kinds: of every ref named, before and after.

    employers: records of organizations that a changed person refers to, or did before.
    """

    written: Collection[str]
    vanished: Collection[str]
    kinds: Mapping[str, Collection[str]]
    employers: Collection[str] = ()


def replace(tx: Tx, source_ids: Sequence[int], made: Sequence[Made]) -> Changes:
    """Let `made` be all that stands for these source records; return what differs from before."""
    before = _standing(tx, source_ids)
    rows = {item.record.ref: _row(item) for item in made}
    refs = {item.record.ref: item.record.refs for item in made}
    targets = {
        ref: sorted({(r.role, r.target) for r in refs[ref] if "\0" not in r.target}) for ref in rows
    }
    written = [
        ref
        for ref, row in rows.items()
        if (before.get(ref) or _NOTHING)
        != (row["kind"], row["fields"], row["raw"], row["extensions"], targets[ref])
    ]
    vanished = [ref for ref in before if ref not in rows]
    _drop(tx, vanished)
    upsert(tx, canonical_records, list(rows.values()), by=["ref"])
    _write_refs(tx, {ref: targets[ref] for ref in written}, had=before)
    _write_issues(tx, [item.record for item in made], had=before)
    kinds = {ref: {before[ref][0]} for ref in vanished} | {
        ref: {rows[ref]["kind"], (before.get(ref) or (rows[ref]["kind"],))[0]} for ref in written
    }
    persons = [ref for ref, some in kinds.items() if "person" in some]
    pointers = [pair for ref in persons for pair in (before.get(ref) or _NOTHING)[4]]
    pointers += [pair for ref in persons for pair in targets.get(ref, ())]
    employers = {target for role, target in pointers if role == "organization"}
    return Changes(written, vanished, kinds, sorted(employers))


_NOTHING = ("", "", "", "", [("", "")])
_Standing = tuple[str, str, str, str, list[tuple[str, str]]]


def _standing(tx: Tx, source_ids: Sequence[int]) -> dict[str, _Standing]:
    c, r = canonical_records.c, canonical_refs.c
    found: dict[str, _Standing] = {}
    for chunk in chunks(source_ids):
        rows = tx.execute(
            sa.select(c.ref, c.kind, c.fields, c.raw, c.extensions).where(among(c.source_id, chunk))
        ).all()
        for row in rows:
            found[row.ref] = (row.kind, row.fields, row.raw, row.extensions, [])
        if rows:
            pointing = (
                sa.select(r.from_ref, r.role, r.target_ref)
                .join(canonical_records, c.ref == r.from_ref)
                .where(among(c.source_id, chunk))
                .order_by(r.role, r.target_ref)
            )
            for from_ref, role, target in tx.execute(pointing):
                found[from_ref][4].append((role, target))
    return found


def _row(item: Made) -> dict[str, Any]:
    record = item.record
    return {
        "ref": record.ref,
        "source_id": item.source_id,
        "kind": record.kind,
        "connection": record.key.connection,
        "stream": record.key.stream,
        "fields": _encode(record.fields).decode(),
        "raw": _encode(record.raw).decode(),
        "extensions": _encode(record.extensions).decode(),
        "version": item.version,
        "first_seen_at": item.first_seen_at,
        "fetched_at": item.fetched_at,
        "at": item.at,
        "number": _column(record.fields.get("number")),
        "status": _column(record.fields.get("status")),
        "title": _column(item.title),
    }


def _column(value: str | None) -> str | None:
    """Return text that PostgreSQL stores, and an index holds: no NUL, not endless."""
    return None if value is None else str(value)[:500].replace("\0", "")


def _drop(tx: Tx, refs: Iterable[str]) -> None:
    for chunk in chunks(refs):
        tx.execute(sa.delete(canonical_refs).where(among(canonical_refs.c.from_ref, chunk)))
        tx.execute(sa.delete(canonical_issues).where(among(canonical_issues.c.ref, chunk)))
        tx.execute(sa.delete(canonical_records).where(among(canonical_records.c.ref, chunk)))


def _write_refs(
    tx: Tx, targets: Mapping[str, Sequence[tuple[str, str]]], *, had: Collection[str]
) -> None:
    for chunk in chunks(ref for ref in targets if ref in had):
        tx.execute(sa.delete(canonical_refs).where(among(canonical_refs.c.from_ref, chunk)))
    rows = [
        {"from_ref": ref, "role": role, "target_ref": target}
        for ref, pairs in targets.items()
        for role, target in pairs
    ]
    insert_new(tx, canonical_refs, rows)


def _write_issues(tx: Tx, records: Sequence[CanonicalRecord], *, had: Collection[str]) -> None:
    for chunk in chunks(record.ref for record in records if record.ref in had):
        tx.execute(sa.delete(canonical_issues).where(among(canonical_issues.c.ref, chunk)))
    rows = {
        (record.ref, issue.field): {
            "ref": record.ref,
            "field": issue.field,
            "value": issue.value.replace("\0", "\\0"),
            "reason": issue.reason.replace("\0", "\\0"),
            "connection": record.key.connection,
            "stream": record.key.stream,
        }
        for record in records
        for issue in record.issues
    }
    insert_new(tx, canonical_issues, list(rows.values()))


_c, _r = canonical_records.c, canonical_refs.c
_referrers = Prepared(
    sa.select(_c.ref, _c.kind)
    .join(canonical_refs, _r.from_ref == _c.ref)
    .where(listed(_r.target_ref, "refs"))
)
_persons_referring = Prepared(
    sa.select(_r.target_ref, _c.fields)
    .join(canonical_records, _c.ref == _r.from_ref)
    .where(
        listed(_r.target_ref, "refs"), _r.role == sa.literal("organization"), _c.kind == "person"
    )
)


def referrers(tx: Tx, refs: Iterable[str]) -> dict[str, str]:
    """Return the records that point to any of `refs`: ref -> kind."""
    found: dict[str, str] = {}
    for chunk in chunks(refs):
        found.update(_referrers(tx, refs=chunk))
    return found


def contacts_of(tx: Tx, refs: Iterable[str]) -> dict[str, list[str]]:
    """Return the fields (JSON) of the persons who name each organization as theirs."""
    found: dict[str, list[str]] = {}
    for chunk in chunks(refs):
        for ref, fields in _persons_referring(tx, refs=chunk):
            found.setdefault(ref, []).append(fields)
    return found


def remap(tx: Tx, connection: str, mapping_version: str) -> bool:
    """Send all records of a connection through its mapping again, if that has changed."""
    known = tx.execute(
        sa.select(mapped_connections.c.mapping_version).where(
            mapped_connections.c.connection == connection
        )
    ).scalar_one_or_none()
    if known == mapping_version:
        return False
    upsert(
        tx,
        mapped_connections,
        [{"connection": connection, "mapping_version": mapping_version}],
    )
    s = source_records.c
    due = sa.select(sa.literal("canonicalize"), sa.cast(s.id, sa.Text)).where(
        s.connection == connection,
        ~sa.select(work.c.item)
        .where(work.c.stage == "canonicalize", work.c.item == sa.cast(s.id, sa.Text))
        .exists(),
    )
    tx.execute(sa.insert(work).from_select(["stage", "item"], due))
    return known is not None


def get(tx: Tx, refs: Iterable[str]) -> list[Row]:
    """Return the canonical rows of `refs` that exist."""
    rows: list[Row] = []
    for chunk in chunks(refs):
        rows += tx.execute(
            sa.select(canonical_records).where(among(canonical_records.c.ref, chunk))
        ).all()
    return rows


_told = Prepared(sa.select(_c.ref, _c.kind, _c.connection, _c.fields).where(listed(_c.ref, "refs")))


def told(tx: Tx, refs: Collection[str]) -> list[tuple[str, str, str, str]]:
    """Return the ref, kind, connection and fields (JSON) of those of `refs` that exist."""
    return [(row[0], row[1], row[2], row[3]) for row in _told(tx, refs=refs)] if refs else []


def issue_counts(tx: Tx) -> list[Row]:
    """Return connection, stream, field, reason, an example value and how many records have it."""
    c = canonical_issues.c
    return list(
        tx.execute(
            sa.select(
                c.connection,
                c.stream,
                c.field,
                sa.func.min(c.reason).label("reason"),
                sa.func.min(c.value).label("example"),
                sa.func.count().label("records"),
            )
            .group_by(c.connection, c.stream, c.field)
            .order_by(c.connection, c.stream, c.field)
        ).all()
    )
