"""Reads declared streams: what changed, what is gone, and where to go on from."""

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol
from urllib.parse import quote

from connectors.sdk.answers import Endpoint, Listed, Lister
from connectors.sdk.client import Client
from connectors.sdk.contract import Memory
from connectors.sdk.cursors import Value, earlier, stored_text
from connectors.sdk.errors import NotThereError
from connectors.sdk.pages import Number, Offset
from connectors.sdk.paths import steps_of, value_at
from connectors.sdk.positions import (
    BACKFILL,
    DELETED,
    FULL,
    SKEW,
    Position,
    minding,
    not_below,
)
from connectors.sdk.recall import Recaller, mark_of, recaller
from connectors.sdk.record import End, Page, Recalled, Record
from connectors.sdk.rows import Batch, RowReader
from connectors.sdk.seen import SeenKeys
from connectors.sdk.streams import StreamSpec
from connectors.sdk.walking import Walk

BEGINNING = "beginning"
"""Stands for the position of a backfill that has not moved yet: an empty one would be none."""


@dataclass(slots=True)
class Listing:
    """One listing of an endpoint from a position on; may be read once.

    complete: after the end, whether it held all there is; note: why it did not.
    """

    client: Client
    rows: RowReader
    spec: StreamSpec
    endpoint: Endpoint
    start: Value | None
    whole: bool
    zone: str | None = None
    prefix: Mapping[str, Any] = field(default_factory=dict)
    complete: bool = False
    note: str = ""
    total: int | None = None
    cursor: str | None = None
    _position: Position | None = None
    _edge: dict[str, Value] = field(default_factory=dict)
    _asked: Value | None = None
    _listed: int = 0
    _unkeyed: int = 0
    _distinct: int = 0
    _ignored: bool = False
    _moved: bool = False
    _answers: int = 0
    _seen: SeenKeys = field(default_factory=SeenKeys)
    recaller: Recaller | None = None

    def pages(self) -> Iterator[Page]:
        """Yield the pages to store, each with the position it allows."""
        known = self.recaller if self.whole and not self.prefix and not self._walks() else None
        lister = Lister(self.client, self.endpoint, known.recall if known else None)
        self._asked = None if self.whole or self.start is None else self._asked_from(self.start)
        if self._walks():
            yield from self._walked(lister)
        else:
            yield from self._paged(lister)
        if self._position is not None:
            self._finish(self._position)

    @property
    def shifting(self) -> bool:
        """Return whether a row deleted meanwhile may have moved another past the reader unseen.

        Rows move up behind it. A total tells; one answer holds all at once; links and tokens are
        the server's affair.
        """
        counted = isinstance(self.endpoint.pages, Number | Offset)
        return counted and self.total is None and self._answers > 1

    def _walks(self) -> bool:
        spec = self.spec
        counted = isinstance(self.endpoint.pages, Number | Offset)
        return counted and spec.ordered and spec.since is not None and self.rows.cursor is not None

    def _paged(self, lister: Lister) -> Iterator[Page]:
        for listed in lister.pages(self._params(self._asked)):
            yield self._page(listed)
            total = lister.total(listed)
            self._moved |= self.total is not None and total != self.total
            self.total = total

    def _walked(self, lister: Lister) -> Iterator[Page]:
        """Yield the pages by cursor; by number from the start again where the order is none."""
        paging = self.endpoint.pages
        assert isinstance(paging, Number | Offset)
        walk = Walk(lister, paging, self._params, self._asked, self._top)
        for listed in walk.answers():
            yield self._page(listed)
            if not self._place().ordered:
                break
        self.total = walk.total
        if self._place().ordered and walk.confirmed(self._distinct):
            return
        back = self._place().give_up_order()
        if back is not None:
            yield Page((), cursor=back)
        self._edge, self.total = {}, None
        yield from self._paged(lister)

    def _top(self) -> Value | None:
        return self._place().top

    def _asked_from(self, start: Value) -> Value:
        return earlier(start, self.spec.lookback) if self.spec.lookback else start

    def _params(self, since: Value | None) -> dict[str, Any]:
        return self.spec.since.params(since, self.zone) if self.spec.since else {}

    def _place(self) -> Position:
        """Return the position; it begins by the server's clock, which the first answer tells."""
        if self._position is None:
            began_at = self.client.server_time or self.client.now()
            self._position = Position(self.start, began_at, self.spec.ordered)
        return self._position

    def _page(self, listed: Listed) -> Page:
        position = self._place()
        self._answers += 1
        if listed.recalled is not None:
            return self._recalled(listed.recalled, position)
        batch = self.rows.batch(listed.rows, where=listed.url, size=listed.size, prefix=self.prefix)
        self._drop_edge(batch)
        self._mind_filter(batch, position)
        cursor = position.page(batch.cursors) if self.rows.cursor else None
        self._listed += len(batch.records) + len(batch.rejected)
        self._unkeyed += batch.unkeyed
        self._count([record.key for record in batch.records])
        self._distinct += len(batch.rejected)
        mark = mark_of(listed, batch)
        return Page(batch.records, batch.rejected, cursor, drift=batch.drift, mark=mark)

    def _recalled(self, page: Recalled, position: Position) -> Page:
        """Take in a page that is known by its bytes: what it moves and counts, as ever."""
        reader = self.rows.cursor
        cursors = [reader.stored(text) for text in page.cursors] if reader else []
        self._listed += len(page.keys)
        self._count(page.keys)
        return Page((), cursor=position.page(cursors) if reader else None, recalled=page)

    def _count(self, keys: Sequence[str]) -> None:
        self._distinct += self._seen.new_among(array("q", map(hash, keys)))

    def _drop_edge(self, batch: Batch) -> None:
        """Drop what the page before held already: a walk asks from its last row on, inclusive."""
        if not self._walks():
            return
        came = list(zip(batch.records, batch.cursors, strict=True))
        new = [(r, at) for r, at in came if at is None or self._edge.get(r.key) != at]
        self._edge = {record.key: at for record, at in came if at is not None}
        batch.records, batch.cursors = [r for r, _ in new], [at for _, at in new]

    def _mind_filter(self, batch: Batch, position: Position) -> None:
        """Notice rows the filter should have left out: it is ignored, or read in another zone."""
        since = self.spec.since
        if self._asked is None or since is None or self._ignored:
            return
        bound = earlier(self._asked, since.slack)
        if any(value is not None and not not_below(value, bound) for value in batch.cursors):
            self._ignored = True
            position.ordered = False
            batch.drift[f"({since.param})"] = (
                "the source sends older rows than this filter asks for: it is ignored, or read in "
                "another time zone; every run reads what it sends"
            )

    def _finish(self, position: Position) -> None:
        """Take the stated end in: how far the position may move, and whether all was seen."""
        self.cursor = position.end() if self.rows.cursor else None
        self.complete = self.whole and self.spec.complete
        if self._unkeyed:
            self.complete = False
            self.note = f"rows without a readable key: {self._unkeyed}; nothing is taken as deleted"
        elif self._moved or (self.total is not None and self._distinct < self.total):
            self.complete = False
            self.note = (
                f"{self._distinct} of {self.total} records were seen, and the listing shifted "
                "while it was read; nothing is taken as deleted"
            )


