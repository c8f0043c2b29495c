"""Takes over into SQLite's file what was committed, beside the work, not within a commit."""

import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from threading import Lock, Thread

EVERY = 8
"""Commits after which the log is taken over: small changes write some hundred pages each."""
MOST_PAGES = 4000
"""A log this long is taken over by SQLite itself within a commit, however few commits it has."""
_IN_SQLITE = Lock()
"""Held by whoever takes over. Who forks waits for it: a child that began while another thread is
within SQLite would find SQLite's own locks held for ever."""
os.register_at_fork(
    before=_IN_SQLITE.acquire,
    after_in_parent=_IN_SQLITE.release,
    after_in_child=_IN_SQLITE.release,
)


class WriteAhead:
    """The log of a database file. SQLite's own way is to let every tenth small change wait for
    what all ten have written; a thread of its own holds up nobody, since readers and the writer go
    on meanwhile."""

    def __init__(self, path: Path) -> None:
        self._place = f"{path.absolute().as_uri()}?mode=rw"
        self._commits = 0
        self._thread: Thread | None = None

    def committed(self) -> None:
        """Count a commit; now and then begin to take over. The caller holds the writer's lock."""
        self._commits += 1
        if self._commits < EVERY or (self._thread and self._thread.is_alive()):
            return
        self._commits = 0
        self._thread = Thread(target=self._take_over, name="write-ahead")
        self._thread.start()

    def close(self) -> None:
        """Wait until nothing is taken over any more."""
        if self._thread:
            self._thread.join()

    def _take_over(self) -> None:
        # Whatever is in the way: nothing is lost, and SQLite does it itself at MOST_PAGES.
        with (
            _IN_SQLITE,
            suppress(sqlite3.Error),
            closing(sqlite3.connect(self._place, uri=True, timeout=1, isolation_level=None)) as own,
        ):
            own.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
