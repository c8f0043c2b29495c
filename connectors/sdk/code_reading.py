"""Reads streams whose pages come from an author's code, and children parent by parent."""

from array import array
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from connectors.sdk.answers import Lister
from connectors.sdk.client import Client
from connectors.sdk.cursors import Value, earlier, stored_text
from connectors.sdk.errors import NotThereError, SourceContractError
from connectors.sdk.pages import Number, Offset
from connectors.sdk.positions import BACKFILL, DELETED, FULL, KEPT, Position, minding
from connectors.sdk.reading import DeclaredStream, deletions, full_is_due
from connectors.sdk.record import End, Page, Record
from connectors.sdk.rows import Batch, RowReader
from connectors.sdk.seen import SeenKeys
from connectors.sdk.streams import StreamSpec

MOST_GONE = 20
"""If so many parents are asked for their children and none is there, the path is wrong."""
TAKEN = frozenset({"", KEPT, FULL, DELETED, BACKFILL})
"""Partitions with a meaning of their own; a parent whose key is such a word has another name."""

Rows = Iterator[Sequence[Any]]
Fetched = list[Sequence[Any]] | NotThereError
"""All pages below one parent, or that it is gone."""


@dataclass(frozen=True, slots=True)
class Parents:
    """The records whose children are read, and what the author's code gets to see of each."""

    stream: DeclaredStream
    seen_as: Callable[[dict[str, Any]], Any]

    def each(self) -> Iterator[tuple[str, Any, bool]]:
        """Yield the key and the record of each living parent, once, and whether it is sure to come.

        It is not where parents are paged by number: one that goes meanwhile may hide another.
        """
        counted = isinstance(self.stream.spec.pages, Number | Offset)
        seen, whole = SeenKeys(), self.stream.rows.whole()
        lister = Lister(self.stream.client, self.stream.endpoint)
        for answers, listed in enumerate(lister.pages({}), 1):
            batch = whole.batch(listed.rows, where=listed.url, size=0, prefix={})
            keys = array("q", [hash(record.key) for record in batch.records])
            again = {repeat.position for repeat in seen.add(keys, keys)}
            for at, record in enumerate(batch.records):
                if at not in again and not record.deleted:
                    yield record.key, self.seen_as(record.data), not counted or answers == 1


@dataclass(frozen=True, slots=True)
class CodeStream:
    """A stream of one connection that is read by code, or below the records of its parent."""

    name: str
    spec: StreamSpec
    client: Client
    rows: RowReader
    rows_of: Callable[[str | None, Any, Value | None], Rows]
    parents: Parents | None = None

    def read(self, since: str | None) -> Iterator[Page | End]:
        """Yield the pages from `since` on, then the stated end."""
        return self.read_from({} if since is None else {"": since})

    def read_from(self, positions: Mapping[str, str]) -> Iterator[Page | End]:
        """Yield the pages, below each parent from that parent's own position on, then the end."""
        first, positions = minding(self.rows.kept.digest, positions)
        yield from first
        further: dict[str, str] = {}
        yield from deletions(self, positions, further)
        now = self.client.now()
        whole = full_is_due(self.spec, positions, now)
        state = _Reading(self, {} if whole else positions)
        yield from state.below_parents() if self.parents else state.alone()
        end = state.end()
        if end.complete or (not whole and FULL not in positions):
            further[FULL] = stored_text(now)
        yield replace(end, positions=further)

    def replayed(self, raw: str) -> Record | None:
        """Return the record in what was rejected before, None where it still is none."""
        return self.rows.again(raw)


