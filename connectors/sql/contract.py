"""The `sql` source as the contract kit's subject: a SQLite table, read by cursor and whole."""

import sqlite3
import tempfile
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path

from connectors.sdk.conformance.seam import Clock, Facts, Row
from connectors.sdk.contract import Connector
from connectors.sdk.listing import PAGE_RECORDS
from connectors.sql.config import SqlConfig
from connectors.sql.connector import SqlConnector

OPTIONS = {"changes": {"cursor": "changed_at"}, "whole": {}}


class SqlSubject:
    """Two tables: one read by the time of the last change, one read whole."""

    name = "sql"

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="verbund-sql-")
        self._path = Path(self._folder.name) / "books.db"

    def streams(self) -> Sequence[Facts]:
        """Return both streams."""
        return [
            Facts("changes", PAGE_RECORDS, cursor=True, ordered=True, deletes=False),
            Facts("whole", PAGE_RECORDS, cursor=False, ordered=False, deletes=True),
        ]

    def row(self, stream: str, number: int, at: datetime) -> Row:
        """Return an invented row."""
        return {"id": number, "name": f"Müller {number}", "changed_at": at.isoformat()}

    def key(self, stream: str, row: Row) -> str:
        """Return the key of a row."""
        return str(row["id"])

    def spoiled(self, stream: str, row: Row, how: str) -> Row:
        """Return the row with a fault; a table has no new columns, and a cursor may be NULL."""
        faults: dict[str, Row] = {
            "key": {"id": None},
            "type": {"name": 7},
            "new": {},
            "large": {"name": "x" * 1_000_000},
            "cursor": {"changed_at": None},
        }
        return {**row, **faults[how]}

    def put(self, stream: str, rows: Sequence[Row], gone: Sequence[Row] = ()) -> None:
        """Fill the table anew."""
        with closing(sqlite3.connect(self._path)) as books, books:
            books.execute(f"DROP TABLE IF EXISTS {stream}")
            books.execute(f"CREATE TABLE {stream} (id, name, changed_at)")
            insert = f"INSERT INTO {stream} VALUES (:id, :name, :changed_at)"
            books.executemany(insert, rows)

    def open(self, stream: str, clock: Clock, **how: bool) -> Connector:
        """Open a connection to the one table."""
        streams = {stream: {"table": stream, "key": "id", **OPTIONS[stream]}}
        url = f"sqlite:///{self._path}"
        config = SqlConfig.model_validate({"url": url, "streams": streams})
        return SqlConnector("contract", config, base_dir=Path())

    def close(self) -> None:
        """Remove the folder."""
        self._folder.cleanup()


subject = SqlSubject
