"""Where the hub's database is: its URL, how it may be shown, and what its failures mean."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import make_url

from hub.errors import ConfigError, StoreUnavailableError

SCRIPTS = Path(__file__).resolve().parents[2] / "alembic"
"""Where the migrations are."""
NEW_SQLITE = SCRIPTS / "sqlite.sql"
"""What they make of an empty SQLite database; written by `make schema`, never by hand."""


def read_url(url: str) -> sa.URL:
    """Return a database's URL taken apart. Raises ConfigError, which does not quote it."""
    try:
        read = make_url(url)
        backend = read.get_backend_name()
        if backend == "postgresql":
            postgresql_driver().check_options(read.query)
        if backend in {"sqlite", "postgresql"}:
            return read.set(drivername=backend)
    except (sa.exc.ArgumentError, ValueError):
        backend = "a URL that cannot be read"
    raise ConfigError(
        f"database: {backend} is not supported; "
        "use sqlite:///path/to/hub.db or postgresql://user@host/name"
    )


def shown_place(url: sa.URL) -> str:
    """Return the URL as it may be shown: options of the driver may hold a password, too."""
    shown = {name: value for name, value in url.query.items() if name == "host"}
    return url.set(query=shown).render_as_string(hide_password=True)


@contextmanager
def explained(url: sa.URL) -> Iterator[None]:
    """Turn a database that is away, locked, full or broken into an error a person can act on."""
    try:
        yield
    except (sa.exc.DatabaseError, _driver_error(url)) as error:
        cause = getattr(error, "orig", error)  # most is said to the driver itself
        if not _is_the_databases_fault(cause):
            raise
        raise StoreUnavailableError(_told(shown_place(url), str(cause))) from error


def _driver_error(url: sa.URL) -> type[Exception]:
    if url.get_backend_name() == "sqlite":
        return sqlite3.DatabaseError
    error: type[Exception] = postgresql_driver().DatabaseError
    return error


_ADVICE: Final = {
    "disk is full": "make room and run it again; what was read is kept",
    "readonly database": "the user who runs the hub must be let write to the file and its folder",
    "unable to open": "its folder must be there, and the user who runs the hub be let write to it",
    "not a database": "put a backup in its place, or name another one in database.url",
    "malformed": "put a backup in its place",
    "database is locked": "another program holds it; end that one, or wait and run it again",
}
"""What SQLite says -> what to do about it."""


def _told(place: str, why: str) -> str:
    advice = next((f" ({do})" for said, do in _ADVICE.items() if said in why), "")
    return f"database {place}: {' '.join(why.split())}{advice}"  # PostgreSQL says it in two lines


def _is_the_databases_fault(error: object) -> bool:
    """Say whether the database cannot do it, rather than that it was asked for nonsense."""
    if isinstance(error, sqlite3.Error):  # a file that is no database has no class of its own
        return type(error) in (sqlite3.OperationalError, sqlite3.DatabaseError)
    return bool(postgresql_driver().is_the_databases_fault(error))


def dialect(name: str) -> Any:
    """Return SQLAlchemy's words for `sqlite` or `postgresql`, the latter loaded where it is used.

    It takes 60 ms, and most hubs never ask for it.
    """
    return import_module(f"sqlalchemy.dialects.{name}")


def postgresql_driver() -> Any:
    """Return what only PostgreSQL needs, loaded where it is used."""
    return import_module("hub.store.postgresql")
