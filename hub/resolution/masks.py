"""Many conditions of a pair at once, a bit for each: comparisons clear those that fail."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Bits = NDArray[np.float64]
Masks = NDArray[np.uint64]
"""Rows of words, a bit for each condition."""
WORD = 64
BLOCK = 1 << 18
"""Words worked on at a time where more would not stay in the processor's cache."""


def packed(holds: NDArray[np.bool_]) -> Masks:
    """Return rows of conditions as masks; bits that fill the last word are clear."""
    filled = np.zeros((len(holds), -(-holds.shape[1] // WORD) * WORD), dtype=bool)
    filled[:, : holds.shape[1]] = holds
    return np.packbits(filled, axis=1, bitorder="little").view(np.uint64)


def worth_of(bits: Sequence[float]) -> Bits:
    """Return what each value of each byte of a mask is worth, where conditions give bits."""
    filled = np.zeros(-(-len(bits) // WORD) * WORD)
    filled[: len(bits)] = bits
    held = np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1, bitorder="little")
    return np.asarray(filled.reshape(-1, 8) @ held.T.astype(np.float64), dtype=np.float64)


def summed(
    size: int, always: Masks, shown: Sequence[tuple[Masks, NDArray[np.integer]]], worth: Bits
) -> Bits:
    """Return what the conditions are worth that hold for each of `size` pairs.

    always: one row, what is open to every pair. shown: per comparison what each of its values
    leaves open, and the value of each pair.
    """
    total = np.zeros(size)
    rows = max(BLOCK // always.shape[1], 1)
    for start in range(0, size, rows):
        part = slice(start, start + rows)
        open_ = np.tile(always, (len(total[part]), 1))
        for allowed, values in shown:
            open_ &= allowed[values[part]]
        for each, byte in zip(worth, open_.view(np.uint8).T, strict=True):
            total[part] += each[byte]
    return total
