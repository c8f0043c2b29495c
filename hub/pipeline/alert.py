"""Works out facts and rules for what changed, or for all as time passes, and moves alerts on."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from hub.alerts.business_time import BusinessTime
from hub.alerts.cel import Outcome
from hub.alerts.evidence import Ground, evidence, named, needed, ticket_record
from hub.alerts.facts import Facts
from hub.alerts.lifecycle import Timing, next_state
from hub.alerts.rules import CompiledRule
from hub.clock import instant_text
from hub.model.alert import Alert, AlertEvent, Condition, Severity, Verdict, fingerprint
from hub.model.fact import Subject, parse_subject
from hub.model.setting import Company, ConnectionInfo
from hub.pipeline.scene import Scene, customer_scene, settle_facts, source_scene, successes
from hub.store import alert_records, alerts, fact_sums, facts, links, work
from hub.store.database import Database, Tx

BATCH = 2_000
SWEPT = 5_000
"""Customers whose facts are worked out in one transaction of a full sweep."""


@dataclass(frozen=True, slots=True)
class Watch:
    """What alerts are made by: rules, the company's calendar, and the connections in use."""

    rules: Sequence[CompiledRule]
    company: Company = field(default_factory=Company)
    connections: Sequence[ConnectionInfo] = ()


@dataclass(slots=True)
class Evaluated:
    """What one evaluation did. verdicts: (rule, verdict) -> subjects; errors: one for each rule."""

    subjects: int = 0
    changed: int = 0
    verdicts: Counter[tuple[str, str]] = field(default_factory=Counter)
    errors: dict[str, str] = field(default_factory=dict)


def alert(db: Database, watch: Watch, now: datetime, limit: int = BATCH) -> int:
    """Evaluate one batch of subjects that are due; return how many there were, 0 at the end."""
    with db.transaction() as tx:
        items = work.take(tx, "alert", limit)
        if items:
            subjects = {parse_subject(item) for item in items}
            _evaluate(tx, watch, now, _widened(tx, subjects), Evaluated())
            work.done(tx, "alert", items)
    return len(items)


def evaluate(
    db: Database, watch: Watch, now: datetime, subjects: Collection[Subject] | None = None
) -> Evaluated:
    """Work out facts and rules of `subjects`, or of everything, and return what came of it.

    Much changes as time alone passes (ages, deadlines, freshness): a full sweep is due every few
    minutes, whatever else happens.
    """
    done = Evaluated()
    if subjects is not None:
        with db.transaction() as tx:
            _evaluate(tx, watch, now, _widened(tx, subjects), done)
        return done
    seen = {Subject("source", one.name) for one in watch.connections}
    with db.transaction() as tx:
        _evaluate(tx, watch, now, seen, done)
    after = ""
    while True:
        with db.transaction() as tx:
            ids = fact_sums.customer_ids(tx, after, SWEPT)
            if not ids:
                break
            deals = fact_sums.deals_of_customers(tx, ids)
            batch = {Subject("customer", one) for one in ids}
            batch |= {Subject("deal", ref) for ref in deals}
            _evaluate(tx, watch, now, batch - seen, done)
        seen |= batch
        after = ids[-1]
    with db.transaction() as tx:
        rest = {Subject("deal", ref) for ref in fact_sums.deals_without_customer(tx)}
        rest |= alerts.live_subjects(tx) | facts.subjects(tx)
        _evaluate(tx, watch, now, rest - seen, done)
        _close_ruleless(tx, watch, now, done)
    return done


def _widened(tx: Tx, subjects: Collection[Subject]) -> set[Subject]:
    """Add the deals of customers, which rules see beside them, and all that waits for a source."""
    found = set(subjects)
    if any(subject.kind == "source" for subject in found):
        found |= alerts.live_subjects(tx)
    customers = [subject.id for subject in found if subject.kind == "customer"]
    return found | {Subject("deal", ref) for ref in fact_sums.deals_of_customers(tx, customers)}


def _evaluate(
    tx: Tx, watch: Watch, now: datetime, subjects: Collection[Subject], done: Evaluated
) -> None:
    """Sources first: whether they are reliable decides what may be said of all the others."""
    clock = BusinessTime(watch.company)
    sources = {subject for subject in subjects if subject.kind == "source"}
    others = set(subjects) - sources
    done.subjects += len(subjects)
    if sources:
        scene = source_scene(tx, watch.connections, now, sources)
        settle_facts(tx, sources, scene.facts, now)
        _judge(tx, watch, clock, now, sources, scene, done)
    if others:
        scene = customer_scene(tx, watch.company, watch.connections, now, others)
        moved = settle_facts(tx, others, scene.facts, now)
        work.add(tx, "render", sorted(one.id for one in moved if one.kind == "customer"))
        _judge(tx, watch, clock, now, others, scene, done)


