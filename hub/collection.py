"""Seldom garbage collection: what a process has loaded lasts, and rows go without its help."""

import gc

ROWS = 10_000
"""New objects between two looks at the young ones; Python's 700 is two looks at a page of rows."""


def collect_seldom() -> None:
    """Look for unreachable cycles seldom, and never again among what is there by now.

    To be called once a process has loaded what it needs: it took a twelfth of a sync.
    """
    gc.freeze()
    gc.set_threshold(ROWS)
    gc.enable()
