"""Dates and instants: as written -> `2026-11-23` and `2026-11-23T10:15:00Z`, or None."""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Any, Literal

DateOrder = Literal["dmy", "mdy", "ymd"]

_LIMIT = 60
_EARLIEST_YEAR = 1800
_ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_ISO_START = re.compile(r"(?=.{4}(?:-..-|\...\.))(\d{4})[-.](\d\d)[-.](\d\d)")
_DOTTED = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4}|\d{2})")
_SLASHED = re.compile(r"(\d{1,4})[/-](\d{1,2})[/-](\d{1,4})")
_DAY_MONTH = re.compile(
    r"(\d{1,2})\.?(?:st|nd|rd|th)?[\s-]+([^\W\d_]{3,9})\.?,?[\s-]+(\d{4}|\d{2})(?!\d)"
)
_MONTH_DAY = re.compile(r"([^\W\d_]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
_PATTERNS: tuple[tuple[re.Pattern[str], str | None], ...] = (
    (_DOTTED, "dmy"),
    (_ISO_START, "ymd"),
    (_DAY_MONTH, "dmy"),
    (_MONTH_DAY, "mdy"),
    (_SLASHED, None),
)
_WEEKDAY = re.compile(r"[^\W\d_]{2,10}\.?,\s*(?:den\s+)?")
_TIME = re.compile(
    r"(?:T|,?\s*(?:um\s+)?)(\d{1,2})[:.](\d\d)(?:[:.](\d\d)(?:[.,]\d{1,9})?)?\s*(?:Uhr\b)?\s*"
    r"([AaPp]\.?[Mm]\.?)?\s*(\S*)"
)
_OFFSET = re.compile(r"(?:UTC|GMT)?([+-])(\d\d):?(\d\d)?")
_ZONES = {
    "Z": UTC,
    "UTC": UTC,
    "GMT": UTC,
    "CET": timezone(timedelta(hours=1)),
    "MEZ": timezone(timedelta(hours=1)),
    "CEST": timezone(timedelta(hours=2)),
    "MESZ": timezone(timedelta(hours=2)),
}
_MONTHS = {
    name: month
    for month, names in enumerate(
        (
            "jan january januar jän jänner",
            "feb february februar feber",
            "mar march mär märz maerz mrz",
            "apr april",
            "may mai",
            "jun june juni",
            "jul july juli",
            "aug august",
            "sep sept september",
            "oct october okt oktober",
            "nov november",
            "dec december dez dezember",
        ),
        start=1,
    )
    for name in names.split()
}
_EXCEL_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet's day has no zone
_EPOCH_UNITS = {"s": 1, "ms": 1_000}


def calendar_date(
    value: Any,
    zone: tzinfo | None = None,
    *,
    order: DateOrder | None = None,
    excel: bool = False,
    short_years: bool = True,
) -> str | None:
    """Return the date in `value` as `2026-11-23`, or None.

    Understands ISO 8601, "31.12.2026", "31. Dezember 2026", "Dec 31, 2026"; "12/31/2026" only
    where `order` says which part is the day; spreadsheet day numbers only where `excel` is set.
    zone: where the company keeps its calendar: an instant with an offset is dated there, save
    midnight UTC, which is how tools export a date. Two-digit years are 1969 to 2068.
    """
    found = _parsed(value, order=order, excel=excel, short_years=short_years)
    if found is None:
        return None
    if isinstance(found, datetime) and zone is not None and not _is_utc_midnight(found):
        moved = _shifted(found, zone) if found.tzinfo else None
        return (moved or found).date().isoformat()
    return found.isoformat()[:10]


def birth_date(value: Any, *, order: DateOrder | None = None) -> str | None:
    """Return a date of birth, or None; two-digit years are refused, "12.03.55" has two meanings."""
    return calendar_date(value, order=order, short_years=False)


def instant(
    value: Any,
    zone: tzinfo | None = None,
    *,
    order: DateOrder | None = None,
    excel: bool = False,
    epoch: Literal["s", "ms"] | None = None,
) -> str | None:
    """Return the instant in `value` as `2026-11-23T10:15:00Z`: UTC, whole seconds; or None.

    zone: where the source's clock stands; a text without an offset needs it. A time that the
    change to summer time skips counts an hour on (02:30 is 03:30); one that happens twice is the
    first. A date alone is its first moment. epoch: numbers count seconds or milliseconds.
    """
    if epoch is not None and (counted := _from_epoch(value, _EPOCH_UNITS[epoch])) is not None:
        return counted
    found = _parsed(value, order=order, excel=excel, short_years=True)
    if found is None:
        return None
    moment = found if isinstance(found, datetime) else datetime.combine(found, time())
    if moment.tzinfo is None:
        if zone is None:
            return None
        moment = moment.replace(tzinfo=zone)
    shifted = _shifted(moment, UTC)
    return None if shifted is None else f"{shifted:%Y-%m-%dT%H:%M:%SZ}"


def _parsed(
    value: Any, *, order: DateOrder | None, excel: bool, short_years: bool
) -> date | datetime | None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _from_excel(value) if excel else None
    if not isinstance(value, str) or len(value) > _LIMIT:
        return None
    found: date | None
    try:
        found = _from_iso(value)
    except ValueError:
        found = _from_words(value.strip(), order, short_years) or (
            _from_excel_text(value) if excel else None
        )
    return found if found is not None and found.year >= _EARLIEST_YEAR else None


def _from_iso(value: str) -> date | datetime:
    if len(value) == 10:
        if not _ISO_DATE.fullmatch(value):
            raise ValueError(value)
        return date.fromisoformat(value)
    if len(value) < 8 or not value[:4].isdigit() or "W" in value:
        raise ValueError(value)
    return date.fromisoformat(value) if len(value) == 8 else datetime.fromisoformat(value)


def _from_words(text: str, order: DateOrder | None, short_years: bool) -> date | datetime | None:
    if weekday := _WEEKDAY.match(text):
        text = text[weekday.end() :]
    for pattern, places in _PATTERNS:
        if match := pattern.match(text):
            if places is None:
                places = "ymd" if len(match[1]) == 4 else order
            if places is None:
                return None
            parts = dict(zip(places, match.groups(), strict=True))
            day = _day(parts["y"], parts["m"], parts["d"], short_years)
            rest = text[match.end() :]
            return _at_time(day, rest) if day and rest else day
    return None


def _day(year: str, month: str, day: str, short_years: bool) -> date | None:
    if len(year) == 2 and short_years:
        year = ("19" if year >= "69" else "20") + year
    try:
        month_number = int(month) if month.isdigit() else _MONTHS[month.lower()]
        return date(int(year), month_number, int(day)) if len(year) == 4 else None
    except (KeyError, ValueError):
        return None


def _at_time(day: date, text: str) -> datetime | None:
    match = _TIME.fullmatch(text.rstrip())
    if match is None:
        return None
    hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
    if match[4]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if match[4][0] in "pP" else 0)
    zone = _zone(match[5])
    if (match[5] and zone is None) or hour > 23 or minute > 59 or second > 59:
        return None
    return datetime.combine(day, time(hour, minute, second), zone)


def _zone(text: str) -> tzinfo | None:
    if offset := _OFFSET.fullmatch(text):
        minutes = int(offset[2]) * 60 + int(offset[3] or 0)
        if minutes >= 1_440:
            return None
        return timezone(timedelta(minutes=-minutes if offset[1] == "-" else minutes))
    return _ZONES.get(text.strip("()").upper())


def _from_excel(serial: float) -> datetime | None:
    """Return the moment of a day number in the 1900 date system; 60 is a day that never was."""
    if not 61 <= serial < 2_958_466:
        return None
    return _EXCEL_EPOCH + timedelta(seconds=round(serial * 86_400))


def _from_excel_text(value: str) -> datetime | None:
    try:
        return _from_excel(float(value.replace(",", ".")))
    except ValueError:
        return None


def _from_epoch(value: Any, units: int) -> str | None:
    text = str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value
    try:
        moment = datetime.fromtimestamp(float(text) / units, UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return None
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment.year >= _EARLIEST_YEAR else None


def _is_utc_midnight(moment: datetime) -> bool:
    return not moment.utcoffset() and moment.time() == time()


def _shifted(moment: datetime, zone: tzinfo) -> datetime | None:
    try:
        return moment.astimezone(zone)
    except OverflowError:
        return None
