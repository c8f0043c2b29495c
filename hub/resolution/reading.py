"""Reads profiles into columns, in slices that several processes can share."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from hub.model.resolution import Profile
from hub.resolution.company import CompanyName, company_name
from hub.resolution.facets import Facets, facets_of
from hub.resolution.frame import Column, Frame, Lists, array_from, lists_of
from hub.resolution.tokens import Counts, tokens_of_facets


@dataclass(slots=True)
class Texts:
    """Texts of several profiles. vocabulary: distinct, in order of first use; held: by number."""

    vocabulary: list[str]
    held: Lists
    companies: list[CompanyName] = field(default_factory=list)
    """Of facets that hold names of companies: each text taken apart."""


COMPANIES = frozenset(("name", "employer"))


@dataclass(slots=True)
class Part:
    """What some profiles say, in their order: their tokens, and the values of each facet."""

    size: int
    tokens: Texts
    facets: dict[str, Texts]


def read_part(profiles: Sequence[Profile]) -> Part:
    """Return what profiles say."""
    rows = [facets_of(profile) for profile in profiles]
    tokens = _texts(tokens_of_facets(row) for row in rows)
    found = {
        name: _texts(row.get(name, ()) for row in rows)
        for name in sorted({name for row in rows for name in row})
    }
    for name in COMPANIES & found.keys():
        found[name].companies = [company_name(text) for text in found[name].vocabulary]
    return Part(len(rows), tokens, found)


def _texts(rows: Iterable[Sequence[str]]) -> Texts:
    numbers: dict[str, int] = {}
    number = numbers.setdefault
    held = lists_of([[number(text, len(numbers)) for text in row] for row in rows])
    return Texts(list(numbers), held)


def merged(parts: Sequence[Part]) -> Part:
    """Return the parts as one: what reading all of their profiles at once would give."""
    if len(parts) == 1:
        return parts[0]
    names = sorted({name for part in parts for name in part.facets})
    return Part(
        sum(part.size for part in parts),
        _joined([part.tokens for part in parts]),
        {
            name: _joined([part.facets.get(name) or _nothing(part.size) for part in parts])
            for name in names
        },
    )


def _nothing(size: int) -> Texts:
    empty = np.zeros(0, dtype=np.int64)
    return Texts([], Lists(np.zeros(size + 1, dtype=np.int64), empty))


def _joined(parts: Sequence[Texts]) -> Texts:
    numbers: dict[str, int] = {}
    companies: list[CompanyName] = []
    items, ends = [], [np.zeros(1, dtype=np.int64)]
    for part in parts:
        for text, company in zip(part.vocabulary, part.companies, strict=False):
            if text not in numbers:
                companies.append(company)
        new = [numbers.setdefault(text, len(numbers)) for text in part.vocabulary]
        items.append(np.array(new, dtype=np.int64)[part.held.items])
        ends.append(part.held.starts[1:] + ends[-1][-1])
    return Texts(list(numbers), Lists(np.concatenate(ends), np.concatenate(items)), companies)


def frame_from(part: Part, counts: Counts) -> Frame:
    """Return the columns of what was read."""
    columns = {
        name: Column(name, texts.vocabulary, texts.held, counts)
        for name, texts in part.facets.items()
    }
    for name in COMPANIES & columns.keys():
        array_from(columns[name], "company", part.facets[name].companies)
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
