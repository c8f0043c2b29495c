"""Writes the SELECT of a stream: a table or a query, what it lacks, and what is new in it."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    Connection,
    FromClause,
    Select,
    bindparam,
    column,
    inspect,
    or_,
    select,
    table,
    text,
)
from sqlalchemy.exc import DBAPIError, NoSuchTableError
from sqlalchemy.sql import quoted_name
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.types import NullType

from connectors.sdk.errors import ConnectionBrokenError
from connectors.sql.config import SqlStreamConfig

# The driver's values as they come: no type of SQLAlchemy's reads or writes them.
_AS_SENT = NullType()


def columns_there(connection: Connection, config: SqlStreamConfig, title: str) -> list[str]:
    """Return the names of the columns the stream reads.

    Raises ConnectionBrokenError where the table, the key or another named column is missing,
    naming what is there, and where two columns of a query have one name.
    """
    if config.table is not None:
        _insist_on_table(connection, config, title)
    probe = select(text("*")).select_from(_origin(config)).limit(0)
    names = list(connection.execute(probe).keys())
    what = f"table {config.table}" if config.table else "the query"
    for wanted in (*config.key, *([config.cursor] if config.cursor else ()), *config.exclude):
        if wanted not in names:
            raise ConnectionBrokenError(
                f"{title}: {what} has no column {wanted!r}; columns there: {', '.join(names)}"
            )
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ConnectionBrokenError(
            f"{title}: {what} has several columns called {twice[0]!r}; tell them apart with AS"
        )
    return [name for name in names if name not in config.exclude]


def _insist_on_table(connection: Connection, config: SqlStreamConfig, title: str) -> None:
    inspector = inspect(connection)
    assert config.table is not None
    if inspector.has_table(config.table, schema=config.schema_name):
        return
    try:
        there = [
            *inspector.get_table_names(schema=config.schema_name),
            *inspector.get_view_names(schema=config.schema_name),
        ]
    except (DBAPIError, NoSuchTableError):
        there = []
    raise ConnectionBrokenError(
        f"{title} has no table {config.table!r}; tables there: "
        f"{', '.join(sorted(there)[:50]) or 'none'}"
    )


def _origin(config: SqlStreamConfig) -> FromClause:
    if config.query is not None:
        # A colon begins a parameter in text(): a time in a literal must not.
        plain = config.query.replace(":", "\\:")
        return text(plain).columns().subquery("source_rows")
    assert config.table is not None
    schema = quoted_name(config.schema_name, quote=True) if config.schema_name else None
    return table(quoted_name(config.table, quote=True), schema=schema)


def statement(
    connection: Connection, config: SqlStreamConfig, names: Sequence[str], since: str | None
) -> Select[Any]:
    """Return the SELECT of the rows from `since` on, by cursor and key where there is a cursor.

    Rows whose cursor is NULL are read every time: nothing shows whether they changed.
    """
    found = select(*map(_named, names)).select_from(_origin(config))
    if config.cursor is None:
        return found
    cursor = _named(config.cursor)
    found = found.order_by(cursor, *map(_named, config.key))
    if since is None:
        return found
    first = _first(connection, config)
    if first is None:
        return found
    start = start_of(first, since, config.lookback)
    return found.where(or_(cursor >= bindparam("since", start, type_=_AS_SENT), cursor.is_(None)))


def _named(name: str) -> ColumnElement[Any]:
    return column(quoted_name(name, quote=True), type_=_AS_SENT)


def _first(connection: Connection, config: SqlStreamConfig) -> Any:
    """Return any cursor value, whose type says what `since` must be compared as."""
    assert config.cursor is not None
    cursor = _named(config.cursor)
    probe = select(cursor).select_from(_origin(config)).where(cursor.is_not(None)).limit(1)
    return connection.execute(probe).scalar()


def start_of(example: object, since: str, lookback: int | timedelta) -> Any:
    """Return where to read from: `since` as a value of the example's type, less the lookback.

    Raises ConnectionBrokenError where the two do not fit.
    """
    try:
        match example:
            case datetime():
                return datetime.fromisoformat(since) - _time(lookback)
            case date():
                return (datetime.fromisoformat(since) - _time(lookback)).date()
            case int() | Decimal():
                return type(example)(since) - _number(lookback)
            case float():
                return float(since) - _number(lookback)
            case str() if lookback:
                return _earlier(since, _time(lookback))
    except (ValueError, ArithmeticError) as error:
        raise ConnectionBrokenError(
            f"the cursor {since!r} and the lookback {lookback} do not fit a column of "
            f"{type(example).__name__}: {error}"
        ) from error
    return since


def _time(lookback: int | timedelta) -> timedelta:
    if isinstance(lookback, timedelta):
        return lookback
    if lookback:
        raise ValueError("the lookback of a time is a time, as 5m")
    return timedelta()


def _number(lookback: int | timedelta) -> int:
    if isinstance(lookback, timedelta):
        raise ValueError("the lookback of a number is a number")
    return lookback


def _earlier(since: str, lookback: timedelta) -> str:
    """Return an earlier time in the notation of `since`, to be compared as text."""
    start = datetime.fromisoformat(since) - lookback
    if len(since) == len("2026-11-23"):
        return start.date().isoformat()
    text_form = start.isoformat(sep=since[10])
    return text_form.replace("+00:00", "Z") if since.endswith("Z") else text_form
