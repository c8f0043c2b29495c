"""Adds what goes with the papers of a finished draft; nothing here is drawn, all of it follows."""

from collections.abc import Iterator
from datetime import date, timedelta

from hub.demo import people_names
from hub.demo.draft import Draft
from hub.demo.model import Deal, Invoice, Ticket
from hub.demo.papers import (
    Activity,
    Article,
    Asset,
    CreditNote,
    Delivery,
    Line,
    Message,
    Milestone,
    Papers,
    Reminder,
    Seller,
    Task,
)

ARTICLES = (
    Article("ART-1010", "Schaltschrank", 240_000),
    Article("ART-1020", "SPS-Steuerung", 180_000),
    Article("ART-1030", "Frequenzumrichter", 95_000),
    Article("ART-1040", "Bedienpanel", 64_000),
    Article("ART-1050", "Sensorik", 12_000),
    Article("ART-2010", "Montage und Inbetriebnahme", 11_000),
    Article("ART-2020", "Programmierung", 12_500),
)
WORK = ARTICLES[-2:]
"""Sold by the hour."""
REMINDED_EVERY = timedelta(days=14)
TEAMS = (("sales", "Vertrieb Süd"), ("sales", "Vertrieb Nord"), ("delivery", "Projekte"))
ITEMIZED_DAYS = 365
"""Invoices of the last year have their lines in the export."""


def accompany(draft: Draft) -> Papers:
    """Return what goes with the papers of a draft to which nothing will be added any more."""
    return Papers(
        deliveries=tuple(_deliveries(draft)),
        reminders=tuple(_reminders(draft)),
        credits=tuple(_credits(draft)),
        articles=ARTICLES,
        invoice_lines=tuple(_invoice_lines(draft)),
        offer_lines=tuple(_offer_lines(draft)),
        assets=tuple(_assets(draft)),
        milestones=tuple(_milestones(draft)),
        tasks=tuple(_tasks(draft)),
        activities=tuple(_activities(draft)),
        messages=tuple(_messages(draft)),
        sellers=tuple(_sellers()),
        opposed=tuple(_opposed(draft)),
    )


def _deliveries(draft: Draft) -> Iterator[Delivery]:
    """What a project delivers is accepted on its last day; all else comes with a delivery note."""
    in_projects = {project.order for project in draft.projects}
    for order in draft.orders:
        if order.delivered_on:
            accepted = order.delivered_on if order.number in in_projects else None
            kind = "Abnahme" if accepted else "Lieferung"
            number = f"LS-{order.number.removeprefix('AU-')}"
            yield Delivery(number, order.number, kind, order.delivered_on, accepted)


def _reminders(draft: Draft) -> Iterator[Reminder]:
    """The last one went out on the day the invoice was marked, or two weeks before the next."""
    number = 40_000
    for invoice in draft.invoices:
        last = invoice.updated_at.date()
        if invoice.next_dunning_on:
            last = invoice.next_dunning_on - REMINDED_EVERY
        for level in range(1, invoice.dunning_level + 1):
            sent = last - REMINDED_EVERY * (invoice.dunning_level - level)
            number += 1
            stopped = draft.day(-20) if invoice.disputed else None
            reason = "Rechnung strittig" if invoice.disputed else ""
            yield Reminder(
                number, invoice.number, level, sent, sent + REMINDED_EVERY, stopped, reason
            )


def _credits(draft: Draft) -> Iterator[CreditNote]:
    """A small part of some paid invoices was given back a week later."""
    for place, invoice in enumerate(_of_orders(draft)):
        issued = invoice.issued_on + timedelta(days=7)
        ordinary = invoice.paid_on and invoice.company not in draft.legible
        if place % 9 == 4 and ordinary and issued < draft.today:
            number = f"GS-{issued.year}-{invoice.number[-6:]}"
            yield CreditNote(
                number, invoice.number, invoice.debtor, invoice.net_minor // 40, issued
            )


def _of_orders(draft: Draft) -> Iterator[Invoice]:
    return (invoice for invoice in draft.invoices if invoice.order)


def _lines(paper: str, place: int, net_minor: int) -> Iterator[Line]:
    """Split an amount into goods and the work to install them."""
    goods, work = ARTICLES[place % (len(ARTICLES) - 2)], WORK[place % 2]
    parts = net_minor * (40 + place % 30) // 100
    for position, (article, net) in enumerate(((goods, parts), (work, net_minor - parts)), start=1):
        yield Line(paper, position, article, max(1, round(net / article.price_minor)), net)


