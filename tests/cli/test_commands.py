"""The commands on a small hub: what each says, and the exit code it ends with."""

import csv
import json
import shutil
import signal
import subprocess
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest

from hub.cli.ending import Exit
from hub.cli.status import advice
from hub.cli.sync import exit_code
from hub.pipeline.sync import lease_name
from hub.status import HubState
from hub.store.database import Database
from tests.cli.running import COMMAND, environment, hub, start
from tests.conftest import ROOT

CONFIG = """\
home: ..
connections:
  crm:
    source: files
    system: crm
    mapping: mappings/crm.yaml
    schedule: {every: 1h}
    config: {path: exports, streams: {accounts: {path: accounts.jsonl, key: id}}}
  books:
    source: files
    system: accounting
    mapping: mappings/crm.yaml
    config: {path: exports, streams: {accounts: {path: books.jsonl, key: id}}}
  off:
    source: files
    system: projects
    mapping: mappings/crm.yaml
    enabled: false
    config: {path: exports, streams: {accounts: {path: off.jsonl, key: id}}}
"""
MAPPING = """\
streams:
  accounts:
    - kind: organization
      fields: {name: name, city: city, emails: mail}
"""
ACCOUNTS = """\
{"id": "A-1", "name": "Weber GmbH", "city": "Köln", "mail": "info@weber.example", "note": "x"}
{"id": "A-2", "name": "=HYPERLINK(\\"http://x\\")", "city": "Ulm"}
{"id": "A-3", "name"
"""


@pytest.fixture
def folder(tmp_path: Path, sqlite_template: Path) -> Path:
    """A configured hub with an empty database and one good source of three."""
    for name, text in {
        "configs/hub.yaml": CONFIG,
        "configs/mappings/crm.yaml": MAPPING,
        "configs/rules/.keep": "",
        "exports/accounts.jsonl": ACCOUNTS,
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "data").mkdir()
    (tmp_path / "data/hub.db").write_bytes(sqlite_template.read_bytes())
    return tmp_path


@pytest.fixture
def synced(folder: Path) -> Path:
    assert hub("sync", "crm", folder=folder).returncode == Exit.OK
    return folder


def test_sync_says_how_each_connection_went(folder: Path) -> None:
    said = hub("sync", folder=folder)
    assert said.returncode == Exit.PARTLY
    crm, books, why, *_ = said.stdout.splitlines()
    assert crm.startswith("crm: succeeded: 2 new, 1 in quarantine in ")
    assert books.startswith("books: failed: nothing read")
    assert "books.jsonl" in why
    assert "worked off: 2 mapped, 2 resolved" in said.stdout
    assert "off:" not in said.stdout.replace("worked off:", "")
    assert "Traceback" not in said.stderr
    again = hub("sync", "crm", folder=folder)
    assert "2 unchanged" in again.stdout
    assert "worked off: 1 judged by the rules" in again.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "text"),
    [
        (("sync", "books"), Exit.FAILED, ""),
        (("sync", "none"), Exit.FAILED, "configured are: crm, books, off"),
        (("sync", "--config", "no.yaml"), Exit.CONFIG, "no.yaml:1: cannot be read"),
        (("frob",), Exit.CONFIG, "No such command"),
        (("sync", "--frob"), Exit.CONFIG, "No such option"),
        (("keys", "revoke", "nobody"), Exit.FAILED, "`hub keys list` shows all"),
        (("keys", "create", "x", "--scope", "root"), Exit.CONFIG, "'read', 'write', 'admin'"),
        (("map", "try", "crm", "deals"), Exit.FAILED, "has no stream 'deals'; it has: accounts"),
        (("map", "try", "none", "deals"), Exit.FAILED, "no connection 'none'"),
        (("export", "aliens"), Exit.CONFIG, "is none of customers"),
    ],
)
def test_what_fails_says_so_in_a_line(
    folder: Path, arguments: tuple[str, ...], code: Exit, text: str
) -> None:
    said = hub(*arguments, folder=folder)
    assert said.returncode == code
    assert text in said.stderr
    assert "Traceback" not in said.stderr


