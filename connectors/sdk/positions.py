"""Where a stream may be continued from: moves only as far as nothing can have been missed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from connectors.sdk.cursors import Value, stored_text
from connectors.sdk.record import Page

KEPT = "kept"
"""The partition that holds which fields are kept."""
FULL = "full"
DELETED = "deleted"
BACKFILL = "backfill"
"""Partitions beside the stream's own position: the last whole listing, the last deletion, how far
a first read in slices has come."""

SKEW = timedelta(seconds=2)
"""How far behind the run's start, by the server's clock, the position stays."""


def not_below(a: Value, b: Value) -> bool:
    """Return whether cursor `a` lies at or behind `b`; both are of one kind."""
    return a >= b  # type: ignore[operator]  # one stream's cursors are all of one kind


def rising(cursors: Sequence[Value]) -> list[Value]:
    """Return cursors of one kind in their order."""
    return sorted(cursors)


@dataclass(slots=True)
class Position:
    """The position of one listing. start: where it began; began_at: when, by the server's clock.

    Each page's own highest cursor becomes the position with the page behind it, and only while
    every row came in ascending order: a row that jumps ahead is noticed before it counts.
    """

    start: Value | None
    began_at: datetime
    ordered: bool
    top: Value | None = None
    proven: Value | None = None
    moved: bool = False

    def page(self, cursors: Sequence[Value | None]) -> str | None:
        """Take a page's cursors in; return the position that is safe once it is stored.

        None: leave it as it is. When the order turns out to be none after the position has moved,
        that is where the run began ("" for the beginning).
        """
        before, in_order = self.top, self.ordered
        high = self.top
        values = [value for value in cursors if value is not None]
        if values:
            if in_order:
                first = values if high is None else [high, *values]
                in_order = rising(first) == first
            top = max(values)
            high = top if high is None or not_below(top, high) else high
        self.top = high
        if not self.ordered:
            return None
        if not in_order:
            self.ordered = False
            return self._back() if self.moved else None
        if before is None or high == before:  # nothing behind it yet has shown that it did not jump
            return None
        at = self._safe(before)
        if at is None or at == self.proven:
            return None
        self.proven, self.moved = at, True
        return stored_text(at)

    def end(self) -> str | None:
        """Return the position after the stated end, None where it stays."""
        at = None if self.top is None else self._safe(self.top)
        return None if at is None else stored_text(at)

    def give_up_order(self) -> str | None:
        """Stop moving before the end; return where to go back to, None where nothing moved."""
        self.ordered = False
        return self._back() if self.moved else None

    def _back(self) -> str:
        self.moved = False
        return "" if self.start is None else stored_text(self.start)

    def _safe(self, value: Value) -> Value | None:
        """Return how far `value` lets the position move; None where that is not forward."""
        if isinstance(value, datetime):
            value = min(value, self.began_at - SKEW)
        if self.start is not None and not_below(self.start, value):
            return None
        return value


def minding(digest: str, positions: Mapping[str, str]) -> tuple[list[Page], Mapping[str, str]]:
    """Return the positions that hold while fields of this digest are kept, and what to store first.

    Once other fields are kept, what was read before lacks some: everything is read again.
    """
    before = positions.get(KEPT)
    if before == digest:
        return [], positions
    noted = Page((), cursor=digest, partition=KEPT)
    if before is None:
        return [noted], positions
    back = [Page((), cursor="", partition=name) for name in positions if name != KEPT]
    return [*back, noted], {}
