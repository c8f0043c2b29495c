"""Reads a table that belongs to no hub: CSV in any usual encoding, a workbook, lines of JSON."""

import codecs
import csv
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import msgspec

from hub.errors import ConfigError
from hub.resolution.schema import Schema

_OFFICE = "hub.pipeline.office_file"
_LONGEST_FIELD, _BLOCK_BYTES = 1 << 24, 1 << 20
CSV = frozenset((".csv", ".tsv", ".txt"))
WORKBOOKS = frozenset((".xlsx", ".xlsm", ".xls", ".ods"))
"""How names of files end that are no lines of JSON."""


def read_rows(path: Path, plan: Schema) -> Iterator[Mapping[str, Any]]:
    """Yield the records of a file: CSV or a workbook where its name ends so, else lines of JSON.

    ConfigError names the file, and the line where there is one, and what is wrong with it.
    """
    try:
        if path.suffix.lower() in WORKBOOKS:
            yield from import_module(_OFFICE).sheet_rows(path, plan.id)
        elif path.suffix.lower() in CSV:
            yield from _csv_rows(path, plan)
        else:
            yield from _json_rows(path)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror or error}") from error
    except UnicodeError as error:
        raise ConfigError(f"{path}{_no_utf_8(path)}; save it as UTF-8 and try again") from error


def _no_utf_8(path: Path) -> str:
    """Return where a file stops being UTF-8."""
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError as error:
                return f" line {number}: is not UTF-8 ({error.reason})"
    return ": is not UTF-8"


def _check_packed(path: Path, begins: bytes) -> None:
    packed = next((name for mark, name in _PACKED.items() if begins.startswith(mark)), None)
    if packed:
        raise ConfigError(f"{path}: is packed ({packed}); unpack it first")


_PACKED = {b"\x1f\x8b": "gzip", b"PK\x03\x04": "zip or xlsx", b"BZh": "bzip2", b"\xfd7zXZ": "xz"}


def _encoding(path: Path) -> str:
    """Return how a text is written: UTF-8 where all of it fits, else what a closer look finds."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        _check_packed(path, file.peek(8))
        try:
            while block := file.read(_BLOCK_BYTES):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return str(import_module(_OFFICE).detect(path))
    return "utf-8-sig"


def _csv_rows(path: Path, plan: Schema) -> Iterator[Mapping[str, Any]]:
    csv.field_size_limit(_LONGEST_FIELD)
    with path.open(encoding=_encoding(path), newline="") as file:
        first = file.readline()
        file.seek(0)
        marks = {mark: first.count(mark) for mark in (",", ";", "\t", "|")}
        mark = max(marks, key=lambda each: marks[each])
        lines: list[str] = []
        reader = csv.DictReader(_kept(file, lines), delimiter=mark)
        try:
            _check_header(path, reader.fieldnames or (), {plan.id, plan.source, *plan.fields})
            for row in reader:
                if None in row:
                    raise ConfigError(f"{path} line {reader.line_num}: more values than columns")
                if len(lines) > 1:
                    _check_quotes(path, lines, mark, reader.line_num)
                lines.clear()
                yield row
        except csv.Error as error:
            raise ConfigError(f"{path} line {reader.line_num}: {error}") from error


def _kept(file: Iterable[str], lines: list[str]) -> Iterator[str]:
    """Yield lines, and keep them until they are cleared away."""
    for line in file:
        lines.append(line)
        yield line


def _check_header(path: Path, columns: Collection[str], wanted: Collection[str | None]) -> None:
    doubled = [name for name, count in Counter(columns).items() if name in wanted and count > 1]
    if doubled:
        raise ConfigError(
            f"{path} line 1: the column {doubled[0]!r} is there more than once; call one otherwise"
        )


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


def _json_rows(path: Path) -> Iterator[Mapping[str, Any]]:
    with path.open("rb") as file:
        yield from _decoded(path, enumerate(file, start=1))


def _decoded(path: Path, lines: Iterable[tuple[int, bytes]]) -> Iterator[Mapping[str, Any]]:
    """Yield the object on each numbered line that is not blank."""
    decoder = msgspec.json.Decoder(dict[str, Any])
    for number, line in lines:
        if line.strip():
            try:
                yield decoder.decode(line)
            except (msgspec.DecodeError, RecursionError) as error:
                raise ConfigError(
                    f"{path} line {number}: one JSON object is wanted on each line: {error}"
                ) from error


def slices(
    path: Path, plan: Schema
) -> tuple[Callable[[int, int], Iterable[Mapping[str, Any]]], int]:
    """Return what gives the rows of a slice of a file, and how many there are.

    Lines of JSON are taken apart by whoever works on the slice.
    """
    if path.suffix.lower() in WORKBOOKS | CSV:
        rows = list(read_rows(path, plan))
        return lambda start, stop: rows[start:stop], len(rows)
    try:
        with path.open("rb") as file:
            _check_packed(path, file.peek(8))
            lines = [(at, line) for at, line in enumerate(file, start=1) if line.strip()]
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror or error}") from error
    return lambda start, stop: _decoded(path, lines[start:stop]), len(lines)
