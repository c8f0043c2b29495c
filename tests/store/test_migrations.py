"""What an empty database begins with is what the migrations make of it, one after another."""

import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from hub.store import tables
from hub.store.database import Database
from hub.store.migrations import migrate, require_current
from hub.store.place import NEW_SQLITE
from hub.store.schema import script_of, scripts, step_by_step


@pytest.fixture
def empty(tmp_path: Path) -> Database:
    return Database(f"sqlite:///{tmp_path}/empty.db")


def test_the_script_is_what_the_migrations_make(empty: Database) -> None:
    step_by_step(empty)
    assert NEW_SQLITE.read_text() == script_of(empty), "run `make schema`"


def test_an_empty_database_gets_all_that_the_script_says(empty: Database) -> None:
    migrate(empty)
    require_current(empty, "hub init")
    assert script_of(empty) == NEW_SQLITE.read_text()


def test_a_script_that_lacks_rows_is_not_written(empty: Database) -> None:
    migrate(empty)
    with empty.transaction() as tx:
        tx.exec_driver_sql("INSERT INTO leases VALUES ('sync:crm', 'somebody', 'tomorrow')")
    with pytest.raises(ValueError, match="leases"):
        script_of(empty)


def _to(db: Database, revision: str, move: Callable[[Config, str], None]) -> None:
    with db.transaction() as tx:
        tx.execute(sa.select(1))  # alembic ends what SQLAlchemy does not know to have begun
        move(scripts(tx), revision)


COUNTS = sa.table("token_counts", *map(sa.column, ("kind", "token", "holders")))
TOKENS = sa.table("profile_tokens", *map(sa.column, ("token", "profile_id", "kind")))
"""As they were until 0024."""


def _rows(db: Database, table: sa.TableClause | sa.Table) -> list[tuple[Any, ...]]:
    with db.reading() as tx:
        return sorted(tuple(row) for row in tx.execute(sa.select(*table.c)))


def _holders(db: Database) -> dict[tuple[str, int], int]:
    t = TOKENS.c
    with db.reading() as tx:
        counted = sa.select(t.kind, t.token, sa.func.count()).group_by(t.kind, t.token)
        return {(kind, token): count for kind, token, count in tx.execute(counted)}


EDGE = {("organization", 1): 255, ("organization", 2): 256, ("person", 2): 3}
"""Kind and token -> holders: as many as are kept, one more, and few of another kind."""


def test_tokens_of_many_lose_their_holders_and_have_them_back(database: Database) -> None:
    _to(database, "0021", command.downgrade)
    tokens: dict[tuple[str, int], list[int]] = {}
    for (kind, token), holders in EDGE.items():
        for number in range(holders):
            tokens.setdefault((kind, number + 1000 * (kind == "person")), []).append(token)
    blank = {"features": "{}", "facets": "{}", "exclusive": "{}", "itself": 0.0}
    with database.transaction() as tx:
        profiles = [
            {"id": one, "kind": kind, "tokens": struct.pack(f"<{len(some)}q", *some), **blank}
            for (kind, one), some in tokens.items()
        ]
        held = [
            {"token": token, "profile_id": one, "kind": kind}
            for (kind, one), some in tokens.items()
            for token in some
        ]
        counts = [{"kind": k, "token": t, "holders": n} for (k, t), n in EDGE.items()]
        tx.execute(sa.insert(tables.profiles), profiles)
        tx.execute(sa.insert(TOKENS), held)
        tx.execute(sa.insert(COUNTS), counts)
    assert _holders(database) == EDGE
    _to(database, "0022", command.upgrade)
    assert _holders(database) == {key: n for key, n in EDGE.items() if n <= 255}
    _to(database, "0021", command.downgrade)
    assert _holders(database) == EDGE
    _to(database, "head", command.upgrade)
    require_current(database, "hub init")


def test_who_holds_a_token_is_told_in_one_row_and_in_many_again(database: Database) -> None:
    company, person = "organization", "person"
    counts = [(company, -5, 2), (company, 7, 1), (company, 9, 255), (company, 11, 300)]
    counts.append((person, 7, 1))
    held = [(-5, 1, company), (-5, 2, company), (7, 2, company), (7, 1 << 62, person)]
    since_generic = [(9, 1, company)]
    _to(database, "0023", command.downgrade)
    with database.transaction() as tx:
        for table, rows in ((COUNTS, counts), (TOKENS, held + since_generic)):
            names = [column.name for column in table.c]
            tx.execute(sa.insert(table), [dict(zip(names, row, strict=True)) for row in rows])
    _to(database, "0024", command.upgrade)
    assert _rows(database, tables.token_holders) == [
        (company, -5, 2, struct.pack("<2q", 1, 2)),
        (company, 7, 1, struct.pack("<q", 2)),
        (company, 9, 255, None),
        (company, 11, 300, None),
        (person, 7, 1, struct.pack("<q", 1 << 62)),
    ]
    _to(database, "0023", command.downgrade)
    assert _rows(database, COUNTS) == counts
    assert _rows(database, TOKENS) == held
    _to(database, "head", command.upgrade)
    require_current(database, "hub init")
