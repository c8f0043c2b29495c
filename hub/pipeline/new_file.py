"""Writes a file that appears whole or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copymode
from typing import BinaryIO


@contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """Open what takes a file's place once all is written; where that fails, it stays as it was.

    A device or pipe is written to as it is, and what a link leads to is what is replaced; who may
    read that may read what takes its place. OSError names the file.
    """
    try:
        if path.exists() and not path.is_file():
            with path.open("wb") as file:
                yield file
        else:
            with _replacing(path.resolve()) as file:
                yield file
    except OSError as error:
        if error.errno is None:  # what was to be written failed, no file
            raise
        raise OSError(error.errno, error.strerror, str(path)) from error


@contextmanager
def _replacing(path: Path) -> Iterator[BinaryIO]:
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with beside.open("wb") as file:
            if path.exists():
                copymode(path, beside)
            yield file
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
