"""Comparison of people's names: given and family name, either order, by how rare they are."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA, JaroWinkler

from hub.resolution.comparison import numbered, similarity
from hub.resolution.frame import Column, Frame, Ints
from hub.resolution.levels import Info, Outcome, missing, value_pairs
from hub.resolution.personal import are_nicknames, share_in_population
from hub.resolution.text import sound
from hub.resolution.tokens import size_step, steps

NAME_LEVELS = (
    "missing",
    "different",
    "initial",
    "variant",
    "similar",
    "nickname",
    "swapped",
    "same",
)
DIFFERENT, INITIAL, VARIANT, SIMILAR, NICKNAME, SWAPPED, SAME = range(1, 8)
ESTABLISHED = 8
"""Bits up to which a name is one that people bear, not the slip of a pen: Schmidt and Schmitt."""
SLIPS = 0.75
"""Share of letters without an edit from which one word of several is the other, misspelt."""
SMOOTHING = 256
"""How many people's worth of general knowledge is mixed into a base's own shares of names."""


@dataclass(slots=True)
class _Part:
    """One part of the names in a column: per value the number of its text; info per text."""

    number: NDArray[np.int64]
    texts: NDArray[np.object_]
    info: Info

    def blank(self, values: Ints) -> NDArray[np.bool_]:
        """Return where a value lacks this part."""
        return np.asarray(self.texts[self.number[values]] == "", dtype=bool)


def compare(frame: Frame, left: Ints, right: Ints) -> tuple[Outcome, Outcome]:
    """Return levels and information of the given name and of the family name of each pair.

    Where a person has several names, the pair of names most alike in sum speaks.
    """
    column = frame.columns.get("person")
    if column is None:
        return missing(len(left)), missing(len(left))
    rows, a, b = value_pairs(column, left, right)
    if not len(rows):
        return missing(len(left)), missing(len(left))
    given, family = _part(column, 0), _part(column, 1)
    straight = _level(given, a, given, b), _level(family, a, family, b)
    first, last = straight[0].copy(), straight[1].copy()
    for part, levels in ((given, first), (family, last)):
        both = np.maximum(part.info[part.number[a]], part.info[part.number[b]]) <= ESTABLISHED
        levels[(levels == SIMILAR) & both] = VARIANT
    _swap(given, family, a, b, first, last)
    _cut_again(column, a, b, first, last)
    told = _told(given, a, b, first), _told(family, a, b, last)
    return _best(len(left), rows, (first, last), told)


def _part(column: Column, at: int) -> _Part:
    key = f"part {at}"
    number, found = numbered(column, key, lambda value: value.split("|")[at])
    texts = np.array([*found, ""], dtype=object)
    name = ("given", "family")[at]
    if f"{key} info" not in column.read:
        column.read[f"{key} info"] = _rarity(column, name, found)
    info = column.read[f"{key} info"]
    assert isinstance(info, np.ndarray)
    return _Part(number, texts, np.append(info, 0).astype(np.int16))


def _rarity(column: Column, part: str, texts: list[str]) -> Info:
    """Return the bits of -log2 of each name's share, in steps of powers of two.

    The share counts distinct profiles and is smoothed by the name's share in the population.
    """
    prefix = "pg:" if part == "given" else "pf:"
    first = [text.split(" ")[0] if part == "given" else text for text in texts]
    held = column.counts.holders([prefix + text for text in first])
    coarse = np.exp2(steps(held)).astype(np.float64)
    everyone = float(2 ** size_step(column.counts.population))
    usual = np.array([share_in_population(part, text) for text in first], dtype=np.float64)
    share = (coarse + SMOOTHING * usual) / (everyone + SMOOTHING)
    rarity = 1 - np.frexp(share)[1]
    return np.asarray(np.clip(rarity, 0, 20), dtype=np.int16)


def _level(one: _Part, a: Ints, other: _Part, b: Ints) -> NDArray[np.int8]:
    x, y = one.texts[one.number[a]], other.texts[other.number[b]]
    levels = np.ones(len(a), dtype=np.int8)
    same = np.asarray(x == y, dtype=bool)
    levels[same] = SAME
    rest = np.flatnonzero(~same)
    p, q = x[rest], y[rest]
    near = similarity(JaroWinkler.normalized_similarity, p, q) >= 0.9
    near |= similarity(OSA.normalized_similarity, p, q) >= 0.75
    levels[rest[near]] = SIMILAR
    rest = np.flatnonzero(levels == DIFFERENT)
    levels[rest] = [_kinship(p, q) for p, q in zip(x[rest], y[rest], strict=True)]
    levels[np.asarray((x == "") | (y == ""), dtype=bool)] = 0
    return levels


def _kinship(one: str, other: str) -> int:
    """Return the level of two names that differ by more than a slip."""
    short, long = (one, other) if len(one) <= len(other) else (other, one)
    if not short:
        return 0
    if len(short) == 1:
        return INITIAL if long.startswith(short) else DIFFERENT
    if are_nicknames(one.split(" ")[0], other.split(" ")[0]):
        return NICKNAME
    few, many = set(short.split()), set(long.split())
    if few <= many or many <= few or (len(short) > 2 and long.startswith(short)):
        return NICKNAME
    if len(short) > 3 and sound(one) == sound(other):
        return SIMILAR
    if len(short) == len(long) > 4 and sorted(short) == sorted(long):
        return SIMILAR  # the same letters in another order: more than two fingers slipped
    initials = "".join(word[0] for word in long.split())
    return INITIAL if short.replace(" ", "") == initials else _word_by_word(short, long)


def _word_by_word(one: str, other: str) -> int:
    """Return the level of names of several words: N. Palma is Nilda Palma.

    One word at least is the same: Andrea is not Andreas Peter.
    """
    few, many = sorted((one.split(), other.split()), key=len)
    if len(few) < 2:
        return DIFFERENT
    found = set()
    for word in few:
        like = max(many, key=lambda each: _likeness(word, each))
        found.add(_likeness(word, like))
        many.remove(like)
    if not min(found) or 3 not in found:
        return DIFFERENT
    return INITIAL if 1 in found else SIMILAR


def _likeness(one: str, other: str) -> int:
    """Return 3 for the same word, 2 for a slip, 1 for an initial, 0 for another."""
    if one == other:
        return 3
    if 1 in (len(one), len(other)):
        return int(one[0] == other[0])
    return 2 * (min(len(one), len(other)) > 3 and OSA.normalized_similarity(one, other) >= SLIPS)


def _cut_again(column: Column, a: Ints, b: Ints, first: Any, last: Any) -> None:
    """Mark pairs whose words meet where given and family name are cut elsewhere.

    Ana Ruiz is Ana Ruiz Sol, though Sol is taken for her family name.
    """
    if "names" not in column.read:
        column.read["names"] = [value.replace("|", " ").split() for value in column.vocabulary]
    names = column.read["names"]
    assert isinstance(names, list)
    long = np.array([len(each) > 2 for each in names], dtype=bool)
    doubtful = ((first == DIFFERENT) | (last == DIFFERENT)) & (long[a] | long[b])
    for at in np.flatnonzero(doubtful).tolist():
        few, many = sorted((names[a[at]], names[b[at]]), key=len)
        if len(few) > 1 and few[0] == many[0] and set(few) <= set(many):
            first[at], last[at] = SAME, NICKNAME


def _swap(given: _Part, family: _Part, a: Ints, b: Ints, first: Any, last: Any) -> None:
    """Mark pairs whose given name is the other side's family name, both ways.

    Where one side has a single name, one way is enough.
    """
    doubtful = np.flatnonzero((first < NICKNAME) & (last < NICKNAME))
    x, y = a[doubtful], b[doubtful]
    crossed = _level(given, x, family, y), _level(family, x, given, y)
    like = [each >= SIMILAR for each in crossed]
    open_ = [found | (each == 0) for found, each in zip(like, crossed, strict=True)]
    better = np.maximum(*crossed) > np.maximum(first[doubtful], last[doubtful])
    turned = (like[0] & open_[1]) | (open_[0] & like[1])
    turned &= (like[0] & like[1]) | better
    at = doubtful[turned]
    first[at] = np.where(like[0][turned], SWAPPED, 0)
    last[at] = np.where(like[1][turned], SWAPPED, 0)


def _told(part: _Part, a: Ints, b: Ints, levels: NDArray[np.int8]) -> Info:
    """Return the information of the more common side; where names only resemble, of both."""
    info = np.minimum(part.info[part.number[a]], part.info[part.number[b]])
    return np.where(levels > DIFFERENT, info, 0).astype(np.int16)


def _best(size: int, rows: Ints, levels: Any, told: Any) -> tuple[Outcome, Outcome]:
    chosen = np.zeros((4, size), dtype=np.int16)
    if len(rows):
        rank = (levels[0].astype(np.int64) + levels[1]) << 20 | told[0].astype(np.int64) + told[1]
        order = np.lexsort((np.arange(len(rows)), -rank, rows))
        firsts = order[np.flatnonzero(np.diff(rows[order], prepend=-1))]
        for at, values in enumerate((*levels, *told)):
            chosen[at, rows[firsts]] = values[firsts]
    given = Outcome(chosen[0].astype(np.int8), chosen[2])
    return given, Outcome(chosen[1].astype(np.int8), chosen[3])
