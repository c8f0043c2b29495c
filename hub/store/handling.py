"""What people do about alerts: who is at it until when, what came of it, what it was worth."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import msgspec
import sqlalchemy as sa

from hub.model.notice import Feedback, Handled, Handling
from hub.store.database import Row, Tx, among, chunks, insert_new, upsert
from hub.store.tables import alert_actions as actions
from hub.store.tables import alert_handling as handled
from hub.store.tables import alerts

_encode = msgspec.json.Encoder(order="sorted").encode


def of(tx: Tx, alert_ids: Collection[str]) -> dict[str, Handled]:
    """Return what was done about each of these alerts about which anything was."""
    found: dict[str, Handled] = {}
    for chunk in chunks(alert_ids):
        rows = tx.execute(sa.select(handled).where(among(handled.c.alert_id, chunk)))
        found.update((row.alert_id, read(row)) for row in rows)
    return found


def read(row: Row) -> Handled:
    """Return a row of the table as what it says."""
    return Handled(
        Handling(row.state),
        row.owner,
        row.until,
        row.reason,
        Feedback(row.feedback) if row.feedback else None,
        row.acknowledged_at,
        row.updated_at,
    )


def put(tx: Tx, alert_id: str, now_is: Handled) -> None:
    """Store what is done about an alert."""
    names = ("state", "owner", "until", "reason", "feedback", "acknowledged_at", "updated_at")
    row = {"alert_id": alert_id, **{name: getattr(now_is, name) for name in names}}
    upsert(tx, handled, [row])


def start_over(tx: Tx, alert_ids: Collection[str], now: str) -> None:
    """Make alerts new again that came back after their end; what they were worth stays."""
    for chunk in chunks(alert_ids):
        fresh = {"state": Handling.NEW, "owner": None, "until": None, "reason": None}
        tx.execute(
            sa.update(handled)
            .where(among(handled.c.alert_id, chunk))
            .values(**fresh, updated_at=now)
        )


def carry(tx: Tx, moves: Iterable[tuple[str, str]]) -> None:
    """Let what was done about the first alert of a pair hold for the second, if nothing does."""
    moves = list(moves)
    stand: dict[str, dict[str, Any]] = {}
    for chunk in chunks({old for old, _ in moves}):
        for row in tx.execute(sa.select(handled).where(among(handled.c.alert_id, chunk))):
            stand[row.alert_id] = dict(row._mapping)
    rows = [{**stand[old], "alert_id": new} for old, new in moves if old in stand]
    insert_new(tx, handled, list({row["alert_id"]: row for row in rows}.values()))


def note(
    tx: Tx, alert_id: str, *, at: str, author: str, action: str, detail: Mapping[str, Any]
) -> None:
    """Remember for ever that somebody did something about an alert."""
    row = {"alert_id": alert_id, "at": at, "author": author, "action": action}
    tx.execute(sa.insert(actions).values(**row, detail=_encode(dict(detail)).decode()))


def actions_of(tx: Tx, alert_id: str) -> list[dict[str, Any]]:
    """Return what people did about an alert, oldest first."""
    select = sa.select(actions).where(actions.c.alert_id == alert_id).order_by(actions.c.seq)
    return [
        {"at": row.at, "author": row.author, "action": row.action}
        | {"detail": msgspec.json.decode(row.detail)}
        for row in tx.execute(select)
    ]


def forget_words(tx: Tx, of: Collection[str]) -> None:
    """Empty what people wrote about these alerts; that they did something stays."""
    for chunk in chunks(of):
        mine = sa.update(handled).where(among(handled.c.alert_id, chunk))
        tx.execute(mine.values(reason=None))
        done = sa.update(actions).where(among(actions.c.alert_id, chunk))
        tx.execute(done.values(detail="{}"))


def quality(tx: Tx) -> list[Row]:
    """Return per rule its alerts and what they were worth.

    Rows: (rule, fired, useful, known, wrong, not_mine).
    """

    def count(feedback: Feedback) -> Any:
        return sa.func.sum(sa.case((handled.c.feedback == feedback, 1), else_=0)).label(feedback)

    select = (
        sa.select(
            alerts.c.rule,
            sa.func.count(alerts.c.fired_at).label("fired"),
            *(count(one) for one in Feedback),
        )
        .select_from(alerts.outerjoin(handled, handled.c.alert_id == alerts.c.id))
        .group_by(alerts.c.rule)
        .order_by(alerts.c.rule)
    )
    return list(tx.execute(select))


def reaction_times(tx: Tx) -> list[Row]:
    """Return (rule, fired_at, acknowledged_at) of all alerts that somebody acknowledged."""
    select = (
        sa.select(alerts.c.rule, alerts.c.fired_at, handled.c.acknowledged_at)
        .join(handled, handled.c.alert_id == alerts.c.id)
        .where(handled.c.acknowledged_at.is_not(None), alerts.c.fired_at.is_not(None))
    )
    return list(tx.execute(select))


def labelled(row: Row) -> Handled:
    """Return the part of a joined row whose columns begin with `handled_`."""
    return Handled(
        Handling(row.handled_state),
        row.handled_owner,
        row.handled_until,
        row.handled_reason,
        Feedback(row.handled_feedback) if row.handled_feedback else None,
        row.handled_acknowledged_at,
        row.handled_updated_at,
    )
