"""Time spans as people write them in configuration and rules: `30s`, `15m`, `24h`, `7d`."""

import re
from datetime import timedelta
from typing import Annotated, Any

from pydantic import BeforeValidator

_TEXT = re.compile(r"([0-9]{1,6})\s*([smhd])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def duration(value: Any) -> timedelta:
    """Return the time span a text names. Raises ValueError where it names none."""
    if isinstance(value, timedelta):
        return value
    match = _TEXT.fullmatch(str(value).strip())
    if not match:
        raise ValueError(f"expected a duration such as 30s, 15m, 24h or 7d, not {value!r}")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


Duration = Annotated[timedelta, BeforeValidator(duration)]
