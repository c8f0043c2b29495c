"""What the API says of connections: their runs, quarantine, and where they differ."""

from typing import Literal

from pydantic import Field

from hub.api.schemas import Answer, Instant


class StreamProgress(Answer):
    """How far one stream of a run has come."""

    state: str
    read: int
    created: int
    changed: int
    unchanged: int
    deleted: int
    quarantined: int
    total: int | None
    error_kind: str | None
    error: str | None


class Run(Answer):
    """One sync of one connection."""

    id: int
    state: Literal["running", "succeeded", "partial", "failed", "cancelled"]
    started_at: Instant
    finished_at: Instant | None
    streams: dict[str, StreamProgress]
    error_kind: str | None
    error: str | None


class Freshness(Answer):
    """How old the data is, and how old it may become."""

    last_success: Instant | None
    expected_every_s: int | None
    late: bool | None = Field(description="null where nobody said how often it should be read")


class Connection(Answer):
    """One account in one source, and how it is. run: the newest one, also while it goes on.

    records_per_s: how fast that run reads, or read.
    """

    name: str = Field(examples=["crm"])
    source: str = Field(examples=["files"])
    system: str = Field(examples=["crm"])
    enabled: bool
    records: int
    quarantined: int
    freshness: Freshness
    run: Run | None
    records_per_s: float | None


class Drift(Answer):
    """How a source's records differ from what its connector declares, first seen when."""

    stream: str
    field: str
    text: str = Field(examples=["expected int, got text"])
    first_seen_at: Instant


class StreamState(Answer):
    """How far one stream has been read.

    position: where the next run goes on, in the source's own words; null: at the beginning.
    parts: how many positions there are beside it, one a parent.
    """

    name: str = Field(examples=["accounts"])
    records: int
    quarantined: int
    position: str | None = Field(examples=["2026-11-23T10:00:00.000000Z"])
    parts: int
    listed_at: str | None = Field(description="when all of it was last listed, where that is kept")


class MappingIssue(Answer):
    """A value of a connection that its mapping does not understand, and how often."""

    stream: str
    field: str
    reason: str
    example: str
    records: int


class ConnectionDetail(Connection):
    """A connection with its last runs, newest first, and what its mapping did not understand.

    drift: how its source differs from what its connector declares, each difference once. streams:
    those of which something was read.
    """

    runs: list[Run]
    issues: list[MappingIssue]
    drift: list[Drift]
    streams: list[StreamState]


class Cancelled(Answer):
    """A run that was asked to stop after its present page."""

    connection: str
    run: int


class Quarantined(Answer):
    """Input that was no usable record, whole."""

    id: int
    stream: str
    key: str | None
    place: str = Field(examples=["accounts.csv line 17"])
    reason: str
    raw: str
    state: str
    first_seen_at: Instant


class Started(Answer):
    """A sync that was started; ask the connection how it goes."""

    connection: str
    run: Run | None = Field(description="null where it has not written its first line yet")


class Status(Answer):
    """The whole hub at a glance. work: what still has to walk on, by stage; notices: how many are
    due, and dead, which were given up; models: by kind."""

    version: str
    database: str = Field(examples=["sqlite"])
    entities: dict[str, int]
    alerts: dict[str, int]
    work: dict[str, int]
    notices: dict[str, int]
    models: dict[str, str]
    connections: list[Connection]
