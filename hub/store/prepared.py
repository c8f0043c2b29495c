"""Statements for the short way to the database, each compiled once."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from hub.store.database import Tx, chunks
from hub.store.expressions import plain
from hub.store.lists import as_list


class Prepared:
    """A statement for the short way to the database: compiled once, rows as plain tuples.

    What changes one record asks some twenty small questions; on SQLite a statement that is built
    anew costs a hundred times its answer.
    """

    def __init__(self, statement: sa.Executable) -> None:
        self._statement = statement
        self._made: dict[str, _Compiled] = {}

    def _in(self, tx: Tx) -> "_Compiled":
        name = tx.dialect.name
        made = self._made.get(name)
        if made is None:
            made = self._made[name] = _compiled(self._statement, tx.dialect)
        return made

    def __call__(self, tx: Tx, **values: Any) -> list[tuple[Any, ...]]:
        """Run it; a value that is a collection is handed over as a list. [] where it tells none."""
        made = self._in(tx)
        bound = {
            name: value if type(value) in _PLAIN else as_list(tx.dialect.name, value)
            for name, value in values.items()
        }
        if made.constants:
            bound |= made.constants
        driver: Any = tx.connection.dbapi_connection  # the driver's own, without asking twice
        found = driver.execute(made.sql, bound)
        rows: list[tuple[Any, ...]] = found.fetchall() if found.description else []
        return rows

    def many(self, tx: Tx, rows: Sequence[Mapping[str, Any]]) -> None:
        """Run it, a statement that only writes, once for each row of values."""
        if not rows:
            return
        made = self._in(tx)
        driver: Any = tx.connection.dbapi_connection
        if made.constants:
            rows = [{**made.constants, **row} for row in rows]
        driver.cursor().executemany(made.sql, rows)


class _Compiled(NamedTuple):
    """A statement in the words of a driver, its values by name."""

    sql: str
    constants: Mapping[str, Any]


def _compiled(statement: Any, dialect: sa.Dialect) -> _Compiled:
    make: Any = type(dialect)
    style = make(paramstyle="named" if dialect.name == "sqlite" else "pyformat")
    compiled = statement.compile(dialect=style)
    if "POSTCOMPILE" in str(compiled):  # a list of constants: one place for each of them
        compiled = statement.compile(dialect=style, compile_kwargs={"render_postcompile": True})
    constants = {name: value for name, value in compiled.params.items() if value is not None}
    return _Compiled(str(compiled), constants)


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
