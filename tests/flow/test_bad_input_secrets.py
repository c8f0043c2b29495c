"""A secret in the environment stays there: no output, answer, log line or table ever holds it."""

import json
from collections.abc import Iterator

import pytest

from hub.model.access import Scope
from tests.flow.hub_folder import HubFolder, until

CANARY = "k4n4ri/§ v0gel"
SPELT = (CANARY, "k4n4ri%2F%C2%A7%20v0gel", "k4n4ri%2F%C2%A7+v0gel", "k4n4ri", "v0gel")
AWAY = f"postgresql://joe:{SPELT[1]}@127.0.0.1:1/books"

CONFIG = """\
home: ..
database: {url_env: HUB_DB}
connections:
  crm:
    source: files
    system: crm
    mapping: mappings/crm.yaml
    config: {path: exports, streams: {accounts: {path: accounts.csv, key: id}}}
  away:
    source: sql
    system: accounting
    mapping: mappings/crm.yaml
    config: {url: {env: AWAY_URL}, streams: {accounts: {table: accounts, key: id}}}
  named:
    source: sql
    system: accounting
    mapping: mappings/crm.yaml
    config: {url_env: QUERY_URL, streams: {accounts: {table: accounts, key: id}}}
  nonsense:
    source: sql
    system: accounting
    mapping: mappings/crm.yaml
    config: {url: {env: CANARY}, streams: {accounts: {table: accounts, key: id}}}
  no_driver:
    source: sql
    system: accounting
    mapping: mappings/crm.yaml
    config: {url: {env: ALIEN_URL}, streams: {accounts: {table: accounts, key: id}}}
  wrong:
    source: files
    system: projects
    mapping: mappings/crm.yaml
    config:
      path: exports
      password: {env: CANARY}
      max_record_bytes: {env: CANARY}
      streams: {accounts: {path: accounts.csv, key: id, delimiter: {env: CANARY}}}
"""
ENV = {
    "CANARY": CANARY,
    "AWAY_URL": AWAY,
    "QUERY_URL": f"postgresql://joe@127.0.0.1:1/books?password={SPELT[1]}",
    "ALIEN_URL": f"alien://joe:{SPELT[1]}@127.0.0.1:1/books",
}


@pytest.fixture
def keeper(folder: HubFolder) -> HubFolder:
    folder.write("configs/hub.yaml", CONFIG)
    return folder


def _texts(folder: HubFolder) -> Iterator[tuple[str, str]]:
    """Yield all that the hub says, by where it says it."""
    commands = (
        ("check",),
        ("check", "--connect"),
        ("sync",),
        ("status",),
        ("status", "--json"),
        ("sync", "nonsense"),
        ("map", "try", "away", "accounts"),
        ("map", "try", "wrong", "accounts"),
        ("export", "customers"),
    )
    for command in commands:
        said = folder.hub(*command, **ENV)
        yield " ".join(command), said.stdout + said.stderr
    with folder.serving("--with-scheduler", **ENV) as (client, log):
        for name in ("crm", "away", "named", "nonsense", "no_driver", "wrong"):
            yield f"sync {name}", client.post(f"/v1/connections/{name}/sync").text
        until(
            lambda: not folder.rows("SELECT 1 FROM runs WHERE state = 'running'"), "all have ended"
        )
        for address in ("connections", "status", "alerts", "customers"):
            yield address, client.get(f"/v1/{address}").text
        for name in ("away", "named", "nonsense", "no_driver", "wrong"):
            answer = client.get(f"/v1/connections/{name}")
            assert answer.json()["runs"][0]["state"] == "failed"
            assert answer.json()["runs"][0]["error"]
            yield name, answer.text
    yield "log", "\n".join(log)
    database = folder.url.removeprefix("sqlite:///")
    for ending in ("", "-wal"):
        with open(database + ending, "rb") as file:  # noqa: PTH123
            yield f"database{ending}", file.read().decode("latin-1")


def test_a_secret_is_seen_nowhere(keeper: HubFolder) -> None:
    said = dict(_texts(keeper))
    for place, text in said.items():
        for spelling in SPELT:
            assert spelling not in text, place
    assert "joe:***@127.0.0.1:1/books is away or busy" in said["sync"]
    assert "nonsense: failed" in said["sync"]


@pytest.mark.parametrize("query", ["", "?password="])
def test_the_hubs_own_database_keeps_its_password(keeper: HubFolder, query: str) -> None:
    url = f"postgresql://joe@127.0.0.1:1/hub{query}{SPELT[1]}" if query else AWAY
    for command in (
        ("check", "--connect"),
        ("sync",),
        ("status",),
        ("serve", "--port", "0"),
        ("keys", "list"),
    ):
        said = keeper.hub(*command, **{**ENV, "HUB_DATABASE_URL": url})
        assert said.returncode != 0
        assert "database postgresql://joe" in said.stdout + said.stderr
        for spelling in SPELT:
            assert spelling not in said.stdout + said.stderr


def test_a_token_is_shown_once_and_kept_nowhere(keeper: HubFolder) -> None:
    token = keeper.key(Scope.ADMIN)
    with keeper.serving(**ENV) as (client, log):
        client.headers["authorization"] = f"Bearer {token}"
        assert client.get("/v1/status").status_code == 200
        answers = [client.get(f"/v1/{token}").text, client.get(f"/v1/customers/{token}").text]
        answers.append(client.post("/v1/judgements", json={"left": token, "right": 1}).text)
    secret = token[15:]  # behind vbd_, its id of ten letters, and another _
    assert secret not in "\n".join(log)
    assert "request method=GET route=/v1/status" in "\n".join(log)
    rows = json.dumps(keeper.rows("SELECT id, name, scopes FROM api_keys"))
    assert secret not in rows
    assert secret not in answers[-1]
