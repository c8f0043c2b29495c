"""The clockwork: when it starts what, who of two works, that nothing stops it."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from hub.config import Schedule, load_config
from hub.errors import StoreUnavailableError
from hub.runtime import Runtime
from hub.scheduler import LEASE, Clockwork, first_run, trigger_of
from hub.store import runs
from hub.store.database import Database
from tests.conftest import HandClock

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cron", "after", "starts"),
    [
        ("30 6 * * 1-5", "2026-11-20T10:00+01:00", "2026-11-23T06:30+01:00"),  # Friday -> Monday
        ("30 6 * * 1-5", "2026-11-23T06:00+01:00", "2026-11-23T06:30+01:00"),
        ("30 6 * * 0", "2026-11-23T06:00+01:00", "2026-11-29T06:30+01:00"),  # a Sunday
        ("30 6 * * 7", "2026-11-23T06:00+01:00", "2026-11-29T06:30+01:00"),
        ("0 0 1 * *", "2026-11-23T06:00+01:00", "2026-12-01T00:00+01:00"),
        ("*/20 6-7 * * *", "2026-11-23T07:41+01:00", "2026-11-24T06:00+01:00"),
        ("30 2 * * *", "2026-03-28T12:00+01:00", "2026-03-29T03:30+02:00"),  # the hour that is not
    ],
)
def test_cron_is_meant_as_in_crontab_and_in_the_companys_zone(
    cron: str, after: str, starts: str
) -> None:
    trigger = trigger_of(Schedule(cron=cron), BERLIN)
    found = trigger.get_next_fire_time(None, datetime.fromisoformat(after))
    assert found.timestamp() == datetime.fromisoformat(starts).timestamp()


@pytest.mark.parametrize(("every", "jitter"), [("15m", 30), ("1m", 6), ("5s", None)])
def test_an_interval_varies_a_little(every: str, jitter: int | None) -> None:
    trigger = trigger_of(Schedule(every=every), BERLIN)  # type: ignore[arg-type]  # as in YAML
    assert trigger.jitter == jitter


@pytest.mark.parametrize(
    ("last", "due"),
    [
        (None, MONDAY),
        ("2026-11-23T09:50:00.000Z", MONDAY + timedelta(minutes=5)),
        ("2026-11-20T09:50:00.000Z", MONDAY),
        ("2027-11-20T09:50:00.000Z", MONDAY),  # the clock was a year ahead
    ],
)
def test_a_restart_does_not_put_an_interval_off(last: str | None, due: datetime) -> None:
    assert first_run(last, timedelta(minutes=15), MONDAY) == due


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


def _runtime(folder: Path, database: Database, clock: Callable[[], datetime]) -> Runtime:
    (folder / "exports").mkdir(exist_ok=True)
    (folder / "rules").mkdir(exist_ok=True)
    (folder / "hub.yaml").write_text(CONFIG)
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
