"""Brings a database to the tables this version knows, and tells where it is behind."""

from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from hub.errors import ConfigError
from hub.store.database import Database, Tx
from hub.store.tables import metadata

SCRIPTS = Path(__file__).resolve().parents[2] / "alembic"


def _config(tx: Tx | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = tx
    return config


def migrate(db: Database) -> None:
    """Create or upgrade all tables in one transaction; does nothing where they are up to date."""
    with db.transaction() as tx:
        if _current(tx) != _head():
            command.upgrade(_config(tx), "head")


def require_current(db: Database) -> None:
    """Raise ConfigError unless the database stands at this version's newest migration."""
    with db.reading() as tx:
        current = _current(tx)
    if current != _head():
        raise ConfigError(
            f"database {db.place} is at migration "
            f"{current or 'none'}, this hub needs {_head()}: run `hub init`"
        )


def differences(tx: Tx) -> list[Any]:
    """Return what the migrations do not yet say of the tables in code; empty when clean."""
    context = MigrationContext.configure(tx, opts={"compare_type": True})
    return list(compare_metadata(context, metadata))


def _current(tx: Tx) -> str | None:
    return MigrationContext.configure(tx).get_current_revision()


def _head() -> str | None:
    return ScriptDirectory.from_config(_config()).get_current_head()
