"""Reads what a record's links are decided from, for many records at once."""

from collections.abc import Collection, Iterable
from typing import NamedTuple

import msgspec
import sqlalchemy as sa

from hub.store.database import Row, Tx, among, chunks, upsert
from hub.store.tables import canonical_records, canonical_refs, crosswalk, links, number_tokens

_r, _l, _n = canonical_records.c, links.c, number_tokens.c


class NumberRow(NamedTuple):
    """A number that a record carries (own) or names. amounts: of its own, what the record is worth,
    in minor units, parted by blanks."""

    token: str
    own: bool
    ref: str
    field: str
    amounts: str = ""


class Texts(msgspec.Struct):
    """The fields of a record that name it or other documents, and what it is worth."""

    number: str | None = None
    name: str | None = None
    subject: str | None = None
    reference: str | None = None
    customer_po_number: str | None = None
    text: str | None = None
    message_id: str | None = None
    thread_id: str | None = None
    in_reply_to: list[str] = []
    net_minor: int | None = None
    gross_minor: int | None = None
    amount_minor: int | None = None


_texts = msgspec.json.Decoder(Texts, strict=False)


def records(tx: Tx, refs: Collection[str]) -> dict[str, tuple[Row, Texts]]:
    """Return each record that stands: (ref, kind, connection, title, entity_id) and its texts."""
    found: dict[str, tuple[Row, Texts]] = {}
    select = sa.select(
        _r.ref, _r.kind, _r.connection, _r.number, _r.title, _r.fields, crosswalk.c.entity_id
    ).join(crosswalk, crosswalk.c.ref == _r.ref, isouter=True)
    for chunk in chunks(refs):
        for row in tx.execute(select.where(among(_r.ref, chunk))):
            found[row.ref] = (row, _texts.decode(row.fields))
    return found


def pointers(tx: Tx, refs: Collection[str]) -> dict[str, list[Row]]:
    """Return each record's references that lead to one: (role, target_ref, kind, entity_id)."""
    p = canonical_refs.c
    select = (
        sa.select(p.from_ref, p.role, p.target_ref, _r.kind, crosswalk.c.entity_id)
        .join(canonical_records, _r.ref == p.target_ref)
        .join(crosswalk, crosswalk.c.ref == p.target_ref, isouter=True)
    )
    found: dict[str, list[Row]] = {}
    for chunk in chunks(refs):
        for row in tx.execute(select.where(among(p.from_ref, chunk))):
            found.setdefault(row.from_ref, []).append(row)
    return found


def entities_of(tx: Tx, refs: Collection[str]) -> dict[str, str]:
    """Return the entity of each record that has one."""
    found: dict[str, str] = {}
    for chunk in chunks(refs):
        select = sa.select(crosswalk.c.ref, crosswalk.c.entity_id)
        found.update(tx.execute(select.where(among(crosswalk.c.ref, chunk))).all())
    return found


def employers(tx: Tx, persons: Collection[str]) -> dict[str, dict[str, list[str]]]:
    """Return person entity -> organization entity -> the person's records that say so."""
    select = (
        sa.select(crosswalk.c.entity_id, _l.target, _l.from_ref)
        .join(links, _l.from_ref == crosswalk.c.ref)
        .where(_l.role == "organization")
    )
    found: dict[str, dict[str, list[str]]] = {}
    for chunk in chunks(persons):
        for person, company, ref in tx.execute(select.where(among(crosswalk.c.entity_id, chunk))):
            found.setdefault(person, {}).setdefault(company, []).append(ref)
    return found


def customers(
    tx: Tx, refs: Collection[str], methods: Collection[str] = ("key", "contact", "document")
) -> dict[str, set[str]]:
    """Return the organizations each record is linked to by one of `methods`."""
    select = sa.select(_l.from_ref, _l.target).where(
        _l.role == "organization", _l.method.in_(sorted(methods))
    )
    found: dict[str, set[str]] = {}
    for chunk in chunks(refs):
        for ref, company in tx.execute(select.where(among(_l.from_ref, chunk))):
            found.setdefault(ref, set()).add(company)
    return found


def targets(tx: Tx, refs: Collection[str], role: str, method: str) -> dict[str, set[str]]:
    """Return what each record is linked to in a role by a method."""
    select = sa.select(_l.from_ref, _l.target).where(_l.role == role, _l.method == method)
    found: dict[str, set[str]] = {}
    for chunk in chunks(refs):
        for ref, target in tx.execute(select.where(among(_l.from_ref, chunk))):
            found.setdefault(ref, set()).add(target)
    return found


