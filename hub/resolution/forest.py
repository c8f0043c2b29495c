"""Asks the trees of a model about many pairs at once, and about one the same way.

All leaves of all trees are bits of a mask. What a comparison shows clears the leaves that cannot be
reached any more, as in QuickScorer (Lucchese et al., SIGIR 2015), until one leaf a tree is left.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from hub.resolution.masks import Allowed, Bits, allowed, packed, summed, worth_of
from hub.resolution.trees import HELD, INFORMATION_BITS, Side, Split, Tree, sides


class Forest:
    """The trees of a model, ready to be asked."""

    def __init__(self, trees: Sequence[Tree]) -> None:
        asked: list[Side] = []
        leaves: list[float] = []
        for tree in trees:
            asked += sides(tree, len(leaves))
            leaves += [each for each in tree if not isinstance(each, Split)]
        self._size = len(leaves)
        self._worth = worth_of(leaves)
        self._asked: dict[str, list[Side]] = {}
        for each in asked:
            self._asked.setdefault(each[0].comparison, []).append(each)
        self._open: dict[tuple[str, tuple[str, ...], int], Allowed] = {}

    def bits(
        self,
        shown: Mapping[str, tuple[tuple[str, ...], NDArray[np.int64]]],
        size: int,
        step: int,
    ) -> Bits:
        """Return what the trees give to each of `size` pairs, in bits.

        shown: comparison -> its levels, and per pair its level (in the higher bits) and what is
        shared tells; a comparison that is not there is missing. step: of the base's size.
        """
        always = packed(np.ones((1, self._size), dtype=bool))
        asked = []
        for name in self._asked:
            if name in shown:
                levels, values = shown[name]
                asked.append((self._left_open(name, levels, step), values))
            else:
                always &= self._left_open(name, MISSING, step).of(0)
        return summed(size, always, asked, self._worth)

    def _left_open(self, name: str, levels: tuple[str, ...], step: int) -> Allowed:
        """Return which leaves each value of a comparison leaves open."""
        known = self._open.get((name, levels, step))
        if known is not None:
            return known
        values = np.arange(len(levels) << INFORMATION_BITS)
        told = values & (1 << INFORMATION_BITS) - 1
        held = np.where(told > 0, step - told, 0)
        open_ = np.ones((len(values), self._size), dtype=bool)
        for split, no, yes in self._asked[name]:
            if split.level == HELD:
                reached = held >= split.least
            elif split.level in levels:
                reached = values >= (levels.index(split.level) << INFORMATION_BITS | split.least)
            else:
                reached = np.zeros(len(values), dtype=bool)
            open_[reached, no] = False
            open_[~reached, yes] = False
        self._open[name, levels, step] = found = allowed(open_)
        return found


MISSING = ("missing",)
