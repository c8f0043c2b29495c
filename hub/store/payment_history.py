"""How many days after they were due invoices were paid: a customer's, and everybody's of late."""

import sqlalchemy as sa

from hub.store.database import Tx
from hub.store.expressions import day_field, days_between, of_kind, text_field
from hub.store.tables import canonical_records, links

_r, _l = canonical_records.c, links.c
MOST_OWN, MOST_OF_ALL = 50, 300
LATELY = 50_000
"""How many of the youngest records everybody's payments are looked for in."""


def days_of_customer(tx: Tx, customer: str) -> list[int]:
    """Return the days from due to payment of a customer's invoices, the last paid first."""
    days, paid = _days(tx), day_field(tx, "paid_on")
    select = (
        sa.select(days)
        .join(links, _l.from_ref == _r.ref)
        .where(_l.role == "organization", _l.target == customer, *_paid(tx))
        .order_by(paid.desc(), _r.id.desc())
        .limit(MOST_OWN)
    )
    return [int(value) for value in tx.execute(select).scalars()]


def days_of_all(tx: Tx) -> list[int]:
    """Return the days from due to payment of the invoices that were read last."""
    youngest = sa.select(sa.func.coalesce(sa.func.max(_r.id), 0)).scalar_subquery()
    select = (
        sa.select(_days(tx))
        .where(_r.id > youngest - LATELY, *_paid(tx))
        .order_by(_r.id.desc())
        .limit(MOST_OF_ALL)
    )
    return [int(value) for value in tx.execute(select).scalars()]


def _days(tx: Tx) -> sa.ColumnElement[int]:
    days: sa.ColumnElement[int] = days_between(
        tx, day_field(tx, "due_on"), day_field(tx, "paid_on")
    )
    return days


def _paid(tx: Tx) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        of_kind("invoice"),
        sa.func.coalesce(text_field(tx, "kind"), "receivable") == "receivable",
        day_field(tx, "due_on").is_not(None),
        day_field(tx, "paid_on").is_not(None),
    )
