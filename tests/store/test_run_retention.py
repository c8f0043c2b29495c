"""Old runs go, the last good one never."""

import pytest
import sqlalchemy as sa

from hub.store import runs
from hub.store.database import Database
from hub.store.tables import runs as table


@pytest.fixture(autouse=True)
def _few_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "KEPT", 3)


def _run(db: Database, at: str, state: str, connection: str = "crm") -> None:
    with db.transaction() as tx:
        run = runs.start(tx, connection, at)
        run.state = state  # type: ignore[assignment]  # a plain text in this table
        runs.save(tx, run)


def _kept(db: Database) -> list[str]:
    with db.reading() as tx:
        rows = tx.execute(sa.select(table.c.started_at).where(table.c.connection == "crm"))
        return sorted(rows.scalars())


def test_only_the_newest_are_kept_and_the_last_that_succeeded(database: Database) -> None:
    for number, state in enumerate(["succeeded", "succeeded", *["failed"] * 6]):
        _run(database, f"t{number}", state)
    _run(database, "other", "succeeded", connection="books")
    assert _kept(database) == ["t1", "t4", "t5", "t6", "t7"]
    with database.reading() as tx:
        assert runs.last_success(tx) == {"crm": "t1", "books": "other"}


def test_few_runs_all_stay(database: Database) -> None:
    for number in range(3):
        _run(database, f"t{number}", "failed")
    assert _kept(database) == ["t0", "t1", "t2"]
