"""What databases of a test run lend one another is what each would compile for itself."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from hub.store.database import Database
from tests.compiled import MOST, Compiled

NUMBERS = sa.table("numbers", sa.column("n", sa.Integer))


def _cache(database: Database) -> Compiled:
    found = database.engine.get_execution_options()["compiled_cache"]
    assert isinstance(found, Compiled)
    return found


def _read(database: Database, least: int) -> list[int]:
    with database.transaction() as tx:
        tx.exec_driver_sql("CREATE TEMPORARY TABLE numbers (n integer)")
        tx.execute(sa.insert(NUMBERS), [{"n": n} for n in range(4)])
        found = list(tx.execute(sa.select(NUMBERS.c.n).where(NUMBERS.c.n >= least)).scalars())
        tx.exec_driver_sql("DROP TABLE numbers")
    return found


def test_what_one_database_compiled_another_finds(new_database: Callable[[], Database]) -> None:
    one, other = new_database(), new_database()
    assert _read(one, 2) == [2, 3]
    known = len(_cache(one))
    assert _read(other, 3) == [3]
    assert _cache(other) is _cache(one)
    assert len(_cache(other)) == known


def test_each_kind_of_database_has_its_own_words(lent: Database) -> None:
    assert _read(lent, 1) == [1, 2, 3]
    assert type(lent.engine.dialect) in {kind for kind, *_ in _cache(lent)}


@pytest.mark.parametrize("already", [MOST - 1, MOST])
def test_it_begins_anew_before_it_grows_without_end(already: int) -> None:
    cache = Compiled()
    dialect = sa.create_engine("sqlite://").dialect
    for n in range(already):
        cache[dialect, n] = n
    cache[dialect, "last"] = "last"
    assert len(cache) == (MOST if already < MOST else 1)
    assert cache.get((dialect, "last")) == "last"
