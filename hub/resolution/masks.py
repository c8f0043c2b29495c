"""Many conditions of a pair at once, a bit for each: comparisons clear those that fail."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hub.resolution.frame import Ints, row_numbers

Bits = NDArray[np.float64]
Masks = NDArray[np.uint64]
"""Rows of words, a bit for each condition."""
WORD = 64
ALIKE = 1 << 10
"""Pairs from which on it is worth looking which are alike."""
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


@dataclass(frozen=True, slots=True)
class Allowed:
    """What each value of a comparison leaves open: `masks[row[value]]`. masks: distinct."""

    masks: Masks
    row: Ints

    def of(self, value: int) -> Masks:
        """Return what one value leaves open, as one row."""
        return self.masks[self.row[value], None]


def allowed(holds: NDArray[np.bool_]) -> Allowed:
    """Return what each value (a row each) leaves open."""
    masks, row = np.unique(packed(holds), axis=0, return_inverse=True)
    return Allowed(masks, row.ravel())


def summed(
    size: int, always: Masks, shown: Sequence[tuple[Allowed, NDArray[np.integer]]], worth: Bits
) -> Bits:
    """Return what the conditions are worth that hold for each of `size` pairs.

    always: one row, what is open to every pair. shown: per comparison what each of its values
    leaves open, and the value of each pair. Pairs to which the same is open are asked once.
    """
    told = [(each.masks, each.row[values]) for each, values in shown]
    if size < ALIKE:
        return _summed(size, always, told, worth)
    rows = row_numbers([(row, len(masks)) for masks, row in told], size)
    _, first, number = np.unique(rows, return_index=True, return_inverse=True)
    some = [(masks, row[first]) for masks, row in told]
    return _summed(len(first), always, some, worth)[number]


def _summed(size: int, always: Masks, shown: Sequence[tuple[Masks, Ints]], worth: Bits) -> Bits:
    total = np.zeros(size)
    rows = max(BLOCK // always.shape[1], 1)
    for start in range(0, size, rows):
        part = slice(start, start + rows)
        open_ = np.tile(always, (len(total[part]), 1))
        for left_open, row in shown:
            open_ &= left_open[row[part]]
        for each, byte in zip(worth, open_.view(np.uint8).T, strict=True):
            total[part] += each[byte]
    return total
