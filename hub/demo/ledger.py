"""The bookkeeping's database: its tables, and the rows of a world in them."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from hub.demo.model import World

SCHEMA = """
create table kunden (
    kundennr integer primary key, name text not null, strasse text, plz text, ort text,
    land text, ustid text, iban text, email text, telefon text, kreditlimit numeric(12, 2),
    geaendert_am text not null);
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
    auftragsnr text references auftraege, vertragsnr text references vertraege, betreff text,
    netto numeric(12, 2) not null, steuer numeric(12, 2) not null, brutto numeric(12, 2) not null,
    offen numeric(12, 2) not null, status text not null, rechnungsdatum date not null,
    faellig_am date not null, bezahlt_am date, mahnstufe integer not null,
    naechste_mahnung date, strittig integer not null, geaendert_am text not null);
create table zahlungen (
    zahlungsnr integer primary key, kundennr integer not null references kunden,
    rechnungsnr text not null references rechnungen, betrag numeric(12, 2) not null,
    gebucht_am date not null, verwendungszweck text, zahler text, geaendert_am text not null);
"""

Rows = Iterator[tuple[Any, ...]]


def tables(world: World) -> Iterator[tuple[str, Rows]]:
    """Yield each table's name and its rows, parents before children."""
    yield "kunden", _debtors(world)
    yield "auftraege", _orders(world)
    yield "vertraege", _contracts(world)
    yield "rechnungen", _invoices(world)
    yield "zahlungen", _payments(world)


def stamp(at: datetime) -> str:
    """Return `2026-11-23 14:05:00`, local time, as the bookkeeping stamps its rows."""
    return at.strftime("%Y-%m-%d %H:%M:%S")


def _euros(minor: int) -> float:
    return minor / 100


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
            o.delivered_on.isoformat() if o.delivered_on else None,
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
            c.period[0].isoformat() if c.period else None,
            c.period[1].isoformat() if c.period else None,
            stamp(c.updated_at),
        )


def _invoices(world: World) -> Rows:
    for i in world.invoices:
        yield (
            i.number,
            i.debtor,
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
            i.paid_on.isoformat() if i.paid_on else None,
            i.dunning_level,
            i.next_dunning_on.isoformat() if i.next_dunning_on else None,
            int(i.disputed),
            stamp(i.updated_at),
        )


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
