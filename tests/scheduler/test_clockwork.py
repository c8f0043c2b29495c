"""The clockwork: who of two works, what takes its turn, that nothing stops it."""

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from hub.config import Schedule, load_config
from hub.errors import BusyError, StoreUnavailableError
from hub.pipeline import lease
from hub.runtime import Runtime
from hub.scheduler import AT_ONCE, LEASE, Clockwork, trigger_of
from hub.store import runs, tables
from hub.store.database import Database
from tests.cli.running import start
from tests.conftest import HandClock

BERLIN = ZoneInfo("Europe/Berlin")


CONFIG = """\
connections:
  crm:
    source: files
    system: crm
    mapping: crm.yaml
    schedule: {every: 1s}
    config: {path: exports, streams: {accounts: {path: accounts.jsonl, key: id}}}
  books:
    source: files
    system: accounting
    mapping: crm.yaml
    config: {path: exports, streams: {accounts: {path: books.jsonl, key: id}}}
  off:
    source: files
    system: projects
    mapping: crm.yaml
    enabled: false
    schedule: {every: 1s}
    config: {path: exports, streams: {accounts: {path: off.jsonl, key: id}}}
"""


def _runtime(
    folder: Path, database: Database, clock: Callable[[], datetime], schedule: str = "every: 1s"
) -> Runtime:
    (folder / "exports").mkdir(exist_ok=True)
    (folder / "rules").mkdir(exist_ok=True)
    (folder / "hub.yaml").write_text(CONFIG.replace("every: 1s", schedule))
    (folder / "crm.yaml").write_text(
        "streams: {accounts: [{kind: organization, fields: {name: name}}]}"
    )
    (folder / "exports/accounts.jsonl").write_text('{"id": "A-1", "name": "Weber GmbH"}\n')
    return Runtime(load_config(folder / "hub.yaml"), database, clock, {})


@pytest.fixture
def runtime(tmp_path: Path, database: Database, clock: HandClock) -> Runtime:
    return _runtime(tmp_path, database, clock)


def _last_states(runtime: Runtime) -> dict[str, str]:
    with runtime.database.reading() as tx:
        return {name: run.state for name, run in runs.latest(tx).items()}


def test_a_job_reads_and_works_off_what_changed(runtime: Runtime) -> None:
    clockwork = Clockwork(runtime)
    clockwork.sync("crm")
    clockwork.sweep()
    assert _last_states(runtime) == {"crm": "succeeded"}
    with runtime.database.reading() as tx:
        assert runs.latest(tx)["crm"].total("created") == 1
    clockwork.close()


def test_of_two_processes_one_works_and_the_other_takes_over(
    runtime: Runtime, clock: HandClock
) -> None:
    first, second = Clockwork(runtime), Clockwork(runtime)
    assert (first.leads(), second.leads(), first.leads()) == (True, False, True)
    second.sync("crm")
    assert _last_states(runtime) == {}
    clock.turn(minutes=3)  # the first has not been heard of
    second.sync("crm")
    assert _last_states(runtime) == {"crm": "succeeded"}
    assert not first.leads()
    second.close()
    assert first.leads()


def _noted(runtime: Runtime, **columns: object) -> None:
    row = {"connection": "crm", "state": "succeeded", "progress": "{}", **columns}
    with runtime.database.transaction() as tx:
        tx.execute(sa.insert(tables.runs), [row])


@pytest.mark.parametrize(
    ("schedule", "run", "reads"),
    [
        ("every: 24h", {"started_at": "2026-11-22T09:00:00.000Z"}, True),  # an hour overdue
        ("every: 24h", {"started_at": "2026-11-23T09:59:00.000Z"}, False),  # by the other, just now
        ("every: 24h", {"started_at": "2026-11-23T09:59:00.000Z", "state": "running"}, True),
        ("every: 24h", {"started_at": "2026-11-23T09:59:00.000Z", "state": "cancelled"}, True),
        ("every: 24h", {"started_at": "2027-11-23T09:59:00.000Z"}, True),  # a clock put back
        ('cron: "0 6 * * *"', {"started_at": "2026-11-22T05:00:00.000Z"}, True),  # 6 has passed
        ('cron: "0 6 * * *"', {"started_at": "2026-11-23T05:00:00.100Z"}, False),
        ('cron: "0 6 * * *"', {"started_at": "2026-11-23T09:00:00.000Z"}, False),  # by hand
        ('cron: "0 6 * * *"', {"started_at": "2026-11-23T05:00:00.000Z", "state": "running"}, True),
    ],
)
def test_who_takes_over_reads_what_was_left_out_or_broken_off_and_nothing_twice(
    tmp_path: Path,
    database: Database,
    clock: HandClock,
    schedule: str,
    run: dict[str, object],
    reads: bool,
) -> None:
    runtime = _runtime(tmp_path, database, clock, schedule)
    _noted(runtime, **run)
    clockwork = Clockwork(runtime)
    clockwork._scheduler.start(paused=True)
    assert clockwork.leads()
    job = clockwork._scheduler.get_job("sync:crm")
    assert (job.next_run_time <= clock()) == reads
    for _ in range(2):
        clockwork.sync("crm")
    with database.reading() as tx:
        assert len(runs.history(tx, "crm", 5)) == 1 + reads
    clockwork.close()


