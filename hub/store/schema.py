"""What needs alembic: it is loaded where tables are made or compared, not at every start.

Run:  python -m hub.store.schema        (writes the script that empty SQLite databases begin with)
"""

import tempfile
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext

from hub.store.database import Database, Tx
from hub.store.place import NEW_SQLITE, SCRIPTS
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


def step_by_step(db: Database) -> None:
    """Bring an empty database to the newest migration, one after another."""
    with db.transaction() as tx:
        tx.execute(sa.select(1))  # alembic ends what SQLAlchemy does not know to have begun
        upgrade(tx)


def script_of(db: Database) -> str:
    """Return what makes an empty SQLite database into one like this, which holds no rows yet.

    Raises ValueError where migrations left some: the script would lack them.
    """
    with db.reading() as tx:
        driver: Any = tx.connection.driver_connection
        made = driver.execute("SELECT type, name, sql FROM sqlite_master ORDER BY rowid").fetchall()
        tables = [name for kind, name, _ in made if kind == "table"]
        rows = {name: driver.execute(f'SELECT * FROM "{name}"').fetchall() for name in tables}
    ((version,),) = rows.pop("alembic_version")
    filled = [name for name, found in rows.items() if found]
    if filled:
        raise ValueError(f"the migrations leave rows in {filled}, which a script of tables lacks")
    stated = [sql for _, _, sql in made if sql]
    return ";\n\n".join([*stated, f"INSERT INTO alembic_version VALUES ('{version}')"]) + "\n"


def _write_script() -> None:
    with tempfile.TemporaryDirectory() as folder:
        db = Database(f"sqlite:///{folder}/new.db")
        step_by_step(db)
        NEW_SQLITE.write_text(script_of(db))
        db.close()


if __name__ == "__main__":
    _write_script()
