"""What is PostgreSQL's own: its types, its schemas, its read-only transactions, its absence."""

import socket
import traceback

import psycopg
import pytest

from connectors.sdk import ConnectionBrokenError, End, Page, RetryableError
from tests.connectors.reading import read_stream, sql_stream
from tests.connectors.sql.conftest import Books


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("1.50::numeric", "1.50"),
        ("'NaN'::numeric", "NaN"),
        ("'NaN'::float8", "nan"),
        ("'-Infinity'::float8", "-inf"),
        ("1.5::float8", 1.5),
        ("9007199254740993::bigint", 9007199254740993),
        ("true", True),
        ("NULL", None),
        ("date '2026-11-23'", "2026-11-23"),
        ("timestamp '2026-11-23 10:15'", "2026-11-23T10:15:00"),
        ("timestamptz '2026-11-23 10:15+02'", "2026-11-23T08:15:00Z"),
        ("time '10:15'", "10:15:00"),
        ("interval '1 day 2 hours'", "P1DT7200S"),
        ("'\\x00ff'::bytea", "AP8="),
        ("'9f3b2c1e-0000-4000-8000-000000000001'::uuid", "9f3b2c1e-0000-4000-8000-000000000001"),
        ("""'{"a": [1, null]}'::jsonb""", {"a": [1, None]}),
        ("ARRAY[date '2026-01-01', NULL]", ["2026-01-01", None]),
        ("ARRAY['NaN'::float8]", ["nan"]),
        ("inet '10.0.0.1'", "10.0.0.1"),
        ("int4range(1, 5)", "[1, 5)"),
        ("'Ä''%:x'::text", "Ä'%:x"),
    ],
)
def test_values_become_json(postgresql_books: Books, expression: str, value: object) -> None:
    stream = sql_stream(postgresql_books.url, query=f"SELECT 1 AS id, {expression} AS v")
    assert read_stream(stream).data == [{"id": 1, "v": value}]


@pytest.mark.parametrize(
    ("kind", "values", "cursors"),
    [
        ("bigint", "(9), (10), (11)", ["9", "10", "11"]),
        ("numeric", "(9.5), (10), (11)", ["9.5", "10", "11"]),
        ("float8", "(9.5), (10), (11)", ["9.5", "10.0", "11.0"]),
        ("text", "('a'), ('b'), ('c')", ["a", "b", "c"]),
        ("date", "('2026-01-01'), ('2026-01-02'), ('2026-01-03')",
         ["2026-01-01", "2026-01-02", "2026-01-03"]),
        ("timestamp", "('2026-01-01'), ('2026-01-02 10:00:00.000001'), ('2026-01-03')",
         ["2026-01-01T00:00:00", "2026-01-02T10:00:00.000001", "2026-01-03T00:00:00"]),
        ("timestamptz", "('2026-10-25 02:30+02'), ('2026-10-25 02:30+01'), ('2026-10-26')",
         ["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z", "2026-10-26T00:00:00Z"]),
        ("uuid", ", ".join(f"(lpad('{n}', 32, '0')::uuid)" for n in "123"),
         ["00000000-0000-0000-0000-00000000000" + n for n in "123"]),
    ],
)  # fmt: skip
def test_a_cursor_of_any_type(
    postgresql_books: Books, kind: str, values: str, cursors: list[str]
) -> None:
    postgresql_books.execute(f"CREATE TABLE t (id serial, at {kind})")
    postgresql_books.execute("SET TIME ZONE 'UTC'")
    postgresql_books.execute(f"INSERT INTO t (at) SELECT x::{kind} FROM (VALUES {values}) v(x)")
    stream = sql_stream(postgresql_books.url, table="t", cursor="at")
    outcome = read_stream(stream)
    assert [record.cursor for record in outcome.records] == cursors
    assert outcome.end.cursor == cursors[-1]
    assert read_stream(stream, since=cursors[1]).keys == ["2", "3"]


def test_a_cursor_that_does_not_fit_says_so(postgresql_books: Books) -> None:
    postgresql_books.insert("invoices", [(1, "1", "2026-01-01Z")])
    stream = sql_stream(postgresql_books.url, table="invoices", cursor="changed", lookback=5)
    with pytest.raises(ConnectionBrokenError, match="do not fit a column of datetime"):
        read_stream(stream, since="2026-01-01T00:00:00Z")


