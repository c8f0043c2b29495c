"""What a sync loads before it does anything: each run is a process of its own."""

import subprocess
import sys

LOADED = """
import sys
import hub.pipeline.sync, hub.store.migrations
from connectors.sdk import Connector, Model, Stream, auth, pages
print(*(name for name in sys.argv[1:] if sys.modules.get(name)))
"""
LEFT_OUT = (
    *("alembic", "cryptography", "h11", "httpcore", "httpx._main", "mako", "numpy", "pygments"),
    "rich",
    "sqlalchemy.dialects.postgresql",
)


def test_what_takes_long_to_load_is_loaded_where_it_is_used() -> None:
    run = [sys.executable, "-c", LOADED, *LEFT_OUT, "sqlalchemy"]
    said = subprocess.run(run, capture_output=True, text=True, check=True).stdout.split()
    assert said == ["sqlalchemy"]