def hanging_on(tx: Tx, targets: Collection[str]) -> set[str]:
    """Return the records linked to any of these entities or documents."""
    return _hanging(tx, sa.select(_l.from_ref), targets)


def relying_on(tx: Tx, targets: Collection[str], roles: Collection[str]) -> set[str]:
    """Return the records linked to `targets` in `roles` whose source names no organization."""
    own = links.alias()
    named = sa.exists().where(
        own.c.from_ref == _l.from_ref, own.c.role == "organization", own.c.method == "key"
    )
    return _hanging(tx, sa.select(_l.from_ref).where(_l.role.in_(sorted(roles)), ~named), targets)


def _hanging(tx: Tx, select: sa.Select[str], targets: Collection[str]) -> set[str]:
    found: set[str] = set()
    for chunk in chunks(targets):
        found.update(tx.execute(select.where(among(_l.target, chunk))).scalars())
    return found


def numbers_of(tx: Tx, refs: Collection[str]) -> dict[str, list[Row]]:
    """Return the numbers each record carries or names, as `NumberRow` has them."""
    found: dict[str, list[Row]] = {}
    for chunk in chunks(refs):
        select = sa.select(number_tokens).where(among(_n.ref, chunk))
        for row in tx.execute(select):
            found.setdefault(row.ref, []).append(row)
    return found


def put_numbers(tx: Tx, gone: Collection[tuple[str, bool, str]], new: Iterable[NumberRow]) -> None:
    """Remove the numbers (token, own, ref) that are `gone`, and write new ones."""
    for own in (True, False):
        for chunk in chunks(((token, ref) for token, mine, ref in gone if mine is own), 400):
            key = sa.tuple_(_n.token, _n.ref)
            tx.execute(sa.delete(number_tokens).where(_n.own.is_(own), key.in_(chunk)))
    upsert(tx, number_tokens, [row._asdict() for row in new])


def connections_of(tx: Tx, entities: Collection[str]) -> dict[str, set[str]]:
    """Return the connections that have a record of their own of each entity, not a part of one."""
    select = (
        sa.select(crosswalk.c.entity_id, _r.connection)
        .join(canonical_records, _r.ref == crosswalk.c.ref)
        .where(~_r.ref.contains("#", autoescape=True))
        .distinct()
    )
    found: dict[str, set[str]] = {}
    for chunk in chunks(entities):
        for entity, connection in tx.execute(select.where(among(crosswalk.c.entity_id, chunk))):
            found.setdefault(entity, set()).add(connection)
    return found


def carriers(tx: Tx, tokens: Collection[str]) -> list[Row]:
    """Return who carries one of these numbers.

    Rows: (token, field, amounts, ref, kind, connection, entity_id).
    """
    record = _r.kind, _r.connection, crosswalk.c.entity_id
    select = (
        sa.select(_n.token, _n.field, _n.amounts, _n.ref, *record)
        .join(canonical_records, _r.ref == _n.ref)
        .join(crosswalk, crosswalk.c.ref == _n.ref, isouter=True)
        .where(_n.own.is_(True))
    )
    return [
        row for chunk in chunks(tokens) for row in tx.execute(select.where(among(_n.token, chunk)))
    ]


def naming(tx: Tx, tokens: Collection[str]) -> set[str]:
    """Return the records whose texts name one of these numbers."""
    found: set[str] = set()
    for chunk in chunks(tokens):
        select = sa.select(_n.ref).where(_n.own.is_(False), among(_n.token, chunk))
        found.update(tx.execute(select).scalars())
    return found


def cited_by_payments(tx: Tx, refs: Collection[str]) -> list[tuple[str, str, str]]:
    """Return the payments whose texts name the number of one of these records, as its source
    writes it: (payment, number, ref)."""
    own = sa.select(_n.token, _n.ref).where(_n.own.is_(True), _n.field == "number")
    bears: dict[str, list[str]] = {}
    for chunk in chunks(refs):
        for number, ref in tx.execute(own.where(among(_n.ref, chunk))):
            if number.isalnum():  # marks mean something among one customer's papers alone
                bears.setdefault(number, []).append(ref)
    # By number first and kind last, or every payment there is would be read.
    names = sa.select(_n.token, _n.ref, _r.kind).join(canonical_records, _r.ref == _n.ref)
    found: list[tuple[str, str, str]] = []
    for chunk in chunks(bears):
        for number, payment, kind in tx.execute(
            names.where(_n.own.is_(False), among(_n.token, chunk))
        ):
            if kind == "payment":
                found += [(payment, number, ref) for ref in bears[number]]
    return found