# --- rules --------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Turn:
    """One alert at one evaluation: what it was, and what the rule says now."""

    rule: CompiledRule
    subject: Subject
    before: Alert | None
    outcome: Outcome
    severity: Severity
    facts: Mapping[str, Facts]
    customer: str | None


def _judge(
    tx: Tx,
    watch: Watch,
    clock: BusinessTime,
    now: datetime,
    subjects: Collection[Subject],
    scene: Scene,
    done: Evaluated,
) -> None:
    latest = alerts.latest(tx, subjects)
    stale = _stale_rules(tx, watch, now)
    turns = []
    for rule in watch.rules:
        for subject in subjects:
            if subject.kind == rule.rule.subject:
                turn = _turn(rule, subject, scene, latest, stale.get(rule.id))
                verdict = turn.outcome.verdict
                done.verdicts[rule.id, verdict.value] += 1
                if verdict is Verdict.ERROR:
                    done.errors.setdefault(rule.id, turn.outcome.detail)
                if turn.before is not None or verdict is Verdict.TRUE:
                    turns.append(turn)
    done.changed += _move_on(tx, clock, now, turns, scene)


def _turn(
    rule: CompiledRule,
    subject: Subject,
    scene: Scene,
    latest: Mapping[str, Alert],
    stale: str | None,
) -> _Turn:
    """Run a rule on one subject, unless its sources are too old to be asked."""
    customer = subject.id if subject.kind == "customer" else scene.customer_of.get(subject.id)
    known: dict[str, Facts] = {}
    if subject in scene.facts:
        known[subject.kind] = scene.facts[subject]
    if customer and Subject("customer", customer) in scene.facts:
        known["customer"] = scene.facts[Subject("customer", customer)]
    severity = rule.rule.severity
    if subject not in scene.facts:
        outcome = Outcome(Verdict.GONE, "there is no such subject any more")
    elif stale is not None:
        outcome = Outcome(Verdict.UNKNOWN, stale)
    else:
        values = {
            variable: {name: fact.value for name, fact in some.items()}
            for variable, some in known.items()
        }
        outcome, severity = rule.run(values)
        if outcome.verdict is Verdict.UNKNOWN:
            outcome = Outcome(Verdict.UNKNOWN, f"the fact {outcome.detail} is not known")
    before = latest.get(fingerprint(rule.id, subject))
    return _Turn(rule, subject, before, outcome, severity, known, customer)


def _stale_rules(tx: Tx, watch: Watch, now: datetime) -> dict[str, str]:
    """Return the rules that may not be run now, and why: a source is too old, or not reliable."""
    read_at = successes(tx)
    doubted = {
        alert.subject.id: alert.rule
        for alert in alerts.page(
            tx, conditions=(Condition.FIRING,), subject_kind="source", limit=1_000
        ).items
    }
    found: dict[str, str] = {}
    for rule in watch.rules:
        for one in sorted(watch.connections, key=lambda one: one.name):
            limit = rule.rule.fresh.get(one.system)
            if limit is None or rule.id in found or rule.rule.subject == "source":
                continue
            last = read_at.get(one.name)
            if one.name in doubted:
                found[rule.id] = f"source {one.name} is not reliable ({doubted[one.name]})"
            elif last is None:
                found[rule.id] = f"source {one.name} has never been read to its end"
            elif now - last > limit:
                found[rule.id] = f"source {one.name} was last read {instant_text(last)}"
    return found


# --- alerts -------------------------------------------------------------------------------------


def _move_on(
    tx: Tx, clock: BusinessTime, now: datetime, turns: Sequence[_Turn], scene: Scene
) -> int:
    behind = _records_behind(tx, clock, now, turns)
    changed: list[Alert] = []
    events: list[tuple[str, AlertEvent]] = []
    for turn in turns:
        moved = _next(turn, now, behind, scene)
        if moved is None or (turn.before and _same(turn.before, moved)):
            continue
        changed.append(moved)
        event = _event(turn.before, moved, turn.outcome, now)
        if event is not None:
            events.append((moved.id, event))
    alerts.put(tx, changed)
    alerts.append(tx, events)
    moved_away = [
        turn.before for turn in turns if turn.before and turn.before.entity_id != turn.customer
    ]
    _show(tx, [*changed, *moved_away])
    return len(events)


