"""Pairs worth comparing: those whose shared tokens tell enough, in the batch and one by one."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from hub.resolution.frame import Ints, Lists
from hub.resolution.tokens import QUARTERS, size_step, step, steps

MOST_HOLDERS = 255
"""A token that more profiles hold proposes nobody: bounds the work by the number of tokens."""
ROWS = 4096


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
    size = len(held.starts) - 1
    useful = weights[held.items] > 0
    rows = np.repeat(np.arange(size), np.diff(held.starts))[useful]
    shape = (size, len(weights))
    plain = sparse.csr_array(
        (np.ones(len(rows), np.int32), (rows, held.items[useful])), shape=shape
    )
    weighed = sparse.csr_array(
        (weights[held.items[useful]], (rows, held.items[useful])), shape=shape
    )
    enough = needed(population, propose)
    return _joined(_some_pairs(weighed, plain, start, enough) for start in range(0, size, ROWS))


def _some_pairs(
    weighed: sparse.csr_array, plain: sparse.csr_array, start: int, enough: int
) -> tuple[Ints, Ints]:
    """Return the pairs whose left side is one of the rows from `start` on, ascending."""
    product = weighed[start : start + ROWS] @ plain[start:].T
    at = np.flatnonzero(product.data >= enough)
    row = np.searchsorted(product.indptr, at, side="right") - 1
    column = product.indices[at]
    above = column > row
    left, right = row[above].astype(np.int64), column[above].astype(np.int64)
    order = np.argsort(left * product.shape[1] + right)
    return left[order] + start, right[order] + start


def _joined(parts: Iterable[tuple[Ints, Ints]]) -> tuple[Ints, Ints]:
    found = list(parts)
    if not found:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    left, right = (np.concatenate(side) for side in zip(*found, strict=True))
    return left, right
