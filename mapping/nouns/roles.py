"""Which references a kind may carry."""

from collections.abc import Mapping
from typing import Final

from mapping.nouns.kind import Kind


def _to(*kinds: Kind, **others: Kind) -> Mapping[str, Kind]:
    """Return references whose roles are called as the kinds they lead to, and others by role."""
    return {**{str(kind): kind for kind in kinds}, **others}


ROLES: Final[Mapping[Kind, Mapping[str, Kind]]] = {
    "organization": _to("user", parent="organization"),
    "person": _to("organization"),
    "consent": _to("person", "organization", "campaign"),
    "user": {},
    "campaign": _to("user"),
    "touch": _to("organization", "person", "campaign", "lead", "deal", "ticket", "user"),
    "lead": _to("organization", "person", "deal", "campaign", "user"),
    "deal": _to(
        "organization", "person", "project", "product", "lead", "campaign", "contract", "user"
    ),
    "quote": _to("organization", "person", "deal", "project", "order", "contract", "user"),
    "order": _to("organization", "person", "deal", "quote", "project", "contract", "user"),
    "delivery": _to("organization", "order", "project", "invoice"),
    "contract": _to("organization", "person", "project", "deal", "order", "product", "user"),
    "project": _to(
        "organization",
        "person",
        "order",
        "deal",
        "quote",
        "contract",
        "ticket",
        "user",
        parent="project",
    ),
    "milestone": _to("project", "order", "invoice"),
    "task": _to("project", "milestone", "ticket", "organization", "user"),
    "time_entry": _to(
        "organization", "project", "task", "ticket", "contract", "order", "invoice", "user"
    ),
    "ticket": _to(
        "organization",
        "person",
        "project",
        "contract",
        "order",
        "delivery",
        "invoice",
        "product",
        "asset",
        "deal",
        "user",
        parent="ticket",
    ),
    "message": _to(
        "organization", "person", "ticket", "deal", "order", "invoice", "project", "user"
    ),
    "invoice": _to(
        "organization",
        "person",
        "order",
        "project",
        "contract",
        "deal",
        "quote",
        "delivery",
        "invoice",
    ),
    "payment": _to("organization", "invoice", "order"),
    "dunning": _to("organization", "invoice"),
    "line": _to(
        "quote", "order", "delivery", "invoice", "contract", "project", "product", "time_entry"
    ),
    "product": {},
    "asset": _to("organization", "product", "order", "contract"),
}
"""Which references a kind may carry, and the kind each points to.

A credit note is an invoice of that kind; its role `invoice` names the invoice it corrects.
"""