class _Reading:
    """One read of a code stream."""

    def __init__(self, stream: CodeStream, positions: Mapping[str, str]) -> None:
        self._stream = stream
        self._positions = positions
        self._unkeyed = 0
        self._partial = False
        self._asked_parents = 0
        self._gone_parents = 0
        self._cursor: str | None = None
        self._shifting = False

    def alone(self) -> Iterator[Page]:
        """Yield the pages of a stream without parents; the position moves at the end."""
        since = self._since("")
        position = Position(since, self._now(), ordered=False)
        for number, rows in enumerate(self._stream.rows_of(None, None, self._asked(since))):
            self._shifting |= number > 0
            batch = self._batch(rows, {})
            position.page(batch.cursors)
            yield Page(batch.records, batch.rejected, drift=batch.drift)
        self._cursor = position.end() if self._stream.rows.cursor else None

    def below_parents(self) -> Iterator[Page]:
        """Yield the pages below each parent, asked for a few at once and stored in order."""
        parents = self._stream.parents
        assert parents is not None
        at_once = self._stream.client.surroundings.at_once
        if at_once == 1:
            for key, parent, sure in parents.each():
                self._shifting |= not sure
                yield from self._stored(key, self._fetch(key, parent))
            return
        with ThreadPoolExecutor(at_once, thread_name_prefix=self._stream.name) as pool:
            waiting: deque[tuple[str, Future[Fetched]]] = deque()
            try:
                for key, parent, sure in parents.each():
                    self._shifting |= not sure
                    waiting.append((key, pool.submit(self._fetch, key, parent)))
                    if len(waiting) >= 2 * at_once:
                        first, future = waiting.popleft()
                        yield from self._stored(first, future.result())
                while waiting:
                    first, future = waiting.popleft()
                    yield from self._stored(first, future.result())
            finally:
                for _, future in waiting:
                    future.cancel()

    def end(self) -> End:
        """Return the end, complete where every parent was asked for everything."""
        complete = self._stream.spec.complete and not self._partial and not self._unkeyed
        notes = []
        if self._unkeyed:
            notes.append(f"rows without a readable key: {self._unkeyed}")
        if self._gone_parents:
            complete = False
            notes.append(f"parents gone while their children were asked for: {self._gone_parents}")
        return End(complete, None, self._cursor, "; ".join(notes), shifting=self._shifting)

    def _fetch(self, key: str, parent: Any) -> Fetched:
        since = self._asked(self._since(partition_of(key)))
        try:
            return list(self._stream.rows_of(key, parent, since))
        except NotThereError as error:  # deleted since it was listed, or the path is wrong
            return error

    def _stored(self, key: str, found: Fetched) -> Iterator[Page]:
        self._asked_parents += 1
        if isinstance(found, NotThereError):
            self._gone_parents += 1
            if self._gone_parents == self._asked_parents >= MOST_GONE:
                raise found
            return
        field = self._stream.spec.parent_field
        position = Position(self._since(partition_of(key)), self._now(), ordered=False)
        pages = []
        self._shifting |= len(found) > 1  # how they are paged is the author's affair
        for rows in found:
            batch = self._batch(rows, {field: key} if field else {})
            position.page(batch.cursors)
            pages.append(Page(batch.records, batch.rejected, drift=batch.drift))
        at = position.end() if self._stream.rows.cursor else None
        yield from pages[:-1]
        if pages:
            yield replace(pages[-1], cursor=at, partition=partition_of(key))

    def _batch(self, rows: Sequence[Any], prefix: Mapping[str, Any]) -> Batch:
        if not isinstance(rows, list | tuple):
            kind = type(rows).__name__
            raise SourceContractError(
                f"stream {self._stream.name}: its code yields a {kind}; a page is a list of rows"
            )
        batch = self._stream.rows.batch(
            rows,
            where=f"stream {self._stream.name}",
            size=self._stream.rows.max_record_bytes + 1,
            prefix=prefix,
        )
        self._unkeyed += batch.unkeyed
        return batch

    def _since(self, partition: str) -> Value | None:
        cursor = self._stream.rows.cursor
        return None if cursor is None else cursor.stored(self._positions.get(partition))

    def _asked(self, since: Value | None) -> Value | None:
        if since is None:
            return None
        self._partial = True
        return earlier(since, self._stream.spec.lookback)

    def _now(self) -> Any:
        return self._stream.client.server_time or self._stream.client.now()


def partition_of(key: str) -> str:
    """Return the name of the position below a parent."""
    return f"/{key}" if key in TAKEN or key.startswith("/") else key


def child_path(path: str, key: str) -> str:
    """Return the path of a parent's children."""
    return path.replace("{key}", quote(key, safe=""))
