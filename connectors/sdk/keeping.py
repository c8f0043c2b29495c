"""What is kept of a record: the fields somebody asked for, and no free text nobody did."""

import json
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from connectors.sdk.paths import steps_of

ALL = "*"

_Tree = dict[str, Any]


class Kept:
    """Cuts records down. paths: what to keep, None for all; without: fields to leave out."""

    def __init__(self, paths: Iterable[str] | None, without: Iterable[str] = ()) -> None:
        self._tree = None if paths is None else _tree(paths)
        self._without = frozenset(without)

    @property
    def all(self) -> bool:
        """Whether records are kept as they are."""
        return self._tree is None and not self._without

    @property
    def digest(self) -> str:
        """Return a text that is another one when other fields are kept."""
        said = json.dumps([self._tree, sorted(self._without)], sort_keys=True)
        return sha256(said.encode()).hexdigest()[:16]

    def of(self, data: dict[str, Any]) -> dict[str, Any]:
        """Return the part of a record that is kept; the record itself where that is all."""
        if self._tree is not None:
            data = _cut(data, self._tree)
        if self._without and not self._without.isdisjoint(data):
            data = {name: value for name, value in data.items() if name not in self._without}
        return data


def _tree(paths: Iterable[str]) -> _Tree | None:
    tree: _Tree = {}
    for path in paths:
        names = [step for step in steps_of(path.replace("[*]", "")) if isinstance(step, str)]
        if not names or path == ALL:
            return None
        at = tree
        for name in names[:-1]:
            inner = at.setdefault(name, {})
            if not isinstance(inner, dict):
                break
            at = inner
        else:
            at[names[-1]] = True
    return tree


def _cut(data: dict[str, Any], tree: _Tree) -> dict[str, Any]:
    cut: dict[str, Any] = {}
    for name, wanted in tree.items():
        if name not in data:
            continue
        value = data[name]
        if wanted is True or not isinstance(value, dict | list):
            cut[name] = value
        elif isinstance(value, dict):
            cut[name] = _cut(value, wanted)
        else:
            cut[name] = [_cut(v, wanted) if isinstance(v, dict) else v for v in value]
    return cut
