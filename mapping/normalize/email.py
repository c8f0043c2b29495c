"""E-mail addresses: what stands in a contact field -> one address in lower case, or None."""

import re
from typing import Any

from mapping.normalize.text import scalar_text, visible
from mapping.normalize.website import unicode_domain

_LIMIT = 320
_ADDRESS = re.compile(r"(?P<local>[\w!#$%&'*+/=?^`{|}~.-]{1,64})@(?P<domain>[^\s@<>()\[\],;:\"]+)")
_AT = re.compile(r"\s*[(\[{]\s*(?:at|ät)\s*[)\]}]\s*", re.IGNORECASE)
_DOT = re.compile(r"\s*[(\[{]\s*(?:dot|punkt)\s*[)\]}]\s*", re.IGNORECASE)


def email_address(value: Any) -> str | None:
    """Return the one address in `value`, lower-cased, its domain in Unicode; else None.

    Understands `Max Muster <max@muster.de>`, `mailto:` and `info(at)muster.de`. A text that holds
    two addresses is None: which one is meant is not ours to say. A plus tag is kept.
    """
    text = scalar_text(value)
    if text is None or len(text) > _LIMIT:
        return None
    text = visible(text).strip().lower()
    if "@" not in text:
        text = _DOT.sub(".", _AT.sub("@", text))
    if text.count("@") != 1:
        return None
    if "<" in text and text.endswith(">"):
        text = text[text.rindex("<") + 1 : -1]
    found = _ADDRESS.fullmatch(text.removeprefix("mailto:").partition("?")[0].strip(" \t.,;<>\"'"))
    if found is None:
        return None
    local, domain = found["local"], unicode_domain(found["domain"])
    if domain is None or local.startswith(".") or local.endswith(".") or ".." in local:
        return None
    return f"{local}@{domain}"


def untagged(address: str) -> str:
    """Return a normalised address without its plus tag: `max+shop@muster.de` is Max as well."""
    local, _, domain = address.partition("@")
    return f"{local.partition('+')[0] or local}@{domain}"
