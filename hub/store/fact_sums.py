"""Sums, counts and dates that facts are made of: one grouped query for all customers asked for."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from hub.store.database import Row, Tx, among, chunks
from hub.store.expressions import (
    base_amount,
    count_where,
    day_field,
    days_between,
    max_where,
    min_where,
    number_field,
    of_kind,
    rows_for,
    status,
    sum_where,
    text_field,
    true_field,
)
from hub.store.tables import canonical_records, crosswalk, entities, links, review_pairs

_r, _l, _x = canonical_records.c, links.c, crosswalk.c
OPEN_TICKET = ("open", "waiting_customer", "waiting_internal")
DONE_TICKET = ("solved", "closed")
OVER_INVOICE = ("draft", "void", "paid", "written_off")

Sums = dict[str, dict[str, Any]]
"""Subject -> name -> number or text; `*_unclear` counts records that leave a sum undecided."""
_Columns = Mapping[str, sa.ColumnElement[Any]]


@dataclass(frozen=True, slots=True)
class Day:
    """The day that windows end on, and the money amounts are summed in.

    today: on the company's calendar; now: an instant in the store's form.
    """

    today: date
    now: str
    currency: str

    def ago(self, days: int) -> str:
        """Return the date so many days before today."""
        return (self.today - timedelta(days=days)).isoformat()


def customers(tx: Tx, ids: Collection[str], day: Day) -> Sums:
    """Return the sums of each organization's documents; of one that has ended, nothing.

    changes_at: the day or instant from which the same documents add up to something else.
    """
    found: Sums = {row.id: {} for row in _living(tx, ids)}
    for columns, kind in (
        (_invoice_sums(tx, day), "invoice"),
        (_ticket_sums(tx, day), "ticket"),
        (_deal_sums(tx, day.currency), "deal"),
        (_contract_sums(), "contract"),
        ({"touched_at": max_where(true_field(tx, "is_human"), text_field(tx, "at"))}, "touch"),
        ({"written_at": sa.func.max(text_field(tx, "at"))}, "message"),
    ):
        select = (
            sa.select(_l.target, *(column.label(name) for name, column in columns.items()))
            .join(canonical_records, _r.ref == _l.from_ref)
            .where(_l.role == "organization", of_kind(kind))
            .group_by(_l.target)
        )
        _gather(found, rows_for(tx, select, _l.target, ids))
    _gather(found, rows_for(tx, _dunned(tx), _l.target, ids))
    _gather(found, rows_for(tx, _questions(), _x.entity_id, ids))
    for row in _paid_after(tx, found, day):
        found[row.target][f"days_to_pay_{row.span}"] = float(row.days)
    for values in found.values():
        turn = _next_change(values)
        if turn is not None:
            values["changes_at"] = turn
    return found


TURNS: Mapping[str, int] = {
    "turns_due": 1,
    "turns_issued_ahead": 0,
    "turns_issued": 365,
    "turns_paid_ahead": 0,
    "turns_paid_lately": 180,
    "turns_paid_before": 360,
    "turns_opened_lately": 31,
    "turns_opened_before": 211,
    "turns_missed": 91,
}
"""The first of the dates that decide a window -> days from there until that window has moved on."""


def _next_change(values: dict[str, Any]) -> str | None:
    """Take the dates that decide windows out of sums; return the first day or instant one turns."""
    turns = [values.pop(name, None) for name in ("turns_promised", "turns_answered")]
    for name, days in TURNS.items():
        on = values.pop(name, None)
        if on is not None:
            turns.append((date.fromisoformat(on[:10]) + timedelta(days=days)).isoformat())
    return min((turn for turn in turns if turn is not None), default=None)


def _gather(found: Sums, rows: Collection[Row]) -> None:
    for row in rows:
        values = row._mapping
        mine = found.get(values["target"])
        if mine is not None:
            mine.update((name, value) for name, value in values.items() if name != "target")


def _living(tx: Tx, ids: Collection[str]) -> list[Row]:
    select = sa.select(entities.c.id).where(
        entities.c.kind == "organization", entities.c.ended_at.is_(None)
    )
    return rows_for(tx, select, entities.c.id, ids)


def _invoice_sums(tx: Tx, day: Day) -> _Columns:
    kind = sa.func.coalesce(text_field(tx, "kind"), "receivable")
    mine = kind == "receivable"
    balance = base_amount(tx, "balance_minor", day.currency)
    stated = number_field(tx, "balance_minor")
    due, issued = day_field(tx, "due_on"), day_field(tx, "issued_on")
    amount = sa.case(
        (stated.is_not(None), balance), else_=base_amount(tx, "gross_minor", day.currency)
    )
    running = status().notin_(OVER_INVOICE)
    owed = sa.and_(mine, running, sa.or_(stated.is_(None), stated > 0))
    # An unmapped status says nothing: only a balance does.
    unclear = sa.and_(
        owed, sa.or_(amount.is_(None), sa.and_(status() == "unknown", stated.is_(None)))
    )
    overdue = sa.and_(owed, due < day.today.isoformat())
    ahead = sa.and_(running, kind != "credit_note", due >= day.today.isoformat())
    net = base_amount(tx, "net_minor", day.currency)
    counts = sa.and_(kind != "payable", status().notin_(("draft", "void")))
    today = day.today.isoformat()
    lately = sa.and_(counts, issued > day.ago(365), issued <= today)
    paid = day_field(tx, "paid_on")
    return {
        "open_ar": sum_where(owed, amount),
        "overdue_ar": sum_where(overdue, amount),
        "oldest_due": min_where(overdue, due),
        "next_due": min_where(ahead, due),
        "dunning_level": max_where(owed, number_field(tx, "dunning_level")),
        "owed_invoices": count_where(owed),
        "revenue_12m": sum_where(
            lately, sa.case((kind == "credit_note", -sa.func.abs(net)), else_=net)
        ),
        "ar_unclear": count_where(unclear),
        "due_unclear": count_where(sa.and_(owed, due.is_(None))),
        "revenue_unclear": count_where(
            sa.or_(sa.and_(lately, net.is_(None)), sa.and_(counts, issued.is_(None)))
        ),
        "turns_due": min_where(sa.and_(running, due >= today), due),
        "turns_issued": min_where(lately, issued),
        "turns_issued_ahead": min_where(issued > today, issued),
        "turns_paid_ahead": min_where(paid > today, paid),
        "turns_paid_lately": min_where(sa.and_(paid > day.ago(180), paid <= today), paid),
        "turns_paid_before": min_where(sa.and_(paid > day.ago(360), paid <= day.ago(180)), paid),
    }


def _ticket_sums(tx: Tx, day: Day) -> _Columns:
    closed, opened = text_field(tx, "closed_at"), text_field(tx, "opened_at")
    priority = text_field(tx, "priority")
    is_open = status().in_(OPEN_TICKET)
    high = sa.and_(is_open, priority.in_(("high", "urgent")))
    unclear = sa.and_(status().notin_((*OPEN_TICKET, *DONE_TICKET)), closed.is_(None))
    resolution = ("resolution_due_at", "closed_at")
    response = ("first_response_due_at", "first_response_at")
    missed = sa.or_(_missed(tx, day, *resolution), _missed(tx, day, *response))
    return {
        "open_tickets": count_where(is_open),
        "open_high_tickets": count_where(high),
        "oldest_open_high": min_where(high, opened),
        "open_complaints": count_where(sa.and_(is_open, text_field(tx, "kind") == "complaint")),
        "tickets_30d": count_where(opened >= day.ago(30)),
        "tickets_before": count_where(sa.and_(opened >= day.ago(210), opened < day.ago(30))),
        "sla_breaches_90d": count_where(missed),
        "messaged_at": sa.func.max(text_field(tx, "last_message_at")),
        "tickets_unclear": count_where(unclear),
        "priority_unclear": count_where(sa.and_(is_open, priority == "unknown")),
        "high_undated": count_where(sa.and_(high, opened.is_(None))),
        "tickets_undated": count_where(opened.is_(None)),
        "turns_opened_lately": min_where(opened >= day.ago(30), opened),
        "turns_opened_before": min_where(
            sa.and_(opened >= day.ago(210), opened < day.ago(30)), opened
        ),
        "turns_missed": _first_missed(tx, day, resolution, response),
        "turns_promised": _first_promised(tx, day, *resolution),
        "turns_answered": _first_promised(tx, day, *response),
    }


def _missed(tx: Tx, day: Day, due_field: str, done_field: str) -> sa.ColumnElement[bool]:
    """Say that a time promised within 90 days has passed, and what was promised came later."""
    due, done = text_field(tx, due_field), text_field(tx, done_field)
    running = status().notin_(DONE_TICKET)
    late = sa.or_(done > due, sa.and_(done.is_(None), running, due < day.now))
    return sa.func.coalesce(sa.and_(due >= day.ago(90), late), sa.false())


def _first_missed(tx: Tx, day: Day, *pairs: tuple[str, str]) -> Any:
    """Return the first of the times promised in the window that a miss hangs on."""
    dues = [
        sa.case((_missed(tx, day, due, done), text_field(tx, due)), else_="9999")
        for due, done in pairs
    ]
    first = sa.case((dues[0] < dues[1], dues[0]), else_=dues[1])
    return min_where(first < "9999", first)


def _first_promised(tx: Tx, day: Day, due_field: str, done_field: str) -> Any:
    """Return the next time promised that passes unless something is done before."""
    due = text_field(tx, due_field)
    waits = sa.and_(due >= day.now, text_field(tx, done_field).is_(None))
    return min_where(sa.and_(waits, status().notin_(DONE_TICKET)), due)


def _deal_sums(tx: Tx, currency: str) -> _Columns:
    amount, probability = base_amount(tx, "amount_minor", currency), number_field(tx, "probability")
    is_open = status() == "open"
    unclear = sa.and_(is_open, amount.is_(None))
    return {
        "open_deals": count_where(is_open),
        "open_deals_amount": sum_where(is_open, amount),
        "forecast_open_amount": sum_where(is_open, amount * probability / 100.0),
        "won_deals": count_where(status() == "won"),
        "deals_unclear": count_where(sa.or_(status() == "unknown", unclear)),
        "probability_unclear": count_where(sa.and_(is_open, probability.is_(None))),
    }


def _contract_sums() -> _Columns:
    return {
        "active_contracts": count_where(status() == "active"),
        "contracts_unclear": count_where(status() == "unknown"),
    }


def _dunned(tx: Tx) -> sa.Select[*tuple[Any, ...]]:
    """The highest level of the dunnings sent for invoices that are still owed."""
    invoice, to_invoice = canonical_records.alias(), links.alias()
    return (
        sa.select(_l.target, sa.func.max(number_field(tx, "level")).label("dunned_level"))
        .join(invoice, invoice.c.ref == _l.from_ref)
        .join(
            to_invoice,
            sa.and_(to_invoice.c.target == invoice.c.ref, to_invoice.c.role == "invoice"),
        )
        .join(canonical_records, _r.ref == to_invoice.c.from_ref)
        .where(
            _l.role == "organization",
            sa.func.coalesce(invoice.c.kind, "") == "invoice",
            sa.func.coalesce(invoice.c.status, "unknown").notin_(OVER_INVOICE),
            of_kind("dunning"),
        )
        .group_by(_l.target)
    )


def _questions() -> sa.Select[*tuple[Any, ...]]:
    """How many pairs of records wait for a person to say whether an entity is another one, too."""
    ends = [
        sa.select(column.label("ref"), review_pairs.c.right_ref.label("pair")).where(
            review_pairs.c.task == "merge", review_pairs.c.kind == "organization"
        )
        for column in (review_pairs.c.left_ref, review_pairs.c.right_ref)
    ]
    asked = sa.union_all(*ends).subquery()
    return (
        sa.select(_x.entity_id.label("target"), sa.func.count().label("questions"))
        .join(asked, asked.c.ref == _x.ref)
        .group_by(_x.entity_id)
    )


def _paid_after(tx: Tx, ids: Collection[str], day: Day) -> list[Row]:
    """Return the median days from issue to payment: (target, span, days).

    span: `lately` for what was paid within 180 days, `before` for the 180 days before those.
    """
    paid = day_field(tx, "paid_on")
    span = sa.case((paid > day.ago(180), "lately"), else_="before")
    return _days_to_pay(tx, ids, span, day.ago(359), day.today.isoformat())


def paid_by_month(
    tx: Tx, ids: Collection[str], since: str, until: str
) -> dict[str, dict[str, float]]:
    """Return customer -> month of payment -> the median days from issue to payment."""
    month = sa.func.substr(day_field(tx, "paid_on"), 1, 7)
    found: dict[str, dict[str, float]] = {}
    for row in _days_to_pay(tx, ids, month, since, until):
        found.setdefault(row.target, {})[row.span] = float(row.days)
    return found


def _days_to_pay(
    tx: Tx, ids: Collection[str], span: sa.ColumnElement[str], since: str, until: str
) -> list[Row]:
    issued, paid = day_field(tx, "issued_on"), day_field(tx, "paid_on")
    days = days_between(tx, issued, paid)
    after = sa.case((days > 0, days), else_=0).label("days")
    each = (
        sa.select(_l.target, span.label("span"), after)
        .join(canonical_records, _r.ref == _l.from_ref)
        .where(
            _l.role == "organization",
            of_kind("invoice"),
            sa.func.coalesce(text_field(tx, "kind"), "receivable") == "receivable",
            paid >= since,
            paid <= until,
            issued.is_not(None),
        )
    )
    found: list[Row] = []
    for chunk in chunks(ids):
        e = each.where(among(_l.target, chunk)).subquery().c
        place = sa.func.row_number().over(partition_by=(e.target, e.span), order_by=e.days)
        size = sa.func.count().over(partition_by=(e.target, e.span))
        placed = sa.select(e.target, e.span, e.days, place.label("i"), size.label("n")).subquery().c
        middle = sa.or_(placed.i * 2 == placed.n, placed.i * 2 == placed.n + 1)
        middle = sa.or_(middle, placed.i * 2 == placed.n + 2)
        select = (
            sa.select(placed.target, placed.span, sa.func.avg(placed.days).label("days"))
            .where(middle)
            .group_by(placed.target, placed.span)
        )
        found += tx.execute(select).all()
    return found


def customer_ids(tx: Tx, after: str, limit: int) -> list[str]:
    """Return living organizations in the order of their ids, from `after` on."""
    select = (
        sa.select(entities.c.id)
        .where(
            entities.c.kind == "organization",
            entities.c.ended_at.is_(None),
            entities.c.id > after,
        )
        .order_by(entities.c.id)
        .limit(limit)
    )
    return list(tx.execute(select).scalars())
