"""One stream is read from its beginning, by command and over HTTP; where each stands is shown."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from connectors.registry import REGISTRY
from connectors.sdk import Connector, Model, Stream, auth
from tests.connectors.emulator import Asked, Emulator, Reply, emulator
from tests.flow.hub_folder import HubFolder

CONFIG = """\
home: ..
connections:
  crm:
    source: acme
    system: crm
    mapping: mappings/crm.yaml
    config: {base_url: URL}
"""


class Thing(Model):
    id: int
    name: str
    updated_at: str


def _stream(name: str) -> Stream:
    return Stream(
        Thing,
        f"/{name}",
        name=name,
        items="data",
        cursor={"path": "updated_at", "kind": "moment"},
        since="updated_since",
    )


ACME = Connector("acme", auth=auth.NoAuth(), streams=[_stream("accounts"), _stream("people")])


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Emulator, list[dict[str, Any]]]]:
    monkeypatch.setitem(REGISTRY, "acme", ACME)
    rows: list[dict[str, Any]] = [
        {"id": n, "name": f"N{n}", "updated_at": f"2026-11-01T10:00:0{n}Z"} for n in range(1, 6)
    ]

    def listed(asked: Asked) -> Reply:
        since = asked.query.get("updated_since", "")
        return Reply({"data": [row for row in rows if row["updated_at"] >= since]})

    with emulator() as source:
        source.routes = {"/accounts": listed, "/people": listed}
        yield source, rows


def _synced(folder: HubFolder, *arguments: str) -> str:
    return folder.hub("sync", "crm", *arguments).stdout.partition("\n")[0]


def test_a_stream_is_read_from_its_beginning(
    folder_of_each_database: HubFolder, held: tuple[Emulator, list[dict[str, Any]]]
) -> None:
    folder, (source, rows) = folder_of_each_database, held
    folder.write("configs/hub.yaml", CONFIG.replace("URL", source.url))
    assert "nothing was read yet" in folder.hub("status", "crm").stdout
    assert "10 new" in _synced(folder)
    rows[0]["name"] = "changed behind its time"  # as after an import: no query by time shows it
    del rows[1]
    assert "2 unchanged" in _synced(folder)
    only_people = _synced(folder, "--full", "--stream", "people")  # of which the mapping reads none
    assert "5 unchanged, 1 deleted" in only_people
    shown = folder.hub("status", "crm").stdout
    accounts, people = shown.splitlines()[1:3]
    assert accounts.split()[:2] == ["accounts", "2026-11-01T10:00:05.000000Z"]
    assert accounts.split()[-2:] == ["5", "0"]
    assert people.split()[-2:] == ["4", "0"]
    state = json.loads(folder.hub("status", "crm", "--json").stdout)
    assert [one["records"] for one in state["streams"]] == [5, 4]
    assert "1 changed" in _synced(folder, "--full")
    assert [one.get("updated_since") for one in source.queries[-2:]] == [None, None]


def test_a_stream_is_read_again_since_a_day(
    folder: HubFolder, held: tuple[Emulator, list[dict[str, Any]]]
) -> None:
    source, rows = held
    folder.write("configs/hub.yaml", CONFIG.replace("URL", source.url))
    rows.append({"id": 9, "name": "N9", "updated_at": "2026-11-20T00:00:00Z"})
    _synced(folder)
    rows[2]["name"] = "changed behind its time"
    since = ("--full", "--stream", "accounts", "--since")
    assert "1 changed, 6 unchanged" in _synced(folder, *since, "2026-11-01")
    asked = [one.get("updated_since") for one in source.queries[-2:]]
    assert asked == ["2026-10-31T23:00:00Z", "2026-11-20T00:00:00Z"]  # midnight in Berlin
    _synced(folder, *since, "2026-11-25T00:00:00")  # never further on than was read
    assert source.queries[-2]["updated_since"] == "2026-11-20T00:00:00Z"


def test_what_goes_on_by_no_time_is_not_read_since_one(folder: HubFolder) -> None:
    folder.stream("path: accounts.csv")
    folder.write("exports/accounts.csv", "id,name\n1,Weber\n")
    assert folder.hub("sync", "crm").returncode == 0
    refused = folder.hub("sync", "crm", "--full", "--stream", "accounts", "--since", "2026-11-01")
    assert refused.returncode != 0
    assert "stream accounts does not go on by time; leave --since out" in refused.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("sync", "crm", "--stream", "people"), "--stream goes with --full"),
        (("sync", "crm", "--since", "2026-11-01"), "--since goes with --full"),
        (("sync", "--full", "--stream", "people"), "--stream goes with one connection"),
        (("sync", "crm", "--full", "--stream", "x"), "has no stream 'x'; it has: accounts, people"),
        (("status", "none"), "there is no connection 'none'"),
    ],
)
def test_what_names_nothing_is_refused(
    folder: HubFolder,
    held: tuple[Emulator, list[dict[str, Any]]],
    arguments: tuple[str, ...],
    said: str,
) -> None:
    folder.write("configs/hub.yaml", CONFIG.replace("URL", held[0].url))
    refused = folder.hub(*arguments)
    assert refused.returncode != 0
    assert said in " ".join(refused.stderr.replace("│", " ").split())
    assert not held[0].queries


def test_over_http(folder: HubFolder, held: tuple[Emulator, list[dict[str, Any]]]) -> None:
    folder.write("configs/hub.yaml", CONFIG.replace("URL", held[0].url))
    _synced(folder)
    with folder.api() as client:
        started = client.post("/v1/connections/crm/sync", params={"stream": "people"})
        assert started.status_code == 202, started.text
        shown = client.get("/v1/connections/crm").json()
    asked = [one.get("updated_since") for one in held[0].queries[-2:]]
    assert asked == ["2026-11-01T10:00:05Z", None]
    assert [one["name"] for one in shown["streams"]] == ["accounts", "people"]
    assert shown["streams"][0]["position"] == "2026-11-01T10:00:05.000000Z"
