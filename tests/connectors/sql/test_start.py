"""Where an incremental read starts: `since` in the column's type, less the lookback."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from connectors.sdk import ConnectionBrokenError
from connectors.sql.query import start_of

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
NONE = 0
FIVE_MINUTES = timedelta(minutes=5)


@pytest.mark.parametrize(
    ("example", "since", "lookback", "start"),
    [
        (7, "17", NONE, 17),
        (7, "17", 5, 12),
        (1.5, "17.5", 5, 12.5),
        (Decimal(1), "17.50", NONE, Decimal("17.50")),
        (Decimal(1), "17.50", 5, Decimal("12.50")),
        (NOON, "2026-11-23T12:00:00Z", NONE, NOON),
        (NOON, "2026-11-23T12:05:00Z", FIVE_MINUTES, NOON),
        (date(2026, 1, 1), "2026-11-23", NONE, date(2026, 11, 23)),
        (date(2026, 1, 1), "2026-11-23", FIVE_MINUTES, date(2026, 11, 22)),
        ("x", "any text", NONE, "any text"),
        ("x", "2026-11-23", timedelta(days=2), "2026-11-21"),
        ("x", "2026-11-23T12:05:00Z", FIVE_MINUTES, "2026-11-23T12:00:00Z"),
        ("x", "2026-11-23 12:05:00", FIVE_MINUTES, "2026-11-23 12:00:00"),
        ("x", "2026-11-23 12:05:00.5", FIVE_MINUTES, "2026-11-23 12:00:00.500000"),
        ("x", "2026-11-23T12:05:00+01:00", FIVE_MINUTES, "2026-11-23T12:00:00+01:00"),
        (b"x", "17", NONE, "17"),
    ],
)
def test_it_fits_the_column(example: Any, since: str, lookback: Any, start: Any) -> None:
    found = start_of(example, since, lookback)
    assert found == start
    assert type(found) is type(start)


@pytest.mark.parametrize(
    ("example", "since", "lookback"),
    [
        (7, "x", NONE),
        (7, "17", FIVE_MINUTES),
        (1.5, "1.5", FIVE_MINUTES),
        (Decimal(1), "x", NONE),
        (NOON, "gestern", NONE),
        (NOON, "2026-11-23", 5),
        (date(2026, 1, 1), "17", NONE),
        ("x", "gestern", FIVE_MINUTES),
        ("x", "2026-11-23", 5),
        (NOON, "0001-01-01T00:00:00Z", timedelta(days=5)),
    ],
)
def test_what_does_not_fit_is_told(example: Any, since: str, lookback: Any) -> None:
    with pytest.raises(ConnectionBrokenError, match="do not fit a column of"):
        start_of(example, since, lookback)
