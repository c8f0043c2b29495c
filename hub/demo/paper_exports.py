"""Lays out what goes with the great papers, each in its department's export."""

from typing import Any

from hub.demo.exports import Row, Sheet, german_day, german_euros, german_minute, utc_text
from hub.demo.model import World
from hub.demo.papers import Message, Milestone, Task


def sellers(world: World) -> Sheet:
    """The CRM's own users, by number: whose deal it is, not who she is."""
    rows = (
        (s.number, {"sales": "Vertrieb", "delivery": "Projekte"}[s.department], s.team, "ja")
        for s in world.papers.sellers
    )
    return Sheet(("Betreuer Nr", "Abteilung", "Team", "Aktiv"), rows)


def activities(world: World) -> Sheet:
    """The CRM's calls, mails and visits."""
    of = {deal.id: deal for deal in world.deals}
    columns = ("Aktivität-ID", "Chance-ID", "Konto-ID", "Kontakt-ID", "Art", "Richtung")
    rows = (
        (
            a.id,
            a.deal,
            of[a.deal].account,
            of[a.deal].contact,
            a.type,
            a.direction,
            german_minute(a.at),
            a.subject,
        )
        for a in world.papers.activities
    )
    return Sheet((*columns, "Zeitpunkt", "Betreff"), rows)


def offer_lines(world: World) -> Sheet:
    """The lines of the CRM's open offers."""
    rows = (
        (
            line.paper,
            line.position,
            line.article.number,
            line.article.name,
            f"{line.quantity:g}",
            german_euros(line.net_minor),
        )
        for line in world.papers.offer_lines
    )
    return Sheet(("Chance-ID", "Pos", "Artikelnr", "Text", "Menge", "Betrag"), rows)


def message_line(message: Message) -> dict[str, Any]:
    """One mail of a ticket as the help desk exports it; its body stays there."""
    return {
        "message_id": message.id,
        "ticket_id": message.ticket,
        "at": utc_text(message.at),
        "from": message.by,
        "subject": message.subject,
        "in_reply_to": message.answers or None,
    }


def milestones(world: World) -> Sheet:
    """The milestones on the second sheet of the project office's workbook."""
    columns = "Projektnr;Nr;Bezeichnung;Status;Fällig;Erreicht;Abgenommen;Betrag (EUR);Fakturiert"
    return Sheet(tuple(columns.split(";")), (_milestone(one) for one in world.papers.milestones))


def _milestone(one: Milestone) -> Row:
    accepted = one.reached_on if one.position == 2 else None
    status = "abgenommen" if accepted else "erreicht" if one.reached_on else "offen"
    return (
        one.project,
        one.position,
        one.name,
        status,
        one.due_on,
        one.reached_on,
        accepted,
        one.amount_minor / 100 if one.amount_minor else None,
        "ja" if one.billed else "nein",
    )


def tasks(world: World) -> Sheet:
    """The tasks of running projects, on the third sheet."""
    columns = ("Aufgabe", "Projektnr", "Bezeichnung", "Status", "Beginn", "Fällig")
    return Sheet(columns, (_task(one) for one in world.papers.tasks))


def _task(one: Task) -> Row:
    return (one.number, one.project, one.name, one.status, one.starts_on, one.due_on)


def access_end(world: World) -> str:
    """The day until which the project office's share stays open, as its administrator noted it."""
    return f"{german_day(world.access_ends_on)}\n"
