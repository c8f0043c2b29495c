"""The second round of scoring: what else a record could be weakens each single answer.

A record means one thing only. Where "Weber" resembles three Webers that do not resemble each
other, none of the three answers is worth what it would be alone. Only edges that join components
count as rivals, so a component holds all that matters to its edges.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from hub.resolution.frame import Ints
from hub.resolution.model import GRAIN, Rivalry
from hub.resolution.scoring import Bits

MOST_BITS = 12
FEW = 48
"""Up to so many profiles a plain matrix is made quicker than a sparse one."""
UNIT = 64
"""Odds are counted in whole 64ths, so that their sums are exact in any order."""
_ODDS = np.array(
    [round(2.0 ** (at / GRAIN - MOST_BITS) * UNIT) for at in range(2 * MOST_BITS * GRAIN + 1)],
    dtype=np.int64,
)


def odds_of(bits: Bits) -> NDArray[np.int64]:
    """Return 2 ** bits in 64ths, bits cut off at +-12."""
    clipped = np.clip(bits, -MOST_BITS, MOST_BITS)
    return _ODDS[np.rint((clipped + MOST_BITS) * GRAIN).astype(np.int64)]


def settled(
    size: int, left: Ints, right: Ints, bits: Bits, *, link: float, rivalry: Rivalry
) -> Bits:
    """Return the bits of each edge after its rivals are heard.

    left, right: profiles by position (below size), each pair once. A rival of (a, b) is a profile
    c linked to a (by at least `link` bits) whose edge with b is below `rivalry.friend` bits, or
    that has none; and the other way round.
    """
    linked = bits >= link
    odds = _symmetric(size, left[linked], right[linked], odds_of(bits[linked]))
    friendly = bits >= rivalry.friend
    friends = _symmetric(
        size, left[friendly], right[friendly], np.ones(int(friendly.sum()), dtype=np.int64)
    )
    total = np.asarray(odds.sum(axis=1)).ravel()
    shared = _at(odds @ friends, left, right)
    shared_back = _at(odds @ friends, right, left)
    own = np.where(linked, odds_of(bits), 0)
    weights = [
        _bits_of(total[side] - own - common)
        for side, common in ((left, shared), (right, shared_back))
    ]
    most, least = np.maximum(*weights), np.minimum(*weights)
    heard = rivalry.shift + rivalry.scale * bits - rivalry.most * most - rivalry.least * least
    return np.asarray(np.rint(heard * GRAIN) / GRAIN)


def _symmetric(size: int, left: Ints, right: Ints, values: NDArray[np.int64]) -> Any:
    if size <= FEW:
        dense = np.zeros((size, size), dtype=np.int64)
        dense[left, right] = dense[right, left] = values
        return dense
    both = np.concatenate((values, values))
    at = (np.concatenate((left, right)), np.concatenate((right, left)))
    return sparse.csr_array((both, at), shape=(size, size))


def _at(product: Any, rows: Ints, columns: Ints) -> NDArray[np.int64]:
    """Return the entries of a matrix at given places."""
    if not len(rows):
        return np.zeros(0, dtype=np.int64)
    return np.asarray(product[rows, columns]).ravel().astype(np.int64)


def _bits_of(rivals: NDArray[np.int64]) -> Bits:
    """Return log2(1 + odds of all rivals), on the grain."""
    return np.asarray(np.rint(np.log2(1.0 + rivals / UNIT) * GRAIN) / GRAIN)
