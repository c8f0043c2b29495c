"""What a notice says, frozen as JSON when it is decided; texts in every language the rules have."""

from collections.abc import Mapping, Sequence
from typing import Any

from hub.model.alert import Alert
from hub.model.notice import Item, Routing, Standing
from hub.store import alerts, views
from hub.store.database import Tx

MOST_ITEMS = 100
"""Alerts told in full in one notice; of more the number is told."""


def alerts_body(
    tx: Tx, routing: Routing, key: str, items: Sequence[Item], at: str
) -> dict[str, Any]:
    """Return a notice of alerts; key: what they were grouped by."""
    shown = items[:MOST_ITEMS]
    found = alerts.many(tx, {item.alert for item in shown})
    names = views.names(tx, {one.entity_id for one in found.values() if one.entity_id})
    return {
        "type": "alerts",
        "at": at,
        "group": key,
        "total": len(items),
        "items": [
            {
                "reason": item.reason.value if item.reason else None,
                **_alert(found[item.alert], names, routing),
            }
            for item in shown
        ],
    }


def _alert(alert: Alert, names: Mapping[str, str], routing: Routing) -> dict[str, Any]:
    state = alert.state
    current = alert.evidence.get("current", {})
    return {
        "id": alert.id,
        "rule": alert.rule,
        "department": routing.departments.get(alert.rule),
        "severity": state.severity.value,
        "condition": state.condition.value,
        "ending": state.ending.value if state.ending else None,
        "subject": {"kind": alert.subject.kind, "id": alert.subject.id},
        "customer": {"id": alert.entity_id, "name": names.get(alert.entity_id)}
        if alert.entity_id
        else None,
        "fired_at": state.fired_at,
        "resolved_at": state.resolved_at,
        "name": alert.texts.get("name"),
        "clears_when": alert.texts.get("clears_when"),
        "facts": {name: fact["value"] for name, fact in current.get("facts", {}).items()},
        "records": [
            {name: record[name] for name in ("ref", "number", "version") if name in record}
            for records in current.get("records", {}).values()
            for record in records
        ],
        "href": f"{routing.base_url}/v1/alerts/{alert.id}",
    }


def rule_body(routing: Routing, rule: str, kind: str, detail: str, at: str) -> dict[str, Any]:
    """Return a notice to a rule's author. kind: rule_quarantined or rule_held."""
    return {
        "type": kind,
        "at": at,
        "rule": rule,
        "detail": detail,
        "href": f"{routing.base_url}/v1/alerts?rule={rule}",
    }


def source_body(
    routing: Routing, source: str, waiting: Sequence[Standing], at: str
) -> dict[str, Any]:
    """Return a notice to a source's owner: what has stayed unknown because of it, since when."""
    return {
        "type": "source_unknown",
        "at": at,
        "source": source,
        "since": min(one.since for one in waiting),
        "alerts": len(waiting),
        "rules": sorted({one.rule for one in waiting}),
        "href": f"{routing.base_url}/v1/connections/{source}",
    }
