"""How a month of a customer's figures differs from the twelve before it."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from statistics import median

from hub.alerts.observation import Found, robust_z

FEWEST_PERIODS = 6
DAYS_TO_PAY = "days_to_pay"
SMALLEST_DAYS = 1.0
"""Who always pays on the same day is not slow a day later."""
NOTEWORTHY = 2.0
"""The robust z from which a month is a deviation at all; rules ask for more."""


def deviation(metric: str, months: Mapping[str, float], last: date) -> Found | None:
    """Return how the month that ends with `last` differs from the twelve before it, if it does.

    months: `2026-11` -> amount, or days for `days_to_pay`. A month without any amount counts as 0
    from the first one on; one in which nothing was paid says nothing of how fast.
    """
    before, year, month = [], last.year, last.month
    first = min(months, default="")
    if first > _fewest(last):
        return None
    for _ in range(12):
        year, month = (year - 1, 12) if month == 1 else (year, month - 1)
        name = f"{year:04}-{month:02}"
        if name < first:
            break
        if name in months or metric != DAYS_TO_PAY:
            before.append(float(months.get(name, 0.0)))
    name = f"{last.year:04}-{last.month:02}"
    usual = median(before) if len(before) >= FEWEST_PERIODS else 0.0
    if not usual or (metric == DAYS_TO_PAY and name not in months):
        return None
    value = float(months.get(name, 0.0))
    z = robust_z(value, before, SMALLEST_DAYS if metric == DAYS_TO_PAY else 1e-9)
    if abs(z) < NOTEWORTHY:
        return None
    found = {
        "metric": metric,
        "deviation_pct": 100.0 * (value - usual) / abs(usual),
        "deviation_net": round(value - usual),
        "robust_z": z,
        "ended_on": last.isoformat(),
        "value": value,
        "usual": usual,
    }
    if metric == DAYS_TO_PAY:  # days are no money
        del found["deviation_net"]
    return found


@lru_cache(maxsize=64)
def _fewest(last: date) -> str:
    """Return the month from which on, up to `last`, there are just enough to compare."""
    months = last.year * 12 + last.month - 1 - FEWEST_PERIODS
    return f"{months // 12:04}-{months % 12 + 1:02}"
