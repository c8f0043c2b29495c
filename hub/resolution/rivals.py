"""The second round of scoring: what else a record could be weakens each single answer.

A record means one thing only. Where "Weber" resembles three Webers that do not resemble each
other, none of the three answers is worth what it would be alone. Only edges that join components
count as rivals, so a component holds all that matters to its edges.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from hub.resolution.frame import Ints, entries_at
from hub.resolution.masks import Bits
from hub.resolution.model import GRAIN, Rivalry

MOST_BITS = 12
FEW = 48
"""Up to so many profiles numbers one by one are quicker than a sparse matrix."""
_Edge = tuple[int, int, float]
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
    if size <= FEW:
        pairs = list(zip(left.tolist(), right.tolist(), bits.tolist(), strict=True))
        return _settled_few(pairs, link, rivalry)
    linked = bits >= link
    odds = _symmetric(size, left[linked], right[linked], odds_of(bits[linked]))
    friendly = bits >= rivalry.friend
    friends = _symmetric(
        size, left[friendly], right[friendly], np.ones(int(friendly.sum()), dtype=np.int64)
    )
    total = np.asarray(odds.sum(axis=1)).ravel()
    both = odds @ friends
    shared, shared_back = entries_at(both, left, right), entries_at(both, right, left)
    own = np.where(linked, odds_of(bits), 0)
    weights = [
        _bits_of(total[side] - own - common)
        for side, common in ((left, shared), (right, shared_back))
    ]
    most, least = np.maximum(*weights), np.minimum(*weights)
    heard = rivalry.shift + rivalry.scale * bits - rivalry.most * most - rivalry.least * least
    return np.asarray(np.rint(heard * GRAIN) / GRAIN)


def _settled_few(edges: Collection[_Edge], link: float, rivalry: Rivalry) -> Bits:
    """Return the same, number by number: most components have two or three profiles."""
    odds: dict[int, dict[int, int]] = defaultdict(dict)
    friends: dict[int, set[int]] = defaultdict(set)
    for a, b, bits in edges:
        if bits >= link:
            odds[a][b] = odds[b][a] = _odds_of_one(bits)
        if bits >= rivalry.friend:
            friends[a].add(b)
            friends[b].add(a)
    heard = []
    for a, b, bits in edges:
        one, other = _rivals(odds[a], b, friends[b]), _rivals(odds[b], a, friends[a])
        most, least = max(one, other), min(one, other)
        left = rivalry.shift + rivalry.scale * bits - rivalry.most * most - rivalry.least * least
        heard.append(round(left * GRAIN) / GRAIN)
    return np.array(heard, dtype=np.float64)


def _rivals(odds: Mapping[int, int], other: int, friends: Collection[int]) -> float:
    """Return the bits of all rivals of the other side. odds: of those that one side is linked to;
    friends: of the other side."""
    told = sum(held for at, held in odds.items() if at != other and at not in friends)
    return _bits_of_one(told)


@lru_cache(maxsize=1 << 12)
def _odds_of_one(bits: float) -> int:
    return int(odds_of(np.array([bits]))[0])


@lru_cache(maxsize=1 << 14)
def _bits_of_one(rivals: int) -> float:
    return float(_bits_of(np.array([rivals], dtype=np.int64))[0])


def _symmetric(size: int, left: Ints, right: Ints, values: NDArray[np.int64]) -> Any:
    both = np.concatenate((values, values))
    at = (np.concatenate((left, right)), np.concatenate((right, left)))
    return sparse.csr_array((both, at), shape=(size, size))


def _bits_of(rivals: NDArray[np.int64]) -> Bits:
    """Return log2(1 + odds of all rivals), on the grain."""
    return np.asarray(np.rint(np.log2(1.0 + rivals / UNIT) * GRAIN) / GRAIN)
