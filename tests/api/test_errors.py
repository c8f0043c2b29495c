"""Every error is a problem document with the request's id, and gives nothing away."""

import logging
import logging.handlers
import queue
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from fastapi import FastAPI, Request

from hub.api.envelope import MAX_BODY_BYTES
from hub.app import create_app
from tests.api.seeding import CUSTOMERS
from tests.api.serving import Hub, served

LAST_HOUR = "9999-12-31T23:59:59-14:00"
"""It is in the year 10000 by UTC."""
JUDGEMENT = {"left": "crm:accounts:A-1", "right": "crm:accounts:A-2", "verdict": "same"}


def _problem(answer: httpx.Response, status: int, slug: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = answer.json()
    assert problem["type"] == f"urn:verbund:problem:{slug}"
    assert problem["status"] == status
    assert problem["request_id"] == answer.headers["x-request-id"]
    assert problem["title"]
    assert problem["detail"]
    return problem


@pytest.mark.parametrize(
    ("method", "path", "status", "slug", "text"),
    [
        ("GET", "/nothing", 404, "not-found", "There is nothing at /nothing."),
        ("GET", "/v1/customers/", 404, "not-found", "nothing at /v1/customers/"),
        ("PUT", "/v1/customers", 405, "method-not-allowed", "/v1/customers does not take PUT."),
        ("POST", "/healthz", 405, "method-not-allowed", "does not take POST"),
        ("GET", "/v1/customers?limit=0", 422, "invalid", "query limit: expected greater than"),
        ("GET", "/v1/customers?limit=201", 422, "invalid", "query limit: expected less than"),
        ("GET", "/v1/customers?limit=x", 422, "invalid", "query limit: expected a valid integer"),
        ("GET", "/v1/customers?country=de", 422, "invalid", "query country"),
        ("GET", "/v1/customers?has_alerts=maybe", 422, "invalid", "query has_alerts"),
        ("GET", "/v1/search", 422, "invalid", "query q: Field required"),
        ("GET", f"/v1/search?q={'x' * 201}", 422, "invalid", "query q"),
        ("GET", "/v1/search?q=x&kind=alien", 422, "invalid", "query kind.0: expected 'organ"),
        ("GET", "/v1/alerts?condition=angry", 422, "invalid", "query condition.0"),
        ("GET", f"/v1/customers/{CUSTOMERS[0]}/timeline?kind=alien", 422, "invalid", "query kind"),
        ("DELETE", "/v1/judgements/99", 404, "not-found", "no judgement 99 stands"),
        ("DELETE", "/v1/judgements/x", 422, "invalid", "path id"),
        ("DELETE", f"/v1/judgements/{2**70}", 422, "invalid", "path id"),
        ("GET", "/v1/facts?as_of=0.5", 422, "invalid", "query as_of: expected an instant"),
        ("GET", f"/v1/facts?as_of={LAST_HOUR}", 422, "invalid", "from 1900-01-01 to 9999-12-30"),
        ("GET", "/v1/facts?as_of=0999-01-01T00:00:00Z", 422, "invalid", "from 1900-01-01"),
        ("GET", "/v1/facts?as_of=2026-11-23T10:00:01Z", 422, "invalid", "as_of: lies ahead: it is"),
        ("GET", f"/v1/customers/{CUSTOMERS[0]}/facts?kind=alien", 404, "not-found", "are customer"),
        ("GET", "/v1/changes?kind=customer", 422, "invalid", "query kind.0: expected 'organ"),
        ("GET", "/v1/facts?x%00=1", 400, "bad-request", "holds a NUL"),
        ("POST", "/v1/connections/none/sync", 404, "not-found", "no connection 'none'"),
    ],
)
def test_problems(hub: Hub, method: str, path: str, status: int, slug: str, text: str) -> None:
    with hub.client() as client:
        assert text in _problem(client.request(method, path), status, slug)["detail"]


def test_what_a_method_could_be_is_said(hub: Hub) -> None:
    with hub.client() as client:
        assert client.put("/v1/customers").headers["allow"] == "GET, HEAD"
        assert client.put("/v1/judgements").headers["allow"] == "GET, HEAD, POST"
        assert client.put("/v1/silences/preview").headers["allow"] == "POST"
        assert client.put("/v1/silences/01X").headers["allow"] == "DELETE"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"not json", "body: is not JSON, at character 0"),
        (b'{"left": ', "body: is not JSON"),
        (b"\xff\xfe", "body"),
        (b"", "body: Field required"),
        (b"[1]", "body: "),
        (b"{}", "body/left: Field required"),
        (b'{"left": 1}', "body/left: expected a valid string"),
        (b'{"a/b~c": 1}', "body/a~1b~0c: Extra inputs are not permitted"),
        (b"[" * 100_000, "body"),
    ],
)
def test_a_body_that_is_not_what_is_expected(hub: Hub, body: bytes, text: str) -> None:
    headers = {"Content-Type": "application/json"}
    with hub.client() as client:
        answer = client.post("/v1/judgements", content=body, headers=headers)
    assert answer.status_code in {400, 422}
    slug = "invalid" if answer.status_code == 422 else "bad-request"
    problem = _problem(answer, answer.status_code, slug)
    assert text in problem["detail"] or slug == "bad-request"


