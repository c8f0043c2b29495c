"""Reads what facts about business cases are made of."""

from collections.abc import Collection
from typing import Any

import msgspec
import sqlalchemy as sa

from hub.model.fact import Subject
from hub.model.paper_status import OPEN_TICKET, OVER_INVOICE
from hub.store.database import Tx
from hub.store.expressions import (
    base_amount,
    count_where,
    day_field,
    number_field,
    of_kind,
    rows_for,
    status,
    text_field,
)
from hub.store.place import dialect
from hub.store.tables import canonical_records, facts, vorgaenge, vorgang_members
from hub.store.tables.vorgaenge import vorgang_dwells, vorgang_gaps

_v, _m = vorgaenge.c, vorgang_members.c
ALWAYS_REPORTED, OF_PROJECTS = "won_without_order", "delivered_not_invoiced"
"""Gaps that rules of their own report, R07 of deals and R08 of projects: a case that has one is not
merely stuck. An order that nobody took on, and a delivery without a project, are told by none."""
PAID = ("payment", "refund")
"""Kinds of members that tell what was paid."""


def cases(
    tx: Tx, ids: Collection[str], currency: str
) -> dict[str, tuple[str | None, dict[str, Any]]]:
    """Return each living case's customer and what is known of it; sums in the company's money."""
    gaps = _gaps(tx, ids)
    has = _money_kinds(tx, ids)
    gross = _gross(tx, {one for one, kind in has if kind in PAID}, currency)
    urgent = _urgent_tickets(tx, ids)
    due = _payment_due(tx, ids)
    return {
        row.id: (
            row.party,
            {
                "title": row.title,
                "phase": row.phase,
                "value": row.value_base_minor,
                "quote_net": row.quoted_base_minor,
                "order_net": row.ordered_base_minor,
                "invoiced_net": _sum(row.invoiced_base_minor, (row.id, "invoice") in has),
                "paid_net": _net(
                    _sum(row.paid_base_minor, any((row.id, one) in has for one in PAID)),
                    row.invoiced_base_minor,
                    gross.get(row.id),
                ),
                "credited_net": _sum(row.credited_base_minor, (row.id, "credit_note") in has),
                "last_event_on": _last_event_on(row.last_event_at, row.phase, due.get(row.id)),
                "phase_p90_days": row.p90_days,
                "missing_links": gaps.get(row.id, 0),
                "departments": len(msgspec.json.decode(row.departments)),
                "open_high_tickets": urgent.get(row.id, 0),
            },
        )
        for row in rows_for(tx, _living(), _v.id, ids)
    }


def _living() -> sa.Select[Any]:
    """Select living cases, each with how long its like stay in their phase."""
    d = vorgang_dwells.c
    select = sa.select(
        _v.id,
        _v.kind,
        _v.title,
        _v.party,
        _v.phase,
        _v.value_base_minor,
        _v.quoted_base_minor,
        _v.ordered_base_minor,
        _v.invoiced_base_minor,
        _v.paid_base_minor,
        _v.credited_base_minor,
        _v.last_event_at,
        _v.departments,
        d.p90_days,
    ).join(vorgang_dwells, sa.and_(d.kind == _v.kind, d.phase == _v.phase), isouter=True)
    return select.where(_v.state == "living")


def ids_after(tx: Tx, after: str, limit: int) -> list[str]:
    """Return the ids of living cases in their order, from `after` on."""
    select = sa.select(_v.id).where(_v.state == "living", _v.id > after)
    return list(tx.execute(select.order_by(_v.id).limit(limit)).scalars())


def measured_otherwise(tx: Tx) -> set[Subject]:
    """Return cases of whom it is known how long such cases stay in their phase, yet differently."""
    d, f = vorgang_dwells.c, facts.c
    field = "phase_p90_days"
    if tx.dialect.name == "sqlite":
        told = sa.func.json_extract(f.found, f"$.{field}")
    else:
        told = sa.cast(f.found, dialect("postgresql").JSONB)[field].astext
    select = (
        sa.select(f.subject)
        .join(vorgaenge, sa.and_(_v.id == f.subject, _v.state == "living"))
        .join(vorgang_dwells, sa.and_(d.kind == _v.kind, d.phase == _v.phase), isouter=True)
        .where(
            f.subject_kind == "vorgang",
            sa.cast(told, d.p90_days.type).is_distinct_from(d.p90_days),
        )
    )
    return {Subject("vorgang", one) for one in tx.execute(select).scalars()}


