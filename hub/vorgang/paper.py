"""A record as a business case sees it: what it is, what it says, and when things happened."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from hub.model.money import LARGEST, base_amount

EARLIEST, LATEST = "1970-01-01", "2099-12-31"
"""Days beyond these are slips of somebody's pen or a tool's word for never."""

PRICE = ("net_minor", "amount_minor", "budget_minor")
"""What a paper is worth: the first of these that it has."""

DEPARTMENT: Mapping[str, str] = {
    "lead": "marketing",
    "deal": "sales",
    "quote": "sales",
    "order": "sales",
    "project": "delivery",
    "delivery": "delivery",
    "milestone": "delivery",
    "task": "delivery",
    "time_entry": "delivery",
    "invoice": "finance",
    "credit_note": "finance",
    "payment": "finance",
    "refund": "finance",
    "dunning": "finance",
    "ticket": "service",
    "message": "service",
}
"""The department whose work a record of a kind is."""

HAPPENINGS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "lead": (
        ("first_touch_at", "lead touched first"),
        ("created_at", "lead entered"),
        ("converted_at", "lead converted"),
    ),
    "deal": (
        ("created_at", "deal entered"),
        ("stage_changed_at", "deal stage changed"),
        ("last_activity_at", "deal worked on"),
        ("closed_on", "deal closed"),
    ),
    "quote": (("issued_on", "quote issued"), ("accepted_on", "quote accepted")),
    "order": (
        ("ordered_on", "order received"),
        ("confirmed_on", "order confirmed"),
        ("delivered_on", "order delivered"),
    ),
    "project": (("starts_on", "project begun"), ("ended_on", "project ended")),
    "delivery": (("delivered_on", "delivered"), ("accepted_on", "delivery accepted")),
    "milestone": (("reached_on", "milestone reached"), ("accepted_on", "milestone accepted")),
    "task": (("created_at", "task entered"), ("done_at", "task done")),
    "time_entry": (("worked_on", "hours worked"),),
    "invoice": (("issued_on", "invoice issued"), ("paid_on", "invoice paid")),
    "credit_note": (("issued_on", "credit note issued"),),
    "payment": (("booked_on", "payment booked"),),
    "refund": (("booked_on", "payment given back"),),
    "dunning": (("sent_on", "reminder sent"),),
    "ticket": (
        ("opened_at", "ticket opened"),
        ("first_response_at", "ticket answered first"),
        ("last_message_at", "ticket written in last"),
        ("closed_at", "ticket closed"),
    ),
    "message": (("at", "message sent"),),
}
"""Kind -> the fields that say when something happened, and what; plans and due days are none."""


@dataclass(frozen=True, slots=True)
class Paper:
    """One member of a case. kind: in the flow; parties, contracts, invoices: what it is linked
    to; share_pct: how much of it is of this case."""

    ref: str
    kind: str
    connection: str
    fields: Mapping[str, Any]
    number: str | None = None
    title: str | None = None
    parties: frozenset[str] = frozenset()
    contracts: frozenset[str] = frozenset()
    invoices: frozenset[str] = frozenset()
    share_pct: float = 100.0

    @property
    def status(self) -> str | None:
        """Return its status in the hub's words."""
        found = self.fields.get("status")
        return found if isinstance(found, str) else None

    def day(self, *names: str) -> str | None:
        """Return the first of these fields that is a plausible day, as a date."""
        return next((found for name in names if (found := plausible(self.fields.get(name)))), None)

    def minor(self, *names: str) -> int | None:
        """Return the first of these fields that is an amount, whole and not by share."""
        for name in names:
            found = self.fields.get(name)
            if isinstance(found, int) and abs(found) < LARGEST:
                return found
        return None

    def worth(self, currency: str, *names: str) -> int | None:
        """Return the first of these fields that is an amount, in its own currency or the company's,
        whichever is asked for; None where it is in neither or no rate is known."""
        name = next((one for one in names if self.minor(one) is not None), None)
        return base_amount(self.fields, name, currency) if name else None

    def happenings(self) -> Iterator[tuple[str, str]]:
        """Yield (date or instant as its source has it, what happened)."""
        for name, what in HAPPENINGS[self.kind]:
            at = self.fields.get(name)
            if isinstance(at, str) and plausible(at):
                yield at, what


def plausible(value: object) -> str | None:
    """Return the day a date or an instant stands for, None where it cannot be meant."""
    if not isinstance(value, str) or not EARLIEST <= value[:10] <= LATEST:
        return None
    try:
        date.fromisoformat(value[:10])
    except ValueError:
        return None
    return value[:10]
