"""Values are looked up by an index, few or many, before a table has been counted and after."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles

from hub.store import tables
from hub.store.database import CHUNK, Database, among, insert_new

ROWS = CHUNK
_w = tables.work.c


class _Explained(sa.sql.expression.Executable, sa.sql.expression.ClauseElement):
    inherit_cache = False

    def __init__(self, statement: Any) -> None:
        self.statement = statement


@compiles(_Explained)
def _in_sql(element: _Explained, compiler: Any, **kw: Any) -> str:
    return f"EXPLAIN (ANALYZE, FORMAT JSON) {compiler.process(element.statement, **kw)}"


@pytest.fixture
def postgresql(new_postgresql_url: Callable[[], str]) -> Iterator[Database]:
    db = Database(new_postgresql_url())
    with db.transaction() as tx:
        insert_new(tx, tables.work, [{"stage": "map", "item": f"i{n:05}"} for n in range(ROWS)])
    yield db
    db.close()


def _looked_at(plan: dict[str, Any]) -> int:
    """Return how many rows a plan read, and threw away in each of its loops."""
    lost = sum(value for name, value in plan.items() if name.startswith("Rows Removed"))
    below = plan.get("Plans", [])
    kept = 0 if below else plan["Actual Rows"]
    return int((lost + kept) * plan["Actual Loops"]) + sum(map(_looked_at, below))


@pytest.mark.parametrize("counted", [False, True])
def test_as_many_rows_are_looked_at_as_values_are_asked_for(
    postgresql: Database, counted: bool
) -> None:
    if counted:
        with postgresql.transaction() as tx:
            tx.exec_driver_sql("ANALYZE work")
    for many in (1, 10, 1000, ROWS):
        asked = [f"i{n:05}" for n in range(0, ROWS, ROWS // many)]
        mine = among(_w.item, asked), _w.stage == "map"
        gone = sa.delete(tables.work).where(*mine, sa.literal("0") == sa.text("xmin::text"))
        for statement in (sa.select(_w.item).where(*mine), gone):
            with postgresql.transaction() as tx:
                plan = tx.execute(_Explained(statement)).scalar_one()[0]["Plan"]
            assert _looked_at(plan) <= (3 * many if many <= 10 else 3 * ROWS), plan


def test_sqlite_looks_a_list_up_by_an_index(new_sqlite_url: Callable[[], str]) -> None:
    mine = among(_w.item, ["i00001"]), _w.stage == "map"
    db = Database(new_sqlite_url())
    with db.reading() as tx:
        for statement in (sa.select(_w.item).where(*mine), sa.delete(tables.work).where(*mine)):
            sql = f"EXPLAIN QUERY PLAN {statement.compile(dialect=tx.dialect)}"
            plan = tx.exec_driver_sql(sql, ('["i00001"]', "map")).all()
            assert "item=?" in plan[0].detail
    db.close()


def test_each_list_gets_a_plan_of_its_own(postgresql: Database) -> None:
    """A plan for any list compares one without an index value by value, however long it is."""
    with postgresql.transaction() as tx:
        for _ in range(15):  # after five it is prepared, after five more a plan may be kept
            tx.execute(sa.select(_w.item).where(among(_w.item, ["i00001"])))
        told = "SELECT sum(generic_plans), sum(custom_plans) FROM pg_prepared_statements"
        generic, custom = tx.exec_driver_sql(told).one()
    assert generic == 0
    assert custom > 5
