"""Which keys a listing has shown already, in 16 bytes a key (64 for moments, when merged)."""

from array import array
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Hashes = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Repeat:
    """A row whose key came before; same: its content did too."""

    position: int
    same: bool


class SeenKeys:
    """Remembers 64-bit hashes of keys and of what stood under them.

    Python's own string hash is keyed anew in each process, so that nobody can craft two keys that
    collide. By chance two of ten million keys do in about one listing of 400,000, and the second
    is then quarantined as a duplicate: seen, not lost.
    """

    def __init__(self) -> None:
        # Sorted runs, each at least twice as long as the next: of n keys each moves log n times.
        self._runs: list[tuple[Hashes, Hashes]] = []

    def add(self, keys: "array[int]", contents: "array[int]") -> list[Repeat]:
        """Remember one batch of hashes (typecode `q`) and return the rows that repeat a key."""
        if not keys:
            return []
        row_keys = np.array(keys, dtype=np.int64)
        order = np.argsort(row_keys, kind="stable")
        sorted_keys = row_keys[order]
        sorted_contents = np.array(contents, dtype=np.int64)[order]

        first = np.ones(len(order), dtype=np.bool_)
        first[1:] = sorted_keys[1:] != sorted_keys[:-1]
        first_of_run = np.maximum.accumulate(np.where(first, np.arange(len(order)), 0))
        known = sorted_contents[first_of_run]
        repeated = ~first
        for run_keys, run_contents in self._runs:
            at = np.minimum(np.searchsorted(run_keys, sorted_keys), len(run_keys) - 1)
            hit = run_keys[at] == sorted_keys
            known = np.where(hit, run_contents[at], known)
            repeated |= hit

        self._push(sorted_keys[~repeated], sorted_contents[~repeated])
        return [
            Repeat(int(order[at]), bool(sorted_contents[at] == known[at]))
            for at in np.flatnonzero(repeated)
        ]

    def _push(self, keys: Hashes, contents: Hashes) -> None:
        if not len(keys):
            return
        while self._runs and len(self._runs[-1][0]) < 2 * len(keys):
            older_keys, older_contents = self._runs.pop()
            keys = np.concatenate([older_keys, keys])
            contents = np.concatenate([older_contents, contents])
            order = np.argsort(keys, kind="stable")
            keys, contents = keys[order], contents[order]
        self._runs.append((keys, contents))
