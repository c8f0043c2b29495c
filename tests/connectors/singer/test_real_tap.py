"""A tap from the package index, as it is, against a server of ours: read, resumed, refused."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from connectors.registry import open_connector
from connectors.sdk.contract import Connector
from connectors.sdk.errors import RetryableError
from hub.pipeline.sync import sync_connection
from hub.store import checkpoints, staging
from hub.store.database import Database
from tests.conftest import HandClock
from tests.connectors.singer.contacts import TOKEN, Server, contacts_server

pytestmark = pytest.mark.servers
TAP = "tap-rest-api==0.2.22"
SCHEMA = {
    "type": "object",
    "properties": {
        "id": {"type": "integer"},
        "name": {"type": ["string", "null"]},
        "changed": {"type": "integer"},
    },
}


@pytest.fixture
def server() -> Iterator[Server]:
    with contacts_server() as state:
        yield state


@pytest.fixture
def tap(server: Server, tmp_path: Path, pytestconfig: pytest.Config) -> Any:
    """Build a connection to the server by the tap, which is installed once and kept."""
    assert pytestconfig.cache is not None
    kept = pytestconfig.cache.mkdir("environments")
    (tmp_path / "contacts.json").write_text(json.dumps(SCHEMA))
    catalog = {"streams": [{"tap_stream_id": "contacts", "stream": "contacts", "schema": SCHEMA}]}
    (tmp_path / "catalog.json").write_text(json.dumps(catalog))

    def build(token: str = TOKEN) -> Connector:
        config = {
            "command": "tap-rest-api",
            "install": [TAP],
            "environments": str(kept),
            "catalog": "catalog.json",
            "settings": {
                "streams": "contacts",
                "schema_dir": str(tmp_path),
                "url": f"{server.url}/contacts?since={{start_index}}&page={{current_page}}",
                "index_key": "changed",
                "start_index": 0,
                "items_per_page": 10,
            },
            "secrets": {"http_headers": json.dumps({"Authorization": f"Bearer {token}"})},
            "streams": {"contacts": {"key": "id"}},
        }
        connector = open_connector("singer", name="crm", config=config, base_dir=tmp_path)
        try:
            connector.check()
        except RetryableError as error:
            pytest.skip(f"the package index does not answer: {error}")
        return connector

    return build


def test_a_tap_from_the_index_syncs_resumes_and_never_deletes(
    tap: Any, server: Server, new_sqlite_url: Any, clock: HandClock
) -> None:
    db = Database(new_sqlite_url())

    def sync(connector: Connector) -> Any:
        return sync_connection(db, clock, name="crm", connector=connector)

    def live() -> int:
        with db.reading() as tx:
            return staging.stream_counts(tx).get(("crm", "contacts"), 0)

    first = sync(tap())
    assert (first.state, first.total("created"), live()) == ("succeeded", 25, 25)
    with db.reading() as tx:
        state = json.loads(checkpoints.load(tx, "crm")["contacts"][""])
        assert state["bookmarks"]["contacts"]["last_update"] == 124
        assert json.loads(staging.versions(tx, "crm", "contacts", "7")[0].payload)["name"] == (
            "Müller 7"
        )

    server.rows = [*server.rows[20:], {"id": 3, "name": "new", "changed": 200}]
    server.asked.clear()
    second = sync(tap())
    assert (second.total("changed"), second.total("deleted"), live()) == (1, 0, 25)
    assert "since=124&" in server.asked[0]

    server.breaks_at = 0
    refused = sync(tap("wrong"))
    assert refused.streams["contacts"].error_kind == "broken"
    assert TOKEN not in str(refused)
    with db.reading() as tx:  # a run that failed moves nothing
        kept = json.loads(checkpoints.load(tx, "crm")["contacts"][""])
        assert kept["bookmarks"]["contacts"]["last_update"] == 200
    db.close()
