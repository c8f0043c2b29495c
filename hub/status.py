"""How each connection is: its last run, how fresh its data is, what waits in quarantine."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from connectors.sdk.positions import BACKFILL, DELETED, FULL, KEPT
from hub.assembly import read_models
from hub.model.run import Run
from hub.pipeline import lease
from hub.pipeline.sync import lease_name
from hub.runtime import Runtime
from hub.store import checkpoints, outbox, overview, quarantine, runs, work
from hub.store.database import Tx
from hub.version import VERSION

OF_THE_SDK = {"", FULL, DELETED, BACKFILL, KEPT}
LONGEST_POSITION = 64
_NEXT = "the next sync goes on from there"
LATE_AFTER = 3
"""A connection is late once this many times its expected interval has passed (rule R20)."""


@dataclass(frozen=True, slots=True)
class Freshness:
    """How old the data is; late is None where nobody said how often it should be read."""

    last_success: str | None
    expected_every_s: int | None
    late: bool | None


@dataclass(frozen=True, slots=True)
class ConnectionState:
    """One connection as it stands; run: the newest, also while it is going on."""

    name: str
    source: str
    system: str
    enabled: bool
    records: int
    quarantined: int
    freshness: Freshness
    run: Run | None
    records_per_s: float | None = None


@dataclass(frozen=True, slots=True)
class StreamState:
    """How far one stream has been read.

    position: where the next run goes on, in the source's own words, where these are few; None: at
    the beginning. parts: how many positions there are beside it, one a parent. listed_at: when its
    last whole listing was, where that is kept.
    """

    name: str
    records: int
    quarantined: int
    position: str | None
    parts: int
    listed_at: str | None


def stream_states(tx: Tx, connection: str) -> list[StreamState]:
    """Return the state of every stream of which something was read, by name."""
    positions = checkpoints.load(tx, connection)
    records, waiting = overview.records_by_stream(tx), quarantine.counts(tx)
    known = {name for at, name in (*records, *waiting) if at == connection} | positions.keys()
    return [
        StreamState(
            name=name,
            records=records.get((connection, name), 0),
            quarantined=waiting.get((connection, name), 0),
            position=_said(positions.get(name, {}).get("")),
            parts=len(positions.get(name, {}).keys() - OF_THE_SDK),
            listed_at=positions.get(name, {}).get(FULL),
        )
        for name in sorted(known)
    ]


def _said(position: str | None) -> str | None:
    """Return a position as it may be shown: the state of a foreign program may hold anything."""
    if position is None or len(position) <= LONGEST_POSITION:
        return position
    return f"({len(position):,} characters)"


def connection_states(runtime: Runtime, tx: Tx) -> list[ConnectionState]:
    """Return the state of every configured connection, in the order of the configuration."""
    latest, success = runs.latest(tx), runs.last_success(tx)
    waiting, records = quarantine.counts(tx), overview.records_by_stream(tx)
    now = runtime.clock()
    alive = lease.held(tx, [lease_name(name) for name in runtime.connections], now)
    return [
        ConnectionState(
            name=name,
            source=connection.source,
            system=connection.system,
            enabled=connection.enabled,
            records=_of(name, records),
            quarantined=_of(name, waiting),
            freshness=_freshness(success.get(name), connection.expected_every, now),
            run=_as_it_is(latest.get(name), lease_name(name) in alive),
            records_per_s=_rate(latest.get(name), now),
        )
        for name, connection in runtime.connections.items()
    ]


def _as_it_is(run: Run | None, is_held: bool) -> Run | None:
    """Return a run as it stands: one that nobody is at any more has failed, though none said so."""
    if run is None or run.state != "running" or is_held:
        return run
    error = f"{runs.INTERRUPTED}; {_NEXT}"
    return replace(run, state="failed", error_kind="transient", error=error)


def _rate(run: Run | None, now: datetime) -> float | None:
    """Return how many records a second a run has read so far, or read in all."""
    if run is None:
        return None
    until = datetime.fromisoformat(run.finished_at) if run.finished_at else now
    seconds = (until - datetime.fromisoformat(run.started_at)).total_seconds()
    return round(run.total("read") / seconds, 1) if seconds > 0 else None


def _of(name: str, counts: dict[tuple[str, str], int]) -> int:
    return sum(count for (connection, _), count in counts.items() if connection == name)


def _freshness(success: str | None, expected: timedelta | None, now: datetime) -> Freshness:
    seconds = int(expected.total_seconds()) if expected else None
    if expected is None:
        return Freshness(success, seconds, None)
    late = success is None or now - datetime.fromisoformat(success) > LATE_AFTER * expected
    return Freshness(success, seconds, late)


@dataclass(frozen=True, slots=True)
class HubState:
    """The whole hub at a glance.

    work: how many items wait before each stage of the street; notices: how many are due, and how
    many were given up; models: kind -> the one in use, its name alone where it is the shipped one.
    """

    version: str
    database: str
    entities: dict[str, int]
    alerts: dict[str, int]
    work: dict[str, int]
    notices: dict[str, int]
    models: dict[str, str]
    connections: list[ConnectionState]


def hub_state(runtime: Runtime, tx: Tx) -> HubState:
    """Return what status pages show."""
    return HubState(
        version=VERSION,
        database=runtime.database.url.get_backend_name(),
        entities=overview.entities_by_kind(tx),
        alerts=overview.alerts_by_condition(tx),
        work=work.counts(tx),
        notices=outbox.unsent(tx),
        models={kind: model.name for kind, model in read_models(runtime.loaded).items()},
        connections=connection_states(runtime, tx),
    )
