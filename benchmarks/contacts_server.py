"""Serves invented contacts on loopback: page by page, by token, by what changed since."""

import json
import sys
from bisect import bisect_left
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)


def contact(number: int) -> dict[str, Any]:
    """Return the contact of a number; each changed a second after the one before."""
    return {
        "id": number,
        "name": f"Jürgen Müller {number}",
        "email": f"j.mueller{number}@example.org",
        "phone": f"+49 30 {number:07d}",
        "city": "Köln" if number % 3 else "Öhringen",
        "street": f"Hauptstraße {number % 200}",
        "amount": number * 1.25,
        "active": number % 5 != 0,
        "tags": ["customer", f"group-{number % 17}"],
        "updated_at": (BEGAN + timedelta(seconds=number)).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


class Contacts:
    """All contacts, each already as JSON, by the time of their last change."""

    def __init__(self, count: int) -> None:
        rows = [contact(number) for number in range(1, count + 1)]
        self._changed = [row["updated_at"] for row in rows]
        self._texts = [json.dumps(row, ensure_ascii=False) for row in rows]

    def page(self, query: dict[str, str]) -> bytes:
        """Return one page of what changed since."""
        number, size = int(query.get("page", 1)), int(query.get("per_page", 100))
        first = bisect_left(self._changed, query.get("updated_since", "")[:19])
        total = len(self._texts) - first
        start = first + (number - 1) * size
        told = {
            "page": number,
            "pages": -(-total // size),
            "total": total,
            "more": number * size < total,
        }
        data = ",".join(self._texts[start : start + size])
        return f'{{"data":[{data}],{json.dumps(told)[1:]}'.encode()


def serve(count: int) -> None:
    """Serve until killed; the first line on standard output is the address."""
    contacts = Contacts(count)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1

        def do_GET(self) -> None:
            known = self.headers.get("Authorization") == "Bearer token"
            query = dict(parse_qsl(urlsplit(self.path).query))
            body = contacts.page(query) if known else b'{"error": "who are you?"}'
            self.send_response(200 if known else 401)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        print(f"http://127.0.0.1:{server.server_port}", flush=True)
        server.serve_forever()


if __name__ == "__main__":
    serve(int(sys.argv[1]))
