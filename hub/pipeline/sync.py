"""Reads one connection into the store: a page is a transaction, no cursor passes its data."""

import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic

from connectors.sdk.contract import Connector, PartitionedStream, RecallingStream, Stream
from connectors.sdk.errors import ConnectorError, SourceContractError
from connectors.sdk.record import End, Page, Recalled, Rejected
from hub.clock import Clock, instant_text
from hub.errors import BusyError, HubError, StoreUnavailableError
from hub.model.run import ErrorKind, Run, RunState, StreamProgress
from hub.pipeline import lease
from hub.pipeline.absence import LOOKED_UP, all_gone
from hub.pipeline.failing import kind_of, place_of
from hub.pipeline.known import KnownPages
from hub.store import checkpoints, drift, quarantine, runs, staging, suppressions, work
from hub.store.database import Database, Tx
from hub.store.seen_ids import SeenIds
from hub.store.suppressions import Sieve

log = logging.getLogger(__name__)

SMALL_STREAM = 20
"""Up to this many records a stream may lose any share of them without asking a person."""

SAVED_EVERY_S = 1.0
"""How often progress is stored while pages have nothing else to store."""

OnProgress = Callable[[Run], None]


class _CancelledError(Exception):
    """A person asked the run to stop."""


@dataclass(slots=True)
class _Sync:
    """What every step of one run needs."""

    db: Database
    clock: Clock
    holder: str
    run: Run
    max_delete_share: float
    on_progress: OnProgress
    cancel: threading.Event
    sieve: Sieve | None
    since: dict[str, dict[str, str]] = field(default_factory=dict)
    saved_at: float = 0.0

    def now(self) -> str:
        return instant_text(self.clock())

    def hold(self, tx: Tx) -> None:
        """Keep the lease, in the transaction it protects; somebody else's means: write nothing."""
        if not lease.renew(tx, lease_name(self.run.connection), self.holder, self.clock()):
            raise BusyError(
                f"connection {self.run.connection}: another process took over this sync; "
                "what was committed stands and it goes on from there"
            )

    def save(self, tx: Tx) -> None:
        """Store progress, and hear whether somebody wants the run to stop."""
        self.saved_at = monotonic()
        if runs.save(tx, self.run):
            self.cancel.set()


@dataclass(frozen=True, slots=True)
class _Reading:
    """One stream being read: what it has shown so far."""

    stream: Stream
    progress: StreamProgress
    seen: SeenIds
    known: KnownPages


def lease_name(connection: str) -> str:
    """Return the lease under which a connection is read."""
    return f"sync:{connection}"


def hold_connection(tx: Tx, connection: str, holder: str, now: datetime) -> None:
    """Take the lease of a connection; raises BusyError where somebody else reads it."""
    other = lease.acquire(tx, lease_name(connection), holder, now)
    if other:
        raise BusyError(f"connection {connection} is being read by {other}; wait for it to end")


def sync_connection(
    db: Database,
    clock: Clock,
    *,
    name: str,
    connector: Connector,
    max_delete_share: float = 0.2,
    accept_deletes: bool = False,
    go_back: Mapping[str, str] | None = None,
    on_progress: OnProgress | None = None,
    cancel: threading.Event | None = None,
    sieve: Sieve | None = None,
) -> Run:
    """Read every stream of a connection and return the finished run.

    A stream that fails leaves the others alone; the next run goes on from what its pages committed.
    max_delete_share: a complete listing that lacks more than this share of a stream deletes nothing
    until `accept_deletes`. go_back: stream -> the position to read from, "" for the beginning.
    Raises BusyError while another run reads it, StoreUnavailableError where the database fails.
    """
    holder = lease.process_name()
    with db.transaction() as tx:
        now = clock()
        hold_connection(tx, name, holder, now)
        run = runs.start(tx, name, instant_text(now))
        since = checkpoints.go_back(tx, name, go_back or {})
    sync = _Sync(
        db,
        clock,
        holder,
        run,
        max_delete_share=1.0 if accept_deletes else max_delete_share,
        on_progress=on_progress or (lambda _: None),
        cancel=cancel or threading.Event(),
        sieve=sieve,
        since=since,
    )
    _read_or_abandon(sync, connector)
    _finish(sync)
    return run


def _read_or_abandon(sync: _Sync, connector: Connector) -> None:
    try:
        _read_all(sync, connector)
    except _CancelledError:
        sync.run.state = "cancelled"
    except BaseException:
        _abandon(sync)
        raise


