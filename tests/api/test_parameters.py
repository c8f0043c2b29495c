"""A query says what it means or is refused: no parameter is passed over."""

import re
from typing import Any

import pytest

from hub.app import create_app
from tests.api.serving import Hub

PATHS: dict[str, Any] = create_app(None).openapi()["paths"]  # type: ignore[arg-type]  # needs no runtime
OPERATIONS = [(method.upper(), path) for path, operations in PATHS.items() for method in operations]


def _refused(hub: Hub, method: str, path: str) -> str:
    with hub.client() as client:
        answer = client.request(method, path)
    assert answer.status_code == 422, answer.text
    (fault,) = answer.json()["errors"]
    assert answer.json()["detail"] == f"{fault['at']}: {fault['message']}"
    return str(answer.json()["detail"])


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_every_operation_refuses_what_it_does_not_know(hub: Hub, method: str, path: str) -> None:
    address = re.sub(r"{\w+}", "x", path)
    told = _refused(hub, method, f"{address}?zzzzzz=1")
    names = [one["name"] for one in PATHS[path][method.lower()].get("parameters", ())]
    here = sorted(one for one in names if f"{{{one}}}" not in path)
    known = f"; known: {', '.join(here)}" if here else "; none is"
    assert told == f"query zzzzzz: is not known here{known}"


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/v1/alerts?stat=firing", "query stat: is not known here; did you mean 'state'?"),
        ("/v1/alerts?Condition=firing", "query Condition: is not known here; did you mean 'cond"),
        ("/v1/search?qq=Weber", "query qq: is not known here; did you mean 'q'?"),
        ("/v1/facts?asof=2026-01-01", "query asof: is not known here; did you mean 'as_of'?"),
        ("/v1/alerts?rule=R01&rule=R02", "query rule: may stand only once"),
        (f"/v1/rules?{'x' * 5000}=1", f"query {'x' * 40}: is not known here; none is"),
    ],
)
def test_what_was_meant_is_said(hub: Hub, path: str, told: str) -> None:
    assert _refused(hub, "GET", path).startswith(told)


def test_what_may_be_repeated_is(hub: Hub) -> None:
    with hub.client() as client:
        answer = client.get("/v1/alerts?condition=firing&condition=pending&limit=1")
    assert answer.status_code == 200


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_without_a_key_nobody_learns_what_a_parameter_is_called(hub: Hub, method: str) -> None:
    with hub.client("") as client:
        answer = client.request(method, "/v1/silences?zzzzzz=1")
    assert answer.status_code == 401
    assert "zzzzzz" not in answer.text


def test_nothing_is_done_where_a_parameter_is_not_known(own_hub: Hub) -> None:
    with own_hub.client() as client:
        client.post("/v1/connections/crm/sync?ful=true")
        runs = client.get("/v1/connections/crm").json()["runs"]
    assert [run["started_at"] for run in runs] == ["2026-11-23T09:00:00.000Z"]  # the seeded one
