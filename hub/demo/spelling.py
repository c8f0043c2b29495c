"""How departments misspell: each function turns the right text into what somebody typed."""

from random import Random

FIELD_WIDTH = 30
"""Characters an old name field of the bookkeeping holds."""

_SPELT_OUT = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss", "é": "e"}
)


def spelt_out(text: str) -> str:
    """Return the text with umlauts as two letters."""
    return text.translate(_SPELT_OUT)


def domain_label(text: str) -> str:
    """Return a text as it stands in a domain: lower case, ASCII, words joined by hyphens."""
    kept = (c if c.isalnum() and c.isascii() else "-" for c in spelt_out(text).lower())
    return "-".join("".join(kept).replace("-", " ").split())


def cut(text: str) -> str:
    """Return what an old name field keeps of the text."""
    return text[:FIELD_WIDTH].rstrip()


def typo(rng: Random, text: str) -> str:
    """Return the text with two neighbouring letters swapped, or one left out, past its third."""
    if len(text) < 7:
        return text
    place = rng.randrange(3, len(text) - 2)
    if rng.random() < 0.5:
        return text[:place] + text[place + 1 :]
    return text[:place] + text[place + 1] + text[place] + text[place + 2 :]


def family_first(given: str, family: str) -> str:
    """Return `Nachname, Vorname`."""
    return f"{family}, {given}"
