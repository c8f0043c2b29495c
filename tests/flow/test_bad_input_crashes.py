"""Ends nobody asked for: killed, stopped, two at once, no room; nothing is lost or doubled."""

import ctypes
import re
import resource
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from hub.cli.ending import Exit
from hub.store.database import Database
from tests.cli.running import COMMAND, Said, environment
from tests.flow.conftest import configured
from tests.flow.hub_folder import HubFolder, one_line, until

ROWS = 2_200
TOWNS = ("Ulm", "Kiel", "Jena", "Bonn")


def _export(rows: int = ROWS) -> str:
    firms = (f"{n},Firma {n // 2:05d} GmbH,{TOWNS[n % 4]}\n" for n in range(rows))
    return "id,name,city\n" + "".join(firms)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> list[str]:
    """What `hub export` says where nothing happened on the way."""
    path = tmp_path_factory.mktemp("undisturbed")
    (path / "hub.db").write_bytes(sqlite_template.read_bytes())
    folder = configured(path, f"sqlite:///{path}/hub.db")
    folder.write("exports/accounts.csv", _export())
    assert folder.hub("sync").returncode == Exit.OK
    return folder.customers()


def _is_whole(folder: HubFolder, undisturbed: list[str]) -> None:
    """Insist that all is there once, worked off to the end."""
    assert folder.rows("SELECT count(*), count(DISTINCT key) FROM source_records") == [(ROWS, ROWS)]
    assert folder.rows("SELECT count(*) FROM source_versions") == [(ROWS,)]
    assert folder.rows("SELECT count(*) FROM work") == [(0,)]
    assert folder.rows("SELECT count(*) FROM leases") == [(0,)]
    assert folder.customers() == undisturbed


RUN = "SELECT 1 FROM runs WHERE id > {runs} AND state = 'running'"
READ = f"{RUN} AND progress NOT LIKE '%\"read\":0,%' AND progress LIKE '%\"read\":%'"
WALK = (
    "SELECT 1 FROM leases WHERE name = 'street' AND holder LIKE '%:{pid}:%' "
    "AND EXISTS (SELECT 1 FROM work WHERE stage = 'STAGE') "
    "AND NOT EXISTS (SELECT 1 FROM work WHERE stage IN (BEFORE))"
)
MOMENTS = [
    RUN,
    READ,
    WALK.replace("STAGE", "canonicalize").replace("BEFORE", "'nothing'"),
    WALK.replace("STAGE", "resolve").replace("BEFORE", "'canonicalize'"),
    WALK.replace("STAGE", "thread").replace("BEFORE", "'canonicalize', 'resolve'"),
    WALK.replace("STAGE", "render").replace("BEFORE", "'canonicalize', 'resolve', 'thread'"),
]
"""runs: how many there were before; pid: of the process to be killed."""


def _kill_at(folder: HubFolder, database: Database, moment: str) -> "subprocess.Popen[str]":
    """Start a sync and kill it at a moment, or later where the machine is slow."""
    ((runs,),) = folder.rows("SELECT count(*) FROM runs")
    process = folder.start("sync")
    asked = moment.format(runs=runs, pid=process.pid)

    def comes() -> bool:
        with database.reading() as tx:
            return tx.exec_driver_sql(asked.replace("%", "%%")).first() is not None

    try:
        until(lambda: comes() or process.poll() is not None, asked)
    finally:
        process.kill()
    return process


def test_killed_again_and_again_it_comes_to_the_same_end(
    folder: HubFolder, undisturbed: list[str]
) -> None:
    folder.write("exports/accounts.csv", _export())
    database = Database(folder.url)
    # None of them is waited for: what a dead process held must be free at once.
    killed = [_kill_at(folder, database, moment) for moment in MOMENTS]
    database.close()
    said = folder.hub("sync")
    assert said.returncode == Exit.OK, said
    for process in killed:
        process.communicate(timeout=30)
    codes = [process.returncode for process in killed]
    assert codes.count(-signal.SIGKILL) >= len(MOMENTS) - 2, codes
    assert set(codes) <= {-signal.SIGKILL, Exit.OK}
    _is_whole(folder, undisturbed)
    ended = {str(state) for (state,) in folder.rows("SELECT DISTINCT state FROM runs")}
    assert ended == {"succeeded", "failed"}
    (why,) = {error for (error,) in folder.rows("SELECT error FROM runs WHERE state = 'failed'")}
    assert "interrupted: the process that ran it ended" in str(why)
    again = folder.hub("sync").stdout
    assert f"{ROWS:,} unchanged" in again
    assert "mapped" not in again


def test_several_syncs_at_once_do_what_one_does(folder: HubFolder, undisturbed: list[str]) -> None:
    folder.write("exports/accounts.csv", _export())
    processes = [folder.start("sync") for _ in range(3)]
    ended = [(*process.communicate(timeout=100), process.returncode) for process in processes]
    assert "Traceback" not in str(ended)
    codes = [code for *_, code in ended]
    assert 0 in codes
    assert set(codes) <= {Exit.OK, Exit.BUSY}, ended
    for out, _, code in ended:
        if code == Exit.BUSY:
            assert re.search(r"crm: connection crm is being read by \S+; wait for it to end", out)
    _is_whole(folder, undisturbed)


ENDLESS = """\
home: ..
connections:
  crm:
    source: sql
    system: crm
    mapping: mappings/crm.yaml
    config:
      url: sqlite:///endless.db
      streams:
        accounts:
          key: id
          query: >-
            WITH RECURSIVE
              slow(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM slow WHERE n < 20000),
              ids(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM ids)
            SELECT id, (SELECT count(*) FROM slow WHERE n <> id) AS name FROM ids
"""


