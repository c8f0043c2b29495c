"""What a mapping leaves out: fields of a record nobody reads, and paths a record does not have."""

import json
import re
from collections.abc import Iterator
from typing import Any

from connectors.sdk.record import Record
from mapping.apply import CompiledMapping
from mapping.paths import EVERY, Name

_Steps = tuple[Name | int | str, ...]
_BARE = re.compile(r"[^.\[\]\"'$\s](?:[^.\[\]]*[^.\[\]\s])?")


def unmapped_paths(mapping: CompiledMapping, stream: str, record: Record) -> list[str]:
    """Return the paths of the record's values that no entry of the stream reads, in its order.

    Lists show as `[*]`; what a mapping reads as a whole counts as read with all it holds.
    """
    read = _read_paths(mapping, stream)
    leaves = dict.fromkeys(leaf for leaf, _ in _leaves(record.data, ()))
    return [_text(leaf) for leaf in leaves if not any(leaf[: len(one)] == one for one in read)]


def absent_paths(mapping: CompiledMapping, stream: str, record: Record) -> list[str]:
    """Return the mapped paths that the record does not have: a typo, or an optional field.

    A null counts as there, and so does whatever might stand below it.
    """
    leaves = list(_leaves(record.data, ()))

    def is_there(wanted: _Steps) -> bool:
        return any(
            leaf[: len(wanted)] == wanted or (not value and wanted[: len(leaf)] == leaf)
            for leaf, value in leaves
        )

    return [_text(wanted) for wanted in _read_paths(mapping, stream) if not is_there(wanted)]


def read_fields(mapping: CompiledMapping, stream: str) -> frozenset[str]:
    """Return the dotted paths of all that the mapping reads of a record; `*` for the whole.

    What holds for one element of a list holds for all. A path ends before a name that holds a
    dot or a bracket.
    """
    return frozenset(_plain(steps) for steps in _read_paths(mapping, stream))


def _plain(steps: _Steps) -> str:
    names: list[str] = []
    for step in steps:
        if step == EVERY and names:
            continue
        if not isinstance(step, Name) or not step.key or set(step.key) & set(".[]"):
            break
        names.append(step.key)
    return ".".join(names) or EVERY


def _read_paths(mapping: CompiledMapping, stream: str) -> list[_Steps]:
    """Return what the stream's entries read, from the record's root, positions as `[*]`."""
    found: dict[_Steps, None] = {}
    for entry in mapping.streams.get(stream, ()):
        each = (*entry.each_path.steps, EVERY) if entry.each_path else ()
        for path in entry.paths:
            steps = path.steps if path.from_root else (*each, *path.steps)
            found[tuple(EVERY if isinstance(step, int) else step for step in steps)] = None
    return list(found)


def _leaves(value: Any, at: _Steps) -> Iterator[tuple[_Steps, Any]]:
    if isinstance(value, dict) and value:
        for key, below in value.items():
            yield from _leaves(below, (*at, Name(key)))
    elif isinstance(value, list) and value:
        for below in value:
            yield from _leaves(below, (*at, EVERY))
    else:
        yield at, value


def _text(steps: _Steps) -> str:
    text = ""
    for step in steps:
        if not isinstance(step, Name):
            text += f"[{step}]"
        elif _BARE.fullmatch(step.key):
            text += f".{step.key}" if text else step.key
        else:
            text += f"[{json.dumps(step.key, ensure_ascii=False)}]"
    return text or "."
