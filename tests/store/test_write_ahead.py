"""What was committed reaches the file by itself, beside the work."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from hub.store.write_ahead import EVERY, WriteAhead


@pytest.fixture
def own(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(tmp_path / "hub.db", isolation_level=None)) as own:
        own.execute("PRAGMA journal_mode=WAL")
        own.execute("PRAGMA wal_autocheckpoint=0")
        yield own


def _in_the_file(folder: Path) -> int:
    """Return how many tables the file has without its log."""
    shutil.copy(folder / "hub.db", folder / "copy.db")
    with closing(sqlite3.connect(folder / "copy.db")) as copy:
        return int(copy.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])


def test_the_log_is_taken_over_after_some_commits(tmp_path: Path, own: sqlite3.Connection) -> None:
    log = WriteAhead(tmp_path / "hub.db")
    for number in range(EVERY - 1):
        own.execute(f"CREATE TABLE t{number} (x)")
        log.committed()
    log.close()
    assert _in_the_file(tmp_path) == 0
    own.execute("CREATE TABLE last (x)")
    log.committed()
    log.close()
    assert _in_the_file(tmp_path) == EVERY


def test_a_snapshot_in_use_holds_up_neither_the_log_nor_its_reader(
    tmp_path: Path, own: sqlite3.Connection
) -> None:
    own.execute("CREATE TABLE first (x)")
    with closing(sqlite3.connect(tmp_path / "hub.db", isolation_level=None)) as reader:
        reader.execute("BEGIN")
        assert reader.execute("SELECT count(*) FROM sqlite_master").fetchone() == (1,)
        log = WriteAhead(tmp_path / "hub.db")
        for number in range(EVERY):
            own.execute(f"CREATE TABLE t{number} (x)")
            log.committed()
        log.close()
        assert reader.execute("SELECT count(*) FROM sqlite_master").fetchone() == (1,)
    assert own.execute("SELECT count(*) FROM sqlite_master").fetchone() == (EVERY + 1,)


def test_a_file_that_is_gone_is_not_made_anew(tmp_path: Path) -> None:
    log = WriteAhead(tmp_path / "gone.db")
    for _ in range(EVERY):
        log.committed()
    log.close()
    assert list(tmp_path.iterdir()) == []


def test_nobody_forks_while_the_log_is_taken_over(
    tmp_path: Path, own: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A child would find locks held that SQLite holds for the other thread."""
    own.execute("CREATE TABLE first (x)")
    within, go_on, forked = Event(), Event(), Event()
    opened = sqlite3.connect

    def open_when_told(*place: Any, **how: Any) -> sqlite3.Connection:
        within.set()
        assert go_on.wait(60)
        made: sqlite3.Connection = opened(*place, **how)
        return made

    def fork() -> None:
        child = os.fork()
        if child == 0:
            os._exit(0)
        os.waitpid(child, 0)
        forked.set()

    monkeypatch.setattr(sqlite3, "connect", open_when_told)
    log = WriteAhead(tmp_path / "hub.db")
    for _ in range(EVERY):
        log.committed()
    assert within.wait(60)
    other = Thread(target=fork)
    other.start()
    assert not forked.wait(0.2)
    go_on.set()
    other.join(60)
    log.close()
    assert forked.is_set()
