"""Observes subjects: reads what the records of a batch say, and stores what has moved."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from hub.alerts import observation
from hub.alerts.business_time import BusinessTime
from hub.alerts.facts import source_observation
from hub.clock import instant_text
from hub.model.fact import Subject
from hub.model.setting import Company, ConnectionInfo
from hub.store import fact_papers, fact_sums, fact_vorgaenge, facts, run_history
from hub.store.database import Tx
from hub.store.fact_papers import Paper, Standing
from hub.store.fact_sums import Day
from hub.store.facts import Observed
from hub.vorgang.golden import Member, golden_record

Seen = dict[Subject, Observed]
PARTS = ("deviation", "conflict")
"""Subjects that are made beside a customer, several of each."""


@dataclass(frozen=True, slots=True)
class Observer:
    """Who looks, and when. feeds: connection -> how many rules read it."""

    company: Company
    now: datetime

    @property
    def day(self) -> Day:
        """Return the day that windows end on."""
        today = BusinessTime(self.company).today(self.now)
        return Day(today, instant_text(self.now), self.company.currency)


def observe(tx: Tx, observer: Observer, subjects: Collection[Subject]) -> dict[Subject, str | None]:
    """Look at subjects again and store what has changed; return those, with their customers.

    With a customer come its deviations and conflicts. Sources are observed apart.
    """
    day = observer.day
    asked = {_whole(subject) for subject in subjects if subject.kind in OBSERVED}
    asked |= _resting_on(tx, asked)
    by_kind: dict[str, list[str]] = {}
    for subject in asked:
        by_kind.setdefault(subject.kind, []).append(subject.id)
    seen: Seen = {}
    customers = sorted(by_kind.pop("customer", ()))
    if customers:
        for part in PARTS:
            asked |= facts.parts_of(tx, part, customers)
        _customers(tx, day, customers, seen)
        asked |= seen.keys()
    moved = facts.settle(tx, asked - _others(asked), seen, day.now)
    # Leads and campaigns look at what stands of customers, so those come first.
    changed = [one.id for one in moved if one.kind == "customer"]
    for one in facts.parts_of(tx, "lead", changed) - asked:
        asked.add(one)
        by_kind.setdefault("lead", []).append(one.id)
    papers = [
        name for kind, names in by_kind.items() if kind in fact_papers.PAPERS for name in names
    ]
    late: Seen = {}
    if papers:
        _papers(tx, day, papers, late)
    for kind, look in _LOOKS.items():
        if by_kind.get(kind):
            look(tx, day, sorted(by_kind[kind]), late)
    return moved | facts.settle(tx, _others(asked), late, day.now)


def _resting_on(tx: Tx, asked: Collection[Subject]) -> set[Subject]:
    """Return what is observed by way of what was asked for.

    A deal counts the orders of its quotes and the projects of its orders; a project what its orders
    are billed; an invoice names its order's value; a contact speaks for papers without a name.
    """
    ids: dict[str, list[str]] = {}
    for subject in asked:
        ids.setdefault(subject.kind, []).append(subject.id)
    orders = ids.get("order", [])
    ties = fact_papers.linked(tx, [*orders, *ids.get("quote", ())])
    quotes = {one for links in ties.values() for one in links.get("quote", ())}
    ties |= fact_papers.linked(tx, quotes)
    found = {Subject("deal", one) for links in ties.values() for one in links.get("deal", ())}
    if orders:
        projects = fact_papers.projects_of(tx, "order", orders)
        found |= {Subject("project", project) for _, project in projects}
        found |= {Subject("invoice", one) for one in fact_papers.hanging_on(tx, orders, "invoice")}
    return found | facts.parts_of(tx, "contact", ids.get("customer", ()))


def _whole(subject: Subject) -> Subject:
    """Return what is observed: a deviation or conflict comes with its customer."""
    if subject.kind in PARTS:
        return Subject("customer", subject.id.partition("/")[0])
    return subject


def _others(asked: Iterable[Subject]) -> set[Subject]:
    return {one for one in asked if one.kind != "customer" and one.kind not in PARTS}


def observe_sources(
    tx: Tx,
    connections: Sequence[ConnectionInfo],
    feeds: Mapping[str, int],
    now: datetime,
    names: Collection[str],
) -> dict[Subject, dict[str, Any]]:
    """Look at connections again; one that is not in use any more has no facts.

    Returns each as evidence names it, with its last runs.
    """
    wanted = [one for one in connections if one.name in names]
    history = run_history.recent(tx, [one.name for one in wanted])
    losing = [
        name for name, some in history.items() if some[0].total("deleted") or some[0].total("held")
    ]
    living = run_history.living(tx, losing)
    seen = {
        Subject("source", one.name): Observed(
            None,
            one.name,
            source_observation(
                one, history.get(one.name, []), living.get(one.name), feeds.get(one.name, 0)
            ),
        )
        for one in wanted
    }
    facts.settle(tx, [Subject("source", name) for name in names], seen, instant_text(now))
    return {
        Subject("source", one.name): {
            "connection": one.name,
            "system": one.system,
            "runs": [
                {"id": run.id, "state": run.state, "started_at": run.started_at, "error": run.error}
                for run in history.get(one.name, ())[:3]
            ],
        }
        for one in wanted
    }


# --- customers ----------------------------------------------------------------------------------


def _customers(tx: Tx, day: Day, ids: Sequence[str], seen: Seen) -> None:
    sums = fact_sums.customers(tx, ids, day)
    records = fact_papers.organizations(tx, sums)
    for customer, each in sums.items():
        own = records.get(customer, [])
        score = min((one.score for one in own if one.score is not None), default=1.0)
        fields = [one.fields for one in own]
        found = observation.customer(each, fields, score, day.currency)
        seen[Subject("customer", customer)] = Observed(customer, None, found)
    _deviations(tx, day, sums, seen)
    _conflicts(tx, day, records, sums, seen)


def _deviations(tx: Tx, day: Day, ids: Collection[str], seen: Seen) -> None:
    last = day.today.replace(day=1) - timedelta(days=1)
    since = f"{last.year - 1:04}-{last.month:02}-01"
    sums = fact_papers.monthly(tx, ids, since, last.isoformat(), day.currency)
    for metric, customers in sums.items():
        for customer, months in customers.items():
            found = observation.deviation(metric, months, last)
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
        for name in observation.COMPARED
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
            **_dates(day, before, values),
            "has_open_invoice": bool(mine.get("owed_invoices")),
            "payment_due_on": mine.get("next_due"),
        }
        seen[subject] = Observed(customer, None, observation.known(found))


def _values(records: Sequence[Standing], name: str) -> dict[str, list[Standing]]:
    values: dict[str, list[Standing]] = {}
    for one in records:
        value = observation.compared(one.fields, name)
        if value is not None:
            values.setdefault(value, []).append(one)
    connections = {one.connection for some in values.values() for one in some}
    return values if len(connections) > 1 else {}


def _dates(
    day: Day, before: Mapping[str, Any] | None, values: Mapping[str, Sequence[Standing]]
) -> dict[str, str | None]:
    """Return since when values compete, and when one of them last changed.

    At first sight the newest record tells; that one changed is only known of a later version.
    """
    if before is None:
        every = [one for some in values.values() for one in some]
        later = [one.fetched_at for one in every if one.version > 1]
        return {
            "since_on": max(one.fetched_at for one in every)[:10],
            "changed_on": max(later)[:10] if later else None,
        }
    same = set(before.get("values", ())) == set(values)
    return {
        "since_on": before.get("since_on"),
        "changed_on": before.get("changed_on") if same else day.today.isoformat(),
    }


# --- papers -------------------------------------------------------------------------------------


def _papers(tx: Tx, day: Day, refs: Sequence[str], seen: Seen) -> None:
    found: dict[str, list[Paper]] = {}
    for paper in fact_papers.papers(tx, refs):
        found.setdefault(paper.kind, []).append(paper)
    for kind, papers in found.items():
        made = _MAKERS[kind](tx, day, papers)
        for paper in papers:
            customer = next(iter(paper.links.get("organization", ())), None)
            seen[Subject(kind, paper.ref)] = Observed(customer, paper.connection, made[paper.ref])


Made = dict[str, dict[str, Any]]


def _refs(papers: Iterable[Paper]) -> list[str]:
    return [paper.ref for paper in papers]


def _deals(tx: Tx, day: Day, papers: Sequence[Paper]) -> Made:
    won = [paper.ref for paper in papers if paper.fields.get("status") == "won"]
    orders = fact_papers.orders_of_deals(tx, won)
    projects = fact_papers.projects_of(tx, "deal", won)
    of_orders: dict[str, set[str]] = {}
    for order, project in fact_papers.projects_of(tx, "order", {order for _, order in orders}):
        of_orders.setdefault(order, set()).add(project)
    n_orders: dict[str, set[str]] = {}
    n_projects: dict[str, set[str]] = {}
    for deal, project in projects:
        n_projects.setdefault(deal, set()).add(project)
    for deal, order in orders:
        n_orders.setdefault(deal, set()).add(order)
        n_projects.setdefault(deal, set()).update(of_orders.get(order, ()))
    return {
        one.ref: observation.deal(
            one.fields,
            day.currency,
            orders=len(n_orders.get(one.ref, ())),
            projects=len(n_projects.get(one.ref, ())),
        )
        for one in papers
    }


def _quotes(_: Tx, day: Day, papers: Sequence[Paper]) -> Made:
    return {one.ref: observation.quote(one.fields, day.currency) for one in papers}


def _orders(tx: Tx, day: Day, papers: Sequence[Paper]) -> Made:
    sums = fact_papers.invoiced(tx, _refs(papers), "order", day.currency)
    return {
        one.ref: observation.order(one.fields, day.currency, sums.get(one.ref, {}))
        for one in papers
    }


def _invoices(tx: Tx, day: Day, papers: Sequence[Paper]) -> Made:
    refs = _refs(papers)
    credits = fact_papers.credited(tx, refs, day.currency)
    dunned = fact_papers.dunned(tx, refs)
    orders = {one.ref: one.links["order"][0] for one in papers if "order" in one.links}
    ordered = fact_papers.ordered(tx, set(orders.values()), day.currency)
    made = {}
    for one in papers:
        found = observation.invoice(
            one.fields,
            day.currency,
            credits=credits.get(one.ref, {}),
            dunned=dunned.get(one.ref, {}),
            ordered_net=ordered.get(orders.get(one.ref, "")),
            has_company="organization" in one.links,
        )
        if "project" in one.links:
            found["projects"] = one.links["project"]
        made[one.ref] = found
    return made


def _tickets(tx: Tx, _: Day, papers: Sequence[Paper]) -> Made:
    running = [one.ref for one in papers if observation.GROUPS.get(one.fields.get("status", ""))]
    worked = fact_papers.worked(tx, running, "ticket")
    return {
        one.ref: observation.ticket(one.fields, one.links, worked.get(one.ref, {}))
        for one in papers
    }


def _contracts(tx: Tx, day: Day, papers: Sequence[Paper]) -> Made:
    worked = fact_papers.worked(tx, _refs(papers), "contract")
    return {
        one.ref: observation.contract(one.fields, day.currency, worked.get(one.ref, {}))
        for one in papers
    }


def _leads(tx: Tx, _: Day, papers: Sequence[Paper]) -> Made:
    of = {one.ref: one.links["organization"][0] for one in papers if "organization" in one.links}
    customers = facts.of_subjects(tx, {Subject("customer", one) for one in of.values()})
    made = {}
    for one in papers:
        stored = customers.get(Subject("customer", of.get(one.ref, "")))
        made[one.ref] = observation.lead(one.fields, stored.found if stored else None)
    return made


def _campaigns(tx: Tx, day: Day, papers: Sequence[Paper]) -> Made:
    audiences = fact_papers.audiences(tx, _refs(papers))
    persons = {person for some in audiences.values() for person in some}
    consenting = fact_papers.consenting(tx, persons, day.today.isoformat())
    employers = fact_papers.employers(tx, persons)
    companies = {one for some in employers.values() for one in some}
    stored = facts.of_subjects(tx, {Subject("customer", one) for one in companies})
    troubled = {
        name: {one.id for one, each in stored.items() if each.found.get(part)}
        for name, part in (("complaint", "open_complaints"), ("dunned", "dunning_level"))
    }
    made = {}
    for one in papers:
        audience = audiences.get(one.ref)
        counted = audience and {
            "all": len(audience),
            "no_consent": len(audience - consenting),
            **{
                name: sum(1 for person in audience if employers.get(person, set()) & some)
                for name, some in troubled.items()
            },
        }
        made[one.ref] = observation.campaign(one.fields, counted or None)
    return made


_MAKERS: Mapping[str, Callable[[Tx, Day, Sequence[Paper]], Made]] = {
    "lead": _leads,
    "deal": _deals,
    "quote": _quotes,
    "order": _orders,
    "invoice": _invoices,
    "ticket": _tickets,
    "contract": _contracts,
    "campaign": _campaigns,
}


# --- entities and business cases ----------------------------------------------------------------


def _projects(tx: Tx, day: Day, ids: Sequence[str], seen: Seen) -> None:
    members = fact_papers.members(tx, "project", ids)
    hanging = _hanging(tx, day, members)
    stored = facts.of_subjects(tx, [Subject("project", one) for one in members])
    for project, papers in members.items():
        fields = _golden(papers)
        found = observation.project(fields, day.currency, hanging.get(project, {}))
        subject = Subject("project", project)
        before = stored[subject].found if subject in stored else {}
        found |= _course(day, before, found.get("expected_end"))
        connections = {paper.connection for paper in papers}
        connection = papers[0].connection if len(connections) == 1 else None
        companies = [one for paper in papers for one in paper.links.get("organization", ())]
        seen[subject] = Observed(next(iter(companies), None), connection, found)


def _golden(papers: Sequence[Paper]) -> Mapping[str, Any]:
    if len(papers) == 1:
        return papers[0].fields
    golden = golden_record([Member(one.ref, one.connection, "", one.fields) for one in papers])
    return {name: each["value"] for name, each in golden.items()}


def _hanging(tx: Tx, day: Day, members: Mapping[str, Sequence[Paper]]) -> fact_papers.Sums:
    """Return what hours, milestones, orders and invoices of each project add up to."""
    ids = list(members)
    found: fact_papers.Sums = {one: {} for one in ids}
    for sums in (
        fact_papers.unbilled(tx, ids, day.currency),
        fact_papers.planned_milestones(tx, ids, day.currency),
        fact_papers.change_requests(tx, ids),
        fact_papers.invoiced(tx, ids, "project", day.currency),
    ):
        for project, values in sums.items():
            found[project].update(values)
    for project, values in fact_papers.worked(tx, ids, "project").items():
        found[project]["booked"] = values["hours"]
    for project, days in fact_papers.weekly_hours(tx, ids).items():
        found[project]["days"] = days
    orders = {
        project: {one for paper in papers for one in paper.links.get("order", ())}
        for project, papers in members.items()
    }
    every = {one for some in orders.values() for one in some}
    nets = fact_papers.ordered(tx, every, day.currency)
    billed = fact_papers.invoiced(tx, every, "order", day.currency)
    for project, some in orders.items():
        known = [nets[one] for one in some if one in nets]
        if known and None not in known:
            found[project]["ordered_net"] = sum(net for net in known if net is not None)
            of_orders = sum(billed.get(one, {}).get("invoiced_net") or 0 for one in some)
            mine = found[project].get("invoiced_net") or 0
            found[project]["invoiced_net"] = max(mine, of_orders)
    return found


def _course(day: Day, before: Mapping[str, Any], end: str | None) -> dict[str, Any]:
    """Return when which end was expected: [day, end], as far back as a slip is counted."""
    ends = [list(one) for one in before.get("ends", ())]
    if end is not None and (not ends or ends[-1][1] != end):
        ends.append([day.today.isoformat(), end])
    while len(ends) > 1 and ends[1][0] <= day.ago(60):
        ends.pop(0)
    return {"ends": ends[-20:]} if ends else {}


def _contacts(tx: Tx, _: Day, ids: Sequence[str], seen: Seen) -> None:
    members = fact_papers.members(tx, "person", ids)
    own = fact_papers.of_persons(tx, list(members))
    company = {
        person: next((one for paper in papers for one in paper.links.get("organization", ())), None)
        for person, papers in members.items()
    }
    nameless = fact_papers.nameless(tx, {one for one in company.values() if one})
    for person, papers in members.items():
        customer = company[person]
        found = observation.contact(
            [paper.fields for paper in papers],
            own.get(person, {}),
            nameless.get(customer or "", {}),
        )
        seen[Subject("contact", person)] = Observed(customer, None, found)


def _vorgaenge(tx: Tx, _: Day, ids: Sequence[str], seen: Seen) -> None:
    for one, (customer, found) in fact_vorgaenge.cases(tx, ids).items():
        seen[Subject("vorgang", one)] = Observed(customer, None, observation.known(found))


_LOOKS: Mapping[str, Callable[[Tx, Day, Sequence[str], Seen], None]] = {
    "project": _projects,
    "contact": _contacts,
    "vorgang": _vorgaenge,
}
OBSERVED = frozenset({"customer", *PARTS, *fact_papers.PAPERS, *_LOOKS})
