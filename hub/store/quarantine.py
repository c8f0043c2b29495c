"""Quarantine: input that is no record, kept whole until it comes right or goes away."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b

import sqlalchemy as sa

from connectors.sdk.record import Record, Rejected
from hub.store.database import CHUNK, Tx, among, chunks, upsert
from hub.store.prepared import Prepared
from hub.store.tables import quarantine

NO_RUN = 0
"""Stands for the run of an entry that no run brought: its record was read well, yet not mapped."""
HINT_RUN = -1
"""Stands for the run of what was read because its source named it."""

_waits = Prepared(
    sa.select(quarantine.c.id)
    .where(
        quarantine.c.connection == sa.bindparam("of"),
        quarantine.c.stream == sa.bindparam("called"),
        quarantine.c.state == "open",
        quarantine.c.seen_run != NO_RUN,
    )
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Quarantined:
    """One entry; state: open, replayed (it came right) or gone (its source dropped it)."""

    id: int
    connection: str
    stream: str
    key: str | None
    place: str
    reason: str
    raw: str
    state: str
    first_seen_at: str


def put(
    tx: Tx, connection: str, stream: str, rejected: Sequence[Rejected], *, run_id: int, now: str
) -> None:
    """Keep `rejected` whole; the same input seen again is the same entry."""
    rows = {}
    for item in rejected:
        # ASCII escapes carry NUL and lone surrogates through either database.
        raw = json.dumps(item.raw)
        fingerprint = blake2b(raw.encode(), digest_size=16, person=b"quarantine").digest()
        rows[fingerprint] = {
            "connection": connection,
            "stream": stream,
            "fingerprint": fingerprint,
            "key": _storable(item.key),
            "place": _storable(item.where),
            "reason": _storable(item.reason),
            "raw": raw,
            "state": "open",
            "first_seen_at": now,
            "seen_run": run_id,
        }
    unique = ["connection", "stream", "fingerprint"]
    upsert(tx, quarantine, list(rows.values()), by=unique, keep=["first_seen_at"])


def _storable(text: str | None) -> str | None:
    if text is None:
        return None
    return text[:2000].replace("\0", "\\0").encode("utf-8", "backslashreplace").decode()


def waits(tx: Tx, connection: str, stream: str) -> bool:
    """Return whether an entry waits that the source of a stream brought."""
    return bool(_waits(tx, of=connection, called=stream))


def settle(
    tx: Tx,
    connection: str,
    stream: str,
    records: Sequence[Record],
    *,
    except_for: Collection[str] = (),
) -> None:
    """Close the entries whose record has arrived well."""
    if not waits(tx, connection, stream):
        return
    here = (quarantine.c.connection == connection) & (quarantine.c.stream == stream)
    waiting = here & (quarantine.c.state == "open") & (quarantine.c.seen_run != NO_RUN)
    for chunk in chunks({record.key for record in records} - set(except_for)):
        tx.execute(
            sa.update(quarantine)
            .where(waiting, among(quarantine.c.key, chunk))
            .values(state="replayed")
        )


def settle_mapped(tx: Tx, keys: Iterable[tuple[str, str, str]]) -> None:
    """Close the entries of records (connection, stream, key) whose mapping no longer fails."""
    waiting = (quarantine.c.state == "open") & (quarantine.c.seen_run == NO_RUN)
    if tx.execute(sa.select(quarantine.c.id).where(waiting).limit(1)).first() is None:
        return
    place = sa.tuple_(quarantine.c.connection, quarantine.c.stream, quarantine.c.key)
    for chunk in chunks(keys, 400):
        tx.execute(sa.update(quarantine).where(waiting, place.in_(chunk)).values(state="replayed"))


def close_unseen(tx: Tx, connection: str, stream: str, run_id: int) -> None:
    """Close what a whole listing no longer held."""
    tx.execute(
        sa.update(quarantine)
        .where(
            quarantine.c.connection == connection,
            quarantine.c.stream == stream,
            quarantine.c.state == "open",
            quarantine.c.seen_run.not_in((run_id, NO_RUN)),
        )
        .values(state="gone")
    )


def streams_with_open(tx: Tx, connection: str) -> list[str]:
    """Return the streams of the connection that have entries waiting."""
    return list(
        tx.execute(
            sa.select(quarantine.c.stream)
            .where(quarantine.c.connection == connection, quarantine.c.state == "open")
            .distinct()
            .order_by(quarantine.c.stream)
        ).scalars()
    )


def counts(tx: Tx) -> dict[tuple[str, str], int]:
    """Return how many entries wait, by (connection, stream)."""
    rows = tx.execute(
        sa.select(quarantine.c.connection, quarantine.c.stream, sa.func.count())
        .where(quarantine.c.state == "open")
        .group_by(quarantine.c.connection, quarantine.c.stream)
    )
    return {(connection, stream): count for connection, stream, count in rows}


def close(tx: Tx, ids: Sequence[int]) -> None:
    """Close entries that have come right."""
    for chunk in chunks(ids):
        tx.execute(
            sa.update(quarantine).where(among(quarantine.c.id, chunk)).values(state="replayed")
        )


def rejected(tx: Tx, connection: str, *, after: int, limit: int) -> list[Quarantined]:
    """Return up to `limit` waiting entries that a source brought, with an id above `after`."""
    brought = quarantine.c.seen_run != NO_RUN
    return _entries(tx, connection, brought, after=after, limit=limit, state="open")


def page(
    tx: Tx, connection: str, *, after: int = 0, limit: int = 50, state: str = "open"
) -> list[Quarantined]:
    """Return up to `limit` entries with an id above `after`, in order of id."""
    return _entries(tx, connection, sa.true(), after=after, limit=limit, state=state)


def _entries(
    tx: Tx,
    connection: str,
    which: sa.ColumnElement[bool],
    *,
    after: int,
    limit: int,
    state: str,
) -> list[Quarantined]:
    rows = tx.execute(
        sa.select(quarantine)
        .where(
            quarantine.c.connection == connection,
            quarantine.c.state == state,
            quarantine.c.id > after,
            which,
        )
        .order_by(quarantine.c.id)
        .limit(min(limit, CHUNK))
    )
    return [
        Quarantined(
            id=row.id,
            connection=row.connection,
            stream=row.stream,
            key=row.key,
            place=row.place,
            reason=row.reason,
            raw=json.loads(row.raw),
            state=row.state,
            first_seen_at=row.first_seen_at,
        )
        for row in rows
    ]
