"""What still has to walk on: a set of items for each stage of the street.

Whoever makes an item due again while it is worked on wants it worked on again: what it was made due
for may not have been seen yet. On SQLite, where one transaction writes at a time, that cannot be.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

import sqlalchemy as sa

from hub.store.database import Tx, chunks, insert_tuples, listed
from hub.store.prepared import Prepared
from hub.store.tables import work


def _taking(*columns: sa.ColumnElement[str]) -> Prepared:
    return Prepared(
        sa.select(work.c.item, *columns)
        .where(work.c.stage == sa.bindparam("stage"))
        .order_by(work.c.item)
        .limit(sa.bindparam("limit", type_=sa.Integer))
    )


_MARK: sa.ColumnElement[str] = sa.literal_column("xmin::text")
"""Names the transaction that last made an item due, on PostgreSQL."""
_take, _take_marked = _taking(), _taking(_MARK)
_done = Prepared(
    sa.delete(work).where(work.c.stage == sa.bindparam("stage"), listed(work.c.item, "items"))
)
_done_marked = Prepared(
    sa.delete(work).where(
        work.c.stage == sa.bindparam("stage"),
        listed(work.c.item, "items"),
        sa.bindparam("mark", type_=sa.Text) == _MARK,
    )
)


_COLUMNS = ("stage", "item")


class Taken(list[str]):
    """Items that are due. marks: item -> by whom it was made due, where that may change."""

    marks: Mapping[str, str] = MappingProxyType({})


def add(tx: Tx, stage: str, items: Iterable[str]) -> None:
    """Make `items` due; one that is due already stays due once."""
    rows = [(stage, item) for item in dict.fromkeys(items)]
    if rows:
        renewed = tx.dialect.name != "sqlite"  # in one order: two writers never block each other
        insert_tuples(tx, work, _COLUMNS, sorted(rows) if renewed else rows, renewed=renewed)


def take(tx: Tx, stage: str, limit: int) -> Taken:
    """Return the first items that are due, in their order; they stay due until done."""
    if tx.dialect.name == "sqlite":
        return Taken(row[0] for row in _take(tx, stage=stage, limit=limit))
    rows = _take_marked(tx, stage=stage, limit=limit)
    taken = Taken(row[0] for row in rows)
    taken.marks = dict(rows)
    return taken


def done(tx: Tx, stage: str, items: Iterable[str], marks: Mapping[str, str] = Taken.marks) -> None:
    """Strike `items`, in the transaction that holds their result. marks: as they were taken with;
    one that was made due since stays due."""
    by_mark: dict[str, list[str]] = {}
    for item in items:
        by_mark.setdefault(marks.get(item, ""), []).append(item)
    for mark, some in by_mark.items():
        for chunk in chunks(some):
            if mark:
                _done_marked(tx, stage=stage, items=chunk, mark=mark)
            else:
                _done(tx, stage=stage, items=chunk)


def counts(tx: Tx) -> dict[str, int]:
    """Return how many items are due in each stage that has any."""
    rows = tx.execute(sa.select(work.c.stage, sa.func.count()).group_by(work.c.stage))
    return dict(rows.all())