def test_a_connection_somebody_else_reads_is_busy(folder: Path) -> None:
    database = Database(f"sqlite:///{folder}/data/hub.db")
    with database.transaction() as tx:
        tx.exec_driver_sql(
            "INSERT INTO leases VALUES (?, 'elsewhere:1:2:3', '2999-01-01T00:00:00.000Z')",
            (lease_name("crm"),),
        )
    database.close()
    said = hub("sync", "crm", folder=folder)
    assert said.returncode == Exit.BUSY
    assert "being read by elsewhere" in said.stdout


@pytest.mark.parametrize(
    ("outcomes", "code"),
    [
        ([], Exit.OK),
        ([Exit.OK, Exit.OK], Exit.OK),
        ([Exit.FAILED, Exit.FAILED], Exit.FAILED),
        ([Exit.BUSY], Exit.BUSY),
        ([Exit.OK, Exit.FAILED], Exit.PARTLY),
        ([Exit.BUSY, Exit.FAILED], Exit.PARTLY),
    ],
)
def test_one_exit_code_for_all(outcomes: list[Exit], code: Exit) -> None:
    assert exit_code(outcomes) == code


@pytest.mark.parametrize(
    ("url", "code", "text"),
    [
        ("sqlite:///empty.db", Exit.CONFIG, "is at migration none"),
        ("mysql://u:secret@h/db", Exit.CONFIG, "mysql is not supported"),
        ("postgresql://u:secret@127.0.0.1:1/db", Exit.FAILED, "connection failed"),
    ],
)
def test_a_database_that_is_not_ready(folder: Path, url: str, code: Exit, text: str) -> None:
    said = hub("status", folder=folder, HUB_DATABASE_URL=url)
    assert said.returncode == code
    assert text in said.stderr
    assert "secret" not in said.stderr
    assert len(said.stderr.splitlines()) <= 3


def test_status_shows_connections_and_quarantine(synced: Path) -> None:
    said = hub("status", folder=synced)
    assert said.returncode == Exit.OK
    assert "crm accounts, in quarantine: " in said.stdout
    assert "accounts.jsonl line 3" in said.stdout
    assert "switched off" in said.stdout
    assert "entities: 2 organization" in said.stdout
    state = json.loads(hub("status", "--json", folder=synced).stdout)
    assert state["connections"][0]["run"]["streams"]["accounts"]["created"] == 2


def test_who_has_enough_records_is_told_that_a_model_can_learn_from_them() -> None:
    entities = {"organization": 500, "person": 9_000, "project": 499}
    models = {"organization": "shipped", "person": "own#1f", "project": "shipped"}
    (line,) = advice(HubState("1", "sqlite", entities, {}, {}, {}, models, []))
    assert line.startswith("organization: the shipped model is in use; hub train --hub --kind org")


def test_keys_are_made_listed_and_revoked(folder: Path) -> None:
    made = hub("keys", "create", "Excel", "--scope", "read", "--scope", "write", folder=folder)
    token = made.stdout.strip()
    assert token.startswith("vbd_")
    assert "read, write" in made.stderr
    assert token not in made.stderr
    listed = hub("keys", "list", folder=folder).stdout
    made_at = datetime.fromisoformat(" ".join(listed.splitlines()[1].split()[-2:]))
    by_the_clock = datetime.now(ZoneInfo("Europe/Berlin")).replace(tzinfo=None)
    assert abs(by_the_clock - made_at) < timedelta(minutes=10)
    assert "Excel" in listed
    assert token not in listed
    assert "is revoked" in hub("keys", "revoke", token[4:14], folder=folder).stdout
    written = b"".join(path.read_bytes() for path in (folder / "data").iterdir())
    assert token[15:].encode() not in written


