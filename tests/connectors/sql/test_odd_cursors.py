"""A cursor that is none, in a column of text, hides no later row."""

from typing import Any

import pytest

from connectors.sql.cursors import kind_of
from tests.connectors.reading import read_stream, sql_stream
from tests.connectors.sql.conftest import Books
from tests.connectors.sql.test_reading import day


@pytest.mark.parametrize("garbage", ["zzz", "n/a", "~", "", "0000", 17])
def test_a_word_among_times_waits_in_quarantine_and_moves_no_position(
    sqlite_books: Books, garbage: Any
) -> None:
    sqlite_books.insert("invoices", [(n, "1", day(n)) for n in (1, 2, 3)])
    sqlite_books.insert("invoices", [(4, "1", garbage)])
    stream = sql_stream(sqlite_books.url, table="invoices", cursor="changed")
    first = read_stream(stream)
    assert first.keys == ["1", "2", "3"]
    assert [(one.key, one.reason) for one in first.rejected] == [
        ("4", "its cursor 'changed' is no moment, as those of the other rows are")
    ]
    assert first.end.cursor == day(3)
    sqlite_books.insert("invoices", [(5, "1", day(5))])
    assert set(read_stream(stream, since=first.end.cursor).keys) == {"3", "5"}


def test_a_word_among_numbers_waits_too(sqlite_books: Books) -> None:
    sqlite_books.execute("CREATE TABLE counted (id INTEGER, n)")
    sqlite_books.insert("counted", [(1, 10), (2, 11), (3, "unknown")])
    found = read_stream(sql_stream(sqlite_books.url, table="counted", cursor="n"))
    assert (found.keys, found.end.cursor) == (["1", "2"], "11")


def test_words_that_are_all_words_stay_cursors(sqlite_books: Books) -> None:
    sqlite_books.insert("invoices", [(1, "1", "rev-a"), (2, "1", "rev-b")])
    found = read_stream(sql_stream(sqlite_books.url, table="invoices", cursor="changed"))
    assert (found.keys, found.end.cursor, found.rejected) == (["1", "2"], "rev-b", [])


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (3, "number"),
        (2.5, "number"),
        ("20261123", "number"),
        ("12.50", "number"),
        ("2026-11-23", "moment"),
        ("2026-11-23T10:00:00Z", "moment"),
        ("soon", "text"),
        ("", "text"),
    ],
)
def test_kinds(value: Any, kind: str) -> None:
    assert kind_of(value) == kind