def test_what_a_person_broke_off_waits_for_its_time(runtime: Runtime) -> None:
    at = "2026-11-23T09:59:59.900Z"
    _noted(runtime, started_at=at, state="cancelled", cancel_asked=True)
    clockwork = Clockwork(runtime)
    clockwork.sync("crm")
    assert _last_states(runtime) == {"crm": "cancelled"}
    clockwork.close()


def test_what_somebody_reads_is_asked_for_again_soon(
    tmp_path: Path, database: Database, clock: HandClock
) -> None:
    runtime = _runtime(tmp_path, database, clock, "every: 24h")
    clockwork = Clockwork(runtime)
    clockwork._scheduler.start(paused=True)
    with database.transaction() as tx:
        lease.acquire(tx, "sync:crm", "elsewhere:1:1:a", clock())
    clockwork.sync("crm")
    job = clockwork._scheduler.get_job("sync:crm")
    assert job.next_run_time <= datetime.now(UTC) + timedelta(minutes=1)
    clockwork.close()


def test_slow_sources_keep_neither_notices_nor_sweeps_waiting(
    tmp_path: Path, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    runtime = _runtime(tmp_path, database, lambda: datetime.now(UTC))
    told, enough = threading.Event(), threading.Event()
    monkeypatch.setattr(Runtime, "sync", lambda *_, **__: enough.wait(30))
    monkeypatch.setattr(Runtime, "announce", lambda _: told.set())
    clockwork = Clockwork(runtime)
    for number in range(AT_ONCE):
        clockwork._scheduler.add_job(clockwork.sync, args=["crm"], id=f"slow:{number}")
    clockwork._scheduler.get_job("tell").modify(next_run_time=datetime.now(UTC))
    clockwork.start()
    assert told.wait(10)
    enough.set()
    clockwork.close()


def test_whoever_stops_waits_for_a_job_that_asks_for_other_jobs(
    tmp_path: Path, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    runtime = _runtime(tmp_path, database, lambda: datetime.now(UTC))
    begun, stopping = threading.Event(), threading.Event()

    def busy(*_: object, **__: object) -> None:
        begun.set()
        stopping.wait(30)
        raise BusyError("somebody reads it")

    monkeypatch.setattr(Runtime, "sync", busy)
    clockwork = Clockwork(runtime)
    clockwork.start()
    assert begun.wait(10)
    pool = clockwork._pools["default"]
    ends = pool.shutdown

    def shutdown(wait: bool) -> None:  # as the scheduler calls it, holding its locks
        threading.Timer(0.1, stopping.set).start()
        ends(wait)

    monkeypatch.setattr(pool, "shutdown", shutdown)
    closing = threading.Thread(target=clockwork.close, daemon=True)
    closing.start()
    closing.join(20)
    assert not closing.is_alive()


def test_of_two_servers_one_reads_and_the_other_goes_on_when_it_is_killed(
    tmp_path: Path, new_postgresql_url: Callable[[], str]
) -> None:
    url = new_postgresql_url()
    database = Database(url)
    _runtime(tmp_path, database, lambda: datetime.now(UTC))
    serving = [
        *("serve", "--port", "0", "--with-scheduler", "--config", str(tmp_path / "hub.yaml")),
    ]
    servers = [start(*serving, folder=tmp_path, HUB_DATABASE_URL=url) for _ in range(2)]
    try:
        _wait_for(database, 2)
        led = _leader(database)
        first = next(one for one in servers if one.pid == led)
        first.kill()
        first.wait()
        with database.reading() as tx:
            before = len(runs.history(tx, "crm", 1000))
        _wait_for(database, before + 2)
        assert {_leader(database)} == {one.pid for one in servers} - {led}
        with database.reading() as tx:
            every = runs.history(tx, "crm", 1000)
        every.sort(key=lambda one: one.started_at)
        pauses = [
            datetime.fromisoformat(after.started_at) - datetime.fromisoformat(one.started_at)
            for one, after in pairwise(every)
            if one.state == "succeeded"  # one that was killed is begun again at once
        ]
        assert min(pauses) >= timedelta(seconds=0.5)
    finally:
        for one in servers:
            one.kill()
            one.communicate()
        database.close()


def _leader(database: Database) -> int:
    with database.reading() as tx:
        holder = tx.execute(sa.select(tables.leases.c.holder).where(tables.leases.c.name == LEASE))
        return int(str(holder.scalar_one()).split(":")[1])


def _wait_for(database: Database, count: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with database.reading() as tx:
            if len(runs.history(tx, "crm", 1000)) >= count:
                return
        time.sleep(0.2)
    raise AssertionError(f"fewer than {count} runs in a minute")


def test_a_failed_job_is_noted_and_the_next_goes_on(
    runtime: Runtime, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "crm.yaml").write_text("strems: {}")
    clockwork = Clockwork(runtime)
    clockwork.sync("books")
    clockwork.sync("none")
    clockwork.sync("crm")
    clockwork.sweep()
    assert _last_states(runtime) == {"books": "failed", "crm": "succeeded"}
    assert "there is no connection 'none'" in caplog.text
    assert "did you mean streams?" in caplog.text


def test_an_unforeseen_error_does_not_stop_it_either(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def explode(*_: object, **__: object) -> None:
        raise KeyError("Eva Weber")

    monkeypatch.setattr(Runtime, "sync", explode)
    monkeypatch.setattr(Runtime, "sweep", explode)
    clockwork = Clockwork(runtime)
    clockwork.sync("crm")
    clockwork.sweep()
    assert "error=KeyError" in caplog.text
    assert "Eva" not in caplog.text


def test_a_heartbeat_survives_a_database_that_is_away(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def away(_: Clockwork) -> bool:
        raise StoreUnavailableError("away")

    monkeypatch.setattr(Clockwork, "leads", away)
    Clockwork(runtime)._beat()
    assert "heartbeat failed: away" in caplog.text


@pytest.mark.parametrize("schedule", ["every: 24h", 'cron: "0 6 * * *"'])
def test_what_fell_due_while_the_database_was_away_is_read_as_it_comes_back(
    tmp_path: Path,
    database: Database,
    clock: HandClock,
    schedule: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    runtime = _runtime(tmp_path, database, clock, schedule)
    clockwork = Clockwork(runtime)
    clockwork._scheduler.start(paused=True)
    clockwork.sync("crm")
    job = clockwork._scheduler.get_job("sync:crm")
    tomorrow = clock.turn(hours=25) + timedelta(days=1)
    job.modify(next_run_time=tomorrow)
    clockwork._beat()
    assert job.next_run_time == tomorrow
    clockwork._runtime = replace(runtime, database=Database("postgresql://u@127.0.0.1:1/hub"))
    clockwork.sync("crm")
    (said,) = caplog.messages
    assert "sync failed connection=crm: database postgresql://u@127.0.0.1:1/hub: conn" in said
    assert "\n" not in said
    clockwork._runtime = runtime
    clockwork._beat()
    assert job.next_run_time == clock()
    clockwork.close()


def test_a_clock_that_is_put_back_keeps_no_job_waiting(runtime: Runtime) -> None:
    clockwork = Clockwork(runtime)
    scheduler = clockwork._scheduler
    scheduler.start(paused=True)
    now = datetime.now(UTC)
    clockwork.put_forward(now)
    before = {job.id: job.next_run_time for job in scheduler.get_jobs()}
    cron = trigger_of(Schedule(cron="0 6 * * *"), BERLIN)
    scheduler.add_job(clockwork.sweep, cron, id="daily")
    for job in scheduler.get_jobs():
        job.modify(next_run_time=now + timedelta(days=400))
    clockwork.put_forward(now)
    after = {job.id: job.next_run_time for job in scheduler.get_jobs()}
    daily = after.pop("daily")
    assert now < daily <= now + timedelta(days=1)
    assert after == dict.fromkeys(before, now)
    clockwork.close()


def test_it_runs_by_itself_what_is_switched_on_and_ends_when_told(
    tmp_path: Path, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    runtime = _runtime(tmp_path, database, lambda: datetime.now(UTC))
    read: list[str] = []
    enough = threading.Event()
    plain = Runtime.sync

    def counted(self: Runtime, name: str, **options: object) -> object:
        run = plain(self, name, **options)  # type: ignore[arg-type]
        read.append(name)
        if len(read) == 2:
            enough.set()
        return run

    monkeypatch.setattr(Runtime, "sync", counted)
    clockwork = Clockwork(runtime)
    clockwork.start()
    assert enough.wait(30)
    clockwork.close()
    count = len(read)
    assert set(read) == {"crm"}
    clockwork.sync("crm")
    assert len(read) == count
    with database.reading() as tx:
        held = tx.exec_driver_sql("SELECT name FROM leases").scalars().all()
    assert LEASE not in held
