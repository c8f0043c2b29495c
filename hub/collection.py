"""Seldom garbage collection: what a process has loaded lasts, and rows go without its help."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

ROWS = 10_000
"""New objects between two looks at the young ones; Python's 700 is two looks at a page of rows."""


@contextmanager
def loading() -> Iterator[None]:
    """Look for no unreachable cycles while a process loads what it needs: that makes none.

    From then on they are looked for seldom, and never again among what is there by now. Loading
    took half as long again, and a sync a twelfth.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.set_threshold(ROWS)
        gc.enable()
