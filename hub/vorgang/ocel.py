"""Writes business cases as an object-centric event log, OCEL 2.0 in JSON (ocel-standard.org).

Objects are the papers, the cases they belong to and their customers; an event is what happened to
one paper, and names all of them.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from hub.vorgang.flow import KINDS
from hub.vorgang.paper import HAPPENINGS, PRICE, Paper

BEGINNING = "1970-01-01T00:00:00Z"
"""The time OCEL gives to attributes that are not known to have changed."""
_TEXTS = ("number", "title", "status", "connection", "currency")
_CASE_TEXTS = ("kind", "title", "phase", "currency")


def event_types() -> list[dict[str, Any]]:
    """Return the declarations of all events there may be."""
    names = sorted({what for some in HAPPENINGS.values() for _, what in some})
    return [{"name": name, "attributes": [_declared("connection", "string")]} for name in names]


def object_types() -> list[dict[str, Any]]:
    """Return the declarations of all objects there may be."""
    paper = [*(_declared(name, "string") for name in _TEXTS), *_amounts("amount")]
    case = [
        *(_declared(name, "string") for name in _CASE_TEXTS),
        *_amounts("value"),
    ]
    return [
        *({"name": kind, "attributes": paper} for kind in KINDS),
        {"name": "vorgang", "attributes": case},
        {"name": "organization", "attributes": [_declared("name", "string")]},
    ]


def _amounts(name: str) -> list[dict[str, str]]:
    """Declare an amount, and that amount in the company's currency."""
    return [_declared(f"{name}_{each}", "integer") for each in ("minor", "base_minor")]


def _declared(name: str, kind: str) -> dict[str, str]:
    return {"name": name, "type": kind}


def paper_object(
    paper: Paper, cases: Iterable[str], others: Iterable[tuple[str, str]], currency: str
) -> dict[str, Any]:
    """Return a paper as an object. others: what it is linked to, with the role of each; currency:
    the company's."""
    related = [_related(*one) for one in sorted(set(others))]
    said = {name: getattr(paper, name, None) or paper.fields.get(name) for name in _TEXTS}
    price = {
        "amount_minor": paper.minor(*PRICE),
        "amount_base_minor": paper.worth(currency, *PRICE),
    }
    return {
        "id": paper.ref,
        "type": paper.kind,
        "attributes": _attributes({**said, **price}),
        "relationships": [*_belongs(paper, cases), *related],
    }


def case_object(vorgang_id: str, values: Mapping[str, Any], party: str | None) -> dict[str, Any]:
    """Return a case as an object. values: its columns."""
    said = {name: values[name] for name in (*_CASE_TEXTS, "value_minor", "value_base_minor")}
    return {
        "id": vorgang_id,
        "type": "vorgang",
        "attributes": _attributes(said),
        "relationships": [_related(party, "customer")] if party else [],
    }


def party_object(party: str, name: str | None) -> dict[str, Any]:
    """Return a customer as an object."""
    attributes = _attributes({"name": name})
    return {"id": party, "type": "organization", "attributes": attributes, "relationships": []}


def events(paper: Paper, cases: Iterable[str]) -> Iterable[dict[str, Any]]:
    """Yield what happened to a paper; days stand for their first instant in UTC."""
    belongs = [_related(paper.ref, paper.kind), *_belongs(paper, cases)]
    for at, what in paper.happenings():
        yield {
            "id": f"{paper.ref} {what}",
            "type": what,
            "time": at if "T" in at else f"{at}T00:00:00Z",
            "attributes": [{"name": "connection", "value": paper.connection}],
            "relationships": belongs,
        }


def _belongs(paper: Paper, cases: Iterable[str]) -> list[dict[str, str]]:
    return [
        *(_related(one, "vorgang") for one in sorted(cases)),
        *(_related(one, "customer") for one in sorted(paper.parties)),
    ]


def _related(target: str, qualifier: str) -> dict[str, str]:
    return {"objectId": target, "qualifier": qualifier}


def _attributes(values: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {"name": name, "value": value, "time": BEGINNING}
        for name, value in values.items()
        if value is not None
    ]
