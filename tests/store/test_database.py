"""The database door: commit, roll back, snapshots, upserts, words for what failed."""

import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command

from hub.errors import ConfigError, StoreUnavailableError
from hub.store import tables, work
from hub.store.database import Database, chunks, insert_new, upsert
from hub.store.migrations import differences, migrate, require_current
from hub.store.schema import scripts
from tests.conftest import ROOT
from tests.store.canonical_rows import made, put


def _checkpoint(stream: str, cursor: str) -> dict[str, str]:
    return {
        "connection": "crm",
        "stream": stream,
        "partition": "",
        "cursor": cursor,
        "saved_at": "t",
    }


def _cursors(db: Database) -> dict[str, str]:
    with db.reading() as tx:
        rows = tx.execute(sa.select(tables.checkpoints.c.stream, tables.checkpoints.c.cursor))
        return {row.stream: row.cursor for row in rows}


def test_a_transaction_commits_whole_or_not_at_all(database: Database) -> None:
    with database.transaction() as tx:
        upsert(tx, tables.checkpoints, [_checkpoint("a", "1"), _checkpoint("b", "0")])
    with suppress(RuntimeError), database.transaction() as tx:
        upsert(tx, tables.checkpoints, [_checkpoint("a", "2")])
        raise RuntimeError("midway")
    assert _cursors(database) == {"a": "1", "b": "0"}


def test_upsert_replaces_all_but_what_it_keeps(database: Database) -> None:
    with database.transaction() as tx:
        upsert(tx, tables.checkpoints, [_checkpoint("a", "1")])
        upsert(
            tx, tables.checkpoints, [{**_checkpoint("a", "2"), "saved_at": "u"}], keep=["saved_at"]
        )
        row = tx.execute(sa.select(tables.checkpoints)).one()
    assert (row.cursor, row.saved_at) == ("2", "t")


def test_insert_new_leaves_what_stands(database: Database) -> None:
    with database.transaction() as tx:
        insert_new(tx, tables.checkpoints, [_checkpoint("a", "1")])
        insert_new(tx, tables.checkpoints, [_checkpoint("a", "2"), _checkpoint("b", "3")])
    assert _cursors(database) == {"a": "1", "b": "3"}


def test_a_reader_sees_one_snapshot_while_another_writes(database: Database) -> None:
    select = sa.select(sa.func.count()).select_from(tables.checkpoints)
    with database.reading() as reader:
        assert reader.execute(select).scalar_one() == 0
        with database.transaction() as tx:
            upsert(tx, tables.checkpoints, [_checkpoint("a", "1")])
        assert reader.execute(select).scalar_one() == 0
    assert _cursors(database) == {"a": "1"}


def test_a_long_work_lets_whoever_waits_go_first(new_database_url: Callable[[], str]) -> None:
    """A work of many transactions asks for the next one at once; another process gets its turn."""
    url = new_database_url()
    ours, theirs = Database(url), Database(url)
    waited = sorted(_turns_waited(ours, theirs, str(number)) for number in range(3))
    assert waited[1] <= 3
    assert len(_cursors(ours)) == 6
    for db in (ours, theirs):
        db.close()


def _turns_waited(ours: Database, theirs: Database, name: str) -> int:
    """Return after how many of our transactions theirs, asked for in the first, begins."""
    begun, asked, over = threading.Event(), threading.Event(), threading.Event()
    turns: list[str] = []

    def other() -> None:
        _cursors(theirs)  # it is connected
        begun.wait(30)
        asked.set()
        with theirs.transaction() as tx:
            turns.append("theirs")
            upsert(tx, tables.checkpoints, [_checkpoint(f"theirs {name}", "1")])
        over.set()

    waiting = threading.Thread(target=other)
    waiting.start()
    while not over.is_set():
        with ours.transaction() as tx:
            upsert(tx, tables.checkpoints, [_checkpoint(f"ours {name}", str(len(turns)))])
            begun.set()
            assert asked.wait(30)
            sum(range(100_000))  # some milliseconds, as a portion takes
            turns.append("ours")
        ours.give_way()
    waiting.join(30)
    return turns.index("theirs")


