"""Source records as sent: every version kept, an unchanged one costs a hash look-up."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, cast

import msgspec
import sqlalchemy as sa

from connectors.sdk.record import Record, Rejected
from hub.store import work
from hub.store.database import Row, Tx, among, chunks, insert_tuples, listed, new_ids
from hub.store.prepared import Prepared
from hub.store.seen_ids import WORD, SeenIds
from hub.store.tables import source_records, source_versions

MAX_KEY = 512
"""Characters of a key: more does not fit an index of PostgreSQL."""

_as_sent = msgspec.json.Encoder()
_sorted = msgspec.json.Encoder(order="sorted")


_known = Prepared(
    sa.select(
        source_records.c.key,
        source_records.c.id,
        source_records.c.version,
        source_records.c.hash,
        source_records.c.deleted,
    ).where(
        source_records.c.connection == sa.bindparam("of"),
        source_records.c.stream == sa.bindparam("called"),
        listed(source_records.c.key, "keys"),
    )
)
WINDOW = 1 << 20
"""Ids looked through by one statement."""
_id = source_records.c.id
_word = (_id.op("/")(sa.literal_column(str(WORD)))).label("word")
_bit = sa.cast(_id.op("%")(sa.literal_column(str(WORD))), sa.Integer)
_bits = sa.func.sum(sa.cast(sa.literal_column("1"), sa.BigInteger).op("<<")(_bit))
_last = Prepared(sa.select(sa.func.coalesce(sa.func.max(_id), 0)))
# By words of bits rather than by rows: a hundred thousand rows are a hundred thousand tuples.
_live = Prepared(
    sa.select(_word, _bits)
    .where(
        source_records.c.connection == sa.bindparam("of"),
        source_records.c.stream == sa.bindparam("called"),
        ~source_records.c.deleted,
        _id >= sa.bindparam("first", type_=sa.BigInteger),
        _id < sa.bindparam("behind", type_=sa.BigInteger),
    )
    .group_by(_word)
)
_HEAD = (
    *("id", "connection", "stream", "key", "version", "hash", "deleted"),
    *("first_seen_at", "fetched_at"),
)
_VERSION = ("record_id", "version", "payload", "hash", "deleted", "fetched_at")


@dataclass(slots=True)
class Staged:
    """What a page brought. rejected: records that cannot be stored, whole; present: ids of those
    that are there now; standing: the same with their keys and hashes."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    deleted: int = 0
    rejected: Sequence[Rejected] = ()
    present: Sequence[int] = ()
    standing: Sequence[tuple[int, str, bytes]] = ()


_Head = tuple[str, int, int, bytes, bool]
"""Key, id, version, hash and whether it is deleted: a plain tuple, one a record of a page."""


def record_hash(data: dict[str, Any], volatile: Collection[str] = ()) -> bytes:
    """Return 16 bytes that are equal where the data is, whatever the order of its fields.

    Line ends count alike, since some sources rewrite them; volatile fields do not count. Raises
    UnicodeEncodeError or TypeError where the data is no JSON.
    """
    if volatile:
        data = {name: value for name, value in data.items() if name not in volatile}
    text = _sorted.encode(data).replace(rb"\r\n", rb"\n")
    return blake2b(text, digest_size=16).digest()


def stage(tx: Tx, connection: str, stream: str, records: Sequence[Record], *, now: str) -> Staged:
    """Store what is new or changed as a new version and make it due for the next room.

    Of two records with one key the later stands. A deletion of what was never there, or is
    already gone, changes nothing.
    """
    result = Staged()
    hashes, rejected = _readable(records, stream)
    ended = [record.key for record in records if record.deleted]
    heads = _heads(tx, connection, stream, [*hashes, *_storable(ended)])
    new, changed, gone, same = [], [], [], []
    for key, (record, digest) in hashes.items():
        head = heads.get(key)
        if head is None:
            new.append((key, record, digest))
        elif head[3] == digest and not head[4]:
            same.append((head[1], key, digest))
        else:
            changed.append((head, record, digest))
    for record in records:
        if record.deleted and record.key not in hashes:
            head = heads.get(record.key)
            if head is not None and not head[4]:
                gone.append(head[1])
    created = _insert(tx, connection, stream, new, now=now)
    _change(tx, changed, now=now)
    gone = list(dict.fromkeys(gone))
    delete(tx, gone, now=now)
    result.created, result.changed = len(new), len(changed)
    result.unchanged, result.deleted = len(same), len(gone)
    result.rejected = rejected
    result.standing = [
        *((one, key, digest) for one, (key, _, digest) in zip(created, new, strict=True)),
        *same,
        *((head[1], head[0], digest) for head, _, digest in changed),
    ]
    result.present = [one for one, _, _ in result.standing]
    return result


