"""Reads one sheet of a workbook: numbers, dates as ISO text, empty cells as null."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import msgspec
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from connectors.files.config import FileStreamConfig
from connectors.files.header import Header
from connectors.files.source import SourceFile
from connectors.sdk.errors import ConnectionBrokenError, SourceContractError
from connectors.sdk.listing import Batch, Row

BATCH_ROWS = 1_000
_encode = msgspec.json.Encoder().encode


def xlsx_batches(
    file: SourceFile, stream: FileStreamConfig, max_record_bytes: int
) -> Iterator[Batch]:
    """Yield the rows below the first row that names the key; of the first sheet unless stated.

    A workbook cannot be read piece by piece: the sheet is held in memory. Raises
    ConnectionBrokenError for a missing sheet or key column and a password, SourceContractError
    for a file that is no whole workbook.
    """
    try:
        workbook = CalamineWorkbook.from_path(file.path)
    except PasswordError as error:
        raise ConnectionBrokenError(f"{file.path} is protected by a password") from error
    except CalamineError as error:
        raise SourceContractError(f"{file.path} is no whole workbook: {error}") from error
    sheet = _sheet(workbook, file, stream)
    where = f"{file.label} sheet {sheet.name} row"
    header = Header(stream.key, file.path)
    rows: list[Row] = []
    for number, cells in enumerate(sheet.iter_rows(), 1):
        values = [_value(cell) for cell in cells]
        if all(value is None for value in values):
            continue
        if not header.names:
            header.take(["" if value is None else str(value) for value in values])
            named = [value is not None for value in values]
            continue
        rows.append(_row(number, header.names, named, values))
        if len(rows) >= BATCH_ROWS:
            yield Batch(where, rows)
            rows = []
    if header.above and not header.names:
        raise header.missing()
    if not header.names:
        raise SourceContractError(f"{file.path} sheet {sheet.name} is empty: it has no header")
    yield Batch(where, rows)


def _sheet(workbook: CalamineWorkbook, file: SourceFile, stream: FileStreamConfig) -> CalamineSheet:
    names = workbook.sheet_names
    if stream.sheet is not None and stream.sheet not in names:
        raise ConnectionBrokenError(
            f"{file.path} has no sheet {stream.sheet!r}; sheets there: {', '.join(names)}"
        )
    if not names:
        raise SourceContractError(f"{file.path} has no sheet")
    return workbook.get_sheet_by_name(stream.sheet or names[0])


def _row(number: int, header: list[str], named: list[bool], values: list[Any]) -> Row:
    """Return one row; a column without a name is kept where it holds something."""
    data = {
        name: value
        for name, has_name, value in zip(header, named, values, strict=True)
        if has_name or value is not None
    }
    return Row(number, data, _encode(data))


def _value(cell: Any) -> Any:
    """Return a cell as JSON: 17.0 is 17, since a workbook knows no whole numbers."""
    match cell:
        case "":
            return None
        case float() if cell.is_integer() and abs(cell) < 2**53:
            return int(cell)
        case datetime() | date() | time():
            return cell.isoformat()
        case timedelta():
            return msgspec.to_builtins(cell)
    return cell
