"""Observes subjects: reads what the records of a batch say, and stores what has moved."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hub.alerts.business_time import BusinessTime
from hub.alerts.source_health import source_observation
from hub.clock import instant_text
from hub.model.day import Day
from hub.model.fact import Subject
from hub.model.setting import Company, ConnectionInfo
from hub.pipeline.observe_customers import Kept, see_customers, see_deviations
from hub.pipeline.observe_entities import LOOKS
from hub.pipeline.observe_papers import see_papers
from hub.pipeline.sift import Sieve
from hub.store import credential_ends, fact_papers, facts, restless, run_history, vorgaenge
from hub.store.database import Tx
from hub.store.facts import Observed, Seen
from hub.store.settling import Around, settle, settle_first
from hub.version import VERSION

PARTS = ("deviation", "conflict")
"""Subjects that are made beside a customer, several of each."""
OBSERVED = frozenset({"customer", *PARTS, *fact_papers.PAPERS, *LOOKS})


@dataclass(frozen=True, slots=True)
class Observer:
    """Who looks, and when. feeds: connection -> how many rules read it."""

    company: Company
    now: datetime

    @property
    def day(self) -> Day:
        """Return the day that windows end on."""
        today = BusinessTime(self.company).today(self.now)
        return Day(today, instant_text(self.now), self.company.currency)

    @property
    def look(self) -> str:
        """Name what observations hang on beside records: seen another way, all is seen anew."""
        return f"{VERSION} {self.company.currency} {self.company.time_zone}"

    def values_alike(self, look: str) -> bool:
        """Say whether who looked that way told amounts in the same currency."""
        return self.company.currency in look.split()


def observe(
    tx: Tx,
    observer: Observer,
    subjects: Collection[Subject],
    *,
    alone: bool = False,
    first: Sieve | None = None,
    around: Around | None = None,
) -> dict[Subject, str | None]:
    """Look at subjects again and store what has changed; return those, with their customers.

    With a customer come its deviations and conflicts. Sources are observed apart. alone: everything
    is looked at, part by part: with customers come all their papers, and what rests on subjects
    comes by itself. first: where nothing was yet, the sieve that all goes through. around: is told
    of all that stands beside.
    """
    day = observer.day
    writing = _Writing(tx, day.now, first, around)
    asked = {_whole(subject) for subject in subjects if subject.kind in OBSERVED}
    ties: fact_papers.Ties = {}
    if not alone:
        asked |= _resting_on(writing, asked, ties)
    by_kind = _by_kind(asked)
    customers = sorted(by_kind.pop("customer", ()))
    papers = {one for kind in fact_papers.PAPERS for one in by_kind.get(kind, ())}
    kept = Kept(None if alone else papers, ties)
    moved = _settle_customers(writing, day, customers, kept) if customers else {}
    # Leads and campaigns look at what stands of customers, so those come first.
    changed = [one.id for one in moved if one.kind == "customer" and not alone]
    leads = facts.parts_of(tx, ("lead",), changed) if changed else set()
    papers |= {one.id for one in leads}
    late: Seen = {}
    others = fact_papers.papers(tx, [one for one in papers if one not in kept.read])
    see_papers(tx, day, [*kept.read.values(), *others], late)
    for kind, look in LOOKS.items():
        if by_kind.get(kind):
            look(tx, day, sorted(by_kind[kind]), late)
    named = [one for one in asked | leads if one.kind != "customer"]
    moved.update(writing.settle(late.keys() | named if named else late, late))
    return moved


@dataclass(frozen=True, slots=True)
class _Writing:
    """Stores what is seen in one look. first, around: as `observe` takes them."""

    tx: Tx
    now: str
    first: Sieve | None
    around: Around | None

    def settle(self, asked: Collection[Subject], seen: Seen) -> dict[Subject, str | None]:
        if self.first is None:
            return settle(self.tx, asked, seen, self.now, around=self.around)
        restless.note(self.tx, self.first.wakes(seen))
        return settle_first(self.tx, seen, self.now)

    def parts_of(self, kinds: Collection[str], customers: Collection[str]) -> set[Subject]:
        """Return the subjects of these kinds that belong to these customers."""
        reads = facts.parts_of if self.around is None else self.around.parts
        return reads(self.tx, kinds, customers)


def _settle_customers(
    writing: _Writing, day: Day, ids: Sequence[str], kept: Kept
) -> dict[Subject, str | None]:
    seen: Seen = {}
    see_customers(writing.tx, day, ids, seen, kept)
    asked = {Subject("customer", one) for one in ids} | seen.keys()
    if writing.first is None:
        asked |= writing.parts_of(PARTS, ids)
    return writing.settle(asked, seen)


def observe_deviations(
    tx: Tx, observer: Observer, customers: Collection[str]
) -> dict[Subject, str | None]:
    """Look at the figures of customers again once a month is over, and at nothing else of them."""
    day = observer.day
    seen: Seen = {}
    see_deviations(tx, day, customers, seen)
    asked = facts.parts_of(tx, ("deviation",), customers) | seen.keys()
    return settle(tx, asked, seen, day.now)


def _by_kind(subjects: Collection[Subject]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for kind, name in subjects:
        found.setdefault(kind, set()).add(name)
    return found


def _resting_on(
    writing: _Writing, asked: Collection[Subject], ties: fact_papers.Ties
) -> set[Subject]:
    """Return what is observed by way of what was asked for; put the links read for it into `ties`.

    A deal counts the orders of its quotes and the projects of its orders; a project what its orders
    are billed; an invoice names its order's value; a case counts its urgent tickets and waits for
    its invoices to fall due; a contact speaks for papers without a name.
    """
    tx = writing.tx
    ids: dict[str, list[str]] = {}
    for subject in asked:
        ids.setdefault(subject.kind, []).append(subject.id)
    orders = ids.get("order", [])
    ties |= fact_papers.linked(tx, [*orders, *ids.get("quote", ())])
    quotes = {one for links in ties.values() for one in links.get("quote", ())}
    ties |= fact_papers.linked(tx, quotes)
    found = {Subject("deal", one) for links in ties.values() for one in links.get("deal", ())}
    if orders:
        projects = fact_papers.projects_of(tx, "order", orders)
        found |= {Subject("project", project) for _, project in projects}
        found |= {Subject("invoice", one) for one in fact_papers.hanging_on(tx, orders, "invoice")}
    members = [*ids.get("ticket", ()), *ids.get("invoice", ())]
    cases = vorgaenge.of_members(tx, members) if members else set()
    found |= {Subject("vorgang", one) for one in cases}
    return found | writing.parts_of(("contact",), ids.get("customer", ()))


def _whole(subject: Subject) -> Subject:
    """Return what is observed: a deviation or conflict comes with its customer."""
    if subject.kind in PARTS:
        return Subject("customer", subject.id.partition("/")[0])
    return subject


def observe_sources(
    tx: Tx,
    connections: Sequence[ConnectionInfo],
    feeds: Mapping[str, int],
    now: datetime,
    names: Collection[str],
) -> dict[Subject, dict[str, Any]]:
    """Look at connections again; one that is not in use any more has no facts.

    Returns each as evidence names it, with its last runs.
    """
    wanted = [one for one in connections if one.name in names]
    history = run_history.recent(tx, [one.name for one in wanted])
    losing = [
        name for name, some in history.items() if some[0].total("deleted") or some[0].total("held")
    ]
    living = run_history.living(tx, losing)
    ends = credential_ends.all_of(tx)
    seen: Seen = {}
    shown: dict[Subject, dict[str, Any]] = {}
    for one in wanted:
        subject, ran = Subject("source", one.name), history.get(one.name, [])
        alive, rules, end = living.get(one.name), feeds.get(one.name, 0), ends.get(one.name)
        found = source_observation(one, ran, alive, rules, end)
        seen[subject] = Observed(None, one.name, found)
        runs = [
            {"id": run.id, "state": run.state, "started_at": run.started_at, "error": run.error}
            for run in ran[:3]
        ]
        shown[subject] = {"connection": one.name, "system": one.system, "runs": runs}
    settle(tx, [Subject("source", name) for name in names], seen, instant_text(now))
    return shown
