"""Works out facts and rules for what changed, or for all as time passes, and moves alerts on."""

from collections.abc import Collection, Mapping, Sequence, Set
from datetime import datetime, timedelta
from time import monotonic

from hub.alerts.facts import KINDS, knowledge
from hub.alerts.model import LISTS
from hub.clock import instant_text
from hub.collection import SWEEP, rare_collection
from hub.model.alert import Verdict
from hub.model.fact import Subject, parse_subject
from hub.pipeline import rule_health
from hub.pipeline.judge import Evaluated, judge
from hub.pipeline.observe import Observer, observe, observe_sources
from hub.pipeline.scene import fields_read, scene_of, successes
from hub.pipeline.sift import Sieve, sieve_name
from hub.pipeline.sweep import batches, batches_of, renew, show
from hub.pipeline.transitions import close_ruleless
from hub.pipeline.watch import Watch, known_now, stale_rules
from hub.store import alerts, fact_times, facts, restless, work
from hub.store.database import Database, Tx
from hub.store.restless import Listed
from hub.store.settling import Around

DAY = timedelta(days=1)
BATCH = 5_000
"""Subjects that are evaluated in one transaction."""
AT_ONCE = 20_000
"""Subjects that are due, taken by their customers: what is known of one is read once."""
STEP_S = 5.0
"""How long one step goes on with them: between steps a bar moves, and a wish to stop is heard."""


@rare_collection(SWEEP)
def alert(db: Database, watch: Watch, now: datetime) -> int:
    """Evaluate subjects that are due, those of a customer together, a transaction for each batch;
    return how many that were, 0 where none is left."""
    until, done = monotonic() + STEP_S, 0
    with db.reading() as tx:
        taken = work.take(tx, "alert", AT_ONCE)
    due = {parse_subject(item) for item in taken}
    while due and (not done or monotonic() <= until):
        with db.transaction() as tx:
            around = Around()
            some = _portion(tx, due, around)
            _evaluate(tx, watch, now, some, Evaluated(), around)
            work.done(tx, "alert", [one.item for one in some], taken.marks)
        done += len(some)
        due -= some
    return done


