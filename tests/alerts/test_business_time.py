"""Business hours: nights, weekends, a state's holidays, time zones, dates nobody meant."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.alerts.business_time import BusinessTime
from hub.model.setting import Company

BERLIN = ZoneInfo("Europe/Berlin")
CLOCK = BusinessTime(Company(state="BY"))


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2026-11-23T09:00", "2026-11-23T17:00", 8),  # a Monday
        ("2026-11-23T00:00", "2026-11-24T00:00", 8),
        ("2026-11-20T16:00", "2026-11-23T10:00", 2),  # over a weekend
        ("2026-11-21T10:00", "2026-11-22T20:00", 0),
        ("2026-11-23T09:00", "2026-11-23T09:59", 0),  # whole hours only
        ("2026-11-23T10:00", "2026-11-23T09:00", 0),
        ("2026-12-24T09:00", "2026-12-28T10:00", 9),  # Christmas is free, the 24th is not
        ("2026-01-05T16:00", "2026-01-07T10:00", 2),  # Epiphany, in Bavaria
        ("2026-03-27T09:00", "2026-03-30T17:00", 16),  # the clocks go forward
        ("1900-01-01T00:00", "2000-01-03T17:00", 8),
    ],
)
def test_hours_count_while_the_company_works(start: str, end: str, hours: int) -> None:
    first, last = (datetime.fromisoformat(at).replace(tzinfo=BERLIN) for at in (start, end))
    assert CLOCK.hours_between(first, last) == hours


def test_another_state_works_on_epiphany() -> None:
    saxony = BusinessTime(Company(state="SN"))
    start, end = (datetime(2026, 1, day, 9, tzinfo=BERLIN) for day in (6, 7))
    assert (saxony.hours_between(start, end), CLOCK.hours_between(start, end)) == (8, 0)


def test_the_date_is_the_companys() -> None:
    late = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    assert CLOCK.today(late) == date(2026, 11, 23)
    assert CLOCK.days_since(date(2026, 11, 20), late) == 3
    assert CLOCK.days_since(date(9999, 12, 31), late) < 0


INSTANTS = st.datetimes(
    datetime(2024, 1, 1),  # noqa: DTZ001  # Hypothesis adds the zone
    datetime(2027, 12, 31),  # noqa: DTZ001
    timezones=st.just(UTC),
)


@given(INSTANTS, INSTANTS)
def test_hours_are_never_more_than_the_clock_shows(start: datetime, end: datetime) -> None:
    hours = CLOCK.hours_between(start, end)
    assert 0 <= hours <= max(timedelta(), end - start) / timedelta(hours=1)
