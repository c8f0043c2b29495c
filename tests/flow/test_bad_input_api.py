"""Requests nobody should send: each gets a problem document, on either database, and no 500."""

import json
import socket
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from urllib.parse import quote

import httpx
import pytest

from connectors.sdk.record import RecordKey
from hub.api.cursor import encode
from hub.api.paging import list_name
from hub.cli.ending import Exit
from hub.model.access import Scope
from tests.flow.hub_folder import HubFolder, until

KEYS = [
    "A/1",
    "50%",
    "A#1",
    "ü ñ",
    "😀",
    "a?b&c=d",
    "..",
    "../x",
    "%2F",
    "a\\b",
    '"q"',
    "a;b",
    "//",
]
LISTED = "customers", None, None, None, None
PAIR = {"left": "crm:accounts:A/1", "right": "crm:accounts:50%25", "verdict": "same"}


@pytest.fixture
def odd(folder_of_each_database: HubFolder) -> HubFolder:
    """A hub whose records have the oddest keys."""
    folder = folder_of_each_database
    folder.stream("path: accounts.jsonl")
    rows = [json.dumps({"id": key, "name": f"Firma {at} GmbH"}) for at, key in enumerate(KEYS)]
    folder.write("exports/accounts.jsonl", "\n".join([*rows, '{"id": null}', '{"id": "9"']))
    assert folder.hub("sync").returncode == Exit.OK
    return folder


def _is_problem(answer: httpx.Response, *statuses: int) -> None:
    assert answer.status_code in statuses, (answer.request.url, answer.text)
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == answer.status_code
    assert problem["detail"]
    assert problem["request_id"] == answer.headers["x-request-id"]
    assert len(answer.text) < 8_000


def _forged() -> Iterator[str]:
    """Cursors by somebody who read the code: the check is right, the position makes no sense."""
    name, waiting = list_name(*LISTED), list_name("quarantine", "crm")
    position: object
    for position in (("\0", "b"), ("x",), (), ("a", "b", "c"), (1, 2), {}, None):
        yield f"/v1/customers?after={encode(name, position)}"
    for position in (("x",), ("-1",), (str(10**30),), ("\0",), (), ("1", "2"), ("¹",)):
        yield f"/v1/connections/crm/quarantine?after={encode(waiting, position)}"


ADDRESSES: list[tuple[str, tuple[int, ...]]] = [
    *((f"/v1/search?q=x&limit={limit}", (422,)) for limit in ("0", "-1", "1e9", "1000000000", "")),
    *((f"/v1/customers?limit={limit}", (422,)) for limit in ("0", "-1", "1e9", "9" * 5000, "ten")),
    ("/v1/search?q=" + "x" * 10_000, (422,)),
    ("/v1/customers?q=" + "x" * 10_000, (422,)),
    ("/v1/customers/" + "x" * 10_000, (422,)),
    ("/v1/source-records/" + "x" * 10_000, (422,)),
    ("/v1/customers?after=" + "A" * 10_000, (422,)),
    ("/v1/customers?after=" + quote(urlsafe_b64encode(b"x" * 60)), (400,)),
    ("/v1/customers?after=😀", (400,)),
    ("/v1/connections/crm/quarantine?after=17", (400,)),
    ("/v1/judgements?after=17", (400,)),
    ("/v1/alerts?after=17", (400,)),
    *((address, (400,)) for address in _forged()),
    *(
        (address.replace("NUL", "%00"), (400,))
        for address in (
            "/v1/customers/NUL",
            "/v1/customers/NUL/timeline",
            "/v1/customers/NUL/why",
            "/v1/customers?city=NUL",
            "/v1/customers?q=a%20NUL",
            "/v1/search?q=NUL",
            "/v1/alerts?customer=NUL",
            "/v1/alerts?rule=NUL",
            "/v1/alerts/NUL",
            "/v1/connections/crmNUL",
            "/v1/source-records/crm:accounts:aNUL",
            "/NUL",
        )
    ),
    *(
        (f"/v1/{noun}/{odd}", (404,))
        for noun in ("customers", "alerts", "connections", "source-records", "source-records/a:b:")
        for odd in ("😀", "%FF", "%ED%A0%80", "a%2Fb", "..%2F..%2Fetc%2Fpasswd", "%0D%0AX:1", "'")
    ),
    ("/v1/source-records/", (404,)),
    ("/v1/customers/", (404,)),
    ("/v1//customers", (404,)),
    ("/V1/customers", (404,)),
    ("/.env", (404,)),
    ("/docs", (404,)),
    ("/%2e%2e/%2e%2e/etc/passwd", (404,)),
]
BODIES: list[tuple[bytes, str, tuple[int, ...]]] = [
    (b"not json", "application/json", (422,)),
    (b"", "application/json", (422,)),
    (b'{"left": ', "application/json", (422,)),
    (b"<x/>", "application/xml", (422,)),
    (b"left=a&right=b", "application/x-www-form-urlencoded", (422,)),
    (b"NaN", "application/json", (422,)),
    (b"\xff\xfe{", "application/json", (400, 422)),
    (b"[" * 100_000, "application/json", (400, 422)),
    (b'{"a":' * 100_000, "application/json", (400, 422)),
    (b"x" * 2_000_000, "application/json", (413,)),
    (json.dumps({**PAIR, "reason": "\0"}).encode(), "application/json", (422,)),
    (json.dumps({**PAIR, "left": "crm:accounts:\0"}).encode(), "application/json", (422,)),
    (json.dumps({**PAIR, "reason": "\ud800"}).encode(), "application/json", (422,)),
    (json.dumps({**PAIR, "right": PAIR["left"]}).encode(), "application/json", (409,)),
    (json.dumps({**PAIR, "right": "crm:accounts:%C3"}).encode(), "application/json", (404,)),
]


