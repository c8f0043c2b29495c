"""When nobody is to be disturbed: quiet hours, weekends, public holidays, and the next morning."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hub.alerts.holiday_calendar import free_days
from hub.model.notice import Quiet
from hub.model.setting import Company

LONGEST_DAYS = 30
"""No calendar is quiet for longer; what would be waits no longer either."""


class QuietTime:
    """Quiet hours as one company has them."""

    def __init__(self, company: Company, quiet: Quiet) -> None:
        self._zone = ZoneInfo(company.time_zone)
        self._quiet = quiet
        self._company = company

    def until(self, now: datetime) -> datetime | None:
        """Return when the quiet that holds now is over; None where it is not quiet."""
        end = self._next_end(now)
        if end is None:
            return None
        for _ in range(2 * LONGEST_DAYS):  # a quiet night may end in a quiet day
            following = self._next_end(end)
            if following is None:
                break
            end = following
        return end

    def next_at(self, at: time, after: datetime) -> datetime:
        """Return the next instant after `after` that is `at` on the clock of a day to work."""
        day = after.astimezone(self._zone).date()
        for ahead in range(LONGEST_DAYS):
            when = datetime.combine(day + timedelta(days=ahead), at, self._zone)
            if when > after and not self._is_free(when):
                return when
        return after + timedelta(days=1)

    def _next_end(self, now: datetime) -> datetime | None:
        local = now.astimezone(self._zone)
        if self._is_free(local):
            return datetime.combine(local.date() + timedelta(days=1), time(), self._zone)
        start, end = self._quiet.start, self._quiet.end
        if start is None or end is None or start == end:
            return None
        for began in (local.date() - timedelta(days=1), local.date()):
            opens = min(self._meant(began, start))
            closes = max(self._meant(began + timedelta(days=start > end), end))
            if opens <= now < closes:
                return closes
        return None

    def _meant(self, day: date, at: time) -> list[datetime]:
        """Return the instants that a clock's word may mean: two, in the hour that comes twice."""
        spelt = datetime.combine(day, at, self._zone)
        return [spelt.replace(fold=fold).astimezone(UTC) for fold in (0, 1)]

    def _is_free(self, local: datetime) -> bool:
        if self._quiet.weekends and local.weekday() >= 5:
            return True
        return self._quiet.holidays and local.date() in self._free_days(local.year)

    def _free_days(self, year: int) -> frozenset[date]:
        return free_days(self._company.country, self._company.state, year)
