"""Answers HEAD as GET is answered, without the body (RFC 9110): whoever only asks whether."""

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Heads:
    """ASGI middleware; what would go on and on is told to stop once its head is out."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return
        answer = _Head(send)
        asked = {**scope, "method": "GET"}  # the server itself goes on to see a HEAD
        try:
            await self._app(asked, answer.receive, answer.send)
        finally:
            scope["route"] = asked.get("route")  # for the log


class _Head:
    """Lets the head of an answer through, and an empty body behind it."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._asked = False
        self._told = asyncio.Event()

    async def receive(self) -> Message:
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self._told.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            await self._send(message)
            await self._send({"type": "http.response.body", "body": b"", "more_body": False})
            self._told.set()
