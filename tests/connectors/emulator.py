"""A small HTTP server under the test's hand: real sockets, answers as the test says."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Asked:
    """One request; query holds the last value of each name."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Reply:
    """One answer; body: bytes as they are, anything else as JSON. cut: bytes that never come."""

    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: int = 0

    def content(self) -> bytes:
        if isinstance(self.body, bytes):
            return self.body
        return json.dumps(self.body, ensure_ascii=False).encode()


Answering = Callable[[Asked], Reply]


@dataclass
class Emulator:
    """Answers by path; `before` sees each request first and may answer in its place."""

    url: str = ""
    routes: dict[str, Answering] = field(default_factory=dict)
    before: Callable[[Asked], Reply | None] = lambda asked: None
    date: datetime | None = None
    asked: list[Asked] = field(default_factory=list)

    def answer(self, asked: Asked) -> Reply:
        self.asked.append(asked)
        early = self.before(asked)
        if early is not None:
            return early
        route = self.routes.get(asked.path)
        return route(asked) if route else Reply({"error": "no such path"}, 404)

    @property
    def queries(self) -> list[dict[str, str]]:
        return [asked.query for asked in self.asked]


def numbered(
    rows: list[dict[str, Any]],
    *,
    cursor: str = "updated_at",
    size: int = 100,
    items: str = "data",
    key: str = "id",
) -> Answering:
    """A list endpoint: page, per_page, updated_since; ascending by cursor and key."""

    def answer(asked: Asked) -> Reply:
        since = asked.query.get("updated_since", "")
        found = [row for row in rows if not since or str(row[cursor]) >= since]
        found.sort(key=lambda row: (str(row.get(cursor)), row[key]))
        page = int(asked.query.get("page", "1"))
        count = min(int(asked.query.get("per_page", size)), size)
        part = found[(page - 1) * count : page * count]
        more = page * count < len(found)
        return Reply({items: part, "meta": {"has_more": more, "total": len(found)}})

    return answer


@contextmanager
def emulator() -> Iterator[Emulator]:
    """Serve on a free port of this machine for as long as the block lasts."""
    emulated = Emulator()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # head and body in one packet
        disable_nagle_algorithm = True

        def _answer(self) -> None:
            parts = urlsplit(self.path)
            query = parse_qs(parts.query, keep_blank_values=True)
            reply = emulated.answer(
                Asked(
                    self.command,
                    parts.path,
                    {name: values[-1] for name, values in query.items()},
                    {name.lower(): value for name, value in self.headers.items()},
                    self.rfile.read(int(self.headers.get("content-length", 0))),
                )
            )
            content = reply.content()
            self.send_response_only(reply.status)
            headers = {
                "Date": format_datetime(emulated.date or datetime.now(UTC), usegmt=True),
                "Content-Type": "application/json",
                "Content-Length": str(len(content) + reply.cut),
                **reply.headers,
            }
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            try:
                self.wfile.write(content)
            except OSError:
                self.close_connection = True
            if reply.cut:
                self.close_connection = True

        do_GET = do_POST = do_PUT = do_DELETE = _answer  # noqa: N815  # the library's names

        def log_message(self, *_: Any) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    emulated.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield emulated
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
