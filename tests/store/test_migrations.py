"""What an empty database begins with is what the migrations make of it, one after another."""

import struct
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from hub.store import tables
from hub.store.database import Database
from hub.store.migrations import SCRIPT, migrate, require_current
from hub.store.schema import script_of, scripts, step_by_step


@pytest.fixture
def empty(tmp_path: Path) -> Database:
    return Database(f"sqlite:///{tmp_path}/empty.db")


def test_the_script_is_what_the_migrations_make(empty: Database) -> None:
    step_by_step(empty)
    assert SCRIPT.read_text() == script_of(empty), "run `make schema`"


def test_an_empty_database_gets_all_that_the_script_says(empty: Database) -> None:
    migrate(empty)
    require_current(empty)
    assert script_of(empty) == SCRIPT.read_text()


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


def _holders(db: Database) -> dict[tuple[str, int], int]:
    t = tables.profile_tokens.c
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
        tx.execute(sa.insert(tables.profile_tokens), held)
        tx.execute(sa.insert(tables.token_counts), counts)
    assert _holders(database) == EDGE
    _to(database, "0022", command.upgrade)
    assert _holders(database) == {key: n for key, n in EDGE.items() if n <= 255}
    _to(database, "0021", command.downgrade)
    assert _holders(database) == EDGE
    _to(database, "head", command.upgrade)
    require_current(database)
