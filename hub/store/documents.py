"""Reads canonical records as documents: the timeline of an entity, page by page."""

from collections.abc import Collection

import sqlalchemy as sa

from hub.model.view import Page, TimelineItem, page_of
from hub.store.database import Row, Tx, among, chunks
from hub.store.rendering import DOCUMENT_KINDS, NEIGHBOUR_ROLES
from hub.store.tables import canonical_records as records
from hub.store.tables import crosswalk, links

_COLUMNS = [
    records.c[name] for name in ("at", "ref", "kind", "connection", "number", "title", "status")
]


def timeline_page(
    tx: Tx,
    entity_id: str,
    *,
    kinds: Collection[str] = DOCUMENT_KINDS,
    after: tuple[str, ...] | None = None,
    limit: int = 50,
) -> Page[TimelineItem]:
    """Return what is linked to an entity, newest first, undated documents last.

    after: the `next` of the page before, (at, ref).
    """
    at = sa.func.coalesce(records.c.at, "")
    ways = _ways(entity_id)
    where: list[sa.ColumnElement[bool]] = [
        records.c.ref.in_(sa.select(ways.c.ref)),
        records.c.kind.in_(sorted(kinds)),
    ]
    if after is not None:
        earlier = sa.and_(at == after[0], records.c.ref > after[1])
        where.append(sa.or_(at < after[0], earlier))
    select = sa.select(*_COLUMNS).where(*where).order_by(at.desc(), records.c.ref)
    rows = tx.execute(select.limit(limit + 1)).all()
    page = page_of(rows, limit, lambda row: (row.at or "", row.ref))
    reached = _reached(tx, ways, [row.ref for row in page.items])
    return Page(tuple(_item(row, reached[row.ref]) for row in page.items), page.next)


def _ways(entity_id: str) -> sa.Subquery:
    """Return (ref, role, method, score) of what points to an entity, or its records point to."""
    c = links.c
    inward = sa.select(c.from_ref.label("ref"), c.role, c.method, c.score)
    outward = sa.select(c.target.label("ref"), c.role, c.method, c.score).join(
        crosswalk, crosswalk.c.ref == c.from_ref
    )
    return sa.union(
        inward.where(c.target == entity_id),
        outward.where(crosswalk.c.entity_id == entity_id, c.role.notin_(NEIGHBOUR_ROLES)),
    ).subquery()


def _reached(tx: Tx, ways: sa.Subquery, refs: Collection[str]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for chunk in chunks(refs):
        select = sa.select(ways).where(among(ways.c.ref, chunk))
        for way in tx.execute(select.order_by(ways.c.score.desc(), ways.c.role)):
            found.setdefault(way.ref, []).append(way)
    return found


def _item(row: Row, ways: list[Row]) -> TimelineItem:
    best = ways[0]
    return TimelineItem(
        at=row.at,
        ref=row.ref,
        kind=row.kind,
        connection=row.connection,
        number=row.number,
        title=row.title,
        status=row.status,
        roles=tuple(sorted(link.role for link in ways)),
        method=best.method,
        score=best.score,
    )


def export_page(tx: Tx, kind: str, after: str, limit: int) -> list[Row]:
    """Return the next documents of a kind by ref.

    Rows: (ref, connection, customer, fields, extensions).
    """
    r, c = records.c, links.c
    customer = (
        sa.select(sa.func.min(c.target))
        .where(c.from_ref == r.ref, c.role == "organization")
        .scalar_subquery()
    )
    select = sa.select(r.ref, r.connection, customer.label("customer"), r.fields, r.extensions)
    return list(
        tx.execute(select.where(r.kind == kind, r.ref > after).order_by(r.ref).limit(limit))
    )
