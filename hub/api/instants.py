"""Instants as callers may write them."""

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field

_FIRST = datetime(1900, 1, 1, tzinfo=UTC)
_LAST = datetime(9999, 12, 30, tzinfo=UTC)
"""After it the calendar ends in some time zones, so that pages and commands could not show it."""


def _not_a_number(value: Any) -> Any:
    """Refuse what would be taken for seconds since 1970."""
    if not isinstance(value, str) or value.strip().lstrip("+-").replace(".", "", 1).isdigit():
        raise ValueError("expected an instant such as 2026-12-01T08:00:00Z")
    return value


def _on_the_calendar(at: datetime) -> datetime:
    """Refuse what is beyond the calendar, here or in a time zone."""
    aware = at if at.tzinfo else at.replace(tzinfo=UTC)
    if not _FIRST <= aware <= _LAST:
        raise ValueError(f"expected an instant from {_FIRST.date()} to {_LAST.date()}")
    return at


_WRITTEN = BeforeValidator(_not_a_number)
_DAY = AfterValidator(_on_the_calendar)

Moment = Annotated[datetime, _WRITTEN, _DAY]
"""An instant as ISO 8601 has it written, not as a number."""
Until = Annotated[
    AwareDatetime,
    _WRITTEN,
    _DAY,
    Field(description="With a time zone.", examples=["2026-12-01T08:00:00Z"]),
]
