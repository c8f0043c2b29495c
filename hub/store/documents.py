"""Reads canonical records as documents: the timeline of an entity, page by page."""

from collections.abc import Collection

import sqlalchemy as sa

from hub.model.view import Page, TimelineItem
from hub.store.database import Row, Tx, among, chunks
from hub.store.tables import canonical_records as records
from hub.store.tables import links

TIMELINE_KINDS = ("deal", "order", "invoice", "payment", "ticket", "project", "contract")
_COLUMNS = [
    records.c[name] for name in ("at", "ref", "kind", "connection", "number", "title", "status")
]


def timeline_page(
    tx: Tx,
    entity_id: str,
    *,
    kinds: Collection[str] = TIMELINE_KINDS,
    after: tuple[str, ...] | None = None,
    limit: int = 50,
) -> Page[TimelineItem]:
    """Return what is linked to an entity, newest first, undated documents last.

    after: the `next` of the page before, (at, ref).
    """
    at = sa.func.coalesce(records.c.at, "")
    linked = sa.exists().where(links.c.from_ref == records.c.ref, links.c.target == entity_id)
    where = [linked, records.c.kind.in_(sorted(kinds))]
    if after is not None:
        earlier = sa.and_(at == after[0], records.c.ref > after[1])
        where.append(sa.or_(at < after[0], earlier))
    select = sa.select(*_COLUMNS).where(*where).order_by(at.desc(), records.c.ref)
    rows = list(tx.execute(select.limit(limit + 1)))
    more = len(rows) > limit
    rows = rows[:limit]
    reached = _reached(tx, entity_id, [row.ref for row in rows])
    items = tuple(_item(row, reached[row.ref]) for row in rows)
    return Page(items, (rows[-1].at or "", rows[-1].ref) if more else None)


def _reached(tx: Tx, entity_id: str, refs: Collection[str]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for chunk in chunks(refs):
        select = sa.select(links).where(among(links.c.from_ref, chunk), links.c.target == entity_id)
        for link in tx.execute(select.order_by(links.c.score.desc(), links.c.role)):
            found.setdefault(link.from_ref, []).append(link)
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
