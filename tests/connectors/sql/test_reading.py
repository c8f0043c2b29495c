"""Tables and queries of SQLite and PostgreSQL: whole, from a cursor on, and read only."""

from pathlib import Path
from typing import Any

import pytest

from connectors.registry import open_connector
from connectors.sdk import ConnectionBrokenError, End
from connectors.sql.engine import SourceDatabase
from tests.connectors.reading import read_stream, sql_stream
from tests.connectors.sql.conftest import Books

INVOICES = {"table": "invoices", "key": "id", "cursor": "changed"}


def day(number: int) -> str:
    return f"2026-01-{number:02}T00:00:00Z"


def test_a_table_is_a_complete_listing(books: Books) -> None:
    books.insert("invoices", [(2, "1.50", day(1)), (1, "20", None)])
    outcome = read_stream(sql_stream(books.url, table="invoices"))
    assert sorted(outcome.keys) == ["1", "2"]
    by_key = {record.key: record.data for record in outcome.records}
    assert by_key["1"] == {"id": 1, "net": "20", "changed": None}
    assert by_key["2"]["net"] == "1.50"
    assert outcome.end == End(complete=True, total=2)
    assert [page.cursor for page in outcome.pages] == [None]


def test_an_empty_table_is_a_complete_listing_of_none(books: Books) -> None:
    for options in ({"table": "invoices"}, INVOICES):
        assert read_stream(sql_stream(books.url, **options)).end == End(complete=True, total=0)


def test_with_a_cursor_rows_come_oldest_first(books: Books) -> None:
    books.insert("invoices", [(1, "1", day(3)), (2, "1", day(1)), (3, "1", day(2))])
    outcome = read_stream(sql_stream(books.url, **INVOICES))
    assert outcome.keys == ["2", "3", "1"]
    assert outcome.pages[0].cursor == outcome.end.cursor == day(3)
    assert outcome.records[0].cursor == day(1)
    assert outcome.end.complete


def test_from_a_cursor_on_the_read_is_inclusive_and_never_complete(books: Books) -> None:
    books.insert("invoices", [(n, "1", day(n)) for n in range(1, 6)])
    stream = sql_stream(books.url, **INVOICES)
    outcome = read_stream(stream, since=day(4))
    assert outcome.keys == ["4", "5"]
    assert outcome.end == End(complete=False, cursor=day(5))
    nothing_new = read_stream(stream, since=day(9))
    assert (nothing_new.keys, nothing_new.end) == ([], End(complete=False))


def test_every_page_can_be_continued_from(books: Books) -> None:
    """2,500 rows, 250 of each second: whatever page was the last stored, no row is lost."""
    books.execute(
        "INSERT INTO invoices "
        "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 2499) "
        + (
            "SELECT i, '1', '2026-01-01T00:00:' || printf('%02d', i / 250) || 'Z' FROM n"
            if books.url.startswith("sqlite")
            else "SELECT i, 1, timestamptz '2026-01-01Z' + (i / 250) * interval '1 s' FROM n"
        )
    )
    stream = sql_stream(books.url, **INVOICES)
    whole = read_stream(stream)
    assert [len(page.records) for page in whole.pages] == [1000, 1000, 500]
    for stored in range(1, 4):
        before = {record.key for page in whole.pages[:stored] for record in page.records}
        after = set(read_stream(stream, since=whole.pages[stored - 1].cursor).keys)
        assert before | after == {str(n) for n in range(2500)}
        assert len(before & after) <= 250


def test_rows_without_a_cursor_are_read_every_time(books: Books) -> None:
    books.insert("invoices", [(1, "1", day(1)), (2, "1", None), (3, "1", day(3))])
    stream = sql_stream(books.url, **INVOICES)
    assert set(read_stream(stream, since=day(3)).keys) == {"2", "3"}
    assert read_stream(stream).end.cursor == day(3)
    books.execute("DELETE FROM invoices WHERE changed IS NOT NULL")
    assert read_stream(stream, since=day(3)).keys == ["2"]


def test_a_lookback_reads_what_was_committed_late(books: Books) -> None:
    books.insert("invoices", [(n, "1", f"2026-01-01T10:{n:02}:00Z") for n in range(10, 20)])
    stream = sql_stream(books.url, **INVOICES, lookback="5m")
    assert read_stream(stream, since="2026-01-01T10:19:00Z").keys == [str(n) for n in range(14, 20)]
    numbered = sql_stream(books.url, table="invoices", cursor="id", lookback=3)
    assert read_stream(numbered, since="19").keys == ["16", "17", "18", "19"]


def test_numbers_are_compared_as_numbers(books: Books) -> None:
    books.insert("invoices", [(n, "1", day(1)) for n in (2, 9, 10, 100)])
    stream = sql_stream(books.url, query="SELECT id, id + 0 AS n FROM invoices", cursor="n")
    assert read_stream(stream).end.cursor == "100"
    assert read_stream(stream, since="9").keys == ["9", "10", "100"]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT id, net FROM invoices WHERE ':none, 5%' <> 'x'",
        "  with x AS (SELECT * FROM invoices) SELECT id, net FROM x",
        "select id, net, '12:30 :x' AS t, '100%' AS p FROM invoices",
    ],
)
@pytest.mark.parametrize("cursor", [None, "id"])
def test_queries(books: Books, query: str, cursor: str | None) -> None:
    books.insert("invoices", [(1, "1", day(1)), (2, "2", day(2))])
    stream = sql_stream(books.url, query=query, cursor=cursor)
    outcome = read_stream(stream)
    assert outcome.keys == ["1", "2"]
    assert outcome.end.complete
    if "12:30" in query:
        assert outcome.data[0]["t"] == "12:30 :x"
        assert outcome.data[0]["p"] == "100%"
    if cursor:
        assert read_stream(stream, since="2").keys == ["2"]


