"""What still has to walk on: a set of items for each stage of the street."""

from collections.abc import Iterable

import sqlalchemy as sa

from hub.store.database import Tx, chunks, insert_tuples, listed
from hub.store.prepared import Prepared
from hub.store.tables import work

_take = Prepared(
    sa.select(work.c.item)
    .where(work.c.stage == sa.bindparam("stage"))
    .order_by(work.c.item)
    .limit(sa.bindparam("limit", type_=sa.Integer))
)
_done = Prepared(
    sa.delete(work).where(work.c.stage == sa.bindparam("stage"), listed(work.c.item, "items"))
)


def add(tx: Tx, stage: str, items: Iterable[str]) -> None:
    """Make `items` due; one that is due already stays due once."""
    rows = [(stage, item) for item in dict.fromkeys(items)]
    if rows:
        insert_tuples(tx, work, ("stage", "item"), rows)


def take(tx: Tx, stage: str, limit: int) -> list[str]:
    """Return the first items that are due, in their order; they stay due until done."""
    return [row[0] for row in _take(tx, stage=stage, limit=limit)]


def done(tx: Tx, stage: str, items: Iterable[str]) -> None:
    """Strike `items`, in the transaction that holds their result."""
    for chunk in chunks(items):
        _done(tx, stage=stage, items=chunk)


def counts(tx: Tx) -> dict[str, int]:
    """Return how many items are due in each stage that has any."""
    rows = tx.execute(sa.select(work.c.stage, sa.func.count()).group_by(work.c.stage))
    return dict(rows.all())
