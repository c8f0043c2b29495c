"""What a process loads before it does anything: a sync by itself, and the command."""

import subprocess
import sys
from pathlib import Path

import pytest

from connectors.registry import REGISTRY
from tests.connectors.emulator import emulator, numbered

SYNC = """
import sys
from pathlib import Path
from connectors.sdk import Connector, Model, Stream, auth, pages
from hub.clock import system_clock
from hub.pipeline.sync import sync_connection
from hub.store.database import Database
from hub.store.migrations import migrate

db = Database(f"sqlite:///{sys.argv[1]}")
migrate(db)
paged = pages.Number(size=("per_page", 2))
streams = [Stream(Model, "/items", items="data", cursor="updated_at", pages=paged)]
connector = Connector("acme", auth=auth.Bearer(), streams=streams)
options = connector.config_model.model_validate({"base_url": sys.argv[2], "token": "t"})
opened = connector("acme", options, base_dir=Path())
run = sync_connection(db, system_clock, name="acme", connector=opened)
assert run.total("created") == 3, run
"""
COMMAND = "import hub.cli.root, sys; hub.cli.root.build(['sync'])"
LOADED = "\nprint(*(name for name in sys.argv[3:] if sys.modules.get(name)))"

NEVER = (
    "alembic",
    "connectors.sdk.tape",
    "httpx._main",
    "mako",
    "pygments",
    "sqlalchemy.dialects.postgresql",
)
NOT_BY_A_SYNC = ("cryptography", "numpy", "rich", "typer", "yaml")
NOT_BY_THE_COMMAND = (
    *("apscheduler", "fastapi", "holidays", "openpyxl", "pyarrow", "uvicorn"),
    *("hub.pipeline.resolve", "hub.pipeline.review", "numpy", "rapidfuzz", "scipy"),
    *(f"connectors.{name}" for name in REGISTRY),
)


@pytest.mark.parametrize(
    ("code", "left_out"),
    [(SYNC, NEVER + NOT_BY_A_SYNC), (COMMAND, NEVER + NOT_BY_THE_COMMAND)],
    ids=["a sync", "the command"],
)
def test_what_takes_long_to_load_is_loaded_where_it_is_used(
    code: str, left_out: tuple[str, ...], tmp_path: Path
) -> None:
    rows = [{"id": n, "updated_at": f"2026-11-23T10:15:0{n}Z"} for n in range(3)]
    with emulator() as source:
        source.routes["/items"] = numbered(rows)
        arguments = [str(tmp_path / "hub.db"), source.url, *left_out, "sqlalchemy"]
        run = [sys.executable, "-c", code + LOADED, *arguments]
        done = subprocess.run(run, capture_output=True, text=True)
    assert done.stdout.split() == ["sqlalchemy"], done.stderr
