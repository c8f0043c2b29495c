"""Reads CSV as programs write it: any usual encoding, any mark between values, lines above it."""

import codecs
import csv
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from importlib import import_module
from itertools import chain, islice
from pathlib import Path
from typing import Any

from hub.errors import ConfigError

OFFICE = "hub.pipeline.office_file"
"""The module that knows what office programs write; loaded where it is needed."""
_LONGEST_FIELD, _BLOCK_BYTES = 1 << 24, 1 << 20
_MARKS = ",;\t|"
_TOP = 30
"""Lines among which the header stands."""
_NO_TEXT = {
    b"\x1f\x8b": "is packed (gzip); unpack it first",
    b"PK\x03\x04": "is packed (zip or xlsx); unpack it, or let its name end in .xlsx",
    b"BZh": "is packed (bzip2); unpack it first",
    b"\xfd7zXZ": "is packed (xz); unpack it first",
    b"PAR1": "is Parquet; write it as CSV or as lines of JSON",
}


def check_text(path: Path, begins: bytes) -> None:
    """Raise ConfigError where a file is no text, by its first bytes."""
    told = next((told for mark, told in _NO_TEXT.items() if begins.startswith(mark)), None)
    if told:
        raise ConfigError(f"{path}: {told}")


def csv_rows(path: Path, columns: Sequence[str]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Yield the rows below the header, and the line on which each ends.

    columns: those that are read, the key first; by them the header is known. ConfigError names the
    line where something is wrong; OSError and UnicodeError where the file cannot be read.
    """
    csv.field_size_limit(_LONGEST_FIELD)
    lines: list[str] = []
    at = 0
    with path.open(encoding=_encoding(path), newline="") as file:
        try:
            top = list(islice(file, _TOP))
            above, mark = _header(top, columns)
            reader = csv.DictReader(_kept(chain(top[above:], file), lines), delimiter=mark)
            names = list(reader.fieldnames or ())
            at = above + len(lines)
            _check_header(f"{path} line {at}", names, columns)
            lines.clear()
            for row in reader:
                at += len(lines)
                if None in row or row[names[0]] == names[0]:
                    _check_row(f"{path} line {at}", row, names, mark)
                if len(lines) > 1:
                    _check_quotes(path, lines, mark, at)
                lines.clear()
                yield at, row
        except csv.Error as error:
            raise ConfigError(f"{path} line {at + len(lines)}: {error}") from error


def _encoding(path: Path) -> str:
    """Return how a text is written: UTF-8 where all of it fits, else what a closer look finds."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        check_text(path, file.peek(8))
        try:
            while block := file.read(_BLOCK_BYTES):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return str(import_module(OFFICE).detect(path))
    return "utf-8-sig"


def _header(top: Sequence[str], wanted: Sequence[str]) -> tuple[int, str]:
    """Return which line is the header, and what parts its columns.

    Blank lines, titles and what tells a spreadsheet the mark (`sep=;`) may stand above it: the
    header is the first line that names the key, `wanted[0]`, else the first that says anything.
    """
    said = [at for at, line in enumerate(top) if line.strip() and line[:4] != "sep="]
    if not said:
        return 0, _MARKS[0]
    key = set(wanted[:1])
    naming = (at for at in said if any(key.intersection(_names(top[at], mark)) for mark in _MARKS))
    at = next(naming, said[0])
    names = {mark: _names(top[at], mark) for mark in _MARKS}
    return at, max(_MARKS, key=lambda mark: (len({*wanted} & {*names[mark]}), len(names[mark])))


def _names(line: str, mark: str) -> list[str]:
    return next(csv.reader([line[:_LONGEST_FIELD]], delimiter=mark))


def _kept(file: Iterable[str], lines: list[str]) -> Iterator[str]:
    """Yield lines, and keep them until they are cleared away."""
    for line in file:
        lines.append(line)
        yield line


def _check_header(where: str, columns: Collection[str], wanted: Collection[str]) -> None:
    doubled = [name for name, count in Counter(columns).items() if name in wanted and count > 1]
    if doubled:
        raise ConfigError(
            f"{where}: the column {doubled[0]!r} is there more than once; call one otherwise"
        )


def _check_row(where: str, row: dict[Any, Any], names: Sequence[str], mark: str) -> None:
    """Refuse a row that says more than there are columns, or is the header once more."""
    if any(row.pop(None, ())):
        raise ConfigError(
            f"{where}: more values than columns; put a value that holds {mark!r} in quotation marks"
        )
    if list(row.values()) == list(names):
        raise ConfigError(f"{where}: the header stands here again; take it out")


def _check_quotes(path: Path, lines: list[str], mark: str, last: int) -> None:
    """Refuse a value that is opened by a quotation mark and takes in the rest of the file."""
    try:
        list(csv.reader(lines, delimiter=mark, strict=True))
    except csv.Error as error:
        if "end of data" in str(error):
            at = last - len(lines) + 1
            raise ConfigError(
                f"{path} line {at}: a quotation mark is opened and never closed"
            ) from error
