"""Makes canonical records of stored source records, as the mapping would."""

from collections.abc import Iterable
from typing import Any

from connectors.sdk.record import Record, RecordKey, parse_ref
from hub.store import staging
from hub.store.canonical import Changes, Made, replace
from hub.store.database import Tx
from mapping.canonical import CanonicalRecord, Issue, Reference

NOW = "2026-11-23T10:00:00.000Z"


def source(tx: Tx, ref: str) -> int:
    """Return the id of a ref's source record, staged where it is not there yet."""
    key, _ = parse_ref(ref)
    staging.stage(tx, key.connection, key.stream, [Record(key.key, {})], now=NOW)
    _, number, *_ = staging._heads(tx, key.connection, key.stream, [key.key])[key.key]
    return number


def made(
    tx: Tx,
    ref: str,
    kind: Any = "organization",
    *,
    refs: Iterable[tuple[str, str]] = (),
    issues: Iterable[tuple[str, str, str]] = (),
    raw: dict[str, Any] | None = None,
    at: str | None = None,
    version: int = 1,
    **fields: Any,
) -> Made:
    """Return one canonical record; its title is its name."""
    key, part = parse_ref(ref)
    record = CanonicalRecord(
        RecordKey(key.connection, key.stream, key.key),
        part,
        kind,
        fields,
        raw or {},
        tuple(Reference(role, target) for role, target in refs),
        tuple(Issue(*issue) for issue in issues),
    )
    return Made(record, source(tx, ref), version, NOW, NOW, at, fields.get("name"))


def put(tx: Tx, *records: Made) -> Changes:
    """Let these be all that stands for their source records."""
    return replace(tx, sorted({one.source_id for one in records}), records)
