"""The columns of a table as what its records tell: each cell's text is read once."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from hub.resolution.facets import LABELLED
from hub.resolution.frame import numbering
from hub.resolution.told import Told, Values, filled, strung, together

DATES = ("date_of_birth", "date")
_YEAR = re.compile(r"\d{4}")
_SMALL = re.compile(r"\d{1,2}")


def told_in(rows: Sequence[Mapping[str, Any]], fields: Mapping[str, str]) -> dict[str, Told]:
    """Return what each row tells, by type, or `type:column` where labels count.

    fields: column -> feature type. Columns of one type are one behind the other; a date that three
    columns share is one value.
    """
    of_kind: dict[str, list[str]] = {}
    for column, kind in fields.items():
        alone = kind in LABELLED and kind not in DATES
        of_kind.setdefault(f"{kind}:{column}" if alone else kind, []).append(column)
    found: dict[str, Told] = {}
    for key, columns in of_kind.items():
        parts = [_column(rows, column) for column in columns]
        if key in DATES:
            found |= _dates(key, columns, parts, len(rows))
        elif len(parts) > 1:
            found[key] = strung(parts, len(rows))
        else:
            found[key] = parts[0]
    return {key: one for key, one in found.items() if len(one.at)}


def texts_in(rows: Sequence[Mapping[str, Any]], column: str | None) -> list[str]:
    """Return the text in a column of each row, "" where there is none."""
    return [text_of(row.get(column)) for row in rows] if column else [""] * len(rows)


def key_of(value: Any) -> str:
    """Return a key as it is written, blanks around it, too; "" where there is none."""
    text = value.replace("\x00", "") if type(value) is str else text_of(value)
    return "" if isinstance(value, list) or not text.strip() else text


def text_of(value: Any) -> str:
    """Return the text of a cell, "" where it says nothing."""
    if type(value) is str:
        return (value.replace("\x00", "") if "\x00" in value else value).strip()
    if value is None or isinstance(value, bool | dict):
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).replace("\x00", "").strip()


def _column(rows: Sequence[Mapping[str, Any]], column: str) -> Told:
    numbers = numbering()
    cells = [row.get(column) for row in rows]
    plain = (cell if type(cell) is str else _plain(cell) for cell in cells)
    which = np.fromiter(map(numbers.__getitem__, plain), np.int64, len(rows))
    return filled([_texts(cell) for cell in numbers], which)


def _plain(cell: Any) -> str | Values:
    """Return a cell as a text, or the texts of a list: 1, 1.0 and true are equal, but no texts."""
    if type(cell) is list:
        return tuple(text for each in cell if (text := text_of(each)))
    return text_of(cell)


def _texts(cell: str | Values) -> Values:
    if isinstance(cell, tuple):
        return cell
    text = text_of(cell)
    return (text,) if text else ()


def _dates(kind: str, columns: Sequence[str], parts: Sequence[Told], size: int) -> dict[str, Told]:
    """Return dates by feature. columns, parts: those of one type of date."""
    rows, at, which = together(parts, size)
    labels = columns if kind in LABELLED else [""] * len(columns)
    read = [_dated(labels, row) for row in rows]
    return {
        f"{kind}:{label}" if label else kind: filled(
            [each.get(label, ()) for each in read], which, at
        )
        for label in dict.fromkeys(labels)
    }


def _dated(labels: Sequence[str], row: Sequence[Values]) -> dict[str, Values]:
    """Return the dates of one row by label.

    Year, month and day in three columns, in either order, are one date.
    """
    pieces: list[tuple[str, str]] = []
    found: dict[str, list[str]] = {}
    told = [(label, text) for label, texts in zip(labels, row, strict=True) for text in texts]
    for label, text in told:
        if _YEAR.fullmatch(text) or _SMALL.fullmatch(text):
            pieces.append((label, text))
        else:
            found.setdefault(label, []).append(text)
    values = [text for _, text in pieces]
    if len(values) == 3 and _YEAR.fullmatch(values[2]):
        values.reverse()
    if len(values) == 3 and _YEAR.fullmatch(values[0]):
        whole = f"{values[0]}-{int(values[1]):02}-{int(values[2]):02}"
        pieces = [(pieces[0][0], whole)]
    for label, text in pieces:
        found.setdefault(label, []).append(text)
    return {label: tuple(texts) for label, texts in found.items()}