@pytest.mark.parametrize(
    ("stream", "said"),
    [
        ({"table": "bills"}, "no table 'bills'; tables there: invoices"),
        ({"table": "invoices", "key": "nr"}, "no column 'nr'; columns there: id, net, changed"),
        ({"table": "invoices", "cursor": "upd"}, "no column 'upd'"),
        ({"table": "invoices", "exclude": ["pdf"]}, "no column 'pdf'"),
        ({"table": "invoices", "schema": "nowhere"}, "no table 'invoices'"),
        ({"query": "SELECT net FROM invoices"}, "the query has no column 'id'"),
        ({"query": "SELECT id FROM bills"}, "bills"),
        ({"query": "SELECT id FROM invoices WHERE"}, "refuses: "),
    ],
)
def test_what_is_not_there_is_named(books: Books, stream: dict[str, Any], said: str) -> None:
    config = {"url": books.url, "streams": {"rows": {"key": "id", **stream}}}
    connector = open_connector("sql", name="erp", config=config, base_dir=Path("/"))
    with pytest.raises(ConnectionBrokenError, match=said):
        connector.check()
    with pytest.raises(ConnectionBrokenError, match=said):
        read_stream(connector.streams()[0])
    connector.close()


def test_odd_names_are_quoted(books: Books) -> None:
    books.execute('CREATE TABLE "Order ""Details""" ("Id %" integer, "a:b" text, "select" text)')
    books.insert('"Order ""Details"""', [(1, "x", "2026"), (2, "y", "2027")])
    stream = sql_stream(books.url, table='Order "Details"', key=["Id %", "a:b"], cursor="select")
    assert read_stream(stream).keys == ["1|x", "2|y"]
    assert read_stream(stream, since="2027").keys == ["2|y"]


def test_excluded_columns_are_not_asked_for(books: Books) -> None:
    books.insert("invoices", [(1, "1", day(1))])
    assert read_stream(
        sql_stream(books.url, table="invoices", exclude=["net", "changed"])
    ).data == [{"id": 1}]


def test_bad_keys_are_rejected_and_duplicates_too(books: Books) -> None:
    books.insert("invoices", [(1, "7", day(1)), (2, "7", day(2)), (3, None, day(3))])
    outcome = read_stream(sql_stream(books.url, table="invoices", key="net", cursor="changed"))
    assert outcome.keys == ["7"]
    duplicate, empty = sorted(outcome.rejected, key=lambda item: item.where)
    assert "duplicate key '7'" in duplicate.reason
    assert (duplicate.key, duplicate.where) == ("7", "invoices row 2")
    assert '"id":2' in duplicate.raw
    assert (empty.key, empty.where, empty.reason) == (
        None,
        "invoices row 3",
        "the key 'net' is null",
    )
    assert not outcome.end.complete
    assert outcome.end.cursor == day(2)


def test_a_field_of_5_mb_is_kept_whole(books: Books) -> None:
    books.execute("CREATE TABLE notes (id integer, body text)")
    books.insert("notes", [(1, "x" * 5_000_000), (2, "short")])
    outcome = read_stream(sql_stream(books.url, table="notes"))
    (rejected,) = outcome.rejected
    assert rejected.key == "1"
    assert "x" * 5_000_000 in rejected.raw
    assert outcome.keys == ["2"]
    assert outcome.end.complete


@pytest.mark.parametrize(
    "query",
    ["DELETE FROM invoices", "SELECT 1; DELETE FROM invoices", "", "EXPLAIN SELECT 1",
     "SELECTED", "-- x\nUPDATE invoices SET net = 0"],
)  # fmt: skip
def test_only_one_reading_statement_is_a_query(query: str) -> None:
    with pytest.raises(ConnectionBrokenError, match=r"streams\.rows\.query: "):
        sql_stream("sqlite:///x.db", query=query)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"table": "a", "query": "SELECT 1"}, "one of them"),
        ({"query": "SELECT 1", "schema": "s"}, "`schema` goes with `table`"),
        ({"table": "a", "lookback": "5m"}, "goes with `cursor`"),
        ({"table": "a", "cursor": "c", "lookback": "5 weeks"}, "a time as 30s"),
        ({"table": "a", "exclude": ["id"]}, "`exclude` names 'id'"),
        ({"table": "a", "cursor": "c", "exclude": ["c"]}, "`exclude` names 'c'"),
    ],
)
def test_options_that_do_not_go_together(options: dict[str, Any], said: str) -> None:
    with pytest.raises(ConnectionBrokenError, match=said):
        sql_stream("sqlite:///x.db", **options)


def test_a_partial_table_never_ends_complete(books: Books) -> None:
    books.insert("invoices", [(1, "1", day(1))])
    outcome = read_stream(sql_stream(books.url, **INVOICES, complete=False))
    assert outcome.end == End(complete=False, cursor=day(1))


def test_nothing_can_be_written(books: Books) -> None:
    books.insert("invoices", [(1, "1", day(1))])
    database = SourceDatabase(books.url, base_dir=Path("/"), connection="erp")
    with pytest.raises(ConnectionBrokenError, match=r"read-?only"), database.connect() as reading:
        reading.exec_driver_sql("DELETE FROM invoices")
    database.close()
    assert read_stream(sql_stream(books.url, table="invoices")).keys == ["1"]
