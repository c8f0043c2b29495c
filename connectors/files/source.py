"""Finds the files of a stream and watches that they do not change while they are read."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from connectors.files.config import FORMAT_BY_SUFFIX, FileStreamConfig, Format
from connectors.sdk.errors import ConnectionBrokenError, RetryableError, SourceContractError


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file to read; label: its name as people know it, from the connection's folder on."""

    path: Path
    label: str


def find_files(root: Path, stream: FileStreamConfig) -> list[SourceFile]:
    """Return the stream's files in the order of their names.

    Hidden files and the lock files of office programs (`~$...`) are left out. Raises
    ConnectionBrokenError where there is none: no file is a fault, never an empty listing.
    """
    if stream.glob is None:
        path = root if stream.path is None else root / stream.path
        if path.is_dir():
            raise ConnectionBrokenError(
                f"{path} is a folder: state `path` or `glob` of the stream's files in it"
            )
        if not path.exists():
            raise ConnectionBrokenError(f"there is no file {path}")
        if not path.is_file():
            raise ConnectionBrokenError(f"{path} is no file but a device or a pipe")
        return [SourceFile(path, stream.path or path.name)]
    if not root.is_dir():
        raise ConnectionBrokenError(f"there is no folder {root} to look for {stream.glob!r} in")
    found = sorted(
        (path.relative_to(root).as_posix(), path)
        for path in root.glob(stream.glob)
        if path.is_file() and not path.name.startswith(("~$", "."))
    )
    if not found:
        raise ConnectionBrokenError(f"no file in {root} matches {stream.glob!r}")
    return [SourceFile(path, label) for label, path in found]


def format_of(file: SourceFile, stream: FileStreamConfig) -> Format:
    """Return the stated format, or the one the file's name ends in."""
    if stream.format != "auto":
        return stream.format
    try:
        return FORMAT_BY_SUFFIX[file.path.suffix.lower()]
    except KeyError:
        raise ConnectionBrokenError(
            f"{file.path}: the format of a {file.path.suffix or 'file without ending'} is not "
            "known; state `format`: csv, json, jsonl or xlsx"
        ) from None


@contextmanager
def unchanged(file: SourceFile) -> Iterator[None]:
    """Hold the file's size and time against each other before and after it is read.

    Raises SourceContractError where it is empty (an export that was only begun must not delete
    everything) or has changed; ConnectionBrokenError where it may not be read, RetryableError
    where the disk or the network share fails.
    """
    try:
        before = file.path.stat()
        if before.st_size == 0:
            raise SourceContractError(
                f"{file.path} has 0 bytes: an export that was only begun? Nothing was taken as "
                "deleted; an empty table keeps its header, an empty JSON list its brackets"
            )
        yield
        after = file.path.stat()
    except FileNotFoundError as error:
        raise ConnectionBrokenError(f"there is no file {file.path} any more") from error
    except (PermissionError, IsADirectoryError) as error:
        raise ConnectionBrokenError(f"{file.path} may not be read: {error.strerror}") from error
    except OSError as error:
        raise RetryableError(f"{file.path} cannot be read now: {error.strerror}") from error
    if _identity(before) != _identity(after):
        raise SourceContractError(
            f"{file.path} changed while it was read; the next run reads it again"
        )


def _identity(stat: os.stat_result) -> tuple[int, int, int]:
    return stat.st_size, stat.st_mtime_ns, stat.st_ino
