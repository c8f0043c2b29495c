"""Finds the pages, in the tools they come from, of what alerts are about."""

from collections.abc import Iterable, Mapping
from typing import Any

from hub.model.alert import Alert
from hub.model.deep_link import DeepLinks
from hub.store import entities
from hub.store.database import Tx


def of_alerts(tx: Tx, deep_links: DeepLinks, alerts: Iterable[Alert]) -> dict[str, dict[str, str]]:
    """Return alert's id -> ref or entity of its evidence -> the address of its page.

    An entity is seen where the first of its records is that has a page.
    """
    if not any(deep_links.templates.values()):
        return {}
    named = {alert.id: _named(alert.evidence.get("current", {})) for alert in alerts}
    wanted = {name for names in named.values() for name in names}
    found = deep_links.among(name for name in wanted if ":" in name)
    for entity, refs in entities.records_of(tx, [one for one in wanted if ":" not in one]).items():
        if seen := deep_links.among(refs):
            found[entity] = seen[min(seen)]
    return {
        alert: {name: found[name] for name in sorted(names) if name in found}
        for alert, names in named.items()
    }


def _named(evidence: Mapping[str, Any]) -> set[str]:
    return {
        name
        for records in evidence.get("records", {}).values()
        for record in records
        if (name := record.get("ref") or record.get("id"))
    }
