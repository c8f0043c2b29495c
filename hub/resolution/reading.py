"""Reads profiles into columns, in slices that several processes can share."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, repeat, starmap
from typing import Any

import numpy as np

from hub.model.resolution import Profile
from hub.resolution import apart
from hub.resolution.apart import Apart, apart_of
from hub.resolution.bags import bags_of, in_order
from hub.resolution.facets import Facets, Reader, readers_of, stated, type_of
from hub.resolution.frame import (
    Column,
    Frame,
    Ints,
    Lists,
    Texts,
    by_first_use,
    joined,
    lists_of,
    numbering,
    one_each,
)
from hub.resolution.tokens import Counts

COMPANIES = frozenset(("name", "employer"))
"""Facets that hold names of organisations."""
_Told = Mapping[str, tuple[str, ...]]
_NONE: tuple[str, ...] = ()


@dataclass(slots=True)
class Part:
    """What some profiles say, in their order: their tokens, and the values of each facet.

    names: of facets that hold names of organisations, each distinct one taken apart.
    """

    size: int
    tokens: Texts
    facets: dict[str, Texts]
    names: dict[str, Apart]


@dataclass(slots=True)
class _Sheet:
    """What one reader is told. inputs: distinct, by number; at, told: which records, and what.

    An input is what is told type by type; of a reader of one type, what is told and nothing else.
    """

    inputs: defaultdict[tuple[Any, ...], int] = field(default_factory=numbering)
    at: list[int] = field(default_factory=list)
    told: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Reading:
    """What some records say, in their order: who they are, of what source each is, and the part."""

    refs: list[str]
    ids: Ints
    sources: Texts
    part: Part


def reading_of(profiles: Sequence[Profile]) -> Reading:
    """Return what records say."""
    return Reading(
        [each.ref for each in profiles],
        np.array([each.id for each in profiles], dtype=np.int64),
        one_each([each.source for each in profiles]),
        read_part(profiles),
    )


def read_part(profiles: Sequence[Profile]) -> Part:
    """Return what profiles say; what several of them say is read once."""
    sheets: dict[str, dict[Reader, _Sheet]] = {}
    for (kind, types), groups in _alike(profiles).items():
        for reader in readers_of(kind, types):
            sheet = sheets.setdefault(reader.facet, {}).setdefault(reader, _Sheet())
            for group in groups:
                _tell(sheet, reader, group)
    read = {name: _read(sheets[name], len(profiles)) for name in sorted(sheets)}
    found = {name: texts for name, texts in read.items() if texts.vocabulary}
    names = {name: apart_of(found[name].vocabulary) for name in COMPANIES & found.keys()}
    return Part(len(profiles), bags_of(found, names, len(profiles)), found, names)


@dataclass(slots=True)
class _Group:
    """Records that tell the same types. at: which; told: type by type what each of them tells."""

    at: list[int]
    told: dict[str, list[tuple[str, ...]]]


def _alike(profiles: Sequence[Profile]) -> dict[tuple[str, tuple[str, ...]], list[_Group]]:
    """Return positions and told values by kind and by which types are told."""
    groups: dict[tuple[str, tuple[str, ...]], tuple[list[int], list[_Told]]] = {}
    for at, profile in enumerate(profiles):
        features = profile.features
        where, told = groups.setdefault((profile.kind, tuple(features)), ([], []))
        where.append(at)
        told.append(features)
    found: dict[tuple[str, tuple[str, ...]], list[_Group]] = {}
    for (kind, keys), (where, told) in groups.items():
        columns = {key: [features[key] for features in told] for key in keys}
        if all(type_of(key) == key for key in keys) and not any(map(_any_blank, columns.values())):
            found.setdefault((kind, keys), []).append(_Group(where, columns))
            continue
        for at, features in zip(where, told, strict=True):
            plain = stated(features)
            alone = _Group([at], {name: [values] for name, values in plain.items()})
            found.setdefault((kind, tuple(plain)), []).append(alone)
    return found


def _any_blank(column: Sequence[tuple[str, ...]]) -> bool:
    return not all(column) or not all(map(str.strip, chain.from_iterable(column)))


def _tell(sheet: _Sheet, reader: Reader, group: _Group) -> None:
    size, told = len(group.at), group.told
    columns = [told[kind] if kind in told else repeat(_NONE, size) for kind in reader.told]
    inputs = columns[0] if len(columns) == 1 else zip(*columns, strict=True)
    sheet.at += group.at
    sheet.told += map(sheet.inputs.__getitem__, inputs)


def _read(sheets: Mapping[Reader, _Sheet], size: int) -> Texts:
    """Return one facet of `size` records."""
    numbers = numbering()
    number = numbers.__getitem__
    rows: list[list[int]] = [[]]  # of who tells nothing
    row_of = np.zeros(size, dtype=np.int64)
    for reader, sheet in sheets.items():
        row_of[sheet.at] = np.array(sheet.told, dtype=np.int64) + len(rows)
        read = map(reader, sheet.inputs) if len(reader.told) == 1 else starmap(reader, sheet.inputs)
        rows += [list(map(number, values)) for values in read]
    return by_first_use(Texts(list(numbers), lists_of(rows).taken(row_of)))


def merged(parts: Sequence[Part]) -> Part:
    """Return the parts as one: what reading all of their profiles at once would give."""
    if len(parts) == 1:
        return parts[0]
    names = sorted({name for part in parts for name in part.facets})
    facets = {
        name: joined([part.facets.get(name) or _nothing(part.size) for part in parts])
        for name in names
    }
    return Part(
        sum(part.size for part in parts),
        in_order(joined([part.tokens for part in parts])),
        facets,
        {name: _names(name, parts) for name in sorted(COMPANIES & facets.keys())},
    )


def taken(part: Part, at: Ints) -> Part:
    """Return what some of a part's profiles say, by their positions; vocabularies stay."""
    return Part(
        len(at),
        Texts(part.tokens.vocabulary, part.tokens.held.taken(at)),
        {name: Texts(one.vocabulary, one.held.taken(at)) for name, one in part.facets.items()},
        part.names,
    )


