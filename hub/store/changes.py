"""The feed of changes: gap-free for consumers though many write at once.

A change is written without a place, in the transaction that makes it. Only what has been
committed is numbered, by one numberer at a time, so that a place once seen is never preceded by
one that becomes visible later. Each thing stands in the feed once, at its last change.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from hub.store.database import Tx, insert_new, upsert
from hub.store.tables import change_counter, changes

NUMBERED_AT_ONCE = 10_000
_c = changes.c


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the feed. op: changed, removed or erased."""

    place: int
    kind: str
    id: str
    op: str
    at: str


def note(tx: Tx, kind: str, ids: Iterable[str], now: str, op: str = "changed") -> None:
    """Write that these things changed just now."""
    rows = [
        {"kind": kind, "id": one, "op": op, "at": now, "place": None}
        for one in sorted(set(ids))  # always in the same order: two writers never block each other
    ]
    upsert(tx, changes, rows)


def is_behind(tx: Tx) -> bool:
    """Say whether changes wait to be numbered."""
    return tx.execute(sa.select(_c.id).where(_c.place.is_(None)).limit(1)).first() is not None


def number(tx: Tx) -> int:
    """Give the next places to what was committed and has none; return how many that were."""
    insert_new(tx, change_counter, [{"only": 1, "last": 0}])
    last = tx.execute(sa.select(change_counter.c.last).with_for_update()).scalar_one()
    # What another transaction is changing once more is left for later: it would move on anyway,
    # and whoever numbers never waits for who writes.
    waiting = (
        sa.select(changes)
        .where(_c.place.is_(None))
        .order_by(_c.at, _c.kind, _c.id)
        .limit(NUMBERED_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    found = [dict(row._mapping) for row in tx.execute(waiting)]
    rows = [{**row, "place": last + nth} for nth, row in enumerate(found, 1)]
    upsert(tx, changes, rows)
    tx.execute(sa.update(change_counter).values(last=last + len(rows)))
    return len(rows)


def after(tx: Tx, place: int, kinds: Iterable[str], limit: int) -> list[Change]:
    """Return what changed after a place, in order."""
    select = sa.select(changes).where(_c.place > place).order_by(_c.place).limit(limit)
    wanted = sorted(kinds)
    if wanted:
        select = select.where(_c.kind.in_(wanted))
    return [Change(row.place, row.kind, row.id, row.op, row.at) for row in tx.execute(select)]
