"""Pages that a source sent before, byte for byte, and whether their records still stand so.

Nobody has to tell this table that a record has changed, by whichever road: a page is recalled only
where each of its records lives and has the hash that it had when the page was stored.
"""

from collections.abc import Collection, Iterable, Sequence
from hashlib import blake2b
from typing import Any, cast

import msgspec
import sqlalchemy as sa

from connectors.sdk.record import Mark, Recalled
from hub.store.database import Tx, listed, upsert
from hub.store.prepared import Prepared
from hub.store.tables import known_pages, source_records

Standing = tuple[int, str, bytes]
"""Id, key and hash of a record as it is stored."""

_p, _s = known_pages.c, source_records.c
_here = (_p.connection == sa.bindparam("of")) & (_p.stream == sa.bindparam("called"))
_digests = Prepared(sa.select(_p.digest).where(_here))
_page = Prepared(
    sa.select(_p.cursors, _p.ids, _p.held).where(_here, _p.digest == sa.bindparam("digest"))
)
_drop = Prepared(sa.delete(known_pages).where(_here, _p.digest == sa.bindparam("digest")))
# Joined to nothing, the names are no way in: SQLite would read the whole stream for each page.
_records = (
    sa.select(_s.id, _s.key, _s.hash)
    .where(
        _s.connection.op("||")("") == sa.bindparam("of"),
        _s.stream.op("||")("") == sa.bindparam("called"),
        ~_s.deleted,
    )
    .order_by(_s.id)
)
_in_a_row = Prepared(_records.where(_s.id.between(sa.bindparam("first"), sa.bindparam("last"))))
_scattered = Prepared(_records.where(listed(_s.id, "ids")))
_ids = msgspec.json.Decoder(list[int])
_texts = msgspec.json.Decoder(tuple[str, ...])


def keep(tx: Tx, connection: str, stream: str, mark: Mark, records: Sequence[Standing]) -> None:
    """Keep a page by its mark, with its records as they have just been stored."""
    ordered = sorted(records)
    row = {
        "connection": connection,
        "stream": stream,
        "digest": mark.digest,
        "cursors": msgspec.json.encode(mark.cursors).decode(),
        "ids": _as_text([one[0] for one in ordered]),
        "held": _digest(ordered),
    }
    upsert(tx, known_pages, [row])


def digests(tx: Tx, connection: str, stream: str) -> set[bytes]:
    """Return the digests of all pages that are kept of a stream."""
    return {digest for (digest,) in _digests(tx, of=connection, called=stream)}


def recall(tx: Tx, connection: str, stream: str, digest: bytes) -> Recalled | None:
    """Return the page of a digest, None where one of its records is no longer as it held it."""
    found = _page(tx, of=connection, called=stream, digest=digest)
    if not found:
        return None
    cursors, ids, held = found[0]
    records = _standing(tx, connection, stream, ids)
    if _digest(records) != bytes(held):
        return None
    return Recalled(
        [key for _, key, _ in records], [one for one, _, _ in records], _texts.decode(cursors)
    )


def forget(tx: Tx, connection: str, stream: str, digests: Collection[bytes]) -> None:
    """Let go of pages: those a whole listing no longer held."""
    rows = [{"of": connection, "called": stream, "digest": digest} for digest in digests]
    _drop.many(tx, rows)


def _as_text(ids: list[int]) -> str:
    """Return ids in order as text: the bounds of a row without gaps, else all of them."""
    if ids[-1] - ids[0] + 1 == len(ids):
        return f"{ids[0]}-{ids[-1]}"
    return msgspec.json.encode(ids).decode()


def _standing(tx: Tx, connection: str, stream: str, ids: str) -> list[Standing]:
    first, in_a_row, last = ids.partition("-")
    if in_a_row:
        rows = _in_a_row(tx, of=connection, called=stream, first=int(first), last=int(last))
    else:
        rows = _scattered(tx, of=connection, called=stream, ids=_ids.decode(ids))
    return cast("list[Standing]", rows)


def _digest(records: Iterable[Any]) -> bytes:
    """Return 16 bytes that say which records there are, in the order of their ids, and of what."""
    rows = list(records)
    said = "\0".join([f"{one}\0{key}" for one, key, _ in rows]).encode()
    told = blake2b(said, digest_size=16)
    told.update(b"".join([bytes(content) for _, _, content in rows]))
    return told.digest()
