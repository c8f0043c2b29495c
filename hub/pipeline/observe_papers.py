"""Observes papers: leads, deals, quotes, orders, invoices, tickets, contracts and campaigns."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from hub.alerts import papers as of_paper
from hub.alerts.consent import agrees
from hub.model.day import Day
from hub.model.fact import Subject
from hub.store import fact_papers, fact_persons, facts
from hub.store.database import Tx
from hub.store.fact_papers import Paper
from hub.store.facts import Observed, Seen


def see_papers(tx: Tx, day: Day, some: Iterable[Paper], seen: Seen) -> None:
    found: defaultdict[str, list[Paper]] = defaultdict(list)
    for paper in some:
        found[paper.kind].append(paper)
    for kind, papers in found.items():
        made = _MAKERS[kind](tx, day, papers)
        for (ref, _, connection, _, links), each in zip(papers, made, strict=True):
            customer = links["organization"][0] if "organization" in links else None
            seen[Subject(kind, ref)] = Observed(customer, connection, each)


Made = list[dict[str, Any]]
"""What was found of each paper, in their order."""
_NOTHING: Mapping[str, Any] = {}


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
    return [
        of_paper.deal(
            one.fields,
            day.currency,
            orders=len(n_orders.get(one.ref, ())),
            projects=len(n_projects.get(one.ref, ())),
        )
        for one in papers
    ]


def _quotes(_: Tx, day: Day, papers: Sequence[Paper]) -> Made:
    return [of_paper.quote(one.fields, day.currency) for one in papers]


def _orders(tx: Tx, day: Day, papers: Sequence[Paper]) -> Made:
    sums = fact_papers.invoiced(tx, _refs(papers), "order", day.currency)
    return [of_paper.order(one.fields, day.currency, sums.get(one.ref, {})) for one in papers]


def _invoices(tx: Tx, day: Day, papers: Sequence[Paper]) -> Made:
    refs = _refs(papers)
    credits = fact_papers.credited(tx, refs, day.currency)
    dunned = fact_papers.dunned(tx, refs)
    orders = {one.ref: one.links["order"][0] for one in papers if "order" in one.links}
    ordered = fact_papers.ordered(tx, set(orders.values()), day.currency)
    of_orders: dict[str, list[str]] = {}
    for order, project in sorted(fact_papers.projects_of(tx, "order", set(orders.values()))):
        of_orders.setdefault(order, []).append(project)
    made = []
    for one in papers:
        found = of_paper.invoice(
            one.fields,
            day.currency,
            credits=credits.get(one.ref, _NOTHING),
            dunned=dunned.get(one.ref, _NOTHING),
            ordered_net=ordered.get(orders.get(one.ref, "")),
            has_company="organization" in one.links,
        )
        projects = one.links.get("project") or of_orders.get(orders.get(one.ref, ""))
        if projects:
            found["projects"] = projects
        made.append(found)
    return made


def _tickets(tx: Tx, _: Day, papers: Sequence[Paper]) -> Made:
    running = [one.ref for one in papers if of_paper.GROUPS.get(one.fields.get("status", ""))]
    worked = fact_papers.worked(tx, running, "ticket")
    return [of_paper.ticket(one.fields, one.links, worked.get(one.ref, {})) for one in papers]


def _contracts(tx: Tx, day: Day, papers: Sequence[Paper]) -> Made:
    worked = fact_papers.worked(tx, _refs(papers), "contract")
    return [of_paper.contract(one.fields, day.currency, worked.get(one.ref, {})) for one in papers]


def _leads(tx: Tx, _: Day, papers: Sequence[Paper]) -> Made:
    of = {one.ref: one.links["organization"][0] for one in papers if "organization" in one.links}
    customers = facts.of_subjects(tx, {Subject("customer", one) for one in of.values()})
    made = []
    for one in papers:
        stored = customers.get(Subject("customer", of.get(one.ref, "")))
        made.append(of_paper.lead(one.fields, stored.found if stored else None))
    return made


def _campaigns(tx: Tx, day: Day, papers: Sequence[Paper]) -> Made:
    audiences = _audiences(tx, papers)
    persons = {person for some in audiences.values() for person in some}
    said, today = fact_persons.consents(tx, persons), day.today.isoformat()
    employers = fact_persons.employers(tx, persons)
    companies = {one for some in employers.values() for one in some}
    stored = facts.of_subjects(tx, {Subject("customer", one) for one in companies})
    troubled = {
        name: {one.id for one, each in stored.items() if each.found.get(part)}
        for name, part in (("complaint", "open_complaints"), ("dunned", "dunning_level"))
    }
    made = []
    for one in papers:
        audience = audiences.get(one.ref)
        counted: dict[str, int] | None = None
        if audience is not None:
            channel = one.fields.get("channel")
            agreed = sum(agrees(said.get(each, ()), channel, today) for each in audience)
            counted = {"all": len(audience), "no_consent": len(audience) - agreed}
            for name, some in troubled.items():
                counted[name] = sum(1 for each in audience if employers.get(each, set()) & some)
        made.append(of_paper.campaign(one.fields, counted))
    return made


def _audiences(tx: Tx, papers: Sequence[Paper]) -> dict[str, set[str]]:
    """Return the persons each campaign is meant for, where that is known.

    That a list is empty is known where its source says so, or where the hub has seen it full: one
    that was never sent, and one whose persons are not there, are none.
    """
    touched = fact_persons.audiences(tx, _refs(papers))
    stored = facts.of_subjects(tx, {Subject("campaign", one.ref) for one in papers})
    found = {ref: {one for one in some if one} for ref, some in touched.items() if any(some)}
    for one in papers:
        before = stored.get(Subject("campaign", one.ref))
        was_known = before is not None and "no_consent" in before.found
        if one.ref not in touched and (one.fields.get("audience") == 0 or was_known):
            found[one.ref] = set()
    return found


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