def test_map_try_shows_raw_beside_canonical(folder: Path) -> None:
    said = hub("map", "try", "crm", "accounts", "--limit", "3", folder=folder).stdout
    assert "crm:accounts:A-1" in said
    assert '"note": "x"' in said
    assert "organization" in said
    assert "not mapped: id, note" in said
    assert "to quarantine: " in said


def test_export(synced: Path) -> None:
    path = synced / "customers.csv"
    said = hub("export", "customers", "-o", str(path), folder=synced)
    assert said.returncode == Exit.OK
    assert path.read_bytes().startswith(b"\xef\xbb\xbfid,name,")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = {row["name"]: row for row in csv.DictReader(file)}
    assert rows["Weber GmbH"]["city"] == "Köln"
    assert rows["Weber GmbH"]["emails"] == "info@weber.example"
    assert any(name.startswith("'=HYPERLINK") for name in rows)
    lines = hub("export", "customers", "--format", "jsonl", folder=synced).stdout.splitlines()
    assert {json.loads(line)["name"] for line in lines} >= {"Weber GmbH"}


def test_resolve_looks_at_every_record_again(synced: Path) -> None:
    said = hub("resolve", folder=synced)
    assert said.returncode == Exit.OK
    assert "due: 2 records" in said.stdout
    assert "2 resolved" in said.stdout


FIRMS = """\
id;name;city;mail
1;Weber Logistik GmbH;Regensburg;info@weber-logistik.example
2;Weber Logistik;Regensburg;info@weber-logistik.example
3;Bär Immobilien AG;Ulm;
"""
SCHEMA = "kind: organization\nid: id\nfields: {name: org_name, city: city, mail: email}\n"


def test_resolve_works_on_a_file_without_a_hub(tmp_path: Path) -> None:
    (tmp_path / "firms.csv").write_text(FIRMS)
    (tmp_path / "schema.yaml").write_text(SCHEMA)
    asked = ("resolve", "firms.csv", "--schema", "schema.yaml", "--out", "out.csv")
    said = hub(*asked, folder=tmp_path)
    assert said.returncode == Exit.OK, said.stderr
    assert said.stdout.startswith("3 records, 2 clusters, in ")
    with (tmp_path / "out.csv").open() as file:
        assert {row["id"]: row["cluster"] for row in csv.DictReader(file)} == {
            "1": "1",
            "2": "1",
            "3": "3",
        }
    (tmp_path / "schema.yaml").write_text("kind: organization\nid: id\nfields: {name: nam}\n")
    wrong = hub(*asked, folder=tmp_path)
    assert wrong.returncode == Exit.CONFIG
    assert "org_name" in wrong.stderr
    for arguments in (asked[:2], ("resolve", "--out", "x")):
        assert hub(*arguments, folder=tmp_path).returncode == Exit.CONFIG


def test_a_file_is_resolved_without_loading_a_database() -> None:
    code = (
        "import sys, hub.cli.resolve\n"
        "heavy = {'sqlalchemy', 'alembic', 'fastapi', 'phonenumbers', 'httpx',\n"
        "         'hub.pipeline.report'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    said = subprocess.run(
        [COMMAND[0], "-c", code], env=environment(), capture_output=True, text=True
    )
    assert said.returncode == 0, said.stderr


def test_a_process_ends_with_the_code_and_one_line(folder: Path) -> None:
    process = start("sync", "none", folder=folder)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (Exit.FAILED, "")
    assert err == "there is no connection 'none'; configured are: crm, books, off\n"


