"""Reads what views are made of, for many entities at once."""

from collections.abc import Collection, Iterable

import msgspec
import sqlalchemy as sa

from hub.store.database import Row, Tx, among, chunks
from hub.store.tables import canonical_records, crosswalk, entities, links, source_records, views

_r, _l, _x = canonical_records.c, links.c, crosswalk.c
DOCUMENT_KINDS = (
    "lead",
    "deal",
    "quote",
    "order",
    "delivery",
    "invoice",
    "payment",
    "dunning",
    "ticket",
    "message",
    "touch",
    "project",
    "milestone",
    "contract",
    "asset",
    "consent",
)
"""What stands in a timeline: everything that has happened between the company and somebody."""
NEIGHBOUR_ROLES = ("organization", "parent", "person", "project")


class StoredGolden(msgspec.Struct):
    """The golden values of a view that stands."""

    golden: dict[str, dict[str, object]]


_golden = msgspec.json.Decoder(StoredGolden)


def kinds(tx: Tx, ids: Collection[str]) -> dict[str, str]:
    """Return the kind of each of these entities that lives."""
    found: dict[str, str] = {}
    for chunk in chunks(ids):
        where = (among(entities.c.id, chunk), entities.c.ended_at.is_(None))
        found.update(tx.execute(sa.select(entities.c.id, entities.c.kind).where(*where)).all())
    return found


def members(tx: Tx, ids: Collection[str]) -> list[Row]:
    """Return the records of these entities, with how each came to belong."""
    select = (
        sa.select(
            _x.entity_id,
            _x.method,
            _x.score,
            _r.ref,
            _r.connection,
            _r.stream,
            _r.fields,
            _r.extensions,
            _r.fetched_at,
            source_records.c.key,
        )
        .join(canonical_records, _r.ref == _x.ref)
        .join(source_records, source_records.c.id == _r.source_id)
        .order_by(_r.ref)
    )
    return _all(tx, select, _x.entity_id, ids)


def neighbours(tx: Tx, ids: Collection[str]) -> list[Row]:
    """Return links between entities, seen from these: (entity_id, other, id, role, method, score).

    A link runs from a record: out of one of these entities, or into one of them.
    """
    link = (_l.id, _l.role, _l.method, _l.score)
    select = sa.select(_x.entity_id, _l.target.label("other"), *link).join(
        links, _l.from_ref == _x.ref
    )
    inward = sa.select(_l.target.label("entity_id"), _x.entity_id.label("other"), *link).join(
        crosswalk, _x.ref == _l.from_ref
    )
    role = _l.role.in_(NEIGHBOUR_ROLES)
    return [
        *_all(tx, select.where(role), _x.entity_id, ids),
        *_all(tx, inward.where(role), _l.target, ids),
    ]


def documents(tx: Tx, ids: Collection[str], most: int) -> list[Row]:
    """Return the newest documents on each entity, `most` of each kind, and how many there are.

    Rows: (entity_id, ref, kind, connection, at, number, title, status, total), newest first.
    """
    found: list[Row] = []
    for chunk in chunks(ids):
        found += tx.execute(_newest(_pairs(chunk), most))
    return found


def _pairs(ids: Collection[str]) -> sa.Subquery:
    """Return (entity_id, ref): documents that point to an entity, or that its records point to."""
    inward = sa.select(_l.target.label("entity_id"), _l.from_ref.label("ref")).where(
        among(_l.target, ids)
    )
    outward = (
        sa.select(_x.entity_id, _l.target.label("ref"))
        .join(links, _l.from_ref == _x.ref)
        .where(among(_x.entity_id, ids), _l.role.notin_(NEIGHBOUR_ROLES))
    )
    return sa.union(inward, outward).subquery()


def _newest(pairs: sa.Subquery, most: int) -> sa.Select[*tuple[object, ...]]:
    at = sa.func.coalesce(_r.at, "")
    group = (pairs.c.entity_id, _r.kind)
    ranked = (
        sa.select(
            pairs.c.entity_id,
            *(_r[name] for name in ("ref", "kind", "connection", "at", "number", "title")),
            _r.status,
            sa.func.count().over(partition_by=group).label("total"),
            sa.func.row_number().over(partition_by=group, order_by=(at.desc(), _r.ref)).label("n"),
        )
        .join(canonical_records, _r.ref == pairs.c.ref)
        .where(_r.kind.in_(DOCUMENT_KINDS))
        .subquery()
    )
    c = ranked.c
    return (
        sa.select(*(column for column in c if column.name != "n"))
        .where(c.n <= most)
        .order_by(c.entity_id, sa.func.coalesce(c.at, "").desc(), c.ref)
    )


def ways(tx: Tx, ids: Collection[str]) -> list[Row]:
    """Return the links between these entities and documents, the strongest first.

    Rows: (entity_id, ref, id, role, method, score).
    """
    link = (_l.id, _l.role, _l.method, _l.score)
    inward = sa.select(_l.target.label("entity_id"), _l.from_ref.label("ref"), *link)
    outward = (
        sa.select(_x.entity_id, _l.target.label("ref"), *link)
        .join(links, _l.from_ref == _x.ref)
        .where(_l.role.notin_(NEIGHBOUR_ROLES))
    )
    order = (_l.score.desc(), _l.role, _l.id)
    return [
        *_all(tx, inward.order_by(*order), _l.target, ids),
        *_all(tx, outward.order_by(*order), _x.entity_id, ids),
    ]


def fields(tx: Tx, refs: Iterable[str]) -> dict[str, str]:
    """Return the fields of documents, as JSON text."""
    rows = _all(tx, sa.select(_r.ref, _r.fields), _r.ref, refs)
    return {row.ref: row.fields for row in rows}


def stored_golden(tx: Tx, ids: Collection[str]) -> dict[str, dict[str, dict[str, object]]]:
    """Return the golden record in each view that stands."""
    rows = _all(tx, sa.select(views.c.id, views.c.document), views.c.id, ids)
    return {row.id: _golden.decode(row.document).golden for row in rows}


def _all(
    tx: Tx, select: sa.Select[*tuple[object, ...]], column: sa.Column[str], values: Iterable[str]
) -> list[Row]:
    found: list[Row] = []
    for chunk in chunks(values):
        found += tx.execute(select.where(among(column, chunk)))
    return found
