"""How a project strays from others of its kind and size: in hours, cost and scope.

A project alike is one that is billed alike and planned as large; with too few of them nothing is
told. Only what is more than usual counts: more work in a week, more cost than progress, more
changes asked for. Who spends less than progress would allow, saves, and moves nobody's mark.
"""

from collections.abc import Iterable, Mapping
from statistics import median
from typing import Any

from hub.alerts.observation import Found, known, spread, z_of
from hub.model.norm import Norm, Norms

FEWEST = 8
"""Projects alike that a usual measure can be told of."""
NOTEWORTHY = 2.0
"""The robust z from which a project strays at all; rules ask for more."""
HOURS = (80, 320, 1_280)
MONEY = (1_000_000, 5_000_000, 25_000_000)
"""Where sizes end, in planned hours, else in the budget's minor units."""
SMALLEST: Mapping[str, float] = {"hours": 4.0, "cost": 5.0, "scope": 1.0}
"""What the MAD of a measure counts as at least: hours a week, points of per cent, requests."""
WORDS: Mapping[str, Mapping[str, str]] = {
    "hours": {"de": "Stunden einer Woche", "en": "hours of a week"},
    "cost": {"de": "Kosten gegen Fortschritt", "en": "cost against progress"},
    "scope": {"de": "offene Änderungswünsche", "en": "open change requests"},
}
AGAINST: Mapping[str, str] = {
    "de": "gegen {} ebenso abgerechnete und geplante Projekte",
    "en": "against {} projects billed and planned alike",
}
RUNNING = ("active", "completed")


def group_of(found: Found) -> str | None:
    """Return the group of projects alike, such as `fixed hours 320`; None where its size, or how
    it is billed, is not known."""
    billing = found.get("billing")
    for name, unit, ends in (("hours_planned", "hours", HOURS), ("budget", "budget", MONEY)):
        size = found.get(name)
        if billing and size and size > 0:
            band = next((str(end) for end in ends if size <= end), "more")
            return f"{billing} {unit} {band}"
    return None


def measures(found: Found) -> dict[str, float]:
    """Return what is measured of a project; {} of one that does not run and never ran."""
    if found.get("status") not in RUNNING:
        return {}
    burnt, progress = found.get("burn_pct"), found.get("progress_pct")
    over = None if burnt is None or progress is None else max(0.0, float(burnt - progress))
    told: Mapping[str, Any] = {
        "hours": found.get("week_hours"),
        "cost": over,
        "scope": found.get("requests"),
    }
    return {name: float(value) for name, value in known(told).items()}


def norms_of(projects: Iterable[Found]) -> dict[tuple[str, str], Norm]:
    """Return what is usual in each group that is large enough."""
    values: dict[tuple[str, str], list[float]] = {}
    for found in projects:
        group = group_of(found)
        if group is not None:
            for name, value in measures(found).items():
                values.setdefault((group, name), []).append(value)
    return {
        key: Norm(len(some), median(some), spread(some))
        for key, some in values.items()
        if len(some) > FEWEST
    }


def strays(found: Found, norms: Norms) -> Found:
    """Return how far a project strays from its peers, and in what; {} where it does not.

    peer_score: robust z, to a tenth, so that it does not change with every hour booked elsewhere.
    """
    group = group_of(found)
    scores = [
        (round(z_of(value, norm.middle, norm.spread, SMALLEST[name]), 1), name, norm.members)
        for name, value in sorted(measures(found).items())
        if group is not None and (norm := norms.get((group, name))) is not None
    ]
    score, name, projects = max(scores, default=(0.0, "", 0))
    if score < NOTEWORTHY:
        return {}
    words = {
        language: f"{WORDS[name][language]}, {against.format(projects - 1)}"
        for language, against in AGAINST.items()
    }
    return {"peer_score": score, "peer_words": words}


def beside_peers(found: Found, norms: Norms, before: Found, today: str) -> Found:
    """Return what peers add to the anomaly of a project; it strays from them since the day it was
    first seen to."""
    told = strays(found, norms)
    if not told:
        return {}
    told["peers_on"] = before.get("peers_on") or today
    if told["peer_score"] > found.get("anomaly_score", 0.0):
        told |= {"anomaly_score": told["peer_score"], "anomaly_on": told["peers_on"]}
        told["anomaly"] = told["peer_words"]
    return told
