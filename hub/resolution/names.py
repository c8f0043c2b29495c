"""Comparison of organisation names and texts by what their matched and unmatched words tell."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA, Indel, JaroWinkler, Postfix, Prefix

from hub.resolution.apart import apart, of_each
from hub.resolution.company import TRADE_WORDS
from hub.resolution.comparison import similarity
from hub.resolution.frame import Column, Ints, Lists, Texts, cross, texts_of
from hub.resolution.letters import Letters, letters_of, may_resemble, may_share
from hub.resolution.levels import Info, Levels
from hub.resolution.tokens import information

TRADE_BITS = 4
"""The most a word may tell that many names share wherever they are written."""
TELLING = 3.0
"""Bits from which words that the other side lacks contradict a match."""
ALIKE = 0.8
"""Share of letters in common, in order, from which names resemble each other as a whole."""
NEAR, SLIPS = 0.93, 0.8
"""Jaro-Winkler similarity, and share of letters without an edit, of one word misspelt."""
COMBINATIONS = 1_000_000
"""Words held against words at a time: bounds memory, however many words a value has."""

NAME_LEVELS = (
    "missing",
    "disjoint",
    "conflict",
    "initials",
    "overlap",
    "similar",
    "contained",
    "close",
    "same",
)
DISJOINT, CONFLICT, INITIALS, OVERLAP, SIMILAR, CONTAINED, CLOSE, SAME = range(1, 9)
_NO_DIGIT = re.compile(r"\D+")
FORM_LEVELS = ("missing", "different", "partner", "same")


@dataclass(slots=True)
class _Words:
    """The words of a column's values: per value its words, per word its text and information."""

    lists: Lists
    texts: NDArray[np.object_]
    info: NDArray[np.float64]
    letters: Letters


def company_names(column: Column, a: Ints, b: Ints) -> tuple[Levels, Info]:
    """Compare names of organisations; the information is that of the words both share."""
    return _companies(column, "w:", a, b)


def employers(column: Column, a: Ints, b: Ints) -> tuple[Levels, Info]:
    """Compare the organisations that two people belong to, by name."""
    return _companies(column, "ew:", a, b)


def _companies(column: Column, prefix: str, a: Ints, b: Ints) -> tuple[Levels, Info]:
    read = apart(column)
    table = _words(column, prefix, lambda: read.words)
    return _compare(table, _whole(column, read.whole, lambda: of_each(read.initials)), a, b)


def texts(prefix: str) -> "_TextComparison":
    """Return the comparison of free texts, whose tokens begin with a prefix."""
    return _TextComparison(prefix)


@dataclass(frozen=True, slots=True)
class _TextComparison:
    prefix: str

    def __call__(self, column: Column, a: Ints, b: Ints) -> tuple[Levels, Info]:
        values = column.vocabulary
        table = _words(
            column, self.prefix, lambda: texts_of(value.split()[:60] for value in values)
        )
        if "whole" not in column.read:
            column.read["whole texts"] = texts_of([value.replace(" ", "")] for value in values)
        whole = column.read["whole texts"]
        assert isinstance(whole, Texts)
        blank = np.array(["" for _ in values], dtype=object)
        return _compare(table, _whole(column, whole, lambda: blank), a, b)


def _whole(column: Column, whole: Texts, initials: Callable[[], NDArray[np.object_]]) -> "_Joined":
    if "whole" not in column.read:
        texts = np.array([*whole.vocabulary, ""], dtype=object)
        letters = letters_of(whole.vocabulary)
        column.read["whole"] = _Joined(whole.held.items, texts, initials(), letters)
    found = column.read["whole"]
    assert isinstance(found, _Joined)
    return found


