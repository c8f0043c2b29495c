"""When a record, or what is shown of its relations, changed last."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from connectors.tryton.values import Domain, encoded, typed

STAMPS = ("create_date", "write_date")


def last_change(relations: Sequence[str]) -> Callable[[Any], datetime | None]:
    """Return a reading of a row: the latest stamp of itself and of its relations.

    A party's own stamp stays when its address changes, and is null until the first change of
    some models.
    """

    def read(row: Any) -> datetime | None:
        parts = [row]
        for name in relations:
            found = row.get(name) or []
            parts += found if isinstance(found, list) else [found]
        stamps = [part[name] for part in parts for name in STAMPS if part.get(name)]
        return max(map(datetime.fromisoformat, stamps), default=None)

    return read


def changed_since(base: Domain, relations: Sequence[str]) -> Callable[[Any], str]:
    """Return a writing of the domain: what holds `base` and changed, itself or a relation."""
    names = [*STAMPS, *(f"{one}.{name}" for one in relations for name in STAMPS)]

    def write(since: Any) -> str:
        at = typed(since)
        return encoded([*base, ["OR", *([name, ">=", at] for name in names)]])

    return write
