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


_CODE = r"(?:\d{5}|\d{3}\s\d{2}|\d{2}-\d{3}|\d{4}\s?[a-z]{2}(?=\s)|\d{4})(?![\d-])"
_COUNTRY = r"(?:(?:[a-z]{1,3}\s*-\s*|(?:d|de|a|at|ch|f|fr|nl|it|pl|cz)\s+)(?=\d))"
_TOWN = re.compile(rf"(?P<country>{_COUNTRY})?(?P<code>{_CODE})\s+(?P<city>[^\W\d]{{2}}\D*)")
_INSIDE = re.compile(
    rf"\s(?:{_COUNTRY}(?P<code>{_CODE})|(?P<plain>\d{{5}}|\d{{4}}\s[a-z]{{2}}(?=\s)))"
    r"\s+(?P<city>[^\W\d]{2}\D*)$"
)
_US = re.compile(r"\b([a-z]{2})\s+(\d{5})(?:-\d{4})?\s*$")
_BRITISH = re.compile(r"\b([a-z]{1,2}\d[a-z\d]?\s\d[a-z]{2})$")
_ROAD = re.compile(
    r"(?:str|strase|strasse|weg|platz|allee|gasse|damm|ufer|ring|chaussee|steig|pfad|promenade"
    r"|\bst)\.?$"
    r"|\b(?:boulevard|blvd|street|road|rd|avenue?|ave?|drive|dr|lane|ln|highway|hwy|square)\b"
    r"|^(?:am|an|auf|im|in|beim?|zum?|zur|unter|hinter|vor|via|rue|calle|ulica|ul|plac|piazza"
    r"|plaza|viale|corso|quai)\b"
)
"""What tells that words without a number are a street's, not a town's."""


@lru_cache(maxsize=100_000)
def address(text: str) -> Place:
    """Return the parts of a one-line address, whichever of street and town stands first.

    A line without any number that names no street is a town. German, English and neighbours'
    postcodes; four digits are one behind a country or beside a street alone, since
    `1200 Clybourn` is a house.
    """
    plain = " ".join(fold(text).replace("\n", ", ").split())
    american = _US.search(plain)
    if american and american[1] not in ("de", "at", "ch"):
        named, house = street(plain[: american.start()].split(",")[0])
        return Place(named, house, american[2])
    parts = [part for each in re.split("[,;]", plain) if (part := each.strip(" ."))]
    for at, part in enumerate(parts):
        rest = parts[:at] + parts[at + 1 :]
        found = _town(part, rest) or _behind_street(part, rest) or _british(part, rest)
        if found:
            return found
    return _without_code(parts)


def _town(part: str, rest: list[str]) -> Place | None:
    """Return the place where a part is `50667 Koln`."""
    found = _TOWN.fullmatch(part)
    if not found or _ROAD.search(found["city"].strip()):
        return None
    doubtful = len(found["code"]) == 4 and not found["country"]
    if doubtful and not any(_HOUSE.search(each) for each in rest):
        return None
    return Place(*_street_of(rest), postcode(found["code"]), city(found["city"]))


def _behind_street(part: str, rest: list[str]) -> Place | None:
    """Return the place where a part is `Weg 3 50667 Koln`."""
    found = _INSIDE.search(part)
    if not found:
        return None
    code = postcode(found["code"] or found["plain"])
    return Place(*street(part[: found.start()]), code, city(found["city"]))


def _british(part: str, rest: list[str]) -> Place | None:
    """Return the place where a part ends with a British postcode."""
    found = _BRITISH.search(part)
    if not found:
        return None
    town = part[: found.start()].strip() or (rest[-1] if len(rest) > 1 else "")
    return Place(*_street_of(rest), postcode(found[1]), city(town) if town else "")


def _street_of(parts: list[str]) -> tuple[str, str]:
    """Return street and house number: of the first part that has a number, else of the first."""
    numbered = next((part for part in parts if _HOUSE.search(part)), "")
    return street(numbered or (parts[0] if parts and _ROAD.search(parts[0]) else ""))


def _without_code(parts: list[str]) -> Place:
    if not parts:
        return Place()
    first, rest = parts[0], parts[1:]
    if not any(map(str.isdigit, first)) and not _ROAD.search(first):
        if not rest or not any(map(str.isdigit, rest[0])):
            return Place(city=city(first))
        first, rest = rest[0], []  # a house's name, a firm, a town: who knows
    named, house = street(first)
    return Place(named, house, "", city(rest[0]) if rest else "")
