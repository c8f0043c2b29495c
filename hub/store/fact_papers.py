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
    rows_for,
    status,
    sum_where,
    text_field,
    true_field,
)
from hub.store.prepared import Asked, Prepared
from hub.store.tables import canonical_records, crosswalk, entities, facts, links

_r, _l, _x = canonical_records.c, links.c, crosswalk.c
PAPERS = ("lead", "deal", "quote", "order", "invoice", "ticket", "contract", "campaign")
"""Kinds of records that are subjects each for itself."""
OF_CUSTOMERS = tuple(kind for kind in PAPERS if kind != "campaign")
"""Those that are looked at with their customer; a campaign is meant for many."""

Sums = dict[str, dict[str, Any]]
"""Ref of a paper, or id of a project -> name -> number or text."""

Ties = dict[str, dict[str, list[str]]]
"""Ref of a record -> role -> what it is linked to, the strongest first, then by id."""

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


def papers(tx: Tx, refs: Collection[str]) -> list[Paper]:
    """Return those of `refs` that stand and are papers, with what they are linked to."""
    ties = linked(tx, refs)
    return [
        Paper(ref, kind, connection, _decode(fields), ties.get(ref, {}))
        for some in chunks(refs)
        for ref, kind, connection, fields in _papers(tx, refs=some)
        if kind in PAPERS
    ]


def linked(tx: Tx, refs: Collection[str]) -> Ties:
    """Return the links of those records that have any."""
    found: Ties = {}
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


def page(tx: Tx, after: int, limit: int, *, unseen: bool = False) -> list[Row]:
    """Return (id, ref, kind) of the records after an id that are subjects themselves, or stand for
    one, and hang on no living customer; those of customers are looked at with them.

    unseen: they just were, and nothing else yet, so that it is enough to ask who was not.
    """
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
    if unseen:
        owned = sa.exists().where(facts.c.subject_kind == _r.kind, facts.c.subject == _r.ref)
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
    found = {(deal, order) for order, deal in _hanging(tx, deals, "deal", "order")}
    quotes = dict(_hanging(tx, deals, "deal", "quote"))
    found |= {(quotes[quote], order) for order, quote in _hanging(tx, quotes, "quote", "order")}
    return found | {(quotes[quote], order) for quote, order in _orders_of(tx, quotes)}


@Asked
def _orders_of(_: Tx) -> sa.Select[*tuple[Any, ...]]:
    return sa.select(_l.from_ref, _l.target).where(_l.role == "order", listed(_l.from_ref, "ids"))


def hanging_on(tx: Tx, orders: Collection[str], kind: str) -> set[str]:
    """Return the papers of a kind that hang on any of these orders."""
    return {row[0] for row in _hanging(tx, orders, "order", kind)}


def projects_of(tx: Tx, kind: str, refs: Collection[str]) -> set[tuple[str, str]]:
    """Return (paper, project) for each project that points to a paper of a kind, or it to one."""
    found: set[Any] = {*_projects_to(tx, refs, kind), *_projects_from(tx, refs)}
    return found


@Asked
def _projects_to(_: Tx, role: str) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(_l.target, _x.entity_id)
        .join(canonical_records, _r.ref == _l.from_ref)
        .join(crosswalk, _x.ref == _l.from_ref)
        .where(_l.role == role, of_kind("project"), listed(_l.target, "ids"))
    )


@Asked
def _projects_from(_: Tx) -> sa.Select[*tuple[Any, ...]]:
    return sa.select(_l.from_ref, _l.target).where(_l.role == "project", listed(_l.from_ref, "ids"))


@Asked
def _hanging(_: Tx, role: str, kind: str) -> sa.Select[*tuple[Any, ...]]:
    """Select (what hangs, what it hangs on)."""
    return (
        sa.select(_l.from_ref, _l.target)
        .join(canonical_records, _r.ref == _l.from_ref)
        .where(_l.role == role, of_kind(kind), listed(_l.target, "ids"))
    )


def grouped(
    kind: str, role: str, columns: Mapping[str, sa.ColumnElement[Any]]
) -> sa.Select[*tuple[Any, ...]]:
    """Select columns over the records of a kind that hang on each target in a role."""
    return (
        sa.select(_l.target, *(column.label(name) for name, column in columns.items()))
        .join(canonical_records, _r.ref == _l.from_ref)
        .where(_l.role == role, of_kind(kind), listed(_l.target, "ids"))
        .group_by(_l.target)
    )


