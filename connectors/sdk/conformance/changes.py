"""What changed between two snapshots of a connector, and which of it breaks its readers.

A change is harmless if every record that was stored under the old snapshot still fits the new one:
hubs read those again whenever a mapping changes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from connectors.sdk.conformance.snapshot import (
    ANY,
    FREE_TEXT,
    LIST_OF,
    OPTIONAL,
    OR,
    Snapshot,
    StreamShape,
)

_WIDER = {
    ("number", "int"),
    ("decimal", "int"),
    ("decimal", "number"),
    ("text", FREE_TEXT),
}
"""What takes everything that another takes."""


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. place: the stream, or stream.field; what: in words."""

    place: str
    what: str
    breaks: bool

    def __str__(self) -> str:
        return f"{self.place}: {self.what}"


def changes(before: Snapshot, now: Snapshot) -> list[Change]:
    """Return every difference of streams, keys, cursors and fields, those that break first."""
    found = list(_changes(before, now))
    return sorted(found, key=lambda change: not change.breaks)


def _changes(before: Snapshot, now: Snapshot) -> Iterator[Change]:
    for name, shape in before.streams.items():
        if name in now.streams:
            yield from _stream_changes(name, shape, now.streams[name])
        else:
            yield Change(name, "the stream is gone", breaks=True)
    for name in now.streams:
        if name not in before.streams:
            yield Change(name, "the stream is new", breaks=False)


def _stream_changes(name: str, before: StreamShape, now: StreamShape) -> Iterator[Change]:
    if now.key != before.key:
        keys = f"{', '.join(before.key)} to {', '.join(now.key)}"
        yield Change(name, f"the key changed from {keys}", breaks=True)
    if now.cursor != before.cursor:
        cursors = f"{before.cursor or 'none'} to {now.cursor or 'none'}"
        yield Change(
            name, f"the cursor changed from {cursors}", breaks=before.cursor is not None
        )  # positions that hubs keep would be compared with something else
    for field, word in before.fields.items():
        place = f"{name}.{field}"
        if field not in now.fields:
            yield Change(place, "the field is gone", breaks=True)
        elif now.fields[field] != word:
            yield _type_change(place, word, now.fields[field])
    for field, word in now.fields.items():
        if field not in before.fields:
            yield Change(f"{name}.{field}", f"the field is new: {word}", breaks=False)


def _type_change(place: str, before: str, now: str) -> Change:
    types = f"from {before} to {now}"
    if takes(now, before):
        return Change(place, f"its type widened {types}", breaks=False)
    if now == FREE_TEXT:
        return Change(
            place, f"it became free text, which is kept only if asked for ({before})", True
        )
    narrowed = takes(before, now)
    return Change(place, f"its type {'narrowed' if narrowed else 'changed'} {types}", breaks=True)


def takes(wide: str, narrow: str) -> bool:
    """Return whether a type, in words, takes every value that another one takes."""
    if _optional(narrow) and not _optional(wide):
        return False
    wides, narrows = _kinds(wide), _kinds(narrow)
    fits = {inner for outer, inner in product(wides, narrows) if _takes(outer, inner)}
    return fits == narrows


def _optional(word: str) -> bool:
    return word.startswith(OPTIONAL) or word in (ANY, FREE_TEXT)


def _kinds(word: str) -> set[str]:
    return set(word.removeprefix(OPTIONAL).split(OR))


def _takes(wide: str, narrow: str) -> bool:
    if wide in (narrow, ANY) or (wide, narrow) in _WIDER:
        return True
    if wide == "list":
        return narrow.startswith(LIST_OF)
    both = wide.startswith(LIST_OF) and narrow.startswith(LIST_OF)
    return both and _takes(wide.removeprefix(LIST_OF), narrow.removeprefix(LIST_OF))
