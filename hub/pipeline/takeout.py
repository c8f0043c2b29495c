"""Takes a person out of a record that is about something else.

Where a mapping makes a part of the record into that person, all that only this part reads goes.
Elsewhere the person's addresses, numbers and full names go, and the text around them stays.
"""

from collections.abc import Iterable, Sequence, Set
from copy import deepcopy
from typing import Any

import msgspec

from connectors.sdk.record import Record, RecordKey
from hub.pipeline.marks import Marker, without
from mapping.apply import CompiledEntry, CompiledMapping, apply
from mapping.canonical import CanonicalRecord
from mapping.paths import Name, Path

INSTEAD = "[erased]"
_encode = msgspec.json.Encoder().encode


def taken_out(
    marker: Marker,
    mapping: CompiledMapping,
    key: RecordKey,
    data: dict[str, Any],
    kind: str,
    known: Set[str],
    *,
    instead: str = INSTEAD,
) -> dict[str, Any]:
    """Return a record without the person whose marks are `known`; done twice it stays the same.

    kind: of what was erased, person or organization. instead: what stands for their words.
    """
    left: dict[str, Any] = deepcopy(data)
    entries = mapping.streams.get(key.stream, ())
    made = _made(mapping, key, data)
    theirs = [one for one in made if _is_theirs(marker, one, kind, known)]
    gone = [entry for entry in entries if any(_makes(entry, one) for one in theirs)]
    stay = [path for entry in entries if entry not in gone for path in _rooted(entry)]
    for entry in gone:
        if entry.each_path is not None:
            _empty_elements(marker, left, entry.each_path, known)
            continue
        for path in entry.paths:
            if not any(path.steps[: len(one)] == one for one in stay):
                _empty(left, path.steps)
    return {name: words_out(marker, value, known, instead) for name, value in left.items()}


def _made(mapping: CompiledMapping, key: RecordKey, data: dict[str, Any]) -> list[CanonicalRecord]:
    try:
        return apply(mapping, key, Record(key.key, data))
    except Exception:  # noqa: BLE001  # a mapping that fails on it tells nothing of its parts
        return []


def _is_theirs(marker: Marker, one: CanonicalRecord, kind: str, known: Set[str]) -> bool:
    if one.kind != kind:
        return False
    if not known.isdisjoint(marker.strong(_encode(one.fields).decode())):
        return True
    return not known.isdisjoint(marker.names(str(one.fields.get("name") or "")))


def _makes(entry: CompiledEntry, one: CanonicalRecord) -> bool:
    if entry.kind != one.kind:
        return False
    return entry.part == one.part or (
        entry.each is not None and one.part.startswith(f"{entry.part}.")
    )


def _rooted(entry: CompiledEntry) -> Iterable[tuple[Any, ...]]:
    each = entry.each_path.steps if entry.each_path else ()
    return [path.steps if path.from_root else (*each, *path.steps) for path in entry.paths]


def _empty(value: Any, steps: Sequence[Any]) -> None:
    """Put null where the steps lead, if they lead anywhere by names alone."""
    for step in steps[:-1]:
        value = value.get(step.key) if isinstance(step, Name) and type(value) is dict else None
    last = steps[-1] if steps else None
    if isinstance(last, Name) and type(value) is dict and last.key in value:
        value[last.key] = None


def _empty_elements(marker: Marker, data: dict[str, Any], path: Path, known: Set[str]) -> None:
    """Empty those elements of a list that are the person."""
    found: Any = data
    for step in path.steps:
        found = found.get(step.key) if isinstance(step, Name) and type(found) is dict else None
    for element in found if type(found) is list else [found]:
        if type(element) is not dict:
            continue
        texts = [str(one) for one in element.values() if type(one) in (str, int)]
        marks = marker.strong(_encode(element).decode())
        marks |= {one.mark for text in texts for one in marker.names_in(text)}
        if marks & known:
            element.update(dict.fromkeys(element))


def words_out(marker: Marker, value: Any, known: Set[str], instead: str = INSTEAD) -> Any:
    """Return a value without the person's words; one that holds nothing else is null."""
    if isinstance(value, dict):
        return {name: words_out(marker, one, known, instead) for name, one in value.items()}
    if isinstance(value, list):
        return [words_out(marker, one, known, instead) for one in value]
    if isinstance(value, bool) or not isinstance(value, str | int):
        return value
    text = str(value)
    found = [*marker.strong_in(text), *marker.names_in(text)]
    left = without(text, found, known, instead)
    if left == text:
        return value
    return None if not left.replace(instead, "").strip(" ,;<>()\"'") else left
