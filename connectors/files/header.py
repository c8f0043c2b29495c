"""Finds the header of a CSV or a sheet: the first row that names the key's columns."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from connectors.sdk.errors import ConnectionBrokenError

MOST_ROWS = 30
"""Rows with titles, dates and the like that may stand above a header."""

_TITLE = 1
"""Cells a row of titles fills."""


@dataclass(slots=True)
class Header:
    """The search for a header; names: its columns, once it is found."""

    key: tuple[str, ...]
    path: Path
    names: list[str] = field(default_factory=list)
    above: int = 0
    meant: Sequence[str] = ()

    def take(self, fields: Sequence[str], told: str = "") -> bool:
        """Look at a row that holds something, and tell whether it is the header.

        Raises ConnectionBrokenError where `MOST_ROWS` rows lack the key; told: more of the place.
        """
        names = column_names(fields)
        if set(self.key) <= set(names):
            self.names = names
            return True
        self.above += 1
        # Never a later row that is fuller: that may be data, and what it says is nobody's business.
        if not self.meant or _filled(self.meant) <= _TITLE < _filled(fields):
            self.meant = fields
        if self.above == MOST_ROWS:
            raise self.missing(told)
        return False

    def missing(self, told: str = "") -> ConnectionBrokenError:
        """Return what is wrong where no row was the header: the first beyond titles was meant."""
        names = column_names(self.meant)
        lacks = [column for column in self.key if column not in names]
        return ConnectionBrokenError(
            f"{self.path} has no column {lacks[0]!r} for the key; columns there: "
            f"{', '.join(names)}{told}"
        )


def _filled(fields: Sequence[str]) -> int:
    return sum(map(bool, fields))


def column_names(fields: Sequence[str]) -> list[str]:
    """Return a distinct name for each column of a header."""
    names: list[str] = []
    for number, name in enumerate(fields, 1):
        wanted, copy = name or f"column_{number}", 1
        while (wanted if copy == 1 else f"{wanted}_{copy}") in names:
            copy += 1
        names.append(wanted if copy == 1 else f"{wanted}_{copy}")
    return names
