"""Finds the stored records that an erasure would not let in as they are."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from connectors.sdk.record import RecordKey
from hub.model.erasure import EntityKind
from hub.model.fact import Subject
from hub.pipeline.sieve import MarkSieve, Verdict
from hub.store import erasing
from hub.store.database import Tx
from hub.store.suppressions import Met

_decode = msgspec.json.Decoder(dict[str, Any]).decode
STANDS_FOR = {"organization": "customer", "person": "contact"}
"""What an entity is called where facts and alerts are told of it."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A stored record that the sieve would not let in as it is. left: versions as they may stay."""

    id: int
    key: RecordKey
    verdict: Verdict
    left: tuple[tuple[int, dict[str, Any]], ...] = ()

    @property
    def is_own(self) -> bool:
        """Whether the whole record is the person's, that goes or is kept unread."""
        return self.verdict.fate != "other"


def cuts_of(
    tx: Tx,
    sieve: MarkSieve,
    met: Mapping[str, list[Met]],
    known: Mapping[str, set[str]],
    now: datetime,
) -> Iterator[Cut]:
    """Yield the stored records that the sieve would not let in as they are."""
    for rows in erasing.all_versions(tx):
        texts: dict[tuple[int, RecordKey], list[tuple[int, str]]] = {}
        for row in rows:
            key = RecordKey(row.connection, row.stream, row.key)
            texts.setdefault((row.id, key), []).append((row.version, row.payload))
        for (one, key), versions in texts.items():
            marks = {sieve.marker.record(key.connection, key.stream, key.key)}
            for _, text in versions:
                marks |= sieve.marker.strong(text)
            hits = [hit for mark in marks & met.keys() for hit in met[mark]]
            if hits:
                yield from _judged(sieve, (one, key), versions, hits, known, now)


def _judged(
    sieve: MarkSieve,
    where: tuple[int, RecordKey],
    versions: list[tuple[int, str]],
    hits: list[Met],
    known: Mapping[str, set[str]],
    now: datetime,
) -> Iterator[Cut]:
    """Let the newest version decide; where only the person goes, it goes from every version."""
    one, key = where
    today = now.date().isoformat()
    newest = sieve.judge(key, _decode(versions[-1][1]), hits, known, today)
    if newest.fate in ("out", "kept"):
        yield Cut(one, key, newest)
        return
    left = []
    for number, text in versions:
        data = _decode(text)
        other = sieve.left_of(key, data, hits, known)
        if other != data:
            left.append((number, other))
    if left:
        yield Cut(one, key, Verdict("other"), tuple(left))


def quarantined(tx: Tx, sieve: MarkSieve, marks: Collection[str]) -> list[int]:
    """Return the entries of the quarantine that tell of a mark."""
    found = []
    for row in erasing.quarantined(tx):
        own = sieve.marker.strong(row.raw)
        if row.key is not None:
            own |= {sieve.marker.record(row.connection, row.stream, row.key)}
        if not own.isdisjoint(marks):
            found.append(row.id)
    return found


def subjects_of(kind: EntityKind, ids: Collection[str]) -> set[Subject]:
    return {Subject(STANDS_FOR[kind], one) for one in ids}
