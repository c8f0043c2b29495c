"""Says which rules tell the same all day of whom no record changes."""

from collections.abc import Sequence

from hub.alerts.evidence import lacks_links, needed
from hub.alerts.model import LISTS
from hub.alerts.pace import Pace, pace
from hub.alerts.rules import CompiledRule
from hub.alerts.ways import WAYS
from hub.model.alert import Verdict


def moving(rule: CompiledRule) -> Sequence[tuple[str, str]]:
    """Return (variable, part of its observation) of all that may move within the day for a rule;
    what an observation has not does not."""
    reads = rule.condition.reads | (rule.escalation.reads if rule.escalation else frozenset())
    found = []
    for read in sorted(reads):
        variable, _, name = read.partition(".")
        kind = LISTS.get(variable, variable)
        if kind in WAYS and name and pace(kind, name) is Pace.MOVES:
            found.append((variable, WAYS[kind][name].of))
    return found


def may_last(rule: CompiledRule, verdict: Verdict) -> bool:
    """Say whether a verdict and its evidence stand while no fact moves.

    Evidence does not that names tickets, with their age, nor what may belong to a record: that is
    found elsewhere.
    """
    if verdict is Verdict.TRUE:
        return "tickets" not in needed(rule) and not lacks_links(rule)
    return verdict is Verdict.FALSE
