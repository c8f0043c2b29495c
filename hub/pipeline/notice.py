"""What a notice says, frozen as JSON when it is decided; texts in every language the rules have."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from hub.alerts import reasons
from hub.model.alert import Alert
from hub.model.notice import Item, Routing, Standing
from hub.pipeline.deep_links import of_alerts
from hub.store import alerts, views
from hub.store.database import Tx

MOST_ITEMS = 100
"""Alerts told in full in one notice; of more the number is told."""


class Told:
    """The alerts of a batch of notices and their customers' names, read together."""

    def __init__(self, tx: Tx, routing: Routing, notices: Iterable[Sequence[Item]]) -> None:
        self._routing = routing
        self._alerts = alerts.many(tx, {one.alert for some in notices for one in some[:MOST_ITEMS]})
        customers = {one.entity_id for one in self._alerts.values() if one.entity_id}
        self._names = views.names(tx, customers)
        self._links = of_alerts(tx, routing.deep_links, self._alerts.values())

    @property
    def time_zone(self) -> str:
        """Return the company's: what letters tell times in."""
        return self._routing.time_zone

    def item(self, item: Item) -> dict[str, Any]:
        """Return one alert as a notice tells it, with the reason why."""
        reason = item.reason.value if item.reason else None
        alert = self._alerts[item.alert]
        links = self._links.get(alert.id, {})
        return {"reason": reason, **_alert(alert, self._names, self._routing, links)}


def alerts_body(told: Told, key: str, items: Sequence[Item], at: str) -> dict[str, Any]:
    """Return a notice of alerts; key: what they were grouped by."""
    return {
        "type": "alerts",
        "at": at,
        "time_zone": told.time_zone,
        "group": key,
        "total": len(items),
        "items": [told.item(item) for item in items[:MOST_ITEMS]],
    }


def _alert(
    alert: Alert, names: Mapping[str, str], routing: Routing, links: Mapping[str, str]
) -> dict[str, Any]:
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
        "about": reasons.called(alert.subject.kind, alert.subject.id, current),
        "fired_at": state.fired_at,
        "resolved_at": state.resolved_at,
        "name": alert.texts.get("name"),
        "clears_when": alert.texts.get("clears_when"),
        "reasons": reasons.told(current),
        "facts": {name: fact["value"] for name, fact in current.get("facts", {}).items()},
        "records": [
            {name: record[name] for name in ("ref", "number", "version") if name in record}
            | ({"link": link} if (link := links.get(record.get("ref") or record.get("id"))) else {})
            for records in current.get("records", {}).values()
            for record in records
        ],
        "href": f"{routing.base_url}/v1/alerts/{alert.id}",
        "page": f"{routing.base_url}/console/alerts/{alert.id}",
    }


def rule_body(routing: Routing, rule: str, kind: str, detail: str, at: str) -> dict[str, Any]:
    """Return a notice to a rule's author. kind: rule_quarantined or rule_held."""
    return {
        "type": kind,
        "at": at,
        "time_zone": routing.time_zone,
        "rule": rule,
        "detail": detail,
        "href": f"{routing.base_url}/v1/alerts?rule={rule}",
        "page": f"{routing.base_url}/console",
    }


def test_body(routing: Routing, target: str, at: str) -> dict[str, Any]:
    """Return a notice that tells nothing but that notices arrive."""
    return {
        "type": "test",
        "at": at,
        "time_zone": routing.time_zone,
        "target": target,
        "href": f"{routing.base_url}/v1/alerts",
        "page": f"{routing.base_url}/console",
    }


def source_body(
    routing: Routing, source: str, waiting: Sequence[Standing], at: str
) -> dict[str, Any]:
    """Return a notice to a source's owner: what has stayed unknown because of it, since when."""
    return {
        "type": "source_unknown",
        "at": at,
        "time_zone": routing.time_zone,
        "source": source,
        "since": min(one.since for one in waiting),
        "alerts": len(waiting),
        "rules": sorted({one.rule for one in waiting}),
        "href": f"{routing.base_url}/v1/connections/{source}",
        "page": f"{routing.base_url}/console#sources",
    }
