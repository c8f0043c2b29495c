"""Cron expressions: what they mean, how long they pause, what is refused."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.config.cron import parse_cron

MONDAY, SATURDAY, SUNDAY = date(2026, 11, 23), date(2026, 11, 28), date(2026, 11, 29)
HOUR, DAY = 3600, 24 * 3600


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("0 6 * * 1-5", {MONDAY}),
        ("0 6 * * mon-fri", {MONDAY}),
        ("0 6 * * 0", {SUNDAY}),
        ("0 6 * * 7", {SUNDAY}),
        ("0 6 * * 6,7", {SATURDAY, SUNDAY}),
        ("0 6 28 * *", {SATURDAY}),
        ("0 6 * nov *", {MONDAY, SATURDAY, SUNDAY}),
        ("0 6 * 1-10 *", set()),
    ],
)
def test_weekdays_count_from_sunday_as_in_crontab(text: str, on: set[date]) -> None:
    cron = parse_cron(text)
    assert {day for day in (MONDAY, SATURDAY, SUNDAY) if cron.on(day)} == on


def test_steps_lists_and_spans() -> None:
    cron = parse_cron("*/20 6-8,22 1/10 * *")
    assert (cron.minutes, cron.hours, cron.days) == ((0, 20, 40), (6, 7, 8, 22), (1, 11, 21, 31))


@pytest.mark.parametrize(
    ("text", "pause_s"),
    [
        ("* * * * *", 60),
        ("*/5 * * * *", 300),
        ("30 6 * * *", DAY),
        ("0 6-20 * * *", 10 * HOUR),
        ("0 6-20 * * 1-5", 2 * DAY + 10 * HOUR),
        ("0 0 1 * *", 31 * DAY),
        ("0 0 29 2 *", (4 * 365 + 1) * DAY),
    ],
)
def test_the_longest_pause(text: str, pause_s: int) -> None:
    assert parse_cron(text).longest_pause_s() == pause_s


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("* * * *", "expected five fields"),
        ("60 * * * *", "minute: expected a number from 0 to 59, got '60'"),
        ("* 24 * * *", "hour: expected"),
        ("* * 0 * *", "day: expected a number from 1 to 31"),
        ("* * * foo *", "month: expected"),
        ("* * * * 8", "weekday: expected a number from 0 to 7"),
        ("*/0 * * * *", "minute: expected a number from 1 to 59, got '0'"),
        ("5-2 * * * *", "minute: '5-2' runs backwards"),
        ("1,,2 * * * *", "minute: expected"),
        ("0 0 31 2 *", "the days and months given never meet"),
        ("0 0 13 * 5", "not both"),
    ],
)
def test_what_is_refused(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        parse_cron(text)


FIELD = st.one_of(
    st.just("*"),
    st.integers(1, 5).map(str),
    st.tuples(st.integers(1, 3), st.integers(3, 5)).map(lambda span: f"{span[0]}-{span[1]}"),
    st.sampled_from(["*/2", "*/3", "1/2", "2,4"]),
)


@given(minute=FIELD, hour=FIELD, weekday=FIELD)
def test_the_longest_pause_is_that_of_a_year_walked_minute_by_minute(
    minute: str, hour: str, weekday: str
) -> None:
    cron = parse_cron(f"{minute} {hour} * * {weekday}")
    first = date(2026, 1, 1)
    starts = [
        (day * 24 + hours) * 60 + minutes
        for day in range(21)
        if cron.on(first + timedelta(days=day))
        for hours in cron.hours
        for minutes in cron.minutes
    ]
    assert cron.longest_pause_s() == 60 * max(b - a for a, b in pairwise(starts))
