"""Turns the rows of answers into records: keys, cursors, tombstones, what to keep, what differs."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import chain, repeat
from operator import itemgetter
from typing import Any

import msgspec

from connectors.sdk.cursors import CursorReader, Value, raw_text, reader_of, stored_text
from connectors.sdk.errors import RecordRejectedError
from connectors.sdk.keeping import Kept
from connectors.sdk.listing import key_of, plain_keys
from connectors.sdk.model import Model, differences, known_fields
from connectors.sdk.paths import MISSING, Steps, steps_of, value_at
from connectors.sdk.record import Record, Rejected
from connectors.sdk.streams import Deletes, Stream

_encode = msgspec.json.Encoder().encode

MOST_SHAPES = 10_000
"""Names and types of fields that came already need no second look; beyond so many they get one."""


@dataclass(slots=True)
class Batch:
    """The rows of one answer as records. cursors: of each record, beside it."""

    records: list[Record] = field(default_factory=list)
    cursors: list[Value | None] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    unkeyed: int = 0
    drift: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RowReader:
    """Reads the rows of one stream. watch: whether to note how they differ from the model.

    cursor_as: how a cursor is written there, as its declaration says it.
    """

    stream: str
    model: type[Model]
    key: tuple[str, ...]
    each: Steps
    cursor_path: Steps | None
    cursor: CursorReader | None
    tombstone: Steps | None
    nulls: frozenset[Any]
    volatile: tuple[str, ...]
    kept: Kept
    max_record_bytes: int
    cursor_as: str = ""
    reads: Callable[[Any], Any] | None = None
    watch: bool = True
    known: dict[str, str] = field(default_factory=dict)
    shapes: set[tuple[Any, ...]] = field(default_factory=set)
    columns: dict[tuple[Any, ...], list[set[type]]] = field(default_factory=dict)

    def batch(
        self, rows: Sequence[Any], *, where: str, size: int, prefix: Mapping[str, Any]
    ) -> Batch:
        """Return the records in `rows`; what is none is rejected, whole.

        size: of the whole answer in bytes, so that small ones need not be measured row by row.
        prefix: fields that are added to each row, as the key of its parent.
        """
        measure = size > self.max_record_bytes
        if not (measure or prefix) and (plain := self._plain(rows)) is not None:
            return plain
        found = Batch()
        seen: dict[str, Any] = {}
        for number, row in enumerate(rows, 1):
            item = value_at(row, self.each) if self.each else row
            if self.reads is not None:
                item = self.reads(item)
            if prefix and isinstance(item, dict):
                item = {**item, **prefix}
            key = None
            try:
                key = self._key(item)
                if seen.setdefault(key, item) is not item:
                    if seen[key] == item:
                        continue
                    raise RecordRejectedError(f"duplicate key {key!r} with other content")
                if measure and len(_encode(item)) > self.max_record_bytes:
                    raise RecordRejectedError(f"larger than {self.max_record_bytes} bytes")
                value, text = self._cursor(item)
            except RecordRejectedError as error:
                found.unkeyed += key is None
                found.rejected.append(_rejected(row, str(error), f"{where} item {number}", key))
                continue
            if self.watch:
                self._note(item if not prefix else self._own(item, prefix), found.drift)
            gone = self.tombstone is not None and self._is_set(value_at(item, self.tombstone))
            data = self.kept.of(item)
            found.records.append(Record(key, data, text, gone, self.volatile))
            found.cursors.append(value)
        return found

    def _plain(self, rows: Sequence[Any]) -> Batch | None:
        """Return the records where every row is a good one at first sight, read as columns.

        None where one is not, or where the declaration asks for more: row by row is the law, this
        is its short form.
        """
        if self.each or self.reads is not None or self.tombstone is not None or not rows:
            return None
        keys = plain_keys(rows, self.key[0]) if self._key_is_plain else None
        cursors = self._plain_cursors(rows)
        if keys is None or cursors is None:
            return None
        found = Batch()
        if self.watch:
            self._watch(rows, found.drift)
        texts, found.cursors = cursors
        kept = rows if self.kept.all else map(self.kept.of, rows)
        found.records = list(map(Record, keys, kept, texts, repeat(False), repeat(self.volatile)))
        return found

    @property
    def _key_is_plain(self) -> bool:
        return len(self.key) == 1 and not _is_deep(self.key)

    def _plain_cursors(
        self, rows: Sequence[Any]
    ) -> tuple[Sequence[str | None], list[Value | None]] | None:
        """Return the cursors of rows as texts and as values, None where one is not plain."""
        if self.cursor is None or self.cursor_path is None:
            return [None] * len(rows), [None] * len(rows)
        if not self.cursor_path:
            return None
        try:
            if len(self.cursor_path) > 1:
                raws = [value_at(row, self.cursor_path) for row in rows]
            else:
                raws = list(map(itemgetter(self.cursor_path[0]), rows))
        except KeyError:
            return None
        values = self.cursor.plain(raws)
        if values is None:
            return None
        return (raws if set(map(type, raws)) == {str} else list(map(raw_text, raws))), values

    def one(self, item: Any, *, where: str, size: int) -> Batch:
        """Return the record that stands alone in an answer, without what wraps those of a list."""
        return replace(self, each=()).batch([item], where=where, size=size, prefix={})

    def whole(self) -> "RowReader":
        """Return a reader of the same rows that keeps every field and notes nothing."""
        return replace(self, kept=Kept(None), watch=False)

    def for_deletes(self, deletes: Deletes) -> "RowReader":
        """Return the reader of the rows that name what was deleted."""
        cursor = deletes.cursor
        return replace(
            self,
            model=Model,
            key=deletes.key,
            each=(),
            reads=None,
            cursor_path=steps_of(cursor.path) if cursor else None,
            cursor=reader_of(cursor, None, nullable=True, nulls=self.nulls) if cursor else None,
            tombstone=None,
            kept=Kept([]),
            watch=False,
        )

    def again(self, raw: str) -> Record | None:
        """Return the record in a rejected row's raw text, None where it still is none."""
        try:
            row = msgspec.json.decode(raw)
        except msgspec.DecodeError:
            return None
        found = self.batch([row], where="", size=len(raw) * 4, prefix={})
        return found.records[0] if found.records else None

    def _key(self, item: Any) -> str:
        if not isinstance(item, dict):
            raise RecordRejectedError("it is no object")
        if _is_deep(self.key):
            flat = {path: value_at(item, steps_of(path)) for path in self.key}
            return key_of({k: v for k, v in flat.items() if v is not MISSING}, self.key)
        return key_of(item, self.key)

    def _cursor(self, item: dict[str, Any]) -> tuple[Value | None, str | None]:
        if self.cursor is None or self.cursor_path is None:
            return None, None
        raw = value_at(item, self.cursor_path)
        value = self.cursor.read(raw)
        if not self.cursor_path:  # read from the whole record, which is no text to keep beside it
            return value, None if value is None else stored_text(value)
        return value, raw_text(raw)

    def _is_set(self, value: Any) -> bool:
        if isinstance(value, dict | list):
            return bool(value)
        return value not in (None, MISSING, False, 0, "") and value not in self.nulls

    def _own(self, item: dict[str, Any], prefix: Mapping[str, Any]) -> dict[str, Any]:
        """Return a row without what was added to it, unless the model knows of that."""
        known = known_fields(self.model)
        return {k: v for k, v in item.items() if k not in prefix or k in known}

    def _watch(self, rows: Sequence[dict[str, Any]], drift: dict[str, str]) -> None:
        """Note how rows differ from the model.

        What a row shows, each of its fields shows by the type that stands in it. So rows of the
        same fields are looked at by column: nothing is new where all types came before.
        """
        names, kinds = tuple(rows[0]), list[set[type]]()
        if list(chain.from_iterable(rows)) == [*names] * len(rows):
            kinds = [set(map(type, column)) for column in zip(*map(dict.values, rows), strict=True)]
            known = self.columns.get(names)
            if known is not None and all(map(set.issubset, kinds, known)):
                return
        for row in {(*row, *map(type, row.values())): row for row in rows}.values():
            self._note(row, drift)
        if kinds and len(self.columns) < MOST_SHAPES:
            known = self.columns.setdefault(names, kinds)
            for one, came in zip(known, kinds, strict=True):
                one |= came

    def _note(self, item: dict[str, Any], drift: dict[str, str]) -> None:
        """Note each difference of a field once, however many records show it."""
        shape = (*item, *map(type, item.values()))
        if shape in self.shapes:
            return
        if len(self.shapes) < MOST_SHAPES:
            self.shapes.add(shape)
        for name, text in differences(self.model, item).items():
            if self.known.get(name) != text:
                self.known[name] = drift[name] = text


@cache
def _is_deep(key: tuple[str, ...]) -> bool:
    """Return whether a key stands inside other objects."""
    return any("." in path or "[" in path for path in key)


def rows_in(body: Any, paths: Iterable[Steps]) -> list[Any] | None:
    """Return the rows of an answer, of all its lists; None where one is missing or no list."""
    found: list[Any] = []
    lists = [value_at(body, path) for path in paths]
    if any(not isinstance(one, list) for one in lists):
        return None
    if len(lists) == 1:
        return list(lists[0]) if not isinstance(lists[0], list) else lists[0]
    for one in lists:
        found.extend(one)
    return found


def _rejected(row: Any, reason: str, where: str, key: str | None) -> Rejected:
    return Rejected(_encode(row).decode(), reason, where, key)


def names_of(stream: Stream) -> tuple[str, ...]:
    """Return the paths a record cannot be read without: key, cursor, tombstone."""
    spec = stream.spec
    paths = [*spec.key, spec.cursor.path if spec.cursor else "", spec.tombstone or ""]
    return tuple(path for path in paths if path)
