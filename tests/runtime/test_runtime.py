"""The wiring place: a hub from its configuration, what it refuses, how it stops."""

import socket
import threading
from pathlib import Path

import pytest

from hub.clock import instant_text
from hub.config import load_config
from hub.errors import ConfigError, NotFoundError
from hub.pipeline import lease
from hub.pipeline.sync import lease_name
from hub.runtime import Runtime, opened
from hub.status import connection_states, hub_state
from hub.store import quarantine, runs, search
from hub.store.database import Database
from tests.conftest import HandClock

CONFIG = """\
company: {time_zone: Europe/Vienna, country: AT, currency: CHF}
connections:
  crm:
    source: files
    system: crm
    mapping: crm.yaml
    schedule: {every: 15m}
    config: {path: exports, streams: {accounts: {path: accounts.jsonl, key: id}}}
  vault:
    source: files
    system: ticketing
    mapping: crm.yaml
    config: {path: {env: TICKETS}, streams: {accounts: {path: accounts.jsonl, key: id}}}
  off:
    source: files
    system: projects
    mapping: crm.yaml
    enabled: false
    config: {path: exports, streams: {accounts: {path: off.jsonl, key: id}}}
"""
MAPPING = "streams: {accounts: [{kind: organization, fields: {name: name}}]}\n"
NAMES = (
    "Amsel Bussard Dohle Eule Fink Gimpel Habicht Kranich Lerche Milan Nachtigall Pirol Rabe "
    "Schwalbe Taube Uhu Wachtel Zeisig Ahorn Birke Dorn Erle Fichte Ginster Hasel Kiefer Linde "
    "Pappel Ulme Weide"
)
ROWS = "".join(f'{{"id": "{name}", "name": "{name} GmbH"}}\n' for name in NAMES.split())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in {
        "hub.yaml": CONFIG,
        "crm.yaml": MAPPING,
        "rules/.keep": "",
        "exports/accounts.jsonl": ROWS,
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.fixture
def runtime(folder: Path, database: Database, clock: HandClock) -> Runtime:
    return Runtime(load_config(folder / "hub.yaml"), database, clock, {})


def test_a_record_walks_from_its_source_to_a_search(runtime: Runtime) -> None:
    assert runtime.sync("crm").total("created") == 30
    summary = runtime.walk()
    assert summary.items["canonicalize"] == 30
    with runtime.database.reading() as tx:
        assert search.search(tx, "Nachtigal")[0].title == "Nachtigall GmbH"
    assert not any(runtime.walk().items.values())


def test_an_unknown_connection_is_named_with_those_there_are(runtime: Runtime) -> None:
    for ask in (runtime.connection, runtime.sync):
        with pytest.raises(NotFoundError, match="'nix'; configured are: crm, vault, off"):
            ask("nix")


def test_a_variable_that_is_missing_is_a_failed_run_until_it_is_there(
    runtime: Runtime, folder: Path
) -> None:
    run = runtime.sync("vault")
    assert (run.state, run.error_kind) == ("failed", "config")
    assert run.error == "connection vault: the environment variable TICKETS is not set"
    with runtime.database.reading() as tx:
        assert runs.latest(tx)["vault"].error == run.error
    env = {"TICKETS": str(folder / "exports")}
    mended = Runtime(runtime.loaded, runtime.database, runtime.clock, env)
    assert mended.sync("vault").state == "succeeded"


def test_progress_is_told_and_a_walk_stops_when_asked(runtime: Runtime) -> None:
    runtime.sync("crm")
    stop = threading.Event()
    told: list[int] = []

    def until_mapped(summary: object, due: object) -> None:
        told.append(1)
        stop.set()

    summary = runtime.walk(on_progress=until_mapped, cancel=stop)
    assert len(told) == 1
    assert (summary.items["canonicalize"], summary.items["render"]) == (30, 0)
    assert runtime.walk().items["render"] == 30


def test_quarantine_is_read_again(runtime: Runtime, folder: Path) -> None:
    (folder / "exports/accounts.jsonl").write_text(ROWS + "{broken\n")
    assert runtime.sync("crm").total("quarantined") == 1
    (folder / "exports/accounts.jsonl").write_text(ROWS)
    assert runtime.sync("crm", reread=True).total("quarantined") == 0
    with runtime.database.reading() as tx:
        assert quarantine.counts(tx) == {}


def test_all_that_is_wrong_with_mappings_and_rules_is_said_at_once(
    runtime: Runtime, folder: Path
) -> None:
    (folder / "crm.yaml").write_text("streams: {acounts: [{kind: organization, fields: {nam: x}}]}")
    (folder / "rules/R1.yaml").write_text("id: R1\n")
    with pytest.raises(ConfigError) as caught:
        assert runtime.street
    lines = str(caught.value).splitlines()
    assert len(lines) == len(set(lines))
    for text in ("did you mean accounts?", "did you mean name?", "R1.yaml:1: when: is missing"):
        assert sum(text in line for line in lines) == 1, (text, lines)


def test_the_company_and_its_connections_reach_the_rules(runtime: Runtime) -> None:
    watch = runtime._built[1]
    assert (watch.company.time_zone, watch.company.country) == ("Europe/Vienna", "AT")
    assert [(one.name, one.system, one.kinds) for one in watch.connections] == [
        ("crm", "crm", frozenset({"organization"})),
        ("vault", "ticketing", frozenset({"organization"})),
    ]


def test_a_sweep_looks_at_everything(runtime: Runtime, clock: HandClock) -> None:
    runtime.sync("crm")
    runtime.walk()
    clock.turn(hours=3)
    assert runtime.sweep().handed_over is False


def test_opened_closes_its_database_again(folder: Path) -> None:
    env = {"HUB_DATABASE_URL": f"sqlite:///{folder}/other.db"}
    with opened(folder / "hub.yaml", env) as runtime:
        assert runtime.database.url.database == f"{folder}/other.db"
        with runtime.database.transaction():
            pass
    assert runtime.database.engine.pool.checkedin() == 0  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("minutes", "late"), [(0, False), (44, False), (46, True)], ids=["fresh", "almost", "late"]
)
def test_a_connection_is_late_after_three_times_its_interval(
    runtime: Runtime, clock: HandClock, minutes: int, late: bool
) -> None:
    runtime.sync("crm")
    clock.turn(minutes=minutes)
    with runtime.database.reading() as tx:
        crm, vault, off = connection_states(runtime, tx)
    assert crm.freshness.late is late
    assert crm.freshness.expected_every_s == 900
    assert (vault.freshness.late, vault.run, off.enabled) == (None, None, False)


@pytest.mark.parametrize(("is_held", "state"), [(True, "running"), (False, "failed")])
def test_a_run_that_nobody_is_at_any_more_is_not_told_as_running(
    runtime: Runtime, clock: HandClock, is_held: bool, state: str
) -> None:
    with runtime.database.transaction() as tx:
        runs.start(tx, "crm", instant_text(clock()))
        holder = lease.process_name() if is_held else f"{socket.gethostname()}:999999999:1:x"
        assert lease.acquire(tx, lease_name("crm"), holder, clock()) is None
    with runtime.database.reading() as tx:
        run = connection_states(runtime, tx)[0].run
    assert run is not None
    assert (run.state, "goes on from there" in (run.error or "")) == (state, not is_held)


def test_the_hub_at_a_glance(runtime: Runtime) -> None:
    runtime.sync("crm")
    with runtime.database.reading() as tx:
        before = hub_state(runtime, tx)
    assert (before.entities, before.work["canonicalize"]) == ({}, 30)
    assert before.connections[0].records == 30
    runtime.walk()
    with runtime.database.reading() as tx:
        after = hub_state(runtime, tx)
    assert (after.entities, after.work) == ({"organization": 30}, {})
