"""How exports are written: encodings, first lines, zip stamps, numbers and dates."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.demo import exports, ledger
from hub.demo.model import World
from hub.demo.write import replace_file, write
from tests.demo.reading import workbook_rows
from tests.demo.spelt import day, euros, minute


@pytest.mark.parametrize(
    ("name", "encoding", "start"),
    [
        ("crm/accounts.csv", "cp1252", b"Konto-ID;Firma;Stra\xdfe;"),
        ("crm/contacts.csv", "utf-8", b"\xef\xbb\xbfKontakt-ID;Konto-ID;"),
        ("crm/deals.csv", "utf-8", b"\xef\xbb\xbfChance-ID;Angebotsnr;"),
        ("projects/hours.csv", "utf-8", b"\xef\xbb\xbfProjektnr;Woche bis;Stunden\r\n"),
        (
            "marketing/recipients.csv.part",
            "utf-8",
            b"id,email,name,company,consent,delivery,updated_at\r\n",
        ),
        ("helpdesk/tickets.jsonl", "utf-8", b'{"id":80001,'),
        ("books/books.sqlite", "latin-1", b"SQLite format 3\x00"),
        ("projects/projects.xlsx", "latin-1", b"PK\x03\x04"),
        ("planted.json", "utf-8", b"{\n"),
    ],
)
def test_each_file_begins_and_is_encoded_as_its_tool_does(
    folder: Path, name: str, encoding: str, start: bytes
) -> None:
    raw = (folder / name).read_bytes()
    assert raw.startswith(start)
    text = raw.decode(encoding)
    if name.endswith((".csv", ".part")):
        assert raw.endswith(b"\r\n")
        assert text.count("\n") == text.count("\r\n")
    if name.endswith(".jsonl"):
        assert raw.endswith(b"}\n")
        assert b"\r" not in raw


def test_every_letter_of_the_world_exists_in_windows_1252(company: World) -> None:
    for account in company.accounts:
        for value in (account.name, account.address.street, account.address.city, account.contact):
            assert value.encode("cp1252").decode("cp1252") == value


def test_two_writings_of_one_world_are_the_same_bytes_but_for_zip_stamps(
    company: World, folder: Path, tmp_path: Path
) -> None:
    write(company, tmp_path)
    for path in folder.rglob("*"):
        other = tmp_path / path.relative_to(folder)
        if path.is_file() and path.suffix != ".xlsx":
            assert other.read_bytes() == path.read_bytes(), path.name
    assert workbook_rows(tmp_path) == workbook_rows(folder)


def test_a_file_that_cannot_be_filled_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "file.txt"
    replace_file(path, lambda beside: beside.write_text("old"))

    def fail(beside: Path) -> None:
        beside.write_text("half")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        replace_file(path, fail)
    assert path.read_text() == "old"
    replace_file(path, lambda beside: beside.write_text("new"))
    assert [p.name for p in path.parent.iterdir()] == ["file.txt"]
    assert path.read_text() == "new"


@given(st.integers(-(10**12), 10**12))
def test_german_euros_are_exact_to_the_cent(minor: int) -> None:
    text = exports.german_euros(minor)
    assert int(text.replace(".", "").replace(",", "")) == minor
    assert text[-3] == ","
    assert text.lstrip("-") == euros(abs(minor))


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_german_days_have_two_digits_two_digits_and_four(value: date) -> None:
    assert exports.german_day(value) == day(value)
    assert len(exports.german_day(value)) == 10


@given(st.integers(0, 4_000_000_000).map(lambda second: datetime.fromtimestamp(second, UTC)))
def test_stamps_are_read_back_to_the_second(at: datetime) -> None:
    text = exports.utc_text(at)
    assert text is not None
    assert datetime.fromisoformat(text) == at
    assert datetime.fromisoformat(ledger.stamp(at)).replace(tzinfo=UTC) == at
    assert exports.german_minute(at) == minute(at)


@pytest.mark.parametrize("nothing", [exports.german_day(None), exports.utc_text(None) or ""])
def test_no_date_is_nothing(nothing: str) -> None:
    assert nothing == ""


def test_the_tables_of_the_ledger_are_written_parents_first(company: World) -> None:
    names = [name for name, _ in ledger.tables(company)]
    assert names[:5] == ["kunden", "auftraege", "vertraege", "rechnungen", "zahlungen"]
    assert names[5:] == ["mahnungen", "lieferscheine", "artikel", "positionen", "anlagen"]


def test_every_sheet_has_as_many_cells_a_row_as_titles(company: World) -> None:
    sheets: dict[str, Any] = {
        name: getattr(exports, name)(company)
        for name in ("accounts", "contacts", "deals", "projects", "hours", "recipients")
    }
    for name, sheet in sheets.items():
        assert len(set(sheet.columns)) == len(sheet.columns), name
        assert {len(row) for row in sheet.rows} == {len(sheet.columns)}, name
