"""What names of organisations say beyond the words they share: who says more, and of what kind.

Sisters share a family name and a house, and differ in what they do; a company that is known by half
of its name says less, but nothing else.
"""

import numpy as np
from numpy.typing import NDArray

from hub.resolution.align import GIVEN, TELLING, TRADE, Aligned
from hub.resolution.levels import Info

LEAST = 2.0
"""Bits from which words that one side alone has tell something."""
LEAST_TRADE = 1.5
"""The same of trades, of which none tells more than `align.TRADE_BITS`."""
NOTHING = "nothing"
BEYOND_LEVELS = ("missing", "apart", "more", "given", NOTHING)
"""Both sides say something of their own; one side does; no more than a given name."""
TRADE_LEVELS = ("missing", "apart", "more", NOTHING)
APART, MORE, GIVEN_NAME = 1, 2, 3


def beyond(words: Aligned, alike: NDArray[np.bool_]) -> tuple[NDArray[np.int8], Info]:
    """Return how far names differ beside their trades, and what the words tell that are left.

    alike: pairs of names that are the same as a whole, or nearly.
    """
    one, other = words.left[TELLING], words.right[TELLING]
    given = np.maximum(words.left[GIVEN], words.right[GIVEN])
    whole = one + words.left[GIVEN], other + words.right[GIVEN]
    least, most = np.minimum(*whole), np.maximum(*whole)
    levels = np.full(len(one), len(BEYOND_LEVELS) - 1, dtype=np.int8)
    levels[given >= LEAST] = GIVEN_NAME
    levels[np.maximum(one, other) >= LEAST] = MORE
    levels[least >= LEAST] = APART
    levels[alike] = len(BEYOND_LEVELS) - 1
    told = np.where(levels == APART, least, np.where(levels <= GIVEN_NAME, most, 0.0))
    return levels, np.minimum(told, 60).astype(np.int16)


def trades(words: Aligned, alike: NDArray[np.bool_]) -> tuple[NDArray[np.int8], Info]:
    """Return whether names state different trades, or one of them states one more."""
    one, other = words.left[TRADE], words.right[TRADE]
    levels = np.full(len(one), len(TRADE_LEVELS) - 1, dtype=np.int8)
    levels[np.maximum(one, other) >= LEAST_TRADE] = MORE
    levels[np.minimum(one, other) >= LEAST_TRADE] = APART
    levels[alike] = len(TRADE_LEVELS) - 1
    return levels, np.zeros(len(one), dtype=np.int16)
