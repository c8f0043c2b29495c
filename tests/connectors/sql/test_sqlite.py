"""What is SQLite's own: files that are missing or foreign, writers beside us, odd text."""

import sqlite3
from pathlib import Path

import pytest

from connectors.registry import open_connector
from connectors.sdk import ConnectionBrokenError, RetryableError
from tests.connectors.reading import read_stream, sql_stream
from tests.connectors.sql.conftest import Books


def test_a_missing_file_is_named_and_never_made(tmp_path: Path) -> None:
    stream = sql_stream(f"sqlite:///{tmp_path}/gone.db", table="invoices")
    with pytest.raises(ConnectionBrokenError, match=r"no database file .*gone\.db"):
        read_stream(stream)
    assert list(tmp_path.iterdir()) == []


def test_a_relative_path_is_meant_from_the_base(tmp_path: Path) -> None:
    (tmp_path / "a b#?%41").mkdir()
    with sqlite3.connect(tmp_path / "a b#?%41" / "x.db") as source:
        source.execute("CREATE TABLE t (id)")
        source.execute("INSERT INTO t VALUES (1)")
    source.close()
    config = {"url": "sqlite:///x.db", "streams": {"t": {"table": "t", "key": "id"}}}
    base = tmp_path / "a b#?%41"
    connector = open_connector("sql", name="erp", config=config, base_dir=base)
    connector.check()
    assert read_stream(connector.streams()[0]).keys == ["1"]


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_text("no database at all, but long enough to be looked at" * 30)
    with pytest.raises(ConnectionBrokenError, match="not a database"):
        read_stream(sql_stream(f"sqlite:///{tmp_path}/x.db", table="t"))


def test_a_writing_query_is_stopped_by_the_database(sqlite_books: Books) -> None:
    sqlite_books.execute("CREATE TABLE log (id integer)")
    query = "WITH x AS (SELECT 1) INSERT INTO log SELECT 1 RETURNING 1 AS id"
    with pytest.raises(ConnectionBrokenError):
        read_stream(sql_stream(sqlite_books.url, query=query))
    assert read_stream(sql_stream(sqlite_books.url, table="log")).keys == []


def test_a_locked_database_is_tried_again(sqlite_books: Books, tmp_path: Path) -> None:
    writer = sqlite3.connect(tmp_path / "books.db", isolation_level=None)
    writer.execute("BEGIN EXCLUSIVE")
    with pytest.raises(RetryableError, match="is away or busy: database is locked"):
        read_stream(sql_stream(sqlite_books.url, table="invoices"))
    writer.close()


def test_a_database_in_wal_mode_with_a_writer_beside(sqlite_books: Books, tmp_path: Path) -> None:
    writer = sqlite3.connect(tmp_path / "books.db")
    writer.execute("PRAGMA journal_mode=WAL")
    writer.execute("INSERT INTO invoices VALUES (1, '1', 'a')")
    writer.commit()
    writer.execute("INSERT INTO invoices VALUES (2, '2', 'b')")
    assert read_stream(sql_stream(sqlite_books.url, table="invoices")).keys == ["1"]
    writer.close()


def test_text_that_is_not_utf_8_rejects_its_row_alone(sqlite_books: Books) -> None:
    sqlite_books.execute("INSERT INTO invoices VALUES (1, CAST(x'4dfc6c6c6572' AS TEXT), 'a')")
    sqlite_books.execute("INSERT INTO invoices VALUES (2, 'Müller', 'b')")
    outcome = read_stream(sql_stream(sqlite_books.url, table="invoices"))
    (rejected,) = outcome.rejected
    assert (rejected.key, rejected.where) == ("1", "invoices row 1")
    assert "not UTF-8" in rejected.reason
    assert r"M\xfcller" in rejected.raw
    assert outcome.data == [{"id": 2, "net": "Müller", "changed": "b"}]
    assert outcome.end.complete


def test_two_columns_of_one_name_are_both_kept(sqlite_books: Books) -> None:
    sqlite_books.execute("INSERT INTO invoices VALUES (1, 'a', 'b')")
    stream = sql_stream(sqlite_books.url, query="SELECT id, net, changed AS net FROM invoices")
    assert read_stream(stream).data == [{"id": 1, "net": "a", "net:1": "b"}]


def test_values_as_sqlite_keeps_them(sqlite_books: Books) -> None:
    sqlite_books.execute("CREATE TABLE v (id TEXT, a DATETIME, b NUMERIC, c BLOB, d REAL, e)")
    sqlite_books.execute("INSERT INTO v VALUES ('x', '2026-01-01', 5, x'00ff', 9e999, NULL)")
    sqlite_books.execute("INSERT INTO v VALUES ('y', 'gestern', '1.5', 'text', 1.0, ?)", "a\0b")
    assert read_stream(sql_stream(sqlite_books.url, table="v")).data == [
        {"id": "x", "a": "2026-01-01", "b": 5, "c": "AP8=", "d": "inf", "e": None},
        {"id": "y", "a": "gestern", "b": 1.5, "c": "text", "d": 1.0, "e": "a\0b"},
    ]


def test_the_url_may_come_from_the_environment(
    sqlite_books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    streams = {"t": {"table": "invoices", "key": "id"}}
    config = {"url_env": "BOOKS_URL", "streams": streams}
    with pytest.raises(ConnectionBrokenError, match="variable BOOKS_URL for its URL is not set"):
        open_connector("sql", name="erp", config=config, base_dir=Path("/"))
    monkeypatch.setenv("BOOKS_URL", sqlite_books.url)
    open_connector("sql", name="erp", config=config, base_dir=Path("/")).check()