class AnyStream(Protocol):
    """A stream of one connection, whichever way its pages come."""

    @property
    def spec(self) -> StreamSpec:
        """What is declared of it."""

    @property
    def client(self) -> Client:
        """Who asks for it."""

    @property
    def rows(self) -> RowReader:
        """Who reads its rows."""


@dataclass(frozen=True, slots=True)
class DeclaredStream:
    """A declared stream of one connection, as the hub reads it."""

    name: str
    spec: StreamSpec
    client: Client
    rows: RowReader
    endpoint: Endpoint
    zone: str | None = None

    def read(self, since: str | None) -> Iterator[Page | End]:
        """Yield the pages from `since` on, then the stated end."""
        return self.read_from({} if since is None else {"": since})

    def read_from(self, positions: Mapping[str, str]) -> Iterator[Page | End]:
        """Yield what was deleted, then what changed, then the stated end."""
        return self.read_recalling(positions, None)

    def read_recalling(
        self, positions: Mapping[str, str], memory: Memory | None
    ) -> Iterator[Page | End]:
        """Read as `read_from` does, knowing pages again that the memory recalls."""
        first, positions = minding(self.rows.kept.digest, positions)
        yield from first
        further: dict[str, str] = {}
        yield from deletions(self, positions, further)
        if self._is_filling(positions):
            yield from self._beside(positions, further)
            return
        start = self.rows.cursor.stored(positions.get("")) if self.rows.cursor else None
        now = self.client.now()
        whole = self.spec.since is None or start is None or full_is_due(self.spec, positions, now)
        listing = Listing(
            self.client, self.rows, self.spec, self.endpoint, start, whole=whole, zone=self.zone
        )
        listing.recaller = recaller(self.rows, memory)
        yield from listing.pages()
        if listing.complete or (not whole and FULL not in positions):
            further[FULL] = stored_text(now)
        yield End(
            listing.complete,
            listing.total if listing.complete else None,
            listing.cursor,
            listing.note,
            further,
            shifting=listing.shifting,
        )

    def _is_filling(self, positions: Mapping[str, str]) -> bool:
        cursor, spec = self.rows.cursor, self.spec
        if spec.backfill is None or spec.since is None or cursor is None or cursor.kind != "moment":
            return False
        return BACKFILL in positions or not positions.get("")

    def _beside(
        self, positions: Mapping[str, str], further: dict[str, str]
    ) -> Iterator[Page | End]:
        """Yield what changed since the last run, a slice of what was there before, and the end.

        Changes are read from where the very first answer was given. The slice comes behind them
        and reads records as they are now, so that neither puts an older one over a newer.
        """
        assert self.rows.cursor is not None
        start = self.rows.cursor.stored(positions.get(""))
        live = self._listing(start)
        if start is not None:
            yield from live.pages()
        cursor = live.cursor
        at = positions.get(BACKFILL, BEGINNING)
        behind = self._listing(None if at == BEGINNING else self.rows.cursor.stored(at))
        left, begun = self.spec.backfill or 0, start is not None
        for page in behind.pages():
            if not begun:  # the mark goes first: a position without it would pass for a whole read
                begun = True
                yield Page((), cursor=BEGINNING, partition=BACKFILL)
                yield Page((), cursor=stored_text(self._server_now() - SKEW))
            moved = None if page.cursor is None else page.cursor or BEGINNING
            yield replace(page, cursor=moved, partition=BACKFILL)
            left -= 1
            if left <= 0 and page.cursor and page.records:
                note = "the first read goes on: changes are read as they come"
                break
        else:
            note, further[BACKFILL] = "", ""
            further[FULL] = stored_text(self.client.now())
            # All up to here has been read: what comes late, with a time of then, is still seen.
            cursor = behind.cursor or (cursor if at == BEGINNING else at)
        yield End(False, None, cursor, note, further)

    def _listing(self, start: Value | None) -> Listing:
        return Listing(
            self.client, self.rows, self.spec, self.endpoint, start, whole=False, zone=self.zone
        )

    def _server_now(self) -> datetime:
        return self.client.server_time or self.client.now()

    def position_at(self, instant: datetime) -> str | None:
        """Return the position from which is read what changed since an instant, None for none."""
        cursor = self.rows.cursor
        by_time = cursor is not None and cursor.kind == "moment" and self.spec.since is not None
        return stored_text(instant) if by_time else None

    def replayed(self, raw: str) -> Record | None:
        """Return the record in what was rejected before, None where it still is none."""
        return self.rows.again(raw)

    @property
    def can_look_up(self) -> bool:
        """Return whether the declaration says where one record is."""
        return self.spec.item is not None

    def look_up(self, key: str) -> Page:
        """Return the record under a key as the source has it now, deleted where it has none.

        An answer that holds another record, as of one that was merged, says nothing.
        """
        assert self.spec.item is not None
        try:
            answer = self.client.get(self.spec.item.replace("{key}", quote(key, safe="")))
        except NotThereError:
            return Page([Record(key, {}, deleted=True)])
        found = value_at(answer.json(), steps_of(self.spec.item_at))
        batch = self.rows.one(found, where=answer.url, size=len(answer.content))
        records = [record for record in batch.records if record.key == key]
        return Page(records, batch.rejected, drift=batch.drift)


