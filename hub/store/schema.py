"""What needs alembic: it is loaded where tables are made or compared, not at every start."""

from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext

from hub.store.database import Tx
from hub.store.place import SCRIPTS
from hub.store.tables import metadata


def upgrade(tx: Tx) -> None:
    """Bring all tables to the newest migration."""
    command.upgrade(scripts(tx), "head")


def scripts(tx: Tx) -> Config:
    """Return what alembic needs to find the migrations and to run them within `tx`."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = tx
    return config


def differences(tx: Tx) -> list[Any]:
    """Return what the migrations do not yet say of the tables in code; empty when clean."""
    context = MigrationContext.configure(tx, opts={"compare_type": True})
    return list(compare_metadata(context, metadata))
