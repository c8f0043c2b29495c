"""How exports spell days, times and amounts, reckoned here a second time."""

from datetime import UTC, date, datetime


def day(value: date | None) -> str:
    return f"{value.day:02}.{value.month:02}.{value.year}" if value else ""


def minute(at: datetime) -> str:
    return f"{day(at.date())} {at.hour:02}:{at.minute:02}"


def utc(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at else None


def euros(minor: int) -> str:
    whole, cents = divmod(minor, 100)
    groups = f"{whole:,}".replace(",", ".")
    return f"{groups},{cents:02}"


def stamp(at: datetime) -> str:
    return f"{at.date().isoformat()} {at.hour:02}:{at.minute:02}:{at.second:02}"


def iso(value: date | None) -> str | None:
    return value.isoformat() if value else None
