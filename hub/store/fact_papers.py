"""Reads the papers that are subjects of facts, and sums up what hangs on each of a batch."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa

from hub.store.database import Row, Tx, chunks, listed
from hub.store.expressions import (
    base_amount,
    count_where,
    day_field,
    number_field,
    of_kind,
    plain,
    rows_for,
    status,
    sum_where,
    text_field,
    true_field,
)
from hub.store.prepared import Prepared
from hub.store.tables import canonical_records, crosswalk, entities, links

_r, _l, _x = canonical_records.c, links.c, crosswalk.c
PAPERS = ("lead", "deal", "quote", "order", "invoice", "ticket", "contract", "campaign")
"""Kinds of records that are subjects each for itself."""
OF_CUSTOMERS = tuple(kind for kind in PAPERS if kind != "campaign")
"""Those that are looked at with their customer; a campaign is meant for many."""

Sums = dict[str, dict[str, Any]]
"""Ref of a paper, or id of a project -> name -> number or text."""

_decode = msgspec.json.Decoder(dict[str, Any]).decode
_papers = Prepared(
    sa.select(_r.ref, _r.kind, _r.connection, _r.fields).where(listed(_r.ref, "refs"))
)
_links = Prepared(
    sa.select(_l.from_ref, _l.role, _l.target, _l.score).where(listed(_l.from_ref, "refs"))
)


class Paper(NamedTuple):
    """One paper as its source tells it. links: role -> targets, the strongest first."""

    ref: str
    kind: str
    connection: str
    fields: dict[str, Any]
    links: Mapping[str, list[str]]


Read = dict[str, tuple[str, str, dict[str, Any]]]
"""Ref of a paper -> its kind, connection and fields."""


def papers(tx: Tx, refs: Collection[str], read: Read) -> list[Paper]:
    """Return those of `refs` that stand and are papers, with what they are linked to.

    read: what was read already, which is not read again.
    """
    for some in chunks(ref for ref in refs if ref not in read):
        for ref, kind, connection, fields in _papers(tx, refs=some):
            if kind in PAPERS:
                read[ref] = kind, connection, _decode(fields)
    ties = linked(tx, read)
    return [Paper(ref, *read[ref], ties.get(ref, {})) for ref in refs if ref in read]


def linked(tx: Tx, refs: Collection[str]) -> dict[str, dict[str, list[str]]]:
    """Return each record's links: role -> targets, the strongest first, then by id."""
    found: dict[str, dict[str, list[str]]] = {}
    several: dict[tuple[str, str], list[tuple[float, str]]] = {}
    for some in chunks(refs):
        rows = _links(tx, refs=some)
        for ref, role, target, _ in rows:
            roles = found.get(ref)
            if roles is None:
                found[ref] = {role: [target]}
            elif role in roles:
                several[ref, role] = []
            else:
                roles[role] = [target]
        if several:
            for ref, role, target, score in rows:
                if (ref, role) in several:
                    several[ref, role].append((-score, target))
    for (ref, role), targets in several.items():
        found[ref][role] = [target for _, target in sorted(targets)]
    return found


def page(tx: Tx, after: int, limit: int) -> list[Row]:
    """Return (id, ref, kind) of the records after an id that are subjects themselves, or stand for
    one, and hang on no living customer; those of customers are looked at with them."""
    organization = entities.alias()
    owned = (
        sa.exists()
        .where(
            _l.from_ref == _r.ref,
            _l.role == "organization",
            organization.c.id == _l.target,
            organization.c.kind == "organization",
            organization.c.ended_at.is_(None),
        )
        .correlate(canonical_records)
    )
    kind = sa.func.coalesce(_r.kind, "")
    select = (
        sa.select(_r.id, _r.ref, _r.kind)
        .where(_r.id > after, kind.in_((*PAPERS, "person", "project")))
        .where(sa.or_(kind.notin_(OF_CUSTOMERS), ~owned))
        .order_by(_r.id)
        .limit(limit)
    )
    return list(tx.execute(select).all())


def orders_of_deals(tx: Tx, deals: Collection[str]) -> set[tuple[str, str]]:
    """Return (deal, order) for each order that hangs on a deal, or on a quote that does."""
    direct = _hanging("deal", "order")
    found = {(row.target, row.from_ref) for row in rows_for(tx, direct, _l.target, deals)}
    quotes = {
        row.from_ref: row.target
        for row in rows_for(tx, _hanging("deal", "quote"), _l.target, deals)
    }
    via = rows_for(tx, _hanging("quote", "order"), _l.target, quotes)
    found |= {(quotes[row.target], row.from_ref) for row in via}
    own = sa.select(_l.from_ref, _l.target).where(_l.role == "order")
    outward = rows_for(tx, own, _l.from_ref, quotes)
    return found | {(quotes[row.from_ref], row.target) for row in outward}


def hanging_on(tx: Tx, orders: Collection[str], kind: str) -> set[str]:
    """Return the papers of a kind that hang on any of these orders."""
    return {row.from_ref for row in rows_for(tx, _hanging("order", kind), _l.target, orders)}


def projects_of(tx: Tx, kind: str, refs: Collection[str]) -> set[tuple[str, str]]:
    """Return (paper, project) for each project that points to a paper of a kind, or it to one."""
    inward = (
        sa.select(_l.target.label("paper"), _x.entity_id.label("project"))
        .join(canonical_records, _r.ref == _l.from_ref)
        .join(crosswalk, _x.ref == _l.from_ref)
        .where(_l.role == kind, of_kind("project"))
    )
    outward = sa.select(_l.from_ref.label("paper"), _l.target.label("project")).where(
        _l.role == "project"
    )
    return {
        (row.paper, row.project)
        for select, column in ((inward, _l.target), (outward, _l.from_ref))
        for row in rows_for(tx, select, column, refs)
    }


