"""Versions of connectors: MAJOR.MINOR.PATCH, where a new MAJOR may break who reads the records."""

import re

Version = tuple[int, int, int]


def version_of(text: str) -> Version:
    """Return a version's numbers, which compare as versions do. Raises ValueError."""
    found = re.fullmatch(r"(\d{1,6})\.(\d{1,6})\.(\d{1,6})", text, re.ASCII)
    if found is None:
        raise ValueError(f"{text!r} is no version: expected MAJOR.MINOR.PATCH, as 1.4.0")
    major, minor, patch = map(int, found.groups())
    return major, minor, patch


def may_break(now: Version, before: Version) -> bool:
    """Return whether a version may break what one before it promised; 0.y.z promises nothing."""
    return before[0] == 0 or now[0] > before[0]
