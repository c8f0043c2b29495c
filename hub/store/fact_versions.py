"""What stood of subjects at a moment that has passed, or over a time."""

from collections.abc import Collection

import sqlalchemy as sa

from hub.store.database import Tx, among, chunks
from hub.store.facts import Stored, stored
from hub.store.tables import fact_history, facts

_h = fact_history.c


def as_of(
    tx: Tx,
    at: str,
    *,
    kind: str | None = None,
    subject: str | None = None,
    customer: str | None = None,
    after: tuple[str, str] | None = None,
    limit: int = 1_000,
) -> list[Stored]:
    """Return what stood at an instant of a kind, of one subject, or of what is a customer's.

    In the order of kinds and subjects, from `after` on.
    """
    found: list[Stored] = []
    for table, ends in ((facts, None), (fact_history, _h.valid_to)):
        c = table.c
        columns = (c.subject_kind, c.subject, c.customer, c.connection, c.found)
        select = sa.select(*columns, c.since, c.valid_from).where(c.valid_from <= at)
        if ends is not None:
            select = select.where(ends > at)
        for column, value in ((c.subject_kind, kind), (c.subject, subject), (c.customer, customer)):
            if value is not None:
                select = select.where(column == value)
        if after is not None:
            place = sa.tuple_(c.subject_kind, c.subject)
            select = select.where(place > sa.tuple_(*map(sa.literal, after)))
        rows = tx.execute(select.order_by(c.subject_kind, c.subject).limit(limit))
        found += [stored(row) for row in rows]
    return sorted(found, key=lambda one: one.subject)[:limit]


def versions(
    tx: Tx, customers: Collection[str] | None, kinds: Collection[str], since: str
) -> list[tuple[Stored, str | None]]:
    """Return what stood of some kinds at any time from `since` on, each with when it ended.

    customers: whose; None for what belongs to nobody.
    """
    found: list[tuple[Stored, str | None]] = []
    for table, ends in ((facts, None), (fact_history, _h.valid_to)):
        c = table.c
        columns = (c.subject_kind, c.subject, c.customer, c.connection, c.found, c.since)
        end = sa.null().label("valid_to") if ends is None else ends
        select = sa.select(*columns, c.valid_from, end)
        select = select.where(c.subject_kind.in_(sorted(kinds)))
        if ends is not None:
            select = select.where(ends > since)
        if customers is None:
            rows = list(tx.execute(select.where(c.customer.is_(None))))
        else:
            rows = [
                row
                for chunk in chunks(customers)
                for row in tx.execute(select.where(among(c.customer, chunk)))
            ]
        found += [(stored(row[:7]), row[7]) for row in rows]
    return found
