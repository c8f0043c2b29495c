"""How a month of a customer's figures differs from the twelve before it."""

from collections.abc import Mapping
from datetime import date
from statistics import median

from hub.alerts.observation import Found, robust_z

FEWEST_PERIODS = 6
NOTEWORTHY = 2.0
"""The robust z from which a month is a deviation at all; rules ask for more."""


def deviation(metric: str, months: Mapping[str, float], last: date) -> Found | None:
    """Return how the month that ends with `last` differs from the twelve before it, if it does.

    months: `2026-11` -> amount. A month without any counts as 0 from the first one on.
    """
    before, year, month = [], last.year, last.month
    first = min(months, default="")
    for _ in range(12):
        year, month = (year - 1, 12) if month == 1 else (year, month - 1)
        name = f"{year:04}-{month:02}"
        if name < first:
            break
        before.append(float(months.get(name, 0.0)))
    if len(before) < FEWEST_PERIODS or not median(before):
        return None
    value = float(months.get(f"{last.year:04}-{last.month:02}", 0.0))
    z = robust_z(value, before)
    if abs(z) < NOTEWORTHY:
        return None
    usual = median(before)
    return {
        "metric": metric,
        "deviation_pct": 100.0 * (value - usual) / abs(usual),
        "deviation_net": round(value - usual),
        "robust_z": z,
        "ended_on": last.isoformat(),
        "value": value,
        "usual": usual,
    }
