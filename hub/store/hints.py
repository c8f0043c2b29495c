"""Hints: records that their source named by itself, until they have been read again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from hub.store.database import Tx, chunks
from hub.store.place import dialect
from hub.store.tables import hints


@dataclass(frozen=True, slots=True)
class Hint:
    """One record that was named. times: how often since it was read."""

    stream: str
    key: str
    times: int


def add(tx: Tx, connection: str, keys: Mapping[str, Iterable[str]], now: str) -> None:
    """Take in keys by stream; a record that is named again is due once all the same."""
    rows = [
        {
            "connection": connection,
            "stream": stream,
            "key": key,
            "times": 1,
            "tries": 0,
            "first_at": now,
        }
        for stream, named in sorted(keys.items())
        for key in sorted(set(named))  # in one order, so that two writers never wait for each other
    ]
    statement = dialect(tx.dialect.name).insert(hints)
    statement = statement.on_conflict_do_update(
        index_elements=["connection", "stream", "key"], set_={"times": hints.c.times + 1}
    )
    if rows:
        tx.execute(statement, rows)


def waiting(tx: Tx) -> dict[str, int]:
    """Return how many records are due, by connection."""
    rows = tx.execute(sa.select(hints.c.connection, sa.func.count()).group_by(hints.c.connection))
    return dict(rows.all())


def take(tx: Tx, connection: str, limit: int) -> list[Hint]:
    """Return the records named longest ago, those last that failed; they stay until done."""
    h = hints.c
    rows = tx.execute(
        sa.select(h.stream, h.key, h.times)
        .where(h.connection == connection)
        .order_by(h.tries, h.first_at, h.stream, h.key)
        .limit(limit)
    )
    return [Hint(*row) for row in rows]


def failed(tx: Tx, connection: str, hint: Hint) -> None:
    """Let the others be read first next time."""
    h = hints.c
    here = (h.connection == connection) & (h.stream == hint.stream) & (h.key == hint.key)
    tx.execute(sa.update(hints).where(here).values(tries=h.tries + 1))


def expire(tx: Tx, connection: str, before: str) -> int:
    """Drop what was named before that instant, and return how many records."""
    h = hints.c
    old = (h.connection == connection) & (h.first_at < before)
    return tx.execute(sa.delete(hints).where(old)).rowcount


def done(tx: Tx, connection: str, read: Sequence[Hint]) -> None:
    """Strike hints in the transaction that holds their records; one that came again stays."""
    h = hints.c
    for chunk in chunks(read):
        named = [(hint.stream, hint.key, hint.times) for hint in chunk]
        tx.execute(
            sa.delete(hints).where(
                h.connection == connection, sa.tuple_(h.stream, h.key, h.times).in_(named)
            )
        )
