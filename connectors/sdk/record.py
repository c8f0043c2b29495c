"""What a source hands over: records as sent, pages of them, and a stated end."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

NAME = re.compile(r"[a-z0-9][a-z0-9_.-]*")
"""How connections, streams and parts may be called."""


@dataclass(frozen=True, slots=True, order=True)
class RecordKey:
    """Names one object of one source."""

    connection: str
    stream: str
    key: str

    def ref(self, part: str = "") -> str:
        """Return `connection:stream:key`, with `#part` for one part of a list expansion."""
        key = self.key.replace("%", "%25").replace("#", "%23")
        text = f"{self.connection}:{self.stream}:{key}"
        return f"{text}#{part}" if part else text


def parse_ref(text: str) -> tuple[RecordKey, str]:
    """Return the record key and the part ("" for the record itself) of a ref.

    Raises ValueError where the text is not a ref.
    """
    connection, _, rest = text.partition(":")
    stream, _, rest = rest.partition(":")
    key, _, part = rest.partition("#")
    if not (NAME.fullmatch(connection) and NAME.fullmatch(stream) and key):
        raise ValueError(f"{text!r} is not a record ref: expected connection:stream:key")
    return RecordKey(connection, stream, key.replace("%23", "#").replace("%25", "%")), part


class Record(
    msgspec.Struct, frozen=True
):  # there is one a row: a dataclass takes ten times as long
    """One object exactly as sent.

    data: JSON values only. cursor: the record's own position in its stream, where it has one.
    deleted: the source says that the object is gone; `data` may then be empty. volatile: fields
    whose change alone makes no new version.
    """

    key: str
    data: dict[str, Any]
    cursor: str | None = None
    deleted: bool = False
    volatile: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejected:
    """Input that is no record, kept whole for quarantine; where: e.g. `accounts.csv line 17`.

    key: set where it could be read for certain: the record of that key still exists in the
    source, and what the hub knows of it must stay alive.
    """

    raw: str
    reason: str
    where: str
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """What names a page to whoever stores it, so that it is known when it comes again.

    digest: of its bytes and of how they are read. cursors: texts that place it in its listing.
    """

    digest: bytes
    cursors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Recalled:
    """A page that came before, byte for byte, and whose records still stand as it held them.

    ids: of the records where they are stored, in the order of `keys`.
    """

    keys: Sequence[str]
    ids: Sequence[int]
    cursors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """Records that are committed together.

    cursor: a position that is safe to continue from once this page is stored; None while the
    order seen so far does not allow one; "" is the beginning. partition: which of the stream's
    positions that is. drift: how records differ from what the source declares, by field. mark: by
    what to know the page when it comes again. recalled: it is known, and has no records of its own.
    """

    records: Sequence[Record]
    rejected: Sequence[Rejected] = ()
    cursor: str | None = None
    partition: str = ""
    drift: Mapping[str, str] = field(default_factory=dict)
    mark: Mark | None = None
    recalled: Recalled | None = None


@dataclass(frozen=True, slots=True)
class End:
    """The stated end of a read; a stream that stops without one has failed.

    complete: this was a full, clean listing, so that a key that came neither as a record nor as
    the key of a `Rejected` is gone from the source.
    total: how many rows the source listed, records and rejected ones together; repeats of the
    same record are not counted.
    cursor: the position to continue from. note: why a listing is not complete, in words.
    positions: further positions to continue from, by partition.
    shifting: rows may have changed places unnoticed while they were listed, so that one passed over
    looks gone: it is gone where a second listing lacks it, too.
    """

    complete: bool
    total: int | None = None
    cursor: str | None = None
    note: str = ""
    positions: Mapping[str, str] = field(default_factory=dict)
    shifting: bool = False
