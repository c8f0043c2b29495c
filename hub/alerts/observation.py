"""What a record says that facts are made of: nothing in it moves as time alone passes.

An observation holds dates where a fact holds days, so that it is stored again only where a record
has changed. What is not known is left out.
"""

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

from hub.model.money import LARGEST

Found = dict[str, Any]
"""Name -> number, text, date or instant; `*_unclear` counts what leaves a sum undecided."""

FIRST_DAY, LAST_DAY = "1990-01-01", "2099-12-31"
"""A date outside stands for no date: software writes 1900 or 9999 where it knows none."""

Z_SCALE = 0.6745
"""Makes a MAD of a normal distribution worth one standard deviation."""
SMALLEST_SPREAD = 0.02
"""A MAD counts as at least this share of the median: a series without spread proves nothing."""


def known(found: Mapping[str, Any]) -> Found:
    """Return an observation without what is not known."""
    return {name: value for name, value in found.items() if value is not None}


def day(fields: Mapping[str, Any], name: str) -> str | None:
    """Return a date; None where it stands for none."""
    value = fields.get(name)
    if value is None:
        return None
    on = value[:10] if type(value) is str else str(value)[:10]
    return on if FIRST_DAY <= on <= LAST_DAY else None


def number(fields: Mapping[str, Any], name: str) -> float | None:
    """Return a number of sane size."""
    value: Any = fields.get(name)
    if value is None or type(value) not in (int, float):
        return None
    return float(value) if -LARGEST < value < LARGEST else None


def percent(part: float | None, whole: float | None) -> float | None:
    """Return how many hundredths of the whole a part is; None where either is not known."""
    return 100.0 * part / whole if whole and whole > 0 and part is not None else None


def status(fields: Mapping[str, Any]) -> str | None:
    """Return the status, None where the source's own was not understood."""
    value = fields.get("status")
    return value if isinstance(value, str) and value != "unknown" else None


def robust_z(value: float, others: Sequence[float], smallest: float = 1e-9) -> float:
    """Return 0.6745 (x - median) / MAD of `others`, of which there must be some.

    smallest: what the MAD counts as at least, beside its share of the median.
    """
    return z_of(value, median(others), spread(others), smallest)


def spread(others: Sequence[float]) -> float:
    """Return the MAD of values, of which there must be some."""
    middle = median(others)
    return median(abs(one - middle) for one in others)


def z_of(value: float, middle: float, mad: float, smallest: float) -> float:
    """Return the robust z of a value, by the median and the MAD of others."""
    return Z_SCALE * (value - middle) / max(mad, SMALLEST_SPREAD * abs(middle), smallest)
