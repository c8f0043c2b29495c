"""Business cases over the API: lists, one case, its timeline, links and people's word, OCEL."""

import json
import os
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from hub.pipeline.propose import propose
from hub.pipeline.thread import thread
from hub.pipeline.vorgang import Telling, tell
from tests.api.serving import Hub, running_hub
from tests.pipeline.one_case import CRM, DEAL, ERP, INVOICE, ORDER, OTHER, PAYMENT
from tests.street_rows import Row, lay, work_off

SILENT = Row(
    "erp:orders:9",
    "order",
    {**OTHER.fields, "number": "AB-9", "net_minor": 777_00, "delivered_on": "2026-02-20"}
    | {"status": "delivered", "name": "Ersatzteile"},
    OTHER.refs,
)
LIKELY = Row(
    "crm:deals:9",
    "deal",
    {**DEAL.fields, "number": "AN-9", "amount_minor": 777_00, "name": "Ersatzteile"},
    DEAL.refs,
)


@pytest.fixture
def desk(tmp_path: Path, new_sqlite_url: Callable[[], str]) -> Iterator[Hub]:
    with running_hub(tmp_path, new_sqlite_url(), lambda tx: None) as hub:
        db = hub.runtime.database
        lay(db, [CRM, ERP, DEAL, ORDER, INVOICE, PAYMENT, SILENT, LIKELY])
        work_off(db, "thread", lambda: thread(db))
        work_off(db, "propose", lambda: propose(db))
        work_off(db, "vorgang", lambda: tell(db, hub.runtime.clock(), Telling()))
        yield hub


def listed(client: httpx.Client, **more: Any) -> list[dict[str, Any]]:
    answer = client.get("/v1/vorgaenge", params=more)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def test_a_case_has_a_page(desk: Hub) -> None:
    with desk.client("read") as client:
        (late,) = listed(client, gap="delivered_not_invoiced")
    with desk.client("") as visitor:
        visitor.post("/console/key", data={"key": desk.keys["read"]})
        page = visitor.get(f"/console/cases/{late['id']}?language=de")
        assert page.status_code == 200
        for said in ("Neugeschäft Ersatzteile", "geliefert, aber nicht berechnet", "→ Buchhaltung"):
            assert said in page.text
        for said in ("erp:orders:9", "Auftrag AB-9  Ersatzteile, geliefert, 777,00 EUR"):
            assert said in re.sub("<[^>]*>", "", page.text)
        assert visitor.get("/console/cases/none").status_code == 404


def test_a_case_in_francs_names_that_no_rate_is_known(desk: Hub) -> None:
    francs = Row("erp:orders:8", "order", {**SILENT.fields, "currency": "CHF"}, SILENT.refs)
    db = desk.runtime.database
    lay(db, [francs])
    work_off(db, "thread", lambda: thread(db))
    work_off(db, "vorgang", lambda: tell(db, desk.runtime.clock(), Telling()))
    with desk.client("read") as client:
        one = next(one for one in listed(client) if one["currency"] == "CHF")
        assert (one["value_minor"], one["value_base_minor"]) == (777_00, None)
        whole = client.get(f"/v1/vorgaenge/{one['id']}").json()
        assert whole["without_rate"] == ["CHF"]
        (member,) = whole["members"]
        assert (member["amount_minor"], member["amount_base_minor"]) == (777_00, None)
        record = client.get("/v1/source-records/erp:orders:8").json()
    assert record["base_currency"] == "EUR"
    assert record["canonical"][0]["base_amounts"] == {"net_base_minor": None}
    with desk.client("") as visitor:
        visitor.post("/console/key", data={"key": desk.keys["read"]})
        page = visitor.get(f"/console/cases/{one['id']}?language=de").text
    assert "777,00 CHF (ohne Kurs)" in page


