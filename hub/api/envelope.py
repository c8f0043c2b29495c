"""Around every request: an id, a size limit, one line in the log, a last resort when all fails."""

import logging
import re
import traceback
from pathlib import Path
from time import perf_counter
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hub.api.problems import holds_nul, internal, too_large

log = logging.getLogger("hub.request")

MAX_BODY_BYTES = 1_000_000
HEADER = "X-Request-Id"
_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


class Envelope:
    """ASGI middleware; the caller's own X-Request-Id is kept where it is harmless.

    The log names the route, never the address: a search for a person must not be written down.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = scope.setdefault("state", {})["request_id"] = _id_of(scope)
        answer = _Answer(send, request_id)
        started = perf_counter()
        try:
            if _declared_bytes(scope) > MAX_BODY_BYTES:
                await too_large(request_id)(scope, receive, answer.send)
            elif "\0" in scope.get("path", "") or b"%00" in scope.get("query_string", b""):
                await holds_nul(request_id)(scope, receive, answer.send)
            else:
                await self._app(scope, _Limited(receive).receive, answer.send)
        except Exception as error:  # the last door before the client: it must get an answer
            log.error("request failed id=%s %s", request_id, _places(error))
            if answer.status:
                raise  # it has begun: only a broken connection can tell that it is not whole
            await internal(request_id)(scope, receive, answer.send)
        finally:
            _note(scope, answer.status, 1000 * (perf_counter() - started))


class _Answer:
    """Passes the answer on, with the headers every answer has."""

    def __init__(self, send: Send, request_id: str) -> None:
        self._send = send
        self._request_id = request_id
        self.status = 0

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers[HEADER] = self._request_id
            headers["X-Content-Type-Options"] = "nosniff"
            headers.setdefault("Cache-Control", "no-store")
        await self._send(message)


class _Limited:
    """Counts the body as it comes in: one that declares no length is cut off all the same."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._bytes = 0

    async def receive(self) -> Message:
        message = await self._receive()
        self._bytes += len(message.get("body", b""))
        if self._bytes > MAX_BODY_BYTES:
            raise HTTPException(413)
        return message


def _id_of(scope: Scope) -> str:
    given = Headers(scope=scope).get(HEADER, "")
    return given if _ID.fullmatch(given) else uuid4().hex


def _declared_bytes(scope: Scope) -> int:
    length = Headers(scope=scope).get("content-length", "")
    return int(length) if length.isdecimal() and len(length) < 20 else 0


def _note(scope: Scope, status: int, took_ms: float) -> None:
    key = scope["state"].get("key")
    log.info(
        "request method=%s route=%s status=%d ms=%.1f key=%s id=%s",
        scope["method"],
        getattr(scope.get("route"), "path", "-"),
        status,
        took_ms,
        key.id if key else "-",
        scope["state"]["request_id"],
    )


def _places(error: BaseException) -> str:
    """Say kind and place of an error, not its text, which may quote somebody's data."""
    frames = traceback.extract_tb(error.__traceback__)[-5:]
    places = " < ".join(f"{Path(f.filename).name}:{f.lineno}" for f in reversed(frames))
    return f"error={type(error).__name__} at {places}"