def test_schemas_and_views(postgresql_books: Books) -> None:
    postgresql_books.execute("CREATE SCHEMA fibu")
    postgresql_books.execute('CREATE TABLE fibu."Belege" AS SELECT 7 AS id')
    postgresql_books.execute('CREATE VIEW fibu.offen AS SELECT * FROM fibu."Belege"')
    for table in ("Belege", "offen"):
        stream = sql_stream(postgresql_books.url, table=table, schema="fibu")
        assert read_stream(stream).keys == ["7"]
    with pytest.raises(
        ConnectionBrokenError, match="no table 'belege'; tables there: Belege, offen"
    ):
        read_stream(sql_stream(postgresql_books.url, table="belege", schema="fibu"))


@pytest.mark.parametrize(
    "query",
    [
        "WITH gone AS (DELETE FROM invoices RETURNING id) SELECT id FROM gone",
        "SELECT nextval('numbers') AS id",
        "SELECT id FROM invoices FOR UPDATE",
    ],
)
def test_a_writing_query_is_stopped_by_the_database(postgresql_books: Books, query: str) -> None:
    postgresql_books.execute("CREATE SEQUENCE numbers")
    postgresql_books.insert("invoices", [(1, "1", "2026-01-01Z")])
    with pytest.raises(ConnectionBrokenError):
        read_stream(sql_stream(postgresql_books.url, query=query))
    assert read_stream(sql_stream(postgresql_books.url, table="invoices")).keys == ["1"]


def test_one_read_is_one_snapshot(postgresql_books: Books) -> None:
    postgresql_books.execute(
        "INSERT INTO invoices SELECT n, 1, '2026-01-01Z' FROM generate_series(1, 3000) n"
    )
    reading = sql_stream(postgresql_books.url, table="invoices").read(None)
    first = next(reading)
    postgresql_books.execute("DELETE FROM invoices")
    *_, end = reading
    assert isinstance(end, End)
    assert isinstance(first, Page)
    assert end.total == 3000
    assert len(first.records) == 1000


def test_two_columns_of_one_name_are_not_one(postgresql_books: Books) -> None:
    stream = sql_stream(postgresql_books.url, query="SELECT id, net AS id FROM invoices")
    with pytest.raises(ConnectionBrokenError, match="several columns called 'id'"):
        read_stream(stream)


def refusal(url: str, kind: type[Exception]) -> str:
    with pytest.raises(kind) as caught:
        read_stream(sql_stream(url, table="invoices"))
    shown = "".join(traceback.format_exception(caught.value))
    assert "geheim" not in shown
    assert "p%40ss" not in shown
    assert "p@ss" not in shown
    return str(caught.value)


def test_a_database_that_is_away_is_tried_again() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    text = refusal(f"postgresql://reader:p%40ss-geheim@127.0.0.1:{port}/erp", RetryableError)
    assert "127.0.0.1" in text
    assert str(port) in text
    assert "reader:***@" in text


def test_a_database_that_goes_away_while_read_is_tried_again(postgresql_books: Books) -> None:
    postgresql_books.execute(
        "INSERT INTO invoices SELECT n, 1, '2026-01-01Z' FROM generate_series(1, 5000) n"
    )
    reading = sql_stream(postgresql_books.url, table="invoices").read(None)
    next(reading)
    with psycopg.connect(postgresql_books.url, autocommit=True) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    with pytest.raises(RetryableError, match="away or busy"):
        list(reading)


def test_what_a_person_must_mend_is_not_tried_again(postgresql_books: Books) -> None:
    head, question, tail = postgresql_books.url.partition("?")
    unknown = f"{head.rsplit('/', 1)[0]}/geheime_akten{question}{tail}"
    with pytest.raises(ConnectionBrokenError, match="does not exist"):
        read_stream(sql_stream(unknown, table="invoices"))


def test_a_password_in_the_servers_own_words_is_masked(postgresql_books: Books) -> None:
    _, _, tail = postgresql_books.url.partition("?")
    for login in ("postgres:akten@/geheime_akten?", "postgres@/geheime_akten?password=akten&"):
        with pytest.raises(
            ConnectionBrokenError, match=r'database "geheime_\*\*\*" does not exist'
        ):
            read_stream(sql_stream(f"postgresql://{login}{tail}", table="invoices"))


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("nodb://u:geheim@h/d", "no driver for 'nodb'"),
        ("oracle://u:geheim@h/d", "no driver for 'oracle'"),
        ("geheim", "cannot be read"),
        ("postgresql://u:geheim@h:port/d", "cannot be read"),
    ],
)
def test_a_url_that_leads_nowhere(url: str, said: str) -> None:
    assert said in refusal(url, ConnectionBrokenError)
