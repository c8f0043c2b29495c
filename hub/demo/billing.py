"""Invoices, receipts, reminders and the service contracts that are billed every month."""

from dataclasses import replace
from datetime import date, timedelta

from hub.demo import texts
from hub.demo.draft import Draft
from hub.demo.model import Company, Contract, Invoice, Order, Payment


def add_invoice(
    draft: Draft,
    company: Company,
    *,
    net_minor: int,
    issued: date,
    order: Order | None = None,
    contract: Contract | None = None,
    terms: int = 14,
) -> Invoice:
    """Add an unpaid invoice and return it."""
    number = f"RE-{issued.year}-{len(draft.invoices) + 1:06d}"
    reason = order.name if order else contract.name if contract else "Ersatzteile"
    invoice = Invoice(
        number=number,
        debtor=draft.debtor_of[company.id].number,
        company=company.id,
        vorgang=order.vorgang if order else None,
        order=order.number if order else None,
        contract=contract.number if contract else None,
        subject=f"{reason} {order.number}" if order else reason,
        net_minor=net_minor,
        open_minor=0,
        status="offen",
        issued_on=issued,
        due_on=issued + timedelta(days=terms),
        paid_on=None,
        dunning_level=0,
        disputed=False,
        updated_at=draft.at(issued),
    )
    invoice = replace(invoice, open_minor=invoice.gross_minor)
    draft.invoices.append(invoice)
    return invoice


def pay(draft: Draft, invoice: Invoice, *, days_after_due: int = 0) -> None:
    """Book the receipt of the latest invoice in full, unless that day is still to come."""
    assert draft.invoices[-1] is invoice
    booked = max(invoice.due_on + timedelta(days=days_after_due), invoice.issued_on)
    if booked >= draft.today:
        return
    draft.invoices[-1] = replace(
        invoice, open_minor=0, status="bezahlt", paid_on=booked, updated_at=draft.at(booked)
    )
    cited = f"{invoice.number} Kdnr {invoice.debtor}" if draft.chance(0.9) else "Rechnung"
    draft.payments.append(
        Payment(
            number=700000 + len(draft.payments) + 1,
            debtor=invoice.debtor,
            company=invoice.company,
            vorgang=invoice.vorgang,
            invoice=invoice.number,
            amount_minor=invoice.gross_minor,
            booked_on=booked,
            reference=cited,
            payer=draft.companies[invoice.company - 1].name[:27].upper(),
            updated_at=draft.at(booked),
        )
    )


def dun(draft: Draft, invoice: Invoice, *, level: int, next_in: int | None = None) -> Invoice:
    """Mark the latest invoice as dunned to a level, and return it as it is now.

    next_in: days until the next reminder goes out.
    """
    assert draft.invoices[-1] is invoice
    dunned = replace(
        invoice,
        dunning_level=level,
        next_dunning_on=None if next_in is None else draft.day(-next_in),
        updated_at=draft.at(draft.day(2)),
    )
    draft.invoices[-1] = dunned
    return dunned


def add_contract(
    draft: Draft,
    company: Company,
    *,
    annual_minor: int,
    sla_class: str = "Bronze",
    sla_floor: str = "",
    months_billed: int = 12,
    notice_in: int | None = None,
    hours: tuple[int, int] = (0, 0),
) -> Contract:
    """Add a running service contract, billed each month and paid on the due day.

    notice_in: days until notice must be given. hours: (included, used) of a year, half of which is
    over.
    """
    starts = draft.day(draft.rng.randint(400, 1400)).replace(day=1)
    ends = date(draft.today.year + draft.rng.randint(1, 2), 12, 31)
    notice = ends - timedelta(days=92) if notice_in is None else draft.day(-notice_in)
    contract = Contract(
        number=f"V-{starts.year}-{len(draft.contracts) + 1:05d}",
        debtor=draft.debtor_of[company.id].number,
        company=company.id,
        name=draft.rng.choice(texts.CONTRACTS),
        type="Wartung",
        status="aktiv",
        starts_on=starts,
        ends_on=ends,
        notice_on=notice,
        annual_value_minor=annual_minor,
        sla_class=sla_class,
        sla_floor=sla_floor,
        updated_at=draft.at(starts),
        hours_included=hours[0],
        hours_used=hours[1],
        period=(draft.day(182), draft.day(-182)) if hours[0] else None,
    )
    draft.contracts.append(contract)
    _bill_monthly(draft, company, contract, months_billed)
    return contract


def _bill_monthly(draft: Draft, company: Company, contract: Contract, months: int) -> None:
    net_minor = contract.annual_value_minor // 12
    for month in range(months, 0, -1):
        issued = draft.month_day(month, 5)
        pay(
            draft,
            add_invoice(draft, company, net_minor=net_minor, issued=issued, contract=contract),
        )