def deletions(
    stream: AnyStream, positions: Mapping[str, str], further: dict[str, str]
) -> Iterator[Page]:
    """Yield the deletions that a source lists; how far they have come goes into `further`."""
    deletes = stream.spec.deletes
    if deletes is None:
        return
    spec = StreamSpec(
        name=stream.spec.name,
        path=deletes.path,
        key=deletes.key,
        cursor=deletes.cursor,
        since=deletes.since,
        complete=False,
    )
    endpoint = Endpoint(deletes.path, deletes.pages, deletes.items, deletes.params)
    rows = stream.rows.for_deletes(deletes)
    start = rows.cursor.stored(positions.get(DELETED)) if rows.cursor else None
    listing = Listing(stream.client, rows, spec, endpoint, start, whole=start is None)
    for page in listing.pages():
        gone = [Record(record.key, {}, record.cursor, deleted=True) for record in page.records]
        yield Page(gone, page.rejected)
    if listing.cursor is not None:
        further[DELETED] = listing.cursor


def full_is_due(spec: StreamSpec, positions: Mapping[str, str], now: datetime) -> bool:
    """Return whether to list everything again.

    A position without a whole listing before it is that of a first run which broke off: it goes on
    from there, and the time until the next whole listing begins with its end.
    """
    last = positions.get(FULL)
    if spec.full_every is None or last is None:
        return False
    return now - datetime.fromisoformat(last) >= spec.full_every
