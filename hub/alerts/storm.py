"""The storm brake: a rule that suddenly fires for everybody is held before it tells anybody."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from statistics import median

MOST_A_DAY = 50
TIMES_MEDIAN = 5
FEWEST = 10
"""So few new alerts are no storm, whatever was usual."""
HISTORY_DAYS = 30
DAY = timedelta(days=1)


def is_storm(fired: Sequence[datetime], now: datetime, since: datetime | None) -> bool:
    """Say whether a rule fires too often: 50 new alerts in 24 h, or 5 times its usual number.

    fired: when its alerts first fired in the last 31 days. since: when the rule was let go last;
    what fired before is not counted again. The usual number is the median over the 30 days before
    the last 24 hours, once the rule has fired for that long.
    """
    # Let go at an instant that lies ahead: the clock was put back since.
    start = max(now - DAY, since) if since and since <= now else now - DAY
    new = sum(start <= at <= now for at in fired)
    if new > MOST_A_DAY:
        return True
    before = [at for at in fired if at < now - DAY]
    if new <= FEWEST or not before or now - min(before) < HISTORY_DAYS * DAY:
        return False
    days = [0] * HISTORY_DAYS
    for at in before:
        days[min((now - DAY - at) // DAY, HISTORY_DAYS - 1)] += 1
    usual = median(days)
    return usual > 0 and new > TIMES_MEDIAN * usual
