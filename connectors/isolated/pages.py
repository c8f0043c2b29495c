"""Turns the lines of a source in another process back into its pages, end and errors."""

from collections.abc import Generator, Iterator
from dataclasses import dataclass, field

from connectors.sdk.errors import (
    AuthError,
    ConnectionBrokenError,
    ConnectorError,
    RetryableError,
    SourceContractError,
)
from connectors.sdk.isolation.masking import Mask
from connectors.sdk.isolation.messages import (
    Complete,
    Delete,
    Error,
    Known,
    Progress,
    Refused,
    read_message,
)
from connectors.sdk.isolation.messages import Record as RecordLine
from connectors.sdk.listing import PAGE_BYTES, PAGE_RECORDS
from connectors.sdk.record import End, Page, Record, Rejected

_LIMIT = 4
"""A source may send larger pages than our own; beyond so many times they are cut, for memory."""


@dataclass(slots=True)
class _Gathered:
    label: str
    max_record_bytes: int
    records: list[Record] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    size: int = 0

    def reject(self, number: int, line: bytes, reason: str, key: str | None = None) -> None:
        raw = line.decode("utf-8", "backslashreplace")
        self.rejected.append(Rejected(raw, reason, f"{self.label} line {number}", key))

    def take(self, number: int, line: bytes, message: Known | None) -> None:
        self.size += len(line)
        match message:
            case RecordLine(key=None):
                self.reject(number, line, "a record without a key")
            case RecordLine(key=str(key)) if len(line) > self.max_record_bytes:
                reason = f"larger than {self.max_record_bytes} bytes (max_record_bytes)"
                self.reject(number, line, reason, key)
            case RecordLine(key=str(key)):
                self.records.append(Record(key, message.record, message.cursor))
            case Delete():
                self.records.append(Record(message.key, message.record, message.cursor, True))
            case Refused():
                said = Rejected(message.raw, message.reason, message.where, message.key)
                self.rejected.append(said)
            case None:
                pass
            case _:
                self.reject(number, line, f"{type(message).__name__} was not expected here")

    def full(self) -> bool:
        rows = len(self.records) + len(self.rejected)
        return rows >= _LIMIT * PAGE_RECORDS or self.size >= _LIMIT * PAGE_BYTES

    def page(self, cursor: str | None, partition: str = "") -> Page:
        page = Page(self.records, self.rejected, cursor, partition)
        self.records, self.rejected, self.size = [], [], 0
        return page


def pages(
    lines: Iterator[bytes], label: str, mask: Mask, max_record_bytes: int
) -> Generator[Page | End, None, None]:
    """Yield the source's pages and end; raise its error as the class it names.

    A page ends with its PROGRESS; one that grows too large is cut, as no position to go on from. A
    listing in which a line could not be read as a message is never complete.
    """
    gathered, unread = _Gathered(label, max_record_bytes), 0
    for number, line in enumerate(lines, start=1):
        try:
            message = read_message(line)
        except ValueError as error:
            gathered.reject(number, line, f"no message: {error}")
            unread += 1
            continue
        match message:
            case Error():
                raise failure(message, label, mask)
            case Progress():
                yield gathered.page(message.cursor, message.partition)
            case Complete():
                if gathered.records or gathered.rejected:
                    yield gathered.page(None)
                yield _end(message, unread)
            case _:
                gathered.take(number, line, message)
                if gathered.full():
                    yield gathered.page(None)


def _end(message: Complete, unread: int) -> End:
    if unread:
        note = f"lines that could not be read: {unread}; nothing is taken as deleted"
        return End(complete=False, cursor=message.cursor, note=note)
    return End(
        message.complete,
        message.total,
        message.cursor,
        message.note,
        dict(message.positions),
        message.shifting,
    )


def failure(message: Error, label: str, mask: Mask) -> ConnectorError:
    """Return the error a source reports."""
    text = f"{label}: {mask(message.message)}"
    match message.kind:
        case "transient":
            return RetryableError(text, retry_after_s=message.retry_after_s)
        case "auth":
            return AuthError(text)
        case "broken":
            return ConnectionBrokenError(text)
        case "contract":
            return SourceContractError(text)
        case "bug":
            return ConnectorError(text)
