"""Opens other people's databases for reading only, and says what is wrong without secrets."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from connectors.sdk.errors import ConnectionBrokenError, ConnectorError, RetryableError

CONNECT_TIMEOUT_S = 10
LOCK_TIMEOUT_S = 2
# Connection lost, resources gone, operator intervention, deadlock, lock not available.
_PASSING_STATES = ("08", "53", "57", "40", "55P03")
_PASSING_TEXTS = ("database is locked", "database table is locked", "disk i/o error")
_REFUSED_TEXTS = (
    "authentication failed",
    "no password supplied",
    "does not exist",
    "no pg_hba.conf entry",
    "access denied",
    "unknown database",
    "unable to open database file",
)
_READ_ONLY = {
    "postgresql": (
        "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
        "SET TIME ZONE 'UTC'",
    ),
    "mysql": ("SET SESSION TRANSACTION READ ONLY",),
    "mariadb": ("SET SESSION TRANSACTION READ ONLY",),
}


class SourceDatabase:
    """A database that is only ever read."""

    def __init__(self, url: str, *, base_dir: Path, connection: str) -> None:
        """Prepare, without connecting; a relative SQLite path is meant from `base_dir`."""
        try:
            self._url = make_url(url)
        except (ArgumentError, ValueError):
            raise ConnectionBrokenError(
                f"connection {connection}: the database URL cannot be read; expected e.g. "
                "postgresql://user@host/name or sqlite:///file.db"
            ) from None
        if self._url.get_backend_name() == "sqlite":
            self._path: Path | None = base_dir / (self._url.database or "")
            self.title = str(self._path)
            self._engine = _sqlite_engine(self._path)
        else:
            self._path = None
            # A driver's own options may hold a password too: only the place is shown.
            place = {name: value for name, value in self._url.query.items() if name == "host"}
            self.title = self._url.set(query=place).render_as_string(hide_password=True)
            self._engine = _server_engine(self._url, connection)

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """Yield a connection whose transactions cannot write; its errors become ConnectorErrors.

        A database that is away or busy raises RetryableError, anything else
        ConnectionBrokenError.
        """
        if self._path is not None and not self._path.is_file():
            raise ConnectionBrokenError(f"there is no database file {self._path}")
        try:
            with self._engine.connect() as connection:
                for statement in _READ_ONLY.get(self._engine.dialect.name, ()):
                    connection.exec_driver_sql(statement)
                connection.commit()
                yield connection
        except SQLAlchemyError as error:
            raise self.explain(error) from None

    def explain(self, error: SQLAlchemyError) -> ConnectorError:
        """Return the error as ours: retry or tell a person, with no password in its text."""
        cause = error.orig if isinstance(error, DBAPIError) else error
        text = self._without_password(" ".join(str(cause).split()))
        if _passes(error, text.lower()):
            return RetryableError(f"the database {self.title} is away or busy: {text}")
        return ConnectionBrokenError(f"the database {self.title} refuses: {text}")

    def close(self) -> None:
        """Close what is open."""
        self._engine.dispose()

    def _without_password(self, text: str) -> str:
        secrets = {self._url.password, self._url.query.get("password")}
        for secret in (str(secret) for secret in secrets if secret):
            text = text.replace(secret, "***").replace(quote(secret, safe=""), "***")
        return text


def _passes(error: SQLAlchemyError, text: str) -> bool:
    if not isinstance(error, DBAPIError):
        return False
    state = getattr(error.orig, "sqlstate", None)
    if state:
        return str(state).startswith(_PASSING_STATES)
    if isinstance(error.orig, sqlite3.Error):
        return any(passing in text for passing in _PASSING_TEXTS)
    if any(refused in text for refused in _REFUSED_TEXTS):
        return False
    # Drivers report a server that cannot be reached without a state.
    return error.connection_invalidated or type(error).__name__ in (
        "OperationalError",
        "InterfaceError",
    )


def _sqlite_engine(path: Path) -> Engine:
    def connect() -> sqlite3.Connection:
        # mode=ro: a missing file is an error, never a new database.
        connection = sqlite3.connect(
            f"file:{quote(str(path.absolute()))}?mode=ro",
            uri=True,
            timeout=LOCK_TIMEOUT_S,
            check_same_thread=False,
        )
        # Old programs store Windows-1252 as text: such a row is set aside, not the whole table.
        connection.text_factory = _text
        return connection

    return create_engine("sqlite://", creator=connect, poolclass=NullPool)


def _text(value: bytes) -> str:
    return value.decode("utf-8", "surrogateescape")


def _server_engine(url: URL, connection: str) -> Engine:
    if url.drivername in ("postgresql", "postgres"):
        url = url.set(drivername="postgresql+psycopg")
    options: dict[str, Any] = {}
    if url.get_backend_name() in ("postgresql", "mysql", "mariadb"):
        options["connect_timeout"] = CONNECT_TIMEOUT_S
    try:
        return create_engine(url, poolclass=NullPool, connect_args=options)
    except (NoSuchModuleError, ImportError) as error:
        raise ConnectionBrokenError(
            f"connection {connection}: no driver for {url.drivername!r} is installed ({error})"
        ) from error
