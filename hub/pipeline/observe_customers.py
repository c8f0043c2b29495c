"""Observes customers, and what is made beside them: deviations and conflicts."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from hub.alerts import contradiction, deviation, entities
from hub.alerts.observation import day as day_of
from hub.alerts.observation import known
from hub.alerts.tally import COUNTED, Tally, Window
from hub.model.day import Day
from hub.model.fact import Subject
from hub.model.paper_status import OVER_INVOICE
from hub.store import fact_papers, fact_sums, facts
from hub.store.database import Tx
from hub.store.fact_papers import Paper, Standing
from hub.store.facts import Observed, Seen


@dataclass(slots=True)
class Kept:
    """Papers that were read to be added up, and are looked at themselves as well.

    wanted: their refs; None for all that a customer has. ties: links that are known already. tied:
    those that are linked to more than one customer. running: invoices that are not over, each with
    its customer.
    """

    wanted: Collection[str] | None
    ties: fact_papers.Ties
    read: dict[str, Paper] = field(default_factory=dict)
    tied: set[str] = field(default_factory=set)
    running: list[tuple[str, str]] = field(default_factory=list)


def see_customers(tx: Tx, day: Day, ids: Sequence[str], seen: Seen, kept: Kept) -> None:
    living = fact_sums.living(tx, ids)
    tallies = tallied(tx, Window(day), living, kept=kept)
    kept.ties |= fact_papers.linked(tx, kept.tied - kept.ties.keys())
    for ref in kept.tied & kept.ties.keys():
        kept.read[ref] = kept.read[ref]._replace(links=kept.ties[ref])
    records = fact_papers.organizations(tx, living)
    dunned, questions = _dunned(tx, kept.running), fact_sums.questions(tx, living)
    sums: dict[str, dict[str, Any]] = {}
    for customer in living:
        each = sums[customer] = tallies[customer].sums() if customer in tallies else {}
        changes_at = each.pop("changes_at", None)
        if customer in dunned:
            each["dunned_level"] = dunned[customer]
        if customer in questions:
            each["questions"] = questions[customer]
        own = records.get(customer, [])
        score = min((one.score for one in own if one.score is not None), default=1.0)
        found = entities.customer(each, [one.fields for one in own], score, day.currency)
        seen[Subject("customer", customer)] = Observed(customer, None, found, changes_at)
    _deviations(day, tallies, seen)
    _conflicts(tx, day, records, sums, seen)


def see_deviations(tx: Tx, day: Day, ids: Collection[str], seen: Seen) -> None:
    """Look at the last whole month of customers; it stands until the next one is over."""
    _deviations(day, tallied(tx, Window(day), ids, ("invoice", "payment")), seen)


def tallied(
    tx: Tx,
    window: Window,
    ids: Collection[str],
    kinds: Collection[str] = COUNTED,
    kept: Kept | None = None,
) -> dict[str, Tally]:
    """Return what the papers of customers add up to; who has none is left out."""
    found: dict[str, Tally] = {}
    only: dict[str, dict[str, list[str]]] = {}  # what all papers of one customer are linked to
    wanted: Collection[str] | None = () if kept is None else kept.wanted
    reads = kinds if kept is None else {*kinds, *fact_papers.OF_CUSTOMERS}
    for customer, ref, kind, connection, status, fields, is_tied in fact_sums.papers(
        tx, ids, reads
    ):
        mine = found.get(customer)
        if mine is None:
            mine = found[customer] = Tally()
            only[customer] = {"organization": [customer]}
        mine.add(kind, status, fields, window)
        if kept is None:
            continue
        if kind == "invoice" and status not in OVER_INVOICE:
            kept.running.append((ref, customer))
        if kind in fact_papers.OF_CUSTOMERS if wanted is None else ref in wanted:
            kept.read[ref] = Paper(ref, kind, connection, fields, only[customer])
            if is_tied:
                kept.tied.add(ref)
    return found


def _dunned(tx: Tx, running: Sequence[tuple[str, str]]) -> dict[str, float]:
    """Return the highest level of the dunnings sent for invoices each customer still owes."""
    sent = fact_papers.dunned(tx, {ref for ref, _ in running})
    found: dict[str, float] = {}
    for ref, customer in running:
        level = sent[ref]["dunned_level"] if ref in sent else None
        if level is not None:
            found[customer] = max(level, found.get(customer, level))
    return found


def _deviations(day: Day, tallies: Mapping[str, Tally], seen: Seen) -> None:
    last = day.today.replace(day=1) - timedelta(days=1)
    for customer, tally in tallies.items():
        for metric, months in tally.months().items():
            found = deviation.deviation(metric, months, last) if months else None
            if found:
                subject = Subject("deviation", f"{customer}/{metric}")
                seen[subject] = Observed(customer, None, found)


def _conflicts(
    tx: Tx,
    day: Day,
    records: Mapping[str, Sequence[Standing]],
    sums: Mapping[str, Mapping[str, Any]],
    seen: Seen,
) -> None:
    apart = {
        Subject("conflict", f"{customer}/{name}"): (customer, name, values)
        for customer, some in records.items()
        if len({one.connection for one in some}) > 1
        for name in contradiction.COMPARED
        if len(values := _values(some, name)) > 1
    }
    stored = facts.of_subjects(tx, apart)
    for subject, (customer, name, values) in apart.items():
        before = stored[subject].found if subject in stored else None
        mine = sums.get(customer, {})
        found = {
            "field": name,
            "systems": len({one.connection for some in values.values() for one in some}),
            "values": {
                value: sorted({one.connection for one in some}) for value, some in values.items()
            },
            **_dates(day, name, before, values),
            "has_open_invoice": bool(mine.get("owed_invoices")),
            "payment_due_on": mine.get("next_due"),
        }
        seen[subject] = Observed(customer, None, known(found))


def _values(records: Sequence[Standing], name: str) -> dict[str, list[Standing]]:
    values: dict[str, list[Standing]] = {}
    for one in records:
        value = contradiction.compared(one.fields, name)
        if value is not None:
            values.setdefault(value, []).append(one)
    connections = {one.connection for some in values.values() for one in some}
    return values if len(connections) > 1 else {}


def _dates(
    day: Day, name: str, before: Mapping[str, Any] | None, values: Mapping[str, Sequence[Standing]]
) -> dict[str, str | None]:
    """Return since when values compete, and when one of them last changed.

    At first sight the record tells that its source changed last, or that came last where a source
    does not say. That a value changed is known of a later version, or of a source that says so.
    """
    if before is None:
        every = [one for some in values.values() for one in some]
        later = [one.fetched_at[:10] for one in every if one.version > 1]
        later += [said for one in every if (said := day_of(one.fields, f"{name}_changed_on"))]
        return {
            "since_on": max(_changed_on(one) for one in every),
            "changed_on": max(later, default=None),
        }
    same = set(before.get("values", ())) == set(values)
    return {
        "since_on": before.get("since_on"),
        "changed_on": before.get("changed_on") if same else day.today.isoformat(),
    }


def _changed_on(one: Standing) -> str:
    """Return the day a record was as it is: by its source, never later than the hub saw it."""
    seen = one.fetched_at[:10]
    return min(day_of(one.fields, "updated_at") or seen, seen)
