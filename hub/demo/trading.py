"""What happens with a customer: offers, the orders and projects that follow, whole cases."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from hub.demo import people_names, texts
from hub.demo.billing import add_invoice, pay
from hub.demo.draft import LOCAL, Draft
from hub.demo.filing import client_text
from hub.demo.model import Company, Deal, Order, Project

PROBABILITY = {1: 10, 2: 25, 3: 50, 4: 70, 5: 90}
"""Percent by stage of an open deal."""
BUSY_H = 20
"""Hours that a running project takes in a week at most: so many stand out beside no others, whose
spread counts as at least 4 (R04)."""


@dataclass(frozen=True, slots=True)
class Case:
    """One settled or running business case; days count back from today.

    ends_ago: when delivery was or will be done (negative: still to come).
    """

    won_ago: int
    ends_ago: int
    net_minor: int
    project: bool
    paid: bool = True
    pays_after_due: int = 0
    terms: int = 14


def add_deal(
    draft: Draft,
    company: Company,
    *,
    amount_minor: int,
    stage: int,
    status: str = "Offen",
    closes_in: int = 40,
    silent_days: int = 5,
    age_days: int = 45,
) -> Deal:
    """Add a deal and return it. closes_in: days until (negative: since) it closes or closed."""
    index = len(draft.deals) + 1
    closes = draft.day(-closes_in)
    last = draft.at(draft.day(silent_days))
    deal = Deal(
        id=f"C-{50000 + index}",
        number=f"AN-{draft.day(age_days).year}-{index:05d}",
        account=draft.account_of(company.id),
        contact=draft.contacts_of[company.id][0].id,
        company=company.id,
        vorgang=draft.next_vorgang(),
        name=draft.rng.choice(texts.WORKS),
        amount_minor=amount_minor,
        stage=stage,
        status=status,
        probability={"Gewonnen": 100, "Verloren": 0}.get(status, PROBABILITY[stage]),
        expected_close=closes,
        closed_on=None if status == "Offen" else closes,
        created_at=draft.at(draft.day(age_days)),
        last_activity_at=last,
        updated_at=last,
        owner=draft.rng.choice(people_names.STAFF),
    )
    draft.deals.append(deal)
    return deal


def add_won_deal(draft: Draft, company: Company, *, won_ago: int, amount_minor: int) -> Deal:
    """Add a deal that was won so many days ago; nothing follows yet."""
    return add_deal(
        draft,
        company,
        amount_minor=amount_minor,
        stage=5,
        status="Gewonnen",
        closes_in=-won_ago,
        silent_days=won_ago,
        age_days=won_ago + draft.rng.randint(20, 90),
    )


def add_order(draft: Draft, deal: Deal, *, ends_ago: int, reference: str) -> Order:
    """Add the order that follows a won deal, one to three days after it."""
    assert deal.closed_on
    index = len(draft.orders) + 1
    ordered = min(deal.closed_on + timedelta(days=draft.rng.randint(1, 3)), draft.day(1))
    done = ends_ago >= 0
    order = Order(
        number=f"AU-{ordered.year}-{index:05d}",
        debtor=draft.debtor_of[deal.company].number,
        company=deal.company,
        vorgang=deal.vorgang,
        name=deal.name,
        net_minor=deal.amount_minor,
        status="abgeschlossen" if done else "in Arbeit",
        ordered_on=ordered,
        delivered_on=draft.day(ends_ago) if done else None,
        customer_po_number=f"4500{draft.rng.randrange(10**6):06d}" if draft.chance(0.5) else "",
        reference=reference,
        updated_at=draft.at(draft.day(max(ends_ago, 1)) if done else ordered),
    )
    draft.orders.append(order)
    return order


def offer_reference(draft: Draft, deal: Deal) -> str:
    """Return how a clerk cites the offer in the order."""
    form = draft.rng.choice(("Angebot {}", "Ihr Angebot {}", "{}", "lt. Angebot {}", "zu {}"))
    return form.format(deal.number)


@dataclass(frozen=True, slots=True)
class _Course:
    """How far a project is: percent done and percent of its hours used, and hours by week."""

    progress: int
    burn: int
    planned: int
    weekly: tuple[int, ...]


def _even_course(draft: Draft, deal: Deal, starts: date, end: date) -> _Course:
    """Return the course of a project on which burn follows progress and no week stands out."""
    rng, today = draft.rng, draft.today
    span = max((end - starts).days, 1)
    progress = 100 if end <= today else max(3, min(92, 100 * (today - starts).days // span))
    burn = max(min(progress + rng.randint(-6, 5), 102), 1)
    planned = max(deal.amount_minor // 11000, 8)
    weeks = min(max((min(end, today) - starts).days // 7, 2), 26)
    even = max(planned * burn // 100 // weeks, 2)
    if end > today:
        even = min(even, BUSY_H)
    weekly = tuple(round(even * rng.uniform(0.98, 1.02)) for _ in range(weeks))
    return _Course(progress, burn, planned, weekly)


def add_project(
    draft: Draft, deal: Deal, order: Order | None, *, ends_ago: int, cite_offer: bool = False
) -> Project:
    """Add the project that delivers a won deal; its course is even: burn follows progress.

    ends_ago: days since its end (negative: until its planned end). cite_offer: its name cites the
    offer instead of the order, and its client stands there in full; so it is without an order.
    """
    assert deal.closed_on
    rng, done, end = draft.rng, ends_ago >= 0, draft.day(ends_ago)
    starts = min((order.ordered_on if order else deal.closed_on) + timedelta(days=3), draft.day(1))
    course = _even_course(draft, deal, starts, end)
    cites_offer = cite_offer or order is None
    number = f"P-{starts.year}-{len(draft.projects) + 1:05d}"
    company = draft.companies[deal.company - 1]
    person = rng.choice(draft.people_of[company.id])
    project = Project(
        number=number,
        company=company.id,
        person=person.id,
        vorgang=deal.vorgang,
        name=f"{deal.name} ({order.number if order and not cites_offer else deal.number})",
        client=company.name if cites_offer else client_text(draft, company, number),
        city=company.address.city if cites_offer or draft.chance(0.6) else "",
        contact=f"{person.salutation} {person.family_name}" if draft.chance(0.5) else "",
        order=order.number if order else "",
        offer=deal.number if cites_offer else "",
        status="abgeschlossen" if done else "laufend",
        billing=rng.choice(("Festpreis", "Aufwand")),
        budget_minor=deal.amount_minor,
        hours_planned=course.planned,
        starts_on=starts,
        first_planned_end=end,
        planned_end=end,
        ended_on=end if done else None,
        hours_until=min(end, draft.day(1)),
        updated_at=datetime.combine(starts, time(8), LOCAL),
    )
    draft.projects.append(_under_way(draft, project, course))
    return draft.projects[-1]


def _under_way(draft: Draft, project: Project, course: _Course) -> Project:
    """Return the project as far as its course has brought it."""
    rng, end = draft.rng, project.ended_on
    return replace(
        project,
        progress_pct=course.progress,
        cost_minor=project.budget_minor * course.burn // 125,
        hours_actual=course.planned * course.burn // 100,
        weekly_hours=course.weekly,
        unbilled_minor=0 if end else rng.randrange(2, 90) * 10_000,
        unbilled_since=None if end else max(project.starts_on, draft.day(rng.randint(3, 28))),
        manager=rng.choice(people_names.STAFF),
        updated_at=draft.at(end or draft.day(rng.randint(1, 6))),
    )


def run_case(draft: Draft, company: Company, case: Case) -> Deal:
    """Add a whole business case from the won deal to the receipt, every step linked."""
    deal = add_won_deal(draft, company, won_ago=case.won_ago, amount_minor=case.net_minor)
    cite = case.project and draft.chance(0.15)
    reference = "" if cite else offer_reference(draft, deal)
    order = add_order(draft, deal, ends_ago=case.ends_ago, reference=reference)
    if case.project:
        add_project(draft, deal, order, ends_ago=case.ends_ago, cite_offer=cite)
    if case.ends_ago < 0:
        return deal
    issued = min(draft.day(case.ends_ago) + timedelta(days=2), draft.day(1))
    invoice = add_invoice(
        draft, company, net_minor=case.net_minor, issued=issued, order=order, terms=case.terms
    )
    if case.paid:
        pay(draft, invoice, days_after_due=case.pays_after_due)
    return deal
