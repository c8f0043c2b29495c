"""Lists as one bound value, in the words of each database."""

from collections.abc import Callable, Collection, Iterable
from functools import partial
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


def among(column: sa.ColumnElement[Any], values: Collection[str] | Collection[int]) -> Any:
    """Return the condition that `column` is one of `values`, however many, as one bound value.

    One text of SQL for any number of values: it is compiled and parsed once.
    """
    return _Among(column, sa.literal(values, _List()))


def listed(column: sa.ColumnElement[Any], name: str) -> Any:
    """Return the condition that `column` is one of the values a statement is handed by `name`."""
    return _Among(column, sa.bindparam(name, None, type_=_List()))


def as_list(backend: str, values: Iterable[str] | Iterable[int]) -> str:
    """Return values in the words in which a database takes a list as one bound value."""
    if backend == "sqlite":
        return _encode(list(values)).decode()
    escaped = [str(one).replace("\\", "\\\\").replace('"', '\\"') for one in values]
    return '{"' + '","'.join(escaped) + '"}' if escaped else "{}"


_encode = msgspec.json.Encoder().encode


class _List(sa.types.UserDefinedType[Any]):
    """A collection, bound as one text of which a database makes a list."""

    cache_ok = True

    def bind_processor(self, dialect: sa.Dialect) -> Callable[[Any], str]:
        return partial(as_list, dialect.name)


class _Among(FunctionElement[Any]):
    """No Boolean by its type: SQLite, asked whether `column IN (...) = 1`, would use no index."""

    inherit_cache = True


@compiles(_Among, "sqlite")
def _among_in_sqlite(element: FunctionElement[Any], compiler: Any, **kw: Any) -> str:
    column, values = (compiler.process(one, **kw) for one in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"


# Not `IN (SELECT ...)`: how many values that gives is not known before it runs, and without counts
# of a table, too, whole tables were walked for one value, or for each of many.
@compiles(_Among, "postgresql")
def _among_in_postgresql(element: FunctionElement[Any], compiler: Any, **kw: Any) -> str:
    kind = "bigint" if isinstance(next(iter(element.clauses)).type, sa.Integer) else "text"
    column, values = (compiler.process(one, **kw) for one in element.clauses)
    return f"{column} = ANY (CAST({values} AS {kind}[]))"
