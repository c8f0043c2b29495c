"""Serves invented rows over HTTP the way a declaration says that the product does."""

import threading
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
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
from connectors.sdk.answers import Endpoint
from connectors.sdk.conformance.authority import Authority
from connectors.sdk.conformance.family import Family
from connectors.sdk.conformance.samples import at_path, set_at, wrapped
from connectors.sdk.conformance.seam import Clock, Row
from connectors.sdk.cursors import Cursor, Since
from connectors.sdk.paths import steps_of
from connectors.sdk.streams import Deletes, Stream, StreamSpec
from connectors.sdk.transport import EXPECTS

BASE_URL = "https://emulator.test/api"
PAGE_ROWS = 20
"""Rows in a page where the declaration leaves the size to the product."""

Respond = Callable[[], httpx.Response]
Order = tuple[int, float, str]
Fault = Callable[[int, httpx.Request, Respond], httpx.Response]


@dataclass
class Emulator(httpx.BaseTransport):
    """The product, in this process. rows: what each stream holds; gone: what it says is deleted.

    authority: who lets in, None: everybody. fault: asked before each page of a list, with its
    number from 1; lied_of: the list that page is of. asked: the moment of every request.
    reachable: whether anything answers. family: the parents of the stream that is read now, if it
    has any. unknown: what was asked for by code in a way no declaration tells. envelopes: by
    stream, a whole answer of the real product, whose lists are put in place of its own.

    A product that writes what its declaration reads by code has a subclass, which says how:
    cursor_fields: where the moments stand that a cursor is read out of a whole record from.
    """

    cursor_fields: ClassVar[Sequence[str]] = ()

    clock: Clock
    streams: Mapping[str, Stream]
    authority: Authority | None = None
    check_path: str | None = None
    rows: dict[str, list[Row]] = field(default_factory=dict)
    gone: dict[str, list[Row]] = field(default_factory=dict)
    fault: Fault | None = None
    listed: int = 0
    asked: list[datetime] = field(default_factory=list)
    reachable: bool = True
    reading: str = ""
    family: Family | None = None
    lied_of: StreamSpec | None = None
    unknown: list[str] = field(default_factory=list)
    envelopes: dict[str, Any] = field(default_factory=dict)
    _first_list: str | None = None
    _lock: threading.RLock = field(default_factory=threading.RLock)
    _sorted: tuple[list[Row], list[Order], list[Row]] | None = None

    def begin(self, clock: Clock, reading: str, family: Family | None) -> None:
        """Be asked for one stream from now on; family: its parents, if it has any."""
        self.clock, self.reading, self.family = clock, reading, family
        self.listed, self._first_list = 0, None
        self.unknown.clear()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer one request, or let the fault answer it."""
        request.read()
        with self._lock:
            return self._handled(request)

    def _handled(self, request: httpx.Request) -> httpx.Response:
        now = self.clock.now()
        self.asked.append(now)
        if not self.reachable:
            raise httpx.ConnectError("connection refused", request=request)
        if self.authority is not None:
            told = self.authority.answer(request, now)
            if told is not None:
                return told
        if not self._accepted(request):
            return self._answer({"error": "who are you?"}, status=401)
        found = self._endpoint(request)
        if found is None:
            good = self.check_path is not None and request.url.path.endswith(
                self.check_path.partition("?")[0]
            )
            if not good:
                self.unknown.append(f"{request.method} {request.url.path}")
            return self._answer({"ok": good}, status=200 if good else 404)
        stream, spec, rows = found

        def respond() -> httpx.Response:
            return self.page(stream, spec, rows, request)

        if self.fault is None or not isinstance(spec, StreamSpec):
            return respond()
        self.listed += 1
        self.lied_of = spec
        return self.fault(self.listed, request, respond)

    def _accepted(self, request: httpx.Request) -> bool:
        return self.authority is None or self.authority.lets_in(request, self.clock.now())

    def _endpoint(
        self, request: httpx.Request
    ) -> tuple[Stream, StreamSpec | Deletes, list[Row]] | None:
        path, family = request.url.path, self.family
        read = self.streams.get(self.reading)
        if family is not None and path == _path(family.stream.spec.path):
            return family.stream, family.stream.spec, family.rows
        if read is not None and (read.reader is not None or read.parent is not None):
            return self._played(read, request)
        for name, stream in self.streams.items():
            if stream.reader is None and path == _path(stream.spec.path):
                return stream, stream.spec, self.rows.get(name, [])
            deletes = stream.spec.deletes
            if deletes is not None and path == _path(deletes.path):
                return stream, deletes, self.gone.get(name, [])
        return None

    def _played(
        self, stream: Stream, request: httpx.Request
    ) -> tuple[Stream, StreamSpec | Deletes, list[Row]] | None:
        """Return the list that a child is below its parent, or that the author's code asks for.

        Code says with each list it asks for how it is paged and where its rows stand. Without a
        parent to share them among, all rows stand in the first list it asks for.
        """
        path, spec, deletes = request.url.path, stream.spec, stream.spec.deletes
        if deletes is not None and path == _path(deletes.path):
            return stream, deletes, self.gone.get(stream.name, [])
        expected = request.extensions.get(EXPECTS)
        if not isinstance(expected, Endpoint):
            return None
        kind = expected.pages
        spec = spec.model_copy(
            update={
                "pages": kind if _walks_by_size(kind) else shortened(kind),
                "items": tuple(expected.items),
                "error": expected.error,
            }
        )
        rows = self.rows.get(stream.name, [])
        if self.family is not None:
            key = self.family.asked_for(path, _params(request))
            if key is not None:
                return stream, spec, self.family.below(key, rows)
        self._first_list = self._first_list or path
        return stream, spec, rows if path == self._first_list else []

    def page(
        self, stream: Stream, spec: StreamSpec | Deletes, rows: list[Row], request: httpx.Request
    ) -> httpx.Response:
        """Return one page of what was asked for; a subclass may answer in another way."""
        asked = _params(request)
        found = self._chosen(spec, rows, asked)
        kind = spec.pages
        size = min(int(asked.get(*kind.size)), kind.size[1]) if kind.size else PAGE_ROWS
        start = _start(kind, asked, size, found)
        shown = found[start : start + size] if not isinstance(kind, pages.Single) else found
        envelope = self.envelopes.get(stream.name) if isinstance(spec, StreamSpec) else None
        field = stream.spec.parent_field
        sent = [self.sent({k: v for k, v in row.items() if k != field}) for row in shown]
        body, headers = _body(spec, sent, envelope)
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


def shortened(kind: pages.Pages) -> pages.Pages:
    """Return a kind of pages with few rows in each, so that three of them are read quickly."""
    if kind.size is None:
        return kind
    return kind.model_copy(update={"size": (kind.size[0], min(kind.size[1], PAGE_ROWS))})


def _walks_by_size(kind: pages.Pages) -> bool:
    """Return whether the one who asks counts on pages of the size it asked for."""
    return isinstance(kind, pages.Offset) and kind.step == "size"


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


def _body(
    spec: StreamSpec | Deletes, shown: list[Row], envelope: Any
) -> tuple[Any, dict[str, str]]:
    each = steps_of(spec.each) if isinstance(spec, StreamSpec) else ()
    items = [wrapped(each, row) for row in shown]
    first, *others = spec.items
    if not first:
        return items, {}
    body: Row = deepcopy(envelope) if isinstance(envelope, dict) else {}
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
