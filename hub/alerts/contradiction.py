"""Which fields of an organization's records are compared, how their values are spelt alike, and how
each is told to whoever is to decide which one is right."""

from collections.abc import Mapping, Sequence
from typing import Any

from mapping.normalize.legal_forms import AND_WORDS, PARTNER_WORDS, PARTNERS

COMPARED = ("iban", "vat_id", "legal_name", "billing_address", "leitweg_id")
"""What an invoice or a payment hangs on; of a telephone number two may be right."""
WIDTHS = (30, 35, 40, 50, 60)
"""Characters that columns for names often have: bookkeeping cuts what is longer."""

FIELDS = {
    "legal_name": ("name", "legal_form"),
    "billing_address": ("street", "house_number", "postcode", "city"),
}
"""Fields of a record that make up what is compared; else it is one field of that name."""
_IN_A_LETTER = {"legal_name": ("name",)}  # which has the form in it
OPEN_LETTERS = (4, 8)
"""How many letters at the end of an account are told: as few as tell the accounts apart."""


def told(records: Sequence[Mapping[str, Any]], name: str, *, natural: bool) -> list[str]:
    """Return each record's value of a compared field as a letter may tell it, all told apart.

    Accounts are told by their ends alone. natural: the customer may be a person; of their address
    a letter tells postcode and place, the rest stands in the record.
    """
    if name == "iban":
        return _masked([str(one["iban"]) for one in records])
    parts = _IN_A_LETTER.get(name, FIELDS.get(name, (name,)))
    if natural and name == "billing_address":
        parts = ("postcode", "city")
    return [" ".join(str(one[part]) for part in parts if one.get(part)) for one in records]


def _masked(accounts: Sequence[str]) -> list[str]:
    for letters in OPEN_LETTERS:
        shown = [f"{one[:4]} … {one[-letters:]}" for one in accounts]
        if len(set(shown)) == len(set(accounts)):
            break
    return shown


def compared(fields: Mapping[str, Any], name: str) -> str | None:
    """Return a record's value of a compared field, spelt so that what is alike is equal.

    Names are written in many ways by people who mean one firm: only another legal form makes
    another legal name. A name that may have been cut short says nothing of its form.
    """
    if name == "legal_name":
        form = fields.get("legal_form")
        return str(form) if form and not _maybe_cut(str(fields.get("name") or ""), form) else None
    if name == "billing_address":
        street, code = fields.get("street"), fields.get("postcode")
        if not street or not code:
            return None
        letters = "".join(one for one in str(street).casefold() if one.isalnum())
        letters = letters.replace("strasse", "str")
        return f"{code} {letters} {fields.get('house_number') or ''}".strip()
    value = fields.get(name)
    return str(value) if value else None


def _maybe_cut(name: str, form: str) -> bool:
    """Say whether a form may be the beginning of another: "GmbH &", "GmbH" at a column's end."""
    if form not in PARTNERS:
        return False
    last = name.split()[-1].casefold().rstrip(".") if name.split() else ""
    at_end = any(width - 1 <= len(name) <= width for width in WIDTHS)
    return at_end or last in AND_WORDS | PARTNER_WORDS
