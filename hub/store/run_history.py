"""Runs of all connections at once, as the reliability of sources is judged by."""

from collections.abc import Collection

import sqlalchemy as sa

from hub.model.run import Run
from hub.store import runs
from hub.store.database import Tx
from hub.store.tables import runs as table
from hub.store.tables import source_records


def recent(tx: Tx, connections: Collection[str], most: int = 30) -> dict[str, list[Run]]:
    """Return each connection's newest runs, newest first."""
    rank = sa.func.row_number().over(partition_by=table.c.connection, order_by=table.c.id.desc())
    ranked = sa.select(table, rank.label("n")).where(table.c.connection.in_(sorted(connections)))
    newest = ranked.subquery()
    select = sa.select(newest).where(newest.c.n <= most).order_by(newest.c.id.desc())
    found: dict[str, list[Run]] = {}
    for row in tx.execute(select):
        found.setdefault(row.connection, []).append(runs.from_row(row))
    return found


def living(tx: Tx, connections: Collection[str]) -> dict[str, int]:
    """Return how many records that are not deleted each of these connections holds."""
    if not connections:
        return {}
    c = source_records.c
    rows = tx.execute(
        sa.select(c.connection, sa.func.count())
        .where(c.connection.in_(sorted(connections)), c.deleted.is_(False))
        .group_by(c.connection)
    )
    return dict(rows.all())
