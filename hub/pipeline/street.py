"""Drives what is due down the street, move by move, until nothing is left."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from importlib import import_module

from hub.clock import Clock
from hub.collection import rare_collection
from hub.errors import BusyError
from hub.pipeline import lease
from hub.pipeline.canonicalize import canonicalize
from hub.pipeline.propose import propose
from hub.pipeline.thread import thread
from hub.pipeline.vorgang import Telling, tell
from hub.resolution.edition import EDITION
from hub.resolution.model import Model
from hub.store import canonical, resolving, work
from hub.store.database import Database
from mapping.apply import CompiledMapping

log = logging.getLogger(__name__)

STAGES = ("canonicalize", "resolve", "thread", "propose", "vorgang", "alert", "render", "review")

LASTS = timedelta(minutes=15)
"""The longest batch, the scoring of a whole kind, is done by then."""

Move = Callable[[Database, datetime], int]
"""Works off one batch that is due; returns how many items that were, 0 where none is left."""


@dataclass(frozen=True, slots=True)
class Street:
    """What the moves need. mappings: by connection; models: by kind; alert and render: the moves
    that know rules and texts; currency: the company's; models_now: reads the models once nobody
    else walks: one may have been switched on since."""

    mappings: Mapping[str, CompiledMapping]
    models: Mapping[str, Model]
    alert: Move
    render: Move
    currency: str = "EUR"
    models_now: Callable[[], Mapping[str, Model]] | None = None


@dataclass(slots=True)
class WalkSummary:
    """What one walk did. items: by stage; handed_over: another process walks and does it all."""

    items: dict[str, int] = field(default_factory=lambda: dict.fromkeys(STAGES, 0))
    handed_over: bool = False


OnProgress = Callable[[WalkSummary, Mapping[str, int]], None]
"""Told after each batch: what was done so far, and how many items are due by stage."""


def walk(
    db: Database, clock: Clock, street: Street, *, on_progress: OnProgress | None = None
) -> WalkSummary:
    """Work off everything that is due, and return what was done.

    Where another process is at it, that one sees what is due here, too: it is handed over. Raises
    BusyError where that one took over in the middle.
    """
    holder, summary = lease.process_name(), WalkSummary()
    with db.transaction() as tx:
        if lease.acquire(tx, "street", holder, clock(), LASTS):
            summary.handed_over = True
            return summary
        for connection, mapping in street.mappings.items():
            if canonical.remap(tx, connection, mapping.version):
                log.info("mapping changed, all records are mapped again connection=%s", connection)
    try:
        if street.models_now:
            street = replace(street, models=street.models_now())
        with rare_collection():
            while not _at_end(db, clock, holder):
                _pass(db, clock, street, holder, summary, on_progress)
    except BaseException:
        with db.transaction() as tx:
            lease.release(tx, "street", holder)
        raise
    return summary


def _at_end(db: Database, clock: Clock, holder: str) -> bool:
    """Give the lease back if nothing is due.

    Released before counting, in one transaction: whoever made an item due and then asks for the
    lease either is counted here or waits for this to end and gets it.
    """
    with db.transaction() as tx:
        lease.release(tx, "street", holder)
        if not work.counts(tx):
            return True
        lease.acquire(tx, "street", holder, clock(), LASTS)
    return False


def _pass(
    db: Database,
    clock: Clock,
    street: Street,
    holder: str,
    summary: WalkSummary,
    on_progress: OnProgress | None,
) -> None:
    moves: dict[str, Move] = {
        "canonicalize": lambda db, now: canonicalize(db, street.mappings, now),
        "resolve": lambda db, now: _resolve(db, street.models, now),
        "thread": lambda db, _: thread(db),
        "propose": lambda db, _: propose(db),
        "vorgang": lambda db, now: tell(db, now, _telling(street)),
        "alert": street.alert,
        "render": street.render,
        "review": lambda db, _: _review(db, street.models),
    }
    for stage in STAGES:
        while done := moves[stage](db, clock()):
            summary.items[stage] += done
            _hold(db, clock, holder)
            if on_progress:
                with db.reading() as tx:
                    on_progress(summary, work.counts(tx))


def _resolve(db: Database, models: Mapping[str, Model], now: datetime) -> int:
    """Resolve what is due; where nothing is, numpy, scipy and all that reads names stay unloaded.

    Most syncs bring nothing new: what loads that takes longer than they do.
    """
    with db.reading() as tx:
        names = {kind: one.name for kind, one in models.items()}
        if not resolving.is_due(tx, names, EDITION):
            return 0
    done: int = import_module("hub.pipeline.resolve").resolve_some(db, models, now)
    return done


def _review(db: Database, models: Mapping[str, Model]) -> int:
    """Look over what is due; else it stays unloaded, as what resolves does."""
    with db.reading() as tx:
        if not work.take(tx, "review", 1):
            return 0
    done: int = import_module("hub.pipeline.review").review(db, models)
    return done


def _telling(street: Street) -> Telling:
    kinds = {
        entry.kind
        for mapping in street.mappings.values()
        for entries in mapping.streams.values()
        for entry in entries
    }
    return Telling(street.currency, "contract" in kinds)


def _hold(db: Database, clock: Clock, holder: str) -> None:
    with db.transaction() as tx:
        if not lease.renew(tx, "street", holder, clock(), LASTS):
            raise BusyError("another process took over; it does what is left to do")
