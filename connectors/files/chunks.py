"""Gathers small things into lists that are worth a call and still fit into memory."""

from collections.abc import Callable, Iterator
from typing import TypeVar

T = TypeVar("T")

CHUNK_ITEMS = 1_000
CHUNK_SIZE = 1024 * 1024


def chunks(items: Iterator[T], size_of: Callable[[T], int]) -> Iterator[list[T]]:
    """Yield lists of at most 1,000 items, each closed once the sizes pass a million."""
    chunk: list[T] = []
    size = 0
    for item in items:
        chunk.append(item)
        size += size_of(item)
        if size >= CHUNK_SIZE or len(chunk) >= CHUNK_ITEMS:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk
