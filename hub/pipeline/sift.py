"""Sifts what was observed: of most subjects the rules tell nothing, and nobody need look closer.

A subject is passed over where every rule about it is false by facts of its own, or may not be asked
at present, and no alert of it stands or stood: whatever came of looking closer, nothing would be
written.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from hub.alerts.facts import Knowledge, Told
from hub.alerts.moment import Moment
from hub.alerts.prefilter import Test
from hub.alerts.rules import CompiledRule
from hub.model.fact import Subject
from hub.pipeline.scene import Scene, scene_of
from hub.store import facts


@dataclass(slots=True)
class Sifted:
    """What is left of a batch. scene: what is left, with all that lies beside it.

    passed: kind -> how many subjects were passed over.
    """

    scene: Scene
    left: set[Subject]
    passed: Counter[str] = field(default_factory=Counter)


class Sieve:
    """Says of each subject whether a rule may tell something of it. idle: rules not asked now."""

    def __init__(
        self, rules: Sequence[CompiledRule], idle: Collection[str], known: Knowledge, at: Moment
    ) -> None:
        self._known, self._at = known, at
        tests: dict[str, list[Test | None]] = {}
        for rule in rules:
            if rule.id not in idle:
                tests.setdefault(rule.rule.subject, []).append(rule.prefilter)
        self._tests: Mapping[str, list[Test] | None] = {
            kind: None if None in some else [one for one in some if one]
            for kind, some in tests.items()
        }

    def sift(self, rows: Sequence[facts.Held]) -> Sifted:
        """Return what is left of a batch that holds customers whole."""
        left: set[Subject] = set()
        customers: set[str] = set()
        passed: Counter[str] = Counter()
        for kind, name, customer, _, found, _, _, alerted in rows:
            if not alerted and self._is_false(kind, name, found):
                passed[kind] += 1
                continue
            left.add(Subject(kind, name))
            if customer is not None:
                customers.add(customer)
        stored = [
            facts.stored(row[:7]) for row in rows if row[2] in customers or (row[0], row[1]) in left
        ]
        return Sifted(scene_of(self._known, self._at, stored), left, passed)

    def _is_false(self, kind: str, name: str, found: str) -> bool:
        tests = self._tests.get(kind, ())
        if not tests:
            return tests is not None
        told = Told(kind, name, facts.decoded(found), self._known, self._at)
        return all(test(told) is False for test in tests)
