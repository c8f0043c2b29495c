"""Lays out each department's export: column titles and rows, as that department's tool has them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from hub.demo.model import Project, Ticket, World

Row = Sequence[Any]

STAGES = {
    1: "Erstkontakt",
    2: "Bedarfsanalyse",
    3: "Angebot",
    4: "Verhandlung",
    5: "Abschluss",
}
TICKET_TYPES = {
    "incident": "Störung",
    "request": "Anfrage",
    "complaint": "Beschwerde",
    "billing": "Rechnung",
    "change": "Änderung",
}
PRIORITIES = {"low": "niedrig", "normal": "normal", "high": "hoch", "urgent": "dringend"}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table to be written; rows may be read once."""

    columns: tuple[str, ...]
    rows: Iterator[Row]


def german_day(day: date | None) -> str:
    """Return `23.11.2026`, "" for none."""
    return day.strftime("%d.%m.%Y") if day else ""


def german_minute(at: datetime) -> str:
    """Return `23.11.2026 14:05`, local time."""
    return at.strftime("%d.%m.%Y %H:%M")


def german_euros(minor: int) -> str:
    """Return `12.345,67`."""
    return f"{minor / 100:,.2f}".translate(str.maketrans(",.", ".,"))


def utc_text(at: datetime | None) -> str | None:
    """Return `2026-11-23T13:05:00Z`."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at else None


def accounts(world: World) -> Sheet:
    """The CRM's account list."""
    columns = (
        "Konto-ID;Firma;Straße;PLZ;Ort;Land;Telefon;E-Mail;Internet;USt-IdNr.;Debitor;Branche;"
        "IBAN;Status;Betreuer;Ansprechpartner;E-Mail Ansprechpartner;Angelegt;Geändert"
    )
    rows = (
        (
            a.id,
            a.name,
            f"{a.address.street} {a.address.house_number}",
            a.address.postcode,
            a.address.city,
            "Deutschland",
            a.phone,
            a.email,
            a.website,
            a.vat_id,
            a.debtor,
            a.trade,
            a.iban,
            a.status,
            a.owner,
            a.contact,
            a.contact_email,
            german_minute(a.created_at),
            german_minute(a.updated_at),
        )
        for a in world.accounts
    )
    return Sheet(tuple(columns.split(";")), rows)


def contacts(world: World) -> Sheet:
    """The CRM's contact list."""
    columns = (
        "Kontakt-ID;Konto-ID;Anrede;Titel;Name;E-Mail;Telefon;Mobil;Funktion;Hauptkontakt;"
        "Werbesperre;Geändert"
    )
    rows = (
        (
            c.id,
            c.account,
            c.salutation,
            c.title,
            c.name,
            c.email,
            c.phone,
            c.mobile,
            c.position,
            "ja" if c.is_primary else "nein",
            "ja" if c.id in world.papers.opposed else "",
            german_minute(c.updated_at),
        )
        for c in world.contacts
    )
    return Sheet(tuple(columns.split(";")), rows)


def deals(world: World) -> Sheet:
    """The CRM's opportunities."""
    columns = (
        "Chance-ID;Angebotsnr;Konto-ID;Kontakt-ID;Bezeichnung;Betrag;Währung;Phase;Phase Nr;"
        "Status;Wahrscheinlichkeit;Abschluss geplant;Abgeschlossen am;Angelegt;Angebot vom;"
        "Letzte Aktivität;Geändert;Betreuer;Betreuer Nr"
    )
    sellers = {seller.name: seller.number for seller in world.papers.sellers}
    rows = (
        (
            d.id,
            d.number,
            d.account,
            d.contact,
            d.name,
            german_euros(d.amount_minor),
            "EUR",
            STAGES[d.stage],
            d.stage,
            d.status,
            f"{d.probability} %",
            german_day(d.expected_close),
            german_day(d.closed_on),
            german_minute(d.created_at),
            german_day(d.offered_on),
            german_minute(d.last_activity_at),
            german_minute(d.updated_at),
            d.owner,
            sellers[d.owner],
        )
        for d in world.deals
    )
    return Sheet(tuple(columns.split(";")), rows)


