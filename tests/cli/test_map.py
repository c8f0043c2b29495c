"""`hub map suggest`: from a source nobody has described to a view, without writing a mapping."""

from pathlib import Path

import pytest

from hub.cli.ending import Exit
from tests.cli.running import hub

CONFIG = """\
home: ..
connections:
  crm:
    source: files
    system: crm
    mapping: mappings/crm.yaml
    config:
      path: exports
      streams:
        kunden: {path: kunden.csv, key: Kundennr}
        chancen: {path: chancen.csv, key: Nr}
        fehlt: {path: fehlt.csv, key: Nr}
"""
EXPORTS = {
    "kunden.csv": "Kundennr;Firma;Ort;E-Mail\n17;Weber Bau GmbH;Köln;info@weber.example\n"
    "18;Kern AG;Ulm;post@kern.example\n",
    "chancen.csv": "Nr;Kundennr;Bezeichnung;Betrag;Status\n9001;17;Halle 3;1.234,50;offen\n",
}


@pytest.fixture
def folder(tmp_path: Path, sqlite_template: Path) -> Path:
    """A hub with an empty database and a source that has no mapping yet."""
    for name in ("configs", "configs/rules", "exports", "data"):
        (tmp_path / name).mkdir()
    (tmp_path / "configs/hub.yaml").write_text(CONFIG, encoding="utf-8")
    for name, text in EXPORTS.items():
        (tmp_path / "exports" / name).write_text(text, encoding="utf-8")
    (tmp_path / "data/hub.db").write_bytes(sqlite_template.read_bytes())
    return tmp_path


def test_a_source_without_a_mapping_gets_one_that_works(folder: Path) -> None:
    said = hub("check", folder=folder)
    assert said.returncode == Exit.CONFIG
    assert "`hub map suggest crm --write` makes one to start from" in said.stdout

    said = hub("map", "suggest", "crm", "--write", folder=folder)
    assert said.returncode == Exit.OK
    assert "crm: fehlt: " in said.stderr  # the file that is missing hides none of the others
    written = (folder / "configs/mappings/crm.yaml").read_text(encoding="utf-8")
    assert "organization: {stream: kunden, path: Kundennr}" in written
    assert not any(word in written for word in ("Weber", "Kern", "info@", "Halle", "Ulm"))

    assert hub("check", folder=folder).returncode == Exit.OK
    (folder / "exports/fehlt.csv").write_text("Nr\n", encoding="utf-8")
    hub("sync", "crm", folder=folder)
    rows = hub("export", "deals", folder=folder).stdout
    assert "Halle 3" in rows
    assert "123450" in rows


def test_a_mapping_that_is_there_is_never_written_over(folder: Path) -> None:
    path = folder / "configs/mappings/crm.yaml"
    path.parent.mkdir()
    path.write_text("streams: {}\n", encoding="utf-8")
    said = hub("map", "suggest", "crm", "--write", folder=folder)
    assert said.returncode == Exit.CONFIG
    assert "is there already" in said.stderr
    assert path.read_text(encoding="utf-8") == "streams: {}\n"
    assert "kind: deal" in hub("map", "suggest", "crm", folder=folder).stdout


def test_of_nothing_no_mapping_is_written(folder: Path) -> None:
    for name in EXPORTS:
        (folder / "exports" / name).unlink()
    said = hub("map", "suggest", "crm", "--write", "-n", "3", folder=folder)
    assert said.returncode == Exit.FAILED
    assert "crm: no record was read; " in said.stderr
    assert not (folder / "configs/mappings/crm.yaml").exists()
