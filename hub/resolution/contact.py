"""E-mail addresses, domains, phone numbers and numbered identifiers in comparable form."""

import re
from functools import lru_cache

from hub.resolution.suffixes import registrable
from hub.resolution.text import fold, squeeze
from hub.resolution.wordlists import listed

FREEMAIL = frozenset(listed("freemail"))
ROLES = frozenset(listed("roles"))
_EMAIL = re.compile(r"[^@\s<>;,:]+@[^@\s<>;,]+")


def email(text: str) -> str:
    """Return the address in lower case without a plus tag, or "" where there is none."""
    found = _EMAIL.search(text.strip().casefold()[:320])
    if not found:
        return ""
    local, _, host = found.group().partition("@")
    return f"{local.partition('+')[0] or local}@{host.rstrip('.')}"


def is_role(address: str) -> bool:
    """Return whether a mailbox belongs to a job, not to a person (info@, rechnung@)."""
    local = address.partition("@")[0]
    return local in ROLES or local.split(".")[0].split("-")[0] in ROLES


_HOST_ENDS = re.compile(r"[/?#:\s]")


@lru_cache(maxsize=200_000)
def domain(text: str) -> str:
    """Return the registrable domain of an address or host in lower case, "" for freemail."""
    plain = text.strip().casefold()
    address = plain.rpartition("@")[2].removeprefix("http://").removeprefix("https://")
    host = _HOST_ENDS.split(address, 1)[0]
    return _registered(host) if "." in host else ""


@lru_cache(maxsize=200_000)
def _registered(host: str) -> str:
    found = registrable(host) or host.removeprefix("www.")
    return "" if found in FREEMAIL else found


_EXTENSION = re.compile(r"(?:ext|durchwahl|dw|app|x)\.?\s*(\d+)\s*$", re.IGNORECASE)
_NO_DIGIT = re.compile(r"\D")
_ZERO_IN_BRACKETS = re.compile(r"\(\s*0\s*\)")


def phone(text: str) -> str:
    """Return the digits of the national number without trunk zero, "" below five digits."""
    plain = text.strip()[:60]
    if "(" in plain:
        plain = _ZERO_IN_BRACKETS.sub("", plain)
    if plain.lower() != plain.upper():
        plain = _EXTENSION.sub(r"\1", plain)
    digits = _NO_DIGIT.sub("", plain)
    if plain.startswith("+") or digits.startswith("00"):
        digits = _without_country(digits.lstrip("0"))
    digits = digits.lstrip("0")
    return digits if len(digits) >= 5 and len(set(digits)) > 1 else ""


_CALLING = frozenset(listed("calling_codes"))


def _without_country(digits: str) -> str:
    for length in (1, 2):
        if digits[:length] in _CALLING:
            return digits[length:]
    return digits[3:]


def identifier(text: str) -> str:
    """Return letters and digits in lower case, "" where that is nothing or zeros only."""
    plain = squeeze(text)
    return plain if plain.strip("0") else ""


_REGISTER = re.compile(r"\b(hra|hrb|vr|gnr|pr|gsr)\W*(\d+)\s*([a-z]{0,2})\b")


def register_number(text: str) -> str:
    """Return `hrb12345 munchen`: section and number, then the court as folded words."""
    plain = fold(text)
    found = _REGISTER.search(plain)
    if not found:
        return identifier(text)
    rest = plain[: found.start()] + " " + plain[found.end() :]
    court = [word for word in re.findall(r"[a-z]{3,}", rest) if word not in _COURT]
    return " ".join((found[1] + found[2].lstrip("0"), *court))


_COURT = frozenset(
    ("amtsgericht", "registergericht", "gericht", "nummer", "handelsregister", "local", "court")
)


_UNIT = re.compile(r"-\d{5}$")


def vat(text: str) -> str:
    """Return a VAT number without spaces and dots; a German business id's suffix is dropped."""
    return identifier(_UNIT.sub("", text.strip()) if "-" in text else text)