def _read_all(sync: _Sync, connector: Connector) -> None:
    sync.on_progress(sync.run)
    try:
        streams = connector.streams()
    except ConnectorError as error:
        sync.run.error_kind, sync.run.error = kind_of(error), str(error)
        return
    for stream in streams:
        progress = sync.run.streams[stream.name] = StreamProgress()
        try:
            _read_stream(sync, stream, progress)
        except ConnectorError as error:
            if sync.cancel.is_set():  # it was waiting for its source when it was told
                raise _CancelledError from error
            _fail(progress, kind_of(error), str(error))
        except (HubError, _CancelledError):
            raise
        except Exception as error:  # noqa: BLE001  # the source's code, or its author's: the next stream goes on
            _fail(progress, "bug", place_of(error))
        if progress.error:
            log.warning(
                "stream failed connection=%s stream=%s kind=%s",
                sync.run.connection,
                stream.name,
                progress.error_kind,
            )


def _fail(progress: StreamProgress, kind: ErrorKind, text: str) -> None:
    progress.state, progress.error_kind, progress.error = "failed", kind, text


def _read_stream(sync: _Sync, stream: Stream, progress: StreamProgress) -> None:
    known = KnownPages(sync.db, sync.run.connection, stream.name)
    reading = _Reading(stream, progress, SeenIds(), known)
    end = _read_pages(sync, reading)
    if end.complete and end.shifting and _is_doubtful(sync, reading):
        end = _read_again(sync, reading)
    _store_end(sync, reading, end)


def _is_doubtful(sync: _Sync, reading: _Reading) -> bool:
    """Return whether records are missing of which the source does not say that they are gone."""
    stream = reading.stream
    with sync.db.reading() as tx:
        gone, _ = staging.absent(tx, sync.run.connection, stream.name, reading.seen)
        few = staging.payloads(tx, gone[: LOOKED_UP + 1])
    return bool(gone) and not all_gone(stream, [row.key for row in few])


def _read_again(sync: _Sync, reading: _Reading) -> End:
    """List once more before an absence is believed; what comes now was only passed over before."""
    progress = reading.progress
    read, unchanged = progress.read, progress.unchanged
    brought = progress.created + progress.changed
    end = _read_pages(sync, reading)
    progress.read = read + progress.created + progress.changed - brought
    progress.unchanged = unchanged
    return end


def _read_pages(sync: _Sync, reading: _Reading) -> End:
    """Store each page and return the stated end."""
    stream, progress = reading.stream, reading.progress
    end: End | None = None
    for item in _items(reading, sync.since.get(stream.name, {})):
        if end is not None:
            raise SourceContractError(f"stream {stream.name}: it went on after its stated end")
        if sync.cancel.is_set():
            raise _CancelledError
        if isinstance(item, End):
            end = item
        elif item.recalled is None:
            _store_page(sync, reading, item)
        else:
            _pass_over(sync, reading, item, item.recalled)
    if end is None:
        raise SourceContractError(
            f"stream {stream.name}: it stopped after {progress.read} records without stating its "
            "end; nothing is taken as deleted"
        )
    if end.total is not None and end.total > progress.read + progress.quarantined:
        raise SourceContractError(
            f"stream {stream.name}: the source says {end.total} records, "
            f"{progress.read + progress.quarantined} arrived"
        )
    return end


def _items(reading: _Reading, positions: Mapping[str, str]) -> Iterator[Page | End]:
    stream = reading.stream
    if isinstance(stream, RecallingStream):
        return stream.read_recalling(positions, reading.known)
    if isinstance(stream, PartitionedStream):
        return stream.read_from(positions)
    return stream.read(positions.get(""))


def _pass_over(sync: _Sync, reading: _Reading, page: Page, recalled: Recalled) -> None:
    """Count a page whose records all stand as it holds them; at most its position is to be stored.

    Progress, lease and a wish to stop are then seen to once a second.
    """
    reading.progress.read += len(recalled.keys)
    reading.progress.unchanged += len(recalled.keys)
    if page.cursor is not None or monotonic() - sync.saved_at >= SAVED_EVERY_S:
        with sync.db.transaction() as tx:
            sync.hold(tx)
            if page.cursor is not None:
                cursors = {page.partition: page.cursor}
                checkpoints.save(tx, sync.run.connection, reading.stream.name, cursors, sync.now())
            sync.save(tx)
    reading.seen.add(recalled.ids)
    sync.on_progress(sync.run)


def _store_page(sync: _Sync, reading: _Reading, page: Page) -> None:
    """Commit records, quarantine, checkpoint, progress and lease together."""
    connection, run_id, now = sync.run.connection, sync.run.id, sync.now()
    stream, progress = reading.stream.name, reading.progress
    with sync.db.transaction() as tx:
        sync.hold(tx)
        stored = store_page(tx, connection, stream, page, run_id=run_id, now=now, sieve=sync.sieve)
        staged, rejected = stored.staged, stored.rejected
        reading.known.keep(tx, page, staged.standing, rejected=len(rejected))
        progress.read += len(page.records) + len(page.rejected) - len(rejected)
        progress.kept_out += stored.kept_out
        progress.created += staged.created
        progress.changed += staged.changed
        progress.unchanged += staged.unchanged
        progress.deleted += staged.deleted
        progress.quarantined += len(rejected)
        sync.save(tx)
    reading.seen.add(stored.present)
    sync.on_progress(sync.run)
    if len(rejected) > max(10, len(page.records)):
        raise SourceContractError(
            f"stream {stream}: {len(rejected)} of {len(rejected) + len(page.records)} records of a "
            f"page are unusable, first: {rejected[0].where}: {rejected[0].reason}"
        )


