"""Cron expressions of five fields: read, checked, and how long they may pause."""

import itertools
from dataclasses import dataclass
from datetime import date, timedelta

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
_MINUTES_A_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Cron:
    """When to start, in the company's time zone; weekdays count from Sunday = 0, as in crontab."""

    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: tuple[int, ...]
    months: tuple[int, ...]
    weekdays: tuple[int, ...]

    def on(self, day: date) -> bool:
        """Return whether it starts at all on `day`."""
        weekday = (day.weekday() + 1) % 7
        return day.month in self.months and day.day in self.days and weekday in self.weekdays

    def longest_pause_s(self) -> int:
        """Return the longest time between two starts, in seconds: nights, weekends, months.

        Raises ValueError where it never starts (the 31st of February).
        """
        times = [hour * 60 + minute for hour in self.hours for minute in self.minutes]
        first_day = date(2024, 1, 1)  # a leap year, then enough years for 29 February to return
        days = [n for n in range(9 * 366) if self.on(first_day + timedelta(days=n))]
        if len(days) < 2:
            raise ValueError("the days and months given never meet")
        within = max((b - a for a, b in itertools.pairwise(times)), default=0)
        over_night = _MINUTES_A_DAY - times[-1] + times[0]
        longest_gap = max(b - a for a, b in itertools.pairwise(days)) - 1
        return max(within, over_night + longest_gap * _MINUTES_A_DAY) * 60


def parse_cron(text: str) -> Cron:
    """Return the schedule of `minute hour day month weekday`.

    Raises ValueError naming the field that is wrong. A day of the month together with a weekday is
    refused: crontab means "or" by it, most people mean "and".
    """
    fields = text.split()
    if len(fields) != 5:
        raise ValueError(
            f"expected five fields 'minute hour day month weekday', got {len(fields)} in {text!r}"
        )
    minutes, hours, days, months, weekdays = fields
    if days != "*" and weekdays != "*":
        raise ValueError("give a day of the month or a weekday, not both: one of them must be '*'")
    cron = Cron(
        minutes=_field("minute", minutes, 0, 59),
        hours=_field("hour", hours, 0, 23),
        days=_field("day", days, 1, 31),
        months=_field("month", months, 1, 12, _MONTHS),
        weekdays=tuple(sorted({n % 7 for n in _field("weekday", weekdays, 0, 7, _WEEKDAYS)})),
    )
    cron.longest_pause_s()
    return cron


def _field(
    name: str, text: str, low: int, high: int, names: list[str] | None = None
) -> tuple[int, ...]:
    found: set[int] = set()
    for part in text.split(","):
        span, _, step_text = part.partition("/")
        step = _number(name, step_text, 1, high) if step_text else 1
        if span == "*":
            first, last = low, high
        else:
            first_text, dash, last_text = span.partition("-")
            first = _number(name, first_text, low, high, names)
            last = _number(name, last_text, low, high, names) if dash else first
            last = high if step_text and not dash else last
        if first > last:
            raise ValueError(f"{name}: {span!r} runs backwards")
        found.update(range(first, last + 1, step))
    return tuple(sorted(found))


def _number(name: str, text: str, low: int, high: int, names: list[str] | None = None) -> int:
    word = text.lower()[:3]
    if names and word in names:
        return names.index(word) + (1 if names is _MONTHS else 0)
    if not text.isdecimal() or not low <= int(text) <= high:
        raise ValueError(f"{name}: expected a number from {low} to {high}, got {text!r}")
    return int(text)
