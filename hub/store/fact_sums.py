"""Sums, counts and dates that facts are made of: one grouped query for all subjects of a kind."""

from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from hub.store.database import Row, Tx, among, chunks
from hub.store.tables import canonical_records, crosswalk, entities, links

_r, _l, _x = canonical_records.c, links.c, crosswalk.c
LARGEST = 10**15
"""An amount beyond this, in minor units, is no amount: sums must not overflow."""
OPEN_TICKET = ("open", "waiting_customer", "waiting_internal")
DONE_TICKET = ("solved", "closed")
OVER_INVOICE = ("draft", "void", "paid", "written_off")

Sums = dict[str, dict[str, Any]]
"""Subject -> name -> number or text; `*_unclear` counts records that leave a sum undecided."""


def customers(tx: Tx, ids: Collection[str], *, today: str, month_ago: str, currency: str) -> Sums:
    """Return the sums of each organization's documents.

    today: a date; month_ago: the instant 30 days back; currency: the one that amounts are summed
    in, a document in another leaves the sum unclear.
    """
    found: Sums = {row.id: {} for row in _living(tx, ids)}
    for columns, kind in (
        (_invoice_sums(tx, today, currency), "invoice"),
        (_ticket_sums(tx, month_ago), "ticket"),
        (_deal_sums(tx, currency), "deal"),
        (_contract_sums(), "contract"),
    ):
        select = (
            sa.select(_l.target, *(column.label(name) for name, column in columns.items()))
            .join(canonical_records, _r.ref == _l.from_ref)
            .where(_l.role == "organization", of_kind(kind))
            .group_by(_l.target)
        )
        for row in _for(tx, select, _l.target, ids):
            if row.target in found:
                found[row.target].update(
                    (name, value) for name, value in row._mapping.items() if name != "target"
                )
    return found


def _living(tx: Tx, ids: Collection[str]) -> list[Row]:
    select = sa.select(entities.c.id).where(
        entities.c.kind == "organization", entities.c.ended_at.is_(None)
    )
    return _for(tx, select, entities.c.id, ids)


def _for(
    tx: Tx, select: sa.Select[*tuple[Any, ...]], column: sa.Column[str], ids: Collection[str]
) -> list[Row]:
    return [row for chunk in chunks(ids) for row in tx.execute(select.where(among(column, chunk)))]


def of_kind(kind: str) -> sa.ColumnElement[bool]:
    """Say that a record is of a kind, in words that no index answers.

    The links of the subjects asked for are few; led by an index of kinds, SQLite would walk all
    records of that kind and hold each against the whole list of subjects.
    """
    return sa.func.coalesce(_r.kind, "") == kind


def text_field(tx: Tx, name: str) -> sa.ColumnElement[str]:
    """Return a field of a record as text."""
    if tx.dialect.name == "sqlite":
        return sa.func.json_extract(_r.fields, f"$.{name}")
    value: sa.ColumnElement[str] = sa.cast(_r.fields, postgresql.JSONB)[name].astext
    return value


def number_field(tx: Tx, name: str) -> sa.ColumnElement[Any]:
    """Return a field of a record as a number, null where it is absent or beyond all measure."""
    value = sa.cast(text_field(tx, name), sa.Numeric(asdecimal=False))
    return sa.case((sa.func.abs(value) < LARGEST, value))


