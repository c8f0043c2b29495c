"""What is wrong with a mapping file, in words a person can act on: file, line, key, expectation."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

Place = tuple[str | int, ...]
"""The way from the top of a file to a value: keys and list positions."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake; line counts from 1; key is e.g. `streams.accounts[0].fields.name`."""

    file: str
    line: int
    key: str
    message: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}"
        return f"{where}: {self.key}: {self.message}" if self.key else f"{where}: {self.message}"


class MappingError(ValueError):
    """A mapping file cannot be used; the text lists every problem, one a line, in file order."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))


def place_text(place: Place) -> str:
    """Return a place as `streams.accounts[0].fields`."""
    text = ""
    for step in place:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            text += f".{step}" if text else step
    return text


def suggestion(word: object, known: Iterable[str]) -> str:
    """Return ` (did you mean X?)`, or the known words where none is alike and they are few."""
    names = sorted(known)
    close = get_close_matches(str(word), names, n=1, cutoff=0.6)
    if close:
        return f" (did you mean {close[0]}?)"
    listed = ", ".join(names)
    return f" (known: {listed})" if names and len(listed) <= 300 else ""
