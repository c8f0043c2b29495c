"""Answers about source records and what the mapping made of them."""

from typing import Any

from pydantic import Field

from hub.api.detail_schemas import Flat
from hub.api.schemas import Answer, EntityId, Instant, Ref


class RecordVersion(Answer):
    """A source record as it was sent at one time."""

    version: int
    fetched_at: Instant
    deleted: bool
    data: Any


class CanonicalIssue(Answer):
    """A value the mapping did not understand; it was not guessed."""

    field: str
    value: str
    reason: str


class CanonicalRecord(Answer):
    """What was made of it.

    raw: the source's own value where it differs. extensions: what the hub has no noun for.
    """

    ref: Ref
    kind: str
    entity_id: EntityId | None
    fields: Flat
    base_amounts: dict[str, int | None] = Field(
        description="Its amounts in `base_currency`; null where no rate is known.",
        examples=[{"net_base_minor": 2_400_000}],
    )
    raw: dict[str, Any]
    extensions: dict[str, Any]
    issues: list[CanonicalIssue]


class SourceRecord(Answer):
    """One object of a source with its versions, newest first."""

    ref: Ref
    link: str | None = Field(description="Its page in the tool it comes from, where it is known.")
    version: int
    deleted: bool
    first_seen_at: Instant
    fetched_at: Instant
    versions: list[RecordVersion]
    base_currency: str = Field(description="The company's.", examples=["EUR"])
    canonical: list[CanonicalRecord]
