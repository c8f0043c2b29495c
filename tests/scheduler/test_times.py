"""When a schedule is due: as its cron line or interval says, in the company's zone."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hub.config import Schedule
from hub.scheduler import first_run, trigger_of

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cron", "after", "starts"),
    [
        ("30 6 * * 1-5", "2026-11-20T10:00+01:00", "2026-11-23T06:30+01:00"),  # Friday -> Monday
        ("30 6 * * 1-5", "2026-11-23T06:00+01:00", "2026-11-23T06:30+01:00"),
        ("30 6 * * 0", "2026-11-23T06:00+01:00", "2026-11-29T06:30+01:00"),  # a Sunday
        ("30 6 * * 7", "2026-11-23T06:00+01:00", "2026-11-29T06:30+01:00"),
        ("0 0 1 * *", "2026-11-23T06:00+01:00", "2026-12-01T00:00+01:00"),
        ("*/20 6-7 * * *", "2026-11-23T07:41+01:00", "2026-11-24T06:00+01:00"),
        ("30 2 * * *", "2026-03-28T12:00+01:00", "2026-03-29T03:30+02:00"),  # the hour that is not
    ],
)
def test_cron_is_meant_as_in_crontab_and_in_the_companys_zone(
    cron: str, after: str, starts: str
) -> None:
    trigger = trigger_of(Schedule(cron=cron), BERLIN)
    found = trigger.get_next_fire_time(None, datetime.fromisoformat(after))
    assert found.timestamp() == datetime.fromisoformat(starts).timestamp()


@pytest.mark.parametrize(("every", "jitter"), [("15m", 30), ("1m", 6), ("5s", None)])
def test_an_interval_varies_a_little(every: str, jitter: int | None) -> None:
    trigger = trigger_of(Schedule(every=every), BERLIN)  # type: ignore[arg-type]  # as in YAML
    assert trigger.jitter == jitter


@pytest.mark.parametrize(
    ("last", "due"),
    [
        (None, MONDAY),
        ("2026-11-23T09:50:00.000Z", MONDAY + timedelta(minutes=5)),
        ("2026-11-20T09:50:00.000Z", MONDAY),
        ("2027-11-20T09:50:00.000Z", MONDAY),  # the clock was a year ahead
    ],
)
def test_a_restart_does_not_put_an_interval_off(last: str | None, due: datetime) -> None:
    assert first_run(last, timedelta(minutes=15), MONDAY) == due
