"""Works out facts and rules for what changed, or for all as time passes, and moves alerts on."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from hub.alerts.business_time import BusinessTime
from hub.alerts.cel import Outcome
from hub.alerts.facts import Facts
from hub.alerts.rules import CompiledRule
from hub.clock import instant_text
from hub.model.alert import Condition, Verdict, fingerprint
from hub.model.fact import Subject, parse_subject
from hub.model.setting import Company, ConnectionInfo
from hub.pipeline import rule_health
from hub.pipeline.identity import follow
from hub.pipeline.scene import Scene, customer_scene, settle_facts, source_scene, successes
from hub.pipeline.transitions import Turn, close_ruleless, move_on
from hub.store import alerts, fact_sums, facts, work
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
        done.changed += close_ruleless(tx, {rule.id for rule in watch.rules}, now)
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


def _judge(
    tx: Tx,
    watch: Watch,
    clock: BusinessTime,
    now: datetime,
    subjects: Collection[Subject],
    scene: Scene,
    done: Evaluated,
) -> None:
    latest = alerts.latest(tx, subjects, to_change=True)
    stale = _stale_rules(tx, watch, now)
    out = rule_health.quarantined(tx, watch.rules)
    failed: dict[str, str] = {}
    ran: set[str] = set()
    turns = []
    for rule in watch.rules:
        for subject in subjects:
            if subject.kind == rule.rule.subject:
                turn = _turn(rule, subject, scene, stale.get(rule.id), out.get(rule.id))
                verdict = turn.outcome.verdict
                done.verdicts[rule.id, verdict.value] += 1
                if verdict is Verdict.ERROR:
                    done.errors.setdefault(rule.id, turn.outcome.detail)
                    failed.setdefault(rule.id, turn.outcome.detail)
                elif verdict in (Verdict.TRUE, Verdict.FALSE):
                    ran.add(rule.id)
                if fingerprint(rule.id, subject) in latest or verdict is Verdict.TRUE:
                    turns.append(turn)
    rule_health.note(tx, watch.rules, failed, ran, now)
    true = {(one.rule.id, one.subject) for one in turns if one.outcome.verdict is Verdict.TRUE}
    latest = follow(tx, subjects, latest, true, now)
    for turn in turns:
        turn.before = latest.get(fingerprint(turn.rule.id, turn.subject))
    done.changed += move_on(tx, clock, now, turns, scene)


def _turn(
    rule: CompiledRule,
    subject: Subject,
    scene: Scene,
    stale: tuple[str, str] | None,
    out: str | None,
) -> Turn:
    """Run a rule on one subject, unless it is out of use or its sources too old to be asked.

    stale: the source and what is wrong with it; out: why the rule is out of use.
    """
    customer = subject.id if subject.kind == "customer" else scene.customer_of.get(subject.id)
    known: dict[str, Facts] = {}
    if subject in scene.facts:
        known[subject.kind] = scene.facts[subject]
    if customer and Subject("customer", customer) in scene.facts:
        known["customer"] = scene.facts[Subject("customer", customer)]
    severity = rule.rule.severity
    if subject not in scene.facts:
        outcome = Outcome(Verdict.GONE, "there is no such subject any more")
    elif out is not None:
        outcome = Outcome(Verdict.ERROR, out)
    elif stale is not None:
        outcome = Outcome(Verdict.UNKNOWN, stale[1])
    else:
        values = {
            variable: {name: fact.value for name, fact in some.items()}
            for variable, some in known.items()
        }
        outcome, severity = rule.run(values)
        if outcome.verdict is Verdict.UNKNOWN:
            outcome = Outcome(Verdict.UNKNOWN, f"the fact {outcome.detail} is not known")
    doubted = stale[0] if stale and outcome.verdict is Verdict.UNKNOWN else None
    return Turn(rule, subject, None, outcome, severity, known, customer, doubted)


def _stale_rules(tx: Tx, watch: Watch, now: datetime) -> dict[str, tuple[str, str]]:
    """Return the rules that may not be run now, by which source and why: it is too old, or not
    reliable."""
    read_at = successes(tx)
    doubted = {
        alert.subject.id: alert.rule
        for alert in alerts.page(
            tx, conditions=(Condition.FIRING,), subject_kind="source", limit=1_000
        ).items
    }
    found: dict[str, tuple[str, str]] = {}
    for rule in watch.rules:
        for one in sorted(watch.connections, key=lambda one: one.name):
            limit = rule.rule.fresh.get(one.system)
            if limit is None or rule.id in found or rule.rule.subject == "source":
                continue
            last = read_at.get(one.name)
            if one.name in doubted:
                why = f"is not reliable ({doubted[one.name]})"
            elif last is None:
                why = "has never been read to its end"
            elif now - last > limit:
                why = f"was last read {instant_text(last)}"
            else:
                continue
            found[rule.id] = (one.name, f"source {one.name} {why}")
    return found
