"""Reads business cases as they are asked for: lists, one case, what is usual."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from hub.model.vorgang import Dwell
from hub.store.database import Row, Tx, among, chunks
from hub.store.tables import (
    vorgaenge,
    vorgang_departments,
    vorgang_dwells,
    vorgang_events,
    vorgang_gaps,
)

_v, _g, _d = vorgaenge.c, vorgang_gaps.c, vorgang_departments.c


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list is narrowed to. department: of a gap's owner where a gap is asked for, else one
    that took part; today: a gap counts from its day on."""

    today: str
    gap: str | None = None
    department: str | None = None
    phase: str | None = None
    customer: str | None = None
    kind: str | None = None


def page(
    tx: Tx, wanted: Filter, *, after: tuple[str, str] | None = None, limit: int = 50
) -> list[Row]:
    """Return up to `limit` living cases, those last heard of first. after: last event and id."""
    at = sa.func.coalesce(_v.last_event_at, "")
    query = sa.select(vorgaenge).where(_v.state == "living", *_where(wanted))
    if after is not None:
        last, last_id = after
        query = query.where((at < last) | ((at == last) & (_v.id > last_id)))
    return list(tx.execute(query.order_by(at.desc(), _v.id).limit(limit)))


def _where(wanted: Filter) -> list[sa.ColumnElement[bool]]:
    named = {"phase": wanted.phase, "party": wanted.customer, "kind": wanted.kind}
    found = [_v[name] == value for name, value in named.items() if value is not None]
    if wanted.gap is not None:
        gap = sa.select(_g.vorgang_id).where(_g.since <= wanted.today)
        if wanted.gap != "any":
            gap = gap.where(_g.gap == wanted.gap)
        if wanted.department is not None:
            gap = gap.where(_g.department == wanted.department)
        found.append(_v.id.in_(gap))
    elif wanted.department is not None:
        took_part = sa.select(_d.vorgang_id).where(_d.department == wanted.department)
        found.append(_v.id.in_(took_part))
    return found


def get(tx: Tx, vorgang_id: str) -> Row | None:
    """Return a case's row, also where it has ended or redirects; None where it never was."""
    return tx.execute(sa.select(vorgaenge).where(_v.id == vorgang_id)).one_or_none()


def batches(tx: Tx, size: int) -> Iterator[list[Row]]:
    """Yield all living cases by id, `size` at a time."""
    after = ""
    query = sa.select(vorgaenge).where(_v.state == "living").order_by(_v.id).limit(size)
    while rows := list(tx.execute(query.where(_v.id > after))):
        yield rows
        after = rows[-1].id


def dwells(tx: Tx) -> dict[tuple[str, str], Dwell]:
    """Return what is usual by kind and phase."""
    rows = tx.execute(sa.select(vorgang_dwells))
    return {(row.kind, row.phase): Dwell(row.p90_days, row.vorgaenge) for row in rows}


def events(tx: Tx, vorgang_id: str) -> list[Row]:
    """Return what happened to a case in the hub, oldest first."""
    e = vorgang_events.c
    return list(
        tx.execute(sa.select(vorgang_events).where(e.vorgang_id == vorgang_id).order_by(e.seq))
    )


def of_customers(tx: Tx, customers: Collection[str], most: int) -> dict[str, list[Row]]:
    """Return the living cases of each customer, those last heard of first, `most` of them.

    Rows: those of a case, and `total`: how many there are.
    """
    at = sa.func.coalesce(_v.last_event_at, "")
    ranked = sa.select(
        vorgaenge,
        sa.func.count().over(partition_by=_v.party).label("total"),
        sa.func.row_number().over(partition_by=_v.party, order_by=(at.desc(), _v.id)).label("n"),
    ).where(_v.state == "living")
    found: dict[str, list[Row]] = {}
    for chunk in chunks(customers):
        some = ranked.where(among(_v.party, chunk)).subquery()
        query = sa.select(some).where(some.c.n <= most).order_by(some.c.party, some.c.n)
        for row in tx.execute(query):
            found.setdefault(row.party, []).append(row)
    return found
