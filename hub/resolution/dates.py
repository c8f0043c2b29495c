"""Dates as sources write them, brought to year-month-day where they can be read."""

import re

_YEAR_FIRST = re.compile(r"(\d{4})(?:\D(\d{1,2})\D(\d{1,2})|(\d\d)(\d\d))(?!\d)")
_YEAR_LAST = re.compile(r"(\d{1,2})\D(\d{1,2})\D(\d{4})(?!\d)")


def day(text: str) -> str:
    """Return `1967-09-27`; day before month where a text leaves it open; else the digits."""
    plain = text.strip()
    found = _YEAR_FIRST.match(plain)
    if found:
        month, date = found[2] or found[4], found[3] or found[5]
        return f"{found[1]}-{int(month):02}-{int(date):02}"
    found = _YEAR_LAST.match(plain)
    if not found:
        return re.sub(r"\D", "", plain)
    first, second, separator = int(found[1]), int(found[2]), plain[found.end(1)]
    month_first = separator == "/" and second > 12
    in_order = (first, second) if month_first else (second, first)
    return f"{found[3]}-{in_order[0]:02}-{in_order[1]:02}"
