"""Shares work on many records out to all processors."""

import gc
import os
from collections.abc import Callable, Sequence
from itertools import pairwise
from multiprocessing import get_all_start_methods, get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from signal import SIG_IGN, SIGINT, signal
from typing import Any, TypeVar

from hub.errors import HubError

T = TypeVar("T")

LEAST = 10_000
"""Below this many items a process costs more than it saves."""


class WorkLostError(HubError):
    """A process that did part of the work came to its end without an answer."""


def on_all_processors(
    work: Callable[[int, int], T], size: int, workers: int | None = None
) -> list[T]:
    """Do work on slices of `size` items at the same time; for a process without threads of its own.

    workers: how many, one for each processor if not said. Where processes cannot be forked, or are
    not worth it, all is done here. This process does the first slice: its result goes nowhere.
    """
    workers = workers or processors()
    if workers < 2 or size < LEAST or "fork" not in get_all_start_methods():
        return [work(0, size)]
    starts = [size * at // workers for at in range(workers + 1)]
    slices = list(pairwise(starts))
    others: list[_Other] = []
    try:
        for start, stop in slices[1:]:
            others.append(_Other(work, start, stop))
        return [work(*slices[0]), *(each.answer() for each in others)]
    finally:
        for each in others:
            each.end()


def processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class _Other:
    """A forked process: what it works on is not handed over, but there already."""

    def __init__(self, work: Callable[[int, int], Any], start: int, stop: int) -> None:
        context = get_context("fork")
        self._answers, there = context.Pipe(duplex=False)
        self._process: BaseProcess = context.Process(target=_do, args=(there, work, start, stop))
        self._process.start()
        there.close()

    def answer(self) -> Any:
        """Return what the work gives, once it is done; raise what it raised."""
        try:
            done, found = self._answers.recv()
        except EOFError as error:
            self._process.join()
            code = self._process.exitcode
            raise WorkLostError(
                f"a process that did part of the work ended with {code}: is there enough memory?"
            ) from error
        if not done:
            raise found
        return found

    def end(self) -> None:
        """Wait for the process; one whose answer nobody wants is stopped."""
        self._answers.close()
        self._process.terminate()
        self._process.join()


def _do(answers: Connection, work: Callable[[int, int], Any], start: int, stop: int) -> None:
    signal(SIGINT, SIG_IGN)  # a person stops all at once; who waits for the answer ends the others
    gc.freeze()  # what is there already is nobody's garbage; to look at it would copy it
    told: Sequence[Any]
    try:
        told = True, work(start, stop)
    except Exception as error:  # noqa: BLE001  # raised again where the work was asked for
        told = False, error
    answers.send(told)
