"""The invented parents below which the rows of a stream stand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote
from zlib import crc32

from connectors.sdk.conformance.samples import flat_key
from connectors.sdk.conformance.seam import Row
from connectors.sdk.listing import key_of
from connectors.sdk.streams import Stream

PARENTS = 3
FIRST_NUMBER = 70_001
"""Of the first parent: a number that means nothing else in a path."""


@dataclass
class Family:
    """Parents and the stream below them. rows: the parents' records."""

    stream: Stream
    child: Stream
    rows: list[Row]
    _shared: tuple[Sequence[Row], dict[str, list[Row]]] | None = None
    _names: dict[str, str] = field(default_factory=dict)

    @property
    def keys(self) -> list[str]:
        """Return the parents' keys."""
        columns = self.stream.spec.key
        return [key_of(flat_key(row, columns), columns) for row in self.rows]

    def parent_of(self, row: Row) -> str:
        """Return the key of the parent a row stands below, always the same for the same key."""
        own = [one for one in self.child.spec.key if one != self.child.spec.parent_field]
        return self.keys[crc32(repr(flat_key(row, own)).encode()) % len(self.rows)]

    def below(self, key: str, rows: list[Row]) -> list[Row]:
        """Return the rows below one parent; shared out once for each content."""
        if self._shared is None or self._shared[0] is not rows:
            shared: dict[str, list[Row]] = {one: [] for one in self.keys}
            for row in rows:
                shared[self.parent_of(row)].append(row)
            self._shared = rows, shared
        return self._shared[1][key]

    def asked_for(self, path: str, params: Mapping[str, str]) -> str | None:
        """Return the key of the parent whose key, or any other value, stands in a request."""
        if not self._names:
            named: dict[str, set[str]] = {}
            for key, row in zip(self.keys, self.rows, strict=True):
                for value in [*row.values(), key]:
                    if isinstance(value, str | int):
                        named.setdefault(str(value), set()).add(key)
            self._names = {name: next(iter(keys)) for name, keys in named.items() if len(keys) == 1}
        words = [unquote(word) for word in path.split("/")] + list(params.values())
        return next((self._names[word] for word in words if word in self._names), None)
