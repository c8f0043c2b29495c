"""Columns of a stream, as its first records show them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from mapping.normalize.text import scalar_text
from mapping.paths import EVERY, Name, leaves, path_text
from mapping.spec import EMPTY_WORDS

_MOST_VALUES: Final = 300
"""Distinct values of a column that are looked at."""


@dataclass(frozen=True, slots=True)
class Column:
    """One path of a stream's records.

    header: the names on its way. filled: in how many records it says something. values: the first
    of its distinct values. every: whether it lies in a list.
    """

    path: str
    header: tuple[str, ...]
    filled: int
    values: tuple[Any, ...]
    every: bool = False

    @property
    def title(self) -> str:
        """Return the column's name with those of what it lies in."""
        return " ".join(self.header)


@dataclass(frozen=True, slots=True)
class Sample:
    """The first records of one stream: their keys and columns."""

    stream: str
    keys: frozenset[str]
    columns: tuple[Column, ...]
    records: int

    @property
    def key_column(self) -> Column | None:
        """Return the column that holds the records' keys."""
        for column in self.columns:
            texts = {scalar_text(value) for value in column.values}
            if column.filled == self.records and texts and texts <= self.keys:
                return column
        return None


def sample_of(stream: str, records: Sequence[tuple[str, Mapping[str, Any]]]) -> Sample:
    """Return what some records (key, data) of a stream show."""
    filled: dict[str, int] = {}
    values: dict[str, dict[str, Any]] = {}
    headers: dict[str, tuple[tuple[str, ...], bool]] = {}
    for _, data in records:
        said: set[str] = set()
        for steps, value in leaves(data):
            path = path_text(steps)
            names = tuple(step.key for step in steps if isinstance(step, Name))
            headers.setdefault(path, (names, EVERY in steps))
            text = scalar_text(value)
            if text is None or text.strip() in ("", *EMPTY_WORDS):
                continue
            said.add(path)
            found = values.setdefault(path, {})
            if len(found) < _MOST_VALUES:
                found.setdefault(text, value)
        for path in said:
            filled[path] = filled.get(path, 0) + 1
    columns = _columns(headers, filled, values)
    return Sample(stream, frozenset(key for key, _ in records), tuple(columns), len(records))


def _columns(
    headers: Mapping[str, tuple[tuple[str, ...], bool]],
    filled: Mapping[str, int],
    values: Mapping[str, Mapping[str, Any]],
) -> Iterable[Column]:
    for path, (names, every) in headers.items():
        own = tuple(values.get(path, {}).values())
        yield Column(path, names, filled.get(path, 0), own, every)
