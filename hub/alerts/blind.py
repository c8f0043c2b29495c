"""Says which facts a rule reads that no connection here gives, and whether it can fire without."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from hub.alerts.grounds import Clause
from hub.alerts.model import LISTS
from hub.alerts.rules import CompiledRule
from hub.alerts.ways import WAYS
from hub.model.alert import Verdict

_RECORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "customer": ("organization",),
    "contact": ("person",),
    "deviation": ("invoice",),
    "conflict": ("organization",),
    "vorgang": (),
    "source": (),
}
"""The records that subjects are made of which are none themselves."""
_NESTED = ("?", "&&", "||")
"""What a part that was not taken apart may still be true by, though some of it is not known."""


@dataclass(frozen=True, slots=True)
class Blind:
    """What a rule misses. kinds: kind of record -> the facts of it that are never known; fires:
    whether the rule may be true all the same."""

    kinds: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    fires: bool = True


def blind(rule: CompiledRule, given: Collection[str]) -> Blind:
    """Return what a rule misses where only these kinds of records are given."""
    kinds: dict[str, set[str]] = {}
    reads = rule.condition.reads | (rule.escalation.reads if rule.escalation else frozenset())
    for read in sorted(reads):
        for kind in _needs(read):
            if kind not in given:
                kinds.setdefault(kind, set()).add(read)
    if not kinds:
        return Blind()
    lacking = frozenset(read for reads in kinds.values() for read in reads)
    about = all(kind in given for kind in _records(rule.rule.subject))
    fires = about and _may_hold(rule.parts.clause, lacking, given, rule.params)
    return Blind({kind: tuple(sorted(reads)) for kind, reads in sorted(kinds.items())}, fires)


def _needs(read: str) -> Iterator[str]:
    variable, _, fact = read.partition(".")
    if variable == "params":
        return
    subject = LISTS.get(variable, variable)
    way = WAYS[subject].get(fact)
    yield from _records(subject)
    yield from way.kinds if way else ()


def _records(subject: str) -> tuple[str, ...]:
    return _RECORDS.get(subject, (subject,))


def _may_hold(
    clause: Clause, lacking: Collection[str], given: Collection[str], params: Mapping[str, Any]
) -> bool:
    """Say whether a condition can be true while some facts are never known; if in doubt, yes."""
    if clause.joined:
        held = (_may_hold(one, lacking, given, params) for one in clause.parts)
        return all(held) if clause.joined == "&&" else any(held)
    reads = clause.condition.reads & frozenset(lacking)
    if not reads:
        return True
    names = {read.partition(".")[0] for read in clause.condition.reads} - {"params"}
    known = {name for name in names if _is_given(name, given)}
    if not (known & LISTS.keys()) and not any(one in clause.condition.text for one in _NESTED):
        nothing: dict[str, Any] = {name: {} for name in known}
        verdict = clause.condition.run({**nothing, "params": params}).verdict
        return verdict not in (Verdict.UNKNOWN, Verdict.FALSE)
    return all(name in known for name in names & LISTS.keys())


def _is_given(variable: str, given: Collection[str]) -> bool:
    return all(kind in given for kind in _records(LISTS.get(variable, variable)))
