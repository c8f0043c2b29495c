"""What a source says by itself: proven, kept as a hint, and read again from the source."""

import hmac
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.sdk import ConnectorError
from hub.app import create_app
from hub.config import load_config
from hub.pipeline import lease
from hub.pipeline.reread import KEPT_FOR
from hub.pipeline.sync import lease_name
from hub.runtime import Runtime
from hub.scheduler import Clockwork
from hub.store import hints, staging
from hub.store.database import Database
from tests.api.serving import served
from tests.conftest import HandClock
from tests.connectors.emulator import Asked, Emulator, Reply, emulator, numbered

SECRET = "shh-canary-0123456789"
ACME = """\
connector: acme
streams:
  contacts:
    path: /contacts
    fields: {id: text, name: optional text, updated_at: optional moment}
    items: data
    cursor: updated_at
    since: updated_since
    pages: {type: number, size: [per_page, 100], total: meta.total}
    item: /contacts/{key}
    item_at: data
    webhook:
      events: contact.*
      key: data.id
      verify: {type: hmac, header: X-Sig, prefix: "sha256="}
"""
HUB = """\
connections:
  acme:
    source: acme.yaml
    system: crm
    mapping: acme-map.yaml
    config: {base_url: "%s", webhook_secret: {env: HOOK}}
  files:
    source: files
    system: erp
    mapping: files-map.yaml
    config: {path: ., streams: {accounts: {path: none.jsonl, key: id}}}
"""
MAPPING = "streams: {%s: [{kind: organization, fields: {name: name}}]}"


@dataclass
class World:
    """A source with contacts, and a hub that reads it."""

    source: Emulator
    runtime: Runtime
    clock: HandClock
    rows: list[dict[str, Any]]

    def put(self, key: str, name: str) -> None:
        self.rows[:] = [row for row in self.rows if row["id"] != key]
        self.rows.append({"id": key, "name": name, "updated_at": "2026-11-20T10:00:00Z"})
        self.source.routes[f"/contacts/{key}"] = self._item

    def drop(self, key: str) -> None:
        self.rows[:] = [row for row in self.rows if row["id"] != key]

    def hint(self, key: Any, event: str = "contact.updated", secret: str = SECRET) -> int:
        body = json.dumps({"type": event, "data": {"id": key, "name": "never taken"}}).encode()
        return self.runtime.hint("acme", signed(body, secret), body)

    def live(self) -> dict[str, str]:
        with self.runtime.database.reading() as tx:
            rows = staging.sample(tx, "acme", "contacts", 100)
        return {row.key: json.loads(row.payload)["name"] for row in rows}

    def waiting(self) -> dict[str, int]:
        with self.runtime.database.reading() as tx:
            return hints.waiting(tx)

    def _item(self, asked: Asked) -> Reply:
        key = asked.path.rsplit("/", 1)[1]
        found = [row for row in self.rows if row["id"] == key]
        return Reply({"data": found[0]}) if found else Reply({"error": "gone"}, 404)


def signed(body: bytes, secret: str = SECRET) -> dict[str, str]:
    return {"x-sig": "sha256=" + hmac.digest(secret.encode(), body, "sha256").hex()}


@contextmanager
def opened_world(folder: Path, database: Database, clock: HandClock) -> Iterator[World]:
    with emulator() as source:
        texts = {
            "acme.yaml": ACME,
            "hub.yaml": HUB % source.url,
            "acme-map.yaml": MAPPING % "contacts",
            "files-map.yaml": MAPPING % "accounts",
            "rules/.keep": "",
        }
        for name, text in texts.items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(text)
        env = {"HOOK": SECRET}
        runtime = Runtime(load_config(folder / "hub.yaml", env), database, clock, env)
        rows: list[dict[str, Any]] = []
        source.routes["/contacts"] = numbered(rows)
        yield World(source, runtime, clock, rows)


@pytest.fixture
def world(tmp_path: Path, database: Database, clock: HandClock) -> Iterator[World]:
    with opened_world(tmp_path, database, clock) as made:
        yield made