def _readable(
    records: Sequence[Record], stream: str
) -> tuple[dict[str, tuple[Record, bytes]], list[Rejected]]:
    """Return what can be stored and lives at the end, by key, and what cannot be stored."""
    hashes = _at_once(records)
    if hashes is not None:
        return hashes, []
    hashes = {}
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
    return hashes, rejected


def _at_once(records: Sequence[Record]) -> dict[str, tuple[Record, bytes]] | None:
    """Return what can be stored by key, None where a record needs a look of its own."""
    if any(record.deleted or record.volatile for record in records):
        return None
    keys = [record.key for record in records]
    sound = all(keys) and max(map(len, keys), default=0) <= MAX_KEY
    if not (sound and "".join(keys).isprintable()):
        return None
    try:
        texts = _lines(_sorted, records).replace(rb"\r\n", rb"\n").split(b"\n")[:-1]
    except (UnicodeEncodeError, TypeError, ValueError, RecursionError):
        return None
    digests = [blake2b(text, digest_size=16).digest() for text in texts]
    return dict(zip(keys, zip(records, digests, strict=True), strict=True))


def _lines(encoder: msgspec.json.Encoder, records: Iterable[Record]) -> bytes:
    """Return the data of records, a line each: JSON escapes the ends of lines it holds."""
    return encoder.encode_lines([record.data for record in records])


def _payloads(records: Iterable[Record]) -> list[str]:
    return _lines(_as_sent, records).decode().split("\n")[:-1]


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


def _storable(keys: Sequence[str]) -> list[str]:
    return [key for key in keys if _wrong_key(key) is None]


def _is_unicode(text: str) -> bool:
    return not any("\ud800" <= letter <= "\udfff" for letter in text)


def _heads(tx: Tx, connection: str, stream: str, keys: Sequence[str]) -> dict[str, _Head]:
    found: dict[str, _Head] = {}
    for chunk in chunks(keys):
        rows = cast("list[_Head]", _known(tx, of=connection, called=stream, keys=chunk))
        found |= {row[0]: row for row in rows}
    return found


def _insert(
    tx: Tx,
    connection: str,
    stream: str,
    new: Sequence[tuple[str, Record, bytes]],
    *,
    now: str,
) -> Sequence[int]:
    if not new:
        return ()
    ids = new_ids(tx, source_records, len(new))
    heads = [
        (record_id, connection, stream, key, 1, digest, False, now, now)
        for record_id, (key, _, digest) in zip(ids, new, strict=True)
    ]
    insert_tuples(tx, source_records, _HEAD, heads)
    texts = _payloads(record for _, record, _ in new)
    versions = [
        (record_id, 1, text, digest, False, now)
        for record_id, text, (_, _, digest) in zip(ids, texts, new, strict=True)
    ]
    insert_tuples(tx, source_versions, _VERSION, versions)
    work.add(tx, "canonicalize", map(str, ids))
    return ids


def _change(tx: Tx, changed: Sequence[tuple[_Head, Record, bytes]], *, now: str) -> None:
    if not changed:
        return
    tx.execute(
        sa.update(source_records).where(source_records.c.id == sa.bindparam("b_id")),
        [
            {
                "b_id": record_id,
                "version": version + 1,
                "hash": digest,
                "deleted": False,
                "fetched_at": now,
            }
            for (_, record_id, version, _, _), _, digest in changed
        ],
    )
    texts = _payloads(record for _, record, _ in changed)
    versions = [
        (record_id, version + 1, text, digest, False, now)
        for ((_, record_id, version, _, _), _, digest), text in zip(changed, texts, strict=True)
    ]
    insert_tuples(tx, source_versions, _VERSION, versions)
    work.add(tx, "canonicalize", [str(head[1]) for head, _, _ in changed])


def ids_of(tx: Tx, connection: str, stream: str, keys: Sequence[str]) -> list[int]:
    """Return the ids of those keys that are known, deleted or not."""
    return [head[1] for head in _heads(tx, connection, stream, _storable(keys)).values()]


