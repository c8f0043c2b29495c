"""Comparisons of single values: identifiers, mailboxes, numbers, streets, dates."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA, Indel, JaroWinkler

from hub.resolution.contact import is_role
from hub.resolution.frame import Column, Frame, Ints, array_from, one_each, value_information
from hub.resolution.letters import SLACK
from hub.resolution.levels import Info, Levels, Outcome, best_of, missing, value_pairs

FEW_VALUES = 16
"""Pairs of values there could be, to each there is, up to which equal pairs are compared once."""
MEASURED = 10_000
SPLIT = 20_000
MONTH = 31
CENTRAL, EXTENSION = 7, 4
"""Digits that a switchboard's number has at least, and an extension at most."""
Compare = Callable[[Column, Ints, Ints], tuple[Levels, Info]]
"""From a column and two arrays of value numbers to level and information per value pair."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """How one facet is compared. levels[0] is `missing`; later is more alike."""

    name: str
    facet: str
    levels: tuple[str, ...]
    compare: Compare


Compares = Callable[[Column, Ints, Ints], tuple[tuple[Levels, Info], ...]]
"""The same, with several answers of one comparison."""


def outcome(comparison: Comparison, facet: str, frame: Frame, left: Ints, right: Ints) -> Outcome:
    """Return the level of each pair of records in one facet."""

    def compare(column: Column, a: Ints, b: Ints) -> tuple[tuple[Levels, Info], ...]:
        return (comparison.compare(column, a, b),)

    return outcomes(compare, 1, facet, frame, left, right)[0]


def outcomes(
    compare: Compares, count: int, facet: str, frame: Frame, left: Ints, right: Ints
) -> list[Outcome]:
    """Return all levels of each pair of records that a comparison with `count` answers gives."""
    column = frame.columns.get(facet)
    if column is None:
        return [missing(len(left))] * count
    rows, a, b = value_pairs(column, left, right)
    if not len(rows):
        return [missing(len(left))] * count
    return [best_of(len(left), rows, *each) for each in _compared(compare, column, a, b)]


def _compared(compare: Compares, column: Column, a: Ints, b: Ints) -> list[tuple[Levels, Info]]:
    """Compare pairs of values; where a column has few values, each pair of them once."""
    size = len(column.vocabulary)
    if size * size > FEW_VALUES * len(a):
        return list(compare(column, a, b))
    one, other, back = _distinct(size, a, b)
    return [(levels[back], info[back]) for levels, info in compare(column, one, other)]


def _distinct(size: int, a: Ints, b: Ints) -> tuple[Ints, Ints, Ints]:
    """Return the distinct pairs of numbers below `size`, and which of them each pair is."""
    pair = a * size + b
    if size * size > FEW_VALUES * len(a):
        found, back = np.unique(pair, return_inverse=True)
    else:
        place = np.full(size * size, -1, dtype=np.int32)
        place[pair] = 0
        found = np.flatnonzero(place == 0)
        place[found] = np.arange(len(found))
        back = place[pair]
    return found // size, found % size, back


def array_of(column: Column, key: str, make: Callable[[str], Any]) -> NDArray[Any]:
    """Return one derived object per value of a column's vocabulary, made once."""
    if key not in column.read:
        array_from(column, key, [make(value) for value in column.vocabulary])
    found = column.read[key]
    assert isinstance(found, np.ndarray)
    return found


def numbered(
    column: Column, key: str, make: Callable[[str], str]
) -> tuple[NDArray[np.int64], list[str]]:
    """Return per value the number of its derived text, and the distinct derived texts."""
    if key not in column.read:
        derived = one_each(map(make, column.vocabulary))
        column.read[key] = (derived.held.items, derived.vocabulary)
    found = column.read[key]
    assert isinstance(found, tuple)
    return found


def similarity(
    scorer: Any, left: NDArray[Any], right: NDArray[Any], least: float | None = None
) -> NDArray[np.float64]:
    """Return a rapidfuzz scorer's answer for each pair of texts, or 0 where it is below `least`.

    The scorer takes what is just `least` for less, so it is asked for a little less.
    """
    if not len(left):
        return np.zeros(0, dtype=np.float64)
    cutoff = None if least is None else least - SLACK
    workers = -1 if len(left) > SPLIT else 1  # a thread costs what thousands of pairs do
    return np.asarray(
        process.cpdist(
            left, right, scorer=scorer, dtype=np.float64, workers=workers, score_cutoff=cutoff
        )
    )


def set_close(
    levels: Levels,
    level: int,
    texts: NDArray[Any],
    a: Ints,
    b: Ints,
    *,
    among: NDArray[np.bool_],
    limit: float,
) -> None:
    """Raise pairs `among` to a level where their texts are nearly equal (edits by length)."""
    at = np.flatnonzero(among)
    near = similarity(OSA.normalized_similarity, texts[a[at]], texts[b[at]], limit) >= limit
    levels[at[near]] = level


