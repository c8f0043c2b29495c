"""The one door to the database: an engine, and transactions that alone may commit."""

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import islice
from operator import itemgetter
from pathlib import Path
from time import sleep
from typing import Any, NamedTuple, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import Connection as Tx

from hub.store.lists import among, listed
from hub.store.place import dialect, explained, read_url, shown_place
from hub.store.write_ahead import MOST_PAGES, WriteAhead

__all__ = [
    "CHUNK",
    "Database",
    "Row",
    "Tx",
    "among",
    "chunks",
    "insert_new",
    "insert_tuples",
    "listed",
    "new_ids",
    "upsert",
    "upsert_tuples",
]

_T = TypeVar("_T")

Row = sa.Row[*tuple[Any, ...]]
"""A row as read; its columns by name."""

CHUNK = 5000
"""Rows or values handed to one statement: enough to forget its cost, few enough for memory."""
REST_S = 0.01


class Database:
    """An embedded SQLite file or a PostgreSQL database, chosen by URL.

    SQLite runs in WAL mode: readers never wait, writers queue. A write transaction takes its lock
    at once, so that two of them cannot both read first and then overwrite each other.
    """

    def __init__(self, url: str) -> None:
        self.url = read_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._log: WriteAhead | None = None
        self._engine = self._open_sqlite() if self.is_sqlite else self._open_postgresql()
        # SQLite admits one writer: threads of this process wait here, fairly, not in busy loops.
        self._writer = threading.RLock()

    def _open_sqlite(self) -> sa.Engine:
        if self.url.database and self.url.database != ":memory:":
            Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
            self._log = WriteAhead(Path(self.url.database))
        kept = {"cached_statements": 512}  # 128 by default: fewer than the street has
        how = {"timeout": 60, "isolation_level": None, **kept}
        engine = sa.create_engine(self.url, connect_args=how)
        sa.event.listen(engine, "connect", _set_sqlite_pragmas)
        return engine

    def _open_postgresql(self) -> sa.Engine:
        engine = sa.create_engine(
            self.url.set(drivername="postgresql+psycopg"), pool_pre_ping=True, pool_size=10
        )
        sa.event.listen(engine, "connect", _set_up_postgresql)
        return engine

    @property
    def place(self) -> str:
        """Where it is, for people: the URL without anything that may be secret."""
        return shown_place(self.url)

    @property
    def engine(self) -> sa.Engine:
        """The engine itself, for migrations only."""
        return self._engine

    @contextmanager
    def transaction(self) -> Iterator[Tx]:
        """Open a write transaction; commit at the end, roll back on any exception.

        Raises StoreUnavailableError where the database is away, locked for a minute, or full.
        """
        with explained(self.url), self._engine.connect() as tx:
            if not self.is_sqlite:
                with tx.begin():
                    yield tx
                return
            with self._writer:
                with _sqlite_transaction(tx, "BEGIN IMMEDIATE"):
                    yield tx
                if self._log:
                    self._log.committed()

    def give_way(self) -> None:
        """Let go first whoever waits to write, between two transactions of one long work.

        Neither SQLite nor a lock hands over in turn: who asks again at once gets it again. Others
        waited for 14 and 24 transactions of a tenth of a second; after a hundredth's rest, for one.
        """
        if self.is_sqlite:
            sleep(REST_S)

    @contextmanager
    def reading(self) -> Iterator[Tx]:
        """Open a read-only snapshot: what is read in it belongs together."""
        with explained(self.url), self._engine.connect() as tx:
            if self.is_sqlite:
                with _sqlite_transaction(tx, "BEGIN"):
                    yield tx
            else:
                tx.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
                with tx.begin():
                    yield tx

    def compact(self) -> bool:
        """Write a SQLite file anew without what was deleted in it; False where that must wait.

        It waits for whoever reads or writes meanwhile, and takes the room of the database once more
        on the disk, not in memory. PostgreSQL does so by itself, in its time.
        """
        if not self.is_sqlite:
            return False
        with explained(self.url), self._writer, self._engine.connect() as tx:
            driver = tx.connection.driver_connection
            assert isinstance(driver, sqlite3.Connection)
            driver.execute("PRAGMA temp_store=FILE")  # else the whole copy is built in memory
            try:
                driver.execute("VACUUM")
            finally:
                driver.execute("PRAGMA temp_store=MEMORY")
            busy, _, _ = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy

    def close(self) -> None:
        """Give every connection back."""
        if self._log:
            self._log.close()
        self._engine.dispose()