def test_cases_are_listed_filtered_and_paged(desk: Hub) -> None:
    with desk.client("read") as client:
        every = listed(client)
        assert [one["title"] for one in every] == ["Anlage", "Ersatzteile", "Ersatzteile"]
        (late,) = listed(client, gap="delivered_not_invoiced", department="finance")
        assert (late["phase"], late["health"]["state"]) == ("delivered", "attention")
        assert listed(client, gap="delivered_not_invoiced", department="sales") == []
        assert len(listed(client, gap="any")) == 2
        assert len(listed(client, department="finance")) == 1
        assert listed(client, phase="paid") == every[:1]
        assert listed(client, customer="01A", kind="new_business") == every
        assert listed(client, customer="01B") == []
        seen, after = [], None
        while True:
            page = client.get("/v1/vorgaenge", params={"limit": 1, "after": after or None}).json()
            seen += page["items"]
            after = page["next"]
            if after is None:
                break
        assert seen == every
        assert client.get("/v1/vorgaenge", params={"gap": "nothing"}).status_code == 422
        assert client.get("/v1/vorgaenge", params={"after": "x"}).status_code == 400


def test_a_case_shows_members_phases_and_its_timeline(desk: Hub) -> None:
    with desk.client("read") as client:
        one = next(one["id"] for one in listed(client, phase="paid"))
        whole = client.get(f"/v1/vorgaenge/{one}").json()
        assert [member["ref"] for member in whole["members"]] == sorted(
            (DEAL.ref, ORDER.ref, INVOICE.ref, PAYMENT.ref)
        )
        assert [phase["phase"] for phase in whole["phases"]] == [
            "qualified",
            "offered",
            "ordered",
            "invoiced",
            "paid",
        ]
        assert whole["amounts"]["invoiced"] == whole["amounts_base"]["invoiced"] == 1000_00
        assert (whole["value_base_minor"], whole["base_currency"]) == (1000_00, "EUR")
        assert whole["without_rate"] == []
        page = client.get(f"/v1/vorgaenge/{one}/timeline", params={"limit": 3}).json()
        rest = client.get(f"/v1/vorgaenge/{one}/timeline", params={"after": page["next"]}).json()
        days = [each["at"] for each in page["items"] + rest["items"]]
        assert days == sorted(days, reverse=True)
        assert page["items"][0]["what"] == "payment booked"
        assert rest["items"][-1]["what"] == "deal entered"
        held = next(m["link"] for m in whole["members"] if m["ref"] == ORDER.ref)
        why = client.get(f"/v1/links/{held}/why").json()
        assert (why["state"], why["method"]) == ("standing", "number")
        for path in ("vorgaenge/01NO", "vorgaenge/01NO/timeline", "links/none/why"):
            assert client.get(f"/v1/{path}").status_code == 404


def test_a_word_on_a_waiting_link_is_applied_and_taken_back(desk: Hub) -> None:
    with desk.client("write") as client:
        (waiting,) = client.get("/v1/links/review").json()["items"]
        assert {end["ref"] for end in waiting["ends"]} == {SILENT.ref, LIKELY.ref}
        assert client.get(waiting["why"]).json()["state"] == "waiting"
        ids = {one["id"] for one in listed(client, kind="new_business")}
        body = {"from_ref": waiting["from_ref"], "target": waiting["target"], "verdict": "link"}
        made = client.post("/v1/links", json={**body, "reason": "on the phone"})
        assert made.status_code == 201, made.text
        said = made.json()
        assert (said["applied"], said["verdict"], said["role"]) == (True, "link", "deal")
        left = {one["id"] for one in listed(client)}
        (merged,) = ids - left
        moved = client.get(f"/v1/vorgaenge/{merged}", follow_redirects=False)
        assert moved.status_code == 301
        assert moved.json()["merged_into"] in left
        assert client.get("/v1/links/review").json()["items"] == []
        why = client.get(f"/v1/links/{waiting['id']}/why").json()
        assert (why["state"], why["method"]) == ("standing", "judgement")
        assert [one["reason"] for one in why["decisions"]] == ["on the phone"]
        assert [one["id"] for one in client.get("/v1/links/decisions").json()["items"]] == [
            said["id"]
        ]
        assert client.delete(f"/v1/links/decisions/{said['id']}").json()["applied"] is True
        assert len(listed(client)) == 3
        assert client.get("/v1/links/decisions").json()["items"] == []
        assert client.delete(f"/v1/links/decisions/{said['id']}").status_code == 404
        same = {**body, "target": body["from_ref"]}
        assert client.post("/v1/links", json=same).status_code == 409
        assert client.post("/v1/links", json={**body, "target": "01NO"}).status_code == 404
    with desk.client("read") as client:
        assert client.post("/v1/links", json=body).status_code == 403