def extends(left: NDArray[Any], right: NDArray[Any]) -> NDArray[np.bool_]:
    """Return where one text begins with all words of the other."""
    return np.array(
        [
            one.startswith(f"{other} ") or other.startswith(f"{one} ")
            for one, other in zip(left, right, strict=True)
        ],
        dtype=bool,
    )


def _texts(column: Column) -> NDArray[Any]:
    if "text" not in column.read:
        array_from(column, "text", column.vocabulary)
    found = column.read["text"]
    assert isinstance(found, np.ndarray)
    return found


def exact(prefix: str) -> Compare:
    """Return a comparison with the levels different and same."""

    def compare(column: Column, a: Ints, b: Ints) -> tuple[Levels, Info]:
        same = a == b
        return np.where(same, 2, 1).astype(np.int8), np.where(
            same, value_information(column, prefix)[a], 0
        )

    return compare


def code(prefix: str) -> Compare:
    """Return a comparison of identifiers: different, close (one slip), same."""

    def compare(column: Column, a: Ints, b: Ints) -> tuple[Levels, Info]:
        same = a == b
        levels = np.where(same, 3, 1).astype(np.int8)
        set_close(levels, 2, _texts(column), a, b, among=~same, limit=0.84)
        return levels, np.where(same, value_information(column, prefix)[a], 0).astype(np.int16)

    return compare


def email(column: Column, a: Ints, b: Ints) -> tuple[Levels, Info]:
    """Different, same local part, close (slips), role mailbox shared, same.

    m.weber@ and s.weber@ are no slip, but two people: another first letter is another given name.
    """
    local, locals_ = numbered(column, "local", lambda value: value.partition("@")[0])
    role = array_of(column, "role", is_role).astype(bool)
    same = a == b
    levels = np.where(same, np.where(role[a], 4, 5), 1).astype(np.int8)
    rest, _ = numbered(column, "rest", lambda value: value.partition("@")[0][1:])
    usable = ~same & ~role[a] & ~role[b]
    slips = usable & ((local[a] == local[b]) | (rest[a] != rest[b]))
    set_close(levels, 3, _texts(column), a, b, among=slips, limit=0.86)
    long = np.array([len(text) > 3 for text in locals_], dtype=bool)
    levels[usable & (local[a] == local[b]) & long[local[a]] & (levels < 3)] = 2
    told = np.where(same, value_information(column, "e:")[a], 0)
    shared = value_information(column, "l:", locals_)[local[a]]
    return levels, np.where(levels == 2, shared, told).astype(np.int16)


def phone(column: Column, a: Ints, b: Ints) -> tuple[Levels, Info]:
    """Different, one slip, same switchboard (all but the extension), same.

    How telling that is says the number of those who hold what both share. A switchboard's number
    and a line behind it of another length share nothing that is counted: it tells no more.
    """
    line, lines = numbered(column, "line", lambda value: value[-9:])
    board, boards = numbered(column, "board", lambda value: value[:-3])
    same = line[a] == line[b]
    levels = np.where(same, 4, 1).astype(np.int8)
    set_close(levels, 2, _texts(column), a, b, among=~same, limit=0.88)
    enough = np.array([len(text) > 4 for text in boards], dtype=bool)
    sharing = ~same & (board[a] == board[b]) & enough[board[a]]
    levels[sharing] = 3
    levels[_central(column, a, b, ~same & ~sharing)] = 3
    told = value_information(column, "p:", lines)[line[a]]
    wide = value_information(column, "q:", boards)[board[a]]
    return levels, np.where(same, told, np.where(sharing, wide, 0)).astype(np.int16)


def _central(column: Column, a: Ints, b: Ints, among: NDArray[np.bool_]) -> Ints:
    """Return the positions where one number is a switchboard's and the other a line behind it."""
    area, _ = numbered(column, "area", lambda value: value[:CENTRAL])
    texts = _texts(column)
    at = np.flatnonzero(among & (area[a] == area[b]))
    behind = [reaches(*pair) for pair in zip(texts[a[at]], texts[b[at]], strict=True)]
    return np.asarray(at[np.array(behind, dtype=bool)], dtype=np.int64)


def reaches(one: str, other: str) -> bool:
    """Return whether one number is the other's without its extension, or with 0 for it."""
    central, line = sorted((one, other), key=lambda number: (len(number), number))
    stem = central.removesuffix("0")
    behind = len(line) - len(stem) <= EXTENSION and line.startswith(stem)
    return behind and len(stem) >= CENTRAL < len(central)


