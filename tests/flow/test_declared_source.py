"""A declared connector in the hub: from a sealed token to stored records."""

import io
import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from connectors.registry import REGISTRY
from connectors.sdk import Connector, FreeText, Model, Stream, auth, pages
from hub.runtime import opened
from hub.vault import KEY, new_key
from tests.connectors.emulator import Asked, Emulator, Reply, emulator, numbered
from tests.flow.hub_folder import HubFolder

CANARY = "k4n4ri-v0gel-s3cret"
CONFIG = """\
home: ..
connections:
  crm:
    source: acme
    system: crm
    mapping: mappings/crm.yaml
    config: {base_url: URL, token: {vault: crm-token}}
"""


class Account(Model):
    id: int
    name: str | None
    notes: FreeText
    updated_at: str | None


ACCOUNTS = Stream(
    Account,
    "/accounts",
    items="data",
    cursor={"path": "updated_at", "kind": "moment"},
    since="updated_since",
    ordered=True,
    volatile=("seen",),
    pages=pages.Number(size=("per_page", 3), more="meta.has_more", total="meta.total"),
)
ACME = Connector("acme", auth=auth.Bearer(), streams=[ACCOUNTS])


@pytest.fixture
def source(monkeypatch: pytest.MonkeyPatch) -> Iterator[Emulator]:
    monkeypatch.setitem(REGISTRY, "acme", ACME)
    with emulator() as running:
        yield running


def rows(count: int) -> list[dict[str, Any]]:
    return [
        {
            "id": n,
            "name": f"Firma {n} GmbH",
            "city": "Ulm",
            "phone": "0731",
            "notes": "privat",
            "updated_at": f"2026-11-01T10:00:{n:02d}Z",
        }
        for n in range(1, count + 1)
    ]


@pytest.fixture
def held(source: Emulator) -> list[dict[str, Any]]:
    held = rows(8)
    source.routes["/accounts"] = numbered(held, size=3)

    def guarded(asked: Asked) -> Reply | None:
        good = asked.headers.get("authorization") == f"Bearer {CANARY}"
        return None if good else Reply({"message": "who are you?"}, 401)

    source.before = guarded
    return held


@pytest.fixture
def env() -> dict[str, str]:
    return {KEY: new_key()}


def configure(folder: HubFolder, source: Emulator) -> None:
    folder.write("configs/hub.yaml", CONFIG.replace("URL", source.url))


def seal(
    folder: HubFolder, env: dict[str, str], monkeypatch: pytest.MonkeyPatch, value: str = CANARY
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(value + "\n"))
    said = folder.hub("vault", "set", "crm-token", **env)
    assert (said.returncode, said.stdout) == (0, "crm-token: sealed\n"), said.stderr


def payloads(folder: HubFolder) -> dict[str, Any]:
    found = folder.rows(
        "SELECT s.key, v.payload FROM source_records s JOIN source_versions v "
        "ON v.record_id = s.id AND v.version = s.version WHERE NOT s.deleted"
    )
    return {str(key): json.loads(str(payload)) for key, payload in found}


