"""Reads a table that belongs to no hub: CSV in any usual encoding, a workbook, lines of JSON."""

import codecs
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from hub.errors import ConfigError
from hub.pipeline.csv_file import OFFICE, check_text, csv_rows
from hub.resolution.schema import Schema, SchemaError

CSV = frozenset((".csv", ".tsv", ".txt"))
JSON = frozenset((".json", ".jsonl", ".ndjson"))
WORKBOOKS = frozenset((".xlsx", ".xlsm", ".xls", ".ods"))
"""How names of files end; whatever is called otherwise holds lines of JSON."""


def read_rows(path: Path, plan: Schema) -> Iterator[Mapping[str, Any]]:
    """Yield the records of a file: CSV or a workbook where its name ends so, else lines of JSON.

    ConfigError names the file, and the line where there is one, and what is wrong with it.
    """
    return (row for _, row in _numbered(path, plan))


def located(path: Path, plan: Schema, error: SchemaError) -> ConfigError:
    """Return an error of a table as one of its file, with the line where its record ends; a pipe
    cannot be read again, and has none."""
    again = error.record and path.is_file()
    rows = islice(_numbered(path, plan), error.record - 1, None) if again else ()
    line = next((line for line, _ in rows), 0)
    return ConfigError(f"{path} line {line}: {error}" if line else f"{path}: {error}")


def _numbered(path: Path, plan: Schema) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Yield the records of a file, and the line on which each ends; 0 in a workbook."""
    try:
        if path.suffix.lower() in WORKBOOKS:
            yield from ((0, row) for row in import_module(OFFICE).sheet_rows(path, plan.id))
        elif path.suffix.lower() in CSV:
            columns = (plan.id, plan.source, *plan.fields)
            yield from csv_rows(path, [name for name in columns if name])
        else:
            yield from _decoded(path, _json_lines(path))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror or error}") from error
    except UnicodeError as error:
        raise _no_utf_8(path) from error


def _no_utf_8(path: Path) -> ConfigError:
    """Return an error that says where a file stops being UTF-8."""
    line = next(_spoilt(path), 0) if path.is_file() else 0
    at = f" line {line}" if line else ""
    return ConfigError(f"{path}{at}: is not UTF-8; save it as UTF-8 and try again")


def _spoilt(path: Path) -> Iterator[int]:
    """Yield the numbers of the lines that are not UTF-8."""
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError:
                yield number


def _json_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Yield the lines that are not blank, numbered."""
    with path.open("rb") as file:
        begins = file.peek(8)
        check_text(path, begins)
        if begins.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            raise ConfigError(f"{path}: is UTF-16; save it as UTF-8 and try again")
        if begins.startswith(codecs.BOM_UTF8):
            file.seek(len(codecs.BOM_UTF8))
        yield from ((at, line) for at, line in enumerate(file, start=1) if line.strip())


def _decoded(
    path: Path, lines: Iterable[tuple[int, bytes]]
) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Yield the object on each numbered line."""
    decoder = msgspec.json.Decoder(dict[str, Any])
    for number, line in lines:
        try:
            yield number, decoder.decode(line)
        except UnicodeDecodeError as error:
            raise _no_utf_8(path) from error
        except (msgspec.DecodeError, RecursionError) as error:
            wanted = f"one JSON object is wanted on each line{_other(path)}"
            raise ConfigError(f"{path} line {number}: {wanted}: {error}") from error


def _other(path: Path) -> str:
    """Return how else a file may be called, where its name does not say what it is."""
    names = sorted(CSV | WORKBOOKS)
    return "" if path.suffix.lower() in JSON else f", or a name that ends in {', '.join(names)}"


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
        lines = list(_json_lines(path))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror or error}") from error
    return lambda start, stop: (row for _, row in _decoded(path, lines[start:stop])), len(lines)