def _gaps(tx: Tx, ids: Collection[str]) -> dict[str, int]:
    """Return how many gaps each case has that another rule reports."""
    g = vorgang_gaps.c
    has_project = sa.exists().where(_m.vorgang_id == g.vorgang_id, _m.kind == "project")
    reported = sa.or_(g.gap == ALWAYS_REPORTED, sa.and_(g.gap == OF_PROJECTS, has_project))
    select = sa.select(g.vorgang_id, sa.func.count().label("n")).where(reported)
    rows = rows_for(tx, select.group_by(g.vorgang_id), g.vorgang_id, ids)
    return {row.vorgang_id: row.n for row in rows}


def _sum(told: int | None, has_papers: bool) -> int | None:
    """Return a sum of a case: nothing where it has no such papers, None where one is not known."""
    return told if told is not None or has_papers else 0


def _net(paid: int | None, net: int | None, gross: float | None) -> int | None:
    """Return what a sum paid comes to without tax, by what invoices ask for without and with it;
    None where nobody can say."""
    return paid and (round(paid * net / gross) if net is not None and gross else None)


def _money_kinds(tx: Tx, ids: Collection[str]) -> set[tuple[str, str]]:
    """Return (case, kind) where a case has invoices, credit notes, payments or refunds."""
    kinds = ("invoice", "credit_note", *PAID)
    select = sa.select(_m.vorgang_id, _m.kind).where(_m.kind.in_(kinds)).distinct()
    return {(row.vorgang_id, row.kind) for row in rows_for(tx, select, _m.vorgang_id, ids)}


def _gross(tx: Tx, ids: Collection[str], currency: str) -> dict[str, float]:
    """Return what a case's invoices ask for with tax; nothing where one does not say.

    A payment settles the whole of an invoice and never tells its tax.
    """
    gross = base_amount(tx, "gross_minor", currency)
    select = (
        sa.select(
            _m.vorgang_id,
            sa.func.sum(gross * _m.share_pct / 100).label("gross"),
            count_where(gross.is_(None)).label("untold"),
        )
        .join(canonical_records, canonical_records.c.ref == _m.ref)
        .where(_m.kind == "invoice", of_kind("invoice"), status().notin_(("draft", "void")))
        .group_by(_m.vorgang_id)
    )
    rows = rows_for(tx, select, _m.vorgang_id, ids)
    return {row.vorgang_id: float(row.gross) for row in rows if not row.untold}


def _last_event_on(event_at: str | None, phase: str, due_on: str | None) -> str | None:
    """Return the day something last happened: that a payment falls due is such a day, before which
    nothing need happen to a case that was invoiced."""
    days = [event_at[:10]] if event_at else []
    if due_on is not None and phase == "invoiced":
        days.append(due_on)
    return max(days, default=None)


def _payment_due(tx: Tx, ids: Collection[str]) -> dict[str, str]:
    """Return the day on which the first of a case's invoices that are owed falls due."""
    owed = sa.func.coalesce(number_field(tx, "balance_minor"), 1) > 0
    select = (
        sa.select(_m.vorgang_id, sa.func.min(day_field(tx, "due_on")).label("due_on"))
        .join(canonical_records, canonical_records.c.ref == _m.ref)
        .where(_m.kind == "invoice", of_kind("invoice"), status().notin_(OVER_INVOICE), owed)
        .group_by(_m.vorgang_id)
    )
    rows = rows_for(tx, select, _m.vorgang_id, ids)
    return {row.vorgang_id: row.due_on for row in rows if row.due_on}


def _urgent_tickets(tx: Tx, ids: Collection[str]) -> dict[str, int]:
    select = (
        sa.select(_m.vorgang_id, sa.func.count().label("n"))
        .join(canonical_records, canonical_records.c.ref == _m.ref)
        .where(
            of_kind("ticket"),
            status().in_(OPEN_TICKET),
            text_field(tx, "priority").in_(("high", "urgent")),
        )
        .group_by(_m.vorgang_id)
    )
    return {row.vorgang_id: row.n for row in rows_for(tx, select, _m.vorgang_id, ids)}
