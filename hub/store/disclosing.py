"""Reads all that is held of somebody, to be told to them: versions, words in notices, others."""

from collections.abc import Collection, Iterator

import sqlalchemy as sa

from hub.model.fact import Subject
from hub.store.database import Row, Tx, among, chunks
from hub.store.expressions import text_field
from hub.store.facts import Stored, stored
from hub.store.scrubbing import bound, holds
from hub.store.tables import (
    alert_tellings,
    canonical_records,
    crosswalk,
    fact_history,
    facts,
    outbox,
    source_records,
    source_versions,
)

_r, _v, _c, _x = source_records.c, source_versions.c, canonical_records.c, crosswalk.c


def versions_of(tx: Tx, ids: Collection[int]) -> Iterator[Row]:
    """Yield every version of source records, the newest of each first.

    Rows: (id, connection, stream, key, gone, first_seen_at, version, payload, fetched_at).
    """
    select = sa.select(
        _r.id,
        _r.connection,
        _r.stream,
        _r.key,
        _v.deleted.label("gone"),
        _r.first_seen_at,
        _v.version,
        _v.payload,
        _v.fetched_at,
    ).join(source_versions, _v.record_id == _r.id)
    for chunk in chunks(ids):
        of = select.where(among(_r.id, chunk))
        yield from tx.execute(of.order_by(_r.connection, _r.stream, _r.key, _v.version.desc()))


def parties(tx: Tx) -> Iterator[Row]:
    """Yield whoever is known: (ref, kind, fields, entity_id) of persons and organizations."""
    select = (
        sa.select(_c.ref, _c.kind, _c.fields, _x.entity_id)
        .outerjoin(crosswalk, _x.ref == _c.ref)
        .where(_c.kind.in_(("organization", "person")))
    )
    yield from tx.execute(select.execution_options(yield_per=2_000))


def workers(tx: Tx) -> set[str]:
    """Return who is named as working with a record: owners and managers."""
    found: set[str] = set()
    for field in ("owner", "manager"):
        name = text_field(tx, field)
        of = sa.select(name).where(_c.kind.in_(("organization", "lead", "deal", "project")))
        found |= {one for one in tx.execute(of.distinct()).scalars() if one}
    return found


def facts_of(tx: Tx, subjects: Collection[Subject]) -> list[tuple[Stored, str | None]]:
    """Return all that was ever observed of subjects, each with when it ended, oldest first."""
    found: list[tuple[Stored, str | None]] = []
    ids = {subject.id for subject in subjects}
    for table, ends in ((fact_history, fact_history.c.valid_to), (facts, sa.null())):
        c = table.c
        columns = (c.subject_kind, c.subject, c.customer, c.connection, c.found, c.since)
        select = sa.select(*columns, c.valid_from, ends.label("valid_to"))
        for chunk in chunks(ids):
            rows = tx.execute(select.where(among(c.subject, chunk)).order_by(c.valid_from))
            found += [(stored(row[:7]), row[7]) for row in rows]
    return [one for one in found if one[0].subject in subjects]


def told_of(tx: Tx, alert_ids: Collection[str]) -> list[Row]:
    """Return whom alerts were told to: (alert_id, target, told_at, last_at)."""
    c = alert_tellings.c
    found: list[Row] = []
    for chunk in chunks(alert_ids):
        select = sa.select(c.alert_id, c.target, c.told_at, c.last_at)
        found += tx.execute(select.where(among(c.alert_id, chunk)).order_by(c.told_at, c.target))
    return found


def notices_with(tx: Tx, words: Collection[str]) -> list[Row]:
    """Return the notices that hold one of these words: (target, created_at, sent_at)."""
    if not words:
        return []
    c = outbox.c
    looked_for = bound(tx, words)
    held = sa.text(holds(tx, c.body, looked_for)).bindparams(**looked_for)
    select = sa.select(c.target, c.created_at, c.sent_at).where(held)
    return list(tx.execute(select.order_by(c.seq)))
