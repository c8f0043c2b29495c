"""Exchanges on tape: recorded into a folder without their secrets, and played back from one.

What was asked is kept from the connection's base on, so that a tape plays behind any address.
"""

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
from connectors.sdk.transport import BASE, Transport

HIDDEN = "(secret)"
SECRET_NAMES = re.compile(
    r"token|secret|password|passwd|authorization|api_?key|assertion|cookie|session|credential",
    re.IGNORECASE,
)
KEPT_HEADERS = re.compile(r"content-type|date|link|location|retry-after|etag|x-.*", re.IGNORECASE)
PAGE_TOKENS = re.compile(r"(next|page|prev|continuation|sync)_?(page)?_?token", re.IGNORECASE)

AT_BASE, AT_PATH, AT_ORIGIN = "(base)", "(base path)", "(origin)"


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
    """Return what identifies a request: no header, no host, nothing before the base, no secret."""
    url = request.url
    path = scrubber.text(_below_base(request))
    if url.query:
        path = f"{path}?{scrubber.query(url.query.decode())}"
    body = request.read().decode("utf-8", "replace")
    if body:
        try:
            body = json.dumps(scrubber.json(json.loads(body)), sort_keys=True)
        except ValueError:
            body = scrubber.query(body)
    return {"method": request.method, "path": path, "body": body}


def _below_base(request: httpx.Request) -> str:
    base, path = request.extensions.get(BASE), request.url.path
    if base is None:
        return path
    origin = httpx.URL(base)
    stem = origin.path.rstrip("/")
    same = (origin.host, origin.port) == (request.url.host, request.url.port)
    return path[len(stem) :] if same and path.startswith(f"{stem}/") else path


@dataclass(frozen=True, slots=True)
class _Place:
    """The address a connection asks. On tape, words stand for it, so that links play elsewhere."""

    base: httpx.URL

    @classmethod
    def of(cls, request: httpx.Request) -> "_Place":
        return cls(httpx.URL(request.extensions.get(BASE) or request.url.join("/")))

    def hidden(self, text: str) -> str:
        """Return a text in which words stand for the address."""
        stem = self.base.path.rstrip("/")
        if stem and text.startswith(f"{stem}/"):
            return AT_PATH + text.removeprefix(stem)
        host = self.base.netloc.decode()
        for scheme in ("https", "http"):  # a server behind a proxy may not know its own scheme
            text = text.replace(f"{scheme}://{host}{stem}/", f"{AT_BASE}/")
            text = text.replace(f"{scheme}://{host}", AT_ORIGIN)
        return text

    def shown(self, text: str) -> str:
        """Return a text in which the address stands for the words."""
        stem = self.base.path.rstrip("/")
        origin = f"{self.base.scheme}://{self.base.netloc.decode()}"
        if text.startswith(f"{AT_PATH}/"):
            return stem + text.removeprefix(AT_PATH)
        return text.replace(AT_BASE, origin + stem).replace(AT_ORIGIN, origin)


def _texts(value: Any, change: Callable[[str], str]) -> Any:
    """Return JSON with every text in it changed."""
    if isinstance(value, dict):
        return {name: _texts(item, change) for name, item in value.items()}
    if isinstance(value, list):
        return [_texts(item, change) for item in value]
    return change(value) if isinstance(value, str) else value


class NotRecordedError(ConnectionBrokenError):
    """A tape was asked for an exchange that is not on it."""


class _Recorder(httpx.BaseTransport):
    def __init__(self, folder: Path, inner: httpx.BaseTransport, secrets: Iterable[str]) -> None:
        self._folder, self._inner = folder, inner
        self._scrubber = _Scrubber(set(filter(None, secrets)))
        self._lock = threading.Lock()
        self._count = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = self._inner.handle_request(request)
        content = response.read()
        headers, place = response.headers, _Place.of(request)
        with self._lock:
            self._count += 1
            exchange: dict[str, Any] = {"asked": _asked(request, self._scrubber)}
            exchange["answered"] = {
                "status": response.status_code,
                "headers": {
                    name: place.hidden(self._scrubber.text(value))
                    for name, value in headers.items()
                    if KEPT_HEADERS.fullmatch(name) and not SECRET_NAMES.search(name)
                },
                **self._body(content, place),
            }
            path = self._folder / f"{self._count:06d}.json"
            path.write_text(json.dumps(exchange, indent=1, ensure_ascii=False), "utf-8")
        kept = [(k, v) for k, v in headers.raw if k.lower() not in _REWRITTEN]
        return httpx.Response(response.status_code, headers=kept, content=content)

    def _body(self, content: bytes, place: _Place) -> dict[str, Any]:
        try:
            return {"json": _texts(self._scrubber.json(json.loads(content)), place.hidden)}
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
                raise NotRecordedError(
                    f"{asked['method']} {asked['path']} was not recorded; record again"
                )
            answered = answers.popleft() if len(answers) > 1 else answers[0]
        place = _Place.of(request)
        content = (
            json.dumps(_texts(answered["json"], place.shown)).encode()
            if "json" in answered
            else answered["text"].encode()
        )
        headers = {name: place.shown(value) for name, value in answered["headers"].items()}
        return httpx.Response(answered["status"], headers=headers, content=content)


def _key(asked: dict[str, str]) -> str:
    """Return what an exchange is found by; a secret in the query is no part of it."""
    path, _, query = asked["path"].partition("?")
    pairs = [pair for pair in parse_qsl(query, keep_blank_values=True) if pair[1] != HIDDEN]
    return json.dumps({**asked, "path": f"{path}?{urlencode(pairs)}"}, sort_keys=True)


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
