"""Walks through all there is: every subject to be observed, and all that was observed of them."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime

from hub.alerts import peers
from hub.model.fact import Subject
from hub.pipeline.observe import Observer, observe, observe_deviations
from hub.pipeline.sift import Sieve, sieve_name
from hub.pipeline.watch import Watch, known_now
from hub.store import (
    fact_papers,
    fact_sums,
    fact_times,
    fact_vorgaenge,
    facts,
    project_norms,
    rebuild,
    restless,
    work,
)
from hub.store.database import Database, Tx, chunks

SWEPT = 2_000
"""Customers whose rules are worked out in one transaction of a full sweep."""
RENEWED = 20_000
"""Customers or records that are looked at again in one transaction."""
WHOLE = 4_000
"""Customers that are looked at in one transaction with all their papers."""


def renew(db: Database, watch: Watch, now: datetime) -> None:
    """Look again at the subjects of whom the same records tell something else by now.

    Whom a campaign reaches changes with many others: it is looked at each time. Everything is
    where nothing was yet, and where another version of the hub or another currency looks; business
    cases and views, which hold amounts too, are then due in that currency.
    """
    observer = Observer(watch.company, now)
    today = observer.day.today.isoformat()
    with db.reading() as tx:
        before = fact_times.counted(tx)
        nothing_yet = not facts.some(tx)
    # A day that lies ahead: the clock was put back, and all was seen from a day that is not yet.
    whole = before is None or before[1] != observer.look or before[0] > today
    if whole and nothing_yet:
        _first_look(db, watch, observer)
        return
    if before is None or whole:
        with db.transaction() as tx:
            restless.begin(tx)  # days found from a later one, or by another look, tell nothing
        again = _everything(db)
    else:
        again = _turned(db, max(today, observer.day.now), new_day=before[0] != today)
        if before[0][:7] != today[:7]:
            _renew_deviations(db, observer)
    for subjects in again:
        with db.transaction() as tx:
            _moved(tx, observe(tx, observer, subjects, alone=whole))
    if before is None or whole or before[0] != today:
        with db.transaction() as tx:
            _moved(tx, observe(tx, observer, _astray(tx), alone=True))
    with db.transaction() as tx:
        fact_times.note_counted(tx, today, observer.look)
        if before is not None and not observer.values_alike(before[1]):
            rebuild.value_anew(tx)


def _first_look(db: Database, watch: Watch, observer: Observer) -> None:
    """Look at everything where nothing was yet, and let it go through the sieve at once.

    No rule counts as idle: who is left by one that is not asked now is no less restless.
    """
    with db.transaction() as tx:
        begun = restless.begin(tx)
        known, at = known_now(tx, watch, observer.now)
    sieve = Sieve(watch.rules, (), known, at)
    for subjects in _everything(db, nothing_yet=True):
        with db.transaction() as tx:
            show(tx, observe(tx, observer, subjects, alone=True, first=sieve))
    with db.transaction() as tx:
        _moved(tx, observe(tx, observer, _astray(tx), alone=True))
        fact_times.note_counted(tx, observer.day.today.isoformat(), observer.look)
        restless.end(tx, begun, sieve_name(watch.rules, known, at))


def _moved(tx: Tx, moved: Mapping[Subject, str | None]) -> None:
    """Let a sweep look at what has changed, and its view be shown anew."""
    _wake(tx, moved)
    show(tx, moved)


def _wake(tx: Tx, moved: Mapping[Subject, str | None]) -> None:
    restless.note(tx, [(one, customer, "") for one, customer in moved.items()])


def _astray(tx: Tx) -> set[Subject]:
    """Measure anew what is usual of projects; return those that stray from it otherwise than it is
    known of them."""
    norms = peers.norms_of(one.found for one in facts.of_kind(tx, "project"))
    project_norms.replace(tx, norms)
    return {
        one.subject
        for one in facts.of_kind(tx, "project")
        if one.found.get("peer_score") != peers.strays(one.found, norms).get("peer_score")
    }


def _turned(db: Database, until: str, *, new_day: bool) -> Iterator[set[Subject]]:
    """Yield what may tell something else as time alone has passed.

    Measures taken of many cases, and what is gone, are looked at once a day.
    """
    seen: set[Subject] = set()
    while True:
        with db.reading() as tx:
            due = fact_times.due(tx, until, RENEWED + len(seen)) - seen
        if not due:
            break
        yield due
        seen |= due
    with db.reading() as tx:
        rest = facts.subjects(tx, ("campaign",))
        if new_day:
            rest |= fact_vorgaenge.measured_otherwise(tx) | facts.gone(tx)
    yield from ({*chunk} for chunk in chunks(sorted(rest), RENEWED))


def _renew_deviations(db: Database, observer: Observer) -> None:
    for ids in _customers(db):
        with db.transaction() as tx:
            _wake(tx, observe_deviations(tx, observer, ids))


def _customers(db: Database, at_once: int = RENEWED) -> Iterator[list[str]]:
    after = ""
    while True:
        with db.reading() as tx:
            ids = fact_sums.customer_ids(tx, after, at_once)
        if not ids:
            return
        yield ids
        after = ids[-1]


def _everything(db: Database, *, nothing_yet: bool = False) -> Iterator[set[Subject]]:
    """Yield all there is to look at, customers first, and what is known but may be gone.

    The papers of customers are not named: they come along.
    """
    for ids in _customers(db, WHOLE):
        yield {Subject("customer", one) for one in ids}
    last = 0
    while True:
        with db.reading() as tx:
            rows = fact_papers.page(tx, last, RENEWED, unseen=nothing_yet)
            kinds = {ref: kind for _, ref, kind in rows if kind != "organization"}
            found = subjects_of(tx, kinds)
        if not rows:
            break
        yield found
        last = rows[-1].id
    after = ""
    while True:
        with db.reading() as tx:
            ids = fact_vorgaenge.ids_after(tx, after, RENEWED)
        if not ids:
            break
        yield {Subject("vorgang", one) for one in ids}
        after = ids[-1]
    if not nothing_yet:
        with db.reading() as tx:
            gone = facts.gone(tx)
        yield gone


def subjects_of(tx: Tx, kinds: Mapping[str, str]) -> set[Subject]:
    """Return the subjects that records (ref -> kind) are, or stand for."""
    found = {Subject(kind, ref) for ref, kind in kinds.items() if kind in fact_papers.PAPERS}
    standing = [ref for ref, kind in kinds.items() if kind in _STANDING]
    for entity, kind in fact_papers.entities_of(tx, standing).values():
        if kind in _STANDING:
            found.add(Subject(_STANDING[kind], entity))
    return found


_STANDING = {"organization": "customer", "person": "contact", "project": "project"}


def batches(db: Database) -> Iterator[list[facts.Held]]:
    """Yield all that was observed but sources: customers with what belongs to them, then the
    rest."""
    after = ""
    while True:
        with db.reading() as tx:
            ids = facts.customers_after(tx, after, SWEPT)
            if not ids:
                break
            held = facts.held_by(tx, ids)
        yield held
        after = ids[-1]
    place = ("", "")
    while True:
        with db.reading() as tx:
            held = facts.held_by_nobody(tx, place, RENEWED)
        if not held:
            break
        yield held
        place = (held[-1][0], held[-1][1])


def batches_of(
    db: Database, places: Collection[Subject]
) -> Iterator[tuple[list[Subject], list[facts.Held]]]:
    """Yield some of these with what was observed of them, customers with what belongs to them."""
    customers = sorted(one for one in places if one.kind == "customer")
    for some in chunks(customers, SWEPT):
        with db.reading() as tx:
            held = facts.held_by(tx, [one.id for one in some])
        yield some, held
    others = sorted(one for one in places if one.kind != "customer")
    for some in chunks(others, RENEWED):
        with db.reading() as tx:
            held = facts.held_alone(tx, some)
        yield some, held


def show(tx: Tx, moved: Mapping[Subject, str | None]) -> None:
    """Make due the views of customers whose facts have changed."""
    work.add(tx, "render", sorted(one.id for one in moved if one.kind == "customer"))
