"""Serves invented rows over HTTP the way a declaration says that the product does."""

import base64
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from operator import itemgetter
from typing import Any, ClassVar
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

import httpx
import msgspec

from connectors.sdk import pages
from connectors.sdk.conformance.samples import at_path, set_at, wrapped
from connectors.sdk.conformance.seam import Clock, Row
from connectors.sdk.cursors import Cursor, Since
from connectors.sdk.paths import Steps, steps_of, value_at
from connectors.sdk.streams import Deletes, Stream, StreamSpec

BASE_URL = "https://emulator.test/api"
PAGE_ROWS = 20
"""Rows in a page where the declaration leaves the size to the product."""

Respond = Callable[[], httpx.Response]
Order = tuple[int, float, str]
Fault = Callable[[int, httpx.Request, Respond], httpx.Response]


@dataclass
class Emulator(httpx.BaseTransport):
    """The product, in this process. rows: what each stream holds; gone: what it says is deleted.

    secrets: what a request must show. fault: asked before each page of a list, with its number
    from 1; asked: the moment of every request. reachable: whether anything answers.

    A product that writes what its declaration reads by code has a subclass, which says how:
    cursor_fields: where the moments stand that a cursor is read out of a whole record from.
    """

    cursor_fields: ClassVar[Sequence[str]] = ()

    clock: Clock
    streams: Mapping[str, Stream]
    secrets: Sequence[str] = ()
    check_path: str | None = None
    rows: dict[str, list[Row]] = field(default_factory=dict)
    gone: dict[str, list[Row]] = field(default_factory=dict)
    fault: Fault | None = None
    listed: int = 0
    asked: list[datetime] = field(default_factory=list)
    reachable: bool = True
    _sorted: tuple[list[Row], list[Order], list[Row]] | None = None

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer one request, or let the fault answer it."""
        self.asked.append(self.clock.now())
        if not self.reachable:
            raise httpx.ConnectError("connection refused", request=request)
        request.read()
        if not self._accepted(request):
            return self._answer({"error": "who are you?"}, status=401)
        found = self._endpoint(request)
        if found is None:
            good = self.check_path is not None and request.url.path.endswith(
                self.check_path.partition("?")[0]
            )
            return self._answer({"ok": good}, status=200 if good else 404)
        stream, spec, rows = found

        def respond() -> httpx.Response:
            return self.page(stream, spec, rows, request)

        if self.fault is None or not isinstance(spec, StreamSpec):
            return respond()
        self.listed += 1
        return self.fault(self.listed, request, respond)

    def _accepted(self, request: httpx.Request) -> bool:
        shown = f"{list(request.headers.values())} {request.url} {request.content!r}"
        for value in request.headers.get_list("authorization"):
            word, _, rest = value.partition(" ")
            if word.lower() == "basic":
                shown += base64.b64decode(rest).decode()
        return all(secret in shown for secret in self.secrets)

    def _endpoint(
        self, request: httpx.Request
    ) -> tuple[Stream, StreamSpec | Deletes, list[Row]] | None:
        path = request.url.path
        for name, stream in self.streams.items():
            if path == _path(stream.spec.path):
                return stream, stream.spec, self.rows.get(name, [])
            deletes = stream.spec.deletes
            if deletes is not None and path == _path(deletes.path):
                return stream, deletes, self.gone.get(name, [])
        return None

    def page(
        self, stream: Stream, spec: StreamSpec | Deletes, rows: list[Row], request: httpx.Request
    ) -> httpx.Response:
        """Return one page of what was asked for; a subclass may answer in another way."""
        asked = _params(request)
        found = self._chosen(spec, rows, asked)
        kind = spec.pages
        size = int(asked.get(kind.size[0], kind.size[1])) if kind.size else PAGE_ROWS
        start = _start(kind, asked, size, found)
        shown = found[start : start + size] if not isinstance(kind, pages.Single) else found
        body, headers = _body(spec, [self.sent(row) for row in shown])
        more = start + len(shown) < len(found)
        told = _told(kind, request, start + size, size, more=more, count=len(found))
        for path, value in told.items():
            if path.startswith(pages.HEADER):
                headers[path.removeprefix(pages.HEADER)] = str(value)
            else:
                set_at(body, steps_of(path), value)
        return self._answer(body, headers=headers)

    def sent(self, row: Row) -> Any:
        """Return a record as the product sends it: what the stream's `reads` makes a row of."""
        return row

    def bound(self, since: Since, text: str) -> Any:
        """Return what a filter's text asks from: a moment, a number, or None for everything."""
        return read_since(since, text)

    def _chosen(
        self, spec: StreamSpec | Deletes, rows: list[Row], asked: Mapping[str, str]
    ) -> list[Row]:
        """Return the rows asked for, oldest change first where that is declared, else last."""
        cursor, since = spec.cursor, spec.since
        if cursor is None:
            return rows
        values, found = self._in_order(cursor, rows)
        if since is not None and since.param in asked:
            bound = self.bound(since, asked[since.param])
            if bound is not None:
                place = bisect_right if since.exclusive else bisect_left
                found = found[place(values, _order(bound)) :]
        return found if getattr(spec, "ordered", True) else found[::-1]

    def _in_order(self, cursor: Cursor, rows: list[Row]) -> tuple[list[Order], list[Row]]:
        """Return the rows by their cursors, and those; sorted once for each content."""
        if self._sorted is None or self._sorted[0] is not rows:
            pairs = [(_order(_read(at_path(row, cursor.path), cursor)), row) for row in rows]
            pairs.sort(key=itemgetter(0))
            self._sorted = rows, [pair[0] for pair in pairs], [pair[1] for pair in pairs]
        return self._sorted[1], self._sorted[2]

    def _answer(
        self, body: Any, *, status: int = 200, headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        date = format_datetime(self.clock.now(), usegmt=True)
        return httpx.Response(
            status,
            content=msgspec.json.encode(body),
            headers={"content-type": "application/json", "date": date, **(headers or {})},
        )


def _path(path: str) -> str:
    return httpx.URL(BASE_URL).path.rstrip("/") + "/" + path.lstrip("/")


def _params(request: httpx.Request) -> dict[str, str]:
    found = dict(parse_qsl(request.url.query.decode(), keep_blank_values=True))
    if request.method == "POST" and request.content:
        body = msgspec.json.decode(request.content)
        found |= {key: str(value) for key, value in body.items()} if isinstance(body, dict) else {}
    return found


def read_since(since: Since, text: str) -> Any:
    """Return the bound a filter's text states: a moment, a number, or None for everything."""
    before, _, after = since.text.partition("{}")
    text = text.removeprefix(before).removesuffix(after)
    if since.full is not None and text == since.full:
        return None
    if since.format in ("epoch", "epoch_ms") or text.lstrip("-").isdecimal():
        return int(text) / (1000 if since.format == "epoch_ms" else 1)
    if since.format != "iso":
        return datetime.strptime(text, since.format).replace(tzinfo=ZoneInfo(since.zone))
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=ZoneInfo(since.zone))