def street(column: Column, a: Ints, b: Ints) -> tuple[Levels, Info]:
    """Different, same street with another number, alike, same street without number, same."""
    name, names = numbered(column, "name", lambda value: value.partition("|")[0])
    house, houses = numbered(column, "house", lambda value: value.partition("|")[2])
    texts = np.array([*names, ""], dtype=object)
    blank = houses.index("") if "" in houses else -1
    equal = name[a] == name[b]
    alike = equal.copy()
    rest = np.flatnonzero(~equal)
    one, other, back = _distinct(len(names), name[a[rest]], name[b[rest]])
    one, other = texts[one], texts[other]
    near = similarity(JaroWinkler.normalized_similarity, one, other) >= 0.92
    near |= similarity(Indel.normalized_similarity, one, other) >= 0.8
    near |= extends(one, other)
    alike[rest[near[back]]] = True
    known = (house[a] != blank) & (house[b] != blank)
    numbers = house[a] == house[b]
    levels = np.ones(len(a), dtype=np.int8)
    levels[alike & known & ~numbers] = 2
    levels[alike & ~equal & (~known | numbers)] = 3
    levels[equal & ~known] = 4
    levels[equal & known & numbers] = 5
    levels[alike & ~equal & known & numbers] = 4
    told = value_information(column, "st:")[a]
    by_name = value_information(column, "sn:", names)[name[a]]
    return levels, np.where(levels == 5, told, np.where(levels > 1, by_name, 0)).astype(np.int16)


def postcode(column: Column, a: Ints, b: Ints) -> tuple[Levels, Info]:
    """Different, near (one slip or same region), same."""
    area, _ = numbered(column, "area", lambda value: value[:3])
    same = a == b
    levels = np.where(same, 3, np.where(area[a] == area[b], 2, 1)).astype(np.int8)
    set_close(levels, 2, _texts(column), a, b, among=levels == 1, limit=0.75)
    return levels, np.where(same, value_information(column, "pc:")[a], 0).astype(np.int16)


def city(column: Column, a: Ints, b: Ints) -> tuple[Levels, Info]:
    """Different, alike (slips, part of the other), same."""
    same = a == b
    texts = _texts(column)
    levels = np.where(same, 3, 1).astype(np.int8)
    set_close(levels, 2, texts, a, b, among=~same, limit=0.8)
    rest = np.flatnonzero(levels == 1)
    levels[rest[extends(texts[a[rest]], texts[b[rest]])]] = 2
    return levels, np.where(same, value_information(column, "ci:")[a], 0).astype(np.int16)


def date(prefix: str) -> Compare:
    """Return a comparison of days: different, same year, alike, two parts of three, slip, same.

    Days less than a month apart are alike, too, however they are written.
    """

    def compare(column: Column, a: Ints, b: Ints) -> tuple[Levels, Info]:
        parts = np.array(
            [_parts(value) for value in column.vocabulary] or [(0, 0, 0)], dtype=np.int64
        )
        x, y = parts[a], parts[b]
        same = a == b
        equal = (x == y) & (x > 0)
        swapped = (x[:, 0] == y[:, 0]) & (x[:, 1] == y[:, 2]) & (x[:, 2] == y[:, 1]) & (x[:, 1] > 0)
        levels = np.where(equal[:, 0], 2, 1).astype(np.int8)
        set_close(levels, 3, _texts(column), a, b, among=~same, limit=0.69)
        ordinal = _ordinals(parts)
        levels[np.abs(ordinal[a] - ordinal[b]) <= MONTH] = 3
        levels[(equal.sum(axis=1) == 2) | swapped] = 4
        set_close(levels, 5, _texts(column), a, b, among=levels == 4, limit=0.89)
        levels[same] = 6
        return levels, np.where(same, value_information(column, prefix)[a], 0).astype(np.int16)

    return compare


def _parts(value: str) -> tuple[int, int, int]:
    pieces = [int(piece) for piece in value.split("-") if piece.isdecimal() and len(piece) < 9]
    return (pieces[0], pieces[1], pieces[2]) if len(pieces) == 3 else (0, 0, 0)


def _ordinals(parts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return roughly the number of each day, months taken as equally long; nan for no day."""
    days = (parts[:, 0] * 372 + parts[:, 1] * 31 + parts[:, 2]).astype(np.float64)
    days[parts[:, 0] == 0] = np.nan
    return days


def number(prefix: str) -> Compare:
    """Return a comparison of quantities: different, near (within a hundredth), same.

    Small numbers are labels more often than measures (a month, a house): never near.
    """

    def compare(column: Column, a: Ints, b: Ints) -> tuple[Levels, Info]:
        values = np.array([_quantity(value) for value in column.vocabulary] or [np.nan])
        same = a == b
        with np.errstate(invalid="ignore"):
            most = np.maximum(np.abs(values[a]), np.abs(values[b]))
            near = (np.abs(values[a] - values[b]) <= 0.01 * most) & (most >= MEASURED)
        levels = np.where(same, 3, np.where(near, 2, 1)).astype(np.int8)
        return levels, np.where(same, value_information(column, prefix)[a], 0).astype(np.int16)

    return compare


def _quantity(value: str) -> float:
    try:
        return float(value.replace(",", "."))
    except ValueError:
        return float("nan")
