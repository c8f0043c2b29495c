"""Every export read back field by field: what a department wrote is what its record says."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from hub.demo.model import World
from tests.demo.reading import Row, csv_rows, ledger_rows, ticket_lines, workbook_rows
from tests.demo.spelt import day, euros, iso, minute, stamp, utc


def assert_rows(found: Sequence[Row], expected: Sequence[Row]) -> None:
    """Compare row by row, so that a difference names its row and its field."""
    assert len(found) == len(expected)
    for row, wanted in zip(found, expected, strict=True):
        assert row == wanted


def test_accounts(folder: Path, company: World) -> None:
    assert_rows(
        csv_rows(folder / "crm/accounts.csv", "cp1252"),
        [
            {
                "Konto-ID": a.id,
                "Firma": a.name,
                "Straße": f"{a.address.street} {a.address.house_number}",
                "PLZ": a.address.postcode,
                "Ort": a.address.city,
                "Land": "Deutschland",
                "Telefon": a.phone,
                "E-Mail": a.email,
                "Internet": a.website,
                "USt-IdNr.": a.vat_id,
                "Debitor": a.debtor,
                "Branche": a.trade,
                "IBAN": a.iban,
                "Status": a.status,
                "Betreuer": a.owner,
                "Ansprechpartner": a.contact,
                "E-Mail Ansprechpartner": a.contact_email,
                "Angelegt": minute(a.created_at),
                "Geändert": minute(a.updated_at),
            }
            for a in company.accounts
        ],
    )


def test_contacts(folder: Path, company: World) -> None:
    assert_rows(
        csv_rows(folder / "crm/contacts.csv"),
        [
            {
                "Kontakt-ID": c.id,
                "Konto-ID": c.account,
                "Anrede": c.salutation,
                "Titel": c.title,
                "Name": c.name,
                "E-Mail": c.email,
                "Telefon": c.phone,
                "Mobil": c.mobile,
                "Funktion": c.position,
                "Hauptkontakt": {True: "ja", False: "nein"}[c.is_primary],
                "Werbesperre": "ja" if c.id in company.papers.opposed else "",
                "Geändert": minute(c.updated_at),
            }
            for c in company.contacts
        ],
    )


def test_deals(folder: Path, company: World) -> None:
    sellers = {seller.name: seller.number for seller in company.papers.sellers}
    stages = ("Erstkontakt", "Bedarfsanalyse", "Angebot", "Verhandlung", "Abschluss")
    assert_rows(
        csv_rows(folder / "crm/deals.csv"),
        [
            {
                "Chance-ID": d.id,
                "Angebotsnr": d.number,
                "Konto-ID": d.account,
                "Kontakt-ID": d.contact,
                "Bezeichnung": d.name,
                "Betrag": euros(d.amount_minor),
                "Währung": "EUR",
                "Phase": stages[d.stage - 1],
                "Phase Nr": str(d.stage),
                "Status": d.status,
                "Wahrscheinlichkeit": f"{d.probability} %",
                "Abschluss geplant": day(d.expected_close),
                "Abgeschlossen am": day(d.closed_on),
                "Angelegt": minute(d.created_at),
                "Angebot vom": day(d.offered_on),
                "Letzte Aktivität": minute(d.last_activity_at),
                "Geändert": minute(d.updated_at),
                "Betreuer": d.owner,
                "Betreuer Nr": sellers[d.owner],
            }
            for d in company.deals
        ],
    )


def test_tickets(folder: Path, company: World) -> None:
    types = {
        "incident": "Störung",
        "request": "Anfrage",
        "complaint": "Beschwerde",
        "billing": "Rechnung",
        "change": "Änderung",
    }
    priorities = {"low": "niedrig", "normal": "normal", "high": "hoch", "urgent": "dringend"}
    assert_rows(
        ticket_lines(folder),
        [
            {
                "id": t.id,
                "number": f"T-{t.id}",
                "subject": t.subject,
                "description": t.text,
                "type": types[t.kind],
                "priority": priorities[t.priority],
                "status": t.status,
                "channel": t.channel,
                "tags": list(t.tags),
                "reopened": t.reopened,
                "created_at": utc(t.opened_at),
                "closed_at": utc(t.closed_at),
                "last_message_at": utc(t.last_message_at),
                "updated_at": utc(t.updated_at),
                "due_at": utc(t.due_at),
                "hours": t.hours,
                "billable": False,
                "requester": {
                    "name": t.requester_name or None,
                    "email": t.requester_email,
                    "phone": t.requester_phone or None,
                },
                "company": {"name": t.company_name or None, "city": t.company_city or None},
                "replies": [{"at": utc(r.at), "by": r.by, "text": r.text} for r in t.replies],
            }
            for t in company.tickets
        ],
    )


def test_debtors(folder: Path, company: World) -> None:
    assert_rows(
        ledger_rows(folder, "kunden"),
        [
            {
                "kundennr": d.number,
                "name": d.name,
                "strasse": f"{d.address.street} {d.address.house_number}",
                "plz": d.address.postcode,
                "ort": d.address.city,
                "land": "DE",
                "ustid": d.vat_id,
                "iban": d.iban or None,
                "bank_geaendert_am": iso(d.iban_changed_on),
                "email": d.email or None,
                "telefon": d.phone or None,
                "kreditlimit": d.credit_limit_minor / 100 or None,
                "geaendert_am": stamp(d.updated_at),
            }
            for d in company.debtors
        ],
    )


def test_orders(folder: Path, company: World) -> None:
    assert_rows(
        ledger_rows(folder, "auftraege"),
        [
            {
                "auftragsnr": o.number,
                "kundennr": o.debtor,
                "bezeichnung": o.name,
                "netto": o.net_minor / 100,
                "status": o.status,
                "auftragsdatum": iso(o.ordered_on),
                "lieferdatum": iso(o.delivered_on),
                "bestellnr_kunde": o.customer_po_number or None,
                "referenz": o.reference or None,
                "geaendert_am": stamp(o.updated_at),
            }
            for o in company.orders
        ],
    )


def test_contracts(folder: Path, company: World) -> None:
    assert company.contracts
    assert_rows(
        ledger_rows(folder, "vertraege"),
        [
            {
                "vertragsnr": c.number,
                "kundennr": c.debtor,
                "bezeichnung": c.name,
                "art": c.type,
                "status": c.status,
                "beginn": iso(c.starts_on),
                "ende": iso(c.ends_on),
                "kuendigung_bis": iso(c.notice_on),
                "jahreswert": c.annual_value_minor / 100,
                "sla_klasse": c.sla_class,
                "sla_prioritaet": c.sla_floor or None,
                "stunden_enthalten": c.hours_included,
                "stunden_verbraucht": c.hours_used,
                "abrechnung_von": iso(c.period[0] if c.period else None),
                "abrechnung_bis": iso(c.period[1] if c.period else None),
                "geaendert_am": stamp(c.updated_at),
            }
            for c in company.contracts
        ],
    )


def test_invoices(folder: Path, company: World) -> None:
    assert_rows(
        [row for row in ledger_rows(folder, "rechnungen") if row["art"] == "Rechnung"],
        [
            {
                "rechnungsnr": i.number,
                "kundennr": i.debtor,
                "art": "Rechnung",
                "zu_rechnung": None,
                "auftragsnr": i.order,
                "vertragsnr": i.contract,
                "betreff": i.subject,
                "netto": i.net_minor / 100,
                "steuer": i.tax_minor / 100,
                "brutto": (i.net_minor + i.tax_minor) / 100,
                "offen": i.open_minor / 100,
                "status": i.status,
                "rechnungsdatum": iso(i.issued_on),
                "faellig_am": iso(i.due_on),
                "bezahlt_am": iso(i.paid_on),
                "mahnstufe": i.dunning_level,
                "naechste_mahnung": iso(i.next_dunning_on),
                "strittig": {True: 1, False: 0}[i.disputed],
                "geaendert_am": stamp(i.updated_at),
            }
            for i in company.invoices
        ],
    )


def test_credit_notes_stand_among_the_invoices(folder: Path, company: World) -> None:
    found = [row for row in ledger_rows(folder, "rechnungen") if row["art"] == "Gutschrift"]
    billed = {invoice.number: invoice for invoice in company.invoices}
    assert found
    assert [(row["rechnungsnr"], row["zu_rechnung"], row["netto"]) for row in found] == [
        (c.number, c.invoice, c.net_minor / 100) for c in company.papers.credits
    ]
    for credit in company.papers.credits:
        assert 0 < credit.net_minor <= billed[credit.invoice].net_minor / 40
        assert billed[credit.invoice].issued_on < credit.issued_on < company.today


def test_payments(folder: Path, company: World) -> None:
    assert_rows(
        ledger_rows(folder, "zahlungen"),
        [
            {
                "zahlungsnr": p.number,
                "kundennr": p.debtor,
                "rechnungsnr": p.invoice,
                "betrag": p.amount_minor / 100,
                "gebucht_am": iso(p.booked_on),
                "verwendungszweck": p.reference,
                "zahler": p.payer,
                "geaendert_am": stamp(p.updated_at),
            }
            for p in company.payments
        ],
    )


def test_projects(folder: Path, company: World) -> None:
    assert_rows(
        workbook_rows(folder),
        [
            {
                "Projektnr": p.number,
                "Bezeichnung": p.name,
                "Kunde": p.client,
                "Ort": p.city,
                "Ansprechpartner": p.contact,
                "Auftragsnr": p.order,
                "Angebotsnr": p.offer,
                "Status": p.status,
                "Abrechnung": p.billing,
                "Budget (EUR)": p.budget_minor / 100,
                "Kosten Ist (EUR)": p.cost_minor / 100,
                "Stunden Plan": p.hours_planned,
                "Stunden Ist": p.hours_actual,
                "Fortschritt %": p.progress_pct,
                "Beginn": p.starts_on,
                "Ende geplant (erste Planung)": p.first_planned_end,
                "Ende geplant": p.planned_end,
                "Ende Ist": p.ended_on or "",
                "Nicht fakturiert (EUR)": p.unbilled_minor / 100,
                "Älteste offene Leistung": p.unbilled_since or "",
                "Projektleitung": p.manager,
                "Geändert": p.updated_at.replace(tzinfo=None),
            }
            for p in company.projects
        ],
    )


def test_hours(folder: Path, company: World) -> None:
    expected = []
    for project in company.projects:
        weeks = len(project.weekly_hours)
        for place, booked in enumerate(project.weekly_hours):
            until = project.hours_until.toordinal() - 7 * (weeks - 1 - place)
            week = day(date.fromordinal(until))
            expected.append(
                {"Projektnr": project.number, "Woche bis": week, "Stunden": str(booked)}
            )
    assert_rows(csv_rows(folder / "projects/hours.csv"), expected)


def test_recipients(folder: Path, company: World) -> None:
    assert_rows(
        csv_rows(folder / "marketing/recipients.csv.part", "utf-8", ","),
        [
            {
                "id": r.id,
                "email": r.email,
                "name": r.name,
                "company": r.company_name,
                "consent": r.consent,
                "delivery": {True: "bounced", False: "ok"}[r.bounced],
                "updated_at": utc(r.updated_at),
            }
            for r in company.recipients
        ],
    )
