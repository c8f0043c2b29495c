"""What one sync of one connection did."""

from dataclasses import dataclass, field
from typing import Literal

RunState = Literal["running", "succeeded", "partial", "failed", "cancelled"]
ErrorKind = Literal["config", "auth", "broken", "transient", "contract", "deletes_held", "bug"]


@dataclass(slots=True)
class StreamProgress:
    """Counts of records for one stream of a run, filled as pages are committed.

    read = created + changed + unchanged + kept_out + those deleted by the source's own word. held:
    gone from a complete listing, yet kept until a person allows so many deletions. kept_out: of
    somebody who was erased.
    """

    state: RunState = "running"
    read: int = 0
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    deleted: int = 0
    quarantined: int = 0
    held: int = 0
    kept_out: int = 0
    total: int | None = None
    error_kind: ErrorKind | None = None
    error: str | None = None


@dataclass(slots=True)
class Run:
    """One run; instants are text as in the store, `streams` in the order they were read."""

    id: int
    connection: str
    state: RunState
    started_at: str
    finished_at: str | None = None
    streams: dict[str, StreamProgress] = field(default_factory=dict)
    error_kind: ErrorKind | None = None
    error: str | None = None

    def total(self, count: str) -> int:
        """Return one of the counts, summed over all streams."""
        return sum(getattr(stream, count) for stream in self.streams.values())
