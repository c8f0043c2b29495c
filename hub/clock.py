"""The one place that asks what time it is; every other room is told."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """Return the current instant, aware, in UTC."""
    return datetime.now(UTC)


def instant_text(at: datetime) -> str:
    """Return `at` as `2026-11-23T10:15:00.123Z`: fixed width, so that texts sort as instants.

    Raises ValueError for a naive datetime.
    """
    if at.tzinfo is None:
        raise ValueError(f"an instant needs a time zone, got {at!r}")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"