def _read(raw: Any, cursor: Cursor) -> Any:
    if cursor.read is not None:
        try:
            return cursor.read(raw)
        except (ValueError, TypeError):  # a fault that the kit put there
            return None
    if cursor.format == "epoch_ms" and isinstance(raw, int):
        return raw / 1000
    if isinstance(raw, str) and cursor.format not in ("iso", "epoch", "epoch_ms"):
        try:
            return datetime.strptime(raw, cursor.format).replace(tzinfo=ZoneInfo(cursor.zone))
        except ValueError:
            return raw
    if isinstance(raw, str):
        try:
            at = datetime.fromisoformat(raw)
        except ValueError:
            return raw
        return at if at.tzinfo else at.replace(tzinfo=ZoneInfo(cursor.zone))
    return raw


def _order(value: Any) -> Order:
    """Return what sorts raw cursors of any kind."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return (1, 0.0, value)
    if isinstance(value, datetime):
        value = (value if value.tzinfo else value.replace(tzinfo=UTC)).timestamp()
    return (0, float(value), "") if isinstance(value, int | float) else (2, 0.0, "")


def _body(spec: StreamSpec | Deletes, shown: list[Row]) -> tuple[Any, dict[str, str]]:
    each = steps_of(spec.each) if isinstance(spec, StreamSpec) else ()
    items = [wrapped(each, row) for row in shown]
    first, *others = spec.items
    if not first:
        return items, {}
    body: Row = {}
    set_at(body, steps_of(first), items)
    for path in others:
        set_at(body, steps_of(path), [])
    error = spec.error if isinstance(spec, StreamSpec) else None
    if error:
        set_at(body, steps_of(error), None)
    return body, {}


def _start(kind: pages.Pages, asked: Mapping[str, str], size: int, rows: list[Row]) -> int:
    match kind:
        case pages.Number():
            return (int(asked.get(kind.param, kind.first_page)) - kind.first_page) * size
        case pages.Offset():
            return int(asked.get(kind.param, 0))
        case pages.Token():
            return int(asked.get(kind.param, "t0").removeprefix("t"))
        case pages.Keyset():
            after = asked.get(kind.param)
            rows.sort(key=lambda row: _order(at_path(row, kind.field)))
            keys = [str(at_path(row, kind.field)) for row in rows]
            return keys.index(after) + 1 if after in keys else 0
    return int(asked.get("__start", "0"))


def _told(
    kind: pages.Pages,
    request: httpx.Request,
    following: int,
    size: int,
    *,
    more: bool,
    count: int,
) -> dict[str, Any]:
    """Return what an answer says beside its rows, by path."""
    told: dict[str, Any] = dict(zip(kind.totals, (count, *[0] * len(kind.totals)), strict=False))
    link = str(request.url.copy_merge_params({"__start": following})) if more else None
    match kind:
        case pages.Number() | pages.Offset() | pages.Keyset():
            if kind.more is not None:
                told[kind.more] = more
            if isinstance(kind, pages.Number) and kind.count is not None:
                told[kind.count] = -(-count // size)
        case pages.Token():
            told[kind.token] = f"t{following}" if more else None
        case pages.NextLink():
            told[kind.link] = link
        case pages.LinkHeader() if link is not None:
            told[f"{pages.HEADER}link"] = f'<{link}>; rel="{kind.rel}"'
    return told


def lie(response: httpx.Response, how: str, spec: StreamSpec) -> httpx.Response:
    """Return a 200 that is none: html, error, empty, cut, or without what states the end."""
    content, kind = response.content, "application/json"
    match how:
        case "html":
            content, kind = b"<html><title>Sign in</title></html>", "text/html"
        case "error":
            content = b'{"error": "try again later"}'
        case "empty":
            content = b""
        case "cut":
            content = content[: len(content) * 2 // 3]
        case "endless":
            content = _without_end(content, spec)
    return httpx.Response(200, content=content, headers={"content-type": kind})


def _without_end(content: bytes, spec: StreamSpec) -> bytes:
    body = msgspec.json.decode(content)
    for path in end_paths(spec):
        steps: Steps = steps_of(path)
        holder = value_at(body, steps[:-1])
        if isinstance(holder, dict):
            holder.pop(str(steps[-1]), None)
    return msgspec.json.encode(body)


def end_paths(spec: StreamSpec) -> list[str]:
    """Return the paths of an answer's body that must be there to state the end."""
    kind = spec.pages
    names = ["more", "count"] if isinstance(kind, pages.Number) else ["more"]
    if isinstance(kind, pages.Token | pages.NextLink):
        names = [] if kind.absent_ends else ["token", "link"]
    found = [getattr(kind, name, None) for name in names]
    if not any(found) and isinstance(kind, pages.Number | pages.Offset) and not kind.about:
        found = list(kind.totals)
    return [path for path in found if path and not path.startswith(pages.HEADER)]
