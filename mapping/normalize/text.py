"""Plain text: one clean line, a longer passage, an identifier; and any JSON scalar as text."""

import re
import unicodedata
from typing import Any

LINE_LIMIT = 500
PROSE_LIMIT = 100_000
IDENTIFIER_LIMIT = 100

# Control characters, soft hyphens, zero-width and direction marks, half surrogate pairs: pasted
# along by accident, invisible to people, fatal to comparisons and to PostgreSQL. Never a blank.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
_LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x1c-\x1f\x85\u2028\u2029]")
_LARGEST_NUMBER = 10**30


def scalar_text(value: Any) -> str | None:
    """Return the text of a JSON scalar as a person would type it, or None.

    12.0 is "12": spreadsheets hand out every number as a float. None for null, lists and objects,
    for infinities and for numbers beyond 30 digits.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        if not -_LARGEST_NUMBER < value < _LARGEST_NUMBER:
            return None
        if isinstance(value, float) and value.is_integer():
            return str(int(value))
        return str(value)
    return None


def visible(text: str) -> str:
    """Return `text` in Unicode normal form C without invisible characters."""
    if text.isascii() and text.isprintable():
        return text
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", text))


def line(value: Any, limit: int = LINE_LIMIT) -> str | None:
    """Return one line with single blanks, or None where nothing is left or it exceeds `limit`."""
    text = scalar_text(value)
    if text is None or len(text) > 4 * limit:
        return None
    text = " ".join(visible(text).split())
    return text if 0 < len(text) <= limit else None


def prose(value: Any) -> str | None:
    """Return a passage with its line breaks as `\\n`, cut at 100,000 characters, or None."""
    text = scalar_text(value)
    if text is None:
        return None
    text = _LINE_ENDS.sub("\n", visible(text[:PROSE_LIMIT]))
    return text[:PROSE_LIMIT].strip() or None


def identifier(value: Any) -> str | None:
    """Return a document or customer number as one line of at most 100 characters, or None."""
    return line(value, IDENTIFIER_LIMIT)


def folded(text: str) -> str:
    """Return `text` in lower case with umlauts spelt out and accents dropped: a lookup key."""
    lowered = text.casefold()
    if lowered.isascii():
        return lowered
    spelt = lowered.translate(_SPELT_OUT)
    pieces = unicodedata.normalize("NFKD", spelt)
    plain = "".join(c for c in pieces if not unicodedata.combining(c))
    # Mathematical and full-width letters only become capitals here; few texts hold any.
    return plain if plain == plain.casefold() else folded(plain)


_SPELT_OUT = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "oe", "æ": "ae", "å": "a", "ł": "l"}
)
