"""What an instant makes of the dates in an observation: days, hours and minutes to or from them."""

from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from hub.alerts.business_time import BusinessTime
from hub.alerts.observation import FIRST_DAY, LAST_DAY


class Moment(NamedTuple):
    """When facts are asked for, on which calendar."""

    now: datetime
    today: date
    clock: BusinessTime


def moment(now: datetime, clock: BusinessTime) -> Moment:
    """Return an instant with its day on the company's calendar."""
    return Moment(now, clock.today(now), clock)


def days_since(value: Any, at: Moment) -> int | None:
    on = date_of(value)
    return (at.today - on).days if on else None


def days_until(value: Any, at: Moment) -> int | None:
    on = date_of(value)
    return (on - at.today).days if on else None


def hours_since(value: Any, at: Moment) -> int | None:
    start = instant_of(value)
    return at.clock.hours_between(start, at.now) if start else None


def hours_until(value: Any, at: Moment) -> int | None:
    """Business hours left; below zero, those gone by since."""
    end = instant_of(value)
    if end is None:
        return None
    left = at.clock.hours_between(at.now, end)
    return left if end >= at.now else -at.clock.hours_between(end, at.now)


def clock_hours_until(value: Any, at: Moment) -> int | None:
    end = instant_of(value)
    return (end - at.now) // timedelta(hours=1) if end else None


def minutes_since(value: Any, at: Moment) -> int | None:
    start = instant_of(value)
    return max(0, (at.now - start) // timedelta(minutes=1)) if start else None


def is_past(value: Any, at: Moment) -> bool | None:
    on = date_of(value)
    return on < at.today if on else None


def date_of(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


def instant_of(value: Any) -> datetime | None:
    """Return an instant; None, too, for what software writes where it knows none."""
    text = str(value)
    if not FIRST_DAY <= text[:10] <= LAST_DAY:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None
