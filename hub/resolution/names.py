"""Comparison of organisation names and texts by what their matched and unmatched words tell."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Indel

from hub.resolution import series
from hub.resolution.align import Aligned, Words, aligned, digits_of, told_by, words_of
from hub.resolution.apart import apart
from hub.resolution.beyond import beyond, trades
from hub.resolution.comparison import similarity
from hub.resolution.frame import Column, Ints, Texts, texts_of
from hub.resolution.letters import Letters, letters_of, may_share
from hub.resolution.levels import Info, Levels

TELLING = 3.0
"""Bits from which words that the other side lacks contradict a match."""
ALIKE = 0.8
"""Share of letters in common, in order, from which names resemble each other as a whole."""

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
FORM_LEVELS = ("missing", "different", "partner", "same")
Answers = tuple[tuple[Levels, Info], ...]


def company_names(column: Column, a: Ints, b: Ints) -> Answers:
    """Compare names of organisations: as a whole, in what is beyond the shared words, in trades.

    The information of the whole is that of the words both share.
    """
    read = apart(column)
    table = company_words(column)
    joined = _whole(column, read.whole, read.initials)
    found = np.zeros((6, len(a)), dtype=np.int16)
    for part, words in aligned(table, a, b):
        found[:2, part] = _judged(table, joined, words, a[part], b[part])
        alike = found[0, part] >= CLOSE  # words may be cut differently: Müllerbau, Müller Bau
        found[2:4, part] = beyond(words, alike)
        found[4:, part] = trades(words, alike)
    return tuple((levels.astype(np.int8), info) for levels, info in found.reshape(3, 2, len(a)))


def company_words(column: Column) -> Words:
    """Return the words of a column of names of organisations."""
    return words_of(column, "w:", lambda: apart(column).words)


def employers(column: Column, a: Ints, b: Ints) -> tuple[Levels, Info]:
    """Compare the organisations that two people belong to, by name."""
    read = apart(column)
    table = words_of(column, "ew:", lambda: read.words)
    return _compare(table, _whole(column, read.whole, read.initials), a, b)


def texts(prefix: str) -> "_TextComparison":
    """Return the comparison of free texts, whose tokens begin with a prefix."""
    return _TextComparison(prefix)


@dataclass(frozen=True, slots=True)
class _TextComparison:
    prefix: str

    def __call__(self, column: Column, a: Ints, b: Ints) -> tuple[Levels, Info]:
        values = column.vocabulary
        table = words_of(
            column, self.prefix, lambda: texts_of(value.split()[:60] for value in values)
        )
        if "whole" not in column.read:
            column.read["whole texts"] = texts_of([value.replace(" ", "")] for value in values)
        whole = column.read["whole texts"]
        assert isinstance(whole, Texts)
        levels, info = _compare(table, _whole(column, whole), a, b)
        among = np.flatnonzero((levels > DISJOINT) & (levels != SAME))
        apart, one = series.told(column, self.prefix, a[among], b[among])
        levels[among[apart]], info[among[apart]] = CONFLICT, 0
        levels[among[one]] = np.maximum(levels[among[one]], CONTAINED)
        return levels, info


def _whole(column: Column, whole: Texts, initials: Texts | None = None) -> "_Joined":
    if "whole" not in column.read:
        spelt = {text: at for at, text in enumerate(whole.vocabulary)}
        told = initials.vocabulary if initials else []
        of = [spelt.get(text, -1) if len(text) > 2 else -1 for text in told]
        number = np.array(of, dtype=np.int64)[initials.held.items] if initials else None
        column.read["whole"] = _Joined(
            whole.held.items,
            np.array([*whole.vocabulary, ""], dtype=object),
            letters_of(whole.vocabulary),
            digits_of(whole.vocabulary),
            number,
        )
    found = column.read["whole"]
    assert isinstance(found, _Joined)
    return found


@dataclass(frozen=True, slots=True)
class _Joined:
    """Per value the number of its joined text, the joined texts and what they are made of.

    initials: per value the number of the joined text that is spelt as its initials, three letters
    at least, or -1; None where values have none.
    """

    number: Ints
    texts: NDArray[np.object_]
    letters: Letters
    digits: Ints
    initials: Ints | None


def _compare(table: Words, joined: _Joined, a: Ints, b: Ints) -> tuple[Levels, Info]:
    found = np.zeros((2, len(a)), dtype=np.int16)
    for part, words in aligned(table, a, b):
        found[:, part] = _judged(table, joined, words, a[part], b[part])
    return found[0].astype(np.int8), found[1]


def _judged(table: Words, joined: _Joined, words: Aligned, a: Ints, b: Ints) -> tuple[Levels, Info]:
    shared, left, right = words.shared, words.left.sum(axis=0), words.right.sum(axis=0)
    same = joined.number[a] == joined.number[b]
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
    levels[_numbered_apart(joined, a, b) & (ratio >= ALIKE)] = CONFLICT
    levels[same] = SAME
    levels[(levels == DISJOINT) & _initials_match(joined, a, b)] = INITIALS
    whole = np.where(same | (levels == CLOSE), np.maximum(shared, told_by(table, a)), shared)
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


def _numbered_apart(joined: _Joined, a: Ints, b: Ints) -> NDArray[np.bool_]:
    """Return where both names hold numbers, and others: plant 1 is not plant 10."""
    one, other = joined.digits[joined.number[a]], joined.digits[joined.number[b]]
    return np.asarray((one != other) & (one > 0) & (other > 0))


def _initials_match(joined: _Joined, a: Ints, b: Ints) -> NDArray[np.bool_]:
    """Return whether one side is spelt as the other's initials."""
    spelt, number = joined.initials, joined.number
    if spelt is None:
        return np.zeros(len(a), dtype=bool)
    return np.asarray((spelt[a] == number[b]) | (spelt[b] == number[a]))


def legal_forms(column: Column, a: Ints, b: Ints) -> tuple[Levels, Info]:
    """Different, a company and its general partner's form, same; missing: nothing is told.

    One side without a form tells nothing, nor do two that are said for one another.
    """
    read = apart(column).form
    form, forms = read.held.items, read.vocabulary
    blank = forms.index("") if "" in forms else -1
    texts = np.array(forms, dtype=object)
    kin, plain = (
        np.array([known.get(text, text) for text in texts], dtype=object)
        for known in (KIN, SAID_FOR)
    )
    levels = np.where(form[a] == form[b], 3, np.where(kin[form[a]] == kin[form[b]], 2, 1)).astype(
        np.int8
    )
    levels[(form[a] == blank) | (form[b] == blank)] = 0
    levels[(form[a] != form[b]) & (plain[form[a]] == plain[form[b]])] = 0
    return levels, np.zeros(len(a), dtype=np.int16)


KIN = {"gmbhcokg": "kg", "gmbhcoohg": "ohg", "ug": "gmbh"}
SAID_FOR = {"ggmbh": "gmbh"}
"""A form, and another by which people call it: a GmbH of public benefit is a GmbH."""
