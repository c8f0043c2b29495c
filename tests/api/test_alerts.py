"""What people do about alerts over the API, silences, notices, held rules; on both databases."""

from datetime import timedelta
from xml.etree.ElementTree import fromstring

import pytest

from hub.api.detail_schemas import NoticeBody
from hub.clock import instant_text
from hub.model.notice import Letter
from hub.store import outbox, rule_states
from tests.api.serving import Hub

LATER = "2026-11-30T10:00:00+01:00"
LEFT = "eva@weber.example"


def firing(hub: Hub) -> str:
    with hub.client("read") as client:
        (item,) = client.get("/v1/alerts", params={"condition": "firing"}).json()["items"]
    return str(item["id"])


def test_a_life_in_hands(own_hub: Hub) -> None:
    one = firing(own_hub)
    with own_hub.client("write") as client:
        url = f"/v1/alerts/{one}"
        taken = client.post(f"{url}/acknowledge", json={"owner": "Eva", "until": LATER}).json()
        assert taken["handling"]["state"] == "acknowledged"
        assert (taken["handling"]["owner"], taken["handling"]["until"]) == (
            "Eva",
            "2026-11-30T09:00:00.000Z",
        )
        own_hub.runtime.clock.at += timedelta(days=8)  # type: ignore[attr-defined]
        over = client.get(url).json()["handling"]
        assert (over["state"], over["owner"], over["until"]) == ("new", None, None)
        started = client.post(f"{url}/start", json={}).json()
        assert started["handling"]["owner"] == "the write key"
        rated = client.post(f"{url}/feedback", json={"feedback": "useful"}).json()
        assert rated["handling"]["feedback"] == "useful"
        closed = client.post(f"{url}/done", json={"reason": "order is written"}).json()
        assert (closed["condition"], closed["ending"]) == ("resolved", "by_hand")
        assert closed["events"][-1]["reason"] == "closed by hand: order is written"
        assert [one["action"] for one in closed["actions"]] == [
            "acknowledged",
            "started",
            "feedback",
            "done",
        ]
        assert client.post(f"{url}/start", json={}).status_code == 409
        assert client.get("/v1/alerts", params={"state": "done"}).json()["items"] == []
        found = client.get("/v1/alerts", params={"state": "done", "condition": "resolved"}).json()
        assert [item["id"] for item in found["items"]] == [one]
        (quality,) = [
            each
            for each in client.get("/v1/alert-quality").json()["items"]
            if each["rule"] == closed["rule"]
        ]
        assert (quality["precision"], quality["flagged"]) == (1.0, False)


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("acknowledge", {"until": "2020-01-01T00:00:00Z"}, 409),
        ("acknowledge", {"until": "2027-01-01T00:00:00"}, 422),  # when is that?
        ("done", {}, 422),
        ("done", {"reason": "  "}, 422),
        ("feedback", {"feedback": "meh"}, 422),
        ("silence", {"until": LATER}, 422),
        ("silence", {"until": "9999-12-31T23:59:59Z", "why": "x"}, 422),
        ("acknowledge", {"until": "9999-12-31T23:59:59-14:00"}, 422),
        ("silence", {"until": "2020-01-01T00:00:00Z", "why": "x"}, 409),
        ("start", {"owner": "a\u0000b"}, 422),
    ],
)
def test_what_makes_no_sense(hub: Hub, path: str, body: dict[str, str], status: int) -> None:
    with hub.client("write") as client:
        assert client.post(f"/v1/alerts/{firing(hub)}/{path}", json=body).status_code == status


def test_reading_keys_may_not_and_unknown_alerts_are_not_there(hub: Hub) -> None:
    with hub.client("read") as client:
        assert client.post(f"/v1/alerts/{firing(hub)}/start", json={}).status_code == 403
        assert client.get("/v1/notices").status_code == 403
    with hub.client("write") as client:
        assert client.post("/v1/alerts/none/done", json={"reason": "x"}).status_code == 404
        assert client.delete("/v1/silences/none").status_code == 404


