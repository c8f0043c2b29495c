"""Works out facts and rules for what changed, or for all as time passes, and moves alerts on."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic

from hub.alerts.cel import Outcome
from hub.alerts.facts import KINDS, Facts, Told, knowledge
from hub.alerts.model import LISTS
from hub.alerts.rules import CompiledRule
from hub.clock import instant_text
from hub.collection import rare_collection
from hub.model.alert import Alert, Severity, Verdict, fingerprint
from hub.model.fact import Subject, parse_subject
from hub.pipeline import rule_health
from hub.pipeline.because import Because
from hub.pipeline.identity import follow
from hub.pipeline.observe import Observer, observe, observe_sources
from hub.pipeline.scene import Scene, fields_read, scene_of, successes
from hub.pipeline.sift import Sieve, sieve_name
from hub.pipeline.sweep import batches, batches_of, renew, show
from hub.pipeline.transitions import Turn, close_ruleless, move_on
from hub.pipeline.watch import Watch, known_now, stale_rules
from hub.store import alerts, fact_times, facts, restless, work
from hub.store.database import Database, Tx, chunks

BATCH = 2_000
"""Subjects that are evaluated in one transaction."""
AT_ONCE = 10_000
"""Subjects that are due, sorted by their customers: what is known of one is read once."""
STEP_S = 5.0
"""How long one step goes on with them: between steps a bar moves, and a wish to stop is heard."""
FALSE = Outcome(Verdict.FALSE)


@dataclass(slots=True)
class Evaluated:
    """What one evaluation did. verdicts: (rule, verdict) -> subjects; errors: one for each rule."""

    subjects: int = 0
    changed: int = 0
    verdicts: Counter[tuple[str, str]] = field(default_factory=Counter)
    errors: dict[str, str] = field(default_factory=dict)


@rare_collection()
def alert(db: Database, watch: Watch, now: datetime) -> int:
    """Evaluate subjects that are due, those of a customer together, a transaction for each batch;
    return how many that were, 0 where none is left."""
    until, done = monotonic() + STEP_S, 0
    with db.reading() as tx:
        due = [parse_subject(item) for item in work.take(tx, "alert", AT_ONCE)]
        whose = facts.customers_of(tx, due) if len(due) > BATCH else {}
    due.sort(key=lambda one: (one.kind != "source", whose.get(one) or one.id, one))
    for batch in chunks(due, BATCH):
        with db.transaction() as tx:
            _evaluate(tx, watch, now, set(batch), Evaluated())
            work.done(tx, "alert", [one.item for one in batch])
        done += len(batch)
        if monotonic() > until:
            break
    return done


@rare_collection()
def evaluate(
    db: Database, watch: Watch, now: datetime, subjects: Collection[Subject] | None = None
) -> Evaluated:
    """Work out facts and rules of `subjects`, or of everything, and return what came of it.

    Much changes as time alone passes (ages, deadlines, freshness): a full sweep is due every few
    minutes, whatever else happens. What was observed stands; a subject is looked at again when a
    window of time has moved on over one of its records, and its rules are asked if it may not be
    at rest all day.
    """
    done = Evaluated()
    if subjects is not None:
        with db.transaction() as tx:
            _evaluate(tx, watch, now, subjects, done)
        return done
    with db.transaction() as tx:
        sources = {Subject("source", one.name) for one in watch.connections}
        sources |= facts.subjects(tx, ("source",))
        _evaluate_sources(tx, watch, now, sources, done)
    while alert(db, watch, now):  # what changed meanwhile comes first
        pass
    renew(db, watch, now)
    ran = _ask_all(db, watch, now, done)
    with db.transaction() as tx:
        rest = alerts.live_subjects(tx)
        standing = facts.of_subjects(tx, rest)
        gone = {one for one in rest if one not in standing}
        _judge(tx, watch, now, scene_of(*known_now(tx, watch, now), ()), gone, done)
        rule_health.note(tx, watch.rules, {}, ran, now)
        done.changed += close_ruleless(tx, {rule.id for rule in watch.rules}, now)
    return done


def _ask_all(db: Database, watch: Watch, now: datetime, done: Evaluated) -> set[str]:
    """Run the rules on whom they may tell something of; return which were false by facts of a
    subject alone. Once a day all go through the sieve, then only who is not at rest."""
    with db.reading() as tx:
        sieve = sieve_name(watch.rules, *known_now(tx, watch, now))
        if restless.sieved(tx) == sieve:
            idle = {*stale_rules(tx, watch, now), *rule_health.out_of_use(tx, watch.rules)}
            listed = restless.of_all(tx)
        else:
            listed = None
    if listed is not None:
        for batch in batches_of(db, listed):
            _judge_left(db, watch, now, batch, done)
        return {one.id for one in watch.rules if one.prefilter and one.id not in idle}
    ran: set[str] = set()
    with db.transaction() as tx:
        restless.begin(tx)
    for batch in batches(db):
        ran |= _judge_left(db, watch, now, batch, done, note=True)
    with db.transaction() as tx:
        restless.end(tx, sieve)
    return ran


def _judge_left(
    db: Database,
    watch: Watch,
    now: datetime,
    batch: Sequence[facts.Held],
    done: Evaluated,
    *,
    note: bool = False,
) -> set[str]:
    """Run the rules on those of a batch that they may tell something of; return which were false
    by facts of the subject alone. note: who is not at rest goes on the list."""
    with db.reading() as tx:
        idle = {**stale_rules(tx, watch, now), **rule_health.out_of_use(tx, watch.rules)}
        sifted = Sieve(watch.rules, idle, *known_now(tx, watch, now)).sift(batch)
    done.subjects += sifted.passed.total()
    for rule in watch.rules:
        if rule.id not in idle:
            done.verdicts[rule.id, Verdict.FALSE.value] += sifted.passed[rule.rule.subject]
    if sifted.left or (note and sifted.restless):
        with db.transaction() as tx:
            if note:
                restless.note(tx, sifted.restless)
            _judge(tx, watch, now, sifted.scene, sifted.left, done)
    return {one.id for one in watch.rules if one.id not in idle and sifted.passed[one.rule.subject]}


def _evaluate(
    tx: Tx, watch: Watch, now: datetime, subjects: Collection[Subject], done: Evaluated
) -> None:
    """Sources first: whether they are reliable decides what may be said of all the others."""
    sources = {subject for subject in subjects if subject.kind == "source"}
    others = set(subjects) - sources
    if sources:
        _evaluate_sources(tx, watch, now, sources, done)
        others |= {one for one in alerts.live_subjects(tx) if one.kind != "source"}
    if others:
        moved = observe(tx, Observer(watch.company, now), others)
        show(tx, moved)
        around = _around(tx, others, moved)
        scene = scene_of(*known_now(tx, watch, now), around.values())
        left = _judge(tx, watch, now, scene, _concerned(watch, scene, others, moved), done)
        restless.note(tx, [(one, scene.customer_of(one)) for one in left])


def _evaluate_sources(
    tx: Tx, watch: Watch, now: datetime, sources: Collection[Subject], done: Evaluated
) -> None:
    known = knowledge(watch.connections, successes(tx))
    fact_times.note_sources(tx, known.sources, KINDS, instant_text(now))
    feeds = {
        one.name: sum(one.system in rule.rule.fresh for rule in watch.rules)
        for one in watch.connections
    }
    runs = observe_sources(tx, watch.connections, feeds, now, {one.id for one in sources})
    stored = facts.of_subjects(tx, sources).values()
    scene = scene_of(*known_now(tx, watch, now), stored)
    scene.records.update(runs)
    _judge(tx, watch, now, scene, sources, done)


def _around(
    tx: Tx, subjects: Collection[Subject], moved: Mapping[Subject, str | None]
) -> dict[Subject, facts.Stored]:
    """Return what stands of subjects, of their customers, and of all that belongs to these."""
    whose = facts.customers_of(tx, [one for one in subjects if one not in moved]) | dict(moved)
    customers = {one for one in whose.values() if one}
    beside = facts.of_customers(tx, sorted(customers))
    alone = facts.of_subjects(tx, [one for one, customer in whose.items() if customer is None])
    return alone | {one.subject: one for one in beside}


def _concerned(
    watch: Watch,
    scene: Scene,
    subjects: Collection[Subject],
    moved: Mapping[Subject, str | None],
) -> set[Subject]:
    """Return whose rules may tell something else now: what changed, and what sees it beside."""
    kinds: dict[str, set[str]] = {}
    for subject, customer in moved.items():
        if customer:
            kinds.setdefault(customer, set()).add(subject.kind)
    seen: dict[str, set[str]] = {}
    for rule in watch.rules:
        variables = {LISTS.get(one, one) for one in fields_read(rule)} - {rule.rule.subject}
        seen.setdefault(rule.rule.subject, set()).update(variables)
        if any(LISTS.get(one) == rule.rule.subject for one in fields_read(rule)):
            seen[rule.rule.subject].add(rule.rule.subject)
    found = {*subjects, *moved}
    for subject, one in scene.stored.items():
        touched = kinds.get(one.customer or "")
        if touched and touched & seen.get(subject.kind, set()):
            found.add(subject)
    return found


def _judge(
    tx: Tx,
    watch: Watch,
    now: datetime,
    scene: Scene,
    chosen: Collection[Subject],
    done: Evaluated,
) -> set[Subject]:
    """Run the rules on subjects, and move their alerts on; return who is not at rest today."""
    done.subjects += len(chosen)
    left: set[Subject] = set()
    by_kind: dict[str, list[tuple[Subject, Told | None]]] = {}
    for subject in chosen:
        by_kind.setdefault(subject.kind, []).append((subject, scene.told(subject)))
    latest = alerts.latest(tx, chosen, to_change=True)
    had = {(one.rule, one.subject) for one in latest.values()}
    stale = stale_rules(tx, watch, now)
    out = rule_health.quarantined(tx, watch.rules)
    failed: dict[str, str] = {}
    ran: set[str] = set()
    turns = []
    for rule in watch.rules:
        why = _why_not(rule, stale, out)
        reads = fields_read(rule)
        counts: Counter[Verdict] = Counter()
        test, is_asked = rule.prefilter, why is None
        for subject, told in by_kind.get(rule.rule.subject, ()):
            is_false = test is not None and told is not None and test(told) is False
            if not is_false and told is not None:
                left.add(subject)
            if is_false and is_asked:
                if (rule.id, subject) not in had:
                    counts[Verdict.FALSE] += 1
                    continue
                outcome, severity = FALSE, rule.rule.severity
            else:
                outcome, severity = _run(rule, subject, scene, reads, why)
            counts[outcome.verdict] += 1
            if outcome.slow:  # the rest of the batch is not made to wait for it
                why, is_asked = outcome, False
            if outcome.verdict is Verdict.ERROR:
                failed.setdefault(rule.id, outcome.detail)
            if rule.rule.mode == "shadow":
                continue
            if outcome.verdict is Verdict.TRUE or (rule.id, subject) in had:
                doubted = stale[rule.id][0] if rule.id in stale else None
                turns.append(_turn(rule, subject, scene, reads, outcome, severity, doubted))
        for verdict, count in counts.items():
            done.verdicts[rule.id, verdict.value] += count
        if counts[Verdict.TRUE] or counts[Verdict.FALSE]:
            ran.add(rule.id)
    for name, detail in failed.items():
        done.errors.setdefault(name, detail)
    rule_health.note(tx, watch.rules, failed, ran, now)
    _settle(tx, watch, now, scene, chosen, turns, latest, done)
    moving = (one for some in by_kind.values() for one, told in some if told and told.moves)
    return left.union(moving)


def _settle(
    tx: Tx,
    watch: Watch,
    now: datetime,
    scene: Scene,
    subjects: Collection[Subject],
    turns: Sequence[Turn],
    latest: dict[str, Alert],
    done: Evaluated,
) -> None:
    true = {(one.rule.id, one.subject) for one in turns if one.outcome.verdict is Verdict.TRUE}
    latest = follow(tx, subjects, latest, true, now)
    for turn in turns:
        turn.before = latest.get(fingerprint(turn.rule.id, turn.subject))
    done.changed += move_on(tx, watch.company, now, turns, scene)


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