def test_a_second_sync_is_told_who_is_at_it(folder: HubFolder) -> None:
    folder.write("configs/hub.yaml", ENDLESS)
    folder.write("endless.db", "")
    process = folder.start("sync")
    try:
        until(lambda: bool(folder.rows(RUN.format(runs=0))), "the run")
        said = folder.hub("sync")
        assert said.returncode == Exit.BUSY
        one_line(said, rf"crm: connection crm is being read by \S+:{process.pid}:.*; wait for it")
        with folder.api() as client:
            for address in ("sync", "quarantine/replay"):
                answer = client.post(f"/v1/connections/crm/{address}")
                assert answer.status_code == 409
                assert answer.json()["type"] == "urn:verbund:problem:busy"
                assert str(process.pid) in answer.json()["detail"]
            assert client.get("/v1/connections/crm").json()["run"]["state"] == "running"
    finally:
        process.kill()
        process.communicate(timeout=30)
    folder.stream("path: accounts.csv")
    assert folder.hub("sync", "--accept-deletes").returncode == Exit.OK
    assert folder.keys_alive() == ["1", "2", "3"]


def _sync_below(folder: HubFolder, limit: Callable[[], object]) -> Said:
    """Sync in a process of its own that is limited before it begins."""
    ended = subprocess.run(
        [*COMMAND, "sync"],
        cwd=folder.path,
        env=environment(**folder.env),
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
        preexec_fn=limit,
    )
    return Said(ended.returncode, ended.stdout, ended.stderr)


@pytest.mark.parametrize("room_kib", [600, 1_500])
def test_files_that_may_not_grow_lose_nothing(
    folder: HubFolder, undisturbed: list[str], room_kib: int
) -> None:
    folder.write("exports/accounts.csv", _export())
    size = room_kib * 1024
    said = _sync_below(folder, lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)))
    assert said.returncode == Exit.FAILED, said
    assert re.fullmatch(r"database sqlite:///\S+: .*(disk|full).*\n", said.stderr), said.stderr
    assert folder.hub("sync").returncode == Exit.OK
    _is_whole(folder, undisturbed)


@contextmanager
def _full_at(pages: int) -> Iterator[None]:
    """Let no SQLite database that is opened now have more pages than these."""

    def limit(connection: Any, _: object) -> None:
        connection.execute(f"PRAGMA max_page_count={pages}")

    sa.event.listen(sa.Engine, "connect", limit)
    try:
        yield
    finally:
        sa.event.remove(sa.Engine, "connect", limit)


@pytest.mark.parametrize("pages", [200, 500])
def test_a_full_disk_is_said_and_loses_nothing(
    folder: HubFolder, undisturbed: list[str], pages: int
) -> None:
    folder.write("exports/accounts.csv", _export())
    with _full_at(pages):
        said = folder.hub("sync")
        assert said.returncode == Exit.FAILED
        one_line(said, "database sqlite:///.*: database or disk is full")
        assert folder.hub("status").returncode == Exit.OK
        with folder.api() as client:
            until(lambda: client.post("/v1/connections/crm/sync").status_code != 409, "a free run")
            assert client.get("/v1/status").status_code == 200
    assert folder.hub("sync").returncode == Exit.OK
    _is_whole(folder, undisturbed)


def _folder_instead(path: Path) -> None:
    path.unlink()
    path.mkdir()


GARBAGE: list[tuple[Callable[[Path], object], str]] = [
    (lambda path: path.write_bytes(b"no database at all" * 500), "file is not a database"),
    (lambda path: path.write_bytes(path.read_bytes()[:20_000]), "malformed"),
    (_folder_instead, "unable to open database file"),
    (lambda path: path.unlink(), "is at migration none, this hub needs .*: run `hub init`"),
]


@pytest.mark.parametrize(("spoil", "why"), GARBAGE)
def test_a_database_that_is_none(
    folder: HubFolder, spoil: Callable[[Path], object], why: str
) -> None:
    spoil(Path(folder.url.removeprefix("sqlite:///")))
    for command in (("sync",), ("status",), ("keys", "list"), ("export", "customers")):
        said = folder.hub(*command)
        assert said.returncode in {Exit.FAILED, Exit.CONFIG}
        one_line(said, why)
    said = folder.hub("check", "--connect")
    assert said.returncode == Exit.CONFIG
    one_line(said, why, "1 problem")


def _obey_permissions() -> None:
    """Let even root be told no: give up the right to override them (CAP_DAC_OVERRIDE)."""
    pr_capbset_drop, cap_dac_override = 24, 1
    ctypes.CDLL(None).prctl(pr_capbset_drop, cap_dac_override, 0, 0, 0)


def test_a_database_that_may_not_be_written(folder: HubFolder) -> None:
    assert folder.hub("sync").returncode == Exit.OK
    path = Path(folder.url.removeprefix("sqlite:///"))
    path.chmod(0o444)
    path.parent.chmod(0o555)
    try:
        said = _sync_below(folder, _obey_permissions)
    finally:
        path.parent.chmod(0o755)
        path.chmod(0o644)
    assert said.returncode == Exit.FAILED, said
    assert re.fullmatch("database sqlite:///.*(readonly|unable to open).*\n", said.stderr), said
    assert folder.keys_alive() == ["1", "2", "3"]
