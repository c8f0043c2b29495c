"""What customers write to the help desk: tickets, with requesters known only by their mail."""

from datetime import datetime, timedelta

from hub.demo import texts
from hub.demo.draft import Draft
from hub.demo.filing import requester_company
from hub.demo.model import Company, Order, Person, Reply, Ticket

CLOSED = ("solved", "closed")


def add_ticket(
    draft: Draft,
    company: Company,
    *,
    kind: str,
    priority: str,
    opened: datetime,
    closed: datetime | None = None,
    order: Order | None = None,
    hours: float | None = None,
) -> Ticket:
    """Add a ticket and return it; without `closed` it is open. order: the one its subject names.

    hours: worked on it; where nobody says, what an answer takes.
    """
    rng, key = draft.rng, 80000 + len(draft.tickets) + 1
    ref = f"helpdesk:tickets:{key}"
    person = rng.choice(draft.people_of[company.id])
    email, name = _sender(draft, company, person, ref)
    subject = rng.choice(texts.SUBJECTS[kind])
    latest = draft.at(draft.day(1))
    last = closed or min(latest, opened + timedelta(hours=rng.randint(1, 30)))
    ticket = Ticket(
        id=key,
        company=company.id,
        person=person.id if name else None,
        vorgang=order.vorgang if order else None,
        subject=f"{subject} ({order.number})" if order else subject,
        text=f"Guten Tag, {subject}. Bitte melden Sie sich. {name}".strip(),
        kind=kind,
        status=rng.choice(CLOSED) if closed else rng.choice(("new", "open")),
        priority=priority,
        opened_at=opened,
        closed_at=closed,
        last_message_at=last,
        updated_at=last,
        reopened=0,
        channel=rng.choice(("email", "email", "portal", "phone")),
        tags=(company.trade.lower(),) if draft.chance(0.3) else (),
        requester_name=name,
        requester_email=email,
        requester_phone=person.phone if draft.chance(0.35) else "",
        company_name=requester_company(draft, company, ref),
        company_city=company.address.city if draft.chance(0.12) else "",
        replies=(Reply(last, "agent", rng.choice(texts.REPLIES)),) if last > opened else (),
        due_at=opened + timedelta(days=30),
        hours=rng.choice((0.25, 0.5, 0.75)) if hours is None else hours,
        billable=False,
    )
    draft.tickets.append(ticket)
    return ticket


def _sender(draft: Draft, company: Company, person: Person, ref: str) -> tuple[str, str]:
    """Return the mail address and the name of a requester; a role mailbox names nobody."""
    if draft.chance(0.06):
        draft.dirt["role mailbox"].append(ref)
        return company.email, ""
    name = f"{person.given_name} {person.family_name}"
    if draft.chance(0.08):
        name = f"{person.given_name[0]}. {person.family_name}"
        draft.dirt["given name shortened"].append(ref)
    return person.email, name


def add_settled_tickets(draft: Draft, company: Company, count: int) -> None:
    """Add tickets of the past two years that were answered within two days."""
    for _ in range(count):
        kind = draft.rng.choices(
            ("incident", "request", "change", "billing", "complaint"), (50, 30, 8, 10, 2)
        )[0]
        priority = draft.rng.choices(("low", "normal", "high", "urgent"), (20, 55, 20, 5))[0]
        opened = draft.at(draft.day(draft.rng.randint(6, 700)))
        closed = opened + timedelta(hours=draft.rng.randint(2, 46))
        add_ticket(draft, company, kind=kind, priority=priority, opened=opened, closed=closed)
