"""Applies a compiled mapping to one source record: pure, and never raising on odd data."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from connectors.sdk.record import NAME, Record, RecordKey
from mapping.canonical import CanonicalRecord, Issue, Reference
from mapping.normalize.text import scalar_text
from mapping.nouns import Kind
from mapping.paths import Getter, Path


class Draft:
    """A canonical record in the making; found: something of it came from the source."""

    __slots__ = ("fields", "found", "issues", "raw")

    def __init__(self) -> None:
        self.fields: dict[str, Any] = {}
        self.raw: dict[str, Any] = {}
        self.issues: list[Issue] = []
        self.found = False


Parts = Mapping[str, list[str]]
"""The parts made of a record, by the part name of the entry that made them."""

Read = Callable[[Any, Any], Any]
Step = Callable[[Any, Any, Draft], None]
Condition = Callable[[Any, Any], bool]
RefStep = Callable[[Any, Any, RecordKey, Parts], Iterable[Reference]]


@dataclass(frozen=True, slots=True)
class CompiledEntry:
    """One entry of a stream as closures; paths: all it reads, relative to `each` unless rooted.

    fields, roles: the names of what it fills and of what it refers to.
    """

    kind: Kind
    part: str
    each: Getter | None
    element_key: Getter | None
    when: Condition | None
    steps: tuple[Step, ...]
    refs: tuple[RefStep, ...]
    paths: tuple[Path, ...] = ()
    extensions: tuple[tuple[str, Read], ...] = ()
    each_path: Path | None = None
    fields: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class CompiledMapping:
    """A mapping file ready to run: entries by stream. version: another where results may differ."""

    streams: Mapping[str, tuple[CompiledEntry, ...]] = field(default_factory=dict)
    version: str = ""


def apply(mapping: CompiledMapping, key: RecordKey, record: Record) -> list[CanonicalRecord]:
    """Return the canonical records of one source record, its main part first if it comes first.

    [] for a deleted record and for a stream without a mapping. Of entries with one part the first
    whose condition holds is taken; a part with nothing in it is none.
    """
    if record.deleted:
        return []
    data = record.data
    made: dict[str, tuple[CompiledEntry, Any, Draft]] = {}
    parts: dict[str, list[str]] = {}
    for entry in mapping.streams.get(key.stream, ()):
        for part, scope in _scopes(entry, data, made):
            if part in made or (entry.when is not None and not entry.when(scope, data)):
                continue
            draft = Draft()
            for step in entry.steps:
                step(scope, data, draft)
            if draft.found or draft.issues or not part:
                made[part] = entry, scope, draft
                parts.setdefault(entry.part, []).append(part)
    return [
        CanonicalRecord(
            key,
            part,
            entry.kind,
            draft.fields,
            draft.raw,
            _references(entry, scope, data, key, parts) if entry.refs else (),
            tuple(draft.issues),
            _extensions(entry, scope, data) if entry.extensions else {},
        )
        for part, (entry, scope, draft) in made.items()
    ]


def _references(
    entry: CompiledEntry, scope: Any, data: Any, key: RecordKey, parts: Parts
) -> tuple[Reference, ...]:
    return tuple(found for step in entry.refs for found in step(scope, data, key, parts))


def _extensions(entry: CompiledEntry, scope: Any, data: Any) -> dict[str, Any]:
    found = ((name, read(scope, data)) for name, read in entry.extensions)
    return {name: value for name, value in found if value is not None}


def _scopes(
    entry: CompiledEntry, data: Any, made: Mapping[str, object]
) -> Iterable[tuple[str, Any]]:
    """Return (part, what paths are relative to); one object instead of a list counts as one."""
    if entry.each is None:
        return ((entry.part, data),)
    elements = entry.each(data, data)
    if elements is None:
        return ()
    listed = elements if type(elements) is list else [elements]
    return _elements(entry, listed, data, made)


def _elements(
    entry: CompiledEntry, elements: list[Any], data: Any, made: Mapping[str, object]
) -> Iterator[tuple[str, Any]]:
    for index, element in enumerate(elements):
        name = _element_name(entry.element_key, element, data) or str(index)
        part = f"{entry.part}.{name}"
        # Two elements with one key are two parts nevertheless: nothing is lost.
        yield (f"{part}.{index}" if part in made else part), element


def _element_name(key: Getter | None, element: Any, data: Any) -> str | None:
    """Return an element's own key as part of a part's name; odd keys by their hash."""
    text = scalar_text(key(element, data)) if key is not None else None
    if text is None or not text.strip():
        return None
    name = text.strip()
    if NAME.fullmatch(name) and len(name) <= 60:
        return name
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:16]
