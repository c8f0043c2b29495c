"""Amounts in the company's currency: by the rate that the record itself states, or not at all.

A record says in `exchange_rate` what one unit of its currency is worth in the company's. Nothing
else knows a rate: a table of today's rates would value last year's invoice by them.
"""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from mapping.normalize.currency import MINOR_DIGITS, USUAL_DIGITS

LARGEST: Final = 10**15
"""An amount beyond this, in minor units, is no amount: sums must not overflow."""
MINOR: Final = "_minor"
"""How the names of all amounts end."""
HIGHEST_RATE: Final = 10**6
"""A rate beyond this is none, nor is one of 0: that is how tools write that they know none."""


def minor_steps(currency: str, company: str) -> int:
    """Return the power of ten between the minor units of `currency` and of the company's.

    A yen has no cents: 1,000 minor units of JPY are as many whole yen, so JPY to EUR is 2.
    """
    return _digits(company) - _digits(currency)


def _digits(currency: str) -> int:
    return MINOR_DIGITS.get(currency, USUAL_DIGITS)


def base_amount(fields: Mapping[str, Any], name: str, company: str) -> int | None:
    """Return an amount that a record states, in minor units of the company's currency.

    A record that names no currency means the company's. Halves are rounded away from zero. None
    where the field holds no amount, or a foreign one and no rate is known.
    """
    amount: Any = fields.get(name)
    if type(amount) not in (int, float) or not -LARGEST < amount < LARGEST:
        return None
    currency: Any = fields.get("currency")
    if not currency or currency == company:
        return int(amount)
    rate: Any = fields.get("exchange_rate")
    if type(rate) not in (int, float) or not 0 < rate <= HIGHEST_RATE:
        return None
    # Through text: 0.1 means a tenth here, not the float next to it.
    worth = Decimal(str(amount)) * Decimal(str(rate)).scaleb(minor_steps(currency, company))
    rounded = int(worth.quantize(Decimal(1), ROUND_HALF_UP))
    return rounded if -LARGEST < rounded < LARGEST else None


def base_name(name: str) -> str:
    """Return what an amount is called in the company's currency: net_minor, net_base_minor."""
    return f"{name.removesuffix(MINOR)}_base{MINOR}"


def base_amounts(fields: Mapping[str, Any], company: str) -> dict[str, int | None]:
    """Return every amount of a record in the company's currency, by its name there.

    None where it is foreign and no rate is known.
    """
    return {
        base_name(name): base_amount(fields, name, company)
        for name in fields
        if name.endswith(MINOR)
    }
