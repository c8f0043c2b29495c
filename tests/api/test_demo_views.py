"""The demo company over the API: every view has the shape the OpenAPI document promises."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from hub.api import schemas
from hub.api.detail_schemas import CaseEventDetail, GapDetail, LinkEvidence
from hub.api.evidence_schema import Evidence, Seen
from hub.api.view_schema import VIEWS
from hub.app import create_app
from hub.config import load_config
from hub.demo.world import world
from hub.demo.write import write
from hub.model.access import Scope
from hub.pipeline.explain import MOST
from hub.runtime import Runtime
from hub.store import api_keys
from hub.store.database import Database
from hub.vorgang.view import ITEMS, LISTS
from tests.api.seeding import NOW
from tests.api.serving import served
from tests.conftest import ROOT

KINDS = {"customers": "organization", "persons": "person", "projects": "project"}


@pytest.fixture(scope="module")
def client(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path
) -> Iterator[httpx.Client]:
    """A client of the demo company, read and worked off."""
    home = tmp_path_factory.mktemp("demo")
    (home / "hub.db").write_bytes(sqlite_template.read_bytes())
    write(world(2026, datetime.now(UTC).date(), 80), home / "data/demo")
    loaded = load_config(ROOT / "configs/demo/hub.yaml", {"HUB_HOME": str(home)})
    database = Database(f"sqlite:///{home}/hub.db")
    runtime = Runtime(loaded, database, lambda: datetime.now(UTC), {})
    for name in [*runtime.connections, "marketing", "marketing"]:
        runtime.sync(name)
    runtime.walk()
    with database.transaction() as tx:
        _, token = api_keys.create(tx, "reader", [Scope.READ], NOW)
    headers = {"Authorization": f"Bearer {token}"}
    with (
        served(create_app(runtime)) as url,
        httpx.Client(base_url=url, headers=headers, verify=False, timeout=20) as client,
    ):
        yield client
    database.close()


def _pages(client: httpx.Client, path: str, **query: Any) -> Iterator[dict[str, Any]]:
    after: dict[str, str] = {}
    while True:
        page = client.get(path, params={**query, **after}).raise_for_status().json()
        yield from page["items"]
        if page["next"] is None:
            return
        after = {"after": page["next"]}


@pytest.mark.parametrize("noun", KINDS)
def test_every_view_is_as_promised(client: httpx.Client, noun: str) -> None:
    rows = list(_pages(client, f"/v1/{noun}", limit=40))
    assert len(rows) > 40
    assert [row["name"].casefold()[:1] for row in rows[:1]]
    for row in rows:
        answer = client.get(f"/v1/{noun}/{row['id']}")
        view = VIEWS[KINDS[noun]].model_validate_json(answer.content)
        assert answer.headers["etag"] == f'W/"{row["etag"]}"'
        assert (view.id, view.name) == (row["id"], row["name"])
        refs = {record.ref for record in view.records}
        for value in view.golden.values():
            assert {origin.ref for origin in value.sources} <= refs


def test_every_kind_of_document_stands_in_somebodys_view(client: httpx.Client) -> None:
    filled = set()
    for noun in KINDS:
        for row in _pages(client, f"/v1/{noun}", limit=100):
            view = client.get(f"/v1/{noun}/{row['id']}").json()
            filled |= {name for name in LISTS.values() if view[name]["items"]}
            at_most = {name: min(view[name]["total"], ITEMS) for name in LISTS.values()}
            assert {name: len(view[name]["items"]) for name in LISTS.values()} == at_most
    assert filled == set(LISTS.values())


@pytest.mark.parametrize("noun", KINDS)
def test_timeline_and_why_agree_with_the_view(client: httpx.Client, noun: str) -> None:
    for row in list(_pages(client, f"/v1/{noun}", limit=40))[:15]:
        view = client.get(f"/v1/{noun}/{row['id']}").json()
        timeline = list(_pages(client, f"/v1/{noun}/{row['id']}/timeline", limit=3))
        assert len(timeline) == view["timeline"]["total"]
        shown = [event["ref"] for event in view["timeline"]["items"]]
        assert [event["ref"] for event in timeline][: len(shown)] == shown
        why = schemas.Why.model_validate(client.get(f"/v1/{noun}/{row['id']}/why").json())
        assert all(pair.prior is None for pair in why.evidence[MOST:])
        for pair in why.evidence[:MOST]:
            assert pair.prior is not None
            parts = pair.prior + sum(one.bits for one in pair.comparisons)
            assert parts == pytest.approx(pair.bits, abs=0.01)
        assert [one.ref for one in why.members] == [one["ref"] for one in view["records"]]


def test_every_href_of_a_search_leads_somewhere(client: httpx.Client) -> None:
    for word in ("Hallwandt", "Möckelstedt", "Moeckelstedt", "GmbH", "AN-2026", "R-2026"):
        for hit in client.get("/v1/search", params={"q": word, "limit": 5}).json()["items"]:
            assert client.get(hit["href"]).status_code == 200, hit


def test_every_alert_leads_to_its_customer_and_back(client: httpx.Client) -> None:
    alerts = list(_pages(client, "/v1/alerts", limit=2))
    silent = {"R03", "R15", "R16", "R17"}  # no case, or none before the newsletter is there
    told = {f"R{number:02}" for number in range(1, 21)} - silent
    assert {alert["rule"] for alert in alerts} - {"R03"} == told
    for alert in alerts:
        whole = client.get(f"/v1/alerts/{alert['id']}").json()
        assert whole["events"][-1]["after"] == alert["condition"]
        assert whole["texts"]["name"]["de"]
        assert Evidence.model_validate(whole["evidence"]).current
        for event in whole["events"]:
            assert Seen.model_validate(event["evidence"]).facts is not None
        if alert["customer"]:
            view = client.get(f"/v1/customers/{alert['customer']}").json()
            assert alert["id"] in {one["id"] for one in view["alerts"]}


def test_what_is_told_as_it_was_kept_is_as_described(client: httpx.Client) -> None:
    methods = set()
    for row in list(_pages(client, "/v1/vorgaenge", limit=100))[::4]:
        case = client.get(f"/v1/vorgaenge/{row['id']}").json()
        for gap in case["gaps"]:
            GapDetail.model_validate(gap["detail"])
        for event in case["events"]:
            CaseEventDetail.model_validate(event["detail"])
        for link in {member["link"] for member in case["members"]} - {None}:
            why = client.get(f"/v1/links/{link}/why").json()
            assert LinkEvidence.model_validate(why["evidence"]).model_fields_set, why["method"]
            methods.add(why["method"])
    for waiting in _pages(client, "/v1/links/review"):
        assert LinkEvidence.model_validate(waiting["evidence"]).days
    assert {"key", "number"} <= methods


def test_records_lead_back_to_the_customer(client: httpx.Client) -> None:
    (hit,) = client.get("/v1/search?q=Hallwandt&kind=organization&limit=1").json()["items"]
    view = client.get(hit["href"]).json()
    for record in view["records"]:
        ref = record["ref"].replace("%", "%25").replace("#", "%23")
        found = client.get(f"/v1/source-records/{ref}").json()
        made = {one["ref"]: one["entity_id"] for one in found["canonical"]}
        assert made[record["ref"]] == view["id"]
        assert found["versions"][0]["data"]


def test_the_source_that_failed_says_so(client: httpx.Client) -> None:
    marketing = client.get("/v1/connections/marketing").json()
    assert marketing["run"]["state"] == "partial"
    assert "recipients.csv" in marketing["run"]["error"]
    assert marketing["freshness"]["last_success"] is None
    books = client.get("/v1/connections/books").json()
    assert "zurückgestellt" in {issue["example"] for issue in books["issues"]}
