"""Telephone numbers: as typed anywhere -> E.164 with extension, or None."""

import re
from functools import lru_cache
from typing import Any

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, ValidationResult

from mapping.normalize.text import scalar_text, visible

_LIMIT = 60
_LABEL = re.compile(
    r"(?:tel(?:efon)?|fon|phone|fax|mobile?|mobil(?:funk|telefon)?|handy|büro|privat|[tfm])"
    r"(?:[.:]+|\s|(?=[+0(]))[.:\s]*",
    re.IGNORECASE,
)
_EXTENSION = re.compile(
    r"[\s,;/(]*(?:ext(?:ension)?|x|durchwahl|dw|app(?:arat)?|nst|nebenstelle|#)"
    r"[.:=\s]*(?P<number>\d{1,6})\)?$",
    re.IGNORECASE,
)
_BODY = re.compile(r"[+(\[]?[\d+()\[\]/.\s–—‐‑−*-]*\d[)\]]?")
_POSSIBLE = ValidationResult.IS_POSSIBLE


def phone_number(value: Any, region: str | None = None) -> str | None:
    """Return `+498912345`, or `+498912345;ext=12` where an extension is stated; else None.

    region: the ISO country whose habits apply to a number without +49 or 0049. The number must
    have a length its country allows; whether it is assigned is not asked, numbering plans change.
    What is returned reads the same again, anywhere. Letters ("0800-PIZZA", "siehe Notiz") and one
    digit repeated ("000000") are refused.
    """
    text = scalar_text(value)
    if text is None or len(text) > _LIMIT:
        return None
    return _parsed(text, region)


# Switchboards and re-read records repeat numbers; parsing one costs some 30 microseconds.
@lru_cache(maxsize=16_384)
def _parsed(text: str, region: str | None) -> str | None:
    body = visible(text).strip()
    if label := _LABEL.match(body):
        body = body[label.end() :]
    extension = ""
    if found := _EXTENSION.search(body):
        body, extension = body[: found.start()], found["number"]
    if not _BODY.fullmatch(body):
        return None
    if body.startswith("00"):
        body = "+" + body[2:]
    elif body.startswith("(00"):
        body = "(+" + body[3:]
    number = _number(body, region)
    if number is None or not _plausible(number):
        return None
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if number.italian_leading_zero and _number(e164, None) != number:
        return None  # zeros that only a trunk prefix held: written out, they would read otherwise
    return f"{e164};ext={extension}" if extension else e164


def _number(body: str, region: str | None) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(body, region)
    except NumberParseException:
        return None


def _plausible(number: PhoneNumber) -> bool:
    digits = str(number.national_number)
    if len(set(digits)) == 1:
        return False
    return phonenumbers.is_possible_number_with_reason(number) == _POSSIBLE


def dialled(number: str) -> tuple[str, ...]:
    """Return the digits of a normalised number as people write them, without zeros in front.

    With the country's code and without, its extension at the end.
    """
    e164, _, extension = number.partition(";ext=")
    parsed = _number(e164, None)
    if parsed is None:
        return ()
    return (
        f"{parsed.country_code}{parsed.national_number}{extension}",
        f"{parsed.national_number}{extension}",
    )
