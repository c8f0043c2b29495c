"""How much the hub holds: counts for status pages."""

from collections.abc import Collection

import sqlalchemy as sa

from hub.model.alert import Condition, Severity
from hub.store.database import Tx
from hub.store.tables import alerts, entities, source_records


def entities_by_kind(tx: Tx) -> dict[str, int]:
    """Return how many living entities there are of each kind."""
    c = entities.c
    rows = tx.execute(
        sa.select(c.kind, sa.func.count()).where(c.ended_at.is_(None)).group_by(c.kind)
    )
    return dict(rows.all())


def records_by_stream(tx: Tx) -> dict[tuple[str, str], int]:
    """Return how many source records live in each (connection, stream)."""
    c = source_records.c
    rows = tx.execute(
        sa.select(c.connection, c.stream, sa.func.count())
        .where(c.deleted.is_(False))
        .group_by(c.connection, c.stream)
    )
    return {(connection, stream): count for connection, stream, count in rows}


def alerts_by_rule(tx: Tx, conditions: Collection[Condition]) -> dict[tuple[str, Severity], int]:
    """Return how many alerts of each (rule, severity) stand in one of these conditions."""
    c = alerts.c
    rows = tx.execute(
        sa.select(c.rule, c.severity, sa.func.count())
        .where(c.condition.in_(sorted(map(str, conditions))))
        .group_by(c.rule, c.severity)
    )
    return {(rule, Severity(severity)): count for rule, severity, count in rows}


def alerts_by_condition(tx: Tx) -> dict[str, int]:
    """Return how many alerts stand in each condition."""
    rows = tx.execute(sa.select(alerts.c.condition, sa.func.count()).group_by(alerts.c.condition))
    return dict(rows.all())
