"""What made a rule true: the facts it read with their sources, and the records behind them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from hub.alerts.business_time import BusinessTime
from hub.alerts.rules import CompiledRule
from hub.model.fact import Fact

BEHIND: Mapping[str, str] = {
    "customer.open_complaints": "tickets",
    "customer.open_high_tickets": "tickets",
    "customer.oldest_open_high_ticket_bh": "tickets",
    "customer.open_tickets": "tickets",
    "customer.open_ar": "invoices",
    "customer.overdue_ar": "invoices",
    "customer.oldest_overdue_days": "invoices",
    "customer.dunning_level": "invoices",
}
"""Which records stand behind a fact; an alert names them."""
FORECAST = frozenset({"customer.forecast_open_amount", "customer.open_deals_amount"})
"""Facts that add up open deals: evidence names these, the largest first."""
UNLINKED = frozenset({"deal.orders", "deal.projects"})
"""Facts that say that nothing belongs to a record: evidence names what may."""
CLAIMS = "claims"
"""The list of records whose values compete, where a rule is about a contradiction."""
MOST_CANDIDATES = 3
MOST_RECORDS = 20
LONGEST = 500
"""Characters of a text in a record."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What an evaluation stood on: facts by variable, and records by list.

    because: the parts of the rule that are true, as JSON; beside: the records these name, by
    variable; candidates: what may belong to the subject, best first; currency: of all its money.
    """

    facts: Mapping[str, Mapping[str, Fact]]
    records: Mapping[str, Sequence[Mapping[str, Any]]]
    because: Sequence[Mapping[str, Any]] = ()
    beside: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    candidates: Sequence[Mapping[str, Any]] = ()
    currency: str = ""


def needed(rule: CompiledRule) -> frozenset[str]:
    """Return the lists of records the rule's evidence names."""
    lists = {read.partition(".")[0] for read in rule.condition.reads} & {"tickets", "invoices"}
    return frozenset(BEHIND[read] for read in rule.condition.reads if read in BEHIND) | lists


def lacks_links(rule: CompiledRule) -> bool:
    """Say whether the rule tells that nothing belongs to its subject."""
    return not UNLINKED.isdisjoint(rule.condition.reads)


def evidence(rule: CompiledRule, ground: Ground) -> dict[str, Any]:
    """Return the evidence of one evaluation as JSON, frozen as it was."""
    reads = rule.condition.reads | (rule.escalation.reads if rule.escalation else frozenset())
    used = {}
    for read in sorted(reads):
        variable, _, name = read.partition(".")
        fact = ground.facts.get(variable, {}).get(name)
        if fact is not None:
            used[read] = {"value": fact.value, "sources": list(fact.sources), "as_of": fact.as_of}
    wanted = needed(rule) | {"subject", CLAIMS}
    records = {
        name: [_cut(record) for record in found[:MOST_RECORDS]]
        for name, found in sorted(ground.records.items())
        if name in wanted and found
    }
    for name, beside in sorted(ground.beside.items()):
        named_already = {record.get("ref") for record in records.get(name, ())}
        more = [_cut(one) for one in beside if one.get("ref", name) not in named_already]
        records[name] = [*records.get(name, ()), *more][:MOST_RECORDS]
    found = {
        "because": list(ground.because),
        "facts": used,
        "records": records,
        "params": dict(rule.params),
        "rule": rule.version,
        "currency": ground.currency,
    }
    if ground.candidates:
        found["candidates"] = list(ground.candidates[:MOST_CANDIDATES])
    return found


def _cut(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record whose texts are no books; evidence is kept for every change of an alert."""
    return {
        name: value[:LONGEST] if isinstance(value, str) and name != "ref" else value
        for name, value in record.items()
    }


def was_changed(rule: CompiledRule, evidence: Mapping[str, Any]) -> bool:
    """Say whether a rule asks something else than it did when its alert was seen last."""
    return str(evidence.get("rule", rule.version)) != rule.version


def named(evidence: Mapping[str, Any]) -> set[str]:
    """Return the refs an evidence names: a new one is news, an hour more of age is not."""
    records = evidence.get("records", {})
    return {record["ref"] for found in records.values() for record in found if "ref" in record}


def ticket_record(row: Any, clock: BusinessTime, now: datetime) -> dict[str, Any]:
    """Return a ticket as evidence, never its text. age_hours by the wall, age_bh in business."""
    opened = datetime.fromisoformat(row.opened_at) if row.opened_at else None
    return {
        "ref": row.ref,
        "number": row.number,
        "status": row.status,
        "priority": row.priority,
        "kind": row.kind,
        "opened_at": row.opened_at,
        "last_message_at": row.last_message_at,
        "age_hours": max(0, (now - opened) // timedelta(hours=1)) if opened else None,
        "age_bh": clock.hours_between(opened, now) if opened else None,
    }
