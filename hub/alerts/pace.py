"""How time alone moves facts: not at all, by one a day, on days a record tells, or within the day.

Who knows that knows until when a condition that is false stays so.
"""

from collections.abc import Callable, Mapping
from enum import Enum
from math import inf
from typing import Any

from hub.alerts.moment import Moment, date_of, days_since, days_until
from hub.alerts.observation import Found
from hub.alerts.ways import WAYS, How, by_month

AN_INSTANT = 0.5
"""Days for which something holds of which it is not known whether it outlasts the day."""
SLIP_OVER = 30
"""Days after which an end that was expected is the one a slip is measured by."""


class Pace(Enum):
    """How a fact moves while its records stay as they are.

    RISES, FALLS: by one each day, or not at all. TURNS: on days that the observation tells. MOVES:
    perhaps within the day.
    """

    STILL = "still"
    RISES = "rises"
    FALLS = "falls"
    TURNS = "turns"
    MOVES = "moves"


_OF_HOW: Mapping[How | None, Pace] = {
    None: Pace.STILL,
    by_month: Pace.STILL,
    days_since: Pace.RISES,
    days_until: Pace.FALLS,
}


def pace(subject: str, fact: str) -> Pace:
    """Return how a fact of a subject moves."""
    way = WAYS[subject].get(fact)
    if way is None:
        return Pace.STILL
    return Pace.TURNS if way.of in _TURNS else _OF_HOW.get(way.how, Pace.MOVES)


def holds(subject: str, fact: str, found: Found, at: Moment) -> float:
    """Return for how many days, today among them, a fact stays as it is at the least."""
    match pace(subject, fact):
        case Pace.STILL:
            return inf
        case Pace.TURNS:
            return _TURNS[WAYS[subject][fact].of](found, at)
        case Pace.MOVES:
            return AN_INSTANT
        case _:
            return 1


def _left(found: Found, at: Moment) -> float:
    """A contact has left on the day after its role has ended."""
    return _until(found.get("left_on"), at, 1)


def _elapsed(found: Found, at: Moment) -> float:
    """A share of a period grows from the day after its first to its last."""
    start, end = date_of(found.get("period_from")), date_of(found.get("period_to"))
    if not start or not end or at.today >= end:
        return inf
    return max(1, (start - at.today).days + 1)


def _slipped(found: Found, at: Moment) -> float:
    """A slip is another once one more of the ends that were expected is old enough."""
    return min((_until(since, at, SLIP_OVER) for since, _ in found.get("ends", ())), default=inf)


def _until(value: Any, at: Moment, days: int) -> float:
    """Return the days until so many days after a date; for ever where that is past."""
    on = date_of(value)
    left = (on - at.today).days + days if on else 0
    return left if left > 0 else inf


_TURNS: Mapping[str, Callable[[Found, Moment], float]] = {
    "left": _left,
    "period_elapsed": _elapsed,
    "slipped": _slipped,
}
"""The parts of observations that a day decides which the observation tells."""