def _words(column: Column, prefix: str, split: Callable[[], Texts]) -> _Words:
    key = f"words {prefix}"
    if key not in column.read:
        words = split()
        lists, numbers = words.held, words.vocabulary
        info = information(column.counts, [prefix + word for word in numbers]).astype(np.float64)
        trade = np.array([word in TRADE_WORDS for word in numbers], dtype=bool)
        short = np.array([len(word) < 2 for word in numbers], dtype=bool)
        info[trade] = np.minimum(info[trade], TRADE_BITS)
        info[short] = np.minimum(info[short], 1)
        texts = np.array([*numbers, ""], dtype=object)
        column.read[key] = _Words(lists, texts, info, letters_of(numbers))
    found = column.read[key]
    assert isinstance(found, _Words)
    return found


@dataclass(frozen=True, slots=True)
class _Joined:
    """Per value the number of its joined text, the joined texts, per value its initials."""

    number: NDArray[np.int64]
    texts: NDArray[np.object_]
    initials: NDArray[np.object_]
    letters: Letters


def _compare(table: _Words, joined: _Joined, a: Ints, b: Ints) -> tuple[Levels, Info]:
    levels = np.zeros(len(a), dtype=np.int8)
    info = np.zeros(len(a), dtype=np.int16)
    ends = np.cumsum(table.lists.lengths(a) * table.lists.lengths(b) + 1)
    cuts = np.arange(0, int(ends[-1]) if len(ends) else 0, COMBINATIONS)
    for start, stop in pairwise([*np.searchsorted(ends, cuts, side="right").tolist(), len(a)]):
        part = slice(start, stop)
        levels[part], info[part] = _compare_some(table, joined, a[part], b[part])
    return levels, info


def _compare_some(table: _Words, joined: _Joined, a: Ints, b: Ints) -> tuple[Levels, Info]:
    shared, left, right = _aligned(table, a, b)
    same = joined.number[a] == joined.number[b]
    one, other = joined.texts[joined.number[a]], joined.texts[joined.number[b]]
    ratio = _shares(joined, a, b, ~same)
    levels = np.full(len(a), DISJOINT, dtype=np.int8)
    least, most = np.minimum(left, right), np.maximum(left, right)
    touching = shared >= 2.0
    levels[touching & (least >= TELLING)] = CONFLICT
    levels[touching & (least >= TELLING) & ((ratio >= ALIKE) | (shared >= 2.5 * least))] = OVERLAP
    levels[touching & (least < TELLING)] = SIMILAR
    levels[(ratio >= ALIKE) & (levels == DISJOINT)] = SIMILAR
    levels[touching & (least <= 1.0) & (most > 1.0)] = CONTAINED
    levels[touching & (most <= 1.0)] = CLOSE
    levels[(ratio >= 0.93) & (most < 2 * TELLING)] = CLOSE
    levels[_numbered_apart(one, other, (ratio >= ALIKE) & ~same)] = CONFLICT
    levels[same] = SAME
    levels[(levels == DISJOINT) & _initials_match(joined, a, b, levels == DISJOINT)] = INITIALS
    whole = np.where(same | (levels == CLOSE), np.maximum(shared, _total(table, a)), shared)
    return levels, np.minimum(whole, 60).astype(np.int16)


