"""The nouns the hub speaks: kinds, their fields and roles, and the record that carries them.

Every field is flat. A value is normalised JSON, absent when unknown; the source's own value stays
beside it in `raw` wherever the two differ.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from connectors.sdk.record import RecordKey

Kind = Literal[
    "organization",
    "person",
    "deal",
    "order",
    "invoice",
    "payment",
    "ticket",
    "project",
    "contract",
    "product",
]

FieldType = Literal[
    "text", "number", "integer", "boolean", "money", "percent", "date", "instant", "choice"
]

UNKNOWN: Final = "unknown"
"""What an unmapped status or priority becomes; it is reported, never guessed."""


@dataclass(frozen=True, slots=True)
class Field:
    """What a canonical field holds.

    type: money is integer minor units, percent a number from 0 to 100, date `2026-11-23`, instant
    `2026-11-23T10:15:00Z`; the rest is plain JSON. normalize: the normaliser a mapping gets
    without asking. many: a list of such values. choices: the closed vocabulary of a choice.
    keeps_raw: an unmapped value becomes `unknown`, and the source's word stands in `<name>_raw`.
    derived: filled in by the hub, never by a mapping file.
    """

    type: FieldType
    normalize: str
    many: bool = False
    choices: frozenset[str] = frozenset()
    keeps_raw: bool = False
    derived: bool = False


@dataclass(frozen=True, slots=True)
class Reference:
    """Points to another record of the same connection, or to a part of this very record.

    target: the ref text of that record, e.g. `crm:accounts:A-17` or `crm:accounts:A-17#contact`.
    """

    role: str
    target: str


@dataclass(frozen=True, slots=True)
class Issue:
    """A value that was not understood: reported, never guessed. value: the source's, cut short."""

    field: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class CanonicalRecord:
    """One source record, or one part of it, in the hub's nouns.

    part: "" for the record itself. fields: only what is known. raw: the source's value for the
    fields where it differs from the normalised one.
    """

    key: RecordKey
    part: str
    kind: Kind
    fields: dict[str, Any]
    raw: dict[str, Any]
    refs: tuple[Reference, ...]
    issues: tuple[Issue, ...]

    @property
    def ref(self) -> str:
        """Return the text key of this record, with its part."""
        return self.key.ref(self.part)


def _text(normalize: str = "text") -> Field:
    return Field("text", normalize)


def _texts(normalize: str = "text") -> Field:
    return Field("text", normalize, many=True)


def _choice(*choices: str) -> Field:
    return Field("choice", "choice", choices=frozenset(choices))


def _status(*choices: str) -> Field:
    return Field("choice", "choice", choices=frozenset({*choices, UNKNOWN}), keeps_raw=True)


_RAW = Field("text", "text", derived=True)
_MONEY = Field("money", "money")
_CURRENCY = _text("currency")
_DATE = Field("date", "date")
_INSTANT = Field("instant", "instant")
_PERCENT = Field("percent", "percent")
_NUMBER = Field("number", "number")
_INTEGER = Field("integer", "integer")
_BOOLEAN = Field("boolean", "boolean")
_CODE = _text("identifier")

_PLACE: dict[str, Field] = {
    "street": _text("street"),
    "house_number": _text("house_number"),
    "postcode": _text("postcode"),
    "city": _text(),
    "region": _text(),
    "country": _text("country"),
}

