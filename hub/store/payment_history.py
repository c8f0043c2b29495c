"""How many days after they were due invoices were paid: a customer's, and everybody's of late.

An invoice that does not say itself when it was paid was paid with the last payment linked to it.
"""

from collections.abc import Collection
from datetime import date

import sqlalchemy as sa

from hub.store.database import Row, Tx
from hub.store.expressions import day_field, of_kind, rows_for, status, text_field, true_field
from hub.store.tables import canonical_records, links

_r, _l = canonical_records.c, links.c
MOST_OWN, MOST_OF_ALL = 50, 300
LATELY = 50_000
"""How many of the youngest records everybody's payments are looked for in."""


def days_of_customer(tx: Tx, customer: str) -> list[int]:
    """Return the days from due to payment of a customer's invoices, the last due first."""
    select = _settled(tx).join(links, _l.from_ref == _r.ref)
    own = select.where(_l.role == "organization", _l.target == customer)
    due = day_field(tx, "due_on")
    return _days(tx, tx.execute(own.order_by(due.desc(), _r.id.desc()).limit(MOST_OWN)).all())


def days_of_all(tx: Tx) -> list[int]:
    """Return the days from due to payment of the invoices that were read last."""
    youngest = sa.select(sa.func.coalesce(sa.func.max(_r.id), 0)).scalar_subquery()
    select = _settled(tx).where(_r.id > youngest - LATELY)
    return _days(tx, tx.execute(select.order_by(_r.id.desc()).limit(MOST_OF_ALL)).all())


def _settled(tx: Tx) -> sa.Select[tuple[str, str, str]]:
    """Select (ref, due, paid) of receivables that are paid; paid is null where they do not say."""
    due, paid = day_field(tx, "due_on"), day_field(tx, "paid_on")
    return sa.select(_r.ref, due.label("due"), paid.label("paid")).where(
        of_kind("invoice"),
        sa.func.coalesce(text_field(tx, "kind"), "receivable") == "receivable",
        due.is_not(None),
        sa.or_(paid.is_not(None), status() == "paid"),
    )


def _days(tx: Tx, invoices: Collection[Row]) -> list[int]:
    booked = _booked(tx, [row.ref for row in invoices if row.paid is None])
    found = ((row.due, row.paid or booked.get(row.ref)) for row in invoices)
    return [
        (date.fromisoformat(paid) - date.fromisoformat(due)).days for due, paid in found if paid
    ]


def _came(tx: Tx) -> sa.ColumnElement[bool]:
    outgoing = sa.func.coalesce(text_field(tx, "direction"), "") == "outgoing"
    return sa.and_(sa.not_(outgoing), sa.not_(true_field(tx, "returned")))


def _booked(tx: Tx, invoices: Collection[str]) -> dict[str, str]:
    """Return when the last payment linked to each invoice was booked, of those that came."""
    day = sa.func.max(day_field(tx, "booked_on")).label("day")
    select = (
        sa.select(_l.target, day)
        .join(canonical_records, _r.ref == _l.from_ref)
        .where(_l.role == "invoice", of_kind("payment"), _came(tx))
        .group_by(_l.target)
    )
    return {row.target: row.day for row in rows_for(tx, select, _l.target, invoices) if row.day}
