"""Reads again what a source said by itself has changed: each record by its key, page by page."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from connectors.sdk.contract import Connector, LookupStream
from connectors.sdk.errors import AuthError, ConnectorError, RetryableError
from connectors.sdk.record import Page
from hub.clock import Clock, instant_text
from hub.errors import BusyError
from hub.pipeline import lease
from hub.pipeline.sync import hold_connection, lease_name, store_page
from hub.store import hints, quarantine
from hub.store.database import Database
from hub.store.hints import Hint
from hub.store.suppressions import Sieve

log = logging.getLogger(__name__)

BATCH = 50
"""Records of one transaction: each costs a question to the source."""
KEPT_FOR = timedelta(days=3)
"""A record that cannot be read for so long is left to the next listing."""


def reread_hinted(
    db: Database, clock: Clock, *, name: str, connector: Connector, sieve: Sieve | None = None
) -> int:
    """Read what is named in the hints of a connection, and return how many records.

    Where there is none, nothing is written. Raises BusyError while a run reads the connection,
    and a ConnectorError where its source cannot be read: the hints stay.
    """
    with db.reading() as tx:
        if not hints.take(tx, name, 1):
            return 0
    streams = {
        stream.name: stream
        for stream in connector.streams()
        if isinstance(stream, LookupStream) and stream.can_look_up
    }
    holder, done = lease.process_name(), 0
    with db.transaction() as tx:
        hold_connection(tx, name, holder, clock())
    try:
        while found := _next(db, clock, name):
            batch = _looked_up(name, streams, found)
            _store(db, clock, name, holder, batch, sieve)
            done += len(batch.read)
            if batch.error is not None:
                raise batch.error
    finally:
        with db.transaction() as tx:
            lease.release(tx, lease_name(name), holder)
    return done


def _next(db: Database, clock: Clock, name: str) -> list[Hint]:
    """Return the hints to read next; those that are too old are dropped."""
    with db.transaction() as tx:
        dropped = hints.expire(tx, name, instant_text(clock() - KEPT_FOR))
        found = hints.take(tx, name, BATCH)
    if dropped:
        log.warning("hints dropped connection=%s count=%d", name, dropped)
    return found


@dataclass(slots=True)
class _Batch:
    """What reading some hints brought: pages by stream, hints that are met, what broke off."""

    pages: list[tuple[str, Page]] = field(default_factory=list)
    read: list[Hint] = field(default_factory=list)
    failed: Hint | None = None
    error: ConnectorError | None = None


def _looked_up(name: str, streams: Mapping[str, LookupStream], found: Sequence[Hint]) -> _Batch:
    """Ask for each record; one that the source will not give out is left to the next listing."""
    batch = _Batch()
    for hint in found:
        stream = streams.get(hint.stream)
        try:
            if stream is not None:  # else it is not read here any longer
                batch.pages.append((hint.stream, stream.look_up(hint.key)))
        except (RetryableError, AuthError) as error:
            batch.failed, batch.error = hint, error
            break
        except ConnectorError as error:
            log.warning("hint not met connection=%s stream=%s: %s", name, hint.stream, error)
        batch.read.append(hint)
    return batch


def _store(
    db: Database, clock: Clock, name: str, holder: str, batch: _Batch, sieve: Sieve | None
) -> None:
    """Commit records, quarantine and the hints they meet together, as a run commits a page."""
    with db.transaction() as tx:
        if not lease.renew(tx, lease_name(name), holder, clock()):
            raise BusyError(f"connection {name}: another process took over")
        now = instant_text(clock())
        for stream, page in batch.pages:
            store_page(tx, name, stream, page, run_id=quarantine.HINT_RUN, now=now, sieve=sieve)
        hints.done(tx, name, batch.read)
        if batch.failed is not None:
            hints.failed(tx, name, batch.failed)
