"""Pairs worth comparing: those whose shared tokens tell enough, in the batch and one by one."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from hub.resolution.frame import Ints, Lists
from hub.resolution.tokens import QUARTERS, size_step, step, steps

MOST_HOLDERS = 255
"""A token that more profiles hold proposes nobody: bounds the work by the number of tokens."""
ROWS = 4096
PARTS = 8
"""Into how many parts records are cut, those before which need not be met again."""


def token_weight(token: str, holders: int, population: int) -> int:
    """Return what a token adds to a pair that shares it, in quarter bits; 0 for a generic one."""
    if holders > MOST_HOLDERS:
        return 0
    return QUARTERS[token.partition(":")[0]] * max(0, size_step(population) - step(holders))


def token_weights(tokens: Sequence[str], holders: Ints, population: int) -> NDArray[np.int32]:
    """Return what each token adds, as `token_weight` does."""
    quarters = np.array([QUARTERS[token[: token.index(":")]] for token in tokens], dtype=np.int64)
    told = np.maximum(size_step(population) - steps(holders).astype(np.int64), 0)
    return np.where(holders > MOST_HOLDERS, 0, quarters * told).astype(np.int32)


def needed(population: int, propose: float) -> int:
    """Return the quarter bits that a pair must share to be compared."""
    return max(1, round(4 * (size_step(population) - propose)))


def proposed(
    asked: int,
    tokens: Sequence[str],
    holders: Mapping[str, Sequence[int]],
    counts: Mapping[str, int],
    *,
    population: int,
    propose: float,
) -> list[int]:
    """Return the profiles that share enough with the profile `asked`, ascending.

    holders: per token the profiles that hold it (may be left out where counts exceed
    MOST_HOLDERS); counts: per token how many hold it.
    """
    shared: dict[int, int] = {}
    for token in tokens:
        weight = token_weight(token, counts[token], population)
        for holder in holders.get(token, ()) if weight else ():
            shared[holder] = shared.get(holder, 0) + weight
    enough = needed(population, propose)
    return sorted(other for other, told in shared.items() if told >= enough and other != asked)


def all_pairs(
    held: Lists, weights: NDArray[np.int32], *, population: int, propose: float
) -> tuple[Ints, Ints]:
    """Return all pairs (left < right, by position) that share enough.

    held: per record the numbers of its tokens; weights: per token its quarter bits.
    """
    meetings = Meetings(held, weights, population=population, propose=propose)
    return _joined(meetings.of(block) for block in range(meetings.blocks))


class Meetings:
    """Who shares enough with whom, block by block of records."""

    def __init__(
        self, held: Lists, weights: NDArray[np.int32], *, population: int, propose: float
    ) -> None:
        self.size = len(held.starts) - 1
        self.blocks = -(-self.size // ROWS)
        self._enough = needed(population, propose)
        told = weights[held.items]
        useful = told > 0
        starts = np.append(0, np.cumsum(useful))[held.starts]
        items, shape = held.items[useful], (self.size, len(weights))
        self._weighed = sparse.csr_array((told[useful], items, starts), shape=shape)
        plain = sparse.csr_array((np.ones(len(items), np.int32), items, starts), shape=shape)
        self._holders = plain.T.tocsr()
        self._apart = ROWS * max(1, self.blocks // PARTS)
        self._from = lru_cache(maxsize=2)(self._holders_from)  # blocks come from both ends

    def of(self, block: int) -> tuple[Ints, Ints]:
        """Return the pairs whose left side is a record of a block, ascending."""
        start = block * ROWS
        behind = start - start % self._apart
        product = self._weighed[start : start + ROWS] @ self._from(behind)
        at = np.flatnonzero(product.data >= self._enough)
        row = np.searchsorted(product.indptr, at, side="right") - 1 + start
        column = product.indices[at] + behind
        above = column > row
        left, right = row[above].astype(np.int64), column[above].astype(np.int64)
        order = np.argsort(left * self.size + right)
        return left[order], right[order]

    def _holders_from(self, start: int) -> Any:
        """Return who holds each token, from a record on: whoever is before has met these."""
        holders = self._holders
        later = np.flatnonzero(holders.indices >= start)
        items, starts = holders.indices[later] - start, np.searchsorted(later, holders.indptr)
        told = np.ones(len(items), np.int32)
        shape = (holders.shape[0], self.size - start)
        return sparse.csr_array((told, items, starts.astype(np.int32)), shape=shape)


def _joined(parts: Iterable[tuple[Ints, Ints]]) -> tuple[Ints, Ints]:
    found = list(parts)
    if not found:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    left, right = (np.concatenate(side) for side in zip(*found, strict=True))
    return left, right
