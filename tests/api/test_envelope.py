"""What stands around every request, asked as a server asks it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hub.api.envelope import MAX_BODY_BYTES, Envelope

Body = list[bytes]


def _asked(
    app: ASGIApp,
    *,
    body: Body | None = None,
    headers: dict[str, str] | None = None,
    kind: str = "http",
) -> list[Message]:
    """Run one request through the envelope; return what was sent."""
    pieces = list(body or [b""])
    sent: list[Message] = []

    async def receive() -> Message:
        piece = pieces.pop(0)
        return {"type": "http.request", "body": piece, "more_body": bool(pieces)}

    async def send(message: Message) -> None:
        sent.append(message)

    raw = [(name.lower().encode(), value.encode()) for name, value in (headers or {}).items()]
    scope: Scope = {"type": kind, "method": "GET", "path": "/x", "headers": raw}
    asyncio.run(_call(Envelope(app), scope, receive, send))
    return sent


async def _call(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    await app(scope, receive, send)


def _headers(message: Message) -> dict[str, str]:
    return {name.decode(): value.decode() for name, value in message["headers"]}


def _answering(
    status: int = 200, headers: list[tuple[bytes, bytes]] | None = None
) -> Callable[[Scope, Receive, Send], Awaitable[None]]:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        while (await receive()).get("more_body"):
            pass
        await send({"type": "http.response.start", "status": status, "headers": headers or []})
        await send({"type": "http.response.body", "body": b"ok"})

    return app


def test_every_answer_has_an_id_and_is_not_cached_unless_it_says_so() -> None:
    start, _ = _asked(_answering())
    headers = _headers(start)
    assert len(headers["x-request-id"]) == 32
    assert headers["cache-control"] == "no-store"
    start, _ = _asked(_answering(headers=[(b"cache-control", b"private")]))
    assert _headers(start)["cache-control"] == "private"


def test_ids_differ() -> None:
    ids = {_headers(_asked(_answering())[0])["x-request-id"] for _ in range(20)}
    assert len(ids) == 20


@pytest.mark.parametrize(
    ("length", "status"),
    [
        (str(MAX_BODY_BYTES), 200),
        (str(MAX_BODY_BYTES + 1), 413),
        ("9" * 19, 413),
        ("-5", 200),
        ("many", 200),
        ("9" * 500, 200),
    ],
)
def test_a_declared_length_is_believed_where_it_is_a_number(length: str, status: int) -> None:
    start, *_ = _asked(_answering(), headers={"Content-Length": length})
    assert start["status"] == status


@pytest.mark.parametrize(
    ("pieces", "status"),
    [([MAX_BODY_BYTES], 200), ([MAX_BODY_BYTES, 1], 500), ([400_000] * 3, 500), ([0, 0, 0], 200)],
)
def test_pieces_are_counted(pieces: list[int], status: int) -> None:
    """Inside the app its framework makes a 413 of it; a bare app has none to make one."""
    start, *_ = _asked(_answering(), body=[b"x" * size for size in pieces])
    assert start["status"] == status


def test_an_app_that_fails_before_it_answers(caplog: pytest.LogCaptureFixture) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        raise ValueError("Eva Weber")

    start, body = _asked(app)
    assert start["status"] == 500
    assert _headers(start)["content-type"] == "application/problem+json"
    assert b"Eva" not in body["body"]
    assert "error=ValueError at test_envelope.py" in caplog.text
    assert "Eva" not in caplog.text


def test_an_answer_that_breaks_off_is_not_made_whole(caplog: pytest.LogCaptureFixture) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise ValueError("midway")

    with pytest.raises(ValueError, match="midway"):
        _asked(app)
    assert "error=ValueError" in caplog.text


def test_what_is_no_request_passes_untouched(caplog: pytest.LogCaptureFixture) -> None:
    seen: list[Any] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope["type"])

    with caplog.at_level(logging.INFO):
        assert _asked(app, kind="lifespan") == []
    assert seen == ["lifespan"]
    assert caplog.text == ""
