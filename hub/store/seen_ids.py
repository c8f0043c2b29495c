"""Which records a listing has shown so far: a bit an id, in the memory of the run that lists."""

from collections.abc import Iterable

BLOCK = 1 << 16
"""Ids that share a block of 8 KiB: ids of one stream lie close together."""


class SeenIds:
    """A set of ids that takes some 130 KB for a million ids in a row.

    Nothing of it is stored: who deletes what a listing lacked is the run that read all of it, and
    a run that breaks off deletes nothing.
    """

    def __init__(self) -> None:
        self._blocks: dict[int, bytearray] = {}

    def add(self, ids: Iterable[int]) -> None:
        blocks = self._blocks
        for one in ids:
            number, place = divmod(one, BLOCK)
            block = blocks.get(number)
            if block is None:
                block = blocks[number] = bytearray(BLOCK >> 3)
            block[place >> 3] |= 1 << (place & 7)

    def __contains__(self, one: int) -> bool:
        number, place = divmod(one, BLOCK)
        block = self._blocks.get(number)
        return block is not None and bool(block[place >> 3] >> (place & 7) & 1)
