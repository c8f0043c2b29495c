"""Changes single rows of the exported files in place, as a department's tool would have."""

import csv
import io
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
from openpyxl import load_workbook

from hub.demo.write import replace_file

_Row = dict[str, Any]
ENCODINGS = {"accounts.csv": "cp1252"}
"""What is not UTF-8 with a byte order mark."""


def change_csv(
    path: Path,
    column: str,
    key: str,
    change: Mapping[str, str] | None,
    stamps: Mapping[str, str] | None = None,
) -> None:
    """Change the rows that hold `key` in a column; None takes them out.

    stamps: set beside, where the change is one. The file keeps its encoding and delimiter.
    """
    encoding = ENCODINGS.get(path.name, "utf-8" if path.parent.name == "marketing" else "utf-8-sig")
    with path.open(encoding=encoding, newline="") as file:
        first = file.readline()
        delimiter = ";" if ";" in first else ","
        file.seek(0)
        rows = list(csv.DictReader(file, delimiter=delimiter))
    kept = [
        _changed(row, change or {}, stamps or {}) if row[column] == key else row
        for row in rows
        if change is not None or row[column] != key
    ]
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]) if rows else [], delimiter=delimiter)
    writer.writeheader()
    writer.writerows(kept)
    if kept != rows:
        replace_file(path, lambda beside: beside.write_bytes(text.getvalue().encode(encoding)))


def _changed(row: _Row, change: Mapping[str, Any], stamps: Mapping[str, Any]) -> _Row:
    same = all(row[name] == value for name, value in change.items())
    return row if same else {**row, **change, **stamps}


def change_ticket(
    folder: Path, key: int, change: Mapping[str, Any], stamps: Mapping[str, Any]
) -> None:
    """Change a ticket of the help desk that is not closed. stamps: as for `change_csv`."""
    path = folder / "helpdesk/tickets.jsonl"
    lines = [msgspec.json.decode(line) for line in path.read_bytes().splitlines()]
    changed = [
        _changed(line, change, stamps) if line["id"] == key and not line["closed_at"] else line
        for line in lines
    ]
    content = b"".join(msgspec.json.encode(line) + b"\n" for line in changed)
    replace_file(path, lambda beside: beside.write_bytes(content))


def change_project(folder: Path, key: str, change: Mapping[str, Any]) -> None:
    """Change a row of the project office's list; the file is not touched where nothing differs."""
    path = folder / "projects/projects.xlsx"
    book = load_workbook(path)
    sheet = book["Projekte"]
    columns = {cell.value: place for place, cell in enumerate(sheet[1], start=1)}
    (row,) = (
        number
        for number, (cell,) in enumerate(sheet.iter_rows(max_col=1, values_only=True), start=1)
        if cell == key
    )
    cells = {sheet.cell(row, columns[name]): value for name, value in change.items()}
    if any(cell.value != value for cell, value in cells.items()):
        for cell, value in cells.items():
            cell.value = value
        replace_file(path, book.save)


@contextmanager
def books(folder: Path) -> Iterator[Callable[..., sqlite3.Cursor]]:
    """Give a way to change the books; what is changed is committed at the end."""
    database = sqlite3.connect(folder / "books/books.sqlite")
    try:
        with database:
            yield database.execute
    finally:
        database.close()