def test_what_was_sent_is_not_repeated(hub: Hub) -> None:
    with hub.client() as client:
        answer = client.post("/v1/judgements", json={**JUDGEMENT, "verdict": "Eva Weber, krank"})
    problem = _problem(answer, 422, "invalid")
    assert "Eva" not in answer.text
    assert problem["errors"] == [
        {"at": "body/verdict", "message": "expected 'same', 'different' or 'unsure'"}
    ]


@pytest.mark.parametrize("declared", [True, False])
def test_a_huge_body_is_refused_whether_it_says_so_or_not(hub: Hub, declared: bool) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(MAX_BODY_BYTES // 10_000 + 2):
            yield b" " * 10_000

    content = b"".join(pieces()) if declared else pieces()
    headers = {"Content-Type": "application/json"}
    with hub.client() as client:
        answer = client.post("/v1/judgements", content=content, headers=headers)
    _problem(answer, 413, "too-large")


def _next_of(hub: Hub, path: str) -> str:
    with hub.client() as client:
        return str(client.get(path).json()["next"])


def test_a_cursor_that_was_tampered_with_is_refused(hub: Hub) -> None:
    good = _next_of(hub, "/v1/customers?limit=2")
    other_filter = _next_of(hub, "/v1/customers?limit=2&country=DE")
    other_list = _next_of(hub, "/v1/alerts?limit=1")
    flipped = [
        good[:n] + ("A" if good[n] != "A" else "B") + good[n + 1 :] for n in range(len(good))
    ]
    bad = [*flipped, other_filter, other_list, good[:-1], good + "A", good + "=", "x", "%00", "ü"]
    with hub.client() as client:
        for cursor in bad:
            answer = client.get("/v1/customers", params={"limit": 2, "after": cursor})
            _problem(answer, 400, "bad-cursor")
        answer = client.get("/v1/customers", params={"limit": 2, "after": good})
        assert [row["name"] for row in answer.json()["items"]] == ["Weber 2", "Weber 3"]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [("order-17.a_b", True), ("x", False), ("with space in it", False), ("x" * 65, False)],
)
def test_the_callers_request_id_is_kept_where_it_is_harmless(
    hub: Hub, sent: str, kept: bool
) -> None:
    with hub.client() as client:
        answer = client.get("/v1/status", headers={"X-Request-Id": sent})
    assert (answer.headers["x-request-id"] == sent) == kept
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"


@contextmanager
def _failing(hub: Hub, error: Exception) -> Iterator[httpx.Client]:
    """Serve the hub with one more route, which fails."""
    app: FastAPI = create_app(hub.runtime)

    @app.get("/fail")
    def fail(request: Request) -> None:
        raise error

    with served(app) as url, httpx.Client(base_url=url, verify=False) as client:
        yield client


def test_an_unforeseen_error_tells_nothing_and_is_noted_without_its_text(
    hub: Hub, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO), _failing(hub, KeyError("Eva Weber")) as client:
        problem = _problem(client.get("/fail?q=Eva"), 500, "internal")
    assert problem["detail"].startswith("It was noted")
    noted = "\n".join(r.getMessage() for r in caplog.records if r.name != "httpx")
    assert f"request failed id={problem['request_id']} error=KeyError at test_errors.py" in noted
    assert "method=GET route=/fail status=500" in noted
    assert "Eva" not in noted


def test_the_log_names_routes_and_keys_never_addresses(
    hub: Hub, caplog: pytest.LogCaptureFixture
) -> None:
    told: queue.SimpleQueue[logging.LogRecord] = queue.SimpleQueue()
    listener = logging.handlers.QueueHandler(told)
    logging.getLogger("hub.request").addHandler(listener)
    noted = []
    with caplog.at_level(logging.INFO), hub.client("read") as client:
        for path in (f"customers/{CUSTOMERS[0]}?secret=Eva", "search?q=Eva", "Eva"):
            client.get(f"/v1/{path}")
            # The line is written once the answer is out: it may come after the client has it.
            noted.append(told.get(timeout=10).getMessage())
    logging.getLogger("hub.request").removeHandler(listener)
    assert "method=GET route=/v1/customers/{id} status=422" in noted[0]
    assert f"key={hub.keys['read'][4:14]}" in noted[0]
    assert "route=/v1/search" in noted[1]
    assert "route=- status=404" in noted[2]
    assert not any("Eva" in line or CUSTOMERS[0] in line for line in noted)


def test_a_broken_database_is_told_without_its_words(own_hub: Hub) -> None:
    with own_hub.runtime.database.transaction() as tx:
        tx.execute(sa.text("DROP TABLE api_keys"))
    with own_hub.client() as client:
        answer = client.get("/v1/status")
    assert answer.status_code in {500, 503}
    assert "api_keys" not in answer.text


def test_a_write_that_fails_is_no_success(own_hub: Hub) -> None:
    pair = {"left": "crm:accounts:A-1", "right": "crm:accounts:A/2 %23x", "verdict": "same"}
    with own_hub.runtime.database.transaction() as tx:
        tx.execute(sa.text("DROP TABLE work"))
    with own_hub.client() as client:
        assert client.post("/v1/judgements", json=pair).status_code >= 500
        assert client.get("/v1/judgements").json()["items"] == []