def _portion(tx: Tx, due: Set[Subject], around: Around) -> Set[Subject]:
    """Return some of what is due: sources before all others, what is known of a customer with it.

    What of that stands is read by now, so that nobody else need ask whose it is.
    """
    if len(due) <= BATCH:
        return frozenset(due)
    sources = {one for one in due if one.kind == "source"}
    customers = sorted(one.id for one in due if one.kind == "customer")
    some = customers[: max(1, BATCH * len(customers) // len(due))]
    if not some:
        return sources | set(sorted(due - sources)[:BATCH])
    known = around.read(tx, some)
    return sources | {Subject("customer", one) for one in some} | (due & known)


@rare_collection(SWEEP)
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
            _evaluate(tx, watch, now, subjects, done, Around())
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
        gone = rest - facts.customers_of(tx, rest).keys()
        judge(tx, watch, now, scene_of(*known_now(tx, watch, now), ()), gone, done)
        rule_health.note(tx, watch.rules, {}, ran, now)
        done.changed += close_ruleless(tx, {rule.id for rule in watch.rules}, now)
    return done


def _ask_all(db: Database, watch: Watch, now: datetime, done: Evaluated) -> set[str]:
    """Run the rules on whom they may tell something of; return which were false by facts of a
    subject alone. Where the list of who is at rest was made by other rules, all go through the
    sieve."""
    with db.reading() as tx:
        known, at = known_now(tx, watch, now)
        sieve = sieve_name(watch.rules, known, at)
        is_made = restless.sieved(tx) == sieve
        listed = restless.due(tx, at.today.isoformat()) if is_made else {}
        idle = {*stale_rules(tx, watch, now), *rule_health.out_of_use(tx, watch.rules)}
        others = alerts.told_otherwise(tx, idle, instant_text(now)) if is_made else set()
        places = listed.keys() | facts.places(tx, others)
    if is_made:
        for some, batch in batches_of(db, places):
            _judge_left(db, watch, now, batch, done, {one: listed.get(one) for one in some})
        return {one.id for one in watch.rules if one.prefilter and one.id not in idle}
    ran: set[str] = set()
    with db.transaction() as tx:
        begun = restless.begin(tx)
    for batch in batches(db):
        ran |= _judge_left(db, watch, now, batch, done)
    with db.transaction() as tx:
        restless.end(tx, begun, sieve)
    return ran


def _judge_left(
    db: Database,
    watch: Watch,
    now: datetime,
    batch: Sequence[facts.Held],
    done: Evaluated,
    listed: Mapping[Subject, Listed | None] | None = None,
) -> set[str]:
    """Run the rules on those of a batch that they may tell something of; return which were false
    by facts of the subject alone. listed: the list's entries of all that was asked for; None where
    it is made anew."""
    with db.reading() as tx:
        idle = {**stale_rules(tx, watch, now), **rule_health.out_of_use(tx, watch.rules)}
        sifted = Sieve(watch.rules, idle, *known_now(tx, watch, now)).sift(batch)
    done.subjects += sifted.passed.total()
    for rule in watch.rules:
        if rule.id not in idle:
            done.verdicts[rule.id, Verdict.FALSE.value] += sifted.passed[rule.rule.subject]
    if sifted.left or (listed is None and sifted.wakes):
        with db.transaction() as tx:
            wakes = [one for one in sifted.wakes if one[0] not in sifted.left]
            wakes += judge(tx, watch, now, sifted.scene, sifted.left, done)
            restless.note(tx, restless.unlisted(wakes, listed or {}))
            restless.put_off(tx, restless.other_days(wakes, listed or {}))
    elif listed and (others := restless.other_days(sifted.wakes, listed)):
        with db.transaction() as tx:
            restless.put_off(tx, others)
    return {one.id for one in watch.rules if one.id not in idle and sifted.passed[one.rule.subject]}


def _evaluate(
    tx: Tx,
    watch: Watch,
    now: datetime,
    subjects: Collection[Subject],
    done: Evaluated,
    around: Around,
) -> None:
    """Sources first: whether they are reliable decides what may be said of all the others."""
    sources = {subject for subject in subjects if subject.kind == "source"}
    others = set(subjects) - sources
    if sources:
        _evaluate_sources(tx, watch, now, sources, done)
        others |= {one for one in alerts.live_subjects(tx) if one.kind != "source"}
    if others:
        moved = observe(tx, Observer(watch.company, now), others, around=around)
        show(tx, moved)
        known, at = known_now(tx, watch, now)
        awake = around.places()
        if restless.sieved(tx) == sieve_name(watch.rules, known, at):
            awake = restless.listed_among(tx, awake, (at.today + DAY).isoformat())
        chosen = _concerned(watch, around, others, moved, awake)
        beside = {subject for subject, _ in around.belonging(awake)}
        latest = alerts.latest(tx, chosen | beside, to_change=True)
        alerted = {one.subject for one in latest.values()}
        chosen |= alerted  # evidence names records beside, of which another version may stand
        sifted = Sieve(watch.rules, (), known, at).sift_changed(chosen, around, alerted)
        wakes = [one for one in sifted.wakes if one[0] not in sifted.left]
        passed = chosen - sifted.left
        wakes += judge(
            tx, watch, now, sifted.scene, sifted.left, done, passed=passed, latest=latest
        )
        # Where nothing moved, the list says already what was found when something did.
        whose = {customer for customer in moved.values() if customer}
        restless.note(tx, (one for one in wakes if one[0] in moved or one[1] in whose))


def _evaluate_sources(
    tx: Tx, watch: Watch, now: datetime, sources: Collection[Subject], done: Evaluated
) -> None:
    known = knowledge(watch.connections, successes(tx))
    fact_times.note_sources(tx, known.sources, KINDS, instant_text(now))
    feeds = {
        one.name: sum(not one.systems.isdisjoint(rule.rule.fresh) for rule in watch.rules)
        for one in watch.connections
    }
    runs = observe_sources(tx, watch.connections, feeds, now, {one.id for one in sources})
    stored = facts.of_subjects(tx, sources).values()
    scene = scene_of(*known_now(tx, watch, now), stored)
    scene.records.update(runs)
    judge(tx, watch, now, scene, sources, done)


def _concerned(
    watch: Watch,
    around: Around,
    subjects: Set[Subject],
    moved: Mapping[Subject, str | None],
    awake: Set[Subject],
) -> set[Subject]:
    """Return whose rules may tell something else now: what moved, and of places that are not at
    rest beyond today what was asked for, and what sees beside it what moved."""
    kinds: dict[str, set[str]] = {}
    for subject, customer in moved.items():
        if customer:
            kinds.setdefault(customer, set()).add(subject.kind)
    found = {*moved, *around.unknown(subjects)}
    seen: dict[str, set[str]] = {}
    for rule in watch.rules:
        variables = {LISTS.get(one, one) for one in fields_read(rule)} - {rule.rule.subject}
        seen.setdefault(rule.rule.subject, set()).update(variables)
        if any(LISTS.get(one) == rule.rule.subject for one in fields_read(rule)):
            seen[rule.rule.subject].add(rule.rule.subject)
    for subject, customer in around.belonging(awake):
        touched = kinds.get(customer or "", set())
        if subject in subjects or touched & seen.get(subject.kind, set()):
            found.add(subject)
    return found
