"""Turns rows into pages: reads keys, sets aside what is no record, and says if all was seen."""

from array import array
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any, NamedTuple

import msgspec

from connectors.sdk.errors import RecordRejectedError
from connectors.sdk.options import MAX_RECORD_BYTES
from connectors.sdk.record import End, Page, Record, Rejected
from connectors.sdk.seen import SeenKeys

PAGE_RECORDS = 1_000
PAGE_BYTES = 8 * 1024 * 1024
MAX_KEY_CHARS = 512


class Row(NamedTuple):
    """One row as read: its place (line, item, row number), its values, and its text as sent."""

    place: int
    data: dict[str, Any]
    raw: str | bytes


class Fault(NamedTuple):
    """A row that could not be read; data only where all of its fields could be told apart."""

    place: int
    raw: str | bytes
    reason: str
    data: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows read in one go; where: what stands before a place, e.g. `accounts.csv line`."""

    where: str
    rows: Sequence[Row] = ()
    faults: Sequence[Fault] = ()


@dataclass(frozen=True, slots=True)
class ListingRules:
    """How rows become records.

    ordered: rows come in ascending order of the cursor, so that each page is a safe position.
    complete: rows are all there are in the source.
    """

    key: tuple[str, ...]
    cursor: str | None = None
    ordered: bool = False
    complete: bool = True
    max_record_bytes: int = MAX_RECORD_BYTES


def pages(batches: Iterator[Batch], rules: ListingRules) -> Generator[Page | End, None, None]:
    """Yield pages of at most 1,000 rows or some 8 MiB, then the end of the listing.

    Of two rows with one key the second is rejected, or passed over where it is the same.
    """
    listing = _Listing(rules)
    for batch in batches:
        for fault in batch.faults:
            listing.reject_fault(batch.where, fault)
        for row in batch.rows:
            listing.add(batch.where, row)
            if listing.full():
                yield listing.page()
    if listing.pending():
        yield listing.page()
    yield listing.end()


def key_of(data: dict[str, Any], columns: tuple[str, ...]) -> str:
    """Return the key in `data`; of several columns the values joined with `|`.

    A `|` inside such a value becomes `%7C`. Raises RecordRejectedError where one is unusable.
    """
    if len(columns) == 1:
        return _key_value(data, columns[0])
    return "|".join(_key_value(data, column).replace("|", "%7C") for column in columns)


def plain_keys(rows: Sequence[Any], column: str) -> list[str] | None:
    """Return the keys of rows as `key_of` does, None where a row needs its closer look.

    All in one go: most pages hold nothing but good rows, each with a key of its own.
    """
    try:
        keys = list(map(itemgetter(column), rows))
    except (KeyError, TypeError, IndexError):
        return None
    kinds = set(map(type, keys))
    if kinds == {int}:
        keys = list(map(str, keys))
    elif kinds != {str} or not all(keys) or any(map(str.isspace, keys)) or "\0" in "".join(keys):
        return None
    good = len(set(keys)) == len(keys) and max(map(len, keys)) <= MAX_KEY_CHARS
    return keys if good else None


def _key_value(data: dict[str, Any], column: str) -> str:
    value = data.get(column)
    if type(value) is not str:
        value = _key_text(data, column)
    if not value or value.isspace():
        raise RecordRejectedError(f"the key {column!r} is empty")
    if len(value) > MAX_KEY_CHARS:
        raise RecordRejectedError(f"the key {column!r} is longer than {MAX_KEY_CHARS} characters")
    if "\0" in value:
        raise RecordRejectedError(f"the key {column!r} holds a NUL character")
    return value


def _key_text(data: dict[str, Any], column: str) -> str:
    value = data.get(column)
    if value is None:
        if column in data:
            raise RecordRejectedError(f"the key {column!r} is null")
        there = ", ".join(sorted(data)[:20]) or "none"
        raise RecordRejectedError(f"the key {column!r} is missing (fields there: {there})")
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise RecordRejectedError(f"the key {column!r} is neither text nor a number")
    return str(value)


def cursor_text(value: object) -> str | None:
    """Return a cursor value as text that the same stream can read back."""
    if value is None or isinstance(value, str):
        return value or None
    return msgspec.json.encode(value).decode()


@dataclass(slots=True)
class _Listing:
    rules: ListingRules
    records: list[Record] = field(default_factory=list)
    rows: list[tuple[str, Row]] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    keys: "array[int]" = field(default_factory=lambda: array("q"))
    contents: "array[int]" = field(default_factory=lambda: array("q"))
    size: int = 0
    position: str | None = None
    total: int = 0
    unkeyed: int = 0
    seen: SeenKeys = field(default_factory=SeenKeys)

    def add(self, where: str, row: Row) -> None:
        rules = self.rules
        size = len(row.raw)
        self.size += size
        try:
            key = key_of(row.data, rules.key)
        except RecordRejectedError as error:
            self._reject(where, row.place, row.raw, str(error), None)
            return
        # A character takes at most four bytes, so that most text need not be counted in bytes.
        if size * 4 > rules.max_record_bytes and _bytes(row.raw) > rules.max_record_bytes:
            reason = f"larger than {rules.max_record_bytes} bytes (max_record_bytes)"
            self._reject(where, row.place, row.raw, reason, key)
            return
        cursor = None if rules.cursor is None else cursor_text(row.data.get(rules.cursor))
        self.records.append(Record(key, row.data, cursor))
        self.rows.append((where, row))
        self.keys.append(hash(key))
        self.contents.append(hash(row.raw))

    def reject_fault(self, where: str, fault: Fault) -> None:
        self.size += len(fault.raw)
        try:
            key = key_of(fault.data, self.rules.key) if fault.data else None
        except RecordRejectedError:
            key = None
        self._reject(where, fault.place, fault.raw, fault.reason, key)

    def _reject(
        self, where: str, place: int, raw: str | bytes, reason: str, key: str | None
    ) -> None:
        self.unkeyed += key is None
        self.rejected.append(Rejected(_text(raw), reason, f"{where} {place}", key))

    def full(self) -> bool:
        return (
            len(self.records) >= PAGE_RECORDS
            or self.size >= PAGE_BYTES
            or len(self.rejected) >= PAGE_RECORDS
        )

    def pending(self) -> bool:
        return bool(self.records or self.rejected)

    def page(self) -> Page:
        """Return what has gathered as a page, without the rows that repeat a key."""
        if self.rules.ordered:
            for record in self.records:
                self.position = record.cursor or self.position
        repeats = {repeat.position: repeat for repeat in self.seen.add(self.keys, self.contents)}
        for at, repeat in sorted(repeats.items()):
            if not repeat.same:
                where, row = self.rows[at]
                reason = f"duplicate key {self.records[at].key!r} with other content"
                self._reject(where, row.place, row.raw, reason, self.records[at].key)
        records = self.records
        if repeats:
            records = [record for at, record in enumerate(records) if at not in repeats]
        page = Page(records, self.rejected, self.position)
        self.total += len(records) + len(self.rejected)
        self.records, self.rows, self.rejected, self.size = [], [], [], 0
        self.keys, self.contents = array("q"), array("q")
        return page

    def end(self) -> End:
        note = ""
        if self.unkeyed:
            note = f"{self.unkeyed} rejected without a readable key: nothing is taken as deleted"
        complete = self.rules.complete and not self.unkeyed
        total = self.total if self.rules.complete else None
        return End(complete=complete, total=total, cursor=self.position, note=note)


def _bytes(raw: str | bytes) -> int:
    return len(raw) if isinstance(raw, bytes) else len(raw.encode("utf-8", "surrogateescape"))


def _text(raw: str | bytes) -> str:
    """Return what was sent as text; a byte that is no UTF-8 is kept as `\\xNN`."""
    if isinstance(raw, str):
        if raw.isascii():
            return raw
        raw = raw.encode("utf-8", "surrogateescape")
    return raw.decode("utf-8", "backslashreplace")
