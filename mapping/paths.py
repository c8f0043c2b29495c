"""Field paths: `address.city`, `lines[0].sku`, `tags[*]`, `["odd.key"]`, `$.id`, `.`."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

_STEP = re.compile(
    r"""\[\s*(?:(?P<index>\d{1,6})|(?P<every>\*)|"(?P<double>[^"]*)"|'(?P<single>[^']*)')\s*\]"""
    r"""|(?P<dot>\.)?(?P<name>[^.\[\]"'$][^.\[\]]*)"""
)
_BARE = re.compile(r"[^.\[\]\"'$\s](?:[^.\[\]]*[^.\[\]\s])?")
EVERY = "*"
"""The step `[*]`: every element of a list."""

Step = str | int
Getter = Callable[[Any, Any], Any]
"""(what paths are relative to, the whole record) -> the value there, None where there is none."""


@dataclass(frozen=True, slots=True)
class Name:
    """A step by key, apart from EVERY, which a key may be called as well."""

    key: str


Steps = tuple[Name | int | str, ...]


@dataclass(frozen=True, slots=True)
class Path:
    """A parsed path; from_root: it starts at the record (`$.`), not at the element of `each`."""

    steps: Steps
    from_root: bool = False


def parse_path(text: str) -> Path:
    """Return the path that `text` spells; raises ValueError saying what is wrong with it."""
    rest = text.strip()
    from_root = rest.startswith("$")
    if from_root:
        rest = rest[1:]
    if rest in ("", "."):
        if not text.strip():
            raise ValueError("a path must not be empty")
        return Path((), from_root)
    steps: list[Name | int | str] = []
    at = 0
    while at < len(rest):
        found = _STEP.match(rest, at)
        # The first step stands without a dot, unless `$` comes before it; each later one needs it.
        needs_dot = bool(steps) or from_root
        if found is None or (found["name"] and bool(found["dot"]) != needs_dot):
            raise ValueError(
                f"{text!r} is no path (at {rest[at:]!r}): expected e.g. `city`, `address.city`, "
                f'`lines[0].sku`, `tags[*]`, `["odd.key"]` or `$.id`'
            )
        steps.append(_step(found))
        at = found.end()
    return Path(tuple(steps), from_root)


def _step(found: re.Match[str]) -> Name | int | str:
    if found["index"] is not None:
        return int(found["index"])
    if found["every"]:
        return EVERY
    return Name(next(k for k in (found["double"], found["single"], found["name"]) if k is not None))


def getter(path: Path) -> Getter:
    """Return a function that reads `path`; it never raises, whatever the shape of the record.

    Behind `[*]` the result is a list of what was found, nested lists joined into one.
    """
    match path.steps:
        case (Name(key),) if path.from_root:
            return lambda _, root: root.get(key) if type(root) is dict else None
        case (Name(key),):
            return lambda scope, _: scope.get(key) if type(scope) is dict else None
    steps = path.steps
    if path.from_root:
        return lambda _, root: _walk(root, steps)
    return lambda scope, _: _walk(scope, steps)


def _walk(value: Any, steps: Steps) -> Any:
    for at, step in enumerate(steps):
        if isinstance(step, Name):
            value = value.get(step.key) if type(value) is dict else None
        elif type(value) is not list:
            return None
        elif isinstance(step, int):
            value = value[step] if step < len(value) else None
        else:
            return _walk_every(value, steps[at + 1 :])
        if value is None:
            return None
    return value


def _walk_every(items: list[Any], rest: Steps) -> list[Any]:
    found: list[Any] = []
    for item in items:
        value = _walk(item, rest)
        if EVERY in rest and type(value) is list:
            found.extend(value)
        elif value is not None:
            found.append(value)
    return found


def leaves(value: Any, at: Steps = ()) -> Iterator[tuple[Steps, Any]]:
    """Yield the way to each scalar or empty value in a record, and the value."""
    if isinstance(value, dict) and value:
        for key, below in value.items():
            yield from leaves(below, (*at, Name(key)))
    elif isinstance(value, list) and value:
        for below in value:
            yield from leaves(below, (*at, EVERY))
    else:
        yield at, value


def path_text(steps: Steps) -> str:
    """Return the text that `parse_path` reads as these steps."""
    text = ""
    for step in steps:
        if not isinstance(step, Name):
            text += f"[{step}]"
        elif _BARE.fullmatch(step.key):
            text += f".{step.key}" if text else step.key
        else:
            text += f"[{json.dumps(step.key, ensure_ascii=False)}]"
    return text or "."
