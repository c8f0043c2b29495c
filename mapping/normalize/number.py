"""Numbers: decimals as people and spreadsheets write them, percentages, yes and no."""

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal

DecimalMark = Literal[",", "."]

_LIMIT = 60
_LARGEST = Decimal(10) ** 18
_BLANKS = re.compile(r"[\s'’_]+")
# Groups of three; with commas also the Indian ones, 12,34,567.
_GROUPED = {
    ".": re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+"),
    ",": re.compile(r"[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d?(?:,\d\d)+,\d{3}"),
}
_PLAIN = re.compile(r"\d+(?:\.\d+)?(?:[eE][+-]?\d{1,2})?|\.\d+")
_MINUS_SIGNS = str.maketrans("−–—‐‑", "-----")
_YES = frozenset({"true", "wahr", "ja", "yes", "y", "j", "1", "x", "on", "an", "oui"})
_NO = frozenset({"false", "falsch", "nein", "no", "n", "0", "off", "aus"})


def decimal_number(
    value: Any, mark: DecimalMark | None = None, *, lone_groups: bool = False
) -> Decimal | None:
    """Return the number in `value`, exactly, or None.

    mark: the decimal mark the source writes; a text that contradicts it is None. Without it the
    text must speak for itself: "1.234,56" and "1,234.56" do. "1.234" does not and is None, unless
    `lone_groups` says that three digits behind a single mark are thousands. A float counts as
    its shortest decimal spelling. "(12)" and "12-" are minus twelve.
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return Decimal(value) if -_LARGEST < value < _LARGEST else None
    if isinstance(value, float):
        return Decimal(repr(value)) if -1e18 < value < 1e18 else None
    if not isinstance(value, str) or len(value) > _LIMIT or not value.isprintable():
        return _of_odd_text(value, mark, lone_groups)
    return _of_text(value, mark, lone_groups)


def number(value: Any, mark: DecimalMark | None = None) -> int | float | None:
    """Return a JSON number: an integer where it is whole, else a float; or None."""
    found = decimal_number(value, mark)
    if found is None:
        return None
    return int(found) if found == found.to_integral_value() else float(found)


def integer(value: Any, mark: DecimalMark | None = None) -> int | None:
    """Return a whole number, or None; 12.5 is None rather than rounded."""
    found = number(value, mark)
    return found if isinstance(found, int) else None


def percent(
    value: Any, mark: DecimalMark | None = None, *, fraction: bool = False
) -> int | float | None:
    """Return a share as a number from 0 to 100, or None outside of it.

    fraction: the source writes shares from 0 to 1. A percent sign always means percent.
    """
    signed = isinstance(value, str) and value.rstrip().endswith("%")
    found = decimal_number(value.rstrip()[:-1] if signed else value, mark)
    if found is None:
        return None
    if fraction and not signed:
        found *= 100
    return number(float(round(found, 6))) if 0 <= found <= 100 else None


def boolean(value: Any) -> bool | None:
    """Return the truth of true, 1, "ja", "yes", "x" and their opposites; else None."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return bool(value) if value in (0, 1) else None
    if not isinstance(value, str) or len(value) > 20:
        return None
    word = value.strip().lower()
    return True if word in _YES else False if word in _NO else None


def rounded(amount: Decimal, digits: int) -> int | None:
    """Return `amount` in units of 10^-digits, halves rounded away from zero; None if too large."""
    shifted = amount.scaleb(digits).to_integral_value(ROUND_HALF_UP)
    return int(shifted) if -_LARGEST < shifted < _LARGEST else None


def _of_odd_text(value: Any, mark: DecimalMark | None, lone_groups: bool) -> Decimal | None:
    if not isinstance(value, str) or len(value) > _LIMIT:
        return None
    text = _BLANKS.sub("", value)
    return _of_text(text, mark, lone_groups) if text.isprintable() else None


def _of_text(value: str, mark: DecimalMark | None, lone_groups: bool) -> Decimal | None:
    text = _BLANKS.sub("", value)
    if not text.isascii():
        text = text.translate(_MINUS_SIGNS)
    text, sign = _without_sign(text)
    if text.isdigit() and text.isascii():
        return sign * Decimal(text) if len(text) <= 18 else None
    plain = _to_plain(text, mark, lone_groups)
    if plain is None or not _PLAIN.fullmatch(plain):
        return None
    found = Decimal(plain)
    return sign * found if found < _LARGEST else None


def _without_sign(text: str) -> tuple[str, int]:
    if text.startswith("(") and text.endswith(")"):
        return text[1:-1], -1
    if text.startswith("-"):
        return text[1:], -1
    if text.endswith("-"):
        return text[:-1], -1
    return text.removeprefix("+"), 1


def _to_plain(text: str, mark: DecimalMark | None, lone_groups: bool) -> str | None:
    """Return the digits of `text` with a point as decimal mark, or None where unclear."""
    commas, points = text.count(","), text.count(".")
    if mark is None and commas and points:
        mark = "," if text.rindex(",") > text.rindex(".") else "."
    elif mark is None and commas + points == 1:
        lone: DecimalMark = "," if commas else "."
        if _GROUPED[lone].fullmatch(text):
            return text.replace(lone, "") if lone_groups else None
        mark = lone
    elif mark is None:
        mark = "." if commas else ","
    return _with_mark(text, mark)


def _with_mark(text: str, mark: DecimalMark) -> str | None:
    group = "." if mark == "," else ","
    whole, found, rest = text.partition(mark)
    if group in whole:
        if not _GROUPED[group].fullmatch(whole):
            return None
        whole = whole.replace(group, "")
    return f"{whole}.{rest}" if found else whole
