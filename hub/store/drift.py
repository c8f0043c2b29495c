"""How sources differ from what their connectors declare: each difference of a field once."""

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from hub.store.database import Tx, insert_new
from hub.store.tables import drift


@dataclass(frozen=True, slots=True)
class Drift:
    """One difference; text: what was expected and what came, never a value."""

    connection: str
    stream: str
    field: str
    text: str
    first_seen_at: str


def note(tx: Tx, connection: str, stream: str, differences: Mapping[str, str], now: str) -> None:
    """Keep differences, by field; one that is known already stays as it was first seen."""
    if not differences:
        return
    rows = [
        {
            "connection": connection,
            "stream": stream,
            "field": _storable(field, 200),
            "text": _storable(text, 300),
            "first_seen_at": now,
        }
        for field, text in differences.items()
    ]
    insert_new(tx, drift, rows)


def _storable(text: str, most: int) -> str:
    return text[:most].replace("\0", "\\0").encode("utf-8", "backslashreplace").decode()


def listed(tx: Tx, connection: str, limit: int = 100) -> list[Drift]:
    """Return a connection's differences, by stream and field."""
    rows = tx.execute(
        sa.select(drift)
        .where(drift.c.connection == connection)
        .order_by(drift.c.stream, drift.c.field, drift.c.text)
        .limit(limit)
    )
    return [
        Drift(row.connection, row.stream, row.field, row.text, row.first_seen_at) for row in rows
    ]
