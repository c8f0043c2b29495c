"""The lines a program writes: Singer's own, and those a source of the hub adds.

Singer knows SCHEMA, RECORD, STATE and ACTIVATE_VERSION. A source of the hub adds DELETE, REJECTED,
PROGRESS (a page ends here), COMPLETE (the stated end), STREAMS (what it has), TOKEN (a secret that
is stored before it is used, or asked for) and ERROR (with what the hub should do next).
"""

from collections.abc import Callable
from typing import Any, Literal

import msgspec

ErrorClass = Literal["auth", "broken", "transient", "contract", "bug"]


class Message(msgspec.Struct, tag_field="type", tag=str.upper, frozen=True):
    """One line; fields that are not named are passed over."""


class Schema(Message, frozen=True):
    """What a stream's records look like, and which fields name one."""

    stream: str
    key_properties: list[str] = []
    bookmark_properties: list[str] | None = None


class Record(Message, frozen=True):
    """One object; key and cursor are given by a source of the hub only."""

    stream: str
    record: dict[str, Any]
    key: str | None = None
    cursor: str | None = None


class State(Message, frozen=True):
    """A position that everything before it leads up to."""

    value: Any


class Activate(Message, tag="ACTIVATE_VERSION", frozen=True):
    """Singer's way to say that a whole table was sent; too often wrong to delete by."""

    stream: str
    version: int


class Delete(Message, frozen=True):
    """The source says that an object is gone."""

    stream: str
    key: str
    record: dict[str, Any] = {}
    cursor: str | None = None


class Refused(Message, tag="REJECTED", frozen=True):
    """Input that is no record."""

    stream: str
    raw: str
    reason: str
    where: str
    key: str | None = None


class Progress(Message, frozen=True):
    """A page ends here; cursor: where a later read may go on, None where it may not.

    partition: which of the stream's positions that is.
    """

    stream: str
    cursor: str | None = None
    partition: str = ""


class Complete(Message, frozen=True):
    """The stated end of a read."""

    stream: str
    complete: bool
    total: int | None = None
    cursor: str | None = None
    note: str = ""
    positions: dict[str, str] = {}
    shifting: bool = False


class Error(Message, frozen=True):
    """Why the program gives up."""

    kind: ErrorClass = msgspec.field(name="class")
    message: str
    retry_after_s: float | None = None


class Streams(Message, frozen=True):
    """Which streams a source has."""

    names: list[str]


class Token(Message, frozen=True):
    """Asks the hub's vault; each is answered by one line, `Answer`, before the program goes on.

    put: it is stored for good when the answer comes. hold: it comes once no other process holds the
    name; free gives it back. Whatever is held is given back when the program ends.
    """

    work: Literal["get", "put", "hold", "free"]
    name: str
    value: str | None = None


class Answer(msgspec.Struct, frozen=True):
    """What the hub says to a TOKEN. value: the secret that was asked for, None where none is."""

    value: str | None = None


class Request(msgspec.Struct, frozen=True):
    """What a program that serves a source is asked for, as the one line it gets."""

    work: Literal["check", "streams", "read"]
    source: str
    connection: str
    options: dict[str, Any]
    base_dir: str
    stream: str = ""
    since: str | None = None
    positions: dict[str, str] = {}
    vault: bool = False


Known = (
    Schema | Record | State | Activate | Delete | Refused | Progress | Complete | Error
    | Streams
)  # fmt: skip

KNOWN_TAGS = frozenset(str(one.__struct_config__.tag) for one in Known.__args__)

_decode: Callable[[bytes], Known] = msgspec.json.Decoder(Known).decode
_token: Callable[[bytes], Token] = msgspec.json.Decoder(Token).decode
_tag = msgspec.json.Decoder(dict[str, Any]).decode


def read_message(line: bytes) -> Known | None:
    """Return the message of a line; None for an empty line or a type that is not known.

    Raises ValueError, in words, where the line is no message.
    """
    if not line or line.isspace():
        return None
    try:
        return _decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        if _is_other_type(line):
            return None
        raise ValueError(str(error)) from error


def read_token(line: bytes) -> Token | None:
    """Return the TOKEN in a line, None for any other line.

    Raises ValueError, without a word of the line, where it is one that cannot be read.
    """
    if b'"TOKEN"' not in line:
        return None
    try:
        return _token(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        pass
    try:
        is_token = _tag(line).get("type") == "TOKEN"
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        is_token = True  # cut short, perhaps: what is in it must not be kept as a record's text
    if is_token:
        raise ValueError("a TOKEN that cannot be read")
    return None


def _is_other_type(line: bytes) -> bool:
    try:
        tag = _tag(line).get("type")
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return isinstance(tag, str) and tag not in KNOWN_TAGS


encode = msgspec.json.Encoder().encode
