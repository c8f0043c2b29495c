"""Tries a rule without telling anybody: on what is known now, or on what was known before."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from hub.alerts.business_time import BusinessTime
from hub.alerts.cel import Outcome
from hub.alerts.facts import Knowledge
from hub.alerts.lifecycle import next_state
from hub.alerts.model import LISTS, SUBJECTS
from hub.alerts.moment import moment
from hub.alerts.rules import CompiledRule
from hub.clock import instant_text
from hub.model.alert import AlertState, Condition, Severity, Verdict
from hub.model.fact import Subject
from hub.pipeline.scene import Scene, fields_read, scene_of
from hub.pipeline.sweep import batches
from hub.pipeline.watch import Watch, known_now, stale_rules
from hub.store import fact_times, fact_versions, facts
from hub.store.database import Database

CUSTOMERS = 1_000


@dataclass(frozen=True, slots=True)
class Found:
    """One subject a rule is true for, with what the rule read. name: its customer's."""

    subject: Subject
    severity: Severity
    name: str | None
    read: dict[str, Any]


@dataclass(slots=True)
class Trial:
    """What a rule says of everything now. stale: why it would not be asked, "" where it would."""

    verdicts: Counter[str] = field(default_factory=Counter)
    found: list[Found] = field(default_factory=list)
    missing: Counter[str] = field(default_factory=Counter)
    error: str = ""
    stale: str = ""


def try_rule(db: Database, watch: Watch, rule: CompiledRule, now: datetime) -> Trial:
    """Run a rule on everything that is known, and write nothing."""
    trial = Trial()
    reads = fields_read(rule)
    with db.reading() as tx:
        known, at = known_now(tx, watch, now)
        trial.stale = stale_rules(tx, watch, now).get(rule.id, ("", ""))[1]
    for batch in _batches(db, rule):
        scene = scene_of(known, at, batch)
        for subject in scene.stored:
            if subject.kind != rule.rule.subject:
                continue
            seen = scene.seen_by(subject, reads)
            outcome, severity = rule.run(seen)
            trial.verdicts[outcome.verdict.value] += 1
            if outcome.verdict is Verdict.TRUE:
                trial.found.append(Found(subject, severity, _name(scene, subject), seen))
            elif outcome.verdict is Verdict.UNKNOWN:
                trial.missing[outcome.detail] += 1
            elif outcome.verdict is Verdict.ERROR:
                trial.error = outcome.detail
    return trial


def _batches(db: Database, rule: CompiledRule) -> Iterator[list[facts.Stored]]:
    if rule.rule.subject == "source":
        with db.reading() as tx:
            yield list(facts.of_subjects(tx, facts.subjects(tx, ("source",))).values())
        return
    for rows in batches(db):
        yield [facts.stored(row[:7]) for row in rows]


def _name(scene: Scene, subject: Subject) -> str | None:
    customer = scene.customer_of(subject)
    values = scene.values(Subject("customer", customer)) if customer else None
    return str(values["name"]) if values and "name" in values else None


@dataclass(slots=True)
class Backtest:
    """What a rule would have said. opened: (day, subject, severity); since: the first day told."""

    days: int
    since: str | None = None
    opened: list[tuple[str, Subject, Severity]] = field(default_factory=list)
    resolved: Counter[str] = field(default_factory=Counter)
    firing: int = 0
    unknown: int = 0


def backtest(db: Database, watch: Watch, rule: CompiledRule, now: datetime, days: int) -> Backtest:
    """Run a rule over the history of facts, once a day, with its `for` and `keep`.

    Sources count as fresh: what is asked is whether the rule is right, not whether they were.
    """
    instants = [now - timedelta(days=back) for back in range(days, -1, -1)]
    done = Backtest(days)
    kinds = {rule.rule.subject, "customer"} | {
        LISTS.get(variable, variable) for variable in fields_read(rule)
    }
    with db.reading() as tx:
        known = [Knowledge(fact_times.sources_at(tx, instant_text(at))) for at in instants]
    for versions in _histories(db, kinds & SUBJECTS.keys(), instant_text(instants[0])):
        _replay(watch, rule, list(zip(instants, known, strict=True)), versions, done)
    done.opened.sort()
    return done


_Versions = Sequence[tuple[facts.Stored, str | None]]


def _histories(db: Database, kinds: set[str], since: str) -> Iterator[_Versions]:
    after = ""
    while True:
        with db.reading() as tx:
            ids = facts.customers_after(tx, after, CUSTOMERS)
            if not ids:
                yield fact_versions.versions(tx, None, kinds, since)
                return
            yield fact_versions.versions(tx, ids, kinds, since)
        after = ids[-1]


def _replay(
    watch: Watch,
    rule: CompiledRule,
    moments: Sequence[tuple[datetime, Knowledge]],
    versions: _Versions,
    done: Backtest,
) -> None:
    clock = BusinessTime(watch.company)
    reads = fields_read(rule)
    states: dict[Subject, AlertState] = {}
    for now, known in moments:
        at = instant_text(now)
        standing = [
            one for one, end in versions if one.valid_from <= at and not (end and end <= at)
        ]
        if not standing:
            continue
        done.since = min(done.since or at, at)
        scene = scene_of(known, moment(now, clock), standing)
        subjects = [one for one in scene.stored if one.kind == rule.rule.subject]
        for subject in {*subjects, *states}:
            outcome, severity = Outcome(Verdict.GONE), rule.rule.severity
            if subject in scene.stored:
                outcome, severity = rule.run(scene.seen_by(subject, reads))
            done.unknown += outcome.verdict is Verdict.UNKNOWN
            before = states.get(subject)
            after = next_state(before, outcome.verdict, severity, now=now, timing=rule.timing)
            if after is None:
                continue
            states[subject] = after
            was = before.condition if before else None
            if after.condition is Condition.FIRING and was in _QUIET:
                done.opened.append((at[:10], subject, after.severity))
            elif after.condition is Condition.RESOLVED and was is not Condition.RESOLVED:
                done.resolved[at[:10]] += 1
    done.firing += sum(one.condition in _LOUD for one in states.values())


_QUIET = (None, Condition.INACTIVE, Condition.PENDING, Condition.RESOLVED)
_LOUD = (Condition.FIRING, Condition.RECOVERING)
