"""Asks the rules about subjects of a scene, and moves their alerts on by what they say."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import inf

from hub.alerts.cel import Outcome
from hub.alerts.facts import Facts, Told
from hub.alerts.lasting import may_last, moving
from hub.alerts.lifecycle import turns_by
from hub.alerts.rules import CompiledRule
from hub.model.alert import Alert, Severity, Verdict, fingerprint
from hub.model.fact import Subject
from hub.pipeline import rule_health
from hub.pipeline.because import Because
from hub.pipeline.identity import follow
from hub.pipeline.scene import Scene, fields_read
from hub.pipeline.sift import wakes_on
from hub.pipeline.transitions import Turn, move_on
from hub.pipeline.watch import Watch, stale_rules
from hub.store import alerts
from hub.store.database import Tx
from hub.store.restless import Wakes

DAY = timedelta(days=1)
FALSE = Outcome(Verdict.FALSE)


@dataclass(slots=True)
class Evaluated:
    """What one evaluation did. verdicts: (rule, verdict) -> subjects; errors: one for each rule."""

    subjects: int = 0
    changed: int = 0
    verdicts: Counter[tuple[str, str]] = field(default_factory=Counter)
    errors: dict[str, str] = field(default_factory=dict)


def judge(
    tx: Tx,
    watch: Watch,
    now: datetime,
    scene: Scene,
    chosen: Collection[Subject],
    done: Evaluated,
    *,
    passed: Collection[Subject] = (),
    latest: dict[str, Alert] | None = None,
) -> Wakes:
    """Run the rules on subjects, and move their alerts on; return until when they are at rest.

    passed: others, of whom every rule is false. latest: the alerts of both, where they were read.
    """
    done.subjects += len(chosen) + len(passed)
    if latest is None:
        latest = alerts.latest(tx, chosen, to_change=True)
    stale = stale_rules(tx, watch, now)
    out = rule_health.quarantined(tx, watch.rules)
    had = {(one.rule, one.subject) for one in latest.values()}
    round_ = _Round(scene, had, stale, Counter(one.kind for one in passed))
    by_kind: dict[str, list[tuple[Subject, Told | None]]] = {}
    for subject in chosen:
        by_kind.setdefault(subject.kind, []).append((subject, scene.told(subject)))
    for rule in watch.rules:
        counts = round_.ask(rule, _why_not(rule, stale, out), by_kind.get(rule.rule.subject, ()))
        for verdict, count in counts.items():
            done.verdicts[rule.id, verdict.value] += count
        if counts[Verdict.TRUE] or counts[Verdict.FALSE]:
            round_.ran.add(rule.id)
    done.errors = {**round_.failed, **done.errors}
    rule_health.note(tx, watch.rules, round_.failed, round_.ran, now)
    latest = _settle(tx, watch, now, {*chosen, *passed}, round_, latest, done)
    days = {**round_.days, **_waits(now, round_, latest)}
    return [
        (one, scene.customer_of(one), wakes_on(scene.at, left))
        for one, left in days.items()
        if left != inf
    ]


def _waits(now: datetime, round_: "_Round", latest: Mapping[str, Alert]) -> dict[Subject, float]:
    """Return for how many days nothing moves on of subjects with alerts that are not over, or were
    closed by hand: one at most, so that each is looked at each day."""
    waits: dict[Subject, float] = {}
    turned = set()
    for turn in round_.turns:
        turned.add(fingerprint(turn.rule.id, turn.subject))
        if turn.after is not None and _may_move(turn.after):
            moves = turns_by(turn.after.state, turn.rule.timing, now + DAY)
            days = 0.0 if moves else min(1.0, round_.days.get(turn.subject, 0.0))
            waits[turn.subject] = min(days, waits.get(turn.subject, 1.0))
    of_others = (one for print_, one in latest.items() if print_ not in turned)
    waits.update((one.subject, 0.0) for one in of_others if _may_move(one))
    return {subject: days for subject, days in waits.items() if subject in round_.days}


def _may_move(one: Alert) -> bool:
    return one.state.condition in alerts.LIVE or one.state.rearm_at is not None


@dataclass(slots=True)
class _Round:
    """One round of the rules over some subjects.

    had: (rule, subject) wherever an alert stands or stood. passed: kind -> of how many all rules
    are false without being asked; days: for how many days all rules tell the same of each of the
    others, whatever lies beside it, or for a day while that does not move either; turns: alerts
    that move on, or open.
    """

    scene: Scene
    had: set[tuple[str, Subject]]
    stale: Mapping[str, tuple[str, str]]
    passed: Mapping[str, int]
    days: dict[Subject, float] = field(default_factory=dict)
    turns: list[Turn] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    ran: set[str] = field(default_factory=set)

    def ask(
        self,
        rule: CompiledRule,
        why_not: Outcome | None,
        subjects: Sequence[tuple[Subject, Told | None]],
    ) -> Counter[Verdict]:
        """Ask one rule, unless it is not to be asked; return how many verdicts it gave of each."""
        reads, test, counts = fields_read(rule), rule.prefilter, Counter[Verdict]()
        moves = moving(rule)
        if passed := self.passed.get(rule.rule.subject):
            counts[Verdict.FALSE if why_not is None else why_not.verdict] += passed
            if counts[Verdict.ERROR] and why_not is not None:
                self.failed.setdefault(rule.id, why_not.detail)
        for subject, told in subjects:
            days = test(told) if told is not None and test is not None else 0.0
            has = (rule.id, subject) in self.had
            is_false = days > 0 and why_not is None
            if is_false and not has:
                self._note(subject, told, days)
                counts[Verdict.FALSE] += 1
                continue
            outcome, severity = FALSE, rule.rule.severity
            if not is_false:
                outcome, severity = _run(rule, subject, self.scene, reads, why_not)
            if why_not is None and may_last(rule, outcome.verdict):
                days = max(days, 0.0 if self.scene.has_any(subject, moves) else 1.0)
            self._note(subject, told, days)
            counts[outcome.verdict] += 1
            if outcome.slow:  # the rest of the batch is not made to wait for it
                why_not = outcome
            if outcome.verdict is Verdict.ERROR:
                self.failed.setdefault(rule.id, outcome.detail)
            if rule.rule.mode != "shadow" and (has or outcome.verdict is Verdict.TRUE):
                doubted = self.stale[rule.id][0] if rule.id in self.stale else None
                turn = _turn(rule, subject, self.scene, reads, outcome, severity, doubted)
                self.turns.append(turn)
        return counts

    def _note(self, subject: Subject, told: Told | None, days: float) -> None:
        if told is not None:
            self.days[subject] = min(days, self.days.get(subject, inf))


def _settle(
    tx: Tx,
    watch: Watch,
    now: datetime,
    subjects: Collection[Subject],
    round_: _Round,
    latest: dict[str, Alert],
    done: Evaluated,
) -> dict[str, Alert]:
    """Move alerts on; return those that stand or stood before."""
    true = {
        (one.rule.id, one.subject) for one in round_.turns if one.outcome.verdict is Verdict.TRUE
    }
    latest = follow(tx, subjects, latest, true, now)
    for turn in round_.turns:
        turn.before = latest.get(fingerprint(turn.rule.id, turn.subject))
    done.changed += move_on(tx, watch.company, now, round_.turns, round_.scene)
    return latest


def _why_not(
    rule: CompiledRule, stale: Mapping[str, tuple[str, str]], out: Mapping[str, str]
) -> Outcome | None:
    """Return why a rule is not run at all: it is out of use, or its sources too old to be asked."""
    if rule.id in out:
        return Outcome(Verdict.ERROR, out[rule.id])
    if rule.id in stale:
        return Outcome(Verdict.UNKNOWN, stale[rule.id][1])
    return None


def _run(
    rule: CompiledRule,
    subject: Subject,
    scene: Scene,
    reads: Mapping[str, Sequence[str]],
    why_not: Outcome | None,
) -> tuple[Outcome, Severity]:
    if subject not in scene.stored:
        return Outcome(Verdict.GONE, "there is no such subject any more"), rule.rule.severity
    if why_not is not None:
        return why_not, rule.rule.severity
    outcome, severity = rule.run(scene.seen_by(subject, reads))
    if outcome.verdict is Verdict.UNKNOWN:
        outcome = Outcome(Verdict.UNKNOWN, f"the fact {outcome.detail} is not known")
    return outcome, severity


def _turn(
    rule: CompiledRule,
    subject: Subject,
    scene: Scene,
    reads: Mapping[str, Sequence[str]],
    outcome: Outcome,
    severity: Severity,
    doubted: str | None,
) -> Turn:
    customer = scene.customer_of(subject)
    shown: dict[str, Facts] = {}
    because = Because()
    if outcome.verdict is Verdict.TRUE:
        scene.show(subject)
        because = Because.of(rule, subject, scene, reads)
        shown[subject.kind] = scene.facts(subject)
        if customer:
            shown["customer"] = scene.facts(Subject("customer", customer))
        if subject.kind == "source" and rule.doubts(scene.seen_by(subject, reads)):
            doubted = subject.id
    elif outcome.verdict is not Verdict.UNKNOWN:
        doubted = None
    return Turn(rule, subject, None, outcome, severity, shown, because, customer, doubted)
