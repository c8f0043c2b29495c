"""Databases that other people's programs write, one of each kind we claim."""

import sqlite3
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest

_serial = count()
Execute = Callable[..., None]


class Books:
    """A bookkeeping database: `url` as the hub reads it, `execute` as its program writes it."""

    def __init__(self, url: str, execute: Execute) -> None:
        self.url = url
        self.execute = execute

    def insert(self, table: str, rows: Sequence[Sequence[Any]]) -> None:
        for row in rows:
            values = ", ".join("NULL" if value is None else repr(value) for value in row)
            self.execute(f"INSERT INTO {table} VALUES ({values})")


@pytest.fixture
def sqlite_books(tmp_path: Path) -> Books:
    path = tmp_path / "books.db"

    def execute(statement: str, *values: Any) -> None:
        with sqlite3.connect(path) as connection:
            connection.execute(statement, values)
        connection.close()

    execute("CREATE TABLE invoices (id INTEGER PRIMARY KEY, net TEXT, changed TEXT)")
    return Books(f"sqlite:///{path}", execute)


@pytest.fixture
def postgresql_books(postgresql_url: str) -> Books:
    name = f"books_{next(_serial)}"
    with psycopg.connect(postgresql_url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}".encode())
    head, question, tail = postgresql_url.partition("?")
    url = f"{head.rsplit('/', 1)[0]}/{name}{question}{tail}"

    def execute(statement: str, *values: Any) -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(statement.encode(), values or None)

    execute("CREATE TABLE invoices (id integer PRIMARY KEY, net numeric, changed timestamptz)")
    return Books(url, execute)


@pytest.fixture(params=["sqlite", "postgresql"])
def books(request: pytest.FixtureRequest) -> Books:
    """The same table in a database of each kind; the test runs once for each."""
    found: Books = request.getfixturevalue(f"{request.param}_books")
    return found
