"""The bookkeeping's database: its tables, and the rows of a world in them."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from hub.demo.model import World

SCHEMA = """
create table kunden (
    kundennr integer primary key, name text not null, strasse text, plz text, ort text,
    land text, ustid text, iban text, bank_geaendert_am date, email text, telefon text,
    kreditlimit numeric(12, 2), geaendert_am text not null);
create table auftraege (
    auftragsnr text primary key, kundennr integer not null references kunden, bezeichnung text,
    netto numeric(12, 2) not null, status text not null, auftragsdatum date not null,
    lieferdatum date, bestellnr_kunde text, referenz text, geaendert_am text not null);
create table vertraege (
    vertragsnr text primary key, kundennr integer not null references kunden, bezeichnung text,
    art text, status text not null, beginn date not null, ende date, kuendigung_bis date,
    jahreswert numeric(12, 2), sla_klasse text, sla_prioritaet text, stunden_enthalten integer,
    stunden_verbraucht integer, abrechnung_von date, abrechnung_bis date,
    geaendert_am text not null);
create table rechnungen (
    rechnungsnr text primary key, kundennr integer not null references kunden,
    art text not null, zu_rechnung text references rechnungen,
    auftragsnr text references auftraege, vertragsnr text references vertraege, betreff text,
    netto numeric(12, 2) not null, steuer numeric(12, 2) not null, brutto numeric(12, 2) not null,
    offen numeric(12, 2) not null, status text not null, rechnungsdatum date not null,
    faellig_am date not null, bezahlt_am date, mahnstufe integer not null,
    naechste_mahnung date, strittig integer not null, geaendert_am text not null);
create table zahlungen (
    zahlungsnr integer primary key, kundennr integer not null references kunden,
    rechnungsnr text not null references rechnungen, betrag numeric(12, 2) not null,
    gebucht_am date not null, verwendungszweck text, zahler text, geaendert_am text not null);
create table mahnungen (
    mahnungsnr integer primary key, rechnungsnr text not null references rechnungen,
    stufe integer not null, gesendet_am date not null, faellig_am date not null,
    gestoppt_bis date, stoppgrund text);
create table lieferscheine (
    lieferscheinnr text primary key, auftragsnr text not null references auftraege,
    art text not null, geliefert_am date not null, abgenommen_am date, offene_maengel integer);
create table artikel (
    artikelnr text primary key, bezeichnung text not null, preis numeric(12, 2) not null);
create table positionen (
    rechnungsnr text not null references rechnungen, pos integer not null,
    artikelnr text references artikel, bezeichnung text, menge numeric(10, 2),
    netto numeric(12, 2) not null, primary key (rechnungsnr, pos));
create table anlagen (
    seriennr text primary key, kundennr integer not null references kunden,
    auftragsnr text references auftraege, artikelnr text references artikel,
    bezeichnung text, installiert_am date, garantie_bis date);
"""

Rows = Iterator[tuple[Any, ...]]


def tables(world: World) -> Iterator[tuple[str, Rows]]:
    """Yield each table's name and its rows, parents before children."""
    yield "kunden", _debtors(world)
    yield "auftraege", _orders(world)
    yield "vertraege", _contracts(world)
    yield "rechnungen", _invoices(world)
    yield "zahlungen", _payments(world)
    yield "mahnungen", _reminders(world)
    yield "lieferscheine", _deliveries(world)
    yield "artikel", _articles(world)
    yield "positionen", _lines(world)
    yield "anlagen", _assets(world)


def stamp(at: datetime) -> str:
    """Return `2026-11-23 14:05:00`, local time, as the bookkeeping stamps its rows."""
    return at.strftime("%Y-%m-%d %H:%M:%S")


def _euros(minor: int) -> float:
    return minor / 100


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _debtors(world: World) -> Rows:
    for d in world.debtors:
        yield (
            d.number,
            d.name,
            f"{d.address.street} {d.address.house_number}",
            d.address.postcode,
            d.address.city,
            "DE",
            d.vat_id,
            d.iban or None,
            _day(d.iban_changed_on),
            d.email or None,
            d.phone or None,
            _euros(d.credit_limit_minor) or None,
            stamp(d.updated_at),
        )


def _orders(world: World) -> Rows:
    for o in world.orders:
        yield (
            o.number,
            o.debtor,
            o.name,
            _euros(o.net_minor),
            o.status,
            o.ordered_on.isoformat(),
            _day(o.delivered_on),
            o.customer_po_number or None,
            o.reference or None,
            stamp(o.updated_at),
        )


def _contracts(world: World) -> Rows:
    for c in world.contracts:
        yield (
            c.number,
            c.debtor,
            c.name,
            c.type,
            c.status,
            c.starts_on.isoformat(),
            c.ends_on.isoformat(),
            c.notice_on.isoformat(),
            _euros(c.annual_value_minor),
            c.sla_class,
            c.sla_floor or None,
            c.hours_included,
            c.hours_used,
            _day(c.period and c.period[0]),
            _day(c.period and c.period[1]),
            stamp(c.updated_at),
        )


def _invoices(world: World) -> Rows:
    for i in world.invoices:
        yield (
            i.number,
            i.debtor,
            "Rechnung",
            None,
            i.order,
            i.contract,
            i.subject,
            _euros(i.net_minor),
            _euros(i.tax_minor),
            _euros(i.gross_minor),
            _euros(i.open_minor),
            i.status,
            i.issued_on.isoformat(),
            i.due_on.isoformat(),
            _day(i.paid_on),
            i.dunning_level,
            _day(i.next_dunning_on),
            int(i.disputed),
            stamp(i.updated_at),
        )
    yield from _credits(world)


def _credits(world: World) -> Rows:
    for c in world.papers.credits:
        tax = (c.net_minor * 19 + 50) // 100
        day = c.issued_on.isoformat()
        amounts = (_euros(c.net_minor), _euros(tax), _euros(c.net_minor + tax), 0)
        head = (c.number, c.debtor, "Gutschrift", c.invoice, None, None, f"Gutschrift {c.invoice}")
        yield (*head, *amounts, "bezahlt", day, day, day, 0, None, 0, f"{day} 09:00:00")


def _payments(world: World) -> Rows:
    for p in world.payments:
        yield (
            p.number,
            p.debtor,
            p.invoice,
            _euros(p.amount_minor),
            p.booked_on.isoformat(),
            p.reference,
            p.payer,
            stamp(p.updated_at),
        )


def _reminders(world: World) -> Rows:
    for r in world.papers.reminders:
        sent, due, stopped = _day(r.sent_on), _day(r.due_on), _day(r.stopped_until)
        yield (r.number, r.invoice, r.level, sent, due, stopped, r.stop_reason or None)


def _deliveries(world: World) -> Rows:
    for d in world.papers.deliveries:
        yield (d.number, d.order, d.kind, _day(d.delivered_on), _day(d.accepted_on), 0)


def _articles(world: World) -> Rows:
    for a in world.papers.articles:
        yield (a.number, a.name, _euros(a.price_minor))


def _lines(world: World) -> Rows:
    for line in world.papers.invoice_lines:
        article = line.article
        head = (line.paper, line.position, article.number, article.name)
        yield (*head, line.quantity, _euros(line.net_minor))


def _assets(world: World) -> Rows:
    for a in world.papers.assets:
        of = (a.serial, a.debtor, a.order, a.article.number, a.name)
        yield (*of, _day(a.installed_on), _day(a.warranty_until))
