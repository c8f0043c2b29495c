"""What the kit needs: a source whose content it holds, and a store that it may look into."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Any, Protocol

from connectors.sdk.contract import Connector
from connectors.sdk.surroundings import Surroundings

Row = dict[str, Any]


class BreachError(AssertionError):
    """A check found that the contract does not hold; its text says what was seen."""


class NotApplicableError(Exception):
    """A check does not apply to this source; its text says why."""


@dataclass
class Clock:
    """Time that passes only where somebody waits."""

    at: datetime = field(default_factory=lambda: datetime(2026, 11, 23, 10, 0, tzinfo=UTC))

    def now(self) -> datetime:
        """Return the instant."""
        return self.at

    def monotonic(self) -> float:
        """Return seconds since some moment."""
        return self.at.timestamp()

    def sleep(self, seconds: float) -> None:
        """Let time pass, in whole microseconds: less than one must not be none."""
        self.at += timedelta(microseconds=ceil(seconds * 1e6))

    def surroundings(self) -> Surroundings:
        """Return what a connection is lent by this clock."""
        return Surroundings(clock=self.now, monotonic=self.monotonic, sleep=self.sleep)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one run went. error_kind: of the stream that failed, None where all went well.

    said: everything the run put down in words.
    """

    succeeded: bool
    error_kind: str | None
    said: str
    created: int
    changed: int
    unchanged: int
    deleted: int
    quarantined: int


class Store(Protocol):
    """A hub's own store, empty at first."""

    def sync(
        self,
        connector: Connector,
        *,
        before_commit: Callable[[], None] | None = None,
        after_commit: Callable[[], None] | None = None,
    ) -> Outcome:
        """Let the hub's runner read the connection, and close it."""

    def live(self) -> Mapping[str, Row]:
        """Return the newest payload of each record that is not deleted, by key."""

    def versions(self) -> int:
        """Return how many versions of records there are in all."""

    def open_quarantine(self) -> int:
        """Return how many rejected inputs wait."""

    def close(self) -> None:
        """Give files back, so that the process may fork; the next call opens them again."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a stream promises. page: rows in a page. cursor: it reads what changed since.

    ordered: the position moves while it is read. deletes: it sees what is gone. lists: in how many
    its rows stand, one below each parent.
    """

    name: str
    page: int
    cursor: bool
    ordered: bool
    deletes: bool
    lists: int = 1


class Subject(Protocol):
    """A source with a world behind it that the kit fills."""

    @property
    def name(self) -> str:
        """How the source is called."""

    def streams(self) -> Sequence[Facts]:
        """Return the streams that can be filled."""

    def row(self, stream: str, number: int, at: datetime) -> Row:
        """Return an invented row with that number in its key, changed at `at`."""

    def key(self, stream: str, row: Row) -> str:
        """Return the key the record of a row has."""

    def spoiled(self, stream: str, row: Row, how: str) -> Row:
        """Return the row with a fault: `key`, `cursor`, `type`, `new`, `large`."""

    def put(self, stream: str, rows: Sequence[Row], gone: Sequence[Row] = ()) -> None:
        """Let the source hold these rows; gone: those it had before."""

    def open(self, stream: str, clock: Clock, **how: bool) -> Connector:
        """Open a connection that reads one stream; how: only what the subject itself offers."""

    def close(self) -> None:
        """Give back what stood behind the source; may be called twice."""


def require(holds: bool, text: str) -> None:
    """Raise BreachError where something does not hold."""
    if not holds:
        raise BreachError(text)
