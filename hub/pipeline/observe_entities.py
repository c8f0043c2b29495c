"""Observes projects, contacts and business cases, each made of several records."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from hub.alerts import course, entities, peers
from hub.alerts.observation import known
from hub.model.day import Day
from hub.model.fact import Subject
from hub.model.money import base_amount
from hub.store import fact_papers, fact_persons, fact_projects, fact_vorgaenge, facts, project_norms
from hub.store.database import Tx
from hub.store.fact_papers import Paper
from hub.store.facts import Observed, Seen
from hub.vorgang.golden import Member, golden_record

SLIP_DAYS = 60
"""How long it is remembered which end of a project was expected before."""


def _projects(tx: Tx, day: Day, ids: Sequence[str], seen: Seen) -> None:
    members = fact_papers.members(tx, "project", ids)
    hanging = _hanging(tx, day, members)
    stored = facts.of_subjects(tx, [Subject("project", one) for one in members])
    norms = project_norms.all_of(tx)
    for project, papers in members.items():
        fields = _golden(papers)
        subject = Subject("project", project)
        before = stored[subject].found if subject in stored else {}
        cost = base_amount(fields, "cost_actual_minor", day.currency)
        costs = course.costs_seen(before.get("costs", ()), day.today, cost)
        found = entities.project(fields, day.currency, {**hanging.get(project, {}), "costs": costs})
        found |= {"costs": costs} if costs else {}
        found |= _course(day, before, found.get("expected_end"))
        found |= peers.beside_peers(found, norms, before, day.today.isoformat())
        connections = {paper.connection for paper in papers}
        connection = papers[0].connection if len(connections) == 1 else None
        companies = [one for paper in papers for one in paper.links.get("organization", ())]
        seen[subject] = Observed(
            next(iter(companies), None), connection, found, _forgets_on(found.get("ends", ()))
        )


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
        fact_projects.unbilled(tx, ids, day.currency),
        fact_projects.planned_milestones(tx, ids, day.currency),
        fact_projects.change_requests(tx, ids),
        fact_papers.invoiced(tx, ids, "project", day.currency),
    ):
        for project, values in sums.items():
            found[project].update(values)
    for project, values in fact_papers.worked(tx, ids, "project").items():
        found[project]["booked"] = values["hours"]
    for project, days in fact_projects.weekly_hours(tx, ids).items():
        found[project]["days"] = days
    orders = {
        project: {one for paper in papers for one in paper.links.get("order", ())}
        for project, papers in members.items()
    }
    every = {one for some in orders.values() for one in some}
    nets = fact_papers.ordered(tx, every, day.currency)
    billed = fact_papers.invoiced(tx, every, "order", day.currency)
    for project, some in orders.items():
        priced = [nets[one] for one in some if one in nets]
        if priced and None not in priced:
            found[project]["ordered_net"] = sum(net for net in priced if net is not None)
            of_orders = sum(billed.get(one, {}).get("invoiced_net") or 0 for one in some)
            mine = found[project].get("invoiced_net") or 0
            found[project]["invoiced_net"] = max(mine, of_orders)
    return found


def _course(day: Day, before: Mapping[str, Any], end: str | None) -> dict[str, Any]:
    """Return when which end was expected: [day, end], as far back as a slip is counted."""
    ends = [list(one) for one in before.get("ends", ())]
    if end is not None and (not ends or ends[-1][1] != end):
        ends.append([day.today.isoformat(), end])
    while len(ends) > 1 and ends[1][0] <= day.ago(SLIP_DAYS):
        ends.pop(0)
    return {"ends": ends[-20:]} if ends else {}


def _forgets_on(ends: Sequence[Sequence[str]]) -> str | None:
    """Return the day on which the first of several ends is too long ago to count for a slip."""
    if len(ends) < 2:
        return None
    return (date.fromisoformat(ends[1][0]) + timedelta(days=SLIP_DAYS)).isoformat()


def _contacts(tx: Tx, _: Day, ids: Sequence[str], seen: Seen) -> None:
    members = fact_papers.members(tx, "person", ids)
    own = fact_persons.of_persons(tx, list(members))
    company = {
        person: next((one for paper in papers for one in paper.links.get("organization", ())), None)
        for person, papers in members.items()
    }
    nameless = fact_persons.nameless(tx, {one for one in company.values() if one})
    for person, papers in members.items():
        customer = company[person]
        found = entities.contact(
            [paper.fields for paper in papers],
            own.get(person, {}),
            nameless.get(customer or "", {}),
        )
        seen[Subject("contact", person)] = Observed(customer, None, found)


def _vorgaenge(tx: Tx, day: Day, ids: Sequence[str], seen: Seen) -> None:
    for one, (customer, found) in fact_vorgaenge.cases(tx, ids, day.currency).items():
        seen[Subject("vorgang", one)] = Observed(customer, None, known(found))


LOOKS: Mapping[str, Callable[[Tx, Day, Sequence[str], Seen], None]] = {
    "project": _projects,
    "contact": _contacts,
    "vorgang": _vorgaenge,
}
