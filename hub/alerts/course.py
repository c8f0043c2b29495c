"""How a project strays from its own first half: in weekly hours, cost and changes asked for."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from statistics import median
from typing import Any

from hub.alerts.observation import Found, robust_z

FEWEST_WEEKS = 8
"""Weeks that a project's own course can be told from."""
MOST_WEEKS = 520
MOST_COSTS = 104
"""Weeks of which the cost is remembered; the first are forgotten."""
LEAST_COST = 10_000
"""What the MAD of a week's cost counts as at least, in minor units, beside a tenth of the median:
cost is booked in lumps, and spread over the weeks between two bookings."""
WORDS: Mapping[str, Mapping[str, str]] = {
    "hours": {"de": "Stunden einer Woche", "en": "hours of a week"},
    "cost": {"de": "Kosten einer Woche", "en": "cost of a week"},
    "scope": {"de": "Änderungswünsche einer Woche", "en": "change requests of a week"},
}
AGAINST: Mapping[str, str] = {
    "de": "gegen die eigene erste Hälfte",
    "en": "against its own first half",
}
Costs = Sequence[Sequence[Any]]
"""[Monday, cost at the end of that week, minor units], oldest first."""


def anomaly(
    days: Mapping[str, float],
    requests: Mapping[str, float] | None = None,
    costs: Costs = (),
    starts_on: str | None = None,
) -> Found:
    """Return how far a week strays from the project's first half, at most, when, and in what.

    days, requests: date -> hours, change requests. starts_on: before it nobody asked for changes.
    The score is the greatest robust z of a later week; anomaly_on: its Monday.
    """
    hours, told = _weeks(days), {}
    if any(hours.values()):
        told["hours"] = _strays(hours, 1e-9, least_usual=True)
    if requests:
        asked = _weeks(requests)
        # Weeks without a request are weeks of the project, too; one is not begun ten years before.
        begun = [starts_on] if starts_on and _near(starts_on, min(asked)) else []
        asked = {_monday(one): 0.0 for one in (*begun, *days)} | asked
        told["scope"] = _strays(asked, 1.0)
    spent = _spent(costs)
    if len(spent) >= FEWEST_WEEKS:
        usual = median(list(spent.values())[: len(spent) // 2])
        told["cost"] = _strays(spent, max(LEAST_COST, usual / 10), least_usual=True)
    scored = [(score, name, week) for name, (score, week) in told.items() if week is not None]
    score, name, week = max(scored, default=(0.0, "", None))
    if week is None:
        return {"anomaly_score": 0.0}
    found = {"anomaly_score": max(0.0, score), "anomaly_on": week.isoformat()}
    if score > 0:
        found["anomaly"] = {
            language: f"{WORDS[name][language]}, {against}" for language, against in AGAINST.items()
        }
    top = told.get("hours", (0.0, None))[1]
    return found | ({"week_hours": hours.get(top, 0.0)} if top else {})


def costs_seen(before: Costs, today: date, cost: int | None) -> list[list[Any]]:
    """Return the cost by week as seen so far, with what it is by now."""
    seen = [list(one) for one in before]
    if cost is None or (seen and seen[-1][1] == cost):
        return seen
    monday = _monday(today.isoformat()).isoformat()
    while seen and seen[-1][0] >= monday:  # several where the clock was put back
        seen.pop()
    return [*seen, [monday, cost]][-MOST_COSTS:]


def _monday(text: str) -> date:
    on = date.fromisoformat(text)
    return on - timedelta(days=on.weekday())


def _near(starts_on: str, first: date) -> bool:
    return _monday(starts_on) > first - timedelta(weeks=MOST_WEEKS // 2)


def _weeks(days: Mapping[str, float]) -> dict[date, float]:
    weeks: Counter[date] = Counter()
    for text, value in days.items():
        weeks[_monday(text)] += value  # type: ignore[assignment]  # it counts hours, too
    return dict(weeks)


def _spent(costs: Costs) -> dict[date, float]:
    """Return what was spent a week: what came between two sights is spread evenly.

    The first sight holds all that was spent before, and tells of no week.
    """
    spent: dict[date, float] = {}
    for (before, had), (after, has) in pairwise(costs):
        first, last = date.fromisoformat(before), date.fromisoformat(after)
        count = (last - first).days // 7
        for at in range(1, min(count, MOST_WEEKS) + 1):
            spent[first + timedelta(weeks=at)] = (has - had) / count
    return spent


def _strays(
    weeks: Mapping[date, float], smallest: float, *, least_usual: bool = False
) -> tuple[float, date | None]:
    """Return the greatest robust z of a week in the second half, and that week's Monday.

    least_usual: a first half of nothing is no measure.
    """
    first, last = min(weeks), max(weeks)
    count = (last - first).days // 7 + 1
    if count < FEWEST_WEEKS:
        return 0.0, None
    series = [weeks.get(first + timedelta(weeks=at), 0.0) for at in range(min(count, MOST_WEEKS))]
    half = len(series) // 2
    if least_usual and not any(series[:half]):
        return 0.0, first + timedelta(weeks=len(series) - 1)
    scores = [robust_z(value, series[:half], smallest) for value in series]
    top = max(range(half, len(series)), key=lambda at: (scores[at], at))
    return scores[top], first + timedelta(weeks=top)
