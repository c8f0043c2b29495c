"""Runs migrations over the connection that the hub hands in; the command line opens one itself."""

from alembic import context

from hub.store.database import Database
from hub.store.tables import metadata


def _run(connection: object) -> None:
    context.configure(
        connection=connection,  # type: ignore[arg-type]  # alembic hands it through untyped
        target_metadata=metadata,
        render_as_batch=True,
        compare_type=True,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()


handed_in = context.config.attributes.get("connection")
if handed_in is not None:
    _run(handed_in)
else:
    database = Database(context.config.get_main_option("sqlalchemy.url") or "sqlite:///data/hub.db")
    with database.transaction() as tx:
        _run(tx)
