"""Shares work on many records out to all processors."""

import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from itertools import pairwise
from multiprocessing import get_all_start_methods, get_context
from typing import Any, TypeVar

T = TypeVar("T")

LEAST = 10_000
"""Below this many items a process costs more than it saves."""

_waiting: list[Callable[[int, int], Any]] = []
"""Where forked processes find the work: what it works on is not handed over, but there already."""


def on_all_processors(
    work: Callable[[int, int], T], size: int, workers: int | None = None
) -> list[T]:
    """Do work on slices of `size` items at the same time; for a process without threads of its own.

    workers: how many, one for each processor if not said. Where processes cannot be forked, or are
    not worth it, all is done here.
    """
    workers = workers or processors()
    if workers < 2 or size < LEAST or "fork" not in get_all_start_methods():
        return [work(0, size)]
    starts = [size * at // workers for at in range(workers + 1)]
    _waiting.append(work)
    try:
        with ProcessPoolExecutor(workers, mp_context=get_context("fork")) as pool:
            return list(pool.map(_do, *zip(*pairwise(starts), strict=True)))
    finally:
        _waiting.pop()


def processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _do(start: int, stop: int) -> Any:
    return _waiting[-1](start, stop)
