"""Which fields of an organization's records are compared, and how their values are spelt alike."""

from collections.abc import Mapping
from typing import Any

from mapping.normalize.legal_forms import AND_WORDS, PARTNER_WORDS, PARTNERS

COMPARED = ("iban", "vat_id", "legal_name", "billing_address", "leitweg_id")
"""What an invoice or a payment hangs on; of a telephone number two may be right."""
WIDTHS = (30, 35, 40, 50, 60)
"""Characters that columns for names often have: bookkeeping cuts what is longer."""


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
