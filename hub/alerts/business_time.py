"""Business hours by the company's calendar: Monday to Friday, 9 to 17, without public holidays."""

from bisect import bisect_right
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from hub.alerts.holiday_calendar import free_days
from hub.model.setting import Company

OPENS, CLOSES = 9, 17
FIRST_YEAR = 2000
"""Time before this year counts no hours: nothing a help desk answers for is older."""


class BusinessTime:
    """Counts hours and days as one company does."""

    def __init__(self, company: Company) -> None:
        self._zone = ZoneInfo(company.time_zone)
        self._country, self._state = company.country, company.state

    @property
    def name(self) -> str:
        """Name all that its hours and days hang on."""
        return f"{self._zone.key} {self._country} {self._state}"

    def today(self, now: datetime) -> date:
        """Return the date on the company's wall calendar."""
        return now.astimezone(self._zone).date()

    def days_since(self, day: date, now: datetime) -> int:
        """Return whole days from `day` to today; negative while it lies ahead."""
        return (self.today(now) - day).days

    def hours_between(self, start: datetime, end: datetime) -> int:
        """Return whole business hours between two aware instants; 0 where `end` is not later."""
        start = max(start, datetime(FIRST_YEAR, 1, 1, tzinfo=UTC))
        if end <= start:
            return 0
        return int(self._until(end) - self._until(start))

    def _until(self, at: datetime) -> float:
        """Return the business hours from the first year to `at`."""
        local = at.astimezone(self._zone)
        days = self._workdays(local.year)
        ordinal = local.toordinal()
        before = self._before(local.year)
        passed = bisect_right(days, ordinal - 1)
        hours = float((before + passed) * (CLOSES - OPENS))
        if passed < len(days) and days[passed] == ordinal:
            since_midnight = timedelta(hours=local.hour, minutes=local.minute, seconds=local.second)
            opened = since_midnight / timedelta(hours=1) - OPENS
            hours += min(max(opened, 0.0), float(CLOSES - OPENS))
        return hours

    def _workdays(self, year: int) -> list[int]:
        return _workdays(self._country, self._state, year)

    def _before(self, year: int) -> int:
        return _workdays_before(self._country, self._state, year)


@lru_cache(maxsize=4_096)
def _workdays(country: str, state: str | None, year: int) -> list[int]:
    """Return the ordinals of a year's working days, in order."""
    free = free_days(country, state, year)
    first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
    return [
        day
        for day in range(first, last + 1)
        if date.fromordinal(day).weekday() < 5 and date.fromordinal(day) not in free
    ]


@lru_cache(maxsize=4_096)
def _workdays_before(country: str, state: str | None, year: int) -> int:
    """Return how many working days the years from the first one to the one before have."""
    return sum(len(_workdays(country, state, one)) for one in range(FIRST_YEAR, year))
