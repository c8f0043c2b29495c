"""Any table that can be written as CSV is read back equal."""

import csv
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.connectors.reading import file_stream, read_stream

CHARACTERS = {
    "utf-8": st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
    "utf-8-sig": st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
    "utf-16": st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
    "cp1252": st.sampled_from("abc ÄÖÜäöüß€§´`;,|\t'\"\r\n.-/\\=#"),
}


@st.composite
def tables(draw: st.DrawFn) -> tuple[str, str, bool, list[list[str]]]:
    encoding = draw(st.sampled_from(sorted(CHARACTERS)))
    delimiter = draw(st.sampled_from(";,|\t:^"))
    fields = st.text(CHARACTERS[encoding], max_size=12)
    width = draw(st.integers(1, 4))
    rows = draw(st.lists(st.lists(fields, min_size=width, max_size=width), max_size=8))
    return encoding, delimiter, draw(st.booleans()), rows


@settings(max_examples=150, deadline=None)
@given(table=tables())
def test_a_table_is_read_back_equal(table: tuple[str, str, bool, list[list[str]]]) -> None:
    encoding, delimiter, quote_all, rows = table
    width = len(rows[0]) if rows else 1
    header = ["id", *(f"field {n}" for n in range(width))]
    numbered = [[f"K{n}", *row] for n, row in enumerate(rows)]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        with path.open("w", encoding=encoding, newline="") as stream:
            quoting: Literal[0, 1] = 1 if quote_all else 0  # csv.QUOTE_ALL, csv.QUOTE_MINIMAL
            writer = csv.writer(stream, delimiter=delimiter, quoting=quoting)
            writer.writerows([header, *numbered])
        outcome = read_stream(file_stream(path, delimiter=delimiter, encoding=encoding))
    assert not outcome.rejected
    assert outcome.end.complete
    assert [list(data.values()) for data in outcome.data] == numbered
    assert all(list(data) == header for data in outcome.data)


@settings(max_examples=60, deadline=None)
@given(
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]),
    delimiter=st.sampled_from(";,|\t"),
    words=st.lists(st.sampled_from(["Müller", "Straße 5", "a, b", "x", "50 € ; 7"]), max_size=6),
)
def test_encoding_and_delimiter_are_found(encoding: str, delimiter: str, words: list[str]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        with path.open("w", encoding=encoding, newline="") as stream:
            writer = csv.writer(stream, delimiter=delimiter)
            writer.writerows([["id", "name"], *([str(n), word] for n, word in enumerate(words))])
        outcome = read_stream(file_stream(path))
    assert [data["name"] for data in outcome.data] == words