def test_help_is_there_at_once_and_loads_no_hub(folder: Path) -> None:
    code = (
        "import sys; sys.argv = ['hub', '--help']\n"
        "from hub.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'sqlalchemy', 'fastapi', 'numpy', 'alembic', 'uvicorn'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    said = subprocess.run(
        [COMMAND[0], "-c", code],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert said.returncode == 0, said.stderr
    assert "Load a fictional company" in said.stdout


@pytest.fixture
def server(folder: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    process = start("serve", "--port", "0", "--with-scheduler", folder=folder)
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line.startswith("serving on http://"), process.communicate()
    yield process, line.removeprefix("serving on ").strip()
    process.kill()
    process.communicate()


def test_serve_answers_and_ends_cleanly(server: tuple[subprocess.Popen[str], str]) -> None:
    process, url = server
    with httpx.Client(base_url=url, verify=False) as client:
        assert client.get("/healthz").status_code == 200
        assert client.get("/v1/status").status_code == 401
    process.send_signal(signal.SIGTERM)
    _, noted = process.communicate(timeout=30)
    assert process.returncode in {0, -signal.SIGTERM}
    assert "Traceback" not in noted


def test_an_address_in_use_is_said_in_a_line(
    server: tuple[subprocess.Popen[str], str], folder: Path
) -> None:
    said = hub("serve", "--port", server[1].rpartition(":")[2], folder=folder)
    assert said.returncode == Exit.BUSY
    assert "cannot listen on 127.0.0.1" in said.stderr


def test_schedule_ends_cleanly(folder: Path) -> None:
    process = start("schedule", folder=folder)
    assert process.stdout is not None
    assert process.stdout.readline().startswith("reading by schedule: crm\n")
    process.send_signal(signal.SIGTERM)
    out, noted = process.communicate(timeout=30)
    assert (process.returncode, out) == (0, "stopped\n"), noted


def test_init_with_a_configuration_migrates_and_writes_nothing(tmp_path: Path) -> None:
    """Beside the demo's a new one would come first: that is why the hint names the file."""
    assert hub("init", "mine", folder=tmp_path).returncode == Exit.OK
    shutil.copytree(tmp_path / "mine/configs", tmp_path / "shown/configs/demo")
    demo = tmp_path / "shown/configs/demo/hub.yaml"
    demo.write_text(demo.read_text().replace("home: ..", "home: ../.."))
    before = sorted(demo.parent.parent.rglob("*"))
    said = hub("status", folder=tmp_path / "shown")
    assert said.returncode == Exit.CONFIG
    assert "run `hub init --config configs/demo/hub.yaml`" in said.stderr
    checked = hub("check", "--connect", folder=tmp_path / "shown")
    assert "run `hub init --config configs/demo/hub.yaml`" in checked.stdout + checked.stderr
    made = hub("init", "--config", "configs/demo/hub.yaml", folder=tmp_path / "shown")
    assert made.returncode == Exit.OK, made.stderr
    assert sorted(demo.parent.parent.rglob("*")) == before
    assert hub("status", folder=tmp_path / "shown").returncode == Exit.OK
    both = hub("init", "x", "--config", "configs/demo/hub.yaml", folder=tmp_path / "shown")
    assert both.returncode == Exit.CONFIG
    (tmp_path / "mine/data/hub.db").unlink()
    assert "run `hub init`\n" in hub("status", folder=tmp_path / "mine").stderr


def test_init_writes_a_configuration_once_and_leaves_what_stands(tmp_path: Path) -> None:
    first = hub("init", "mine", folder=tmp_path)
    assert first.returncode == Exit.OK, first.stderr
    config = tmp_path / "mine/configs/hub.yaml"
    shipped = {path.name for path in (ROOT / "configs/rules").glob("*.yaml")}
    assert {path.name for path in (config.parent / "rules").iterdir()} == shipped
    assert (tmp_path / "mine/data/hub.db").exists()
    assert hub("check", "--connect", folder=tmp_path / "mine").returncode == Exit.OK
    config.write_text(config.read_text() + "# mine\n")
    (config.parent / "rules/R12.yaml").unlink()
    second = hub("init", "mine", folder=tmp_path)
    assert second.returncode == Exit.OK
    assert "wrote" not in second.stdout
    assert config.read_text().endswith("# mine\n")
    assert not (config.parent / "rules/R12.yaml").exists()  # it would fire again after an upgrade
