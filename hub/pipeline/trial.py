"""A store to try sources in: the real runner into a real database that is thrown away."""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import msgspec

from connectors.sdk.conformance import Clock, Outcome
from connectors.sdk.contract import Connector
from hub.model.run import Run
from hub.pipeline.sync import sync_connection
from hub.store import quarantine, staging
from hub.store.database import Database, Tx
from hub.store.migrations import migrate

CONNECTION = "contract"
_decode = msgspec.json.Decoder(dict[str, Any]).decode


class TrialStore:
    """A SQLite database of its own, opened when it is first needed."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path, self._clock = path, clock
        self._opened: _WatchedDatabase | None = None

    @property
    def _database(self) -> "_WatchedDatabase":
        if self._opened is None:
            self._opened = _WatchedDatabase(f"sqlite:///{self._path}")
        return self._opened

    def sync(
        self,
        connector: Connector,
        *,
        before_commit: Callable[[], None] | None = None,
        after_commit: Callable[[], None] | None = None,
    ) -> Outcome:
        """Let the runner read every stream of the connection, and close it."""
        database = self._database
        database.before_commit, database.after_commit = before_commit, after_commit
        try:
            run = sync_connection(database, self._clock.now, name=CONNECTION, connector=connector)
        finally:
            database.before_commit = database.after_commit = None
            connector.close()
        return _outcome(run)

    def live(self) -> Mapping[str, dict[str, Any]]:
        """Return the newest payload of each living record, by key."""
        found: dict[str, dict[str, Any]] = {}
        with self._database.reading() as tx:
            for (_, stream), number in staging.stream_counts(tx).items():
                rows = staging.sample(tx, CONNECTION, stream, number)
                found |= {row.key: _decode(row.payload) for row in rows}
        return found

    def versions(self) -> int:
        """Return how many versions of records there are."""
        with self._database.reading() as tx:
            return staging.version_count(tx)

    def open_quarantine(self) -> int:
        """Return how many rejected inputs wait."""
        with self._database.reading() as tx:
            return sum(quarantine.counts(tx).values())

    def close(self) -> None:
        """Close the database; the next call opens it again."""
        if self._opened is not None:
            self._opened.close()
            self._opened = None


class _WatchedDatabase(Database):
    """A database that tells of each commit, before and after."""

    before_commit: Callable[[], None] | None = None
    after_commit: Callable[[], None] | None = None

    @contextmanager
    def transaction(self) -> Iterator[Tx]:
        with super().transaction() as tx:
            yield tx
            if self.before_commit is not None:
                self.before_commit()
        if self.after_commit is not None:
            self.after_commit()


def _outcome(run: Run) -> Outcome:
    kinds = [one.error_kind for one in run.streams.values() if one.error_kind]
    return Outcome(
        succeeded=run.state == "succeeded",
        error_kind=next(iter(kinds), run.error_kind),
        said=" ".join(one.error or "" for one in run.streams.values()) + (run.error or ""),
        created=run.total("created"),
        changed=run.total("changed"),
        unchanged=run.total("unchanged"),
        deleted=run.total("deleted"),
        quarantined=run.total("quarantined"),
    )


@contextmanager
def trial_stores() -> Iterator[Callable[[Clock], TrialStore]]:
    """Lend a maker of empty stores; all of them are gone with the block."""
    with tempfile.TemporaryDirectory(prefix="verbund-trial-") as folder:
        template = Path(folder) / "empty.db"
        database = Database(f"sqlite:///{template}")
        migrate(database)
        database.close()
        serial = count()

        def make(clock: Clock) -> TrialStore:
            path = template.with_name(f"{next(serial)}.db")
            shutil.copy(template, path)
            return TrialStore(path, clock)

        yield make