def _invoice_lines(draft: Draft) -> Iterator[Line]:
    since = draft.day(ITEMIZED_DAYS)
    for place, invoice in enumerate(_of_orders(draft)):
        if invoice.issued_on >= since:
            yield from _lines(invoice.number, place, invoice.net_minor)


def _offer_lines(draft: Draft) -> Iterator[Line]:
    for place, deal in enumerate(_open_deals(draft)):
        if deal.stage >= 3:
            yield from _lines(deal.id, place, deal.amount_minor)


def _open_deals(draft: Draft) -> Iterator[Deal]:
    return (deal for deal in draft.deals if deal.status == "Offen")


def _assets(draft: Draft) -> Iterator[Asset]:
    """Every third order that was delivered over a month ago left an installation behind."""
    done = (order for order in draft.orders if order.delivered_on)
    for place, order in enumerate(done):
        installed = order.delivered_on
        assert installed
        if place % 3 == 0 and installed < draft.day(30):
            yield Asset(
                serial=f"SN{installed.year % 100:02}-{order.number[-5:]}",
                debtor=order.debtor,
                order=order.number,
                article=ARTICLES[place % 2],
                name=order.name,
                installed_on=installed,
                warranty_until=_years_later(installed, 2),
            )


def _years_later(day: date, years: int) -> date:
    return day.replace(year=day.year + years, day=min(day.day, 28))


def _milestones(draft: Draft) -> Iterator[Milestone]:
    """A project with a fixed price has its design approved and its work accepted, then billed."""
    billed = {invoice.vorgang for invoice in draft.invoices}
    for project in draft.projects:
        if project.billing != "Festpreis":
            continue
        third = project.starts_on + (project.planned_end - project.starts_on) / 3
        approved = third if third < draft.today else None
        yield Milestone(project.number, 1, "Konzept freigegeben", third, approved, 0, billed=False)
        yield Milestone(
            project.number,
            2,
            "Abnahme",
            project.planned_end,
            project.ended_on,
            project.budget_minor,
            billed=project.ended_on is not None and project.vorgang in billed,
        )


def _tasks(draft: Draft) -> Iterator[Task]:
    for project in draft.projects:
        if project.status != "laufend":
            continue
        middle = project.starts_on + (project.planned_end - project.starts_on) / 2
        number, end = project.number.removeprefix("P-"), project.planned_end
        done = "erledigt" if project.progress_pct > 50 else "in Arbeit"
        yield Task(f"A-{number}-1", project.number, "Aufbau", done, project.starts_on, middle)
        yield Task(f"A-{number}-2", project.number, "Inbetriebnahme", "offen", middle, end)


def _activities(draft: Draft) -> Iterator[Activity]:
    kinds = (("Anruf", "ausgehend"), ("E-Mail", "eingehend"), ("Besuch", "ausgehend"))
    for place, deal in enumerate(_open_deals(draft)):
        kind, direction = kinds[place % len(kinds)]
        key = f"AK-{70000 + place + 1}"
        yield Activity(key, deal.id, kind, direction, deal.last_activity_at, deal.name)


def _messages(draft: Draft) -> Iterator[Message]:
    for ticket in draft.tickets:
        if ticket.closed_at is None:
            yield from _mails(ticket)


def _mails(ticket: Ticket) -> Iterator[Message]:
    first = f"<{ticket.id}.0@helpdesk.example>"
    yield Message(first, ticket.id, ticket.opened_at, "requester", ticket.subject, "")
    for place, reply in enumerate(ticket.replies, start=1):
        key = f"<{ticket.id}.{place}@helpdesk.example>"
        yield Message(key, ticket.id, reply.at, reply.by, f"Re: {ticket.subject}", first)


def _sellers() -> Iterator[Seller]:
    for place, name in enumerate(people_names.STAFF):
        department, team = TEAMS[place % len(TEAMS)]
        yield Seller(f"B-{place + 1:02}", name, department, team)


def _opposed(draft: Draft) -> Iterator[str]:
    """Some who get no newsletter have objected to it for good."""
    reached = {one.person for one in draft.recipients}
    others = (one for one in draft.contacts if one.person not in reached)
    return (one.id for place, one in enumerate(others) if place % 30 == 7)
