"""Statements for the short way to the database, each compiled once."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from hub.store.database import Tx


class Prepared:
    """A statement for the short way to the database: compiled once, rows as plain tuples.

    What changes one record asks some twenty small questions; on SQLite a statement that is built
    anew costs a hundred times its answer.
    """

    def __init__(self, statement: sa.Executable) -> None:
        self._statement = statement
        compiled: Any = statement.compile(dialect=sqlite.dialect())  # type: ignore[attr-defined]
        self._sql, self._order = str(compiled), tuple(compiled.positiontup)
        self._constants = {
            name: value for name, value in compiled.params.items() if value is not None
        }

    def __call__(self, tx: Tx, **values: Any) -> list[tuple[Any, ...]]:
        """Run it; a value that is a collection is handed over as a list. [] where it tells none."""
        bound = {name: _bound(value) for name, value in values.items()}
        if tx.dialect.name != "sqlite":
            result = tx.execute(self._statement, bound)
            return [tuple(row) for row in result] if result.returns_rows else []
        bound |= self._constants
        driver: Any = tx.connection.dbapi_connection  # the driver's own, without asking twice
        rows: list[tuple[Any, ...]] = driver.execute(
            self._sql, [bound[name] for name in self._order]
        ).fetchall()
        return rows

    def many(self, tx: Tx, rows: Sequence[Mapping[str, Any]]) -> None:
        """Run it, a statement that only writes, once for each row of values."""
        if not rows:
            return
        if tx.dialect.name != "sqlite":
            tx.execute(self._statement, rows)
            return
        driver: Any = tx.connection.dbapi_connection
        driver.executemany(self._sql, [[row[n] for n in self._order] for row in rows])


def _bound(value: Any) -> Any:
    if value is None or isinstance(value, str | int | float | bytes):
        return value
    return msgspec.json.encode(list(value)).decode()
