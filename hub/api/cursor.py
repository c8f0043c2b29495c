"""Page cursors: opaque to the caller, bound to one list and its filters, safe to tamper with."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from typing import TypeVar

import msgspec

from hub.api.problems import BadCursorError

_T = TypeVar("_T")
_CHECK_BYTES = 9


def encode(list_name: str, position: object) -> str:
    """Return a cursor for `position` in the list; list_name: with everything that filters it."""
    raw = msgspec.json.encode(position)
    return urlsafe_b64encode(_check(list_name, raw) + raw).decode().rstrip("=")


def decode(list_name: str, text: str, kind: type[_T]) -> _T:
    """Return the position a cursor of this very list holds. Raises BadCursorError for any other."""
    try:
        whole = urlsafe_b64decode(text + "=" * (-len(text) % 4))
        check, raw = whole[:_CHECK_BYTES], whole[_CHECK_BYTES:]
        if check == _check(list_name, raw) and encode(list_name, msgspec.json.decode(raw)) == text:
            return msgspec.json.decode(raw, type=kind)
    except (ValueError, msgspec.DecodeError):
        pass
    raise BadCursorError(
        "The value of 'after' is not a cursor of this list with these filters: "
        "take 'next' from the page before, or leave it out to start again."
    )


def _check(list_name: str, raw: bytes) -> bytes:
    return sha256(list_name.encode() + b"\0" + raw).digest()[:_CHECK_BYTES]
