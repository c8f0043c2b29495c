"""What an empty database begins with is what the migrations make of it, one after another."""

from pathlib import Path

import pytest

from hub.store.database import Database
from hub.store.migrations import SCRIPT, migrate, require_current
from hub.store.schema import script_of, step_by_step


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
