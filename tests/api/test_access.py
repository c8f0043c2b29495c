"""Who gets in: every operation, asked without a key, with a wrong one, with too small a scope."""

from typing import Any

import pytest
from fastapi import FastAPI
from starlette.routing import Route

from hub.app import create_app
from hub.model.access import Scope, key_id_in
from hub.store import api_keys
from tests.api.seeding import NOW
from tests.api.serving import Hub

OPEN = {"/healthz", "/v1/hooks/{connection}"}
"""What needs no key; anything more has to be put here by hand. A hook has a proof of its own."""
PLACES = {"id": "1", "name": "crm", "ref": "crm:accounts:A-1", "rule": "R01", "file": "deal.csv"}
NEEDED = {
    **dict.fromkeys(
        (
            "POST /v1/alerts/{id}/acknowledge",
            "POST /v1/alerts/{id}/start",
            "POST /v1/alerts/{id}/done",
            "POST /v1/alerts/{id}/feedback",
            "POST /v1/alerts/{id}/silence",
            "POST /v1/silences",
            "POST /v1/silences/preview",
            "DELETE /v1/silences/{id}",
            "POST /v1/held-rules/{rule}/release",
            "POST /v1/connections/{name}/sync",
            "POST /v1/connections/{name}/cancel",
            "POST /v1/connections/{name}/quarantine/replay",
            "POST /v1/judgements",
            "DELETE /v1/judgements/{id}",
            "POST /v1/links",
            "DELETE /v1/links/decisions/{id}",
        ),
        Scope.WRITE,
    ),
    **dict.fromkeys(
        (
            "GET /v1/notices",
            "POST /v1/notices/{id}/replay",
            "GET /v1/erasures",
            "POST /v1/erasures",
            "POST /v1/erasures/preview",
            "POST /v1/erasures/{id}/lift",
        ),
        Scope.ADMIN,
    ),
    "GET /v1/access/{id}": Scope.ACCESS,
}
"""What is not for everybody who reads; whatever is new has to be put here by hand, or be a GET."""
BODY = {"left": "crm:accounts:A-1", "right": "crm:accounts:A-3", "verdict": "same"}


def _operations(app: FastAPI) -> list[tuple[str, str, dict[str, Any]]]:
    paths: dict[str, dict[str, Any]] = app.openapi()["paths"]
    return [
        (method.upper(), path, operation)
        for path, operations in paths.items()
        for method, operation in operations.items()
    ]


def _needed(operation: dict[str, Any]) -> Scope:
    scopes = {scope for way in operation["security"] for names in way.values() for scope in names}
    (scope,) = scopes
    return Scope(scope)


ALL = _operations(create_app(None))  # type: ignore[arg-type]  # the document needs no runtime
CLOSED = [one for one in ALL if one[1] not in OPEN]


@pytest.mark.parametrize(("method", "path", "operation"), CLOSED, ids=lambda v: str(v)[:60])
def test_no_operation_answers_without_a_good_key_of_its_scope(
    hub: Hub, method: str, path: str, operation: dict[str, Any]
) -> None:
    address = path.format(**PLACES)
    needed = _needed(operation)
    with hub.client("") as client:
        for headers in ({}, {"Authorization": "Bearer vbd_x"}, {"X-API-Key": "vbd_x"}):
            answer = client.request(method, address, headers=headers, json=BODY)
            assert answer.status_code == 401
            assert answer.headers["www-authenticate"] == 'Bearer realm="hub"'
            assert answer.json()["type"] == "urn:verbund:problem:unauthorized"
        for scope in Scope:
            headers = {"X-API-Key": hub.keys[scope]}
            if not scope.covers(needed):
                answer = client.request(method, address, headers=headers, json=BODY)
                assert answer.status_code == 403
                assert f"needs the scope '{needed}'" in answer.json()["detail"]


WITH_BODY = [(*one[:2], _needed(one[2])) for one in CLOSED if "requestBody" in one[2]]


@pytest.mark.parametrize(("method", "path", "needed"), WITH_BODY)
def test_the_key_is_checked_before_the_body_is_read(
    hub: Hub, method: str, path: str, needed: Scope
) -> None:
    address = path.format(**PLACES)
    json = {"Content-Type": "application/json"}
    assert needed.covers(Scope.WRITE)
    told = [(str(scope), 422 if scope.covers(needed) else 403) for scope in Scope]
    for scope, status in [("", 401), *told]:
        with hub.client(scope) as client:
            answer = client.request(method, address, content=b'{"left": ', headers=json)
            assert answer.status_code == status, scope


def test_what_is_not_for_every_reader_stands_in_a_list() -> None:
    found = {f"{method} {path}": _needed(operation) for method, path, operation in CLOSED}
    assert {name: scope for name, scope in found.items() if scope is not Scope.READ} == NEEDED
    assert {name.partition(" ")[0] for name in found.keys() - NEEDED.keys()} == {"GET"}


def test_nothing_is_served_that_the_document_does_not_name() -> None:
    routes = create_app(None).routes  # type: ignore[arg-type]  # needs no runtime
    plain = [one for one in routes if not hasattr(one, "original_router")]
    assert {one.path for one in plain if isinstance(one, Route)} == {"/openapi.json"}
    below = [one for some in routes for one in _below(some)]
    pages = [one for one in below if one.path == "/" or f"{one.path}/".startswith("/console/")]
    assert len(below) - len(pages) == len(ALL)
    assert [one for one in below if not one.include_in_schema] == pages  # for people


def _below(route: object) -> list[Any]:
    router = getattr(route, "original_router", None)
    return list(router.routes) if router else []


def test_both_ways_of_showing_a_key(hub: Hub) -> None:
    token = hub.keys["read"]
    with hub.client("") as client:
        for headers in (
            {"Authorization": f"Bearer {token}"},
            {"authorization": f"bearer {token}"},
            {"X-API-Key": token},
        ):
            assert client.get("/v1/status", headers=headers).status_code == 200
        for headers in ({"Authorization": f"Basic {token}"}, {"Authorization": token}, {}):
            assert client.get("/v1/status", headers=headers).status_code == 401
        assert client.get(f"/v1/status?key={token}").status_code == 401


def test_a_revoked_key_is_refused_at_once(own_hub: Hub) -> None:
    with own_hub.client("read") as client:
        assert client.get("/v1/status").status_code == 200
        with own_hub.runtime.database.transaction() as tx:
            api_keys.revoke(tx, key_id_in(own_hub.keys["read"]) or "", NOW)
        assert client.get("/v1/status").status_code == 401


def test_health_and_the_openapi_document_need_no_key(hub: Hub) -> None:
    with hub.client("") as client:
        assert client.get("/healthz").json() == {"status": "ok"}
        assert client.get("/openapi.json").status_code == 200


READABLE = [one[1] for one in ALL if one[0] == "GET"]


@pytest.mark.parametrize("path", READABLE)
def test_a_head_is_answered_as_a_get_without_its_body(hub: Hub, path: str) -> None:
    address = path.format(**PLACES)
    with hub.client() as client:
        read, asked = client.get(address), client.head(address)
        assert (asked.status_code, asked.content) == (read.status_code, b"")
        for name in ("content-type", "content-length", "etag", "location"):
            assert asked.headers.get(name) == read.headers.get(name), name
        assert client.get("/healthz").status_code == 200  # on the same connection
    if path not in OPEN:
        with hub.client("") as client:
            assert client.head(address).status_code == 401
