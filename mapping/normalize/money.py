"""Money: an amount as written -> whole minor units of its currency; never a float."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from mapping.normalize.currency import MINOR_DIGITS, currencies_of
from mapping.normalize.number import DecimalMark, decimal_number, rounded

_LIMIT = 80
_SIGN = r"[^\W\d_]{1,5}\.?|(?:US)?\$|[€£₹¥₩₺₽₴₪₫฿]"
_AMOUNT = re.compile(
    rf"(?P<minus>[-−–+]?)\s*(?P<before>{_SIGN})?\s*(?P<number>[-−–]?\s?[\d.,][\d.,'’\s]*-?)"
    rf"\s*(?P<after>{_SIGN})?"
)
_NO_CENTS = re.compile(r"[,.][-–—]{1,2}(?!\d)")


@dataclass(frozen=True, slots=True)
class Amount:
    """An exact amount, and the currencies its sign may mean: () where it carries no sign."""

    value: Decimal
    currencies: tuple[str, ...] = ()


def amount(value: Any, mark: DecimalMark | None = None) -> Amount | None:
    """Return the amount of money in `value`, or None.

    Understands "1.234,56 €", "$2,357,113", "EUR -12,50", "(12.50)", "1.000,-" and JSON numbers.
    mark: the decimal mark the source writes. Without it, three digits behind a single mark are
    thousands ("₹1,099" is 1099): amounts in thousandths are rare.
    """
    if not isinstance(value, str):
        found = decimal_number(value)
        return None if found is None else Amount(found)
    if len(value) > _LIMIT:
        return None
    text = _NO_CENTS.sub("", value.strip())
    in_brackets = text.startswith("(") and text.endswith(")")
    match = _AMOUNT.fullmatch(text[1:-1].strip() if in_brackets else text)
    return None if match is None else _from_match(match, mark, negative=in_brackets)


def minor_units(value: Decimal, currency: str) -> int | None:
    """Return `value` in whole minor units (cents), halves rounded away from zero.

    None for a currency that ISO 4217 does not know and for amounts beyond 18 digits.
    """
    digits = MINOR_DIGITS.get(currency)
    return None if digits is None else rounded(value, digits)


def _from_match(match: re.Match[str], mark: DecimalMark | None, *, negative: bool) -> Amount | None:
    before, after = match["before"], match["after"]
    sign = before or after
    currencies = currencies_of(sign) if sign else ()
    found = decimal_number(match["number"], mark, lone_groups=True)
    if found is None or (before and after) or (sign and not currencies):
        return None
    signs = negative + bool(match["minus"]) + (found < 0)
    is_minus = signs == 1 and match["minus"] != "+"
    return Amount(-abs(found) if is_minus else found, currencies) if signs < 2 else None
