"""One sync of the contacts server into SQLite by the hub's own runner."""

from pathlib import Path

from benchmarks.authors.with_hub import connector
from hub.clock import system_clock
from hub.pipeline.sync import sync_connection
from hub.store import checkpoints
from hub.store.database import Database
from hub.store.migrations import migrate


def sync(url: str, path: str, *, whole: bool) -> None:
    """Read everything, or with `whole` everything once more although nothing changed."""
    db = Database(f"sqlite:///{path}")
    if not Path(path).exists():
        migrate(db)
    if whole:
        with db.transaction() as tx:
            checkpoints.forget(tx, "acme", ["contacts"])
    options = {"base_url": url, "token": "token", "plain_http": True, "fields": {"contacts": ["*"]}}
    opened = connector("acme", connector.config_model.model_validate(options), base_dir=Path())
    run = sync_connection(db, system_clock, name="acme", connector=opened)
    opened.close()
    db.close()
    assert run.state == "succeeded", run.streams["contacts"].error
    print(run.total("created"), run.total("unchanged"))
