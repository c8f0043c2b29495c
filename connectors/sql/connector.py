"""The `sql` source: tables and queries of any database SQLAlchemy speaks to, streamed."""

import os
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path

from connectors.sdk.contract import Stream
from connectors.sdk.errors import ConnectionBrokenError
from connectors.sdk.listing import Batch, ListingRules, pages
from connectors.sdk.record import End, Page
from connectors.sql.config import SqlConfig, SqlStreamConfig
from connectors.sql.cursors import of_one_kind
from connectors.sql.engine import SourceDatabase
from connectors.sql.query import columns_there, statement
from connectors.sql.values import batch_of

FETCH_ROWS = 1_000


class SqlConnector:
    """One database."""

    config_model = SqlConfig

    def __init__(self, name: str, config: SqlConfig, *, base_dir: Path) -> None:
        self.name = name
        self._database = SourceDatabase(_url(name, config), base_dir=base_dir, connection=name)
        self._streams = [
            SqlStream(stream_name, stream, self._database, config.max_record_bytes)
            for stream_name, stream in config.streams.items()
        ]

    def check(self) -> None:
        """Connect, and ask for each stream's columns."""
        with self._database.connect() as connection:
            for stream in self._streams:
                columns_there(connection, stream.config, self._database.title)

    def streams(self) -> Sequence[Stream]:
        return self._streams

    def close(self) -> None:
        self._database.close()


def _url(name: str, config: SqlConfig) -> str:
    if config.url is not None:
        return config.url.get_secret_value()
    assert config.url_env is not None
    url = os.environ.get(config.url_env)
    if not url:
        raise ConnectionBrokenError(
            f"connection {name}: the environment variable {config.url_env} for its URL is not set"
        )
    return url


class SqlStream:
    """The rows of one table or query."""

    def __init__(
        self, name: str, config: SqlStreamConfig, database: SourceDatabase, max_record_bytes: int
    ) -> None:
        self.name = name
        self.config = config
        self._database = database
        self._max_record_bytes = max_record_bytes

    def read(self, since: str | None) -> Generator[Page | End, None, None]:
        """Yield the rows of one snapshot: all, or with a cursor column those from `since` on.

        Only a full read may end complete; one from a cursor on shows nothing of what is gone.
        """
        partial = self.config.cursor is not None and since is not None
        rules = ListingRules(
            key=self.config.key,
            cursor=self.config.cursor,
            ordered=self.config.cursor is not None,
            complete=self.config.complete and not partial,
            max_record_bytes=self._max_record_bytes,
        )
        batches = self._batches(since)
        if self.config.cursor is not None:
            batches = of_one_kind(batches, self.config.cursor, since)
        return pages(batches, rules)

    def _batches(self, since: str | None) -> Iterator[Batch]:
        where = f"{self.config.table or self.name} row"
        with self._database.connect() as connection:
            names = columns_there(connection, self.config, self._database.title)
            found = statement(connection, self.config, names, since)
            streamed = connection.execution_options(stream_results=True, yield_per=FETCH_ROWS)
            number = 1
            with streamed.execute(found) as result:
                for rows in result.partitions(FETCH_ROWS):
                    yield batch_of(where, names, rows, number)
                    number += len(rows)
