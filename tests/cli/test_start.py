"""What `hub sync` loads where nothing is new, in a process of its own."""

import shutil
import subprocess
import sys
from pathlib import Path

from tests.cli.firms import MAPPING
from tests.cli.running import environment
from tests.conftest import ROOT

CONFIG = f"""\
home: ..
connections:
  crm:
    source: files
    system: crm
    mapping: mappings/firms.yaml
    config: {{path: exports, streams: {{firms: {{path: crm.jsonl, key: id}}}}}}
rules: {{folder: {ROOT / "configs" / "rules"}}}
"""
SYNC = """
import atexit, sys
from hub.cli import main

named = sys.argv[1:]
atexit.register(lambda: print("loaded:", *(name for name in named if name in sys.modules)))
sys.argv = ["hub", "sync"]
main()
"""
NOT_BY_A_QUIET_SYNC = ("holidays", "hub.pipeline.resolve", "hub.pipeline.review", "numpy")


def test_a_sync_that_finds_nothing_new_loads_only_what_it_asks(
    tmp_path: Path, sqlite_template: Path
) -> None:
    for name, text in {
        "configs/hub.yaml": CONFIG,
        "configs/mappings/firms.yaml": MAPPING,
        "exports/crm.jsonl": "",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    (tmp_path / "data").mkdir()
    shutil.copyfile(sqlite_template, tmp_path / "data" / "hub.db")
    run = [sys.executable, "-c", SYNC, *NOT_BY_A_QUIET_SYNC, "sqlalchemy"]
    done = subprocess.run(run, cwd=tmp_path, env=environment(), capture_output=True, text=True)
    *_, worked, loaded = done.stdout.splitlines()
    assert "judged by the rules" in worked, done
    assert loaded == "loaded: sqlalchemy"