def _sum(when: sa.ColumnElement[bool], value: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    return sa.func.coalesce(sa.func.sum(sa.case((when, value), else_=0)), 0)


def _count(when: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(sa.case((when, 1), else_=0)), 0)


def _min(when: sa.ColumnElement[bool], value: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    return sa.func.min(sa.case((when, value)))


def _foreign(tx: Tx, currency: str) -> sa.ColumnElement[bool]:
    return sa.func.coalesce(text_field(tx, "currency"), currency) != currency


_Columns = Mapping[str, sa.ColumnElement[Any]]


def _invoice_sums(tx: Tx, today: str, currency: str) -> _Columns:
    status = sa.func.coalesce(_r.status, "unknown")
    mine = sa.func.coalesce(text_field(tx, "kind"), "receivable") == "receivable"
    balance = number_field(tx, "balance_minor")
    due = text_field(tx, "due_on")
    amount = sa.func.coalesce(balance, number_field(tx, "gross_minor"))
    running = sa.and_(mine, status.notin_(OVER_INVOICE))
    owed = sa.and_(running, sa.or_(balance.is_(None), balance > 0))
    # An unmapped status says nothing: only a balance does.
    unclear = sa.and_(
        owed,
        sa.or_(
            amount.is_(None),
            sa.and_(status == "unknown", balance.is_(None)),
            _foreign(tx, currency),
        ),
    )
    overdue = sa.and_(owed, due < today)
    return {
        "open_ar": _sum(owed, amount),
        "overdue_ar": _sum(overdue, amount),
        "oldest_due": _min(overdue, due),
        "dunning_level": sa.func.max(sa.case((owed, number_field(tx, "dunning_level")))),
        "ar_unclear": _count(unclear),
        "due_unclear": _count(sa.and_(owed, due.is_(None))),
    }


def _ticket_sums(tx: Tx, month_ago: str) -> _Columns:
    status = sa.func.coalesce(_r.status, "unknown")
    closed = text_field(tx, "closed_at")
    opened, priority = text_field(tx, "opened_at"), text_field(tx, "priority")
    is_open = status.in_(OPEN_TICKET)
    high = sa.and_(is_open, priority.in_(("high", "urgent")))
    unclear = sa.and_(status.notin_((*OPEN_TICKET, *DONE_TICKET)), closed.is_(None))
    return {
        "open_tickets": _count(is_open),
        "open_high_tickets": _count(high),
        "oldest_open_high": _min(high, opened),
        "open_complaints": _count(sa.and_(is_open, text_field(tx, "kind") == "complaint")),
        "tickets_30d": _count(opened >= month_ago),
        "tickets_unclear": _count(unclear),
        "priority_unclear": _count(sa.and_(is_open, priority == "unknown")),
        "high_undated": _count(sa.and_(high, opened.is_(None))),
        "tickets_undated": _count(opened.is_(None)),
    }


def _deal_sums(tx: Tx, currency: str) -> _Columns:
    status = sa.func.coalesce(_r.status, "unknown")
    amount, probability = number_field(tx, "amount_minor"), number_field(tx, "probability")
    is_open = status == "open"
    unclear = sa.and_(is_open, sa.or_(amount.is_(None), _foreign(tx, currency)))
    return {
        "open_deals_amount": _sum(is_open, amount),
        "forecast_open_amount": _sum(is_open, amount * probability / 100.0),
        "deals_unclear": _count(sa.or_(status == "unknown", unclear)),
        "probability_unclear": _count(sa.and_(is_open, probability.is_(None))),
    }


def _contract_sums() -> _Columns:
    status = sa.func.coalesce(_r.status, "unknown")
    return {
        "active_contracts": _count(status == "active"),
        "contracts_unclear": _count(status == "unknown"),
    }


def deals(tx: Tx, refs: Collection[str]) -> Sums:
    """Return what facts about deals are made of.

    Beside fields: customer (the best linked organization), orders and projects (how many hang on
    the deal).
    """
    names = ("amount_minor", "currency", "probability", "expected_close", "closed_on")
    columns = [text_field(tx, name).label(name) for name in (*names, "stage", "stage_order")]
    own = (_r.ref, _r.status, _r.number, _r.title, _r.connection, _r.fetched_at)
    select = sa.select(*own, *columns).where(of_kind("deal"))
    found = {row.ref: dict(row._mapping) for row in _for(tx, select, _r.ref, refs)}
    for counts in (_orders(tx, refs), _projects(tx, refs)):
        for name, subjects in counts.items():
            for ref, count in subjects.items():
                if ref in found:
                    found[ref][name] = count
    for ref, customer in customers_of_deals(tx, refs).items():
        if ref in found:
            found[ref]["customer"] = customer
    return found


def _orders(tx: Tx, refs: Collection[str]) -> dict[str, dict[str, int]]:
    select = (
        sa.select(_l.target, sa.func.count(sa.distinct(_l.from_ref)).label("n"))
        .join(canonical_records, _r.ref == _l.from_ref)
        .where(_l.role == "deal", of_kind("order"))
        .group_by(_l.target)
    )
    return {"orders": {row.target: row.n for row in _for(tx, select, _l.target, refs)}}


def _projects(tx: Tx, refs: Collection[str]) -> dict[str, dict[str, int]]:
    """Count the project entities that point to each deal or that it points to."""
    inward = (
        sa.select(_l.target.label("deal"), _x.entity_id.label("project"))
        .join(canonical_records, _r.ref == _l.from_ref)
        .join(crosswalk, _x.ref == _l.from_ref)
        .where(_l.role == "deal", of_kind("project"))
    )
    outward = (
        sa.select(_l.from_ref.label("deal"), _l.target.label("project"))
        .join(canonical_records, _r.ref == _l.from_ref)
        .where(_l.role == "project", of_kind("deal"))
    )
    pairs = {
        (row.deal, row.project)
        for select, column in ((inward, _l.target), (outward, _l.from_ref))
        for row in _for(tx, select, column, refs)
    }
    counts: dict[str, int] = {}
    for deal, _ in pairs:
        counts[deal] = counts.get(deal, 0) + 1
    return {"projects": counts}


def customers_of_deals(tx: Tx, refs: Collection[str]) -> dict[str, str]:
    """Return the organization each deal belongs to: by its strongest link, then the smaller id."""
    select = (
        sa.select(_l.from_ref, _l.target)
        .join(canonical_records, _r.ref == _l.from_ref)
        .where(_l.role == "organization", of_kind("deal"))
        .order_by(_l.score.desc(), _l.target)
    )
    found: dict[str, str] = {}
    for row in _for(tx, select, _l.from_ref, refs):
        found.setdefault(row.from_ref, row.target)
    return found


def deals_of_customers(tx: Tx, ids: Collection[str]) -> set[str]:
    """Return every deal linked to one of these organizations."""
    select = (
        sa.select(_l.from_ref)
        .join(canonical_records, _r.ref == _l.from_ref)
        .where(_l.role == "organization", of_kind("deal"))
    )
    return {row.from_ref for row in _for(tx, select, _l.target, ids)}


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


def deals_without_customer(tx: Tx) -> set[str]:
    """Return the deals that no organization is linked to."""
    linked = sa.exists().where(_l.from_ref == _r.ref, _l.role == "organization")
    return set(tx.execute(sa.select(_r.ref).where(_r.kind == "deal", ~linked)).scalars())
