"""What requests may change: syncs and judgements, each at once and never twice."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from connectors.sdk.record import End, Page, Record
from hub.pipeline import lease
from hub.pipeline.sync import lease_name
from tests.api.serving import Hub

PAIR = {"left": "crm:accounts:A-1", "right": "crm:accounts:A/2 %23x"}


def _quiet(hub: Hub) -> None:
    """Wait until nothing goes on in the background."""
    for thread in list(hub.app.state.jobs._threads.values()):
        thread.join(60)
    walking = hub.app.state.jobs._threads.get("walk")
    if walking is not None:
        walking.join(60)


def _connection(client: httpx.Client) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/v1/connections/crm").json()
    return found


def test_a_sync_runs_in_the_background_and_shows_in_its_connection(own_hub: Hub) -> None:
    with own_hub.client("write") as client:
        answer = client.post("/v1/connections/crm/sync")
        assert answer.status_code == 202
        assert answer.headers["location"] == "/v1/connections/crm"
        assert answer.json()["run"]["id"] == 2
        _quiet(own_hub)
        run = _connection(client)["run"]
        assert run["id"] == 2
        assert run["streams"]["accounts"]["quarantined"] == 1
        hits = client.get("/v1/search?q=Bär").json()["items"]
        assert [hit["kind"] for hit in hits] == ["organization"]
        assert client.get("/v1/status").json()["work"] == {}


def test_a_connection_that_is_being_read_answers_409(own_hub: Hub) -> None:
    clock = own_hub.runtime.clock
    with own_hub.runtime.database.transaction() as tx:
        assert lease.acquire(tx, lease_name("crm"), "elsewhere:1:2:3", clock()) is None
    with own_hub.client("write") as client:
        answer = client.post("/v1/connections/crm/sync")
        assert answer.status_code == 409
        assert answer.json()["type"] == "urn:verbund:problem:busy"
        assert "being read by elsewhere" in answer.json()["detail"]


def test_two_requests_start_one_sync(own_hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    reading, go_on = threading.Event(), threading.Event()

    class Slow:
        name = "accounts"

        def read(self, since: str | None) -> Iterator[Page | End]:
            reading.set()
            go_on.wait(30)
            yield Page([Record("A-1", {"name": "Weber"})])
            yield End(complete=False)

        def streams(self) -> list["Slow"]:
            return [self]

        def check(self) -> None: ...

        def close(self) -> None: ...

    monkeypatch.setattr("hub.runtime.open_connection", lambda *_: Slow())
    with own_hub.client("write") as client:
        assert client.post("/v1/connections/crm/sync").status_code == 202
        assert reading.wait(30)
        second = client.post("/v1/connections/crm/sync")
        assert (second.status_code, second.json()["title"]) == (409, "Somebody else is at it")
        assert _connection(client)["run"]["state"] == "running"
        go_on.set()
        _quiet(own_hub)
        assert _connection(client)["run"]["state"] == "succeeded"


def test_a_connection_that_cannot_be_opened_is_a_failed_run(own_hub: Hub) -> None:
    with own_hub.client("write") as client:
        assert client.post("/v1/connections/broken/sync").status_code == 202
        _quiet(own_hub)
        run = client.get("/v1/connections/broken").json()["run"]
        assert (run["state"], run["error_kind"]) == ("failed", "config")
        assert "pth: no such option; is 'path' meant?" in run["error"]


def test_quarantine_empties_when_its_source_is_mended(own_hub: Hub, tmp_path: Path) -> None:
    with own_hub.client("write") as client:
        client.post("/v1/connections/crm/sync")
        _quiet(own_hub)
        waiting = client.get("/v1/connections/crm/quarantine").json()["items"]
        assert [entry["raw"] for entry in waiting][-1:] == ['{"id"']
        (tmp_path / "exports/accounts.jsonl").write_text('{"id": "A-1", "name": "Weber GmbH"}\n')
        assert client.post("/v1/connections/crm/quarantine/replay").status_code == 202
        _quiet(own_hub)
        assert client.get("/v1/connections/crm/quarantine").json()["items"] == []


def test_a_judgement_is_kept_applied_listed_and_taken_back(own_hub: Hub) -> None:
    with own_hub.client("write") as client:
        said = {**PAIR, "verdict": "different", "reason": "two firms"}
        made = client.post("/v1/judgements", json=said)
        assert made.status_code == 201
        assert made.json()["author"] == "the write key"
        listed = client.get("/v1/judgements").json()["items"]
        assert [made.json() | listed[0]] == [made.json()]
        undone = client.delete(f"/v1/judgements/{made.json()['id']}")
        assert {**undone.json(), "entities": None} == {**made.json(), "entities": None}
        assert client.get("/v1/judgements").json()["items"] == []
        assert len(client.get("/v1/judgements?undone=true").json()["items"]) == 1
        again = client.delete(f"/v1/judgements/{made.json()['id']}")
        assert again.status_code == 404
        _quiet(own_hub)


@pytest.mark.parametrize(
    ("change", "status", "text"),
    [
        ({"right": "crm:accounts:none"}, 404, "no record crm:accounts:none"),
        ({"right": PAIR["left"]}, 409, "a judgement needs two"),
        ({"right": "crm:tickets:T-1"}, 409, "never one"),
    ],
)
def test_a_judgement_that_cannot_be(
    own_hub: Hub, change: dict[str, str], status: int, text: str
) -> None:
    with own_hub.client("write") as client:
        answer = client.post("/v1/judgements", json={**PAIR, "verdict": "same", **change})
        assert answer.status_code == status
        assert text in answer.json()["detail"]
        assert client.get("/v1/judgements").json()["items"] == []
