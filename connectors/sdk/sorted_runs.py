"""Hashes by the million in 16 bytes each (64 for moments, when merged), as sorted columns."""

from array import array
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

Hashes = npt.NDArray[np.int64]


class SortedRuns:
    """Keys with a content each; no key is added twice.

    The runs are each at least twice as long as the next: of n keys each moves log n times.
    """

    def __init__(self) -> None:
        self._runs: list[tuple[Hashes, Hashes]] = []

    def known(self, keys: "array[int]") -> dict[int, int]:
        """Return the positions in `keys` (typecode `q`) of those that are here: their content."""
        row_keys = np.array(keys, dtype=np.int64)
        found: dict[int, int] = {}
        for run_keys, run_contents in self._runs:
            at = np.minimum(np.searchsorted(run_keys, row_keys), len(run_keys) - 1)
            for position in np.flatnonzero(run_keys[at] == row_keys):
                found[int(position)] = int(run_contents[at[position]])
        return found

    def add(self, contents: Mapping[int, int]) -> None:
        """Remember keys, none of which is here, and what stood under each."""
        keys = np.fromiter(contents.keys(), dtype=np.int64, count=len(contents))
        values = np.fromiter(contents.values(), dtype=np.int64, count=len(contents))
        order = np.argsort(keys)
        keys, values = keys[order], values[order]
        while self._runs and len(self._runs[-1][0]) < 2 * len(keys):
            older_keys, older_values = self._runs.pop()
            keys = np.concatenate([older_keys, keys])
            values = np.concatenate([older_values, values])
            order = np.argsort(keys, kind="stable")
            keys, values = keys[order], values[order]
        self._runs.append((keys, values))
