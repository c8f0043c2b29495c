"""What still has to walk on: a set of items for each stage of the street."""

from collections.abc import Iterable

import sqlalchemy as sa

from hub.store.database import Tx, among, chunks, insert_new
from hub.store.tables import work


def add(tx: Tx, stage: str, items: Iterable[str]) -> None:
    """Make `items` due; one that is due already stays due once."""
    insert_new(tx, work, [{"stage": stage, "item": item} for item in dict.fromkeys(items)])


def take(tx: Tx, stage: str, limit: int) -> list[str]:
    """Return the first items that are due, in their order; they stay due until done."""
    rows = tx.execute(
        sa.select(work.c.item).where(work.c.stage == stage).order_by(work.c.item).limit(limit)
    )
    return list(rows.scalars())


def done(tx: Tx, stage: str, items: Iterable[str]) -> None:
    """Strike `items`, in the transaction that holds their result."""
    for chunk in chunks(items):
        tx.execute(sa.delete(work).where(work.c.stage == stage, among(work.c.item, chunk)))


def counts(tx: Tx) -> dict[str, int]:
    """Return how many items are due in each stage that has any."""
    rows = tx.execute(sa.select(work.c.stage, sa.func.count()).group_by(work.c.stage))
    return dict(rows.all())
