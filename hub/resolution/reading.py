"""Reads profiles into columns, in slices that several processes can share."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import starmap

import numpy as np
from numpy.typing import NDArray

from hub.model.resolution import Profile
from hub.resolution import apart
from hub.resolution.apart import Apart, apart_of
from hub.resolution.bags import bags_of, in_order
from hub.resolution.facets import Facets, Reader, readers_of
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
from hub.resolution.told import NOTHING, Told, together, told_of

COMPANIES = frozenset(("name", "employer"))
"""Facets that hold names of organisations."""
TOWN = "city"
"""What decides who reads a record's town: its name may tell of one only where it states none."""


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
class Reading:
    """What some records say, in their order: who they are, of what source each is, and the part."""

    refs: list[str]
    ids: Ints
    sources: Texts
    part: Part


def reading_of(profiles: Sequence[Profile]) -> Reading:
    """Return what records of one kind say."""
    return Reading(
        [each.ref for each in profiles],
        np.array([each.id for each in profiles], dtype=np.int64),
        one_each([each.source for each in profiles]),
        read_part(profiles),
    )


def read_part(profiles: Sequence[Profile]) -> Part:
    """Return what profiles of one kind say; what several of them say is read once."""
    kind = profiles[0].kind if profiles else ""
    return part_of(kind, told_of(profiles), len(profiles))


def part_of(kind: str, told: Mapping[str, Told], size: int) -> Part:
    """Return what `size` records of a kind say. told: by type, or `type:label`, no blank values."""
    sheets: dict[str, list[_Sheet]] = {}
    for reader, heard in _readers(kind, told, size):
        sheets.setdefault(reader.facet, []).append(_sheet(reader, heard, size))
    read = {name: _read(sheets[name], size) for name in sorted(sheets)}
    found = {name: texts for name, texts in read.items() if texts.vocabulary}
    names = {name: apart_of(found[name].vocabulary) for name in COMPANIES & found.keys()}
    return Part(size, bags_of(found, names, size), found, names)


_Sheet = tuple[Iterable[tuple[str, ...]], Ints, Ints]
"""What a reader reads out of each of its inputs, who tells any, and which of them each tells."""


def _readers(
    kind: str, told: Mapping[str, Told], size: int
) -> Iterator[tuple[Reader, Mapping[str, Told]]]:
    """Yield who reads, and what is told to it.

    Of records that state a town another one reads the town than of those that state none.
    """
    town = np.zeros(size, dtype=bool)
    if TOWN in told:
        town[told[TOWN].at] = True
    every = _by_what(kind, told)
    without = _by_what(kind, [name for name in told if name != TOWN])
    for what, reader in every.items():
        yield reader, told if what in without else _among(town, told, reader)
    for what, reader in without.items():
        if what not in every:
            yield reader, _among(~town, told, reader)


def _by_what(kind: str, told: Iterable[str]) -> dict[tuple[str, tuple[str, ...]], Reader]:
    return {(each.facet, each.told): each for each in readers_of(kind, tuple(told))}


def _among(
    wanted: NDArray[np.bool_], told: Mapping[str, Told], reader: Reader
) -> Mapping[str, Told]:
    return {name: told[name].among(wanted) for name in reader.told if name in told}


def _sheet(reader: Reader, told: Mapping[str, Told], size: int) -> _Sheet:
    if len(reader.told) == 1:
        one = told[reader.told[0]]
        return map(reader, one.inputs), one.at, one.which
    inputs, at, which = together([told.get(name, NOTHING) for name in reader.told], size)
    return starmap(reader, inputs), at, which


def _read(sheets: Iterable[_Sheet], size: int) -> Texts:
    """Return one facet of `size` records."""
    numbers = numbering()
    number = numbers.__getitem__
    rows: list[list[int]] = [[]]  # of who tells nothing
    row_of = np.zeros(size, dtype=np.int64)
    for read, at, which in sheets:
        row_of[at] = which + len(rows)
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