def test_what_is_named_is_read_again_from_the_source(world: World) -> None:
    world.put("a", "Anna")
    world.put("b", "Bert")
    assert world.runtime.sync("acme").state == "succeeded"
    world.put("a", "Anna M.")
    world.put("c", "Cora")
    world.drop("b")
    for key in ("a", "c", "b", "a", "never-there"):
        assert world.hint(key) == 1
    assert world.waiting() == {"acme": 4}
    assert world.runtime.reread("acme") == 4
    assert world.live() == {"a": "Anna M.", "c": "Cora"}
    assert world.waiting() == {}
    asked = len(world.source.asked)
    assert world.runtime.reread("acme") == 0
    assert len(world.source.asked) == asked


@pytest.mark.parametrize(
    ("event", "key", "named"),
    [("contact.deleted", "a", 1), ("deal.won", "a", 0), ("contact.x", "", 0), ("contact.x", {}, 0)],
)
def test_only_keys_of_its_own_events_are_taken(
    world: World, event: str, key: Any, named: int
) -> None:
    assert world.hint(key, event) == named


def settled(jobs: Any) -> None:
    """Wait until everything that requests have started has ended."""
    while alive := [thread for thread in jobs._threads.values() if thread.is_alive()]:
        alive[0].join(30)


def test_the_answer_over_http_is_one_for_all_that_is_not_proven(world: World) -> None:
    world.put("a", "Anna")
    body = json.dumps({"type": "contact.updated", "data": {"id": "a"}}).encode()
    app = create_app(world.runtime)
    with served(app) as url, httpx.Client(base_url=url) as client:
        good = client.post("/v1/hooks/acme", content=body, headers=signed(body))
        assert (good.status_code, good.json()) == (202, {"records": 1})
        refused = [
            client.post("/v1/hooks/acme", content=body, headers=signed(body, "other")),
            client.post("/v1/hooks/acme", content=body + b" ", headers=signed(body)),
            client.post("/v1/hooks/acme", content=body),
            client.post("/v1/hooks/acme", content=body, headers={b"X-Sig": "sha256=é".encode()}),
            client.post("/v1/hooks/files", content=body, headers=signed(body)),
            client.post("/v1/hooks/nobody", content=body, headers=signed(body)),
        ]
        told = [{**answer.json(), "request_id": ""} for answer in refused]
        assert [answer.status_code for answer in refused] == [404] * 6
        assert all(one == told[0] for one in told)
        no_json = client.post("/v1/hooks/acme", content=b"{", headers=signed(b"{"))
        assert (no_json.status_code, no_json.json()) == (202, {"records": 0})
        large = client.post("/v1/hooks/acme", content=b"x" * 1_100_000)
        assert large.status_code == 413
        settled(app.state.jobs)
    assert (world.live(), world.waiting()) == ({"a": "Anna"}, {})


