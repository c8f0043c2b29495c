"""Which fields of an organization's records are compared, and how their values are spelt alike."""

from collections.abc import Mapping
from typing import Any

COMPARED = ("iban", "vat_id", "legal_name", "billing_address", "leitweg_id")
"""What an invoice or a payment hangs on; of a telephone number two may be right."""


def compared(fields: Mapping[str, Any], name: str) -> str | None:
    """Return a record's value of a compared field, spelt so that what is alike is equal.

    Names are written in many ways by people who mean one firm: only another legal form makes
    another legal name.
    """
    if name == "legal_name":
        form = fields.get("legal_form")
        return str(form) if form else None
    if name == "billing_address":
        street, code = fields.get("street"), fields.get("postcode")
        if not street or not code:
            return None
        letters = "".join(one for one in str(street).casefold() if one.isalnum())
        letters = letters.replace("strasse", "str")
        return f"{code} {letters} {fields.get('house_number') or ''}".strip()
    value = fields.get(name)
    return str(value) if value else None
