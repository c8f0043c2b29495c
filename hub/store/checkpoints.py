"""Checkpoints: how far each stream of a connection has been read, saved with what was read."""

from collections.abc import Collection, Mapping

import sqlalchemy as sa

from hub.store.database import Tx, chunks, upsert
from hub.store.tables import checkpoints


def load(tx: Tx, connection: str) -> dict[str, dict[str, str]]:
    """Return the saved cursors of each stream, by partition; "" is the stream as a whole."""
    rows = tx.execute(
        sa.select(checkpoints.c.stream, checkpoints.c.partition, checkpoints.c.cursor).where(
            checkpoints.c.connection == connection
        )
    )
    found: dict[str, dict[str, str]] = {}
    for stream, partition, cursor in rows:
        found.setdefault(stream, {})[partition] = cursor
    return found


def save(tx: Tx, connection: str, stream: str, cursors: Mapping[str, str], now: str) -> None:
    """Move the stream's cursors, by partition, in the transaction that stores what they cover.

    An empty cursor is the beginning: it is as if none had been saved.
    """
    rows = [
        {
            "connection": connection,
            "stream": stream,
            "partition": partition,
            "cursor": cursor,
            "saved_at": now,
        }
        for partition, cursor in cursors.items()
        if cursor
    ]
    if rows:
        upsert(tx, checkpoints, rows)
    for chunk in chunks(partition for partition, cursor in cursors.items() if not cursor):
        tx.execute(
            sa.delete(checkpoints).where(
                checkpoints.c.connection == connection,
                checkpoints.c.stream == stream,
                checkpoints.c.partition.in_(chunk),
            )
        )


def forget(tx: Tx, connection: str, streams: Collection[str]) -> None:
    """Let the next run read these streams from their beginning."""
    if not streams:
        return
    tx.execute(
        sa.delete(checkpoints).where(
            checkpoints.c.connection == connection, checkpoints.c.stream.in_(streams)
        )
    )


def go_back(tx: Tx, connection: str, positions: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Go back to these positions, "" for the beginning, never further on; return what `load` does.

    A stream that has no position begins anew in any case.
    """
    forget(tx, connection, [stream for stream, position in positions.items() if not position])
    c = checkpoints.c
    for stream, position in positions.items():
        if position:
            here = (c.connection == connection, c.stream == stream, c.partition == "")
            behind = sa.update(checkpoints).where(*here, c.cursor > position)
            tx.execute(behind.values(cursor=position))
    return load(tx, connection)
