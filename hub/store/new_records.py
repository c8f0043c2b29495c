"""First versions of records, a page at a time: a statement a table, whatever the number of rows."""

from collections.abc import Sequence
from itertools import accumulate
from operator import or_
from typing import Any

import msgspec

from hub.store import work
from hub.store.database import Tx, insert_tuples, new_ids
from hub.store.tables import source_records, source_versions

_HEAD = (
    *("id", "connection", "stream", "key", "version", "hash", "deleted"),
    *("first_seen_at", "fetched_at"),
)
_VERSION = ("record_id", "version", "payload", "hash", "deleted", "fetched_at")

# A row of its own binds nine values for each record, which takes longer than to store them. So
# SQLite is handed columns: keys as a JSON array, hashes and payloads end to end in one blob each.
_HEADS_IN_SQLITE = f"""
INSERT INTO source_records ({", ".join(_HEAD)})
SELECT ?1 + key, ?2, ?3, value, 1, substr(?4, key * 16 + 1, 16), 0, ?5, ?5 FROM json_each(?6)
WHERE true ON CONFLICT DO NOTHING
"""
_VERSIONS_IN_SQLITE = f"""
INSERT INTO source_versions ({", ".join(_VERSION)})
SELECT ?1 + key, 1, CAST(substr(?2, value >> 32, value & 4294967295) AS TEXT),
    substr(?3, key * 16 + 1, 16), 0, ?4
FROM json_each(?5)
"""
_DUE_IN_SQLITE = """
INSERT INTO work (stage, item) SELECT ?1, CAST(id AS TEXT) FROM source_records
WHERE id BETWEEN ?2 AND ?3 ON CONFLICT DO NOTHING
"""
_TAKE_BACK = "DELETE FROM source_records WHERE id BETWEEN ? AND ?"


def insert(
    tx: Tx,
    connection: str,
    stream: str,
    keys: Sequence[str],
    *,
    digests: Sequence[bytes],
    payloads: bytes,
    now: str,
) -> Sequence[int] | None:
    """Write records and make them due for the next room; return their ids, in order.

    digests: 16 bytes each; payloads: JSON, a line each. None where one of the keys, each of which
    stands here once, is known already: then nothing was written.
    """
    ids = new_ids(tx, source_records, len(keys))
    if isinstance(ids, range):  # of SQLite, whose writer is alone
        here = (connection, stream, b"".join(digests), now)
        return ids if _insert_in_sqlite(tx, ids, keys, payloads, here) else None
    heads = [
        (one, connection, stream, key, 1, digest, False, now, now)
        for one, key, digest in zip(ids, keys, digests, strict=True)
    ]
    insert_tuples(tx, source_records, _HEAD, heads)
    texts = payloads.decode().split("\n")[:-1]
    versions = [
        (one, 1, text, digest, False, now)
        for one, text, digest in zip(ids, texts, digests, strict=True)
    ]
    insert_tuples(tx, source_versions, _VERSION, versions)
    work.add(tx, "canonicalize", map(str, ids))
    return ids


def _insert_in_sqlite(
    tx: Tx, ids: range, keys: Sequence[str], payloads: bytes, here: tuple[str, str, bytes, str]
) -> bool:
    """Write records under new ids in a row; False where a key stood already."""
    driver: Any = tx.connection.driver_connection
    first, last = ids[0], ids[-1]
    connection, stream, digests, now = here
    heads = (first, connection, stream, digests, now, _json(keys))
    if driver.execute(_HEADS_IN_SQLITE, heads).rowcount < len(ids):
        driver.execute(_TAKE_BACK, (first, last))
        return False
    driver.execute(_VERSIONS_IN_SQLITE, (first, payloads, digests, now, _json(_places(payloads))))
    driver.execute(_DUE_IN_SQLITE, ("canonicalize", first, last))
    return True


def _places(lines: bytes) -> list[int]:
    """Return where each line begins, counted from 1, and how long it is: as one number of 64 bits,
    its upper half and its lower one."""
    sizes = list(map(len, lines.split(b"\n")[:-1]))
    starts = accumulate(map((1).__add__, sizes), initial=1)
    return list(map(or_, map((1 << 32).__mul__, starts), sizes))


def _json(values: Sequence[str] | Sequence[int]) -> str:
    return msgspec.json.encode(values).decode()
