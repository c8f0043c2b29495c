"""Streets, house numbers, postcodes and cities, also out of one line of address."""

import re
from dataclasses import dataclass
from functools import lru_cache

from hub.resolution.text import fold, words
from hub.resolution.wordlists import lines

_SHORT = {line[0]: line[1] for line in lines("streets")}
_HOUSE = re.compile(
    r"(?<!\w)(\d+)(\s[a-z](?=\s*(?:$|[,/-]))|[a-z]?)(?!\w)(?:\s*[-/]\s*\d+[a-z]?(?!\w))?"
)
_BESIDE = re.compile(
    r"\b(?:bei|b|am|im|an der|vor der|ob der|a\.?\s?[dm]|[ov]\.?\s?d|i|in)\b\.?.*$"
)
_LONE_SUFFIX = re.compile(r"(?<=[a-z]{3})(str|strase)(?=\b|\.)")


@dataclass(frozen=True, slots=True)
class Place:
    """Parts of an address, folded; what is not there is ""."""

    street: str = ""
    house: str = ""
    postcode: str = ""
    city: str = ""


@lru_cache(maxsize=200_000)
def street(text: str) -> tuple[str, str]:
    """Return a street's folded words spelt out, and the house number found in it or ""."""
    plain = _LONE_SUFFIX.sub("strasse", fold(text).replace(".", " ").strip())
    found = _HOUSE.search(plain)
    house = ""
    if found:
        house = found[1].lstrip("0") + found[2].strip()
        plain = f"{plain[: found.start()]} {plain[found.end() :]}"
    named = [_SHORT.get(word, word) for word in words(plain)]
    return _join_strasse(named), house


def _join_strasse(named: list[str]) -> str:
    """Write "Berliner Strasse" and "Berlinerstrasse" alike."""
    text = " ".join(named)
    return text.replace(" strasse", "strasse").replace(" platz", "platz").replace(" weg", "weg")


def house_number(text: str) -> str:
    """Return the first number with its letter, or the squeezed text."""
    found = _HOUSE.search(fold(text))
    return found[1].lstrip("0") + found[2].strip() if found else "".join(words(fold(text)))


@lru_cache(maxsize=100_000)
def postcode(text: str) -> str:
    """Return letters and digits of a postcode, a leading `D-` and a US suffix left out."""
    plain = re.sub(r"^(?:(?:de|d|a|ch|at)\s*-\s*|de?\s+(?=\d))", "", fold(text).strip())
    return "".join(words(re.sub(r"^(\d{5})-\d{4}$", r"\1", plain)))


@lru_cache(maxsize=100_000)
def city(text: str) -> str:
    """Return a city's folded words without what stands in brackets or after a slash."""
    plain = re.split(r"[(/,]", fold(text))[0] or fold(text)
    return " ".join(words(_BESIDE.sub("", plain)) or words(plain))


_AREA = re.compile(r"\b(?:d\s*-\s*)?(\d{5})\s+([^\d,;]+)")
_US = re.compile(r"\b([a-z]{2})\s+(\d{5})(?:-\d{4})?\s*$")


@lru_cache(maxsize=100_000)
def address(text: str) -> Place:
    """Return the parts of a one-line address: German (`Weg 3, 12345 Ort`) or English order."""
    plain = " ".join(fold(text).replace("\n", ", ").split())
    american = _US.search(plain)
    if american:
        named, house = street(plain[: american.start()].split(",")[0])
        return Place(named, house, american[2])
    german = _AREA.search(plain)
    if german and german.start() > 0:
        named, house = street(plain[: german.start()].rstrip(" ,"))
        return Place(named, house, german[1], city(german[2]))
    first, _, rest = plain.partition(",")
    named, house = street(first)
    return Place(named, house, "", city(rest) if rest.strip() else "")