ATTRIBUTE_TYPES = {"string", "time", "integer", "float", "boolean"}


def checked(log: dict[str, Any]) -> None:
    """Hold a log against the structure that OCEL 2.0 publishes for JSON."""
    assert set(log) == {"objectTypes", "eventTypes", "objects", "events"}
    declared = {}
    for kind in ("objectTypes", "eventTypes"):
        for one in log[kind]:
            assert set(one) == {"name", "attributes"}
            assert {each["type"] for each in one["attributes"]} <= ATTRIBUTE_TYPES
            declared[kind, one["name"]] = {each["name"] for each in one["attributes"]}
    ids = [one["id"] for one in log["objects"]]
    assert len(ids) == len(set(ids))
    happened = [one["id"] for one in log["events"]]
    assert len(happened) == len(set(happened))
    for one in log["objects"]:
        assert set(one) == {"id", "type", "attributes", "relationships"}
        assert all(set(each) == {"name", "value", "time"} for each in one["attributes"])
    for one in log["events"]:
        assert set(one) == {"id", "type", "time", "attributes", "relationships"}
        assert all(set(each) == {"name", "value"} for each in one["attributes"])
        assert one["time"].endswith("Z")
    for kind, some in (("objectTypes", log["objects"]), ("eventTypes", log["events"])):
        for one in some:
            assert {each["name"] for each in one["attributes"]} <= declared[kind, one["type"]]
            assert all(set(each) == {"objectId", "qualifier"} for each in one["relationships"])
            assert {each["objectId"] for each in one["relationships"]} <= set(ids)


def test_the_event_log_keeps_to_the_standard_and_tools_read_it(desk: Hub, tmp_path: Path) -> None:
    with desk.client("read") as client:
        answer = client.get("/v1/ocel")
    log = json.loads(answer.content)
    checked(log)
    assert {one["type"] for one in log["objects"]} == {
        "deal",
        "order",
        "invoice",
        "payment",
        "vorgang",
        "organization",
    }
    assert len([one for one in log["objects"] if one["type"] == "vorgang"]) == 3
    invoiced = next(one for one in log["events"] if one["type"] == "invoice issued")
    assert {each["qualifier"] for each in invoiced["relationships"]} == {
        "invoice",
        "vorgang",
        "customer",
    }
    interpreter = os.environ.get("PM4PY_PYTHON")
    if interpreter is None:
        pytest.skip("PM4PY_PYTHON names no interpreter with pm4py, so it was not asked")
    path = tmp_path / "log.json"
    path.write_bytes(answer.content)
    script = (
        "import sys, pm4py\n"
        "log = pm4py.read_ocel2_json(sys.argv[1])\n"
        "print(len(log.events), len(log.objects), len(log.relations), len(log.o2o))"
    )
    ran = subprocess.run(
        [interpreter, "-W", "ignore", "-c", script, str(path)],
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    relations = sum(len(one["relationships"]) for one in log["events"])
    between = sum(len(one["relationships"]) for one in log["objects"])
    counts = [len(log["events"]), len(log["objects"]), relations, between]
    assert ran.stdout.split() == list(map(str, counts))
