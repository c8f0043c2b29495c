"""Dotted paths into JSON answers: `meta.total`, `@links.next[0].uri`, and `` for the whole."""

import re
from typing import Any, Final

_STEP = re.compile(r"([^.\[\]]+)|\[(\d{1,6})\]")

Steps = tuple[str | int, ...]


class _Missing:
    """Stands where an answer has no such path; null is something else."""

    def __repr__(self) -> str:
        return "MISSING"

    def __bool__(self) -> bool:
        return False


MISSING: Final = _Missing()


def steps_of(path: str) -> Steps:
    """Return a path taken apart. Raises ValueError where it is none."""
    steps: list[str | int] = []
    at = 0
    while at < len(path):
        if path[at] == "." and steps and at + 1 < len(path):
            at += 1
        found = _STEP.match(path, at)
        if not found:
            raise ValueError(f"{path!r} is no path: expected names joined by dots, as meta.total")
        steps.append(found[1] if found[1] is not None else int(found[2]))
        at = found.end()
    return tuple(steps)


def value_at(data: Any, steps: Steps) -> Any:
    """Return what stands at the path, MISSING where the way to it ends early."""
    for step in steps:
        if isinstance(step, str):
            if not isinstance(data, dict) or step not in data:
                return MISSING
        elif not isinstance(data, list) or step >= len(data):
            return MISSING
        data = data[step]
    return data
