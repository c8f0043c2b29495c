"""How work on many records can be shared out: slice by slice, with the same result in any split."""

from collections.abc import Callable
from typing import Protocol, TypeVar

T = TypeVar("T")


class Spread(Protocol):
    """Lets `work` be done on slices (start, stop) that make up `size` items, none of them twice."""

    def __call__(self, work: Callable[[int, int], T], size: int) -> list[T]:
        """Return what each slice gives, in order; one slice at least."""
        ...


def at_once(work: Callable[[int, int], T], size: int) -> list[T]:
    """Do all of it here and now."""
    return [work(0, size)]
