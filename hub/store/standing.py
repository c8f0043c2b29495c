"""Alerts as far as telling of them goes, and how their notices stand."""

from collections.abc import Collection, Mapping

import sqlalchemy as sa

from hub.model.alert import Condition, Severity
from hub.model.fact import Subject
from hub.model.notice import Delivery, Gate, Group, Standing
from hub.store import handling
from hub.store.alerts import LIVE
from hub.store.database import Tx, among, chunks, upsert
from hub.store.tables import alert_deliveries as deliveries
from hub.store.tables import alert_handling as handled
from hub.store.tables import alert_tellings, alerts, vorgang_members
from hub.store.tables import notice_groups as groups

_COLUMNS = [
    alerts.c[name]
    for name in (
        "id",
        "rule",
        "subject_kind",
        "subject",
        "entity_id",
        "condition",
        "severity",
        "since",
        "reopened",
        "doubted_source",
    )
]
_HANDLED = ("state", "owner", "until", "reason", "feedback", "acknowledged_at", "updated_at")


def all_of(tx: Tx) -> list[Standing]:
    """Return all alerts that are not over, and those of whose end somebody is still to hear."""
    live = alerts.c.condition.in_(sorted(map(str, LIVE)))
    concerned = sa.or_(live, alerts.c.id.in_(sa.select(alert_tellings.c.alert_id)))
    cases = _cases(tx, concerned)
    select = (
        sa.select(*_COLUMNS, *(handled.c[name].label(f"handled_{name}") for name in _HANDLED))
        .select_from(alerts.outerjoin(handled, handled.c.alert_id == alerts.c.id))
        .where(concerned)
    )
    return [
        Standing(
            id=row.id,
            rule=row.rule,
            subject=Subject(row.subject_kind, row.subject),
            customer=row.entity_id,
            condition=Condition(row.condition),
            severity=Severity(row.severity),
            since=row.since,
            reopened=row.reopened,
            source=row.doubted_source,
            cases=frozenset(cases.get(row.id, ())),
            **({"handled": handling.labelled(row)} if row.handled_state else {}),
        )
        for row in tx.execute(select)
    ]


def _cases(tx: Tx, concerned: sa.ColumnElement[bool]) -> dict[str, list[str]]:
    """Return the business cases that the subjects of alerts belong to, by alert."""
    belongs = alerts.join(vorgang_members, vorgang_members.c.ref == alerts.c.subject)
    select = sa.select(alerts.c.id, vorgang_members.c.vorgang_id).select_from(belongs)
    found: dict[str, list[str]] = {}
    for alert, case in tx.execute(select.where(concerned)):
        found.setdefault(alert, []).append(case)
    return found


def gates(tx: Tx, of: Collection[str] | None = None) -> dict[str, Gate]:
    """Return what keeps alerts from being told; of: only these, else all. None where nothing."""
    select = sa.select(deliveries)
    if of is not None:
        select = select.where(among(deliveries.c.alert_id, of))
    rows = tx.execute(select)
    return {row.alert_id: Gate(Delivery(row.state), row.because, row.until) for row in rows}


def put_gates(tx: Tx, changed: Mapping[str, Gate]) -> None:
    """Store what keeps alerts from being told; one that nothing keeps needs no row."""
    upsert(
        tx,
        deliveries,
        [
            {"alert_id": alert_id, "state": one.state, "because": one.because, "until": one.until}
            for alert_id, one in changed.items()
            if one.state is not Delivery.OPEN
        ],
    )
    for chunk in chunks(one for one, gate in changed.items() if gate.state is Delivery.OPEN):
        tx.execute(sa.delete(deliveries).where(among(deliveries.c.alert_id, chunk)))


def groups_of(tx: Tx) -> dict[tuple[str, str], Group]:
    """Return how each group stands: since when it waits, when it was told last."""
    rows = tx.execute(sa.select(groups))
    return {(row.target, row.key): Group(row.waiting_since, row.flushed_at) for row in rows}


def put_groups(tx: Tx, changed: Mapping[tuple[str, str], Group | None]) -> None:
    """Store groups."""
    rows = [
        {
            "target": target,
            "key": key,
            "waiting_since": one.waiting_since,
            "flushed_at": one.flushed_at,
        }
        for (target, key), one in changed.items()
        if one is not None
    ]
    upsert(tx, groups, rows)


def forget_groups(tx: Tx, flushed_before: str) -> None:
    """Remove groups that were told long ago and wait for nothing."""
    c = groups.c
    tx.execute(
        sa.delete(groups).where(
            c.waiting_since.is_(None), sa.func.coalesce(c.flushed_at, "") < flushed_before
        )
    )
