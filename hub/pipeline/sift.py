"""Sifts what was observed: of most subjects the rules tell nothing, and nobody need look closer.

A subject is passed over where each rule about it is false by facts of its own, or may not be asked
at present, and no alert of it stands: whatever came of looking closer, nothing would be written. It
is at rest until the first day on which a rule may not be false any more though none of its records
changes; that day goes on a list, and a sweep looks at nobody whose day has not come.
"""

from collections import Counter
from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from hashlib import blake2b
from math import inf

import msgspec

from hub.alerts.alone import Look, look_of
from hub.alerts.facts import Knowledge
from hub.alerts.moment import Moment
from hub.alerts.observation import Found
from hub.alerts.prefilter import Test
from hub.alerts.rules import CompiledRule
from hub.model.fact import Subject
from hub.pipeline import rule_health
from hub.pipeline.scene import Scene, scene_of
from hub.store import facts
from hub.store.facts import Observed, decoded
from hub.store.restless import Wakes
from hub.store.settling import Around
from hub.version import VERSION

MOST_DAYS = 3_650
"""Days that anybody is at rest before being looked at again."""


@dataclass(slots=True)
class Sifted:
    """What is left of a batch. scene: what is left, with all that lies beside it.

    passed: kind -> how many subjects were passed over. wakes: until when the rest are at rest; who
    is for ever is left out.
    """

    scene: Scene
    left: set[Subject]
    passed: Counter[str] = field(default_factory=Counter)
    wakes: Wakes = field(default_factory=list)


class Sieve:
    """Says of each subject whether a rule may tell something of it. idle: rules not asked now."""

    def __init__(
        self, rules: Sequence[CompiledRule], idle: Collection[str], known: Knowledge, at: Moment
    ) -> None:
        self._known, self._at = known, at
        self._asked = looks_of(known, (rule for rule in rules if rule.id not in idle))
        self._all = looks_of(known, rules)

    def sift(self, rows: Sequence[facts.Held]) -> Sifted:
        """Return what is left of a batch that holds customers whole."""
        read = self._all.keys()
        sifting = self._sift(
            (Subject(kind, name), customer, decoded(text) if kind in read else {}, alerted)
            for kind, name, customer, _, text, _, _, alerted in rows
        )
        customers, left = sifting.customers, sifting.left
        stored = [
            facts.stored(row[:7]) for row in rows if row[2] in customers or (row[0], row[1]) in left
        ]
        return self._sifted(sifting, stored)

    def sift_changed(
        self, chosen: Iterable[Subject], around: Around, alerted: Container[Subject]
    ) -> Sifted:
        """Return what is left of those that changed, or may tell something else for one that did.

        alerted: of whom any alert stands or stood; they are left, and so is who is gone.
        """
        sifting = self._sift(
            (subject, customer, found or {}, found is None or subject in alerted)
            for subject, customer, found in around.each(chosen)
        )
        return self._sifted(sifting, around.standing(sifting.customers, sifting.left))

    def wakes(self, seen: Mapping[Subject, Observed]) -> Wakes:
        """Return until when those just observed are at rest; who is for ever is left out."""
        known, at, looks = self._known, self._at, self._all
        return [
            (subject, one.customer, wakes_on(at, days))
            for subject, one in seen.items()
            if (look := looks.get(subject[0])) is not None
            and (days := look(one.found, subject[1], known, at)) != inf
        ]

    def _sift(self, batch: Iterable[tuple[Subject, str | None, Found, object]]) -> "_Sifting":
        """Let a batch through: of each its customer, its observation, and whether it is left
        whatever that says."""
        sifting = _Sifting()
        passed, every, asked = sifting.passed, self._all, self._asked
        for subject, customer, found, is_left in batch:
            kind, name = subject
            if not is_left:
                look = every.get(kind)
                if look is None:
                    passed[kind] += 1
                    continue
                days = look(found, name, self._known, self._at)
                if days != inf:
                    sifting.wakes.append((subject, customer, wakes_on(self._at, days)))
                if days or self._is_idle(look, asked.get(kind), found, name):
                    passed[kind] += 1
                    continue
            sifting.left.add(subject)
            if customer is not None:
                sifting.customers.add(customer)
        return sifting

    def _is_idle(self, every: Look, asked: Look | None, found: Found, name: str) -> bool:
        """Say whether only rules that are not asked now may not be false."""
        if asked is every:
            return False
        return asked is None or asked(found, name, self._known, self._at) > 0

    def _sifted(self, sifting: "_Sifting", stored: Iterable[facts.Stored]) -> Sifted:
        scene = scene_of(self._known, self._at, stored)
        return Sifted(scene, sifting.left, sifting.passed, sifting.wakes)


@dataclass(slots=True)
class _Sifting:
    """What became of a batch. customers: of whom anything is left."""

    left: set[Subject] = field(default_factory=set)
    customers: set[str] = field(default_factory=set)
    passed: Counter[str] = field(default_factory=Counter)
    wakes: Wakes = field(default_factory=list)


def wakes_on(at: Moment, days: float) -> str:
    """Return the first day on which what is false for so many days may be true; "" for now."""
    return _later(at.today, int(min(days, MOST_DAYS))) if days >= 1 else ""


@lru_cache(maxsize=4_096)
def _later(today: date, days: int) -> str:
    return (today + timedelta(days=days)).isoformat()


def sieve_name(rules: Sequence[CompiledRule], known: Knowledge, at: Moment) -> str:
    """Name all that decides who is at rest until when, beside what is observed."""
    said = (
        VERSION,
        at.clock.name,
        sorted(known.sources.items()),
        [(rule.id, rule_health.version(rule)) for rule in rules],
    )
    return blake2b(msgspec.json.encode(said), digest_size=16).hexdigest()


def looks_of(known: Knowledge, rules: Iterable[CompiledRule]) -> Mapping[str, Look]:
    """Return kind -> what looks whether all rules about it are false."""
    tests: dict[str, list[Test | None]] = {}
    for rule in rules:
        tests.setdefault(rule.rule.subject, []).append(rule.prefilter)
    return {kind: look_of(kind, some, known) for kind, some in tests.items()}