def test_silences_come_and_go(own_hub: Hub) -> None:
    one = firing(own_hub)
    with own_hub.client("write") as client:
        body = {"matcher": {"severity": "warning"}, "until": LATER, "why": "moving house"}
        would = client.post("/v1/silences/preview", json=body).json()
        assert one in would["alerts"]
        assert would["total"] == len(would["alerts"]) == sum(would["rules"].values())
        other = {**body, "matcher": {"rule": "R99"}}
        assert client.post("/v1/silences/preview", json=other).json()["total"] == 0
        assert client.get("/v1/silences").json()["items"] == []
        made = client.post("/v1/silences", json=body)
        assert made.status_code == 201
        assert (made.json()["state"], made.json()["author"]) == ("active", "the write key")
        later = {**body, "starts_at": "2026-11-29T10:00:00Z"}
        assert client.post("/v1/silences", json=later).json()["state"] == "pending"
        assert client.post("/v1/silences", json={**body, "matcher": {}}).status_code == 409
        client.post(f"/v1/alerts/{one}/silence", json={"until": LATER, "why": "known"})
        listed = client.get("/v1/silences", params={"limit": 2}).json()
        rest = client.get("/v1/silences", params={"limit": 2, "after": listed["next"]}).json()
        assert [len(listed["items"]), len(rest["items"]), rest["next"]] == [2, 1, None]
        ended = client.delete(f"/v1/silences/{made.json()['id']}").json()
        assert ended["state"] == "expired"


def test_the_feed_is_atom(hub: Hub) -> None:
    with hub.client("read") as client:
        answer = client.get("/v1/alerts.atom", params={"language": "en"})
    assert answer.headers["content-type"] == "application/atom+xml"
    root = fromstring(answer.content)
    space = "{http://www.w3.org/2005/Atom}"
    assert root.tag == f"{space}feed"
    assert root.find(f"{space}updated") is not None
    with hub.client("") as client:
        assert client.get("/v1/alerts.atom").status_code == 401


def test_dead_letters_are_listed_and_sent_again(own_hub: Hub) -> None:
    at = instant_text(own_hub.runtime.clock())
    with own_hub.runtime.database.transaction() as tx:
        body = {"type": "alerts", "at": at, "time_zone": "UTC"}
        outbox.add(tx, [Letter(f"msg_{n}", "erp", at, 0, body) for n in range(3)])
        outbox.failed(tx, "msg_1", error="the target answered 500", due_at=None, left=[LEFT])
    with own_hub.client("admin") as client:
        (dead,) = client.get("/v1/notices", params={"state": "dead"}).json()["items"]
        assert (dead["id"], dead["error"]) == ("msg_1", "the target answered 500")
        assert NoticeBody.model_validate(dead["body"]).left == [LEFT]
        first = client.get("/v1/notices", params={"limit": 2}).json()
        rest = client.get("/v1/notices", params={"limit": 2, "after": first["next"]}).json()
        ids = [one["id"] for one in (*first["items"], *rest["items"])]
        assert ids == ["msg_2", "msg_1", "msg_0"]
        assert client.post("/v1/notices/msg_1/replay").json()["state"] == "due"
        assert client.post("/v1/notices/msg_1/replay").status_code == 409
        assert client.post("/v1/notices/none/replay").status_code == 404


def test_a_held_rule_is_let_go(own_hub: Hub) -> None:
    with own_hub.runtime.database.transaction() as tx:
        rule_states.put(tx, "R07", held_at=instant_text(own_hub.runtime.clock()))
    with own_hub.client("write") as client:
        (held,) = client.get("/v1/held-rules").json()["items"]
        assert held["rule"] == "R07"
        assert client.post("/v1/held-rules/R07/release").json()["items"] == []
        assert client.post("/v1/held-rules/R07/release").status_code == 404
