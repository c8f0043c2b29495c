"""What the read endpoints answer: views as they lie, lists in pages, evidence, versions."""

import json
from typing import Any

import httpx
import pytest

from tests.api.seeding import CUSTOMERS, MERGED, NOW, PERSON
from tests.api.serving import Hub

CUSTOMER = CUSTOMERS[0]


def _get(hub: Hub, path: str, **options: Any) -> httpx.Response:
    with hub.client("read") as client:
        return client.get(path, **options)


def test_a_view_is_served_as_it_is_stored(hub: Hub) -> None:
    answer = _get(hub, f"/v1/customers/{CUSTOMER}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "private, no-cache"
    assert answer.text.startswith(f'{{"id":"{CUSTOMER}","kind":"organization","name":"Weber 0"')
    assert answer.json()["rendered_at"] == NOW


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ("{etag}", 304),
        ('"other", {etag}', 304),
        ("*", 304),
        ('"other"', 200),
        ("", 200),
        ("{bare}", 200),
    ],
)
def test_what_the_caller_has_already_is_not_sent_again(hub: Hub, header: str, status: int) -> None:
    etag = _get(hub, f"/v1/customers/{CUSTOMER}").headers["etag"]
    assert etag.startswith('W/"')
    sent = header.format(etag=etag, bare=etag.strip('W/"'))
    answer = _get(hub, f"/v1/customers/{CUSTOMER}", headers={"If-None-Match": sent})
    assert answer.status_code == status
    assert answer.headers["etag"] == etag
    assert bool(answer.content) == (status == 200)


@pytest.mark.parametrize("tail", ["", "/timeline", "/why"])
def test_a_merged_id_leads_to_the_one_that_lives(hub: Hub, tail: str) -> None:
    answer = _get(hub, f"/v1/customers/{MERGED}{tail}")
    location = f"/v1/customers/{CUSTOMER}{tail}"
    assert answer.status_code == 301
    assert answer.headers["location"] == location
    assert answer.json() == {"merged_into": CUSTOMER, "location": location}
    followed = _get(hub, f"/v1/customers/{MERGED}{tail}", follow_redirects=True)
    assert followed.status_code == 200


@pytest.mark.parametrize("tail", ["", "/timeline", "/why"])
@pytest.mark.parametrize(
    "path", [f"/v1/persons/{CUSTOMER}", f"/v1/persons/{MERGED}", "/v1/customers/x"]
)
def test_an_id_of_another_kind_or_of_none_is_not_found(hub: Hub, path: str, tail: str) -> None:
    answer = _get(hub, path + tail)
    assert answer.status_code == 404
    assert answer.json()["type"] == "urn:verbund:problem:not-found"


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, [f"Weber {number}" for number in range(7)]),
        ({"city": "regensburg"}, ["Weber 0"]),
        ({"country": "FR"}, []),
        ({"has_alerts": "true"}, ["Weber 0"]),
        ({"has_alerts": "false"}, [f"Weber {number}" for number in range(1, 7)]),
        ({"q": "Regensbrug"}, ["Weber 0"]),
        ({"q": "Xylophon"}, []),
        ({"q": "Webr", "city": "Köln", "limit": "200"}, [f"Weber {n}" for n in range(1, 7)]),
    ],
)
def test_lists_are_filtered(hub: Hub, query: dict[str, str], names: list[str]) -> None:
    answer = _get(hub, "/v1/customers", params=query).json()
    found = [row["name"] for row in answer["items"]]
    assert found == names
    assert answer["next"] is None


@pytest.mark.parametrize(
    ("path", "size"),
    [
        ("/v1/customers", 7),
        ("/v1/customers?q=Weber", 7),
        ("/v1/alerts?condition=firing&condition=pending&condition=resolved", 3),
        ("/v1/connections/crm/quarantine", 3),
    ],
)
def test_pages_hold_each_item_once(hub: Hub, path: str, size: int) -> None:
    found: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        after = {"after": cursor} if cursor else {}
        url = httpx.URL(path).copy_merge_params({"limit": "2", **after})
        answer = _get(hub, str(url)).json()
        assert len(answer["items"]) <= 2
        found += [json.dumps(item["id"]) for item in answer["items"]]
        cursor = answer["next"]
    assert len(found) == len(set(found)) == size


def test_the_timeline(hub: Hub) -> None:
    (item,) = _get(hub, f"/v1/customers/{CUSTOMER}/timeline").json()["items"]
    assert (item["ref"], item["at"], item["status"]) == ("crm:tickets:T-1", "2026-11-20", "open")
    assert (item["roles"], item["method"], item["score"]) == (["organization"], "key", 1.0)
    assert _get(hub, f"/v1/customers/{CUSTOMER}/timeline?kind=deal").json()["items"] == []


def test_why(hub: Hub) -> None:
    why = _get(hub, f"/v1/customers/{CUSTOMER}/why").json()
    assert [(one["ref"], one["method"], one["score"]) for one in why["members"]] == [
        ("crm:accounts:A-1", "model", 0.98),
        ("crm:accounts:A/2 %23x", "model", 0.98),
    ]
    (pair,) = why["evidence"]
    assert (pair["left"], pair["right"]) == (["crm:accounts:A-1"], ["crm:accounts:A/2 %23x"])
    assert pair["bits"] == 6.0
    assert 0.98 < pair["probability"] < 0.99
    assert [event["type"] for event in why["events"]] == ["created", "merged"]
    assert _get(hub, f"/v1/persons/{PERSON}/why").json()["evidence"] == []


