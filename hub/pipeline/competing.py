"""Puts the values that compete into the evidence of their alert: whose they are, and of when."""

from collections.abc import Collection, Sequence
from typing import Any

from hub.alerts.contradiction import compared, told
from hub.alerts.observation import day
from hub.alerts.signs import is_natural
from hub.model.fact import Subject
from hub.store import fact_papers
from hub.store.database import Tx
from hub.store.fact_papers import Standing

Claims = dict[Subject, list[dict[str, Any]]]


def competing(tx: Tx, conflicts: Collection[Subject]) -> Claims:
    """Return conflict -> the records whose values compete, the oldest word first.

    Each as evidence names it, with its connection, its value and the day that is of: as its source
    says, never later than the hub saw it.
    """
    places = {one: one.id.rpartition("/")[::2] for one in conflicts}
    records = fact_papers.organizations(tx, {customer for customer, _ in places.values()})
    return {
        one: _claims(records.get(customer, ()), name) for one, (customer, name) in places.items()
    }


def _claims(records: Sequence[Standing], name: str) -> list[dict[str, Any]]:
    natural = is_natural(one.fields.get("legal_form") for one in records)
    those = [one for one in records if compared(one.fields, name) is not None]
    values = told([one.fields for one in those], name, natural=natural)
    found = [
        {
            "ref": one.ref,
            "connection": one.connection,
            "value": value,
            "as_of": _as_of(one, name),
            "fetched_at": one.fetched_at,
            "version": one.version,
        }
        for one, value in zip(those, values, strict=True)
    ]
    return sorted(found, key=lambda claim: (claim["as_of"], claim["ref"]))


def _as_of(one: Standing, name: str) -> str:
    seen = one.fetched_at[:10]
    said = day(one.fields, f"{name}_changed_on") or day(one.fields, "updated_at")
    return min(said or seen, seen)
