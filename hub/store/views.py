"""Stored views: one indexed read serves a whole 360-degree document."""

from collections.abc import Collection, Sequence

import msgspec
import sqlalchemy as sa

from hub.model.view import Page, RenderedView, StoredView, ViewRow, page_of
from hub.store import changes, runs
from hub.store.database import Tx, among, chunks, upsert
from hub.store.tables import entities, views

_ROW = [
    views.c[name]
    for name in ("id", "kind", "name", "sort_name", "country", "city", "firing", "etag")
]
MAX_MERGES = 50
"""How often an entity may have been merged on before a chain of redirects is given up."""


def get(tx: Tx, entity_id: str) -> StoredView | None:
    """Return an entity's view as it is served, or None.

    `freshness` (when each connection last began a run that succeeded) and `rendered_at` are added
    here, so that a sync which changes nothing rewrites no view.
    """
    row = tx.execute(sa.select(views).where(views.c.id == entity_id)).one_or_none()
    if row is None:
        return None
    moving = {"freshness": runs.last_success(tx), "rendered_at": row.rendered_at}
    tail = msgspec.json.encode(moving, order="sorted").decode()
    document = f"{row.document[:-1]},{tail[1:]}"
    return StoredView(row.id, row.kind, row.name, row.etag, document)


def successor(tx: Tx, entity_id: str) -> str | None:
    """Return the living entity an ended one was merged into, or None."""
    current = entity_id
    for _ in range(MAX_MERGES):
        select = sa.select(entities.c.merged_into, entities.c.ended_at)
        row = tx.execute(select.where(entities.c.id == current)).one_or_none()
        if row is None or row.merged_into is None:
            alive = row is not None and row.ended_at is None
            return current if alive and current != entity_id else None
        current = row.merged_into
    return None


def page(
    tx: Tx,
    kind: str,
    *,
    ids: Collection[str] | None = None,
    country: str | None = None,
    city: str | None = None,
    firing: bool | None = None,
    after: tuple[str, ...] | None = None,
    limit: int = 50,
) -> Page[ViewRow]:
    """Return entities of a kind by name. ids: only these, e.g. what a search found.

    after: the `next` of the page before, (sort_name, id).
    """
    where = [views.c.kind == kind]
    if ids is not None:
        where.append(views.c.id.in_(sorted(ids)))
    if country is not None:
        where.append(views.c.country == country)
    if city is not None:
        where.append(sa.func.lower(views.c.city) == city.lower())
    if firing is not None:
        where.append(views.c.firing > 0 if firing else views.c.firing == 0)
    if after is not None:
        where.append(sa.tuple_(views.c.sort_name, views.c.id) > sa.tuple_(*after[:2]))
    select = sa.select(*_ROW).where(*where).order_by(views.c.sort_name, views.c.id)
    rows = [ViewRow(*row) for row in tx.execute(select.limit(limit + 1))]
    return page_of(rows, limit, lambda row: (row.sort_name, row.id))


def names(tx: Tx, ids: Collection[str]) -> dict[str, str]:
    """Return the name of each entity that has a view; of one that was merged, its heir's."""
    found: dict[str, str] = {}
    for chunk in chunks(ids):
        rows = tx.execute(sa.select(views.c.id, views.c.name).where(among(views.c.id, chunk)))
        found.update(rows.all())
    heirs = sa.select(entities.c.id, views.c.name).join(views, views.c.id == entities.c.merged_into)
    for chunk in chunks(set(ids) - found.keys()):
        found.update(tx.execute(heirs.where(among(entities.c.id, chunk))).all())
    return found


def etags(tx: Tx, ids: Collection[str]) -> dict[str, str]:
    """Return the etag of each view that stands."""
    found: dict[str, str] = {}
    for chunk in chunks(ids):
        rows = tx.execute(sa.select(views.c.id, views.c.etag).where(among(views.c.id, chunk)))
        found.update(rows.all())
    return found


def put(tx: Tx, rendered: Sequence[RenderedView], now: str) -> None:
    """Store views, replacing those that stand."""
    columns = ("id", "kind", "name", "sort_name", "country", "city", "firing", "etag")
    rows = [
        {name: getattr(view.row, name) for name in columns}
        | {"document": view.document, "rendered_at": now}
        for view in rendered
    ]
    upsert(tx, views, rows)
    for kind in {row["kind"] for row in rows}:
        changes.note(tx, kind, [row["id"] for row in rows if row["kind"] == kind], now)


def remove(tx: Tx, ids: Collection[str], now: str) -> None:
    """Remove the views of entities that have ended."""
    for chunk in chunks(ids):
        c = views.c
        gone = tx.execute(sa.select(c.kind, c.id).where(among(c.id, chunk))).all()
        tx.execute(sa.delete(views).where(among(c.id, chunk)))
        for kind in {row.kind for row in gone}:
            ended = [row.id for row in gone if row.kind == kind]
            changes.note(tx, kind, ended, now, op="removed")
