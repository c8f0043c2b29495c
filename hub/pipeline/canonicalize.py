"""Turns source records that changed into canonical records and says who must hear of it."""

import logging
from collections.abc import Mapping
from datetime import datetime

import msgspec

from connectors.sdk.record import Record, RecordKey, Rejected
from hub.clock import instant_text
from hub.pipeline.changes import announce
from hub.store import canonical, quarantine, staging, suppressions, work
from hub.store.canonical import Made
from hub.store.database import Database, Row, Tx
from mapping.apply import CompiledMapping, apply
from mapping.canonical import CanonicalRecord

log = logging.getLogger(__name__)

BATCH = 2000

_AT = {
    "consent": ("revoked_at", "given_at"),
    "campaign": ("starts_at",),
    "touch": ("at",),
    "lead": ("created_at", "first_touch_at"),
    "deal": ("last_activity_at", "updated_at", "closed_on", "created_at", "expected_close"),
    "quote": ("issued_on", "accepted_on", "valid_until"),
    "order": ("ordered_on", "confirmed_on", "delivered_on"),
    "delivery": ("delivered_on", "accepted_on"),
    "invoice": ("issued_on", "due_on"),
    "payment": ("booked_on",),
    "dunning": ("sent_on",),
    "milestone": ("reached_on", "due_on"),
    "task": ("created_at", "starts_on", "due_on"),
    "time_entry": ("worked_on",),
    "message": ("at",),
    "asset": ("installed_on",),
    "ticket": ("opened_at", "last_message_at"),
    "project": ("starts_on", "planned_end"),
    "contract": ("starts_on", "ends_on"),
}
_TITLE = {
    "ticket": "subject",
    "message": "subject",
    "touch": "subject",
    "payment": "reference",
    "delivery": "reference",
    "invoice": "subject",
    "line": "text",
    "time_entry": "activity",
    "consent": "purpose",
    "user": "code",
}

_decode = msgspec.json.Decoder(dict).decode


def canonicalize(db: Database, mappings: Mapping[str, CompiledMapping], now: datetime) -> int:
    """Work off one batch of changed source records; return how many there were, 0 at the end."""
    with db.transaction() as tx:
        items = work.take(tx, "canonicalize", BATCH)
        rows = staging.payloads(tx, [int(item) for item in items])
        known = [row for row in rows if row.connection in mappings]
        quarantine.settle_mapped(tx, [(row.connection, row.stream, row.key) for row in known])
        unread = suppressions.locked_of(tx, [row.id for row in known])
        read = [row for row in known if row.id not in unread]
        made = [one for row in read for one in _make(tx, row, mappings[row.connection], now)]
        changes = canonical.replace(tx, [row.id for row in known], made)
        announce(tx, changes)
        work.done(tx, "canonicalize", items, items.marks)
    return len(items)


def _make(tx: Tx, row: Row, mapping: CompiledMapping, now: datetime) -> list[Made]:
    if row.deleted:
        return []
    key = RecordKey(row.connection, row.stream, row.key)
    try:
        records = apply(mapping, key, Record(row.key, _decode(row.payload)))
    except Exception as error:  # noqa: BLE001  # one record must not hold up the rest: it is kept whole
        log.error("record not mapped ref=%s error=%s", key.ref(), type(error).__name__)
        _quarantine(tx, row, f"the mapping fails on it: {type(error).__name__}", now)
        return []
    return [_made(row, record) for record in records]


def _quarantine(tx: Tx, row: Row, reason: str, now: datetime) -> None:
    rejected = Rejected(row.payload, reason, f"mapping of stream {row.stream}", key=row.key)
    at = instant_text(now)
    quarantine.put(tx, row.connection, row.stream, [rejected], run_id=quarantine.NO_RUN, now=at)


def _made(row: Row, record: CanonicalRecord) -> Made:
    fields = record.fields
    return Made(
        record=record,
        source_id=row.id,
        version=row.version,
        first_seen_at=row.first_seen_at,
        fetched_at=row.fetched_at,
        at=next((fields[name] for name in _AT.get(record.kind, ()) if fields.get(name)), None),
        title=fields.get(_TITLE.get(record.kind, "name")),
    )
