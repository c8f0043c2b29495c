"""Sifts records before they are stored: what tells of somebody erased stays away, or unread.

A record that is the person's own goes whole; of a record that is about something else only the
person is taken out. The same sieve cuts what is stored already, so that what comes again from a
source is what stands here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from connectors.sdk.record import Record, RecordKey, Rejected
from hub.model.erasure import OWN, EntityKind
from hub.pipeline.marks import Marker
from hub.pipeline.takeout import taken_out
from hub.store import suppressions
from hub.store.database import Tx
from hub.store.suppressions import Met, Sifted
from mapping.apply import CompiledMapping, apply
from mapping.canonical import CanonicalRecord

_encode = msgspec.json.Encoder().encode
_NOTHING_MADE = CompiledMapping()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a record. other: what is left of it; until: the last day it is kept."""

    fate: Literal["out", "kept", "other", "same"]
    other: dict[str, Any] | None = None
    until: str = ""
    erasure: str = ""


@dataclass(frozen=True)
class MarkSieve:
    """Reads the list of marks. mappings: by connection, to tell whose a record is."""

    marker: Marker
    mappings: Mapping[str, CompiledMapping]

    def records(
        self, tx: Tx, connection: str, stream: str, found: Sequence[Record], now: str
    ) -> Sifted:
        """Say what becomes of records that are about to be stored: one statement, if all is well.

        What is on the list is counted, without a word of what it was.
        """
        sifted = Sifted()
        marks = [self.marks_of(connection, stream, one) for one in found]
        met = _by_mark(suppressions.found(tx, list(set().union(*marks))))
        if not met:
            return sifted
        known = suppressions.of(tx, {one.erasure for some in met.values() for one in some})
        told: list[Met] = []
        for record, own in zip(found, marks, strict=True):
            hits = [one for mark in own for one in met.get(mark, ())]
            if not hits:
                continue
            key = RecordKey(connection, stream, record.key)
            verdict = self.judge(key, record.data, hits, known, now[:10])
            if verdict.fate == "out":
                sifted.out.add(record.key)
                told += hits
            elif verdict.fate == "kept":
                sifted.kept[record.key] = verdict.erasure, verdict.until
            elif verdict.other is not None:
                sifted.other[record.key] = msgspec.structs.replace(record, data=verdict.other)
        suppressions.note_met(tx, told, now)
        return sifted

    def rejected(
        self, tx: Tx, connection: str, stream: str, found: Sequence[Rejected]
    ) -> list[Rejected]:
        """Return the input that tells of nobody who was erased; what does is dropped whole."""
        marks = [
            self.marker.strong(one.raw)
            | ({self.marker.record(connection, stream, one.key)} if one.key else set())
            for one in found
        ]
        met = _by_mark(suppressions.found(tx, list(set().union(*marks))))
        return [one for one, own in zip(found, marks, strict=True) if not own & met.keys()]

    def marks_of(self, connection: str, stream: str, record: Record) -> set[str]:
        """Return the marks of a record: its own, and those of addresses and numbers in it."""
        own = self.marker.record(connection, stream, record.key)
        return {own, *self.marker.strong(_text(record.data))}

    def judge(
        self,
        key: RecordKey,
        data: dict[str, Any],
        hits: Sequence[Met],
        known: Mapping[str, set[str]],
        today: str,
    ) -> Verdict:
        """Say what becomes of a record that meets marks. known: all marks by erasure."""
        if any(one.what == "record" for one in hits):
            return Verdict("out")
        for one in hits:
            if one.what == "kept" and one.until is not None:
                if one.until < today:
                    return Verdict("out")  # the law has let go of it
                return Verdict("kept", until=one.until, erasure=one.erasure)
        made = self.made_of(key, data)
        kinds = {one.erasure: one.kind for one in hits}
        listed = any(one.what == "paper" for one in hits)
        if not made and not listed:
            return Verdict("out")  # nothing is made of it, so that nothing is lost by it
        if any(self.is_own(made, kind, known[erasure]) for erasure, kind in kinds.items()):
            return Verdict("out")
        left = self.left_of(key, data, hits, known)
        return Verdict("same") if left == data else Verdict("other", left)

    def left_of(
        self,
        key: RecordKey,
        data: dict[str, Any],
        hits: Sequence[Met],
        known: Mapping[str, set[str]],
    ) -> dict[str, Any]:
        """Return what is left of a record without those whose marks it meets."""
        mapping, left = self.mappings.get(key.connection, _NOTHING_MADE), data
        for erasure, kind in sorted({(one.erasure, one.kind) for one in hits}):
            left = taken_out(self.marker, mapping, key, left, kind, known[erasure])
        return left

    def made_of(self, key: RecordKey, data: dict[str, Any]) -> list[CanonicalRecord]:
        """Return what the mapping makes of a record; [] where it makes nothing, or fails."""
        mapping = self.mappings.get(key.connection, _NOTHING_MADE)
        try:
            return apply(mapping, key, Record(key.key, data))
        except Exception:  # noqa: BLE001  # as canonicalize does: one odd record must not stop a page
            return []

    def is_own(self, made: Sequence[CanonicalRecord], kind: EntityKind, known: set[str]) -> bool:
        """Return whether a record is the erased one's own: its main part, or all it was made for.

        A person's address in a colleague's remark does not make the colleague's record theirs.
        """
        main = next((one for one in made if not one.part), None)
        if main is None or main.kind not in OWN[kind]:
            return False
        if main.kind in ("touch", "message", "consent"):
            return True
        whose = made if main.kind == "lead" else [main]
        return any(self.marker.strong(_text(one.fields)) & known for one in whose)


def _by_mark(met: Sequence[Met]) -> dict[str, list[Met]]:
    found: dict[str, list[Met]] = {}
    for one in met:
        found.setdefault(one.mark, []).append(one)
    return found


def _text(data: object) -> str:
    """Return data as JSON text; what is no JSON is judged by how it looks."""
    try:
        return _encode(data).decode()
    except (UnicodeEncodeError, TypeError, ValueError, RecursionError):
        return ascii(data) if not isinstance(data, dict) else ""
