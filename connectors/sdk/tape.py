"""Exchanges on tape: recorded into a folder without their secrets, and played back from one."""

import json
import re
import threading
from collections import defaultdict, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import httpx

from connectors.sdk.errors import ConnectionBrokenError

HIDDEN = "(secret)"
SECRET_NAMES = re.compile(
    r"token|secret|password|passwd|authorization|api_?key|assertion|cookie|session|credential",
    re.IGNORECASE,
)
KEPT_HEADERS = re.compile(r"content-type|date|link|location|retry-after|etag|x-.*", re.IGNORECASE)
PAGE_TOKENS = re.compile(r"(next|page|prev|continuation|sync)_?(page)?_?token", re.IGNORECASE)

Transport = Callable[[httpx.BaseTransport, Iterable[str]], httpx.BaseTransport]


@dataclass(slots=True)
class _Scrubber:
    """Takes secrets out of texts: those it was told, and those that names give away."""

    known: set[str] = field(default_factory=set)

    def text(self, text: str) -> str:
        for secret in sorted(self.known, key=len, reverse=True):
            text = text.replace(secret, HIDDEN)
        return text

    def query(self, text: str) -> str:
        """Return a query or a form without the values of secret names."""
        pairs = parse_qsl(text, keep_blank_values=True)
        return self.text(urlencode([(name, self._value(name, value)) for name, value in pairs]))

    def json(self, value: Any) -> Any:
        """Return JSON without the values of secret names, which stay secret from then on."""
        if isinstance(value, dict):
            return {name: self._value(name, self.json(item)) for name, item in value.items()}
        if isinstance(value, list):
            return [self.json(item) for item in value]
        return self.text(value) if isinstance(value, str) else value

    def _value(self, name: str, value: Any) -> Any:
        if not isinstance(value, str) or not value or PAGE_TOKENS.fullmatch(name):
            return value
        if SECRET_NAMES.search(name):
            if len(value) >= 6 and value != HIDDEN:
                self.known.add(value)
            return HIDDEN
        return value


def _asked(request: httpx.Request, scrubber: _Scrubber) -> dict[str, str]:
    """Return what identifies a request: no header, no host, no secret."""
    url = request.url
    path = scrubber.text(url.path)
    if url.query:
        path = f"{path}?{scrubber.query(url.query.decode())}"
    body = request.read().decode("utf-8", "replace")
    if body:
        try:
            body = json.dumps(scrubber.json(json.loads(body)), sort_keys=True)
        except ValueError:
            body = scrubber.query(body)
    return {"method": request.method, "path": path, "body": body}


class _Recorder(httpx.BaseTransport):
    def __init__(self, folder: Path, inner: httpx.BaseTransport, secrets: Iterable[str]) -> None:
        self._folder, self._inner = folder, inner
        self._scrubber = _Scrubber(set(filter(None, secrets)))
        self._lock = threading.Lock()
        self._count = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = self._inner.handle_request(request)
        content = response.read()
        headers = response.headers
        with self._lock:
            self._count += 1
            exchange: dict[str, Any] = {"asked": _asked(request, self._scrubber)}
            exchange["answered"] = {
                "status": response.status_code,
                "headers": {
                    name: self._scrubber.text(value)
                    for name, value in headers.items()
                    if KEPT_HEADERS.fullmatch(name) and not SECRET_NAMES.search(name)
                },
                **self._body(content),
            }
            path = self._folder / f"{self._count:06d}.json"
            path.write_text(json.dumps(exchange, indent=1, ensure_ascii=False), "utf-8")
        kept = [(k, v) for k, v in headers.raw if k.lower() not in _REWRITTEN]
        return httpx.Response(response.status_code, headers=kept, content=content)

    def _body(self, content: bytes) -> dict[str, Any]:
        try:
            return {"json": self._scrubber.json(json.loads(content))}
        except ValueError:
            return {"text": self._scrubber.text(content.decode("utf-8", "backslashreplace"))}

    def close(self) -> None:
        self._inner.close()


_REWRITTEN = (b"content-encoding", b"content-length", b"transfer-encoding")


class _Player(httpx.BaseTransport):
    def __init__(self, folder: Path, secrets: Iterable[str]) -> None:
        self._scrubber = _Scrubber(set(filter(None, secrets)))
        self._lock = threading.Lock()
        self._answers: dict[str, deque[dict[str, Any]]] = defaultdict(deque)
        for path in sorted(folder.glob("*.json")):
            exchange = json.loads(path.read_text("utf-8"))
            self._answers[_key(exchange["asked"])].append(exchange["answered"])
        if not self._answers:
            raise ConnectionBrokenError(f"{folder}: holds no recorded exchanges")

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        asked = _asked(request, self._scrubber)
        with self._lock:
            answers = self._answers.get(_key(asked))
            if not answers:
                raise ConnectionBrokenError(
                    f"{asked['method']} {asked['path']} was not recorded; record again"
                )
            answered = answers.popleft() if len(answers) > 1 else answers[0]
        content = (
            json.dumps(answered["json"]).encode()
            if "json" in answered
            else answered["text"].encode()
        )
        return httpx.Response(answered["status"], headers=answered["headers"], content=content)


def _key(asked: dict[str, str]) -> str:
    return json.dumps(asked, sort_keys=True)


def recording(folder: Path) -> Transport:
    """Return what keeps every exchange in `folder`, a file each, without its secrets.

    Records themselves are kept as they came: treat the folder as you treat their source. Raises
    ConnectionBrokenError where the folder holds something already.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise ConnectionBrokenError(f"{folder}: is not empty; record into a new folder")
    return lambda inner, secrets: _Recorder(folder, inner, secrets)


def replaying(folder: Path) -> Transport:
    """Return what answers from the exchanges in `folder` and never touches the network."""
    return lambda inner, secrets: _Player(folder, secrets)
