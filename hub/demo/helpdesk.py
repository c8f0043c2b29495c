"""What customers write to the help desk: tickets, with requesters known only by their mail."""

from dataclasses import replace
from datetime import datetime, timedelta

from hub.demo import texts
from hub.demo.draft import Draft
from hub.demo.filing import requester_company, ticket_ref
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
    """Add a ticket, open without `closed`; its subject names the order.

    hours: worked on it; where nobody says, what an answer takes."""
    rng, key = draft.rng, 80000 + len(draft.tickets) + 1
    person = rng.choice(draft.people_of[company.id])
    email, name = _sender(draft, company, person, ticket_ref(key))
    subject = rng.choice(texts.SUBJECTS[kind])
    last = _last_message(draft, opened, closed)
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
        channel=rng.choice(("email", "email", "portal", "phone")),
        tags=(company.trade.lower(),) if draft.chance(0.3) else (),
        requester_name=name,
        requester_email=email,
    )
    draft.tickets.append(_worked_on(draft, _signed(draft, ticket, company, person), hours))
    return draft.tickets[-1]


def _last_message(draft: Draft, opened: datetime, closed: datetime | None) -> datetime:
    latest = draft.at(draft.day(1))
    return closed or min(latest, opened + timedelta(hours=draft.rng.randint(1, 30)))


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


def _signed(draft: Draft, ticket: Ticket, company: Company, person: Person) -> Ticket:
    """Return the ticket with what its requester says of themselves."""
    return replace(
        ticket,
        requester_phone=person.phone if draft.chance(0.35) else "",
        company_name=requester_company(draft, company, ticket_ref(ticket.id)),
        company_city=company.address.city if draft.chance(0.12) else "",
    )


def _worked_on(draft: Draft, ticket: Ticket, hours: float | None) -> Ticket:
    """Return the ticket with what the desk does about it."""
    rng, last = draft.rng, ticket.last_message_at
    answered = last > ticket.opened_at
    return replace(
        ticket,
        replies=(Reply(last, "agent", rng.choice(texts.REPLIES)),) if answered else (),
        due_at=ticket.opened_at + timedelta(days=30),
        hours=rng.choice((0.25, 0.5, 0.75)) if hours is None else hours,
        billable=False,
    )


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
