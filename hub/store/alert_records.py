"""Reads the records that stand behind facts, for many customers at once."""

from collections.abc import Callable, Collection
from typing import Any

import sqlalchemy as sa

from hub.model.paper_status import OPEN_TICKET, OVER_INVOICE
from hub.store.database import Row, Tx, among, chunks, listed
from hub.store.expressions import number_field, of_kind, text_field
from hub.store.tables import canonical_records, link_candidates, links

_r, _l = canonical_records.c, links.c
_Select = sa.Select[*tuple[Any, ...]]


def urgent_tickets(tx: Tx, customers: Collection[str]) -> list[Row]:
    """Return the customers' open complaints and open tickets of high priority, oldest first.

    Rows: (customer, ref, number, status, priority, kind, opened_at, last_message_at).
    """
    return _of(tx, _urgent, customers)


def _urgent(tx: Tx) -> _Select:
    kind, priority = text_field(tx, "kind"), text_field(tx, "priority")
    opened = text_field(tx, "opened_at")
    return (
        sa.select(
            _l.target.label("customer"),
            _r.ref,
            _r.number,
            _r.status,
            priority.label("priority"),
            kind.label("kind"),
            opened.label("opened_at"),
            text_field(tx, "last_message_at").label("last_message_at"),
        )
        .where(
            of_kind("ticket"),
            _r.status.in_(OPEN_TICKET),
            sa.or_(kind == "complaint", priority.in_(("high", "urgent"))),
        )
        .order_by(opened, _r.ref)
    )


def owed_invoices(tx: Tx, customers: Collection[str]) -> list[Row]:
    """Return the customers' receivables that are not paid, the longest due first.

    Rows: (customer, ref, number, status, balance_minor, currency, due_on, dunning_level).
    """
    return _of(tx, _owed, customers)


def _owed(tx: Tx) -> _Select:
    balance, due = number_field(tx, "balance_minor"), text_field(tx, "due_on")
    return (
        sa.select(
            _l.target.label("customer"),
            _r.ref,
            _r.number,
            _r.status,
            balance.label("balance_minor"),
            text_field(tx, "currency").label("currency"),
            due.label("due_on"),
            number_field(tx, "dunning_level").label("dunning_level"),
        )
        .where(
            of_kind("invoice"),
            sa.func.coalesce(text_field(tx, "kind"), "receivable") == "receivable",
            sa.func.coalesce(_r.status, "unknown").notin_(OVER_INVOICE),
            sa.or_(balance.is_(None), balance > 0),
        )
        .order_by(due, _r.ref)
    )


_MADE: dict[tuple[str, Callable[[Tx], _Select]], _Select] = {}
"""Statements in the words of each database: made once, each batch of changes asks them."""


def _of(tx: Tx, make: Callable[[Tx], _Select], customers: Collection[str]) -> list[Row]:
    if not customers:
        return []
    key = (tx.dialect.name, make)
    if key not in _MADE:
        of = make(tx).join(links, _l.from_ref == _r.ref).where(_l.role == "organization")
        _MADE[key] = of.where(listed(_l.target, "ids"))
    return [row for chunk in chunks(customers) for row in tx.execute(_MADE[key], {"ids": chunk})]


def candidates(tx: Tx, refs: Collection[str]) -> dict[str, list[dict[str, Any]]]:
    """Return record -> those that may belong to it, best first: ref, kind, number, score."""
    c = link_candidates.c
    found: dict[str, list[dict[str, Any]]] = {}
    for mine, other in ((c.from_ref, c.target), (c.target, c.from_ref)):
        select = sa.select(mine, _r.ref, _r.kind, _r.number, c.score).join(
            canonical_records, _r.ref == other
        )
        for chunk in chunks(refs):
            for of, ref, kind, number, score in tx.execute(select.where(among(mine, chunk))):
                one = {"ref": ref, "kind": kind, "number": number, "score": score}
                found.setdefault(of, []).append(one)
    for waiting in found.values():
        waiting.sort(key=lambda one: (-one["score"], one["ref"]))
    return found


def versions(tx: Tx, refs: Collection[str]) -> dict[str, int]:
    """Return which version of its source record each canonical record was made from."""
    found: dict[str, int] = {}
    for chunk in chunks(refs):
        found.update(tx.execute(sa.select(_r.ref, _r.version).where(among(_r.ref, chunk))).all())
    return found