def test_a_server_reads_what_is_named_by_itself_and_what_it_finds_at_its_start(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.api.jobs.FIRST_PAUSE_S", 0.01)
    world.put("a", "Anna")
    world.put("b", "Bert")
    world.hint("a")
    with world.runtime.database.transaction() as tx:
        lease.acquire(tx, lease_name("acme"), "another process", world.clock())
    app = create_app(world.runtime)
    with served(app) as url, httpx.Client(base_url=url) as client:
        body = json.dumps({"type": "contact.updated", "data": {"id": "b"}}).encode()
        assert client.post("/v1/hooks/acme", content=body, headers=signed(body)).is_success
        assert world.live() == {}  # somebody else is at it
        with world.runtime.database.transaction() as tx:
            lease.release(tx, lease_name("acme"), "another process")
        settled(app.state.jobs)
    assert (world.live(), world.waiting()) == ({"a": "Anna", "b": "Bert"}, {})


def test_a_server_starts_while_its_database_is_away(world: World, tmp_path: Path) -> None:
    away = replace(world.runtime, database=Database(f"sqlite:///{tmp_path}/no/such/folder/hub.db"))
    with served(create_app(away)) as url, httpx.Client(base_url=url) as client:
        assert client.get("/v1/status", headers={"X-API-Key": "vbd_x"}).status_code == 503


def test_a_source_that_is_away_keeps_its_hints_and_blocks_no_other(world: World) -> None:
    for key in ("a", "b"):
        world.put(key, key.upper())
        world.hint(key)
    world.source.before = lambda asked: (
        Reply({}, 429, {"Retry-After": "9999"}) if asked.path.endswith("/a") else None
    )
    for _ in range(2):
        with pytest.raises(ConnectorError):
            world.runtime.reread("acme")
    assert (world.live(), world.waiting()) == ({"b": "B"}, {"acme": 1})
    world.clock.turn(seconds=(KEPT_FOR + timedelta(seconds=1)).total_seconds())
    assert world.runtime.reread("acme") == 0
    assert world.waiting() == {}


def test_where_nothing_is_named_nobody_asks_for_the_connection(world: World) -> None:
    """A round of syncs would write three transactions a connection for nothing."""
    with world.runtime.database.transaction() as tx:
        lease.acquire(tx, lease_name("acme"), "elsewhere:1:1:x", world.clock())
    assert world.runtime.reread("acme") == 0


def test_the_clockwork_reads_what_is_named_once_no_run_is_at_it(world: World) -> None:
    world.put("a", "Anna")
    world.hint("a")
    work = Clockwork(world.runtime)
    with world.runtime.database.transaction() as tx:
        lease.acquire(tx, lease_name("acme"), "another process", world.clock())
    work.reread()
    assert (world.live(), world.waiting()) == ({}, {"acme": 1})
    with world.runtime.database.transaction() as tx:
        lease.release(tx, lease_name("acme"), "another process")
    work.reread()
    assert (world.live(), world.waiting()) == ({"a": "Anna"}, {})


def test_a_hint_that_comes_while_its_record_is_read_stays(world: World) -> None:
    world.put("a", "Anna")
    world.hint("a")

    def changed_meanwhile(asked: Asked) -> Reply | None:
        world.source.before = lambda _: None
        answer = Reply({"data": dict(world.rows[0])})
        world.put("a", "Anna M.")
        world.hint("a")
        return answer

    world.source.before = changed_meanwhile
    world.runtime.reread("acme")
    assert (world.live(), world.waiting()) == ({"a": "Anna M."}, {})
    assert [asked.path for asked in world.source.asked] == ["/contacts/a"] * 2


STEPS = st.lists(
    st.tuples(st.sampled_from(["put", "drop", "hint", "read", "sync"]), st.sampled_from("abc")),
    max_size=12,
)


@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS, late=st.permutations("abcabc"))
def test_order_and_number_of_hints_do_not_matter(
    steps: list[tuple[str, str]], late: list[str], world: World
) -> None:
    for number, (what, key) in enumerate(steps):
        match what:
            case "put":
                world.put(key, f"{key}{number}")
            case "drop":
                world.drop(key)
            case "hint":
                world.hint(key)
            case "read":
                world.runtime.reread("acme")
            case "sync":
                world.runtime.sync("acme")
    for key in late:
        world.hint(key)
    world.runtime.reread("acme")
    assert world.live() == {row["id"]: row["name"] for row in world.rows}
    assert world.waiting() == {}


def test_neither_secret_nor_body_is_seen_in_the_log_or_kept(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.put("a", "Anna")
    app = create_app(world.runtime)
    with caplog.at_level("DEBUG"), served(app) as url:
        body = json.dumps({"type": "contact.x", "data": {"id": "a", "name": "n3ver-kept"}}).encode()
        with httpx.Client(base_url=url) as client:
            client.post("/v1/hooks/acme", content=body, headers=signed(body))
            client.post("/v1/hooks/acme", content=body, headers={"X-Sig": SECRET})
        settled(app.state.jobs)
    assert "route=/v1/hooks/{connection}" in caplog.text
    assert SECRET not in caplog.text
    assert "n3ver-kept" not in caplog.text
    assert world.live() == {"a": "Anna"}
