"""A server of contacts that a Singer tap reads."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

TOKEN = "loop-token-17"


@dataclass
class Server:
    """Serves `rows` that changed since, ten a page, to whoever has the token."""

    rows: list[dict[str, Any]]
    url: str = ""
    breaks_at: int | None = None
    asked: list[str] = field(default_factory=list)

    def answer(self, path: str, token: str | None) -> tuple[int, Any]:
        self.asked.append(path)
        query = {name: values[0] for name, values in parse_qs(urlsplit(path).query).items()}
        if token != f"Bearer {TOKEN}":
            return 401, {"error": "who are you?"}
        page = int(query["page"])
        if page == self.breaks_at:
            return 503, {"error": "busy"}
        rows = [row for row in self.rows if row["changed"] >= int(query["since"])]
        return 200, rows[10 * page : 10 * page + 10]


@contextmanager
def contacts_server() -> Iterator[Server]:
    """Serve 25 contacts, a number of change each, on loopback."""
    state = Server([{"id": n, "name": f"Müller {n}", "changed": 100 + n} for n in range(25)])

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = state.answer(self.path, self.headers.get("Authorization"))
            sent = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as httpd:
        state.url = f"http://127.0.0.1:{httpd.server_port}"
        threading.Thread(target=httpd.serve_forever, daemon=True).start()
        yield state
        httpd.shutdown()
