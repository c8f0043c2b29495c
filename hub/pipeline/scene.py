"""What is known of the subjects of one evaluation: facts worked out, stored where they moved."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from hub.alerts.business_time import BusinessTime
from hub.alerts.facts import Facts, customer_facts, deal_facts, knowledge, source_facts
from hub.clock import instant_text
from hub.model.fact import Subject
from hub.model.setting import Company, ConnectionInfo
from hub.store import fact_sums, facts, run_history, runs
from hub.store.database import Tx


@dataclass(frozen=True, slots=True)
class Scene:
    """What is known of the subjects of one batch."""

    facts: Mapping[Subject, Facts]
    customer_of: Mapping[str, str]  # deal -> customer
    records: Mapping[Subject, Mapping[str, Any]]  # a subject as evidence names it


def successes(tx: Tx) -> dict[str, datetime]:
    """Return when each connection last began a run that succeeded."""
    return {name: datetime.fromisoformat(at) for name, at in runs.last_success(tx).items()}


def source_scene(
    tx: Tx, connections: Sequence[ConnectionInfo], now: datetime, sources: Collection[Subject]
) -> Scene:
    """Return the facts of sources; one that is not among the connections has none."""
    names = {subject.id for subject in sources}
    wanted = [one for one in connections if one.name in names]
    history = run_history.recent(tx, [one.name for one in wanted])
    losing = [
        name for name, some in history.items() if some[0].total("deleted") or some[0].total("held")
    ]
    living = run_history.living(tx, losing)
    found = {}
    records: dict[Subject, Mapping[str, Any]] = {}
    for one in wanted:
        past = history.get(one.name, [])
        subject = Subject("source", one.name)
        found[subject] = source_facts(one, past, living.get(one.name), now)
        records[subject] = {
            "connection": one.name,
            "system": one.system,
            "runs": [
                {"id": run.id, "state": run.state, "started_at": run.started_at, "error": run.error}
                for run in past[:3]
            ],
        }
    return Scene(found, {}, records)


def customer_scene(
    tx: Tx,
    company: Company,
    connections: Sequence[ConnectionInfo],
    now: datetime,
    subjects: Collection[Subject],
) -> Scene:
    """Return the facts of customers and deals, and of the customers these deals belong to."""
    clock = BusinessTime(company)
    known = knowledge(connections, successes(tx))
    currency = company.currency
    rows = fact_sums.deals(tx, [subject.id for subject in subjects if subject.kind == "deal"])
    customer_of = {ref: row["customer"] for ref, row in rows.items() if "customer" in row}
    asked = {subject.id for subject in subjects if subject.kind == "customer"}
    found: dict[Subject, Facts] = {}
    sums = fact_sums.customers(
        tx,
        sorted(asked | set(customer_of.values())),
        today=clock.today(now).isoformat(),
        month_ago=instant_text(now - timedelta(days=30)),
        currency=currency,
    )
    for customer, each in sums.items():
        found[Subject("customer", customer)] = customer_facts(each, known, clock, now)
    records = {}
    for ref, row in rows.items():
        subject = Subject("deal", ref)
        found[subject] = deal_facts(row, known, clock, now, currency)
        shown = ("ref", "number", "title", "status", "amount_minor", "currency", "expected_close")
        records[subject] = {name: row[name] for name in shown}
    return Scene(found, customer_of, records)


def settle_facts(
    tx: Tx, subjects: Collection[Subject], new: Mapping[Subject, Facts], now: datetime
) -> set[Subject]:
    """Store the subjects' facts where they differ from before; return whose did."""
    stored = facts.of_subjects(tx, subjects)
    at = instant_text(now)
    gone, changed, moved = [], [], set()
    for subject in subjects:
        before, after = stored.get(subject, {}), new.get(subject, {})
        gone += [(subject, name) for name in before if name not in after]
        for name, fact in list(after.items()):
            old = before.get(name)
            if old is not None and (old.value, old.sources) == (fact.value, fact.sources):
                after[name] = old
            else:
                after[name] = replace(fact, as_of=at)
                changed.append((subject, after[name]))
                moved.add(subject)
        if before.keys() - after.keys():
            moved.add(subject)
    facts.replace(tx, gone, changed)
    return moved