def delete(tx: Tx, ids: Sequence[int], *, now: str) -> None:
    """Mark records as deleted by a new version that repeats their last payload."""
    s, v = source_records.c, source_versions.c
    for chunk in chunks(ids):
        last = sa.select(
            s.id, s.version + 1, v.payload, s.hash, sa.literal(True), sa.literal(now)
        ).join(source_versions, (v.record_id == s.id) & (v.version == s.version))
        names = ["record_id", "version", "payload", "hash", "deleted", "fetched_at"]
        tx.execute(sa.insert(source_versions).from_select(names, last.where(among(s.id, chunk))))
        tx.execute(
            sa.update(source_records)
            .where(among(s.id, chunk))
            .values(version=s.version + 1, deleted=True, fetched_at=now)
        )
        work.add(tx, "canonicalize", [str(item) for item in chunk])


def absent(tx: Tx, connection: str, stream: str, seen: SeenIds) -> tuple[list[int], int]:
    """Return the ids of live records that a whole listing has not shown, and how many live."""
    gone: list[int] = []
    living = 0
    ((last,),) = _last(tx)
    for first in range(0, last + 1, WINDOW):
        rows = _live(tx, of=connection, called=stream, first=first, behind=first + WINDOW)
        for word, bits in rows:
            living += int(bits).bit_count()
            lacking = seen.lacking(word, int(bits))
            if lacking:
                gone += [word * WORD + bit for bit in range(WORD) if lacking >> bit & 1]
    return sorted(gone), living


def payloads(tx: Tx, ids: Sequence[int]) -> list[Row]:
    """Return head and newest payload of these records: id, connection, stream, key, version,
    deleted, first_seen_at, fetched_at, payload."""
    s, v = source_records.c, source_versions.c
    rows: list[Row] = []
    for chunk in chunks(ids):
        rows += tx.execute(
            sa.select(
                s.id,
                s.connection,
                s.stream,
                s.key,
                s.version,
                s.deleted,
                s.first_seen_at,
                s.fetched_at,
                v.payload,
            )
            .join(source_versions, (v.record_id == s.id) & (v.version == s.version))
            .where(among(s.id, chunk))
        ).all()
    return rows


def fetched_at(tx: Tx, connection: str, stream: str, keys: Sequence[str]) -> dict[str, str]:
    """Return when the present version of each known record was fetched, by key."""
    s = source_records.c
    found: dict[str, str] = {}
    for chunk in chunks(keys):
        here = (s.connection == connection) & (s.stream == stream) & among(s.key, chunk)
        found.update(tx.execute(sa.select(s.key, s.fetched_at).where(here)).all())
    return found


def versions(tx: Tx, connection: str, stream: str, key: str) -> list[Row]:
    """Return every version of one record, newest first; empty where there is no such record."""
    s, v = source_records.c, source_versions.c
    return list(
        tx.execute(
            sa.select(v.version, v.payload, v.deleted, v.fetched_at, s.first_seen_at, v.hash)
            .join(source_records, s.id == v.record_id)
            .where(s.connection == connection, s.stream == stream, s.key == key)
            .order_by(v.version.desc())
        ).all()
    )


def sample(tx: Tx, connection: str, stream: str, limit: int) -> list[Row]:
    """Return `limit` live records of a stream, lowest key first: key, payload, fetched_at."""
    s, v = source_records.c, source_versions.c
    return list(
        tx.execute(
            sa.select(s.key, v.payload, s.fetched_at)
            .join(source_versions, (v.record_id == s.id) & (v.version == s.version))
            .where(s.connection == connection, s.stream == stream, ~s.deleted)
            .order_by(s.key)
            .limit(limit)
        ).all()
    )


def stream_counts(tx: Tx) -> dict[tuple[str, str], int]:
    """Return how many records live, by (connection, stream)."""
    s = source_records.c
    rows = tx.execute(
        sa.select(s.connection, s.stream, sa.func.count())
        .where(~s.deleted)
        .group_by(s.connection, s.stream)
    )
    return {(connection, stream): count for connection, stream, count in rows}


def version_count(tx: Tx) -> int:
    """Return how many versions of records there are in all."""
    return tx.execute(sa.select(sa.func.count()).select_from(source_versions)).scalar_one()