def invoiced(tx: Tx, targets: Collection[str], role: str, currency: str) -> Sums:
    """Return what was invoiced net for each order or project; credit notes take away."""
    return _invoiced.sums(tx, targets, role, currency)


@Asked
def _invoiced(tx: Tx, role: str, currency: str) -> sa.Select[*tuple[Any, ...]]:
    kind = sa.func.coalesce(text_field(tx, "kind"), "receivable")
    net = base_amount(tx, "net_minor", currency)
    counts = sa.and_(kind != "payable", status().notin_(("draft", "void")))
    signed = sa.case((kind == "credit_note", -sa.func.abs(net)), else_=net)
    columns = {
        "invoiced_net": sum_where(counts, signed),
        "invoiced_unclear": count_where(sa.and_(counts, net.is_(None))),
    }
    return grouped("invoice", role, columns)


def credited(tx: Tx, invoices: Collection[str], currency: str) -> Sums:
    """Return what credit notes take off each invoice, net."""
    return _credited.sums(tx, invoices, currency)


@Asked
def _credited(tx: Tx, currency: str) -> sa.Select[*tuple[Any, ...]]:
    counts = sa.and_(text_field(tx, "kind") == "credit_note", status().notin_(("draft", "void")))
    net = sa.func.abs(base_amount(tx, "net_minor", currency))
    columns = {
        "credited_net": sum_where(counts, net),
        "credits_unclear": count_where(sa.and_(counts, net.is_(None))),
    }
    return grouped("invoice", "invoice", columns)


def dunned(tx: Tx, invoices: Collection[str]) -> Sums:
    """Return how far each invoice was dunned, and until when dunning is stopped."""
    return _dunned.sums(tx, invoices)


@Asked
def _dunned(tx: Tx) -> sa.Select[*tuple[Any, ...]]:
    columns = {
        "dunned_level": sa.func.max(number_field(tx, "level")),
        "stopped_until": sa.func.max(day_field(tx, "stopped_until")),
    }
    return grouped("dunning", "invoice", columns)


def worked(tx: Tx, targets: Collection[str], role: str) -> Sums:
    """Return the hours worked for each ticket, contract or project, and whether any is billable."""
    return _worked.sums(tx, targets, role)


@Asked
def _worked(tx: Tx, role: str) -> sa.Select[*tuple[Any, ...]]:
    columns = {
        "hours": sum_where(sa.true(), number_field(tx, "hours")),
        "billable": count_where(true_field(tx, "billable")),
    }
    return grouped("time_entry", role, columns)


def members(tx: Tx, kind: str, ids: Collection[str]) -> dict[str, list[Paper]]:
    """Return the records of each person or project entity, with their links."""
    rows = sorted(_members(tx, ids, kind))
    ties = linked(tx, [row[1] for row in rows])
    found: dict[str, list[Paper]] = {}
    for entity, ref, kind_, connection, fields in rows:
        paper = Paper(ref, kind_, connection, _decode(fields), ties.get(ref, {}))
        found.setdefault(entity, []).append(paper)
    return found


@Asked
def _members(_: Tx, kind: str) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(_x.entity_id, _r.ref, _r.kind, _r.connection, _r.fields)
        .join(canonical_records, _r.ref == _x.ref)
        .where(of_kind(kind), listed(_x.entity_id, "ids"))
    )


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
    found: dict[str, list[Standing]] = {}
    for row in _organizations(tx, ids):
        entity, ref, connection, score, version, fetched_at, fields = row
        one = Standing(entity, ref, connection, score, version, fetched_at, _decode(fields))
        found.setdefault(one.entity, []).append(one)
    for some in found.values():
        some.sort(key=lambda one: one.ref)
    return found


@Asked
def _organizations(_: Tx) -> sa.Select[*tuple[Any, ...]]:
    columns = (_x.entity_id, _r.ref, _r.connection, _x.score, _r.version, _r.fetched_at, _r.fields)
    return (
        sa.select(*columns)
        .join(canonical_records, _r.ref == _x.ref)
        .where(of_kind("organization"), listed(_x.entity_id, "ids"))
    )


def ordered(tx: Tx, orders: Iterable[str], currency: str) -> dict[str, float | None]:
    """Return the net of each order in the company's currency, None where it is not known."""
    return {ref: each["net"] for ref, each in _ordered.sums(tx, list(orders), currency).items()}


@Asked
def _ordered(tx: Tx, currency: str) -> sa.Select[*tuple[Any, ...]]:
    net = base_amount(tx, "net_minor", currency).label("net")
    return sa.select(_r.ref, net).where(listed(_r.ref, "ids"))
