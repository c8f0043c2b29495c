"""Which links carry a business case on from one record to the next, and which are only context.

A flow link runs from a kind earlier in the flow to a later one, whichever of the two records holds
the reference; so a circle of references is no circle of the flow. Customers, contacts, contracts,
campaigns, products and assets are context: they belong to many cases and never join two.
"""

from collections.abc import Mapping

UPSTREAM: Mapping[str, frozenset[str]] = {
    "lead": frozenset(),
    "deal": frozenset({"lead"}),
    "quote": frozenset({"deal"}),
    "order": frozenset({"quote", "deal"}),
    "project": frozenset({"order", "quote", "deal"}),
    "delivery": frozenset({"order", "project"}),
    "milestone": frozenset({"order", "project"}),
    "invoice": frozenset({"deal", "quote", "order", "project", "delivery", "milestone"}),
    "credit_note": frozenset({"invoice", "deal", "quote", "order", "project", "delivery"}),
    "payment": frozenset({"invoice", "credit_note", "order"}),
    "refund": frozenset({"invoice", "credit_note", "order"}),
    "dunning": frozenset({"invoice"}),
    "ticket": frozenset({"order", "project", "delivery", "invoice", "credit_note"}),
    "task": frozenset({"project", "milestone", "ticket"}),
    "time_entry": frozenset({"order", "project", "task", "ticket"}),
    "message": frozenset({"order", "project", "invoice", "credit_note", "deal", "ticket"}),
}
"""Kind -> the kinds it may follow from; in the order of the flow."""

KINDS = tuple(UPSTREAM)
TRUNK = frozenset({"lead", "deal", "quote", "order", "project"})
"""Kinds that are one case where they are linked. The others are branches: one that follows from
two cases belongs to both, by shares, and joins them not."""
FOUNDING = TRUNK | {"delivery", "invoice", "credit_note", "payment", "ticket"}
"""Kinds that are a case of their own where they follow from nothing."""

PARTY = "@"
"""Stands before a customer's id among what is due to be told anew: its contracts have changed."""

_RANK = {kind: rank for rank, kind in enumerate(KINDS)}
_SAID: Mapping[str, frozenset[str]] = {
    "invoice": frozenset({"invoice", "credit_note"}),
    "payment": frozenset({"payment", "refund"}),
}
"""Kind of record -> what it may be in the flow, where a field of it says which."""
OF_FIELDS = frozenset({"credit_note", "refund"})
"""Kinds in the flow that no record is by its kind alone."""


def rank(kind: str) -> int:
    """Return how far down the flow a kind stands. Raises KeyError for one outside of it."""
    return _RANK[kind]


def flow_kind(kind: str, fields: Mapping[str, object]) -> str | None:
    """Return what a record is in the flow, None for context.

    A credit note is an invoice that says so. What we owe is no part of a customer's case; what we
    pay is where it is linked to what we asked for: the customer has it back.
    """
    if kind == "invoice":
        said = fields.get("kind")
        return {"payable": None, "credit_note": "credit_note"}.get(str(said), "invoice")
    if kind == "payment" and fields.get("direction") == "outgoing":
        return "refund"
    return kind if kind in _RANK else None


def flows(one: str, other: str) -> bool:
    """Say whether a link between records of these two kinds, either way, is a flow link."""
    return one in UPSTREAM.get(other, ()) or other in UPSTREAM.get(one, ())


def may_flow(from_kind: str, role: str) -> bool:
    """Say whether a link of a record of this kind in this role may be one, its fields unseen."""
    ends = (_SAID.get(end, {end}) for end in (from_kind, role))
    ones, others = ends
    return any(flows(one, other) for one in ones for other in others)
