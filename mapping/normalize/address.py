"""Postal addresses: street and house number apart, postcodes, and addresses on one line."""

import re
from dataclasses import dataclass
from typing import Any

from mapping.normalize.country import country_code
from mapping.normalize.text import line, scalar_text

_LIMIT = 200
_SWISS = frozenset({"CH", "LI"})
_GERMAN = frozenset({"DE", "AT", "CH", "LI"})
_NUMBER_FIRST = frozenset({"US", "CA", "GB", "IE", "FR", "AU", "NZ", "LU", "MC", "ZA", "IN"})

_GLUED = re.compile(r"(?<=\w)(str\.?|straße|strasse)(?=\d)", re.IGNORECASE)
_STREET_WORD = re.compile(r"(s)tr(?:\.|(?=[\s,-]|$))|(s)tra(?:ß|ss)e(?=\W|$)", re.IGNORECASE)
_NUMBER = r"\d{1,5}(?:\s?[a-z](?![\w]))?(?:\s?[-–/+]\s?(?:\d{1,4}(?:\s?[a-z](?!\w))?|[a-z](?!\w)))*"
_AT_END = re.compile(rf"[\s,](?:(?:haus-?)?nr\.?:?\s*)?({_NUMBER}(?:\s1/[2-4])?)$", re.IGNORECASE)
_AT_START = re.compile(
    r"(\d{1,5}(?:\s?(?:[a-z]|bis|ter)(?=[\s,]))?)(?:,\s*|\s+)"
    r"([^\W\d_].*|\d{1,3}(?:st|nd|rd|th)\s.*)",
    re.IGNORECASE,
)
_SQUARE = re.compile(
    r"([A-Z])\s?(\d{1,2})\s*,\s*(\d{1,3}\s?[a-z]?(?:\s?[-–]\s?\d{1,3}\s?[a-z]?)?)", re.IGNORECASE
)
_BOX = re.compile(
    r"(?:postfach|pf|p\.?\s?o\.?\s?box|box|psc|apartado|casella postale)\b", re.IGNORECASE
)
_UNIT_BEFORE = re.compile(
    r"\b(?:suite|ste|apt|apartment|flat|unit|floor|room|piso|etage|stock|top|tür|whg|app|zimmer|#)\.?$",
    re.IGNORECASE,
)
_POSTCODE = re.compile(r"[A-Z0-9][A-Z0-9 -]{1,10}")
_COUNTRY_LETTERS = re.compile(r"[A-Z]{1,3}\s?-\s?(?=\d)|(?:D|DE|A|AT|CH)\s(?=\d{4,5}$)")
_PART_ENDS = re.compile(r"\s*[,;\n\r|•]+\s*")
_CODE_AND_CITY = re.compile(r"(?:([A-Z]{1,2})\s?-?\s?)?(\d{4,5})\s+([^\W\d_][^\d]*)")
_ALL_IN_ONE = re.compile(r"(\D+\d[^\s]*(?:\s[a-z])?)\s+((?:[A-Z]{1,2}-)?\d{5}\s+[^\W\d_][^\d]*)")
_US = re.compile(r"(.+),\s*([^,\d]+?)(,?)\s+([A-Z]{2})\s+(\d{5}(?:-\d{4})?)")
_US_STATE_CODES = """
AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY
NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY PR GU VI AS MP AA AE AP
"""
_US_STATES = frozenset(_US_STATE_CODES.split())
_GERMAN_STREET = re.compile(r"str(?:\.|aße|asse)|weg\b|platz\b|gasse\b|allee\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Street:
    """A street's name, and the house number where the line holds one."""

    street: str
    house_number: str | None = None


@dataclass(frozen=True, slots=True)
class Address:
    """What a one-line address states; region: e.g. a US state; country: ISO alpha-2."""

    postcode: str
    city: str
    street: str | None = None
    house_number: str | None = None
    region: str | None = None
    country: str | None = None


def street(value: Any, country: str | None = None) -> str | None:
    """Return a street's name with "Str." and "Strasse" spelt "Straße" ("strasse" in CH and LI).

    Countries that do not speak German are left alone. None for what is no single line.
    """
    text = line(value, _LIMIT)
    if text is None or (country is not None and country not in _GERMAN):
        return text
    text = _GLUED.sub(r"\1 ", text)
    swiss = country in _SWISS
    return _STREET_WORD.sub(lambda found: _street_word(found, swiss), text)


def street_line(value: Any, country: str | None = None) -> Street | None:
    """Return street and house number of e.g. "Obere Str. 57 a", or None for what is no line.

    The number may stand first where the country writes so ("59 rue de l'Abbaye"). PO boxes, suites
    and streets without a number keep the whole line. What follows the number behind a comma
    ("Hinterhaus", "2. OG") is left out.
    """
    text = street(value, country)
    if text is None:
        return None
    if _BOX.match(text):
        return Street(text)
    if square := _SQUARE.fullmatch(text):
        return Street(f"{square[1].upper()} {square[2]}", house_number(square[3]))
    orders = (_number_last, _number_first)
    if country in _NUMBER_FIRST:
        orders = (_number_first, _number_last)
    elif country in _GERMAN:
        orders = (_number_last, _number_last)
    return orders[0](text) or orders[1](text) or Street(text)


def house_number(value: Any) -> str | None:
    """Return a house number in lower case without blanks ("57 A" is "57a"), or None."""
    text = line(value, 20)
    if text is None or not any(map(str.isdigit, text)):
        return None
    text = re.sub(r"^(?:haus-?)?nr\.?:?\s*", "", text.lower()).replace("–", "-")
    return re.sub(r"\s+(?=1/[234]$)", "_", text).replace(" ", "").replace("_", " ") or None


def postcode(value: Any, country: str | None = None) -> str | None:
    """Return a postcode in capitals without the country's letters ("D-80331"), or None.

    A German one gets back the leading zero that a spreadsheet took: 1067 is "01067".
    """
    text = line(value, 20)
    if text is None:
        return None
    text = _COUNTRY_LETTERS.sub("", text.upper(), count=1)
    if country == "DE" and len(text) == 4 and text.isdigit():
        text = "0" + text
    has_digit = any(map(str.isdigit, text))
    return text if has_digit and _POSTCODE.fullmatch(text) else None


def one_line_address(value: Any, country: str | None = None) -> Address | None:
    """Return the parts of an address in one text, or None where its form is not a known one.

    Known: "Musterstr. 5, 80331 München", also on lines, turned round, with a country behind it or
    without the comma; and the American "570 Sarah Wells, Johnbury, OK 10823". country: where the
    address is if it does not say so.
    """
    text = scalar_text(value)
    if text is None or len(text) > _LIMIT:
        return None
    parts = [part for part in map(line, _PART_ENDS.split(text)) if part]
    stated = country_code(parts[-1]) if len(parts) > 1 and not parts[-1].isdigit() else None
    if stated:
        parts = parts[:-1]
    return _american(", ".join(parts), stated) or _european(parts, stated, country)


def _american(text: str, stated: str | None) -> Address | None:
    found = _US.fullmatch(text)
    if found is None or found[4] not in _US_STATES or stated not in (None, "US"):
        return None
    if _GERMAN_STREET.search(found[1]) or (found[4] == "DE" and not found[3]):
        return None
    place = street_line(found[1], "US") or Street(found[1])
    return Address(found[5], found[2], place.street, place.house_number, found[4], "US")


def _european(parts: list[str], stated: str | None, assumed: str | None) -> Address | None:
    if len(parts) == 1 and (whole := _ALL_IN_ONE.fullmatch(parts[0])):
        parts = [whole[1], whole[2]]
    for index, part in enumerate(parts):
        if found := _CODE_AND_CITY.fullmatch(part):
            said = stated or (country_code(found[1]) if found[1] else None)
            country = said or assumed
            if len(found[2]) != (4 if country in ("AT", "CH", "LI", "LU", "BE", "DK", "NO") else 5):
                return None
            rest = _street_before(parts[:index], country) if index else None
            if len(parts) == 2 and not index:
                rest = parts[1]
            place = street_line(rest, country) if rest else None
            if place is None:
                return Address(found[2], found[3].strip(), country=said)
            return Address(
                found[2], found[3].strip(), place.street, place.house_number, country=said
            )
    return None


def _street_before(parts: list[str], country: str | None) -> str:
    """Return the last part with a house number ("2. OG" may stand behind it), else the last one."""
    for part in reversed(parts):
        found = street_line(part, country)
        if found is not None and found.house_number:
            return part
    return parts[-1]


def _number_last(text: str) -> Street | None:
    head = text
    if "," in text:
        before = text.partition(",")[0]
        head = before if _AT_END.search(before) else text
    found = _AT_END.search(head)
    if found is None:
        return None
    name = head[: found.start()].rstrip(" ,")
    if not any(map(str.isalpha, name)) or _UNIT_BEFORE.search(name):
        return None
    return Street(name, house_number(found[1]))


def _number_first(text: str) -> Street | None:
    found = _AT_START.fullmatch(text)
    return Street(found[2], house_number(found[1])) if found else None


def _street_word(found: re.Match[str], swiss: bool) -> str:
    if found[0].isupper():
        return "STRASSE"
    first = found[1] or found[2]
    return first + ("trasse" if swiss else "traße")
