"""The queue over the API: an answer is applied before it is acknowledged, and undone as fast."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from hub.store import canonical, work
from hub.store.database import Tx
from tests.api.serving import Hub, running_hub
from tests.pipeline.companies import COMPANIES, FILLING, made_of


def _seed(tx: Tx) -> None:
    records = {**COMPANIES, **dict(list(FILLING.items())[:20])}
    made = made_of(tx, records)
    canonical.replace(tx, [one.source_id for one in made], made)
    work.add(tx, "resolve", records)


@pytest.fixture
def desk(tmp_path: Path, new_database_url: Callable[[], str]) -> Iterator[Hub]:
    with running_hub(tmp_path, new_database_url(), _seed) as hub:
        (tmp_path / "mappings/crm.yaml").write_text("streams: {}")
        hub.runtime.walk()
        yield hub


def waiting(client: httpx.Client, **more: Any) -> list[dict[str, Any]]:
    answer = client.get("/v1/review", params={"kind": "organization", "limit": 200, **more})
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def test_an_answer_shows_at_once_and_undoing_brings_the_question_back(desk: Hub) -> None:
    with desk.client("write") as client:
        before = waiting(client)
        first = before[0]
        refs = {side: first[side]["ref"] for side in ("left", "right")}
        said = client.post("/v1/judgements", json={**refs, "verdict": "same"}).json()
        assert said["applied"] is True
        assert len(set(said["entities"])) == 1
        view = client.get(f"/v1/customers/{said['entities'][0]}").json()
        assert view["id"] == said["entities"][0]
        assert refs not in [{side: one[side]["ref"] for side in refs} for one in waiting(client)]
        undone = client.delete(f"/v1/judgements/{said['id']}").json()
        assert undone["applied"] is True
        assert len(set(undone["entities"])) == 2
        again = waiting(client)
        assert [one["rank"] for one in again] == [one["rank"] for one in before]


def test_a_question_shows_both_sides_and_where_the_evidence_is(desk: Hub) -> None:
    with desk.client("read") as client:
        first = next(one for one in waiting(client) if one["task"] == "merge")
        for side in (first["left"], first["right"]):
            view = client.get(f"/v1/customers/{side['entity_id']}").json()
            assert side["values"] == {key: one["value"] for key, one in view["golden"].items()}
            assert side["name"] == view["name"]
        told = client.get(first["why"]).json()
        assert told["left"]["ref"] == first["left"]["ref"]
        assert told["explanation"]["bits"] == first["bits"]


def test_pages_and_kinds(desk: Hub) -> None:
    with desk.client("read") as client:
        whole = waiting(client)
        assert len(whole) > 3
        paged: list[dict[str, Any]] = []
        after: str | None = None
        while True:
            params: dict[str, Any] = {"kind": "organization", "limit": 3}
            page = client.get(
                "/v1/review", params={**params, **({"after": after} if after else {})}
            )
            paged += page.json()["items"]
            after = page.json()["next"]
            if after is None:
                break
        assert paged == whole
        first = client.get("/v1/review", params={"limit": 1}).json()["next"]
        other = client.get("/v1/review", params={"kind": "person", "after": first})
        assert other.json()["type"] == "urn:verbund:problem:bad-cursor"
        assert waiting(client, kind="person") == []
