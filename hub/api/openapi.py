"""The OpenAPI document: what FastAPI derives, and what every operation shares."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from hub.api.envelope import HEADER
from hub.api.problems import MEDIA_TYPE, answers
from hub.api.schemas import Fault, Problem

DESCRIPTION = """\
One reliable view over the tools of a company's departments: customers, persons and projects with
everything that hangs on them, the alerts of the rules, and the state of every source.

Lists are pages: hand `next` in as `after` until it is null. Errors are problem documents (RFC 9457)
with a `request_id` that the log knows too. Ids of entities that were merged answer 301.
"""

TAGS = [
    {"name": "customers", "description": "Organisations the company deals with."},
    {"name": "persons", "description": "People at customers, and customers who are people."},
    {"name": "projects", "description": "What is done for a customer."},
    {"name": "search", "description": "Entities and documents by words, however spelt."},
    {"name": "source records", "description": "What a source sent, in every version."},
    {"name": "alerts", "description": "What the rules say, and what people do about it."},
    {"name": "facts", "description": "What is known, since when, and what contradicts itself."},
    {"name": "rules", "description": "What the hub watches for."},
    {"name": "foresight", "description": "What may come, with the reasons."},
    {"name": "changes", "description": "What changed, in order, for those who keep a copy."},
    {"name": "export", "description": "Whole kinds as files."},
    {"name": "connections", "description": "Each account in each source, and how it is."},
    {"name": "vorgaenge", "description": "Business cases over all departments, and their links."},
    {"name": "links", "description": "Which records belong together, and people's word on it."},
    {"name": "judgements", "description": "People's word on which records mean the same."},
    {"name": "access", "description": "What is held of somebody, told to them."},
    {"name": "erasures", "description": "Who was erased, and stays away."},
    {"name": "status", "description": "Whether the hub is alive, and what it holds."},
]

_EVERYWHERE = ("bad-request", "invalid", "internal", "unavailable")


_PARAMETERS = {
    "city": "Only those there.",
    "connection": "The connection's name.",
    "country": "Only those there: two letters, ISO 3166.",
    "customer": "Only what belongs to the customer of this id.",
    "id": "As its list, or an answer that names it, tells it.",
    "kind": "Only this kind.",
    "limit": "How many at most.",
    "phase": "Only those in this phase.",
    "q": "Words, a name, an address or a number, however spelt.",
    "rule": "The rule's id.",
    "severity": "Only these.",
    "subject": "Only the subject of this id.",
    "subject_kind": "Only about such subjects.",
    "target": "Only to this target.",
}
"""What parameters mean wherever they stand, where a route says nothing of its own."""


def document(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI document, made once."""
    if app.openapi_schema is None:
        app.openapi_schema = _made(app)
    return app.openapi_schema


def _made(app: FastAPI) -> dict[str, Any]:
    made = get_openapi(
        title=app.title,
        version=app.version,
        description=DESCRIPTION,
        routes=app.routes,
        tags=TAGS,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        servers=[{"url": "/", "description": "This hub"}],
    )
    schemas = made["components"]["schemas"]
    for model in (Problem, Fault):
        schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
        schema.pop("$defs", None)
        schemas[model.__name__] = schema
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    for operations in made["paths"].values():
        for operation in operations.values():
            _complete(operation)
    return made


def _complete(operation: dict[str, Any]) -> None:
    """Add what any operation may answer, and the header every answer has."""
    for status, answer in answers(*_EVERYWHERE).items():
        stated = operation["responses"].setdefault(str(status), answer)["content"][MEDIA_TYPE]
        stated["examples"] |= answer["content"][MEDIA_TYPE]["examples"]
    for one in operation.get("parameters", ()):
        if one["name"] in _PARAMETERS:
            one.setdefault("description", _PARAMETERS[one["name"]])
    for answer in operation["responses"].values():
        answer.setdefault("headers", {})[HEADER] = {
            "description": "The request's id, as in the log",
            "schema": {"type": "string"},
        }