def _set_sqlite_pragmas(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        f"wal_autocheckpoint={MOST_PAGES}",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        "busy_timeout=60000",
        "temp_store=MEMORY",
        "cache_size=-32000",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
    # Its own knows no letter beyond ASCII: Öhringen and öhringen would be two towns.
    connection.create_function("lower", 1, _lower, deterministic=True)


def _set_up_postgresql(connection: Any, _record: object) -> None:
    """Let each statement be planned for the values it has: a plan for any, which PostgreSQL makes
    after five, compares a list of thousands one by one where it finds no index for it."""
    connection.execute("SET plan_cache_mode = force_custom_plan")
    connection.commit()


def _lower(text: str | None) -> str | None:
    return None if text is None else text.lower()


@contextmanager
def _sqlite_transaction(tx: Tx, begin: str) -> Iterator[None]:
    """Run one SQLite transaction by hand: the driver's own begins late and never IMMEDIATE."""
    driver = tx.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    driver.execute(begin)
    try:
        yield
    except BaseException:
        if driver.in_transaction:
            driver.execute("ROLLBACK")
        raise
    driver.execute("COMMIT")


def chunks(values: Iterable[_T], size: int = CHUNK) -> Iterator[list[_T]]:
    """Cut `values` into lists of at most `size`."""
    rest = iter(values)
    while chunk := list(islice(rest, size)):
        yield chunk


def upsert(
    tx: Tx,
    table: sa.Table,
    rows: Sequence[Mapping[str, Any]],
    *,
    by: Sequence[str] = (),
    keep: Sequence[str] = (),
) -> None:
    """Write `rows` by a unique key, replacing every other column they name except those to `keep`.

    by: the unique columns; the primary key where not said. All rows name the same columns; no two
    share a key.
    """
    if rows:
        keys = tuple(by) or tuple(column.name for column in table.primary_key)
        _write(
            tx, _upsert_statement(tx.dialect.name, table, tuple(rows[0]), keys, tuple(keep)), rows
        )


def insert_new(tx: Tx, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert `rows`, leaving those alone that stand already by any unique key."""
    if rows:
        _write(tx, _insert_statement(tx.dialect.name, table, tuple(rows[0])), rows)


def insert_tuples(
    tx: Tx,
    table: sa.Table,
    columns: tuple[str, ...],
    rows: Iterable[tuple[Any, ...]],
    *,
    renewed: bool = False,
) -> None:
    """Insert as `insert_new` does, by rows whose values stand in the order of `columns`.

    renewed: a row that is there already is written again, which shows who reads PostgreSQL's marks.
    """
    statement = _insert_statement(tx.dialect.name, table, columns, renewed=renewed)
    if statement.order != columns:
        rows = map(itemgetter(*map(columns.index, statement.order)), rows)
    _send(tx, statement, list(rows))


def upsert_tuples(
    tx: Tx,
    table: sa.Table,
    columns: tuple[str, ...],
    rows: Sequence[tuple[Any, ...]],
    *,
    keep: tuple[str, ...] = (),
) -> None:
    """Write as `upsert` does by the primary key, rows whose values stand in the order of
    `columns`."""
    if not rows:
        return
    keys = tuple(column.name for column in table.primary_key)
    statement = _upsert_statement(tx.dialect.name, table, columns, keys, keep)
    if statement.order != columns:
        rows = list(map(itemgetter(*map(columns.index, statement.order)), rows))
    _send(tx, statement, rows)


def new_ids(tx: Tx, table: sa.Table, count: int) -> range | list[int]:
    """Return ids for so many new rows of a table; nobody else is handed the same.

    A writer of SQLite is alone in its database; PostgreSQL hands out numbers of a sequence.
    """
    if tx.dialect.name == "sqlite":
        driver: Any = tx.connection.driver_connection
        (last,) = driver.execute(f"SELECT coalesce(max(id), 0) FROM {table.name}").fetchone()
        return range(last + 1, last + 1 + count)
    sequence = sa.func.pg_get_serial_sequence(table.name, "id")
    numbers = sa.func.generate_series(1, count).table_valued("number")
    return list(tx.execute(sa.select(sa.func.nextval(sequence)).select_from(numbers)).scalars())


# Rows go to the driver as they are, by a statement compiled once: SQLAlchemy's own executemany
# prepares every row anew, which took more time than the database itself.
def _write(tx: Tx, statement: "_Statement", rows: Sequence[Mapping[str, Any]]) -> None:
    one_row = itemgetter(*statement.order, statement.order[0])  # a tuple for one column, too
    _send(tx, statement, [one_row(row)[:-1] for row in rows])


def _send(tx: Tx, statement: "_Statement", values: Sequence[tuple[Any, ...]]) -> None:
    if tx.dialect.name == "sqlite":
        driver: Any = tx.connection.dbapi_connection
        driver.executemany(statement.sql, values)
    elif values:  # a column at a time: one statement, whatever the number of rows
        tx.exec_driver_sql(
            statement.sql, tuple(list(column) for column in zip(*values, strict=True))
        )


class _Statement(NamedTuple):
    """A statement as the driver takes it. order: the columns its values stand for."""

    sql: str
    order: tuple[str, ...]


@lru_cache(maxsize=512)
def _upsert_statement(
    backend: str,
    table: sa.Table,
    columns: tuple[str, ...],
    keys: tuple[str, ...],
    keep: tuple[str, ...],
) -> _Statement:
    statement = _insert_into(backend, table)
    changed = {
        name: statement.excluded[name] for name in columns if name not in keys and name not in keep
    }
    if changed:
        statement = statement.on_conflict_do_update(index_elements=keys, set_=changed)
    else:
        statement = statement.on_conflict_do_nothing(index_elements=keys)
    return _compiled(backend, table, statement, columns)


@lru_cache(maxsize=512)
def _insert_statement(
    backend: str, table: sa.Table, columns: tuple[str, ...], *, renewed: bool = False
) -> _Statement:
    statement = _insert_into(backend, table)
    if renewed:
        same = {columns[-1]: statement.excluded[columns[-1]]}
        statement = statement.on_conflict_do_update(index_elements=columns, set_=same)
    else:
        statement = statement.on_conflict_do_nothing()
    return _compiled(backend, table, statement, columns)


def _insert_into(backend: str, table: sa.Table) -> Any:
    return dialect(backend).insert(table)


_ARRAYS = {"BOOLEAN": "bool[]", "BYTEA": "bytea[]", "FLOAT": "float8[]", "INTEGER": "int4[]"}


def _compiled(
    backend: str, table: sa.Table, statement: Any, columns: tuple[str, ...]
) -> _Statement:
    if backend == "sqlite":
        compiled = statement.compile(dialect=sqlite.dialect(), column_keys=list(columns))
        return _Statement(str(compiled), tuple(compiled.positiontup))
    style = dialect("postgresql").dialect(paramstyle="format")
    types = [str(table.c[name].type.compile(style)).partition(" ")[0] for name in columns]
    arrays = ", ".join(f"%s::{_ARRAYS.get(one, f'{one.lower()}[]')}" for one in types)
    rows = sa.select(sa.text(f"* FROM unnest({arrays})"))
    compiled = statement.from_select(list(columns), rows).compile(dialect=style)
    return _Statement(str(compiled).replace("%%", "%"), columns)