def ticket_line(ticket: Ticket) -> dict[str, Any]:
    """One ticket as the help desk exports it."""
    return {
        "id": ticket.id,
        "number": f"T-{ticket.id}",
        "subject": ticket.subject,
        "description": ticket.text,
        "type": TICKET_TYPES[ticket.kind],
        "priority": PRIORITIES[ticket.priority],
        "status": ticket.status,
        "channel": ticket.channel,
        "tags": list(ticket.tags),
        "reopened": ticket.reopened,
        "created_at": utc_text(ticket.opened_at),
        "closed_at": utc_text(ticket.closed_at),
        "last_message_at": utc_text(ticket.last_message_at),
        "updated_at": utc_text(ticket.updated_at),
        "due_at": utc_text(ticket.due_at),
        "hours": ticket.hours,
        "billable": ticket.billable,
        "requester": {
            "name": ticket.requester_name or None,
            "email": ticket.requester_email,
            "phone": ticket.requester_phone or None,
        },
        "company": {"name": ticket.company_name or None, "city": ticket.company_city or None},
        "replies": [
            {"at": utc_text(reply.at), "by": reply.by, "text": reply.text}
            for reply in ticket.replies
        ],
    }


def projects(world: World) -> Sheet:
    """The project office's list; dates stay dates and numbers numbers."""
    columns = (
        "Projektnr;Bezeichnung;Kunde;Ort;Ansprechpartner;Auftragsnr;Angebotsnr;Status;"
        "Abrechnung;Budget (EUR);Kosten Ist (EUR);Stunden Plan;Stunden Ist;Fortschritt %;Beginn;"
        "Ende geplant (erste Planung);Ende geplant;Ende Ist;Nicht fakturiert (EUR);"
        "Älteste offene Leistung;Projektleitung;Geändert"
    )
    return Sheet(tuple(columns.split(";")), (_project_row(p) for p in world.projects))


def _project_row(p: Project) -> Row:
    return (
        p.number,
        p.name,
        p.client,
        p.city or None,
        p.contact or None,
        p.order or None,
        p.offer or None,
        p.status,
        p.billing,
        p.budget_minor / 100,
        p.cost_minor / 100,
        p.hours_planned,
        p.hours_actual,
        p.progress_pct,
        p.starts_on,
        p.first_planned_end,
        p.planned_end,
        p.ended_on,
        p.unbilled_minor / 100,
        p.unbilled_since,
        p.manager,
        p.updated_at.replace(tzinfo=None),
    )


def hours(world: World) -> Sheet:
    """Hours by project and week; the week is named by its last day."""
    rows = (
        (p.number, german_day(p.hours_until.fromordinal(p.hours_until.toordinal() - 7 * back)), h)
        for p in world.projects
        for back, h in zip(range(len(p.weekly_hours) - 1, -1, -1), p.weekly_hours, strict=True)
    )
    return Sheet(("Projektnr", "Woche bis", "Stunden"), rows)


def leads(world: World) -> Sheet:
    """The CRM's enquiries."""
    columns = "Lead-ID;Firma;Ort;Name;E-Mail;Status;Quelle;Betreuer;Eingang;Geändert"
    rows = (
        (
            lead.id,
            lead.company_name,
            lead.city,
            lead.name,
            lead.email,
            lead.status,
            lead.source,
            lead.owner,
            german_minute(lead.created_at),
            german_minute(lead.updated_at),
        )
        for lead in world.leads
    )
    return Sheet(tuple(columns.split(";")), rows)


def campaigns(world: World) -> Sheet:
    """The marketing tool's mailings."""
    columns = ("id", "name", "status", "starts_at", "cost", "audience", "updated_at")
    rows = (
        (
            c.id,
            c.name,
            c.status,
            utc_text(c.starts_at),
            f"{c.cost_minor / 100:.2f}",
            len(c.recipients),
            utc_text(c.updated_at),
        )
        for c in world.campaigns
    )
    return Sheet(columns, rows)


def mailings(world: World) -> Sheet:
    """Who gets which mailing: one row for each recipient of a campaign."""
    rows = ((f"{c.id}-{one}", c.id, one) for c in world.campaigns for one in c.recipients)
    return Sheet(("id", "campaign_id", "recipient_id"), rows)


def recipients(world: World) -> Sheet:
    """The newsletter's recipients."""
    columns = ("id", "email", "name", "company", "consent", "delivery", "updated_at")
    rows = (
        (
            r.id,
            r.email,
            r.name,
            r.company_name,
            r.consent,
            "bounced" if r.bounced else "ok",
            utc_text(r.updated_at),
        )
        for r in world.recipients
    )
    return Sheet(columns, rows)
