"""Statements for the short way to the database, each compiled once."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from hub.store.database import Tx, chunks
from hub.store.expressions import plain


class Prepared:
    """A statement for the short way to the database: compiled once, rows as plain tuples.

    What changes one record asks some twenty small questions; on SQLite a statement that is built
    anew costs a hundred times its answer.
    """

    def __init__(self, statement: sa.Executable) -> None:
        self._statement = statement
        self._sql = ""
        self._order: tuple[str, ...] = ()
        self._constants: Mapping[str, Any] = {}

    def _compile(self) -> None:
        """Not before it is asked for: what is written for PostgreSQL, SQLite has no words for."""
        compiled: Any = self._compiled()
        if "POSTCOMPILE" in str(compiled):  # a list of constants: one place for each of them
            compiled = self._compiled(render_postcompile=True)
        self._order = tuple(compiled.positiontup)
        self._constants = {
            name: value for name, value in compiled.params.items() if value is not None
        }
        self._sql = str(compiled)

    def _compiled(self, **how: bool) -> Any:
        statement: Any = self._statement
        return statement.compile(dialect=sqlite.dialect(), compile_kwargs=how)

    def __call__(self, tx: Tx, **values: Any) -> list[tuple[Any, ...]]:
        """Run it; a value that is a collection is handed over as a list. [] where it tells none."""
        bound = {
            name: value if type(value) in _PLAIN else _listed(value)
            for name, value in values.items()
        }
        if tx.dialect.name != "sqlite":
            result = tx.execute(self._statement, bound)
            return [tuple(row) for row in result] if result.returns_rows else []
        if not self._sql:
            self._compile()
        if self._constants:
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
        if not self._sql:
            self._compile()
        driver: Any = tx.connection.dbapi_connection
        driver.executemany(self._sql, [[row[n] for n in self._order] for row in rows])


class Asked:
    """A select of those whose column is `listed` as "ids", in words that hang on the database.

    make: returns it, of a transaction and the words that it hangs on beside; each is made once.
    """

    def __init__(self, make: Callable[..., sa.Select[*tuple[Any, ...]]]) -> None:
        self._make = make
        self._made: dict[tuple[str, ...], _Made] = {}

    def __call__(self, tx: Tx, ids: Collection[str], *words: str) -> list[tuple[Any, ...]]:
        """Return the rows of all `ids`, however many, as plain tuples."""
        if not ids:
            return []
        run = self._in(tx, words).run
        return [row for chunk in chunks(ids) for row in run(tx, ids=chunk)]

    def sums(self, tx: Tx, ids: Collection[str], *words: str) -> dict[str, dict[str, Any]]:
        """Return each id, which stands in the first column -> name of another -> its number or
        text: amounts are fractions on both databases."""
        if not ids:
            return {}
        made = self._in(tx, words)
        names = [(at, name, at in made.amounts) for at, name in enumerate(made.names) if at]
        return {
            row[0]: {
                name: float(row[at]) if is_amount and row[at] is not None else plain(row[at])
                for at, name, is_amount in names
            }
            for row in self(tx, ids, *words)
        }

    def _in(self, tx: Tx, words: tuple[str, ...]) -> "_Made":
        key = (tx.dialect.name, *words)
        made = self._made.get(key)
        if made is None:
            made = self._made[key] = _Made(self._make(tx, *words))
        return made


class _Made:
    def __init__(self, select: sa.Select[*tuple[Any, ...]]) -> None:
        columns = list(select.selected_columns)
        self.run = Prepared(select)
        self.names = [str(column.key) for column in columns]
        self.amounts = {at for at, one in enumerate(columns) if isinstance(one.type, sa.Numeric)}


_PLAIN = frozenset((type(None), str, int, float, bool, bytes))
_encode = msgspec.json.Encoder().encode


def _listed(values: Iterable[Any]) -> str:
    """Return a collection as a list in JSON, the way `listed` reads it."""
    return _encode(list(values)).decode()
