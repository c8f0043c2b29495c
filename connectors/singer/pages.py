"""Turns a tap's lines into pages: a page ends where its state allows to go on from."""

from collections.abc import Generator, Iterator
from dataclasses import dataclass, field

import msgspec

from connectors.sdk.errors import (
    ConnectionBrokenError,
    ConnectorError,
    RecordRejectedError,
    SourceContractError,
)
from connectors.sdk.isolation.messages import Activate, Schema, State, read_message
from connectors.sdk.isolation.messages import Record as RecordLine
from connectors.sdk.listing import PAGE_BYTES, PAGE_RECORDS, key_of
from connectors.sdk.record import End, Page, Record, Rejected

MAX_STATE_BYTES = 1024 * 1024
"""A tap's state is one value; one that grows with the data would be written with every page."""

DELETED_AT = "_sdc_deleted_at"
"""The field by which taps that follow a database's log state that a row is gone."""


@dataclass(frozen=True, slots=True)
class TapStream:
    """What is read: names: how the tap may call the stream; key: given, or None for the tap's."""

    label: str
    names: frozenset[str]
    key: tuple[str, ...] | None
    max_record_bytes: int


def pages(lines: Iterator[bytes], stream: TapStream) -> Generator[Page | End, None, None]:
    """Yield pages of at most 1,000 records or some 8 MiB, and an end that is never complete.

    Where the tap fails, what its last state covers is yielded before the error is raised.
    """
    gathered = _Gathered(stream)
    try:
        for number, line in enumerate(lines, start=1):
            gathered.take(number, line)
            if gathered.full():
                yield gathered.page()
    except ConnectorError:
        if gathered.covered:
            yield gathered.page()
        raise
    while gathered.records or gathered.rejected:
        yield gathered.page()
    note = "a tap never says that it listed everything: nothing is taken as deleted"
    yield End(complete=False, cursor=gathered.state, note=note)


@dataclass(slots=True)
class _Gathered:
    stream: TapStream
    key: tuple[str, ...] | None = None
    records: list[Record] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    size: int = 0
    state: str | None = None
    covered: tuple[int, int, int] | None = None
    """How many records, rejected and bytes of this page stand before its last state."""

    def take(self, number: int, line: bytes) -> None:
        try:
            message = read_message(line)
        except ValueError as error:
            self._reject(number, line, f"no message of the Singer protocol: {error}", None)
            return
        match message:
            case RecordLine():
                if message.stream in self.stream.names:
                    self._record(number, line, message)
            case State():
                self._state(message)
            case Schema():
                if message.stream in self.stream.names:
                    self._schema(message)
            case Activate() | None:
                pass  # a table sent anew shows nothing of what is gone until it was sent whole
            case _:
                text = f"{type(message).__name__.upper()} is no message of the Singer protocol"
                self._reject(number, line, text, None)

    def _schema(self, message: Schema) -> None:
        key = self.stream.key or tuple(message.key_properties)
        if not key:
            raise ConnectionBrokenError(
                f"{self.stream.label}: the tap names no key; state `key` of the stream"
            )
        if self.key not in (None, key):
            raise SourceContractError(f"{self.stream.label}: the tap changed the stream's key")
        self.key = key

    def _record(self, number: int, line: bytes, message: RecordLine) -> None:
        columns = self.key or self.stream.key
        if columns is None:
            text = f"{self.stream.label}: a record came before the schema that names its key"
            raise SourceContractError(text)
        try:
            key = key_of(message.record, columns)
        except RecordRejectedError as error:
            self._reject(number, line, str(error), None)
            return
        if len(line) > self.stream.max_record_bytes:
            reason = f"larger than {self.stream.max_record_bytes} bytes (max_record_bytes)"
            self._reject(number, line, reason, key)
            return
        gone = message.record.get(DELETED_AT) is not None
        self.records.append(Record(key, message.record, deleted=gone))
        self.size += len(line)

    def _reject(self, number: int, line: bytes, reason: str, key: str | None) -> None:
        raw = line.decode("utf-8", "backslashreplace")
        self.rejected.append(Rejected(raw, reason, f"{self.stream.label} line {number}", key))
        self.size += len(line)

    def _state(self, message: State) -> None:
        if not message.value:
            return
        state = msgspec.json.encode(message.value)
        if len(state) > MAX_STATE_BYTES:
            text = f"{self.stream.label}: the tap's state has more than {MAX_STATE_BYTES} bytes"
            raise SourceContractError(text)
        self.state = state.decode()
        self.covered = (len(self.records), len(self.rejected), self.size)

    def full(self) -> bool:
        return len(self.records) + len(self.rejected) >= PAGE_RECORDS or self.size >= PAGE_BYTES

    def page(self) -> Page:
        """Return what has gathered up to the last state; without one all of it, as no position."""
        records, rejected, size = self.covered or (len(self.records), len(self.rejected), self.size)
        page = Page(
            self.records[:records],
            self.rejected[:rejected],
            self.state if self.covered else None,
        )
        self.records, self.rejected = self.records[records:], self.rejected[rejected:]
        self.size -= size
        self.covered = None
        return page