FIELDS: Final[Mapping[Kind, Mapping[str, Field]]] = {
    "organization": {
        "name": _text("company_name"),
        "legal_form": _text("legal_form"),
        "trade_names": _texts("company_name"),
        "emails": _texts("email"),
        "phones": _texts("phone"),
        "websites": _texts("website"),
        **_PLACE,
        "vat_id": _text("vat"),
        "register_number": _text("register_number"),
        "tax_number": _text("tax_number"),
        "iban": _text("iban"),
        "external_ids": _texts("identifier"),
        "industry": _text(),
        "lifecycle": _choice("prospect", "customer", "former", "supplier"),
        "owner": _text(),
        "currency": _CURRENCY,
        "credit_limit_minor": _MONEY,
    },
    "person": {
        "name": _text("person_name"),
        "given_name": _text(),
        "family_name": _text(),
        "title": _text(),
        "emails": _texts("email"),
        "phones": _texts("phone"),
        "position": _text(),
        "date_of_birth": Field("date", "birth_date"),
        **_PLACE,
        "external_ids": _texts("identifier"),
        "is_primary": _BOOLEAN,
    },
    "deal": {
        "number": _CODE,
        "name": _text(),
        "amount_minor": _MONEY,
        "currency": _CURRENCY,
        "status": _status("open", "won", "lost", "abandoned"),
        "status_raw": _RAW,
        "stage": _text(),
        "stage_order": _INTEGER,
        "probability": _PERCENT,
        "expected_close": _DATE,
        "closed_on": _DATE,
        "created_at": _INSTANT,
        "updated_at": _INSTANT,
        "last_activity_at": _INSTANT,
        "owner": _text(),
    },
    "order": {
        "number": _CODE,
        "customer_po_number": _CODE,
        "name": _text(),
        "status": _status("draft", "confirmed", "in_progress", "delivered", "closed", "cancelled"),
        "status_raw": _RAW,
        "net_minor": _MONEY,
        "gross_minor": _MONEY,
        "currency": _CURRENCY,
        "ordered_on": _DATE,
        "delivered_on": _DATE,
        "reference": _text(),
    },
    "invoice": {
        "number": _CODE,
        "kind": _choice("receivable", "payable", "credit_note"),
        "status": _status("draft", "open", "partly_paid", "paid", "void", "written_off"),
        "status_raw": _RAW,
        "issued_on": _DATE,
        "due_on": _DATE,
        "paid_on": _DATE,
        "net_minor": _MONEY,
        "tax_minor": _MONEY,
        "gross_minor": _MONEY,
        "balance_minor": _MONEY,
        "currency": _CURRENCY,
        "dunning_level": _INTEGER,
        "disputed": _BOOLEAN,
        "reference": _text(),
        "subject": _text(),
    },
    "payment": {
        "amount_minor": _MONEY,
        "currency": _CURRENCY,
        "booked_on": _DATE,
        "reference": _text(),
        "payer": _text(),
    },
    "ticket": {
        "number": _CODE,
        "subject": _text(),
        "text": _text("prose"),
        "kind": _choice("incident", "request", "complaint", "billing", "change"),
        "status": _status("open", "waiting_customer", "waiting_internal", "solved", "closed"),
        "status_raw": _RAW,
        "priority": _status("low", "normal", "high", "urgent"),
        "priority_raw": _RAW,
        "opened_at": _INSTANT,
        "closed_at": _INSTANT,
        "last_message_at": _INSTANT,
        "reopened": _BOOLEAN,
        "channel": _text(),
    },
    "project": {
        "number": _CODE,
        "name": _text(),
        "status": _status("planned", "active", "on_hold", "completed", "cancelled"),
        "status_raw": _RAW,
        "billing": _text(),
        "budget_minor": _MONEY,
        "currency": _CURRENCY,
        "starts_on": _DATE,
        "planned_end": _DATE,
        "ended_on": _DATE,
        "progress_pct": _PERCENT,
        "hours_planned": _NUMBER,
        "hours_actual": _NUMBER,
        "manager": _text(),
        "city": _text(),
    },
    "contract": {
        "number": _CODE,
        "name": _text(),
        "type": _text(),
        "status": _status("draft", "active", "notice_given", "ended"),
        "status_raw": _RAW,
        "starts_on": _DATE,
        "ends_on": _DATE,
        "notice_on": _DATE,
        "annual_value_minor": _MONEY,
        "currency": _CURRENCY,
        "sla_class": _text(),
        "sla_priority_floor": _choice("low", "normal", "high", "urgent"),
    },
    "product": {
        "sku": _CODE,
        "name": _text(),
        "unit_price_minor": _MONEY,
        "currency": _CURRENCY,
    },
}

ROLES: Final[Mapping[Kind, Mapping[str, Kind]]] = {
    "organization": {"parent": "organization"},
    "person": {"organization": "organization"},
    "deal": {
        "organization": "organization",
        "person": "person",
        "project": "project",
        "product": "product",
    },
    "order": {
        "organization": "organization",
        "person": "person",
        "deal": "deal",
        "project": "project",
        "contract": "contract",
    },
    "invoice": {
        "organization": "organization",
        "person": "person",
        "order": "order",
        "project": "project",
        "contract": "contract",
    },
    "payment": {"organization": "organization", "invoice": "invoice"},
    "ticket": {
        "organization": "organization",
        "person": "person",
        "project": "project",
        "contract": "contract",
        "order": "order",
        "invoice": "invoice",
        "product": "product",
    },
    "project": {
        "organization": "organization",
        "person": "person",
        "order": "order",
        "deal": "deal",
        "contract": "contract",
    },
    "contract": {"organization": "organization", "project": "project"},
    "product": {},
}
"""Which references a kind may carry, and the kind each points to."""

KINDS: Final[tuple[Kind, ...]] = tuple(FIELDS)
RESOLVED_KINDS: Final[frozenset[Kind]] = frozenset({"organization", "person", "project"})
"""Kinds whose records become entities; the others are documents, one per record."""

COMPOSITES: Final[Mapping[str, Field]] = {"address": _text("address")}
"""What a mapping file may fill in place of street, house number, postcode and city."""
