"""Tryton's typed JSON: plain values out of it, domains and orders into it."""

from base64 import urlsafe_b64encode
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import msgspec

Domain = Sequence[Any]


def plain(value: Any) -> Any:
    """Return a value in JSON's own words: dates and times as ISO text, decimals as text.

    Moments are in UTC, which is how Tryton keeps them; lengths of time are hours.
    """
    if isinstance(value, list):
        return [plain(each) for each in value]
    if not isinstance(value, dict):
        return value
    match value.get("__class__"):
        case "Decimal":
            return value["decimal"]
        case "datetime":
            return _moment(value).isoformat(timespec="microseconds").replace("+00:00", "Z")
        case "date":
            return date(value["year"], value["month"], value["day"]).isoformat()
        case "timedelta":
            return timedelta(seconds=value["seconds"]) / timedelta(hours=1)
        case _:
            return {name: plain(each) for name, each in value.items()}


def _moment(value: dict[str, Any]) -> datetime:
    day = date(value["year"], value["month"], value["day"])
    at = time(value["hour"], value["minute"], value["second"], value["microsecond"], UTC)
    return datetime.combine(day, at)


def typed(moment: datetime) -> dict[str, Any]:
    """Return a moment as Tryton writes one."""
    at = moment.astimezone(UTC)
    return {
        "__class__": "datetime",
        "year": at.year,
        "month": at.month,
        "day": at.day,
        "hour": at.hour,
        "minute": at.minute,
        "second": at.second,
        "microsecond": at.microsecond,
    }


def encoded(clauses: Domain) -> str:
    """Return a domain or an order as a parameter holds it."""
    return urlsafe_b64encode(msgspec.json.encode(clauses)).decode()
