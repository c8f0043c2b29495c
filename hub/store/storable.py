"""Which records of a page can be stored, and by what content each is known."""

from collections.abc import Collection, Iterable, Sequence
from functools import partial
from hashlib import blake2b
from operator import attrgetter, methodcaller
from typing import Any, NamedTuple

import msgspec

from connectors.sdk.record import Record, Rejected

MAX_KEY = 512
"""Characters of a key: more does not fit an index of PostgreSQL."""

_digest = methodcaller("digest")
_sorted = msgspec.json.Encoder(order="sorted")
_key, _deleted, _volatile = map(attrgetter, ("key", "deleted", "volatile"))


class PageColumns(NamedTuple):
    """What can be stored of a page and lives at the end, column by column; no key stands twice.

    whole: that is all of the page.
    """

    keys: Sequence[str]
    records: Sequence[Record]
    digests: Sequence[bytes]
    whole: bool = True


def record_hash(data: dict[str, Any], volatile: Collection[str] = ()) -> bytes:
    """Return 16 bytes that are equal where the data is, whatever the order of its fields.

    Line ends count alike, since some sources rewrite them; volatile fields do not count. Raises
    UnicodeEncodeError or TypeError where the data is no JSON.
    """
    if volatile:
        data = {name: value for name, value in data.items() if name not in volatile}
    text = _sorted.encode(data).replace(rb"\r\n", rb"\n")
    return blake2b(text, digest_size=16).digest()


def readable(records: Sequence[Record], stream: str) -> tuple[PageColumns, list[Rejected]]:
    """Return what can be stored and lives at the end, and what cannot be stored."""
    page = _at_once(records)
    if page is not None:
        return page, []
    hashes: dict[str, tuple[Record, bytes]] = {}
    rejected = []
    for record in records:
        if record.deleted:
            hashes.pop(record.key, None)
            continue
        try:
            digest = record_hash(record.data, record.volatile)
            reason = _wrong_key(record.key)
        except (UnicodeEncodeError, TypeError, ValueError, RecursionError) as error:
            reason = f"its data is no JSON text: {error}"[:300]
        if reason:
            rejected.append(
                Rejected(
                    raw=_shown(record.data),
                    reason=reason,
                    where=f"stream {stream}, key {record.key[:80]!r}",
                    key=record.key,
                )
            )
            continue
        hashes[record.key] = (record, digest)
    columns = [record for record, _ in hashes.values()], [digest for _, digest in hashes.values()]
    return PageColumns(list(hashes), *columns, whole=False), rejected


def ended_keys(records: Sequence[Record], living: Sequence[str]) -> list[str]:
    """Return the keys of what is deleted at the end of a page, each once."""
    alive = set(living)
    ended = dict.fromkeys(record.key for record in records if record.deleted)
    return storable_keys([key for key in ended if key not in alive])


def _at_once(records: Sequence[Record]) -> PageColumns | None:
    """Return a page whose records can all be stored, None where one needs a look of its own."""
    if any(map(_deleted, records)) or any(map(_volatile, records)):
        return None
    keys = list(map(_key, records))
    sound = all(keys) and max(map(len, keys), default=0) <= MAX_KEY and len(set(keys)) == len(keys)
    if not (sound and "".join(keys).isprintable()):
        return None
    try:
        texts = json_lines(_sorted, records).replace(rb"\r\n", rb"\n").split(b"\n")[:-1]
    except (UnicodeEncodeError, TypeError, ValueError, RecursionError):
        return None
    digests = map(_digest, map(partial(blake2b, digest_size=16), texts))
    return PageColumns(keys, records, list(digests))


def json_lines(encoder: msgspec.json.Encoder, records: Iterable[Record]) -> bytes:
    """Return the data of records, a line each: JSON escapes the ends of lines it holds."""
    return encoder.encode_lines([record.data for record in records])


def _shown(data: dict[str, Any]) -> str:
    try:
        return repr(data)
    except RecursionError:
        return "(nested too deep to be written down)"


def _wrong_key(key: str) -> str | None:
    """Say why a key can't be stored; None where it can."""
    if not key or "\0" in key:
        return "its key is empty or holds a NUL character"
    if len(key) > MAX_KEY:
        return f"its key has {len(key)} characters, at most {MAX_KEY} are stored"
    return None if key.isprintable() or _is_unicode(key) else "its key is not valid Unicode"


def storable_keys(keys: Sequence[str]) -> list[str]:
    return [key for key in keys if _wrong_key(key) is None]


def _is_unicode(text: str) -> bool:
    return not any("\ud800" <= letter <= "\udfff" for letter in text)