def _names(facet: str, parts: Sequence[Part]) -> Apart:
    """Return the names of several parts taken apart, in order of first use."""
    known: set[str] = set()
    found = []
    for part in parts:
        if facet in part.facets:
            vocabulary = part.facets[facet].vocabulary
            fresh = [at for at, text in enumerate(vocabulary) if text not in known]
            known.update(vocabulary)
            found.append((part.names[facet], np.array(fresh, dtype=np.int64)))
    return apart.merged(found)


def _nothing(size: int) -> Texts:
    empty = np.zeros(0, dtype=np.int64)
    return Texts([], Lists(np.zeros(size + 1, dtype=np.int64), empty))


def frame_from(part: Part, counts: Counts) -> Frame:
    """Return the columns of what was read."""
    columns = {
        name: Column(name, texts.vocabulary, texts.held, counts)
        for name, texts in part.facets.items()
    }
    for name, taken_apart in part.names.items():
        columns[name].read["apart"] = taken_apart
    return Frame(part.size, columns, counts)


class FacetRows(Sequence[Facets]):
    """The facets of each profile of a frame, put together when they are asked for."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    def __len__(self) -> int:
        return self._frame.size

    def __getitem__(self, at: int) -> Facets:  # type: ignore[override]  # no slices
        if not -len(self) <= at < len(self):
            raise IndexError(at)
        found = {
            name: values_at(column, at % len(self)) for name, column in self._frame.columns.items()
        }
        return {name: values for name, values in found.items() if values}

    def __iter__(self) -> Iterator[Facets]:
        return (self[at] for at in range(len(self)))


def values_at(column: Column, at: int) -> tuple[str, ...]:
    """Return the values that one profile has in a column."""
    held = column.held
    numbers = held.items[held.starts[at] : held.starts[at + 1]].tolist()
    return tuple(column.vocabulary[number] for number in numbers)
