"""Workbooks: numbers, dates, sheets and what is no workbook."""

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from connectors.sdk import ConnectionBrokenError, SourceContractError
from tests.connectors.reading import Outcome, file_stream, read_bytes, read_stream


def written(folder: Path, sheets: dict[str, list[list[Any]]]) -> Path:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.worksheets[0])
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(row)
    workbook.save(folder / "a.xlsx")
    return folder / "a.xlsx"


def read_rows(folder: Path, rows: list[list[Any]], **options: Any) -> Outcome:
    return read_stream(file_stream(written(folder, {"Projekte": rows}), **options))


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("Müller", "Müller"),
        ("007", "007"),
        (17, 17),
        (17.0, 17),
        (17.25, 17.25),
        (-0.5, -0.5),
        (12345678901234, 12345678901234),
        (1e300, 1e300),
        (True, True),
        (None, None),
        ("", None),
        (date(2026, 11, 23), "2026-11-23"),
        (datetime.fromisoformat("2026-11-23T10:15"), "2026-11-23T10:15:00"),
        (time(7, 30), "07:30:00"),
        (timedelta(hours=30), "P1DT21600S"),
        ("two\nlines", "two\nlines"),
    ],
)
def test_a_cell_becomes_json(tmp_path: Path, cell: Any, value: Any) -> None:
    outcome = read_rows(tmp_path, [["id", "cell"], ["a", cell]])
    assert outcome.data == [{"id": "a", "cell": value}]
    assert type(outcome.data[0]["cell"]) is type(value)


def test_a_number_as_key_has_no_point(tmp_path: Path) -> None:
    outcome = read_rows(tmp_path, [["id", "n"], [4711, 1], [4712.0, 2]])
    assert outcome.keys == ["4711", "4712"]


def test_the_header_is_the_first_row_that_holds_anything(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        [],
        [None, None],
        ["id", None, "id"],
        [1, None, 5],
        [],
        [2, "extra", None],
        [None, "", ""],
    ]
    outcome = read_rows(tmp_path, rows)
    assert outcome.data == [{"id": 1, "id_2": 5}, {"id": 2, "column_2": "extra", "id_2": None}]
    assert outcome.end.complete


def test_a_row_without_a_key_is_rejected_with_its_place(tmp_path: Path) -> None:
    outcome = read_rows(tmp_path, [["id", "n"], [1, "a"], [None, "b"]])
    (rejected,) = outcome.rejected
    assert rejected.where == "a.xlsx sheet Projekte row 3"
    assert rejected.raw == '{"id":null,"n":"b"}'
    assert not outcome.end.complete


def test_more_than_a_page(tmp_path: Path) -> None:
    outcome = read_rows(tmp_path, [["id"], *([n] for n in range(2001))])
    assert [len(page.records) for page in outcome.pages] == [1000, 1000, 1]


def test_sheets_are_chosen_by_name(tmp_path: Path) -> None:
    path = written(tmp_path, {"Eins": [["id"], [1]], "Zwei": [["id"], [2]], "Leer": []})
    assert read_stream(file_stream(path)).keys == ["1"]
    assert read_stream(file_stream(path, sheet="Zwei")).keys == ["2"]
    with pytest.raises(ConnectionBrokenError, match="no sheet 'Drei'; sheets there: Eins, Zwei"):
        read_stream(file_stream(path, sheet="Drei"))
    with pytest.raises(SourceContractError, match="Leer is empty"):
        read_stream(file_stream(path, sheet="Leer"))


def test_a_header_alone_is_an_empty_table(tmp_path: Path) -> None:
    outcome = read_rows(tmp_path, [["id", "name"]])
    assert (outcome.records, outcome.end.total, outcome.end.complete) == ([], 0, True)


def test_titles_may_stand_above_the_header(tmp_path: Path) -> None:
    titles = [["Offene Posten"], ["Stand: 27.11.2026"], []]
    outcome = read_rows(tmp_path, [*titles, ["id", "Name"], [1, "a"], ["Summe", None]])
    assert outcome.data == [{"id": 1, "Name": "a"}, {"id": "Summe", "Name": None}]
    with pytest.raises(ConnectionBrokenError, match=r"no column 'Nr'.*: id, Name, Ort$"):
        read_rows(tmp_path, [*titles, ["id", "Name", "Ort"], [1, "a", "Köln"]], key="Nr")


def test_a_missing_key_column_names_those_there(tmp_path: Path) -> None:
    with pytest.raises(ConnectionBrokenError, match=r"no column 'id'.*Nr, Name"):
        read_rows(tmp_path, [["Nr", "Name"], [1, "a"]])


@pytest.mark.parametrize("share", [0.5, 0.99])
def test_a_workbook_cut_short_is_refused(tmp_path: Path, share: float) -> None:
    content = written(tmp_path, {"a": [["id"], *([n] for n in range(500))]}).read_bytes()
    with pytest.raises(SourceContractError, match="no whole workbook"):
        read_bytes(tmp_path, "b.xlsx", content[: int(len(content) * share)])


def test_text_called_xlsx_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceContractError, match="no whole workbook"):
        read_bytes(tmp_path, "b.xlsx", b"id;name\n1;2\n")
