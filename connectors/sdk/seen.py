"""Which keys a listing has shown already; a long one's in 16 bytes a key."""

from array import array
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from connectors.sdk.sorted_runs import SortedRuns

RECENT = 1 << 17
"""Keys that are kept in a dict, 14 MB at most; only a longer listing loads numpy, which takes
more."""


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

    def __init__(self, recent: int = RECENT) -> None:
        self._most = recent
        self._recent: dict[int, int] = {}
        self._older: SortedRuns | None = None

    def add(self, keys: "array[int]", contents: "array[int]") -> list[Repeat]:
        """Remember one batch of hashes (typecode `q`) and return the rows that repeat a key."""
        older = self._older.known(keys) if self._older is not None else {}
        repeats = []
        if older or len(set(keys)) < len(keys) or not self._recent.keys().isdisjoint(keys):
            for position, (key, content) in enumerate(zip(keys, contents, strict=True)):
                known = older.get(position, self._recent.get(key))
                if known is None:
                    self._recent[key] = content
                else:
                    repeats.append(Repeat(position, known == content))
        else:
            self._recent.update(zip(keys, contents, strict=True))
        if len(self._recent) >= self._most:
            self._set_aside()
        return repeats

    def new_among(self, keys: "array[int]") -> int:
        """Remember hashes of keys alone, and return how many of them did not come before."""
        if self._older is not None:
            return len(keys) - len(self.add(keys, keys))
        before = len(self._recent)
        self._recent.update(dict.fromkeys(keys, 0))
        new = len(self._recent) - before
        if len(self._recent) >= self._most:
            self._set_aside()
        return new

    def _set_aside(self) -> None:
        if self._older is None:
            runs: type[SortedRuns] = import_module("connectors.sdk.sorted_runs").SortedRuns
            self._older = runs()
        self._older.add(self._recent)
        self._recent = {}
