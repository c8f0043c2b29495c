"""Records as columns: per facet a vocabulary, the values each record holds, what each tells."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain, count
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hub.resolution.facets import Facets
from hub.resolution.tokens import Counts, information

Ints = NDArray[np.int64]
MOST_NUMBERS = 1 << 62
"""What numbers of rows stay below: 64 bits hold them."""


@dataclass(slots=True)
class Lists:
    """Lists of integers laid end to end: list `k` is `items[starts[k]:starts[k + 1]]`."""

    starts: Ints
    items: Ints

    def lengths(self, at: Ints) -> Ints:
        """Return the lengths of the lists numbered `at`."""
        return self.starts[at + 1] - self.starts[at]

    def taken(self, at: Ints) -> "Lists":
        """Return the lists numbered `at`, in that order."""
        lengths = self.lengths(at)
        starts = np.zeros(len(at) + 1, dtype=np.int64)
        np.cumsum(lengths, out=starts[1:])
        return Lists(starts, self.items[runs(self.starts[at], lengths)])

    def owners(self) -> Ints:
        """Return for each item the number of the list that it is in."""
        return np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))


def lists_of(rows: Sequence[Sequence[int]]) -> Lists:
    """Return rows laid end to end."""
    starts = np.zeros(len(rows) + 1, dtype=np.int64)
    np.cumsum([len(row) for row in rows], out=starts[1:])
    return Lists(
        starts, np.fromiter(chain.from_iterable(rows), dtype=np.int64, count=int(starts[-1]))
    )


@dataclass(slots=True)
class Texts:
    """Lists of texts. vocabulary: distinct; held: by number."""

    vocabulary: list[str]
    held: Lists


def numbering() -> defaultdict[Any, int]:
    """Return what gives each thing a number when it is first asked for: 0, 1, 2 ..."""
    return defaultdict(count().__next__)


def texts_of(rows: Iterable[Sequence[str]]) -> Texts:
    """Return rows of texts, their vocabulary in order of first use."""
    numbers = numbering()
    number = numbers.__getitem__
    held = lists_of([list(map(number, row)) for row in rows])
    return Texts(list(numbers), held)


def one_each(texts: Iterable[str]) -> Texts:
    """Return lists of one text."""
    numbers = numbering()
    items = np.fromiter(map(numbers.__getitem__, texts), dtype=np.int64)
    return Texts(list(numbers), Lists(np.arange(len(items) + 1), items))


def joined(parts: Sequence[Texts]) -> Texts:
    """Return the lists of all parts, one behind the other."""
    numbers = numbering()
    items, ends, end = [np.zeros(0, dtype=np.int64)], [np.zeros(1, dtype=np.int64)], 0
    for part in parts:
        new = np.fromiter(map(numbers.__getitem__, part.vocabulary), dtype=np.int64)
        items.append(new[part.held.items])
        ends.append(part.held.starts[1:] + end)
        end += int(part.held.starts[-1])
    return Texts(list(numbers), Lists(np.concatenate(ends), np.concatenate(items)))


def by_first_use(texts: Texts) -> Texts:
    """Return the same lists with a vocabulary of what they hold, in order of first use."""
    items = texts.held.items
    first = np.full(len(texts.vocabulary), len(items), dtype=np.int64)
    first[items[::-1]] = np.arange(len(items) - 1, -1, -1)
    order = np.argsort(first, kind="stable")[: int(np.count_nonzero(first < len(items)))]
    number = np.zeros(len(first), dtype=np.int64)
    number[order] = np.arange(len(order))
    vocabulary = texts.vocabulary
    return Texts([vocabulary[at] for at in order.tolist()], Lists(texts.held.starts, number[items]))


def cross(left: Lists, a: Ints, right: Lists, b: Ints) -> tuple[Ints, Ints, Ints]:
    """Return every combination of an item of list `a[k]` with one of `b[k]`.

    The result is (k, position in left.items, position in right.items), ordered by k.
    """
    wide, high = left.lengths(a), right.lengths(b)
    pair = np.repeat(np.arange(len(a)), wide)
    item = runs(left.starts[a], wide)
    across = high[pair]
    return np.repeat(pair, across), np.repeat(item, across), runs(right.starts[b][pair], across)


def runs(starts: Ints, lengths: Ints) -> Ints:
    """Return the numbers from each start on, as many as its length, one run behind the other."""
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    return np.arange(total) + np.repeat(starts - ends + lengths, lengths)


def entries_at(matrix: Any, rows: Ints, columns: Ints) -> Ints:
    """Return the entries of a sparse matrix at given places."""
    if not len(rows):  # asked for nothing, scipy gives a matrix back
        return np.zeros(0, dtype=np.int64)
    return np.asarray(matrix[rows, columns]).ravel().astype(np.int64)


def row_numbers(columns: Iterable[tuple[Ints, int]], size: int) -> Ints:
    """Return a number for each of `size` rows of columns of numbers: the same where all are the
    same, and in the order of the first that differs.

    columns: each with what its numbers, from 0 on, are below.
    """
    found, below = np.zeros(size, dtype=np.int64), 1
    for column, width in columns:
        if below * width > MOST_NUMBERS:
            found, below = np.unique(found, return_inverse=True)[1], size
        found = found * width + column
        below *= width
    return found


@dataclass(slots=True)
class Column:
    """One facet of all records. held: record -> numbers of its values in `vocabulary`."""

    facet: str
    vocabulary: list[str]
    held: Lists
    counts: Counts
    read: dict[str, object] = field(default_factory=dict)
    """What comparisons derive from the vocabulary, once."""


@dataclass(slots=True)
class Frame:
    """Distinct profiles of one kind in columns; a pair names two of them by position."""

    size: int
    columns: dict[str, Column]
    counts: Counts

    @property
    def labelled(self) -> list[str]:
        """Return the facets that carry a label, in order of name."""
        return sorted(facet for facet in self.columns if ":" in facet)


def frame_of(rows: Sequence[Facets], counts: Counts) -> Frame:
    """Return the columns of records given by their facets."""
    held: dict[str, tuple[list[int], list[Sequence[str]]]] = {}
    for at, row in enumerate(rows):
        for facet, values in row.items():
            where, what = held.setdefault(facet, ([], []))
            where.append(at)
            what.append(values)
    columns = {name: _column(name, len(rows), *held[name], counts) for name in sorted(held)}
    return Frame(len(rows), columns, counts)


def _column(
    facet: str, size: int, where: list[int], what: list[Sequence[str]], counts: Counts
) -> Column:
    """Return the column of a facet of which the records numbered `where` hold values."""
    numbers: dict[str, int] = {}
    items = [numbers.setdefault(value, len(numbers)) for values in what for value in values]
    starts = np.zeros(size + 1, dtype=np.int64)
    starts[np.array(where) + 1] = list(map(len, what))
    np.cumsum(starts, out=starts)
    return Column(facet, list(numbers), Lists(starts, np.array(items, dtype=np.int64)), counts)


def array_from(column: Column, key: str, made: Sequence[object]) -> None:
    """Keep one derived object per value of a column's vocabulary."""
    found = np.empty(len(column.vocabulary), dtype=object)
    found[:] = made
    column.read[key] = found


def value_information(
    column: Column, prefix: str, values: Sequence[str] | None = None
) -> NDArray[np.int16]:
    """Return what sharing each value of a column tells, in bits, by its whole-value token.

    values: texts derived from the vocabulary instead, always the same ones for a prefix.
    """
    key = f"information {prefix}"
    if key not in column.read:
        texts = column.vocabulary if values is None else values
        column.read[key] = information(column.counts, [prefix + value for value in texts])
    found = column.read[key]
    assert isinstance(found, np.ndarray)
    return found
