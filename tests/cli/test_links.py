"""`hub links`: what waits, a word that takes effect, and one taken back."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from hub.cli.ending import Exit
from hub.store.database import Database
from tests.cli.running import Said, hub
from tests.pipeline.one_case import CRM, DEAL, ERP, ORDER, run
from tests.street_rows import lay

PAIR = (ORDER.ref, DEAL.ref)


@pytest.fixture
def folder(tmp_path: Path, sqlite_template: Path) -> Path:
    """A hub with an order and a deal of the same amount that name each other nowhere."""
    (tmp_path / "rules").mkdir()
    (tmp_path / "hub.yaml").write_text("database: {url: 'sqlite:///hub.db'}\n")
    (tmp_path / "hub.db").write_bytes(sqlite_template.read_bytes())
    database = Database(f"sqlite:///{tmp_path / 'hub.db'}")
    silent = replace(ORDER, fields={**ORDER.fields, "reference": None, "name": "Anlage Nord"})
    lay(database, [CRM, ERP, DEAL, silent])
    run(database)
    database.close()
    return tmp_path


def links(folder: Path, *arguments: str) -> Said:
    return hub("links", *arguments, folder=folder)


def waiting(folder: Path) -> list[tuple[str, str]]:
    said = [json.loads(line) for line in links(folder, "list", "--json").stdout.splitlines()]
    return [(one["from_ref"], one["target"]) for one in said]


def test_a_link_is_accepted_rejected_and_taken_back(folder: Path) -> None:
    assert waiting(folder) == [PAIR]
    shown = links(folder, "list").stdout.splitlines()
    assert shown[0].startswith(f"{ORDER.ref}  {DEAL.ref}  80%  ")
    assert "    deal  AN-2026-00011  Anlage" in shown
    said = links(folder, "accept", *PAIR, "--reason", "seen the paper").stdout.splitlines()
    assert said[0] == "decision 1: `hub links undo 1` takes it back"
    assert said[1].startswith("worked off: 2 linked")
    assert links(folder, "list").stdout == "nothing waits for an answer\n"
    assert links(folder, "undo", "1").returncode == Exit.OK
    assert waiting(folder) == [PAIR]
    assert links(folder, "reject", *PAIR).returncode == Exit.OK
    assert waiting(folder) == []
    standing = json.loads(links(folder, "decisions", "--json").stdout)
    assert (standing["id"], standing["verdict"]) == (2, "no_link")
    every = links(folder, "decisions", "--undone").stdout.splitlines()
    assert len(every) == 2
    assert "seen the paper, taken back 20" in every[0]


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("accept", ORDER.ref, "crm:deals:9"), "no record crm:deals:9"),
        (("accept", ORDER.ref, ORDER.ref), "a link needs two"),
        (("undo", "7"), "no decision 7 stands"),
    ],
)
def test_a_word_that_cannot_be_kept(folder: Path, arguments: tuple[str, ...], why: str) -> None:
    said = links(folder, *arguments)
    assert said.returncode == Exit.FAILED
    assert why in said.stderr
    assert waiting(folder) == [PAIR]
