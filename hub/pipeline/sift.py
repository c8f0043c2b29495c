"""Sifts what was observed: of most subjects the rules tell nothing, and nobody need look closer.

A subject is passed over where each rule about it is false by facts of its own, or may not be asked
at present, and no alert of it stands or stood: whatever came of looking closer, nothing would be
written. It is at rest where each of its rules stays false until the day is over, unless one of its
records changes; who is not, goes on a list, and a sweep of the same day looks at nobody else.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

import msgspec

from hub.alerts.facts import Knowledge, Told
from hub.alerts.moment import Moment
from hub.alerts.prefilter import Test
from hub.alerts.rules import CompiledRule
from hub.model.fact import Subject
from hub.pipeline import rule_health
from hub.pipeline.scene import Scene, scene_of
from hub.store import facts
from hub.store.facts import Observed
from hub.version import VERSION


@dataclass(slots=True)
class Sifted:
    """What is left of a batch. scene: what is left, with all that lies beside it.

    passed: kind -> how many subjects were passed over. restless: who is not at rest, and whose.
    """

    scene: Scene
    left: set[Subject]
    passed: Counter[str] = field(default_factory=Counter)
    restless: list[tuple[Subject, str | None]] = field(default_factory=list)


class Sieve:
    """Says of each subject whether a rule may tell something of it. idle: rules not asked now."""

    def __init__(
        self, rules: Sequence[CompiledRule], idle: Collection[str], known: Knowledge, at: Moment
    ) -> None:
        self._known, self._at = known, at
        self._asked = _tests(rule for rule in rules if rule.id not in idle)
        self._idle = _tests(rule for rule in rules if rule.id in idle)

    def sift(self, rows: Sequence[facts.Held]) -> Sifted:
        """Return what is left of a batch that holds customers whole."""
        left: set[Subject] = set()
        customers: set[str] = set()
        passed: Counter[str] = Counter()
        restless: list[tuple[Subject, str | None]] = []
        for kind, name, customer, _, found, _, _, alerted in rows:
            is_false, at_rest = (False, False) if alerted else self._look(kind, name, found)
            if not at_rest:
                restless.append((Subject(kind, name), customer))
            if is_false:
                passed[kind] += 1
                continue
            left.add(Subject(kind, name))
            if customer is not None:
                customers.add(customer)
        stored = [
            facts.stored(row[:7]) for row in rows if row[2] in customers or (row[0], row[1]) in left
        ]
        return Sifted(scene_of(self._known, self._at, stored), left, passed, restless)

    def restless(self, seen: Mapping[Subject, Observed]) -> list[tuple[Subject, str | None]]:
        """Return who of those just observed is not at rest, and whose."""
        return [
            (subject, one.customer)
            for subject, one in seen.items()
            if not self._look(subject.kind, subject.id, one.found)[1]
        ]

    def _look(self, kind: str, name: str, found: str | dict[str, Any]) -> tuple[bool, bool]:
        """Return whether all rules that are asked are false, and whether all stay so today."""
        asked, idle = self._asked.get(kind, ()), self._idle.get(kind, ())
        if not asked and not idle:
            return asked is not None, asked is not None and idle is not None
        observed = facts.decoded(found) if isinstance(found, str) else found
        told = Told(kind, name, observed, self._known, self._at)
        if asked is None:
            return False, False
        for test in asked:
            if test(told) is not False:
                return False, False
        if idle is None:
            return True, False
        for test in idle:
            if test(told) is not False:
                return True, False
        return True, not told.moves


def sieve_name(rules: Sequence[CompiledRule], known: Knowledge, at: Moment) -> str:
    """Name all that decides who is at rest, beside what is observed."""
    said = (
        VERSION,
        at.today.isoformat(),
        sorted(known.sources.items()),
        [(rule.id, rule_health.version(rule)) for rule in rules],
    )
    return blake2b(msgspec.json.encode(said), digest_size=16).hexdigest()


def _tests(rules: Iterable[CompiledRule]) -> Mapping[str, Sequence[Test] | None]:
    """Return kind -> the tests of its rules; None where one of them has none."""
    found: dict[str, list[Test | None]] = {}
    for rule in rules:
        found.setdefault(rule.rule.subject, []).append(rule.prefilter)
    return {
        kind: None if None in some else [one for one in some if one] for kind, some in found.items()
    }
