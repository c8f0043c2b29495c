"""The OpenAPI document is complete: ids, tags, security, errors, examples that fit."""

import re
from collections import Counter
from typing import Any, get_args

import pytest
from pydantic import TypeAdapter

from hub.api import schemas
from hub.api.problems import KINDS
from hub.api.view_schema import VIEWS
from hub.app import create_app
from hub.store.rendering import DOCUMENT_KINDS
from tests.api.serving import Hub

DOCUMENT: dict[str, Any] = create_app(None).openapi()  # type: ignore[arg-type]  # needs no runtime
OPERATIONS = [
    (f"{method.upper()} {path}", operation)
    for path, operations in DOCUMENT["paths"].items()
    for method, operation in operations.items()
]
BY_NAME = dict(OPERATIONS)
PROBLEM, JSON = "application/problem+json", "application/json"


def _refs(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [value["$ref"]] if "$ref" in value else [r for v in value.values() for r in _refs(v)]
    return [ref for item in value for ref in _refs(item)] if isinstance(value, list) else []


@pytest.mark.parametrize(("name", "operation"), OPERATIONS, ids=lambda v: str(v)[:50])
def test_every_operation_is_described(name: str, operation: dict[str, Any]) -> None:
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", operation["operationId"])
    assert operation["summary"]
    assert operation["description"]
    (tag,) = operation["tags"]
    assert tag in {known["name"] for known in DOCUMENT["tags"]}
    for parameter in operation.get("parameters", []):
        assert parameter["in"] in {"query", "path"}, parameter["name"]
        assert parameter["description"], parameter["name"]
    answers = operation["responses"]
    good = [answers[status] for status in answers if status.startswith("2")]
    assert all(body["schema"] for answer in good for body in answer["content"].values())
    assert all(answer["content"] for answer in good)
    typed = [answer["content"][JSON]["schema"] for answer in good if JSON in answer["content"]]
    assert name == "GET /v1/ocel" or all(_refs(one) for one in typed)  # OCEL is a standard
    assert all("X-Request-Id" in answer["headers"] for answer in answers.values())


@pytest.mark.parametrize(("name", "operation"), OPERATIONS, ids=lambda v: str(v)[:50])
def test_every_error_is_documented_with_its_body(name: str, operation: dict[str, Any]) -> None:
    answers = operation["responses"]
    errors = {status: answer for status, answer in answers.items() if status >= "400"}
    expected = {"400", "500", "503"}
    if name not in ("GET /healthz", "POST /v1/hooks/{connection}"):  # proven otherwise, or open
        assert operation["security"] == [
            {"bearer": scopes} for scopes in (operation["security"][0]["bearer"],)
        ] + [{"header": operation["security"][0]["bearer"]}]
        expected |= {"401", "403"}
    if operation.get("parameters"):
        expected |= {"422"}
    if any(p["in"] == "path" for p in operation.get("parameters", [])):
        expected |= {"404"}
    if any(p["name"] == "after" for p in operation.get("parameters", [])):
        assert "bad-cursor" in answers["400"]["content"][PROBLEM]["examples"]
    if "requestBody" in operation:
        expected |= {"413", "422"}
    assert expected <= set(errors)
    for status, answer in errors.items():
        assert answer["content"][PROBLEM]["schema"] == {"$ref": "#/components/schemas/Problem"}
        for slug, example in answer["content"][PROBLEM]["examples"].items():
            schemas.Problem.model_validate(example["value"])
            assert KINDS[slug].status == int(status) == example["value"]["status"]


def test_operation_ids_are_distinct_and_nothing_points_nowhere() -> None:
    ids = [operation["operationId"] for _, operation in OPERATIONS]
    assert len(set(ids)) == len(ids)
    defined = DOCUMENT["components"]["schemas"]
    assert {ref.rsplit("/", 1)[-1] for ref in _refs(DOCUMENT)} <= set(defined)
    assert "HTTPValidationError" not in defined
    assert not [name for name in defined if "__" in name]  # two classes of one name
    assert not [name for name in defined if name.endswith(("-Input", "-Output"))]
    titles = Counter(one["title"] for one in defined.values())  # generators name classes by them
    assert [title for title, count in titles.items() if count > 1] == []


AS_SENT = {
    "CanonicalRecord.raw",
    "CanonicalRecord.extensions",
    "RecordVersion.data",
    "ViewRecord.extensions",
    "HeldVersion.data",
    "HeldFacts.facts",
    "HeldAlert.evidence",
    "HeldInput.raw",
}
"""What a source sent, whatever that is; and what is held of a person, others masked."""


def _free(value: Any) -> bool:
    """Say whether somewhere in a schema anything may stand."""
    if isinstance(value, list):
        return any(map(_free, value))
    if not isinstance(value, dict):
        return False
    if value.get("additionalProperties") is True and "properties" not in value:
        return True
    shape = {"type", "$ref", "anyOf", "enum", "const", "properties", "examples", "oneOf"}
    return not shape & value.keys() or any(
        _free(value[name]) for name in ("anyOf", "items", "prefixItems") if name in value
    )


def test_only_what_sources_sent_is_free_of_form() -> None:
    free = {
        f"{name}.{field}"
        for name, schema in DOCUMENT["components"]["schemas"].items()
        for field, shape in schema.get("properties", {}).items()
        if _free(shape)
    }
    assert free == AS_SENT
    assert set(DOCUMENT["components"]["securitySchemes"]) == {"bearer", "header"}


@pytest.mark.parametrize(
    ("path", "kind"),
    [("customers", "organization"), ("persons", "person"), ("projects", "project")],
)
def test_the_examples_of_views_are_views(path: str, kind: str) -> None:
    answer = BY_NAME[f"GET /v1/{path}/{{id}}"]["responses"]["200"]["content"]["application/json"]
    VIEWS[kind].model_validate(answer["example"])
    assert answer["schema"] == {"$ref": f"#/components/schemas/{VIEWS[kind].__name__}"}


def test_a_timeline_can_be_asked_for_every_kind_that_stands_in_it() -> None:
    assert set(get_args(schemas.TimelineKind)) == set(DOCUMENT_KINDS)


def test_the_example_of_a_judgement_is_one() -> None:
    schema = DOCUMENT["components"]["schemas"]["NewJudgement"]
    TypeAdapter(schemas.NewJudgement).validate_python(schema["example"])


def test_what_is_served_is_this_document(hub: Hub) -> None:
    with hub.client("") as client:
        assert client.get("/openapi.json").json() == DOCUMENT
