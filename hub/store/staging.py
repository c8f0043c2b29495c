"""Source records as sent: every version kept, an unchanged one costs a hash look-up."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import msgspec
import sqlalchemy as sa

from connectors.sdk.record import Record, Rejected
from hub.store import new_records, suppressions, work
from hub.store.database import Row, Tx, among, chunks, insert_tuples, listed
from hub.store.prepared import Prepared
from hub.store.seen_ids import WORD, SeenIds
from hub.store.storable import (
    PageColumns,
    ended_keys,
    json_lines,
    readable,
    record_hash,
    storable_keys,
)
from hub.store.suppressions import Sieve, Sifted
from hub.store.tables import kept_records, source_records, source_versions

SEEMS_NEW = 10
"""From so many records on a page is taken to hold new ones only when a few of them are."""

_as_sent = msgspec.json.Encoder()
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
_VERSION = ("record_id", "version", "payload", "hash", "deleted", "fetched_at")


@dataclass(slots=True)
class Staged:
    """What a page brought. rejected: records that cannot be stored, whole; present: ids of those
    that are there now; standing: the same with their keys and hashes; kept_out: how many were of
    somebody erased."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    deleted: int = 0
    rejected: Sequence[Rejected] = ()
    present: Sequence[int] = ()
    standing: Sequence[tuple[int, str, bytes]] = ()
    kept_out: int = 0


_Head = tuple[str, int, int, bytes, bool]
"""Key, id, version, hash and whether it is deleted: a plain tuple, one a record of a page."""


def stage(
    tx: Tx,
    connection: str,
    stream: str,
    records: Sequence[Record],
    *,
    now: str,
    sieve: Sieve | None = None,
) -> Staged:
    """Store what is new or changed as a new version and make it due for the next room.

    Of two records with one key the later stands. A deletion of what was never there, or is
    already gone, changes nothing. Raises ConfigError where somebody was erased and no `sieve` can
    tell who.
    """
    page, rejected = readable(records, stream)
    reads = suppressions.required(tx, sieve)
    seems_new = reads is None and page.whole and len(page.keys) >= SEEMS_NEW
    if seems_new and (added := _stage_new(tx, connection, stream, page, now=now)) is not None:
        return added
    ended = [] if page.whole else ended_keys(records, page.keys)
    heads = _heads(tx, connection, stream, [*page.keys, *ended])
    sifted = Sifted()
    if reads is not None:
        page, sifted = _sift(tx, (connection, stream), page, heads, reads, now)
    new, changed, same = _compared(page, heads)
    gone = [heads[key][1] for key in ended if key in heads and not heads[key][4]]
    columns = PageColumns([key for key, _, _ in new], [r for _, r, _ in new], [h for *_, h in new])
    fresh = _insert(tx, connection, stream, columns, now=now) if new else ()
    assert fresh is not None, "none of these keys was known a moment ago"
    _change(tx, changed, now=now)
    delete(tx, gone, now=now)
    again = [(head[1], head[0], digest) for head, _, digest in changed]
    counts = (len(new), len(changed), len(same), len(gone))
    staged = _staged([*fresh, *same, *again], rejected, counts)
    if sifted.kept:
        kept = {one: sifted.kept[key] for one, key, _ in staged.standing if key in sifted.kept}
        suppressions.keep(tx, kept)
    staged.kept_out = len(sifted.out)
    return staged


def _compared(
    page: PageColumns, heads: Mapping[str, _Head]
) -> tuple[
    list[tuple[str, Record, bytes]],
    list[tuple[_Head, Record, bytes]],
    list[tuple[int, str, bytes]],
]:
    """Return what of a page is new, changed, and the same as what stands."""
    new: list[tuple[str, Record, bytes]] = []
    changed: list[tuple[_Head, Record, bytes]] = []
    same: list[tuple[int, str, bytes]] = []
    for key, record, digest in zip(page.keys, page.records, page.digests, strict=True):
        head = heads.get(key)
        if head is None:
            new.append((key, record, digest))
        elif head[3] == digest and not head[4]:
            same.append((head[1], key, digest))
        else:
            changed.append((head, record, digest))
    return new, changed, same


def _sift(
    tx: Tx,
    where: tuple[str, str],
    page: PageColumns,
    heads: Mapping[str, _Head],
    sieve: Sieve,
    now: str,
) -> tuple[PageColumns, Sifted]:
    """Return a page without what tells of somebody erased; what stands as it is was sifted then."""
    fresh = [
        record
        for key, record, digest in zip(page.keys, page.records, page.digests, strict=True)
        if (head := heads.get(key)) is None or head[3] != digest or head[4]
    ]
    sifted = sieve.records(tx, *where, fresh, now)
    keys: list[str] = []
    records: list[Record] = []
    digests: list[bytes] = []
    for key, record, digest in zip(page.keys, page.records, page.digests, strict=True):
        if key in sifted.out:
            continue
        other = sifted.other.get(key)
        keys.append(key)
        records.append(other or record)
        digests.append(record_hash(other.data, other.volatile) if other else digest)
    return PageColumns(keys, records, digests, whole=False), sifted


def _stage_new(
    tx: Tx, connection: str, stream: str, page: PageColumns, *, now: str
) -> Staged | None:
    """Store a page that seems to hold new records only; None, and nothing stored, if it does not.

    To look each key up takes as long as to store it, and SQLite says by itself whether all went in.
    """
    keys = page.keys
    if tx.dialect.name != "sqlite":
        return None
    if _heads(tx, connection, stream, [keys[0], keys[len(keys) // 2], keys[-1]]):
        return None
    fresh = _insert(tx, connection, stream, page, now=now)
    return None if fresh is None else _staged(fresh, (), (len(fresh), 0, 0, 0))


def _staged(
    standing: Sequence[tuple[int, str, bytes]],
    rejected: Sequence[Rejected],
    counts: tuple[int, int, int, int],
) -> Staged:
    return Staged(*counts, rejected, [one for one, _, _ in standing], standing)


def _payloads(records: Iterable[Record]) -> list[str]:
    return json_lines(_as_sent, records).decode().split("\n")[:-1]


def _heads(tx: Tx, connection: str, stream: str, keys: Sequence[str]) -> dict[str, _Head]:
    found: dict[str, _Head] = {}
    for chunk in chunks(keys):
        rows = cast("list[_Head]", _known(tx, of=connection, called=stream, keys=chunk))
        found |= {row[0]: row for row in rows}
    return found


def _insert(
    tx: Tx, connection: str, stream: str, page: PageColumns, *, now: str
) -> list[tuple[int, str, bytes]] | None:
    """Store new records; return them with their ids, None where one of them is not new."""
    keys, records, digests, _ = page
    lines = json_lines(_as_sent, records)
    ids = new_records.insert(tx, connection, stream, keys, digests=digests, payloads=lines, now=now)
    return None if ids is None else list(zip(ids, keys, digests, strict=True))


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
    return [head[1] for head in _heads(tx, connection, stream, storable_keys(keys)).values()]


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
        words = [(word, int(bits)) for word, bits in rows]
        living += sum(bits.bit_count() for _, bits in words)
        gone += seen.lacking(words)
    return gone, living


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
            .where(~sa.exists().where(kept_records.c.record_id == s.id))
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
