"""Brings a database to the tables this version knows, and tells where it is behind."""

import re
from functools import cache
from importlib import import_module
from typing import Any

import sqlalchemy as sa

from hub.errors import ConfigError
from hub.store.database import Database, Tx
from hub.store.place import NEW_SQLITE, SCRIPTS

_SAYS = re.compile(r'^(revision|down_revision) = "(\w+)"', re.MULTILINE)
_version = sa.table("alembic_version", sa.column("version_num"))


def migrate(db: Database) -> None:
    """Create or upgrade all tables in one transaction; does nothing where they are up to date."""
    with db.transaction() as tx:
        if db.is_sqlite:
            _begin(tx)
        if _current(tx) != head():
            import_module("hub.store.schema").upgrade(tx)


def _begin(tx: Tx) -> None:
    """Give an empty SQLite database the tables as all migrations up to one have left them.

    One after another they take twenty times as long. Where the script lags behind the newest
    migration, the others follow it.
    """
    driver: Any = tx.connection.driver_connection
    if driver.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is None:
        for statement in NEW_SQLITE.read_text().split(";\n\n"):
            driver.execute(statement)


def require_current(db: Database, remedy: str) -> None:
    """Raise ConfigError unless the database stands at this version's newest migration.

    remedy: the command that brings it there.
    """
    with db.reading() as tx:
        current = _current(tx)
    if current != head():
        raise ConfigError(
            f"database {db.place} is at migration "
            f"{current or 'none'}, this hub needs {head()}: run `{remedy}`"
        )


def differences(tx: Tx) -> list[Any]:
    """Return what the migrations do not yet say of the tables in code; empty when clean."""
    found: list[Any] = import_module("hub.store.schema").differences(tx)
    return found


@cache
def head() -> str:
    """Return the newest migration: the one that no other follows.

    Read from the files by what stands in them: alembic would take a tenth of a second to say it.
    """
    names: dict[str, set[str]] = {"revision": set(), "down_revision": set()}
    for path in (SCRIPTS / "versions").glob("*.py"):
        for kind, name in _SAYS.findall(path.read_text()):
            names[kind].add(name)
    (newest,) = names["revision"] - names["down_revision"]
    return newest


def _current(tx: Tx) -> str | None:
    if not sa.inspect(tx).has_table("alembic_version"):
        return None
    found: str | None = tx.execute(sa.select(_version.c.version_num)).scalar()
    return found
