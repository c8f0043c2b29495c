"""Pages known by their bytes: one that came before, byte for byte, need not be read again.

The source's word is not taken for it: the whole answer is fetched and compared. What is saved is
what comes behind: taking it apart, hashing its records, looking each of them up.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from operator import attrgetter

from connectors.sdk.answers import Listed
from connectors.sdk.client import Answer
from connectors.sdk.contract import Memory
from connectors.sdk.cursors import Value, stored_text
from connectors.sdk.model import what_fits
from connectors.sdk.positions import rising
from connectors.sdk.record import Mark, Recalled
from connectors.sdk.rows import Batch, RowReader

_deleted = attrgetter("deleted")
READING = 1
"""Another number where the same bytes make other records than before."""


@dataclass(frozen=True, slots=True)
class Recaller:
    """Tells the pages of one whole listing by their bytes. recipe: how they are read."""

    memory: Memory
    recipe: bytes

    def recall(self, answer: Answer) -> tuple[bytes, Recalled | None]:
        """Return the digest of an answer, as it is read, and the page that is known by it."""
        told = blake2b(answer.content, digest_size=16, key=self.recipe)
        told.update(answer.headers.get("content-type", "").encode())
        digest = told.digest()
        return digest, self.memory.recall(digest)


def recaller(rows: RowReader, memory: Memory | None) -> Recaller | None:
    """Return what tells the pages of a listing; None where an author's code reads its rows."""
    own_code = rows.reads is not None or (rows.cursor is not None and not rows.cursor.declared)
    if memory is None or own_code:
        return None
    said = (
        *(READING, rows.stream, rows.key, rows.each, rows.cursor_path, rows.cursor_as),
        *(rows.tombstone, sorted(map(repr, rows.nulls)), rows.volatile, rows.kept.digest),
        *(rows.max_record_bytes, rows.watch, what_fits(rows.model)),
    )
    return Recaller(memory, blake2b(repr(said).encode(), digest_size=32).digest())


def mark_of(listed: Listed, batch: Batch) -> Mark | None:
    """Return what names this page to who stores it; None unless each row of it was a good one."""
    if not listed.digest_of_bytes or batch.rejected or not batch.records:
        return None
    if len(batch.records) != len(listed.rows):
        return None
    if any(map(_deleted, batch.records)):
        return None
    return Mark(listed.digest_of_bytes, _placed(batch.cursors))


def _placed(cursors: Sequence[Value | None]) -> tuple[str, ...]:
    """Return the few cursors that say of a page what all of them say: its bounds, its order."""
    values = [value for value in cursors if value is not None]
    if not values:
        return ()
    ordered = rising(values)
    low, high = ordered[0], ordered[-1]
    return tuple(map(stored_text, (low, high) if ordered == values else (high, low)))