def test_what_the_mapping_reads_is_kept_and_nothing_else(
    folder_of_each_database: HubFolder,
    source: Emulator,
    held: list[dict[str, Any]],
    env: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = folder_of_each_database
    configure(folder, source)
    seal(folder, env, monkeypatch)
    first = folder.hub("sync", **env)
    assert "crm: succeeded: 8 new" in first.stdout, first.stdout + first.stderr
    kept = payloads(folder)
    assert kept["1"] == {
        "id": 1,
        "name": "Firma 1 GmbH",
        "city": "Ulm",
        "updated_at": "2026-11-01T10:00:01Z",
    }
    again = folder.hub("sync", **env)
    assert "new" not in again.stdout
    assert "changed" not in again.stdout.partition("\n")[0].replace("unchanged", "")
    assert source.queries[-1]["updated_since"] == "2026-11-01T10:00:08Z"


def test_a_mapping_that_reads_more_has_all_read_again(
    folder: HubFolder,
    source: Emulator,
    held: list[dict[str, Any]],
    env: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    configure(folder, source)
    seal(folder, env, monkeypatch)
    folder.hub("sync", **env)
    folder.write(
        "configs/mappings/crm.yaml",
        "streams: {accounts: [{kind: organization, fields: {name: name, city: city,"
        " phones: phone}}]}",
    )
    assert "8 changed" in folder.hub("sync", **env).stdout
    assert payloads(folder)["1"]["phone"] == "0731"


def test_a_secret_is_in_no_output_answer_recording_or_table(
    folder: HubFolder,
    source: Emulator,
    held: list[dict[str, Any]],
    env: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    configure(folder, source)
    unsealed = folder.hub("sync", **env)
    assert "hub vault set crm-token" in unsealed.stdout + unsealed.stderr
    keyless = folder.hub("sync")
    assert "the vault has no key" in keyless.stdout + keyless.stderr
    seal(folder, env, monkeypatch)
    held[0]["echo"] = CANARY
    tape = folder.path / "tape"
    said = [
        folder.hub(*command, **env)
        for command in (
            ("run", "crm", "--record", str(tape)),
            ("preview", "crm", "accounts", "-n", "2"),
            ("check", "--connect"),
            ("status",),
            ("status", "--json"),
            ("vault", "list"),
        )
    ]
    assert said[0].returncode == 0, said[0]
    assert "crm-token" in said[-1].stdout
    assert "all answer" in said[2].stdout
    seal(folder, env, monkeypatch, "wrong-" + CANARY)
    said += [folder.hub("sync", **env), folder.hub("check", "--connect", **env)]
    assert "answered 401" in said[-1].stdout
    texts = [text for one in [unsealed, keyless, *said] for text in (one.stdout, one.stderr)]
    texts += [path.read_text() for path in tape.iterdir()]
    with folder.api() as client:
        paths = ("/v1/connections", "/v1/connections/crm", "/v1/status")
        texts += [client.get(path).text for path in paths]
    texts += [str(folder.rows(f"SELECT * FROM {table}")) for table in ("runs", "drift", "secrets")]
    assert len(list(tape.iterdir())) >= 3
    assert not [text for text in texts if CANARY in text]


def test_a_recorded_run_plays_without_its_source(
    folder: HubFolder,
    source: Emulator,
    held: list[dict[str, Any]],
    env: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    configure(folder, source)
    seal(folder, env, monkeypatch)
    folder.hub("run", "crm", "--record", "tape", **env)
    folder.write("configs/hub.yaml", CONFIG.replace("URL", "https://nowhere.invalid"))
    seal(folder, env, monkeypatch, "another secret")
    with (
        opened(folder.path / "configs/hub.yaml", {**folder.env, **env}) as runtime,
        runtime.database.transaction() as tx,
    ):
        tx.exec_driver_sql("DELETE FROM checkpoints")
    before = len(source.asked)
    said = folder.hub("run", "crm", "--replay", "tape", **env)
    assert "crm: succeeded: 8 unchanged" in said.stdout, said
    assert len(source.asked) == before
    again = folder.hub("run", "crm", "--record", "tape", **env)
    assert "is not empty" in again.stdout + again.stderr


def test_preview_shows_and_stores_nothing(
    folder: HubFolder,
    source: Emulator,
    held: list[dict[str, Any]],
    env: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    configure(folder, source)
    seal(folder, env, monkeypatch)
    said = folder.hub("preview", "crm", "accounts", "-n", "2", **env)
    lines = said.stdout.splitlines()
    assert [json.loads(line)["key"] for line in lines if line.startswith("{")] == ["1", "2"]
    assert "differs: city: new: text" in lines
    assert payloads(folder) == {}
    wrong = folder.hub("preview", "crm", "acounts", **env)
    assert "it has: accounts" in wrong.stderr


def test_drift_is_listed_once_a_field(
    folder_of_each_database: HubFolder,
    source: Emulator,
    held: list[dict[str, Any]],
    env: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = folder_of_each_database
    configure(folder, source)
    seal(folder, env, monkeypatch)
    for row in held:
        row["name"] = 7
    folder.hub("sync", **env)
    folder.hub("sync", **env)
    status = folder.hub("status", **env).stdout
    assert status.count("crm accounts differs: name: expected str, got number") == 1
    with folder.api() as client:
        drift = client.get("/v1/connections/crm").json()["drift"]
    assert {one["field"]: one["text"] for one in drift} == {
        "city": "new: text",
        "phone": "new: text",
        "name": "expected str, got number",
    }


def test_quarantine_comes_right_without_asking_the_source(
    folder_of_each_database: HubFolder,
    source: Emulator,
    held: list[dict[str, Any]],
    env: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = folder_of_each_database
    configure(folder, source)
    seal(folder, env, monkeypatch)
    held[3]["updated_at"] = "0000-never"
    held[4]["id"] = None
    source.routes["/accounts"] = lambda asked: Reply(
        {"data": held, "meta": {"has_more": False, "total": 8}}
    )
    assert "2 in quarantine" in folder.hub("sync", **env).stdout
    assert set(payloads(folder)) == {"1", "2", "3", "6", "7", "8"}
    mended = Stream(
        Account,
        "/accounts",
        items="data",
        cursor={"path": "updated_at", "kind": "moment"},
        nulls=("0000-never",),
        since="updated_since",
    )
    monkeypatch.setitem(REGISTRY, "acme", Connector("acme", auth=auth.Bearer(), streams=[mended]))
    source.before = lambda asked: Reply(b"", 400)
    with opened(folder.path / "configs/hub.yaml", {**folder.env, **env}) as runtime:
        run = runtime.sync("crm", reread=True)
    assert run.state == "failed"
    assert set(payloads(folder)) == {"1", "2", "3", "4", "6", "7", "8"}
    assert payloads(folder)["4"]["name"] == "Firma 4 GmbH"
    states = folder.rows("SELECT state, count(*) FROM quarantine GROUP BY state ORDER BY state")
    assert states == [("open", 1), ("replayed", 1)]


@pytest.mark.parametrize("by", ["api", "command"])
def test_a_run_is_cancelled_from_elsewhere(
    folder: HubFolder,
    source: Emulator,
    held: list[dict[str, Any]],
    env: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    by: str,
) -> None:
    configure(folder, source)
    seal(folder, env, monkeypatch)
    said: list[Any] = []

    def stop(asked: Asked) -> None:
        if len(source.asked) == 2:
            if by == "command":
                said.append(folder.hub("cancel", "crm", **env).returncode)
            else:
                with folder.api() as client:
                    said.append(client.post("/v1/connections/crm/cancel").status_code)

    source.before = stop
    with opened(folder.path / "configs/hub.yaml", {**folder.env, **env}) as runtime:
        run = runtime.sync("crm")
    assert said == [0 if by == "command" else 202]
    assert run.state == "cancelled"
    assert 0 < run.total("created") < 8
    source.before = lambda asked: None
    assert "crm: succeeded" in folder.hub("sync", **env).stdout
    assert len(payloads(folder)) == 8
    assert folder.hub("cancel", "crm", **env).returncode == 1


def test_a_run_that_waits_for_its_source_is_cancelled_at_once(
    folder: HubFolder,
    source: Emulator,
    held: list[dict[str, Any]],
    env: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    configure(folder, source)
    seal(folder, env, monkeypatch)
    cancel = threading.Event()

    def busy(asked: Asked) -> Reply | None:
        if len(source.asked) < 2:
            return None
        cancel.set()
        return Reply(b"", 429, {"Retry-After": "250"})

    source.before = busy
    with opened(folder.path / "configs/hub.yaml", {**folder.env, **env}) as runtime:
        run = runtime.sync("crm", cancel=cancel)
    assert (run.state, run.total("created")) == ("cancelled", 3)