@pytest.mark.parametrize("q", ["Müller", "Mueller", "mullr", "eva muller"])
def test_search_forgives(hub: Hub, q: str) -> None:
    hits = _get(hub, "/v1/search", params={"q": q}).json()["items"]
    assert hits[0]["id"] == PERSON
    assert hits[0]["href"] == f"/v1/persons/{PERSON}"
    assert _get(hub, hits[0]["href"]).status_code == 200


def test_search_finds_documents_and_takes_kinds(hub: Hub) -> None:
    (hit,) = _get(hub, "/v1/search?q=export&kind=ticket&kind=deal").json()["items"]
    assert hit["href"] == "/v1/source-records/crm:tickets:T-1"
    assert _get(hub, hit["href"]).json()["canonical"][0]["kind"] == "ticket"
    assert _get(hub, "/v1/search?q=export&kind=person").json()["items"] == []


def test_a_source_record_with_its_versions(hub: Hub) -> None:
    record = _get(hub, "/v1/source-records/crm:accounts:A-1").json()
    assert [(one["version"], one["data"]["name"]) for one in record["versions"]] == [
        (2, "Weber Logistik GmbH"),
        (1, "Weber GmbH"),
    ]
    assert [(one["ref"], one["entity_id"]) for one in record["canonical"]] == [
        ("crm:accounts:A-1", CUSTOMER),
        ("crm:accounts:A-1#contact", PERSON),
    ]
    assert len(_get(hub, "/v1/source-records/crm:accounts:A-1?versions=1").json()["versions"]) == 1
    (ticket,) = _get(hub, "/v1/source-records/crm:tickets:T-1").json()["canonical"]
    assert ticket["issues"] == [{"field": "status", "value": "Offn", "reason": "is not mapped"}]


@pytest.mark.parametrize(
    ("address", "ref"),
    [
        ("crm:accounts:A-1%23contact", "crm:accounts:A-1"),
        ("crm:accounts:A/2%20%2523x", "crm:accounts:A/2 %23x"),
        ("crm:accounts:A%2F2%20%2523x", "crm:accounts:A/2 %23x"),
    ],
)
def test_odd_keys_can_be_asked_for(hub: Hub, address: str, ref: str) -> None:
    assert _get(hub, f"/v1/source-records/{address}").json()["ref"] == ref


@pytest.mark.parametrize("address", ["crm:accounts:none", "nonsense", "a:b"])
def test_a_source_record_that_is_not_there(hub: Hub, address: str) -> None:
    assert _get(hub, f"/v1/source-records/{address}").status_code == 404


@pytest.mark.parametrize(
    ("query", "rules"),
    [
        ({}, ["R01", "R00"]),
        ({"condition": "resolved"}, ["R02"]),
        ({"rule": "R01"}, ["R01"]),
        ({"severity": "critical"}, []),
        ({"customer": CUSTOMER}, ["R01", "R00"]),
        ({"customer": "nobody"}, []),
    ],
)
def test_alerts_are_filtered_last_opened_first(
    hub: Hub, query: dict[str, str], rules: list[str]
) -> None:
    found = _get(hub, "/v1/alerts", params=query).json()["items"]
    assert [alert["rule"] for alert in found] == rules


def test_one_alert_with_its_events(hub: Hub) -> None:
    (listed,) = _get(hub, "/v1/alerts?rule=R00").json()["items"]
    alert = _get(hub, f"/v1/alerts/{listed['id']}").json()
    (event,) = alert.pop("events")
    assert alert.pop("actions") == []
    assert alert == listed
    assert alert["subject"] == {"kind": "deal", "id": "crm:deals:D-1"}
    assert (event["after"], event["reason"]) == ("firing", "the rule came true")
    assert _get(hub, "/v1/alerts/none").status_code == 404


def test_connections(hub: Hub) -> None:
    crm, broken = _get(hub, "/v1/connections").json()
    assert (crm["name"], crm["records"], crm["quarantined"]) == ("crm", 3, 3)
    assert crm["freshness"] == {
        "last_success": "2026-11-23T09:00:00.000Z",
        "expected_every_s": 900,
        "late": True,
    }
    assert (broken["run"], broken["freshness"]["late"]) == (None, None)
    detail = _get(hub, "/v1/connections/crm").json()
    assert detail["runs"][0]["streams"]["accounts"]["created"] == 2
    assert detail["issues"][0]["example"] == "Offn"
    missing = _get(hub, "/v1/connections/none")
    assert missing.status_code == 404
    assert "configured are: crm, broken" in missing.json()["detail"]


def test_quarantine_is_shown_whole(hub: Hub) -> None:
    first = _get(hub, "/v1/connections/crm/quarantine").json()["items"][0]
    assert (first["raw"], first["place"], first["state"]) == (
        "line 1",
        "accounts.jsonl line 1",
        "open",
    )


def test_status(hub: Hub) -> None:
    status = _get(hub, "/v1/status").json()
    assert status["entities"] == {"organization": 7, "person": 1}
    assert status["alerts"] == {"firing": 1, "pending": 1, "resolved": 1}
    assert status["work"]["canonicalize"] == 3
    assert [one["name"] for one in status["connections"]] == ["crm", "broken"]


def test_the_vocabulary_names_codes_and_facts(hub: Hub) -> None:
    found = _get(hub, "/v1/vocabulary").json()
    assert found["codes"]["gaps"]["value_drift"]["de"] == "Wert driftet entlang der Kette"
    assert found["codes"]["values"]["vat_id"]["en"] == "VAT ID"
    assert found["facts"]["deal.amount"] == {"de": "Wert", "en": "amount", "unit": "money"}
