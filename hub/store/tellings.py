"""Who was told of which alert, and what was told once and for all."""

from collections.abc import Collection, Iterable, Mapping, Sequence

import sqlalchemy as sa

from hub.model.notice import Telling
from hub.store.database import Tx, among, chunks, insert_new, upsert
from hub.store.tables import alert_tellings as tellings
from hub.store.tables import announcements


def all_of(tx: Tx) -> dict[str, dict[str, Telling]]:
    """Return alert -> target -> what stands told: that it fires, and not yet that it is over."""
    found: dict[str, dict[str, Telling]] = {}
    for row in tx.execute(sa.select(tellings)):
        telling = Telling(row.severity, row.told_at, row.last_at, row.repeats)
        found.setdefault(row.alert_id, {})[row.target] = telling
    return found


_LOCK = 7_240_331_001
"""The number by which processes agree that one of them is deciding."""


def lock(tx: Tx) -> None:
    """Wait until nobody else decides who is told what, and keep others waiting until the end.

    SQLite needs none: it admits one writer.
    """
    if tx.dialect.name == "postgresql":
        tx.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))


def put(tx: Tx, told: Mapping[tuple[str, str], Telling]) -> None:
    """Note (alert, target) -> what was told."""
    upsert(
        tx,
        tellings,
        [
            {
                "alert_id": alert_id,
                "target": target,
                "severity": one.severity,
                "told_at": one.told_at,
                "last_at": one.last_at,
                "repeats": one.repeats,
            }
            for (alert_id, target), one in told.items()
        ],
    )


def forget(tx: Tx, over: Iterable[tuple[str, str]]) -> None:
    """Strike (alert, target): that it is over was told."""
    c = tellings.c
    statement = sa.delete(tellings).where(
        c.alert_id == sa.bindparam("one"), c.target == sa.bindparam("to")
    )
    rows = [{"one": alert_id, "to": target} for alert_id, target in over]
    if rows:
        tx.execute(statement, rows)


def carry(tx: Tx, moves: Sequence[tuple[str, str]], *, copy: bool = False) -> None:
    """Let those who were told of the first alert of a pair be told of the second from now on.

    copy: they go on being told of the first, too.
    """
    by_alert = _of(tx, {old for old, _ in moves})
    rows = [{**row, "alert_id": new} for old, new in moves for row in by_alert.get(old, ())]
    unique = {(row["alert_id"], row["target"]): row for row in rows}
    insert_new(tx, tellings, list(unique.values()))
    if not copy:
        for chunk in chunks(old for old, _ in moves):
            tx.execute(sa.delete(tellings).where(among(tellings.c.alert_id, chunk)))


def _of(tx: Tx, ids: Collection[str]) -> dict[str, list[dict[str, object]]]:
    found: dict[str, list[dict[str, object]]] = {}
    for chunk in chunks(ids):
        for row in tx.execute(sa.select(tellings).where(among(tellings.c.alert_id, chunk))):
            found.setdefault(row.alert_id, []).append(dict(row._mapping))
    return found


def first_time(tx: Tx, keys: Collection[str], now: str) -> set[str]:
    """Return those keys that were never announced, and note that they are now."""
    c = announcements.c
    known: set[str] = set()
    for chunk in chunks(keys):
        known |= set(tx.execute(sa.select(c.key).where(among(c.key, chunk))).scalars())
    new = set(keys) - known
    insert_new(tx, announcements, [{"key": key, "at": now} for key in sorted(new)])
    return new
