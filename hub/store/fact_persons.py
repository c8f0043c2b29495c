"""Reads what facts of contacts and campaigns are made of: who is meant, and who agreed to it."""

from collections.abc import Collection
from typing import Any

import msgspec
import sqlalchemy as sa

from hub.store.database import Tx
from hub.store.expressions import count_where, of_kind, rows_for, status
from hub.store.fact_papers import Sums, grouped
from hub.store.tables import canonical_records, crosswalk, links

_r, _l, _x = canonical_records.c, links.c, crosswalk.c
_decode = msgspec.json.Decoder(dict[str, Any]).decode


def audiences(tx: Tx, campaigns: Collection[str]) -> dict[str, set[str | None]]:
    """Return campaign -> the persons it touches or is going to, None among them for unknown."""
    to = links.alias()
    select = (
        sa.select(_l.target, to.c.target.label("person"))
        .join(canonical_records, _r.ref == _l.from_ref)
        .join(to, sa.and_(to.c.from_ref == _l.from_ref, to.c.role == "person"), isouter=True)
        .where(_l.role == "campaign", of_kind("touch"))
    )
    found: dict[str, set[str | None]] = {}
    for campaign, person in rows_for(tx, select, _l.target, campaigns):
        found.setdefault(campaign, set()).add(person)
    return found


def consents(tx: Tx, persons: Collection[str]) -> dict[str, list[dict[str, Any]]]:
    """Return person -> the fields of each consent and objection of theirs."""
    select = (
        sa.select(_l.target, _r.fields)
        .join(canonical_records, _r.ref == _l.from_ref)
        .where(_l.role == "person", of_kind("consent"))
    )
    found: dict[str, list[dict[str, Any]]] = {}
    for person, fields in rows_for(tx, select, _l.target, persons):
        found.setdefault(person, []).append(_decode(fields))
    return found


def employers(tx: Tx, persons: Collection[str]) -> dict[str, set[str]]:
    """Return person -> the organizations its records belong to."""
    select = (
        sa.select(_x.entity_id, _l.target)
        .join(links, _l.from_ref == _x.ref)
        .where(_l.role == "organization")
    )
    found: dict[str, set[str]] = {}
    for person, company in rows_for(tx, select, _x.entity_id, persons):
        found.setdefault(person, set()).add(company)
    return found


def of_persons(tx: Tx, persons: Collection[str]) -> Sums:
    """Return how many open deals, active contracts and projects name each person."""
    found: Sums = {}
    for kind, name, running in (
        ("deal", "open_deals", ("open",)),
        ("contract", "active_contracts", ("active", "notice_given")),
        ("project", "open_projects", ("planned", "active", "on_hold")),
    ):
        columns = {name: count_where(status().in_(running))}
        for target, values in grouped(tx, persons, kind, "person", columns).items():
            found.setdefault(target, {}).update(values)
    return found


def nameless(tx: Tx, customers: Collection[str]) -> Sums:
    """Return each customer's open deals, contracts and projects that name no person at all."""
    named = links.alias()
    no_person = ~sa.exists().where(named.c.from_ref == _r.ref, named.c.role == "person")
    found: Sums = {}
    for kind, name, running in (
        ("deal", "open_deals", ("open",)),
        ("contract", "active_contracts", ("active", "notice_given")),
        ("project", "open_projects", ("planned", "active", "on_hold")),
    ):
        columns = {name: count_where(sa.and_(status().in_(running), no_person))}
        for target, values in grouped(tx, customers, kind, "organization", columns).items():
            found.setdefault(target, {}).update(values)
    return found