def _hanging(role: str, kind: str) -> sa.Select[tuple[str, str]]:
    return (
        sa.select(_l.from_ref, _l.target)
        .join(canonical_records, _r.ref == _l.from_ref)
        .where(_l.role == role, of_kind(kind))
    )


def grouped(
    tx: Tx,
    targets: Collection[str],
    kind: str,
    role: str,
    columns: Mapping[str, sa.ColumnElement[Any]],
) -> Sums:
    """Return columns over the records of a kind that hang on each target in a role."""
    select = (
        sa.select(_l.target, *(column.label(name) for name, column in columns.items()))
        .join(canonical_records, _r.ref == _l.from_ref)
        .where(_l.role == role, of_kind(kind))
        .group_by(_l.target)
    )
    names = list(columns)
    return {
        row[0]: dict(zip(names, map(plain, row[1:]), strict=True))
        for row in rows_for(tx, select, _l.target, targets)
    }


def invoiced(tx: Tx, targets: Collection[str], role: str, currency: str) -> Sums:
    """Return what was invoiced net for each order or project; credit notes take away."""
    kind = sa.func.coalesce(text_field(tx, "kind"), "receivable")
    net = base_amount(tx, "net_minor", currency)
    counts = sa.and_(kind != "payable", status().notin_(("draft", "void")))
    signed = sa.case((kind == "credit_note", -sa.func.abs(net)), else_=net)
    columns = {
        "invoiced_net": sum_where(counts, signed),
        "invoiced_unclear": count_where(sa.and_(counts, net.is_(None))),
    }
    return grouped(tx, targets, "invoice", role, columns)


def credited(tx: Tx, invoices: Collection[str], currency: str) -> Sums:
    """Return what credit notes take off each invoice, net."""
    counts = sa.and_(text_field(tx, "kind") == "credit_note", status().notin_(("draft", "void")))
    net = sa.func.abs(base_amount(tx, "net_minor", currency))
    columns = {
        "credited_net": sum_where(counts, net),
        "credits_unclear": count_where(sa.and_(counts, net.is_(None))),
    }
    return grouped(tx, invoices, "invoice", "invoice", columns)


def dunned(tx: Tx, invoices: Collection[str]) -> Sums:
    """Return how far each invoice was dunned, and until when dunning is stopped."""
    columns = {
        "dunned_level": sa.func.max(number_field(tx, "level")),
        "stopped_until": sa.func.max(day_field(tx, "stopped_until")),
    }
    return grouped(tx, invoices, "dunning", "invoice", columns)


def worked(tx: Tx, targets: Collection[str], role: str) -> Sums:
    """Return the hours worked for each ticket, contract or project, and whether any is billable."""
    columns = {
        "hours": sum_where(sa.true(), number_field(tx, "hours")),
        "billable": count_where(true_field(tx, "billable")),
    }
    return grouped(tx, targets, "time_entry", role, columns)


def members(tx: Tx, kind: str, ids: Collection[str]) -> dict[str, list[Paper]]:
    """Return the records of each person or project entity, with their links."""
    select = (
        sa.select(_x.entity_id, _r.ref, _r.kind, _r.connection, _r.fields)
        .join(canonical_records, _r.ref == _x.ref)
        .where(of_kind(kind))
    )
    rows = sorted(tuple(row) for row in rows_for(tx, select, _x.entity_id, ids))
    ties = linked(tx, [row[1] for row in rows])
    found: dict[str, list[Paper]] = {}
    for entity, ref, kind_, connection, fields in rows:
        paper = Paper(ref, kind_, connection, _decode(fields), ties.get(ref, {}))
        found.setdefault(entity, []).append(paper)
    return found


def entities_of(tx: Tx, refs: Collection[str]) -> dict[str, tuple[str, str]]:
    """Return record -> (its entity, its kind) for records that stand for one."""
    select = sa.select(_x.ref, _x.entity_id, _r.kind).join(canonical_records, _r.ref == _x.ref)
    return {row.ref: (row.entity_id, row.kind) for row in rows_for(tx, select, _x.ref, refs)}


class Standing(NamedTuple):
    """What one record says of an organization. score: how surely it belongs, None where alone."""

    entity: str
    ref: str
    connection: str
    score: float | None
    version: int
    fetched_at: str
    fields: dict[str, Any]


def organizations(tx: Tx, ids: Collection[str]) -> dict[str, list[Standing]]:
    """Return the records of each organization."""
    columns = (_x.entity_id, _r.ref, _r.connection, _x.score, _r.version, _r.fetched_at, _r.fields)
    select = sa.select(*columns).join(canonical_records, _r.ref == _x.ref)
    found: dict[str, list[Standing]] = {}
    for row in rows_for(tx, select.where(of_kind("organization")), _x.entity_id, ids):
        entity, ref, connection, score, version, fetched_at, fields = row
        one = Standing(entity, ref, connection, score, version, fetched_at, _decode(fields))
        found.setdefault(one.entity, []).append(one)
    for some in found.values():
        some.sort(key=lambda one: one.ref)
    return found


def ordered(tx: Tx, orders: Iterable[str], currency: str) -> dict[str, float | None]:
    """Return the net of each order in the company's currency, None where it is not known."""
    select = sa.select(_r.ref, base_amount(tx, "net_minor", currency).label("net"))
    return {row.ref: row.net for row in rows_for(tx, select, _r.ref, list(orders))}
