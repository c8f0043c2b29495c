"""What is observed of a connection: whether it is read, and whether what it says can be true."""

from collections.abc import Sequence
from datetime import timedelta
from statistics import median
from typing import Any

from hub.alerts.observation import Found
from hub.model.run import Run
from hub.model.setting import ConnectionInfo


def source_observation(
    connection: ConnectionInfo,
    history: Sequence[Run],
    living: int | None,
    feeds: int = 0,
    credential_ends_at: str | None = None,
) -> Found:
    """Return how reliable a connection is, from its finished runs, newest first.

    living: its records that are not deleted, None where nobody counted; feeds: how many rules read
    it; credential_ends_at: when the source says that its credential runs out.
    """
    said = connection.access_ends_on.isoformat() if connection.access_ends_on else None
    ends = [end[:10] for end in (said, credential_ends_at) if end]
    finished = [run for run in history if run.state not in ("running", "cancelled")]
    good = [run for run in finished if run.state == "succeeded"]
    errors = next((i for i, run in enumerate(finished) if run.state == "succeeded"), len(finished))
    counts = [count for run in good if (count := _stated_total(run)) is not None]
    expected = connection.expected_every
    found: dict[str, Any] = {
        "system": connection.system,
        "succeeded_at": good[0].started_at if good else None,
        "expected_interval_minutes": max(1, expected // timedelta(minutes=1)) if expected else None,
        "consecutive_errors": errors if finished else None,
        "records_last": counts[0] if counts else None,
        "records_median": float(median(counts[1:])) if len(counts) > 1 else None,
        "delete_ratio": _delete_ratio(finished[0], living) if finished else None,
        "auth_expires_on": min(ends, default=None),
        "feeds_rules": feeds,
    }
    return {name: value for name, value in found.items() if value is not None}


def _stated_total(run: Run) -> int | None:
    """Return how many records the source said it holds; None where a stream did not say."""
    totals = [stream.total for stream in run.streams.values()]
    return sum(total for total in totals if total is not None) if None not in totals else None


def _delete_ratio(run: Run, living: int | None) -> float | None:
    """Return the share of records the last run took away, or would have, held back for a person."""
    deleted, held = run.total("deleted"), run.total("held")
    if not deleted and not held:
        return 0.0
    return (deleted + held) / max(1, living + deleted) if living is not None else None
