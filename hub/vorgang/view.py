"""Assembles the 360-degree document of an entity from what was read about it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hub.model.money import base_amounts, base_name
from hub.vorgang.golden import Member, golden_record

ITEMS = 100
"""Documents of one kind shown in a view; `total` says how many there are."""
TIMELINE = 200

LISTS: Mapping[str, str] = {
    "lead": "leads",
    "deal": "deals",
    "quote": "quotes",
    "order": "orders",
    "delivery": "deliveries",
    "invoice": "invoices",
    "payment": "payments",
    "dunning": "dunnings",
    "ticket": "tickets",
    "message": "messages",
    "touch": "touches",
    "contract": "contracts",
    "milestone": "milestones",
    "asset": "assets",
    "consent": "consents",
}
"""Kind of document -> the list of the view it stands in."""

SHOWN: Mapping[str, tuple[str, ...]] = {
    "lead": ("source", "owner", "created_at", "converted_at", "amount_minor", "currency"),
    "deal": (
        "amount_minor",
        "currency",
        "stage",
        "stage_order",
        "probability",
        "expected_close",
        "closed_on",
        "last_activity_at",
    ),
    "quote": ("net_minor", "gross_minor", "currency", "issued_on", "valid_until", "accepted_on"),
    "order": (
        "net_minor",
        "gross_minor",
        "currency",
        "customer_po_number",
        "ordered_on",
        "delivered_on",
    ),
    "delivery": ("kind", "delivered_on", "accepted_on", "defects_open"),
    "invoice": (
        "kind",
        "net_minor",
        "gross_minor",
        "balance_minor",
        "currency",
        "issued_on",
        "due_on",
        "paid_on",
        "dunning_level",
        "disputed",
    ),
    "payment": ("direction", "amount_minor", "currency", "booked_on", "payer", "returned"),
    "dunning": ("level", "sent_on", "due_on", "stopped_until", "stop_reason"),
    "ticket": (
        "kind",
        "priority",
        "opened_at",
        "resolution_due_at",
        "closed_at",
        "last_message_at",
        "channel",
    ),
    "message": ("direction", "channel"),
    "touch": ("type", "direction", "is_human"),
    "contract": (
        "type",
        "starts_on",
        "ends_on",
        "notice_on",
        "annual_value_minor",
        "currency",
        "sla_class",
    ),
    "milestone": ("due_on", "reached_on", "accepted_on", "amount_minor", "currency", "billed"),
    "asset": ("serial", "installed_on", "warranty_until"),
    "consent": ("basis", "channel", "given_at", "revoked_at", "expires_on"),
}
"""Fields of a document that its line in a view shows; a ticket's text is not among them."""

CASE = (
    "id",
    "kind",
    "title",
    "phase",
    "phase_since",
    "value_minor",
    "currency",
    "value_base_minor",
    "opened_at",
    "last_event_at",
    "closed_at",
)
"""What a customer's view shows of a business case, beside its gaps."""

CARDS: Mapping[str, tuple[str, ...]] = {
    "organization": ("city", "country"),
    "person": ("position", "emails", "phones"),
    "project": (
        "number",
        "status",
        "starts_on",
        "planned_end",
        "ended_on",
        "progress_pct",
        "budget_minor",
        "currency",
    ),
}
"""Golden fields that an entity's line in another entity's view shows, beside its name."""


@dataclass(frozen=True, slots=True)
class Way:
    """How something hangs on an entity: the link that leads there."""

    id: str
    role: str
    method: str
    score: float


@dataclass(frozen=True, slots=True)
class EntityRecord:
    """A record of the entity with how it came to belong to it."""

    member: Member
    stream: str
    key: str
    method: str
    score: float | None
    extensions: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LinkedDocument:
    """A document that hangs on the entity. fields: empty where it is not shown."""

    ref: str
    kind: str
    connection: str
    at: str | None
    number: str | None
    title: str | None
    status: str | None
    way: Way
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another entity: a contact, an organization, a project."""

    id: str
    kind: str
    golden: Mapping[str, Any]
    way: Way


@dataclass(frozen=True, slots=True)
class Material:
    """All that was read about one entity. documents: newest first; totals: by kind, all of them;
    currency: the company's."""

    id: str
    kind: str
    records: Sequence[EntityRecord]
    documents: Sequence[LinkedDocument] = ()
    totals: Mapping[str, int] = field(default_factory=dict)
    neighbours: Sequence[Neighbour] = ()
    cases: Sequence[Mapping[str, Any]] = ()
    total_cases: int = 0
    alerts: Sequence[Mapping[str, Any]] = ()
    facts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    currency: str = "EUR"


