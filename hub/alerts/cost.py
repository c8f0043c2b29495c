"""What a condition may cost at most, told from its syntax tree before it ever runs.

CEL stops after 10,000 iterations, but counts neither what one of them searches nor how long it
takes: sixty regular expressions in a loop within a loop run for minutes.
"""

from collections.abc import Mapping

from hub.alerts.model import MOST_ELEMENTS
from hub.alerts.syntax import Called, calls

MOST_ITERATIONS = 10_000
"""CEL's own limit for one evaluation."""
SEARCHES: Mapping[str, int] = {
    "matches": 20,
    "contains": 1,
    "startsWith": 1,
    "endsWith": 1,
    "size": 1,
}
"""What looks through a text -> its cost on 2,000 characters, in units of 10 microseconds.

A hard pattern took 20 of them; the others are cheaper than they are counted.
"""
COMPARED = ("_==_", "_!=_")
MOST_COST = 20_000
"""About a fifth of a second."""


def objection(tree: bytes) -> str | None:
    """Return why a checked condition may take too long, None where it may not."""
    cost = 0
    for call in calls(tree):
        if not _is_quick(call):
            return "compares whole lists or records, which has no bound in time: compare their ids"
        if call.function not in SEARCHES:
            continue
        if call.function == "matches" and not call.constant:
            return "matches a pattern that is no text in quotes, so that nobody knows its cost"
        times: int = min(MOST_ELEMENTS**call.loops, MOST_ITERATIONS)
        cost += SEARCHES[call.function] * times
    if cost > MOST_COST:
        return "looks through too many texts in loops: match in one loop, not within another"
    return None


def _is_quick(call: Called) -> bool:
    """Return whether a comparison ends at once: one side is a plain value.

    Two lists of 200 tickets took half a millisecond, eighty such in two loops six minutes.
    """
    if call.function in COMPARED:
        return any(call.plain)
    return call.function != "@in" or call.plain[0]
