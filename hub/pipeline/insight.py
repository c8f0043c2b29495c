"""Answers what is known of subjects: now, or as of a moment that has passed."""

from collections.abc import Collection, Sequence
from datetime import datetime

from hub.alerts.business_time import BusinessTime
from hub.alerts.facts import Facts, Knowledge, derive, knowledge
from hub.alerts.moment import moment
from hub.clock import instant_text
from hub.model.fact import Subject
from hub.model.setting import Company, ConnectionInfo
from hub.pipeline.scene import facts_of, successes
from hub.store import fact_times, facts
from hub.store.database import Tx
from hub.store.facts import Stored


class Insight:
    """Facts with their types, dates and sources. Pure but for what it reads."""

    def __init__(self, company: Company, connections: Sequence[ConnectionInfo]) -> None:
        self._clock = BusinessTime(company)
        self._connections = connections

    def of(self, tx: Tx, subjects: Collection[Subject], now: datetime) -> dict[Subject, Facts]:
        """Return the facts of those of `subjects` that are known."""
        known = knowledge(self._connections, successes(tx))
        stored = facts.of_subjects(tx, subjects).values()
        return {one.subject: self.told(one, known, now) for one in stored}

    def told(self, one: Stored, known: Knowledge, at: datetime) -> Facts:
        """Return the facts of one subject as they were at a moment."""
        found = derive(one.subject.kind, one.subject.id, one.found, known, moment(at, self._clock))
        return facts_of(one, found, known)

    def known(self, tx: Tx, at: datetime | None) -> Knowledge:
        """Return what could be known at a moment; None: now."""
        if at is None:
            return knowledge(self._connections, successes(tx))
        return Knowledge(fact_times.sources_at(tx, instant_text(at)))
