"""What a command loads where there is little to do, in a process of its own."""

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
CALLED = """
import atexit, sys
from hub.cli import main

called, named = sys.argv[1].split(), sys.argv[2:]
atexit.register(lambda: print("loaded:", *(name for name in named if name in sys.modules)))
sys.argv = ["hub", *called]
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
    *_, worked, loaded = _said(tmp_path, "sync", *NOT_BY_A_QUIET_SYNC, "sqlalchemy")
    assert "judged by the rules" in worked
    assert loaded == "loaded: sqlalchemy"


def test_a_small_table_is_resolved_without_a_database_and_scipy_s_graphs(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("id,name\n1,Weber Logistik GmbH\n2,Weber Logistik\n", "utf-8")
    schema = "kind: organization\nid: id\nfields: {name: org_name}\n"
    (tmp_path / "schema.yaml").write_text(schema, "utf-8")
    called = "resolve x.csv --schema schema.yaml --out out.csv"
    not_needed = ("scipy.sparse.csgraph", "sqlalchemy", "fastapi")
    told, loaded = _said(tmp_path, called, *not_needed, "numpy")
    assert told.startswith("2 records, 1 cluster")
    assert loaded == "loaded: numpy"


def _said(folder: Path, called: str, *named: str) -> list[str]:
    """Return the lines a command said, the last one with those of these modules it loaded."""
    run = [sys.executable, "-c", CALLED, called, *named]
    done = subprocess.run(run, cwd=folder, env=environment(), capture_output=True, text=True)
    return done.stdout.splitlines()
