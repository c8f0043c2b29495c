"""Reads the exported files back as plain rows, with nothing of the hub in between."""

import csv
import json
import sqlite3
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook

Row = dict[str, Any]


def csv_rows(path: Path, encoding: str = "utf-8-sig", delimiter: str = ";") -> list[Row]:
    """Return the rows of a CSV file by column title."""
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter, strict=True))


def ticket_lines(folder: Path) -> list[Row]:
    """Return the tickets of the help desk's export."""
    lines = (folder / "helpdesk/tickets.jsonl").read_bytes().splitlines()
    return [json.loads(line) for line in lines]


def ledger_rows(folder: Path, table: str) -> list[Row]:
    """Return the rows of a table of the bookkeeping, in the order they were written."""
    database = sqlite3.connect(folder / "books/books.sqlite")
    database.row_factory = sqlite3.Row
    try:
        return [dict(row) for row in database.execute(f"select * from {table} order by rowid")]
    finally:
        database.close()


def workbook_rows(folder: Path, sheet: str = "Projekte") -> list[Row]:
    """Return the rows of the project list by column title; an empty cell is ""."""
    book = CalamineWorkbook.from_path(folder / "projects/projects.xlsx")
    assert book.sheet_names == ["Projekte", "Meilensteine", "Aufgaben"]
    header, *rows = book.get_sheet_by_name(sheet).to_python()
    return [dict(zip(map(str, header), row, strict=True)) for row in rows]
