"""Reads what facts of contacts and campaigns are made of: who is meant, and who agreed to it."""

from collections.abc import Collection
from typing import Any

import msgspec
import sqlalchemy as sa

from hub.model.paper_status import IN_FORCE
from hub.store.database import Tx, listed
from hub.store.expressions import count_where, of_kind, status
from hub.store.fact_papers import Sums, grouped
from hub.store.prepared import Asked
from hub.store.tables import canonical_records, crosswalk, links

_r, _l, _x = canonical_records.c, links.c, crosswalk.c
_decode = msgspec.json.Decoder(dict[str, Any]).decode


def audiences(tx: Tx, campaigns: Collection[str]) -> dict[str, set[str | None]]:
    """Return campaign -> the persons it touches or is going to, None among them for unknown."""
    found: dict[str, set[str | None]] = {}
    for campaign, person in _audiences(tx, campaigns):
        found.setdefault(campaign, set()).add(person)
    return found


@Asked
def _audiences(_: Tx) -> sa.Select[*tuple[Any, ...]]:
    to = links.alias()
    return (
        sa.select(_l.target, to.c.target)
        .join(canonical_records, _r.ref == _l.from_ref)
        .join(to, sa.and_(to.c.from_ref == _l.from_ref, to.c.role == "person"), isouter=True)
        .where(_l.role == "campaign", of_kind("touch"), listed(_l.target, "ids"))
    )


def consents(tx: Tx, persons: Collection[str]) -> dict[str, list[dict[str, Any]]]:
    """Return person -> the fields of each consent and objection of theirs."""
    found: dict[str, list[dict[str, Any]]] = {}
    for person, fields in _consents(tx, persons):
        found.setdefault(person, []).append(_decode(fields))
    return found


@Asked
def _consents(_: Tx) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(_l.target, _r.fields)
        .join(canonical_records, _r.ref == _l.from_ref)
        .where(_l.role == "person", of_kind("consent"), listed(_l.target, "ids"))
    )


def employers(tx: Tx, persons: Collection[str]) -> dict[str, set[str]]:
    """Return person -> the organizations its records belong to."""
    found: dict[str, set[str]] = {}
    for person, company in _employers(tx, persons):
        found.setdefault(person, set()).add(company)
    return found


@Asked
def _employers(_: Tx) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(_x.entity_id, _l.target)
        .join(links, _l.from_ref == _x.ref)
        .where(_l.role == "organization", listed(_x.entity_id, "ids"))
    )


_RUNNING = {
    "deal": ("open_deals", ("open",)),
    "contract": ("active_contracts", IN_FORCE),
    "project": ("open_projects", ("planned", "active", "on_hold")),
}
"""Kind of papers -> what those are called that still run, and their statuses."""


def of_persons(tx: Tx, persons: Collection[str]) -> Sums:
    """Return how many open deals, active contracts and projects name each person."""
    return _of_kinds(tx, _naming, persons)


@Asked
def _naming(_: Tx, kind: str) -> sa.Select[*tuple[Any, ...]]:
    name, running = _RUNNING[kind]
    return grouped(kind, "person", {name: count_where(status().in_(running))})


def nameless(tx: Tx, customers: Collection[str]) -> Sums:
    """Return each customer's open deals, contracts and projects that name no person at all."""
    return _of_kinds(tx, _nameless, customers)


@Asked
def _nameless(_: Tx, kind: str) -> sa.Select[*tuple[Any, ...]]:
    named = links.alias()
    no_person = ~sa.exists().where(named.c.from_ref == _r.ref, named.c.role == "person")
    name, running = _RUNNING[kind]
    counted = count_where(sa.and_(status().in_(running), no_person))
    return grouped(kind, "organization", {name: counted})


def _of_kinds(tx: Tx, asked: Asked, ids: Collection[str]) -> Sums:
    found: Sums = {}
    for kind in _RUNNING:
        for target, values in asked.sums(tx, ids, kind).items():
            found.setdefault(target, {}).update(values)
    return found