def test_migrations_say_what_the_tables_say(database: Database) -> None:
    require_current(database, "hub init")
    migrate(database)  # a second time changes nothing
    with database.transaction() as tx:
        assert differences(tx) == []


def test_an_older_database_has_its_views_written_anew(database: Database) -> None:
    entity: dict[str, Any] = {"kind": "organization", "created_at": "t"}
    entities = [
        {**entity, "id": "stale", "ended_at": None},
        {**entity, "id": "due", "ended_at": None},
        {**entity, "id": "over", "ended_at": "t"},
    ]
    with database.transaction() as tx:
        tx.execute(sa.insert(tables.entities), entities)
        work.add(tx, "render", ["due"])
        command.downgrade(scripts(tx), "0016")
    migrate(database)
    with database.reading() as tx:
        assert work.take(tx, "render", 9) == ["due", "stale"]


def test_an_older_database_reads_the_numbers_of_all_papers_anew(database: Database) -> None:
    with database.transaction() as tx:
        put(tx, made(tx, "erp:o:1", "order", number="AB-1"))
        tx.execute(sa.delete(tables.work))
        command.downgrade(scripts(tx), "0024")
    migrate(database)
    with database.reading() as tx:
        assert work.take(tx, "thread", 9) == ["erp:o:1"]


def test_a_database_without_tables_names_the_command(tmp_path: object) -> None:
    db = Database(f"sqlite:///{tmp_path}/empty.db")
    with pytest.raises(ConfigError, match=r"at migration none.*run `hub init`"):
        require_current(db, "hub init")


@pytest.mark.parametrize(
    ("url", "error", "text"),
    [
        ("mysql://u:secret@h/db", ConfigError, "mysql is not supported"),
        ("postgresql://u:secret@127.0.0.1:1/db", StoreUnavailableError, r"u:\*\*\*@127"),
        ("sqlite:////proc/none/hub.db", (StoreUnavailableError, OSError), "none"),
    ],
)
def test_a_database_that_is_away_is_named_without_its_password(
    url: str, error: type[Exception], text: str
) -> None:
    with pytest.raises(error, match=text) as caught, Database(url).transaction():
        raise AssertionError("never reached")
    assert "secret" not in str(caught.value)


def test_chunks_cut_to_size() -> None:
    assert list(chunks(range(5), 2)) == [[0, 1], [2, 3], [4]]
    assert list(chunks([], 2)) == []


def test_every_call_makes_a_database_of_its_own(new_database: Callable[[], Database]) -> None:
    first, second = new_database(), new_database()
    with first.transaction() as tx:
        upsert(tx, tables.checkpoints, [_checkpoint("a", "1")])
    assert _cursors(second) == {}


def test_writing_a_file_anew_takes_no_memory_for_all_of_it(tmp_path: Path) -> None:
    """In a process of its own: of this one it is known how much it once had, not what for."""
    said = subprocess.run(
        [sys.executable, "-c", _COMPACTED, f"sqlite:///{tmp_path / 'hub.db'}"],
        check=True,
        capture_output=True,
        cwd=ROOT,
        text=True,
    ).stdout
    assert int(said) < 16 << 10


_COMPACTED = """
import sys
from resource import RUSAGE_SELF, getrusage
from hub.store.database import Database

db = Database(sys.argv[1])
with db.transaction() as tx:
    tx.exec_driver_sql("CREATE TABLE wide (text TEXT)")
    for _ in range(64):
        tx.exec_driver_sql("INSERT INTO wide VALUES (hex(randomblob(500000)))")
before = getrusage(RUSAGE_SELF).ru_maxrss
assert db.compact()
print(getrusage(RUSAGE_SELF).ru_maxrss - before)
"""
"""Writes 64 MB anew; prints by how many KB the process's peak grew."""