def _shares(joined: _Joined, a: Ints, b: Ints, differing: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return which share of their letters names have in common, 0 where that is below ALIKE."""
    found = np.where(differing, 0.0, 1.0)
    at = np.flatnonzero(differing)
    one, other = joined.number[a[at]], joined.number[b[at]]
    likely = may_share(joined.letters, one, other, ALIKE)
    x, y = joined.texts[one[likely]], joined.texts[other[likely]]
    found[at[likely]] = similarity(Indel.normalized_similarity, x, y, ALIKE)
    return found


def _numbered_apart(
    one: NDArray[np.object_], other: NDArray[np.object_], among: NDArray[np.bool_]
) -> Ints:
    """Return the positions where both names hold numbers, and others: plant 1 is not plant 10."""
    at = np.flatnonzero(among)
    digits = (
        (_NO_DIGIT.sub("", left), _NO_DIGIT.sub("", right))
        for left, right in zip(one[at].tolist(), other[at].tolist(), strict=True)
    )
    apart = [bool(left and right) and left != right for left, right in digits]
    return np.asarray(at[np.array(apart, dtype=bool)], dtype=np.int64)


def _initials_match(
    joined: _Joined, a: Ints, b: Ints, among: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Return whether one side is spelt as the other's initials, three letters at least."""
    found = np.zeros(len(a), dtype=bool)
    at = np.flatnonzero(among)
    for one, other in ((a[at], b[at]), (b[at], a[at])):
        letters = joined.initials[one]
        found[at] |= (letters == joined.texts[joined.number[other]]) & (
            np.array([len(text) for text in letters], dtype=np.int64) > 2
        )
    return found


def _total(table: _Words, a: Ints) -> NDArray[np.float64]:
    rows = np.repeat(np.arange(len(a)), table.lists.lengths(a))
    at = table.lists.taken(a).items
    return np.asarray(np.bincount(rows, table.info[at], len(a)), dtype=np.float64)


def _aligned(
    table: _Words, a: Ints, b: Ints
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return what the shared words tell, and what each side says beyond them, in bits.

    A word counts as found on the other side by the best likeness it has there: equal 1, slip 0.75,
    abbreviated 0.75, part of a compound 0.5. All values are multiples of 1/4, sums are exact.
    """
    rows, x, y = cross(table.lists, a, table.lists, b)
    one, other = table.lists.items[x], table.lists.items[y]
    alike = _likeness(table, one, other)
    shared, left = _side(table, rows, x, one, alike, len(a))
    turn = _turned(rows, table.lists.lengths(a), table.lists.lengths(b))
    shared_right, right = _side(table, rows, y[turn], other[turn], alike[turn], len(a))
    return np.minimum(shared, shared_right), left, right


def _turned(rows: Ints, wide: Ints, high: Ints) -> Ints:
    """Return the order that walks each pair's combinations by the right side's words first."""
    ends = np.cumsum(wide * high)
    offset = np.repeat(ends - wide * high, wide * high)
    within = np.arange(len(rows)) - offset
    across = np.maximum(wide, 1)[rows]
    return np.asarray(offset + (within % across) * high[rows] + within // across)


def _side(
    table: _Words, rows: Ints, at: Ints, word: Ints, alike: NDArray[np.float64], size: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return per pair the information of one side's words that is found, and that is not."""
    if not len(rows):
        return np.zeros(size), np.zeros(size)
    firsts = np.flatnonzero((np.diff(rows, prepend=-1) != 0) | (np.diff(at, prepend=-1) != 0))
    best = np.maximum.reduceat(alike, firsts)
    told = table.info[word[firsts]]
    found = np.bincount(rows[firsts], told * best, size)
    lost = np.bincount(rows[firsts], told * (1.0 - best), size)
    return np.asarray(found, dtype=np.float64), np.asarray(lost, dtype=np.float64)


def _likeness(table: _Words, one: Ints, other: Ints) -> NDArray[np.float64]:
    alike: NDArray[np.float64] = (one == other).astype(np.float64)
    differing = np.flatnonzero(one != other)
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


def legal_forms(column: Column, a: Ints, b: Ints) -> tuple[Levels, Info]:
    """Different, a company and its general partner's form, same; one side without: missing."""
    read = apart(column).form
    form, forms = read.held.items, read.vocabulary
    blank = forms.index("") if "" in forms else -1
    texts = np.array(forms, dtype=object)
    kin = np.array([_KIN.get(text, text) for text in texts], dtype=object)
    levels = np.where(form[a] == form[b], 3, np.where(kin[form[a]] == kin[form[b]], 2, 1)).astype(
        np.int8
    )
    levels[(form[a] == blank) | (form[b] == blank)] = 0
    return levels, np.zeros(len(a), dtype=np.int16)


_KIN = {"gmbhcokg": "kg", "gmbhcoohg": "ohg", "ggmbh": "gmbh", "ug": "gmbh"}
