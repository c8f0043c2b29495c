"""The list of who was erased as a file of its own: what a restored backup is held against.

Lines of JSON. The first holds the list's key as the vault seals it, the others one erasure each:
marks, and nothing that tells who it was.
"""

import os
from base64 import b64decode, b64encode
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

import msgspec

from hub.errors import ConfigError
from hub.model.erasure import EntityKind, Erasure, What
from hub.store import erasures, secrets, suppressions
from hub.store.database import Tx
from hub.vault import LIST_KEY

Listed = tuple[str, What, str | None]
"""A mark, what it stands for, and of what the law keeps the last day."""


class Head(msgspec.Struct, frozen=True):
    """The first line. key: sealed by the vault."""

    erased_list: Literal[1]
    key: str

    @property
    def sealed(self) -> bytes:
        """The list's key, sealed."""
        return b64decode(self.key)


class Entry(msgspec.Struct, frozen=True):
    """An erasure, as it is done again on a database that knows nothing of it."""

    id: str
    kind: EntityKind
    entities: tuple[str, ...]
    lifted: bool
    reason: str
    author: str
    streams: tuple[tuple[str, str], ...]
    marks: tuple[Listed, ...]


class ErasedList(msgspec.Struct, frozen=True):
    """A file as it was read. path: where it stands."""

    path: Path
    head: Head
    entries: tuple[Entry, ...]


_encode = msgspec.json.Encoder().encode
_head = msgspec.json.Decoder(Head).decode
_entry = msgspec.json.Decoder(Entry).decode


def write(tx: Tx, path: Path) -> int:
    """Write the whole list to a file, all of it or nothing; return how many erasures it holds.

    Raises ConfigError where there is nobody on it, and where the file cannot be written.
    """
    sealed = secrets.load(tx, LIST_KEY)
    if sealed is None:
        raise ConfigError("nobody was ever erased: there is no list to write")
    found = erasures.every(tx)
    marks = suppressions.listed_of(tx)
    lines = [_encode(Head(1, b64encode(sealed).decode()))]
    lines += [_encode(_told(one, marks.get(one.id, ()))) for one in found]
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with beside.open("wb") as file:
            file.write(b"\n".join(lines) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise ConfigError(f"{path}: the list cannot be written: {error.strerror}") from error
    return len(found)


def read(path: Path) -> ErasedList:
    """Read a list. Raises ConfigError naming the line that does not hold."""
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise ConfigError(f"{path}: the list cannot be read: {error.strerror}") from error
    at = 1
    try:
        head = _head(lines[0] if lines else b"")
        _ = head.sealed
        entries = []
        for line in lines[1:]:
            at += 1
            entries.append(_entry(line))
    except ValueError as error:
        raise ConfigError(f"{path}:{at}: no list of who was erased: {error}") from None
    return ErasedList(path, head, tuple(entries))


def unknown(tx: Tx, listed: ErasedList) -> list[Entry]:
    """Return what a list says otherwise than the database: erasures it does not know, and those
    that were lifted since."""
    states = {one.id: one.state for one in erasures.every(tx)}
    return [
        one
        for one in listed.entries
        if (states.get(one.id) not in (None, "lifted") if one.lifted else one.id not in states)
    ]


def require(tx: Tx, path: Path) -> None:
    """Raise ConfigError unless the database knows of everybody on the list at `path`.

    A list that is not there is missed once somebody was erased: it may be what a restore forgot.
    """
    if not path.exists():
        if erasures.every(tx):
            raise ConfigError(
                f"{path}: the list of who was erased is not there; nothing is read without it. "
                f"If this database is up to date: hub erase --export {path}"
            )
        return
    missing = unknown(tx, read(path))
    if missing:
        raise ConfigError(
            f"{path}: of its erasures this database, which is older, does not know "
            f"{len(missing)}: hub erase --import {path} --yes does them again; nothing is read "
            "until then"
        )


def _told(one: Erasure, marks: Iterable[Listed]) -> Entry:
    return Entry(
        id=one.id,
        kind=one.kind,
        entities=one.entities,
        lifted=one.state == "lifted",
        reason=one.reason,
        author=one.author,
        streams=one.streams,
        marks=tuple(marks),
    )
