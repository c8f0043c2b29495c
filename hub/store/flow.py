"""Reads what business cases are told from: flow links, and the records at their ends."""

from collections.abc import Collection

import sqlalchemy as sa

from hub.store.database import Row, Tx, among, chunks
from hub.store.expressions import text_field
from hub.store.tables import canonical_records, crosswalk, entities, links

_r, _l, _x = canonical_records.c, links.c, crosswalk.c
_kind = _r.kind + ""
"""The kind where no record is to be looked up by it: SQLite, which keeps no counts, would read all
records of the kind for each batch of customers."""
_LINK = (
    _l.id,
    _l.from_ref,
    _l.role,
    _l.target,
    _l.score,
    _r.kind.label("from_kind"),
    _x.entity_id,
)


def links_at(tx: Tx, nodes: Collection[str], roles: Collection[str]) -> list[Row]:
    """Return the links in one of `roles` that begin or end at these documents and projects.

    Rows: (id, from_ref, role, target, score, from_kind, entity_id); the last is the entity that
    the record the link begins at stands for. A link may come twice.
    """
    ends = (
        sa.select(*_LINK)
        .join(canonical_records, _r.ref == _l.from_ref)
        .join(crosswalk, _x.ref == _l.from_ref, isouter=True)
        .where(_l.role.in_(sorted(roles)))
    )
    documents = [node for node in nodes if ":" in node]
    projects = [node for node in nodes if ":" not in node]
    found = [
        row for chunk in chunks(nodes) for row in tx.execute(ends.where(among(_l.target, chunk)))
    ]
    for chunk in chunks(documents):
        found += tx.execute(ends.where(among(_l.from_ref, chunk)))
    for chunk in chunks(projects):
        held = sa.select(_x.ref).where(among(_x.entity_id, chunk))
        found += tx.execute(ends.where(_l.from_ref.in_(held)))
    return found


def records(tx: Tx, nodes: Collection[str]) -> list[Row]:
    """Return the records of documents and projects: (node, ref, kind, connection, number, title,
    fields, fetched_at, first_seen_at)."""
    columns = (
        _r.ref,
        _r.kind,
        _r.connection,
        _r.number,
        _r.title,
        _r.fields,
        _r.fetched_at,
        _r.first_seen_at,
    )
    documents = sa.select(_r.ref.label("node"), *columns)
    projects = sa.select(_x.entity_id.label("node"), *columns).join(crosswalk, _x.ref == _r.ref)
    found: list[Row] = []
    for chunk in chunks(node for node in nodes if ":" in node):
        found += tx.execute(documents.where(among(_r.ref, chunk)))
    for chunk in chunks(node for node in nodes if ":" not in node):
        found += tx.execute(projects.where(among(_x.entity_id, chunk), _kind == "project"))
    return found


def context(tx: Tx, nodes: Collection[str]) -> list[Row]:
    """Return the organizations and contracts that these are linked to: (node, role, target)."""
    where = _l.role.in_(("organization", "contract"))
    documents = sa.select(_l.from_ref.label("node"), _l.role, _l.target).where(where)
    projects = (
        sa.select(_x.entity_id.label("node"), _l.role, _l.target)
        .join(crosswalk, _x.ref == _l.from_ref)
        .where(where)
    )
    found: list[Row] = []
    for chunk in chunks(node for node in nodes if ":" in node):
        found += tx.execute(documents.where(among(_l.from_ref, chunk)))
    for chunk in chunks(node for node in nodes if ":" not in node):
        found += tx.execute(projects.where(among(_x.entity_id, chunk)))
    return found


def contracts(tx: Tx, refs: Collection[str], parties: Collection[str]) -> list[Row]:
    """Return contracts by ref, and those of customers: (ref, fields, party); party may be null."""
    select = sa.select(_r.ref, _r.fields, _l.target.label("party")).where(_kind == "contract")
    whose = sa.and_(_l.from_ref == _r.ref, _l.role == "organization")
    by_ref = select.join(links, whose, isouter=True)
    by_party = select.join(links, whose).where(_r.status.in_(("active", "notice_given", "ended")))
    found: list[Row] = []
    for chunk in chunks(refs):
        found += tx.execute(by_ref.where(among(_r.ref, chunk)))
    for chunk in chunks(parties):
        found += tx.execute(by_party.where(among(_l.target, chunk)))
    return found


def merged_into(tx: Tx, ids: Collection[str]) -> dict[str, str]:
    """Return what each of these projects was merged into, of those that were."""
    e = entities.c
    found: dict[str, str] = {}
    for chunk in chunks(ids):
        where = among(e.id, chunk), e.merged_into.is_not(None)
        found.update(tx.execute(sa.select(e.id, e.merged_into).where(*where)).all())
    return found


def nodes_of_parties(tx: Tx, parties: Collection[str], kinds: Collection[str]) -> list[Row]:
    """Return the documents and resolved projects of customers: (party, node, kind).

    kind: what it is in the flow: a credit note is an invoice that says so, and so on.
    """
    node = sa.case((_r.kind == "project", _x.entity_id), else_=_r.ref)
    credited = sa.and_(_r.kind == "invoice", text_field(tx, "kind") == "credit_note")
    given_back = sa.and_(_r.kind == "payment", text_field(tx, "direction") == "outgoing")
    kind = sa.case((credited, "credit_note"), (given_back, "refund"), else_=_r.kind)
    select = (
        sa.select(_l.target.label("party"), node.label("node"), kind.label("kind"))
        .join(canonical_records, _r.ref == _l.from_ref)
        .join(crosswalk, _x.ref == _l.from_ref, isouter=True)
        .where(_l.role == "organization", _kind.in_(sorted(kinds)), node.is_not(None))
    )
    found: list[Row] = []
    for chunk in chunks(parties):
        found += tx.execute(select.where(among(_l.target, chunk)))
    return found


def first_records(tx: Tx, projects: Collection[str]) -> dict[str, str]:
    """Return the first record that each project stands for."""
    select = sa.select(_x.entity_id, sa.func.min(_x.ref)).group_by(_x.entity_id)
    found: dict[str, str] = {}
    for chunk in chunks(projects):
        found.update(tx.execute(select.where(among(_x.entity_id, chunk))).all())
    return found


def records_of(tx: Tx, projects: Collection[str]) -> list[str]:
    """Return the records that these projects stand for."""
    found: list[str] = []
    for chunk in chunks(projects):
        found += tx.execute(sa.select(_x.ref).where(among(_x.entity_id, chunk))).scalars()
    return found