def test_odd_keys_are_found_and_odd_requests_refused(odd: HubFolder) -> None:
    assert len(odd.keys_alive()) == len(KEYS)
    with odd.api() as client:
        for key in KEYS:
            ref = RecordKey("crm", "accounts", key).ref()
            answer = client.get(f"/v1/source-records/{quote(ref, safe=':')}")
            assert answer.status_code == 200, key
            assert answer.json()["versions"][0]["data"]["id"] == key
        for address, statuses in ADDRESSES:
            _is_problem(client.get(address), *statuses)
        for body, media, statuses in BODIES:
            headers = {"Content-Type": media}
            _is_problem(client.post("/v1/judgements", content=body, headers=headers), *statuses)
        _is_problem(client.post("/v1/connections/crm/sync?accept_deletes=perhaps"), 422)
        _is_problem(client.post("/v1/connections/none/sync"), 404)
        for noise in ('"* OR NEAR( AND :', "'; DROP TABLE views;--", "%_%", "😀", "\ud7ff", " "):
            assert client.get("/v1/search", params={"q": noise}).status_code == 200
        page = client.get("/v1/customers?limit=2").json()
        rest = client.get("/v1/customers", params={"after": page["next"], "limit": 200})
        assert len(page["items"]) + len(rest.json()["items"]) == len(KEYS)
        assert client.get("/v1/judgements").json()["items"] == []


@pytest.mark.parametrize("method", ["OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "FOO"])
def test_methods_that_an_address_does_not_take(folder: HubFolder, method: str) -> None:
    with folder.api() as client:
        for path in ("/healthz", "/v1/customers", "/v1/judgements", "/v1/connections/crm"):
            answer = client.request(method, path)
            assert answer.status_code == 405
            assert "GET" in answer.headers["allow"]
            _is_problem(answer, 405)
        assert client.request(method, "/nothing").status_code == 404


def test_keys_that_open_nothing(folder: HubFolder) -> None:
    weak = folder.key(Scope.READ)
    revoked = folder.key()
    assert folder.hub("keys", "revoke", revoked[4:14]).returncode == Exit.OK
    flipped = weak[:-1] + ("a" if weak[-1] != "a" else "b")
    tokens = ["vbd_", "x" * 50_000, revoked, flipped, weak[:20], f"{weak}x", "vbd_é_x", "null"]
    with folder.api() as client:
        del client.headers["authorization"]
        for token in tokens:
            for name, value in (("Authorization", f"Bearer {token}"), ("X-API-Key", token)):
                sent = [(name.encode(), value.encode("latin-1"))]
                answer = client.get("/v1/status", headers=sent)
                _is_problem(answer, 401)
                assert weak not in answer.text
        headers = {"Authorization": f"Bearer {weak}"}
        assert client.get("/v1/status", headers=headers).status_code == 200
        for path in ("connections/crm/sync", "connections/crm/quarantine/replay", "judgements"):
            _is_problem(client.post(f"/v1/{path}", headers=headers, json=PAIR), 403)
    assert folder.rows("SELECT count(*) FROM runs") == [(0,)]


def _raw(port: int, request: bytes) -> bytes:
    with closing(socket.create_connection(("127.0.0.1", port), timeout=10)) as connection:
        connection.sendall(request)
        return connection.recv(4_000)


RAW: list[tuple[bytes, bytes]] = [
    (b"NOISE\r\n\r\n", b"400"),
    (b"GET /healthz HTTP/1.1\r\n\r\n", b"400"),
    (b"GET /v1/customers/\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n", b"400"),
    (b"GET /healthz HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 200_000 + b"\r\n\r\n", b"4"),
    (b"POST /v1/judgements HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n", b"400"),
    (b"GET http://elsewhere/nothing HTTP/1.1\r\nHost: x\r\n\r\n", b"404"),
]


def test_two_hundred_requests_while_a_sync_runs(folder: HubFolder) -> None:
    rows = "".join(f"{n},Firma {n} GmbH,Ulm\n" for n in range(2_500))
    assert folder.hub("sync").returncode == Exit.OK
    folder.write("exports/accounts.csv", f"id,name,city\n{rows}")
    paths = [
        "/v1/customers?q=Firma",
        "/v1/status",
        "/v1/search?q=Weber",
        "/v1/connections",
        "/healthz",
    ]
    with folder.serving() as (client, log):
        assert client.post("/v1/connections/crm/sync").status_code == 202
        with ThreadPoolExecutor(40) as pool:
            asked = pool.map(lambda n: client.get(paths[n % len(paths)]).status_code, range(200))
            assert set(asked) == {200}
        port = client.base_url.port
        assert port is not None
        for request, status in RAW:
            assert _raw(port, request).startswith(b"HTTP/1.1 " + status), request[:60]

        def done() -> bool:
            status = client.get("/v1/status").json()
            return status["connections"][0]["run"]["state"] == "succeeded" and not status["work"]

        until(done, "the sync and its walk")
        assert client.get("/v1/status").json()["entities"] == {"organization": 2_500}
    noted = "\n".join(log)
    assert "Traceback" not in noted
    assert " ERROR " not in noted
    assert folder.rows("SELECT count(*), count(DISTINCT key) FROM source_records") == [(2_500,) * 2]
