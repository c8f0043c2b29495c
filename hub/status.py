"""How each connection is: its last run, how fresh its data is, what waits in quarantine."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from hub.assembly import read_models
from hub.model.run import Run
from hub.runtime import Runtime
from hub.store import overview, quarantine, runs, work
from hub.store.database import Tx
from hub.version import VERSION

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


def connection_states(runtime: Runtime, tx: Tx) -> list[ConnectionState]:
    """Return the state of every configured connection, in the order of the configuration."""
    latest, success = runs.latest(tx), runs.last_success(tx)
    waiting, records = quarantine.counts(tx), overview.records_by_stream(tx)
    now = runtime.clock()
    return [
        ConnectionState(
            name=name,
            source=connection.source,
            system=connection.system,
            enabled=connection.enabled,
            records=_of(name, records),
            quarantined=_of(name, waiting),
            freshness=_freshness(success.get(name), connection.expected_every, now),
            run=latest.get(name),
            records_per_s=_rate(latest.get(name), now),
        )
        for name, connection in runtime.connections.items()
    ]


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

    work: how many items wait before each stage of the street; models: kind -> the one in use, its
    name alone where it is the shipped one.
    """

    version: str
    database: str
    entities: dict[str, int]
    alerts: dict[str, int]
    work: dict[str, int]
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
        models={kind: model.name for kind, model in read_models(runtime.loaded).items()},
        connections=connection_states(runtime, tx),
    )
