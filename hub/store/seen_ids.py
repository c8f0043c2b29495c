"""Which records a listing has shown so far: a bit an id, in the memory of the run that lists."""

from collections.abc import Sequence

BLOCK = 1 << 16
"""Ids that share a block of 8 KiB: ids of one stream lie close together."""
WORD = 32
"""Ids whose bits are asked for in one number."""


class SeenIds:
    """A set of ids that takes some 130 KB for a million ids in a row.

    Nothing of it is stored: who deletes what a listing lacked is the run that read all of it, and
    a run that breaks off deletes nothing.
    """

    def __init__(self) -> None:
        self._blocks: dict[int, bytearray] = {}

    def add(self, ids: Sequence[int]) -> None:
        if not ids:
            return
        first, last = min(ids), max(ids)
        one_by_one = isinstance(ids, range) or len(set(ids)) == len(ids)
        if one_by_one and last - first + 1 == len(ids):  # the ids of one page mostly lie in a row
            self._add_row(first, last)
            return
        for one in ids:
            block, place = self._at(one)
            block[place >> 3] |= 1 << (place & 7)

    def _add_row(self, first: int, last: int) -> None:
        """Add the ids from first to last: as bits of one long number, block by block."""
        while first <= last:
            block, place = self._at(first)
            count = min(last - first + 1, BLOCK - place)
            start, stop = place >> 3, (place + count + 7) >> 3
            bits = ((1 << count) - 1) << (place & 7)
            bits |= int.from_bytes(block[start:stop], "little")
            block[start:stop] = bits.to_bytes(stop - start, "little")
            first += count

    def _at(self, one: int) -> tuple[bytearray, int]:
        number, place = divmod(one, BLOCK)
        block = self._blocks.get(number)
        if block is None:
            block = self._blocks[number] = bytearray(BLOCK >> 3)
        return block, place

    def __contains__(self, one: int) -> bool:
        return not self.lacking(one // WORD, 1 << one % WORD)

    def lacking(self, word: int, bits: int) -> int:
        """Return those of the bits that are not in the set; bit b of a word is id word * 32 + b."""
        number, place = divmod(word * WORD, BLOCK)
        block = self._blocks.get(number)
        if block is None:
            return bits
        return bits & ~int.from_bytes(block[place >> 3 : (place + WORD) >> 3], "little")
