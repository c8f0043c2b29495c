"""Pages that a source sent before, byte for byte, and whether their records still stand so.

Nobody has to tell this table that a record has changed, by whichever road: a page is recalled only
where each of its records lives and has the hash that it had when the page was stored.
"""

from collections.abc import Collection, Sequence
from hashlib import blake2b

import msgspec
import sqlalchemy as sa

from connectors.sdk.record import Mark, Recalled
from hub.store.database import Tx, listed, upsert
from hub.store.expressions import BETWEEN, all_as_hex, all_texts
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


def _standing_where(chosen: sa.ColumnElement[bool]) -> Prepared:
    """Return what tells of chosen records how many stand, their keys, and their hashes: one row.

    A tuple a record would take longer than to look at the record.
    """
    here = (_s.connection == sa.bindparam("of")) & (_s.stream == sa.bindparam("called"))
    stands = (here & ~_s.deleted).label("stands")  # no condition: SQLite would read all the stream
    rows = sa.select(_s.key, _s.hash, stands).where(chosen).order_by(_s.id).subquery().c
    count = sa.func.count().filter(rows.stands)
    return Prepared(sa.select(count, all_texts(rows.key), all_as_hex(rows.hash)))


_in_a_row = _standing_where(_s.id.between(sa.bindparam("first"), sa.bindparam("last")))
_scattered = _standing_where(listed(_s.id, "ids"))
_ids = msgspec.json.Decoder(list[int])
_texts = msgspec.json.Decoder(tuple[str, ...])


def keep(tx: Tx, connection: str, stream: str, mark: Mark, records: Sequence[Standing]) -> None:
    """Keep a page by its mark, with its records as they have just been stored."""
    ids, keys, hashes = zip(*sorted(records), strict=True)
    row = {
        "connection": connection,
        "stream": stream,
        "digest": mark.digest,
        "cursors": msgspec.json.encode(mark.cursors).decode(),
        "ids": _as_text(ids),
        "held": _digest(BETWEEN.join(keys), b"".join(hashes)),
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
    cursors, told, held = found[0]
    ids = _ids_in(told)
    keys = _standing(tx, connection, stream, ids, bytes(held))
    return None if keys is None else Recalled(keys, ids, _texts.decode(cursors))


def forget(tx: Tx, connection: str, stream: str, digests: Collection[bytes]) -> None:
    """Let go of pages: those a whole listing no longer held."""
    rows = [{"of": connection, "called": stream, "digest": digest} for digest in digests]
    _drop.many(tx, rows)


def _as_text(ids: Sequence[int]) -> str:
    """Return ids in order as text: the bounds of a row without gaps, else all of them."""
    if ids[-1] - ids[0] + 1 == len(ids):
        return f"{ids[0]}-{ids[-1]}"
    return msgspec.json.encode(ids).decode()


def _ids_in(text: str) -> Sequence[int]:
    """Return the ids that `_as_text` wrote."""
    first, in_a_row, last = text.partition("-")
    return range(int(first), int(last) + 1) if in_a_row else _ids.decode(text)


def _standing(
    tx: Tx, connection: str, stream: str, ids: Sequence[int], held: bytes
) -> list[str] | None:
    """Return the keys of records, None where one of them no longer stands as it did."""
    here = {"of": connection, "called": stream}
    if isinstance(ids, range):
        rows = _in_a_row(tx, **here, first=ids[0], last=ids[-1])
    else:
        rows = _scattered(tx, **here, ids=ids)
    count, said, hashes = rows[0]
    if count != len(ids) or _digest(said, bytes.fromhex(hashes)) != held:
        return None
    keys: list[str] = said.split(BETWEEN)  # a page with a key that holds it is read as ever
    return keys if len(keys) == count else None


def _digest(keys: str, hashes: bytes) -> bytes:
    """Return 16 bytes that say of what records, in the order of their ids, they are told."""
    told = blake2b(keys.encode(), digest_size=16)
    told.update(hashes)
    return told.digest()
