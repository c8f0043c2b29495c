"""Words of two names or texts held against each other: what is shared, and what is not."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA, JaroWinkler, Postfix, Prefix

from hub.resolution.company import TRADE_WORDS
from hub.resolution.comparison import similarity
from hub.resolution.frame import Column, Ints, Lists, Texts, cross, runs
from hub.resolution.letters import Letters, letters_of, may_resemble
from hub.resolution.tokens import information
from hub.resolution.wordlists import listed

TRADE_BITS = 4
"""The most a word may tell that many names share wherever they are written."""
NEAR, SLIPS = 0.93, 0.8
"""Jaro-Winkler similarity, and share of letters without an edit, of one word misspelt."""
COMBINATIONS = 1_000_000
"""Words held against words at a time: bounds memory, however many words a value has."""
KINDS = 3
TELLING, GIVEN, TRADE = range(KINDS)
"""Kinds of words: what a thing is called by, given names, trades."""
KIND_OF = dict.fromkeys(listed("given"), GIVEN) | dict.fromkeys(TRADE_WORDS, TRADE)
Bits = NDArray[np.float64]


@dataclass(slots=True)
class Words:
    """The words of a column's values: per value its words, per word its text and information.

    kind: TELLING, GIVEN or TRADE, per word; digits: the number of those in a word, 0 for none.
    """

    lists: Lists
    texts: NDArray[np.object_]
    info: Bits
    letters: Letters
    kind: Ints
    digits: Ints


@dataclass(frozen=True, slots=True)
class Aligned:
    """What the shared words of pairs tell, and what each side says beyond them, a row a kind."""

    shared: Bits
    left: Bits
    right: Bits


def words_of(column: Column, prefix: str, split: Callable[[], Texts]) -> Words:
    """Return the words of a column, once. prefix: of their tokens. split: gives them."""
    key = f"words {prefix}"
    if key not in column.read:
        words = split()
        lists, numbers = words.held, words.vocabulary
        info = information(column.counts, [prefix + word for word in numbers]).astype(np.float64)
        kind = np.array([KIND_OF.get(word, TELLING) for word in numbers], dtype=np.int64)
        short = np.array([len(word) < 2 for word in numbers], dtype=bool)
        info[kind == TRADE] = np.minimum(info[kind == TRADE], TRADE_BITS)
        info[short] = np.minimum(info[short], 1)
        texts = np.array([*numbers, ""], dtype=object)
        column.read[key] = Words(lists, texts, info, letters_of(numbers), kind, digits_of(numbers))
    found = column.read[key]
    assert isinstance(found, Words)
    return found


def told_by(table: Words, a: Ints) -> Bits:
    """Return what all words of each value tell."""
    rows = np.repeat(np.arange(len(a)), table.lists.lengths(a))
    at = table.lists.taken(a).items
    return np.asarray(np.bincount(rows, table.info[at], len(a)), dtype=np.float64)


_NO_DIGIT = re.compile(r"\D+")


def digits_of(texts: Iterable[str]) -> Ints:
    """Return numbers that are equal where texts hold the same digits, 0 where they hold none.

    Other digits are another thing, no slip: XK-200 and XK-300, 2024 and 2025.
    """
    number = {"": 0}
    spelt = ("" if text.isalpha() else _NO_DIGIT.sub("", text) for text in texts)
    return np.array([number.setdefault(each, len(number)) for each in spelt], dtype=np.int64)


def aligned(table: Words, a: Ints, b: Ints) -> Iterator[tuple[slice, Aligned]]:
    """Yield pairs of values with their words held against each other, some at a time.

    A word counts as found on the other side by the best likeness it has there: equal 1, slip 0.75,
    abbreviated 0.75, part of a compound 0.5. All values are multiples of 1/4, sums are exact.
    """
    ends = np.cumsum(table.lists.lengths(a) * table.lists.lengths(b) + 1)
    cuts = np.arange(0, int(ends[-1]) if len(ends) else 0, COMBINATIONS)
    for start, stop in pairwise([*np.searchsorted(ends, cuts, side="right").tolist(), len(a)]):
        part = slice(start, stop)
        yield part, _aligned(table, a[part], b[part])


def _aligned(table: Words, a: Ints, b: Ints) -> Aligned:
    wide, high = table.lists.lengths(a), table.lists.lengths(b)
    _, x, y = cross(table.lists, a, table.lists, b)
    alike = _likeness(table, table.lists.items[x], table.lists.items[y])
    shared, left = _side(table, a, high, alike)
    shared_right, right = _side(table, b, wide, alike[_turned(wide, high)])
    return Aligned(np.minimum(shared, shared_right), left, right)


def _turned(wide: Ints, high: Ints) -> Ints:
    """Return the order that walks each pair's combinations by the right side's words first."""
    pair = np.repeat(np.arange(len(wide)), high)
    sizes = wide * high
    first = runs(np.cumsum(sizes) - sizes, high)
    across = wide[pair]
    within = runs(np.zeros_like(across), across)
    return np.asarray(np.repeat(first, across) + within * np.repeat(high[pair], across))


def _side(table: Words, values: Ints, others: Ints, alike: Bits) -> tuple[Bits, Bits]:
    """Return per pair the information of one side's words that is found, and that is not.

    others: how many words each pair's other side has. alike: of each word with each of those.
    """
    size = len(values)
    row = np.repeat(np.arange(size), table.lists.lengths(values))
    met = np.flatnonzero(others[row])
    if not len(met):
        return np.zeros(size), np.zeros((KINDS, size))
    row, word = row[met], table.lists.taken(values).items[met]
    across = others[row]
    best = np.maximum.reduceat(alike, np.cumsum(across) - across)
    kind, told = table.kind[word], table.info[word]
    found = np.bincount(row, told * best, size)
    lost = np.bincount(kind * size + row, told * (1.0 - best), KINDS * size)
    return np.asarray(found, dtype=np.float64), np.asarray(lost.reshape(KINDS, size), np.float64)


def _likeness(table: Words, one: Ints, other: Ints) -> NDArray[np.float64]:
    alike: Bits = (one == other).astype(np.float64)
    x, y = table.digits[one], table.digits[other]
    differing = np.flatnonzero((one != other) & ((x == y) | (x == 0) | (y == 0)))
    x, y = one[differing], other[differing]
    differing = differing[may_resemble(table.letters, x, y, jaro_winkler=NEAR, edits=SLIPS)]
    width = len(table.texts)
    pairs, back = np.unique(one[differing] * width + other[differing], return_inverse=True)
    x, y = table.texts[pairs // width], table.texts[pairs % width]
    found = np.zeros(len(pairs), dtype=np.float64)
    found[similarity(JaroWinkler.normalized_similarity, x, y, NEAR) >= NEAR] = 0.75
    found[similarity(OSA.normalized_similarity, x, y, SLIPS) >= SLIPS] = 0.75
    alike[differing] = np.maximum(found, _parts(x, y))[back]
    return alike


def _parts(one: NDArray[np.object_], other: NDArray[np.object_]) -> NDArray[np.float64]:
    """Return what it is worth that one word begins with the other (0.75) or ends with it (0.5).

    One letter is an initial (0.5), two are chance.
    """
    lengths = [np.array([len(word) for word in words], dtype=np.int64) for words in (one, other)]
    short = np.minimum(*lengths)
    begins = similarity(Prefix.similarity, one, other) == short
    ends = similarity(Postfix.similarity, one, other) == short
    worth = np.where(begins, 0.75, np.where(ends, 0.5, 0.0))
    worth[short < 3] = 0.0
    worth[(short == 1) & begins] = 0.5
    return worth
