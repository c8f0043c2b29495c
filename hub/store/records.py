"""Source records as they were sent, every version, and what was made of them."""

from dataclasses import dataclass
from typing import Any

import msgspec
import sqlalchemy as sa

from connectors.sdk.record import RecordKey
from hub.errors import NotFoundError
from hub.store import suppressions
from hub.store.database import Tx
from hub.store.tables import (
    canonical_issues,
    canonical_records,
    crosswalk,
    source_records,
    source_versions,
)

_decode = msgspec.json.decode


@dataclass(frozen=True, slots=True)
class Version:
    """A record as it was at one time; data: as sent, the last one seen where it was deleted."""

    version: int
    fetched_at: str
    deleted: bool
    data: Any


@dataclass(frozen=True, slots=True)
class Made:
    """A canonical record made of it; issues: field, value and reason of what was not understood."""

    ref: str
    kind: str
    entity_id: str | None
    fields: dict[str, Any]
    raw: dict[str, Any]
    extensions: dict[str, Any]
    issues: list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """One object of a source; versions: newest first."""

    ref: str
    version: int
    deleted: bool
    first_seen_at: str
    fetched_at: str
    versions: list[Version]
    canonical: list[Made]


def get(tx: Tx, key: RecordKey, *, versions: int) -> SourceRecord | None:
    """Return a source record with its newest `versions` versions, or None.

    Raises NotFoundError that says why for what the law keeps of somebody erased.
    """
    c = source_records.c
    row = tx.execute(
        sa.select(source_records).where(
            c.connection == key.connection, c.stream == key.stream, c.key == key.key
        )
    ).one_or_none()
    if row is None:
        return None
    until = suppressions.locked_of(tx, [row.id]).get(row.id)
    if until is not None:
        raise NotFoundError(
            f"The source record {key.ref()} is of somebody who was erased; the law keeps it until "
            f"{until}, unread."
        )
    return SourceRecord(
        ref=key.ref(),
        version=row.version,
        deleted=row.deleted,
        first_seen_at=row.first_seen_at,
        fetched_at=row.fetched_at,
        versions=_versions(tx, row.id, versions),
        canonical=_made(tx, row.id),
    )


def _versions(tx: Tx, record_id: int, limit: int) -> list[Version]:
    c = source_versions.c
    rows = tx.execute(
        sa.select(c.version, c.fetched_at, c.deleted, c.payload)
        .where(c.record_id == record_id)
        .order_by(c.version.desc())
        .limit(limit)
    )
    return [Version(row.version, row.fetched_at, row.deleted, _decode(row.payload)) for row in rows]


def _made(tx: Tx, record_id: int) -> list[Made]:
    c = canonical_records.c
    rows = tx.execute(
        sa.select(c.ref, c.kind, crosswalk.c.entity_id, c.fields, c.raw, c.extensions)
        .outerjoin(crosswalk, crosswalk.c.ref == c.ref)
        .where(c.source_id == record_id)
        .order_by(c.ref)
    ).all()
    issues: dict[str, list[dict[str, str]]] = {}
    i = canonical_issues.c
    wanted = sa.select(c.ref).where(c.source_id == record_id)
    for row in tx.execute(sa.select(canonical_issues).where(i.ref.in_(wanted)).order_by(i.field)):
        issue = {"field": row.field, "value": row.value, "reason": row.reason}
        issues.setdefault(row.ref, []).append(issue)
    return [
        Made(
            ref=row.ref,
            kind=row.kind,
            entity_id=row.entity_id,
            fields=_decode(row.fields),
            raw=_decode(row.raw),
            extensions=_decode(row.extensions),
            issues=issues.get(row.ref, []),
        )
        for row in rows
    ]
