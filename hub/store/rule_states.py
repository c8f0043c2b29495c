"""How each rule fares: errors in a row, whether it is quarantined, whether a storm holds it."""

import sqlalchemy as sa

from hub.store.database import Row, Tx, upsert
from hub.store.tables import alerts
from hub.store.tables import rule_states as states

_EMPTY = {"erred_at": None, "quarantined_at": None, "held_at": None, "released_at": None}


def all_of(tx: Tx) -> dict[str, Row]:
    """Return the state of each rule that ever erred or was held."""
    return {row.rule: row for row in tx.execute(sa.select(states))}


def put(tx: Tx, rule: str, **changes: object) -> None:
    """Change a rule's state; what is not named stays."""
    row = tx.execute(sa.select(states).where(states.c.rule == rule)).one_or_none()
    before = dict(row._mapping) if row else {"version": "", "errors": 0, "detail": "", **_EMPTY}
    upsert(tx, states, [{**before, "rule": rule, **changes}])


def fired_since(tx: Tx, since: str) -> dict[str, list[str]]:
    """Return rule -> the instants since then at which one of its alerts first fired."""
    found: dict[str, list[str]] = {}
    rows = tx.execute(
        sa.select(alerts.c.rule, alerts.c.fired_at)
        .where(alerts.c.fired_at >= since)
        .order_by(alerts.c.fired_at)
    )
    for rule, at in rows:
        found.setdefault(rule, []).append(at)
    return found
