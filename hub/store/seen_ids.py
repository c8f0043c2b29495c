"""Which records a listing has shown so far: a bit an id, in the memory of the run that lists."""

from collections.abc import Iterable, Sequence
from struct import Struct

BLOCK = 1 << 16
"""Ids that share a block of 8 KiB: ids of one stream lie close together."""
WORD = 32
"""Ids whose bits are asked for in one number."""
_put = Struct("<I").pack_into


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

    def lacking(self, words: Iterable[tuple[int, int]]) -> list[int]:
        """Return, in order, those ids that are not in the set; bit b of a word is id word * 32 + b.

        By blocks as long numbers: a question for each word takes as long as SQL takes to tell it.
        """
        told: dict[int, bytearray] = {}
        for word, bits in words:
            number, place = divmod(word, BLOCK // WORD)
            block = told.get(number)
            if block is None:
                block = told[number] = bytearray(BLOCK >> 3)
            _put(block, place * (WORD >> 3), bits)
        return [one for number in sorted(told) for one in self._lacking_in(number, told[number])]

    def _lacking_in(self, number: int, told: bytearray) -> list[int]:
        held = self._blocks.get(number, b"")
        left = int.from_bytes(told, "little") & ~int.from_bytes(held, "little")
        if not left:
            return []
        return [
            number * BLOCK + at * 8 + bit
            for at, byte in enumerate(left.to_bytes(BLOCK >> 3, "little"))
            if byte
            for bit in range(8)
            if byte >> bit & 1
        ]