def _records_behind(
    tx: Tx, clock: BusinessTime, now: datetime, turns: Iterable[_Turn]
) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """Return list name -> customer -> the records that true rules name in their evidence."""
    wanted: dict[str, set[str]] = {"tickets": set(), "invoices": set()}
    for turn in turns:
        if turn.outcome.verdict is Verdict.TRUE and turn.customer:
            for name in needed(turn.rule):
                wanted[name].add(turn.customer)
    found: dict[str, dict[str, list[dict[str, Any]]]] = {"tickets": {}, "invoices": {}}
    for row in alert_records.urgent_tickets(tx, wanted["tickets"]):
        record = ticket_record(row, clock, now)
        found["tickets"].setdefault(row.customer, []).append(record)
    for row in alert_records.owed_invoices(tx, wanted["invoices"]):
        record = {name: value for name, value in row._mapping.items() if name != "customer"}
        found["invoices"].setdefault(row.customer, []).append(record)
    return found


def _next(
    turn: _Turn,
    now: datetime,
    behind: Mapping[str, Mapping[str, list[dict[str, Any]]]],
    scene: Scene,
) -> Alert | None:
    """Return the alert after this turn, with its evidence frozen; None where there is none."""
    before = turn.before
    state = next_state(
        before.state if before else None,
        turn.outcome.verdict,
        turn.severity,
        now=now,
        timing=turn.rule.timing,
    )
    if state is None:
        return None
    again = before is not None and state.generation == before.state.generation
    held = dict(before.evidence) if before and again else {}
    if turn.outcome.verdict is Verdict.TRUE:
        records = {
            name: customers.get(turn.customer or "", ()) for name, customers in behind.items()
        }
        subject = scene.records.get(turn.subject)
        ground = Ground(turn.facts, {**records, "subject": [subject] if subject else []})
        held["current"] = evidence(turn.rule, ground)
        held.setdefault("first", held["current"])
    return Alert(
        rule=turn.rule.id,
        subject=turn.subject,
        entity_id=turn.customer or (before.entity_id if before else None),
        state=state,
        updated_at=instant_text(now),
        evidence=held,
        texts=turn.rule.texts,
    )


def _same(before: Alert, after: Alert) -> bool:
    return replace(after, updated_at=before.updated_at) == before


def _event(
    before: Alert | None, after: Alert, outcome: Outcome, now: datetime
) -> AlertEvent | None:
    """Return what is worth remembering: a new condition or weight, or a record that joined."""
    was = before.state if before and before.id == after.id else None
    state = after.state
    current = after.evidence.get("current", {})
    joined = named(current) - named(before.evidence.get("current", {}) if before and was else {})
    if was and (was.condition, was.severity) == (state.condition, state.severity) and not joined:
        return None
    return AlertEvent(
        at=instant_text(now),
        before=was.condition if was else None,
        after=state.condition,
        severity=state.severity,
        reason=outcome.detail or f"the rule is {outcome.verdict}",
        evidence=current if outcome.verdict is Verdict.TRUE else {},
    )


def _show(tx: Tx, changed: Sequence[Alert]) -> None:
    """Make due the views that show these alerts: the customer's, and what else hangs on a deal."""
    due = {alert.entity_id for alert in changed if alert.entity_id}
    deals = [alert.subject.id for alert in changed if alert.subject.kind == "deal"]
    for found in links.of_records(tx, deals).values():
        due |= {link.target for link in found if ":" not in link.target}
    work.add(tx, "render", sorted(due))


def _close_ruleless(tx: Tx, watch: Watch, now: datetime, done: Evaluated) -> None:
    """End the alerts of rules that are no longer there."""
    ids = {rule.id for rule in watch.rules}
    changed, events = [], []
    for before in alerts.latest(tx, alerts.live_subjects(tx)).values():
        if before.rule in ids or before.state.condition not in alerts.LIVE:
            continue
        state = next_state(
            before.state, Verdict.GONE, before.state.severity, now=now, timing=Timing()
        )
        assert state is not None
        after = replace(before, state=state, updated_at=instant_text(now))
        event = _event(before, after, Outcome(Verdict.GONE, "the rule was removed"), now)
        changed.append(after)
        events += [(after.id, event)] if event else []
    alerts.put(tx, changed)
    alerts.append(tx, events)
    _show(tx, changed)
    done.changed += len(events)