def assemble(material: Material) -> dict[str, Any]:
    """Return the view as JSON; what it holds depends on nothing but the material."""
    golden = golden_record([record.member for record in material.records])
    base = base_amounts(_values(golden), material.currency)
    records = sorted(material.records, key=lambda record: record.member.ref)
    document: dict[str, Any] = {
        "id": material.id,
        "kind": material.kind,
        "name": display_name(golden, material.records),
        "base_currency": material.currency,
        "golden": {name: _priced(name, one, base) for name, one in golden.items()},
        "records": [_record(record) for record in records],
    }
    for name, kind in _AROUND[material.kind]:
        document[name] = _neighbours(
            (n for n in material.neighbours if n.kind == kind), material.currency
        )
    for kind, name in LISTS.items():
        items = [
            _document(item, material.currency) for item in material.documents if item.kind == kind
        ]
        document[name] = {"total": material.totals.get(kind, 0), "items": items[:ITEMS]}
    document["timeline"] = {
        "total": sum(material.totals.values()),
        "items": [_event(item) for item in material.documents[:TIMELINE]],
    }
    if material.kind == "organization":
        document["vorgaenge"] = {"total": material.total_cases, "items": list(material.cases)}
    document["alerts"] = list(material.alerts)
    document["facts"] = {name: material.facts[name] for name in sorted(material.facts)}
    return document


_AROUND: Mapping[str, tuple[tuple[str, str], ...]] = {
    "organization": (
        ("contacts", "person"),
        ("organizations", "organization"),
        ("projects", "project"),
    ),
    "person": (("organizations", "organization"), ("projects", "project")),
    "project": (("organizations", "organization"), ("contacts", "person")),
}


def display_name(golden: Mapping[str, Any], records: Iterable[EntityRecord]) -> str:
    """Return what to call an entity: its name, its parts, its number, an address, else a ref."""
    for fields in (("name",), ("given_name", "family_name"), ("number",), ("emails",)):
        parts = [golden[field]["value"] for field in fields if field in golden]
        if parts:
            return " ".join(str(part[0] if isinstance(part, list) else part) for part in parts)
    return min(record.member.ref for record in records)


def card(kind: str, golden: Mapping[str, Any], currency: str) -> dict[str, Any]:
    """Return the golden values other entities' views show of an entity. currency: the company's."""
    names = ("name", "given_name", "family_name", *CARDS.get(kind, ()))
    return _shown(_values(golden), names, currency)


def _shown(fields: Mapping[str, Any], names: Iterable[str], currency: str) -> dict[str, Any]:
    """Return those of these fields that are known, amounts in the company's currency, too."""
    shown = {name: fields[name] for name in names if name in fields}
    base = base_amounts(fields, currency)
    return shown | {
        base_name(name): base[base_name(name)] for name in shown if base_name(name) in base
    }


def _values(golden: Mapping[str, Any]) -> dict[str, Any]:
    return {name: one["value"] for name, one in golden.items()}


def _priced(name: str, value: Mapping[str, Any], base: Mapping[str, int | None]) -> dict[str, Any]:
    """Return a golden value; an amount with what it is in the company's currency."""
    own = base_name(name)
    return {**value, "base_minor": base[own]} if own in base else dict(value)


def _record(record: EntityRecord) -> dict[str, Any]:
    member = record.member
    return {
        "ref": member.ref,
        "connection": member.connection,
        "stream": record.stream,
        "key": record.key,
        "fetched_at": member.fetched_at,
        "method": record.method,
        "score": record.score,
        "extensions": dict(record.extensions),
    }


def _neighbours(found: Iterable[Neighbour], currency: str) -> dict[str, Any]:
    items = [{"id": n.id, **_card_with_name(n, currency), "link": _way(n.way)} for n in found]
    items.sort(key=lambda one: (one["name"].casefold(), one["id"]))
    return {"total": len(items), "items": items[:ITEMS]}


def _card_with_name(neighbour: Neighbour, currency: str) -> dict[str, Any]:
    shown = card(neighbour.kind, neighbour.golden, currency)
    parts = [shown.pop(name, None) for name in ("given_name", "family_name")]
    name = shown.pop("name", None) or " ".join(part for part in parts if part)
    return {"name": name or neighbour.id, **shown}


def _way(way: Way) -> dict[str, Any]:
    return {"id": way.id, "role": way.role, "method": way.method, "score": way.score}


def _document(item: LinkedDocument, currency: str) -> dict[str, Any]:
    shown = _shown(item.fields, SHOWN[item.kind], currency)
    return {
        "ref": item.ref,
        "number": item.number,
        "title": item.title,
        "status": item.status,
        "at": item.at,
        **shown,
        "connection": item.connection,
        "link": _way(item.way),
    }


def _event(item: LinkedDocument) -> dict[str, Any]:
    return {
        "at": item.at,
        "kind": item.kind,
        "ref": item.ref,
        "number": item.number,
        "title": item.title,
        "status": item.status,
        "connection": item.connection,
    }
