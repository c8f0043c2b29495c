"""What the letters of two texts allow: bounds that tell most pairs apart without comparing them.

A text's letters are 64 bits, one for each of 64 kinds of letters. A letter that the other text
lacks is one that no comparison can match; two kinds that share a bit only make a bound looser.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hub.resolution.frame import Ints

ROWS = 2048
"""Texts taken apart at a time."""
SLACK = 1e-6
"""Bounds and similarities are rounded differently."""
Mask = NDArray[np.bool_]


@dataclass(slots=True)
class Letters:
    """Per text its kinds of letters, how long it is, its first and its last letter."""

    kinds: NDArray[np.uint64]
    length: NDArray[np.int32]
    first: NDArray[np.uint32]
    last: NDArray[np.uint32]


def letters_of(texts: Sequence[str]) -> Letters:
    """Return the letters of texts."""
    length = np.array(list(map(len, texts)), dtype=np.int32)
    kinds = np.zeros(len(texts), dtype=np.uint64)
    ends = np.zeros((2, len(texts)), dtype=np.uint32)
    order = np.argsort(length, kind="stable")  # alike in length, so that none is padded much
    for start in range(0, len(texts), ROWS):
        at = order[start : start + ROWS]
        lengths = length[at]
        width = int(lengths[-1])
        if width:
            spelt = np.array([texts[each] for each in at.tolist()], dtype=f"<U{width}")
            points = spelt.view(np.uint32).reshape(len(at), width)
            bits = np.uint64(1) << (points & 63).astype(np.uint64)
            bits[np.arange(width) >= lengths[:, None]] = 0
            kinds[at] = np.bitwise_or.reduce(bits, axis=1)
            ends[:, at] = points[:, 0], points[np.arange(len(at)), lengths - 1]
    return Letters(kinds, length, ends[0], ends[1])


def may_share(letters: Letters, a: Ints, b: Ints, least: float) -> Mask:
    """Return which pairs of texts may have in common, in order, that share of their letters."""
    most = _most(letters, a, b)
    whole = letters.length[a].astype(np.float32) + letters.length[b]
    return np.asarray(2 * most >= (least - SLACK) * whole)


def may_resemble(letters: Letters, a: Ints, b: Ints, *, jaro_winkler: float, edits: float) -> Mask:
    """Return which different words may be that similar, or one begin or end with the other."""
    x, y = letters.kinds[a], letters.kinds[b]
    wide, high = letters.length[a], letters.length[b]
    lost, more = np.bitwise_count(x & ~y), np.bitwise_count(y & ~x)
    starts = letters.first[a] == letters.first[b]
    within = np.where(wide <= high, lost, more) == 0  # all letters of the shorter one are there
    likely = within & (starts | (letters.last[a] == letters.last[b]))
    steps = np.maximum(np.maximum(lost, more), np.abs(wide - high))
    likely |= steps <= (1.0 - edits + SLACK) * np.maximum(wide, high)
    matched = np.minimum(wide - lost, high - more).astype(np.float32)
    with np.errstate(divide="ignore", invalid="ignore"):
        jaro = (matched / wide + matched / high + 1.0) / 3.0
    # Up to four common first letters make up for four tenths of what is missing.
    enough = np.where(starts, (jaro_winkler - 0.4) / 0.6, jaro_winkler) - SLACK
    return np.asarray(likely | ~(jaro < enough))


def _most(letters: Letters, a: Ints, b: Ints) -> NDArray[np.float32]:
    """Return how many letters two texts have in common at most."""
    x, y = letters.kinds[a], letters.kinds[b]
    lost, more = np.bitwise_count(x & ~y), np.bitwise_count(y & ~x)
    most = np.minimum(letters.length[a] - lost, letters.length[b] - more)
    return np.asarray(most, dtype=np.float32)
