"""Puts competing values side by side, with who holds them and what hangs on them."""

from collections.abc import Collection
from typing import Any

from hub.alerts.contradiction import COMPARED, FIELDS, compared
from hub.model.fact import Subject
from hub.store import alert_records, alerts, fact_papers, facts
from hub.store.database import Tx

MOST_INVOICES = 20


def contradictions(
    tx: Tx, customer: str | None, *, after: tuple[str, str] | None, limit: int
) -> tuple[list[dict[str, Any]], tuple[str, str] | None]:
    """Return contradictions in the order of their customers, and where the next page begins."""
    if customer is None:
        found = facts.page(tx, "conflict", after[1] if after else "", limit + 1)
    else:
        wanted = [Subject("conflict", f"{customer}/{name}") for name in sorted(COMPARED)]
        found = list(facts.of_subjects(tx, wanted).values())
        found = [one for one in sorted(found) if after is None or one.subject > Subject(*after)]
    shown = found[:limit]
    ids = {one.customer for one in shown if one.customer}
    records = fact_papers.organizations(tx, ids)
    sums = facts.of_subjects(tx, {Subject("customer", one) for one in ids})
    owed = _owed(tx, ids)
    speaking = {
        alert.subject: alert.id
        for alert in alerts.latest(tx, {one.subject for one in shown}).values()
        if alert.state.condition in alerts.LIVE
    }
    items = []
    for one in shown:
        mine = sums.get(Subject("customer", one.customer or ""))
        name = one.found["field"]
        items.append(
            {
                "customer": one.customer,
                "name": mine.found.get("name") if mine else None,
                "field": name,
                "since": one.found.get("since_on"),
                "changed_on": one.found.get("changed_on"),
                "claims": _claims(records.get(one.customer or "", ()), name),
                "open_invoices": mine.found.get("owed_invoices", 0) if mine else 0,
                "payment_due_on": one.found.get("payment_due_on"),
                "invoices": owed.get(one.customer or "", [])[:MOST_INVOICES],
                "alert": speaking.get(one.subject),
            }
        )
    following = (shown[-1].subject.kind, shown[-1].subject.id) if len(found) > limit else None
    return items, following


def _owed(tx: Tx, customers: Collection[str]) -> dict[str, list[dict[str, Any]]]:
    """Return each customer's open invoices, the longest due first."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in alert_records.owed_invoices(tx, customers):
        shown = {name: value for name, value in row._mapping.items() if name in _INVOICE}
        found.setdefault(row.customer, []).append(shown)
    return found


_INVOICE = ("ref", "number", "balance_minor", "currency", "due_on")


def _claims(records: Any, name: str) -> list[dict[str, Any]]:
    return [
        {
            "value": value,
            "ref": one.ref,
            "connection": one.connection,
            "fetched_at": one.fetched_at,
            "fields": {
                field: one.fields[field]
                for field in FIELDS.get(name, (name,))
                if field in one.fields
            },
        }
        for one in records
        if (value := compared(one.fields, name)) is not None
    ]
