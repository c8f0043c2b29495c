"""How fast a source may be asked: a rate all streams share, and what the source says itself."""

import re
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer

_RATE = re.compile(r"(\d+)\s*/\s*(s|min|h|d)")
_SECONDS = {"s": 1.0, "min": 60.0, "h": 3_600.0, "d": 86_400.0}
FIRST_DELAY_S = 0.25
LONGEST_DELAY_S = 60.0


@dataclass(frozen=True, slots=True)
class RateLimit:
    """At most `requests` in any `seconds`."""

    requests: int
    seconds: float


def rate_limit(value: object) -> RateLimit:
    """Return the rate a text such as `100/min` states. Raises ValueError where it states none."""
    if isinstance(value, RateLimit):
        return value
    found = _RATE.fullmatch(value.strip()) if isinstance(value, str) else None
    if not found or not int(found[1]):
        raise ValueError("expected a rate as 5/s, 100/min, 2000/h or 10000/d")
    return RateLimit(int(found[1]), _SECONDS[found[2]])


def rate_text(rate: RateLimit) -> str:
    """Return the text that states a rate."""
    unit = next(unit for unit, seconds in _SECONDS.items() if seconds == rate.seconds)
    return f"{rate.requests}/{unit}"


Rate = Annotated[RateLimit, BeforeValidator(rate_limit), PlainSerializer(rate_text)]


class Pace:
    """Lets requests go one by one, none earlier than allowed; all threads of a connection share it.

    A bucket that starts full would let twice the rate pass within its first period, so the times
    of the last `requests` are kept instead: exact in any window.
    """

    def __init__(
        self,
        rate: RateLimit | None,
        *,
        monotonic: Callable[[], float],
        sleep: Callable[[float], None],
    ) -> None:
        self._rate = rate
        self._monotonic = monotonic
        self._sleep = sleep
        self._gate = threading.Lock()
        self._told = threading.Lock()
        self._sent: deque[float] = deque(maxlen=rate.requests if rate else 1)
        self._not_before = float("-inf")
        self._delay_s = 0.0

    def wait(self) -> None:
        """Return when the next request may go."""
        with self._gate:  # held while sleeping: the others have to wait for their turn anyway
            while (left_s := self._due() - self._monotonic()) > 0:
                self._sleep(left_s)
            self._sent.append(self._monotonic())

    def hold(self, seconds: float) -> None:
        """Let nothing go for so long: the source said so."""
        with self._told:
            self._not_before = max(self._not_before, self._monotonic() + seconds)

    def slower(self) -> float:
        """Double the pause between requests and return it: the source is busy and says no more."""
        with self._told:
            self._delay_s = min(LONGEST_DELAY_S, max(FIRST_DELAY_S, self._delay_s * 2))
            return self._delay_s

    def faster(self) -> None:
        """Shorten the pause a little: the source answered."""
        if self._delay_s:
            with self._told:
                self._delay_s = self._delay_s * 0.9 if self._delay_s > 0.01 else 0.0

    def _due(self) -> float:
        due = self._not_before
        if self._sent:
            due = max(due, self._sent[-1] + self._delay_s)
        if self._rate is not None and len(self._sent) == self._rate.requests:
            due = max(due, self._sent[0] + self._rate.seconds)
        return due


def retry_after_s(text: str | None, now: datetime) -> float | None:
    """Return how long a Retry-After header asks to wait, in seconds; None where it says nothing.

    Both forms of RFC 9110: seconds, and a date, which is meant by the source's own clock; `now`
    is therefore best its Date header.
    """
    if not text:
        return None
    text = text.strip()
    if re.fullmatch(r"\d{1,9}(\.\d+)?", text):
        return float(text)
    at = http_date(text)
    return None if at is None else max(0.0, (at - now).total_seconds())


def http_date(text: str | None) -> datetime | None:
    """Return the instant in a header such as Date, None where there is none."""
    try:
        at = parsedate_to_datetime(text or "")
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
