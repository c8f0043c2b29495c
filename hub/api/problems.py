"""Every error answer, as problem+json (RFC 9457); the one table from error to status."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import msgspec
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.routing import Match

from hub.errors import (
    BusyError,
    ConflictError,
    HubError,
    NotFoundError,
    StoreUnavailableError,
)

MEDIA_TYPE = "application/problem+json"


class UnauthorizedError(HubError):
    """No key, or one that opens nothing."""


class ForbiddenError(HubError):
    """The key is good, its scope is too small."""


class BadCursorError(HubError):
    """A page cursor that this list did not hand out."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of problem: what `type`, `status` and `title` say."""

    slug: str
    status: int
    title: str

    @property
    def type(self) -> str:
        return f"urn:verbund:problem:{self.slug}"


KINDS = {
    kind.slug: kind
    for kind in (
        Kind("bad-request", 400, "The request cannot be read"),
        Kind("bad-cursor", 400, "This page cursor is not valid for this list"),
        Kind("unauthorized", 401, "A valid API key is needed"),
        Kind("forbidden", 403, "The API key's scope is too small"),
        Kind("not-found", 404, "There is no such thing"),
        Kind("method-not-allowed", 405, "This address does not take that method"),
        Kind("conflict", 409, "The request contradicts the present state"),
        Kind("busy", 409, "Somebody else is at it"),
        Kind("too-large", 413, "The request body is too large"),
        Kind("invalid", 422, "The request does not have the expected form"),
        Kind("internal", 500, "The hub failed"),
        Kind("unavailable", 503, "The hub cannot reach its database"),
    )
}

OF_ERROR: Mapping[type[Exception], Kind] = {
    BadCursorError: KINDS["bad-cursor"],
    UnauthorizedError: KINDS["unauthorized"],
    ForbiddenError: KINDS["forbidden"],
    NotFoundError: KINDS["not-found"],
    ConflictError: KINDS["conflict"],
    BusyError: KINDS["busy"],
    StoreUnavailableError: KINDS["unavailable"],
}

_OF_STATUS = {kind.status: kind for kind in reversed(KINDS.values())}
_METHODS = ("DELETE", "GET", "PATCH", "POST", "PUT")
_HIDDEN = "It was noted under this request id; the hub's log says more."


def problem(
    kind: Kind,
    detail: str,
    *,
    request_id: str,
    headers: Mapping[str, str] | None = None,
    errors: list[dict[str, str]] | None = None,
) -> Response:
    """Return a problem document as a response."""
    body: dict[str, Any] = {
        "type": kind.type,
        "title": kind.title,
        "status": kind.status,
        "detail": detail,
        "request_id": request_id,
    }
    if errors:
        body["errors"] = errors
    return Response(msgspec.json.encode(body), kind.status, dict(headers or {}), MEDIA_TYPE)


def internal(request_id: str) -> Response:
    """Return the answer to an error nobody foresaw; it gives nothing away."""
    return problem(KINDS["internal"], _HIDDEN, request_id=request_id)


def too_large(request_id: str) -> Response:
    """Return the answer to a body that says beforehand that it is too large."""
    return problem(KINDS["too-large"], "A request body may have 1 MB.", request_id=request_id)


def holds_nul(request_id: str) -> Response:
    """Return the answer to an address with a NUL in it, which no database takes for a text."""
    return problem(KINDS["bad-request"], "The address holds a NUL.", request_id=request_id)


def install(app: FastAPI) -> None:
    """Let every error of the app be answered as a problem document."""
    for error_class in OF_ERROR:
        app.add_exception_handler(error_class, hub_error)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http_error)


def hub_error(request: Request, error: Exception) -> Response:
    """Answer an error of the hub's own, by the table."""
    kind = next(OF_ERROR[known] for known in type(error).__mro__ if known in OF_ERROR)
    detail = _HIDDEN if kind.status == 503 else str(error)
    headers = {
        401: {"WWW-Authenticate": 'Bearer realm="hub"'},
        503: {"Retry-After": "10"},
    }.get(kind.status)
    return problem(kind, detail, request_id=request.state.request_id, headers=headers)


def _http_error(request: Request, error: Exception) -> Response:
    """Answer what the framework itself refuses: unknown addresses and methods, huge bodies."""
    assert isinstance(error, HTTPException)
    kind = _OF_STATUS.get(error.status_code) or Kind(
        "http", error.status_code, HTTPStatus(error.status_code).phrase
    )
    details = {
        400: "The body cannot be read: JSON in UTF-8 is expected.",
        404: f"There is nothing at {request.url.path}.",
        405: f"{request.url.path} does not take {request.method}.",
    }
    detail = details.get(kind.status) or f"{kind.title}."
    request_id = request.state.request_id
    headers = dict(error.headers or {})
    if headers.get("Allow"):
        headers["Allow"] = ", ".join(_methods(request))
    return problem(kind, detail, request_id=request_id, headers=headers)


def _methods(request: Request) -> list[str]:
    """Return the methods an address takes, by whichever route: what takes GET takes HEAD.

    An address that a route writes out is that route's; it is not also the id in another's.
    """
    contexts = iter_route_contexts(request.app.routes)
    here = (one.methods or () for one in contexts if one.path == request.scope["path"])
    methods = {method for some in here for method in some}
    methods = methods or {method for method in _METHODS if _is_taken(request, method)}
    return sorted(methods | ({"HEAD"} if "GET" in methods else set()))


def _is_taken(request: Request, method: str) -> bool:
    asked = {**request.scope, "method": method}
    return any(route.matches(asked)[0] is Match.FULL for route in request.app.routes)


def _invalid(request: Request, error: Exception) -> Response:
    """Say which parts are wrong, never what was sent: that may be somebody's data."""
    assert isinstance(error, RequestValidationError)
    faults = [_fault(fault) for fault in error.errors()]
    detail = "; ".join(f"{fault['at']}: {fault['message']}" for fault in faults)
    request_id = request.state.request_id
    return problem(KINDS["invalid"], detail, request_id=request_id, errors=faults)


def _fault(fault: Mapping[str, Any]) -> dict[str, str]:
    place, *rest = fault["loc"] or ("request",)
    message = str(fault["msg"]).removeprefix("Value error, ").replace("Input should be", "expected")
    if fault["type"] == "json_invalid":
        return {"at": "body", "message": f"is not JSON, at character {rest[0] if rest else 0}"}
    if place == "body":
        pointer = "".join(f"/{re.sub('~', '~0', str(step)).replace('/', '~1')}" for step in rest)
        return {"at": f"body{pointer}", "message": message}
    return {"at": f"{place} {'.'.join(map(str, rest))}".strip(), "message": message}


def answers(*slugs: str) -> dict[int | str, dict[str, Any]]:
    """Return what an operation's OpenAPI says of the problems it may answer with."""
    found: dict[int | str, dict[str, Any]] = {}
    for kind in (KINDS[slug] for slug in slugs):
        answer = found.setdefault(kind.status, _described(kind))
        answer["content"][MEDIA_TYPE]["examples"][kind.slug] = {"value": example(kind)}
        if kind.title not in answer["description"]:
            answer["description"] += f"; or: {kind.title}"
    return found


def _described(kind: Kind) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": kind.title, "content": {MEDIA_TYPE: {"schema": schema, "examples": {}}}}


def example(kind: Kind) -> dict[str, Any]:
    """Return a problem document as it might be answered."""
    return {
        "type": kind.type,
        "title": kind.title,
        "status": kind.status,
        "detail": f"{kind.title}.",
        "request_id": "0d1c4f6f9f6d4c0f8a3e5b7c9d2e1f00",
    }