@dataclass(frozen=True, slots=True)
class Stored:
    """What a page brought. present: ids of the records that are there, also by a rejected row;
    kept_out: how much of it was of somebody erased."""

    staged: staging.Staged
    rejected: Sequence[Rejected]
    present: Sequence[int]
    kept_out: int


def store_page(
    tx: Tx,
    connection: str,
    stream: str,
    page: Page,
    *,
    run_id: int,
    now: str,
    sieve: Sieve | None = None,
) -> Stored:
    """Write records, quarantine, checkpoint and drift, and return what they brought.

    Whoever commits the transaction holds the lease of the connection.
    """
    staged = staging.stage(tx, connection, stream, page.records, now=now, sieve=sieve)
    came = [*page.rejected, *staged.rejected]
    reads = suppressions.required(tx, sieve) if came else None
    rejected = reads.rejected(tx, connection, stream, came) if reads else came
    quarantine.put(tx, connection, stream, rejected, run_id=run_id, now=now)
    kept = [item.key for item in rejected if item.key is not None]
    alive = staging.ids_of(tx, connection, stream, kept)  # their input waits: not gone
    quarantine.settle(tx, connection, stream, page.records, except_for=kept)
    if page.cursor is not None:
        checkpoints.save(tx, connection, stream, {page.partition: page.cursor}, now)
    drift.note(tx, connection, stream, page.drift, now)
    kept_out = staged.kept_out + len(came) - len(rejected)
    return Stored(staged, rejected, [*staged.present, *alive], kept_out)


def _store_end(sync: _Sync, reading: _Reading, end: End) -> None:
    """Commit the last cursor and, after a complete listing, what has gone from the source."""
    connection, run_id, now = sync.run.connection, sync.run.id, sync.now()
    stream, progress = reading.stream.name, reading.progress
    with sync.db.transaction() as tx:
        sync.hold(tx)
        progress.state, progress.total = "succeeded", end.total
        cursors = dict(end.positions)
        if end.cursor is not None:
            cursors[""] = end.cursor
        checkpoints.save(tx, connection, stream, cursors, now)
        if end.complete:
            quarantine.close_unseen(tx, connection, stream, run_id)
            reading.known.forget_others(tx)
            gone, living = staging.absent(tx, connection, stream, reading.seen)
            if _too_many(sync, len(gone), living):
                progress.held = len(gone)
                _fail(progress, "deletes_held", _held_text(sync, stream, len(gone), living))
            else:
                staging.delete(tx, gone, now=now)
                progress.deleted += len(gone)
        runs.save(tx, sync.run)
    sync.on_progress(sync.run)


def _too_many(sync: _Sync, gone: int, living: int) -> bool:
    return living > SMALL_STREAM and gone > sync.max_delete_share * living


def _held_text(sync: _Sync, stream: str, gone: int, living: int) -> str:
    return (
        f"stream {stream}: {gone} of {living} records are gone from the source, more than the "
        f"allowed {sync.max_delete_share:.0%}; none was deleted. If that is right: "
        f"hub sync {sync.run.connection} --accept-deletes"
    )


def _finish(sync: _Sync) -> None:
    run = sync.run
    states = {stream.state for stream in run.streams.values()}
    if run.state == "running":
        run.state = _outcome(states, failed=run.error is not None)
    for stream in run.streams.values():
        if stream.state == "running":
            stream.state = run.state
        if stream.error and not run.error:
            run.error_kind, run.error = stream.error_kind, stream.error
    run.finished_at = sync.now()
    with sync.db.transaction() as tx:
        runs.save(tx, run)
        work.add(tx, "alert", [f"source:{run.connection}"])  # how reliable the source is now
        lease.release(tx, lease_name(run.connection), sync.holder)
    sync.on_progress(run)


def _abandon(sync: _Sync) -> None:
    """Give the lease back, if the store still answers; the next run closes this one."""
    with suppress(StoreUnavailableError), sync.db.transaction() as tx:
        lease.release(tx, lease_name(sync.run.connection), sync.holder)


def _outcome(states: set[RunState], *, failed: bool) -> RunState:
    if failed or states == {"failed"}:
        return "failed"
    return "partial" if "failed" in states else "succeeded"
