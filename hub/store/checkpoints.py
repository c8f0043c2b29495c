"""Checkpoints: how far each stream of a connection has been read, saved with what was read."""

import sqlalchemy as sa

from hub.store.database import Tx, upsert
from hub.store.tables import checkpoints


def load(tx: Tx, connection: str) -> dict[str, str | None]:
    """Return the saved cursor of each stream."""
    rows = tx.execute(
        sa.select(checkpoints.c.stream, checkpoints.c.cursor).where(
            checkpoints.c.connection == connection
        )
    )
    return dict(rows.all())


def save(tx: Tx, connection: str, stream: str, cursor: str | None, now: str) -> None:
    """Move the stream's cursor, in the transaction that stores what it covers."""
    row = {"connection": connection, "stream": stream, "cursor": cursor, "saved_at": now}
    upsert(tx, checkpoints, [row])


def forget(tx: Tx, connection: str, streams: list[str]) -> None:
    """Let the next run read these streams from their beginning."""
    tx.execute(
        sa.delete(checkpoints).where(
            checkpoints.c.connection == connection, checkpoints.c.stream.in_(streams)
        )
    )
