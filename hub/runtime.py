"""The wiring place: configuration, database and clock, and what is built from them."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from connectors.registry import open_connector
from connectors.sdk.contract import Connector
from hub.clock import Clock, system_clock
from hub.config import Connection, Loaded, load_config, with_secrets
from hub.errors import NotFoundError
from hub.model.run import Run
from hub.pipeline.sync import sync_connection
from hub.store import checkpoints, quarantine
from hub.store.database import Database


@dataclass(frozen=True, slots=True)
class Runtime:
    """Everything that a command, a request or a job needs; made once a process."""

    loaded: Loaded
    database: Database
    clock: Clock
    env: Mapping[str, str]

    @property
    def connections(self) -> Mapping[str, Connection]:
        """The configured connections by name."""
        return self.loaded.config.connections

    def connection(self, name: str) -> Connection:
        """Return one connection. Raises NotFoundError that names those there are."""
        found = self.connections.get(name)
        if found is None:
            known = ", ".join(self.connections) or "none"
            raise NotFoundError(f"there is no connection {name!r}; configured are: {known}")
        return found

    @contextmanager
    def connector(self, name: str) -> Iterator[Connector]:
        """Open a connection's connector. Raises ConfigError where its part does not hold."""
        connection = self.connection(name)
        config = with_secrets(connection.config, self.env, where=f"connection {name}")
        connector = open_connector(
            connection.source, name=name, config=config, base_dir=self.loaded.home
        )
        try:
            yield connector
        finally:
            connector.close()

    def sync(
        self,
        name: str,
        *,
        accept_deletes: bool = False,
        reread: bool = False,
        on_progress: Callable[[Run], None] | None = None,
        cancel: threading.Event | None = None,
    ) -> Run:
        """Read one connection and return its run; raises what `sync_connection` raises.

        reread: streams that have records in quarantine are read from their beginning.
        """
        with self.connector(name) as connector:
            if reread:
                with self.database.transaction() as tx:
                    checkpoints.forget(tx, name, quarantine.streams_with_open(tx, name))
            return sync_connection(
                self.database,
                self.clock,
                name=name,
                connector=connector,
                max_delete_share=self.connection(name).max_delete_share,
                accept_deletes=accept_deletes,
                on_progress=on_progress,
                cancel=cancel,
            )

    def walk(self, *, cancel: threading.Event | None = None) -> None:
        """Let all that is due walk the street."""


@contextmanager
def opened(path: Path, env: Mapping[str, str], clock: Clock = system_clock) -> Iterator[Runtime]:
    """Read the configuration at `path` and open its database for as long as it is needed."""
    loaded = load_config(path)
    database = Database(loaded.database_url(env))
    try:
        yield Runtime(loaded, database, clock, env)
    finally:
        database.close()
