"""Streams stored views out for export, in order of name, without holding them all."""

from collections.abc import Iterator

import sqlalchemy as sa

from hub.store.database import Tx
from hub.store.tables import views

BATCH = 500


def documents(tx: Tx, kind: str, batch: int = BATCH) -> Iterator[str]:
    """Yield the stored document of every entity of a kind, by name, read in batches."""
    c = views.c
    after = ("", "")
    while True:
        rows = tx.execute(
            sa.select(c.sort_name, c.id, c.document)
            .where(c.kind == kind, sa.tuple_(c.sort_name, c.id) > sa.tuple_(*after))
            .order_by(c.sort_name, c.id)
            .limit(batch)
        ).all()
        for row in rows:
            yield row.document
        if len(rows) < batch:
            return
        after = (rows[-1].sort_name, rows[-1].id)


def page(
    tx: Tx, kind: str, after: tuple[str, str], limit: int
) -> tuple[list[str], tuple[str, str]]:
    """Return the next documents of a kind by name, and the place of the last. after: ("", "")."""
    c = views.c
    rows = tx.execute(
        sa.select(c.sort_name, c.id, c.document)
        .where(c.kind == kind, sa.tuple_(c.sort_name, c.id) > sa.tuple_(*after))
        .order_by(c.sort_name, c.id)
        .limit(limit)
    ).all()
    last = (rows[-1].sort_name, rows[-1].id) if rows else after
    return [row.document for row in rows], last
