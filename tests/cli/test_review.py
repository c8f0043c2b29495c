"""`hub review`: questions with both sides, a word that takes effect, and one taken back."""

import json
from pathlib import Path
from typing import Any

import pytest

from hub.cli.ending import Exit
from tests.cli.firms import lay_out
from tests.cli.running import hub


@pytest.fixture
def folder(tmp_path: Path, sqlite_template: Path) -> Path:
    lay_out(tmp_path, sqlite_template)
    return tmp_path


def waiting(folder: Path) -> list[dict[str, Any]]:
    said = hub("review", "list", "--limit", "1000", "--json", folder=folder).stdout
    return [json.loads(line) for line in said.splitlines()]


def asked(one: dict[str, Any]) -> tuple[Any, ...]:
    """What is asked; an entity that comes back after a merge has a new id."""
    return one["task"], one["left"]["ref"], one["right"]["ref"], one["bits"], one["rank"]


def test_a_word_takes_effect_and_is_taken_back(folder: Path) -> None:
    before = waiting(folder)
    first = before[0]
    pair = first["left"]["ref"], first["right"]["ref"]
    word = "same" if first["task"] == "merge" else "different"
    said = hub("review", word, *pair, "--reason", "asked them", folder=folder)
    assert said.returncode == Exit.OK
    lines = said.stdout.splitlines()
    assert lines[0] == "judgement 1: `hub review undo 1` takes it back"
    entities = [line.rsplit(" ", 1)[1] for line in lines[-2:]]
    assert (entities[0] == entities[1]) == (word == "same")
    assert pair not in [(one["left"]["ref"], one["right"]["ref"]) for one in waiting(folder)]
    why = hub("why", *pair, folder=folder).stdout
    assert f"judged {word} by" in why
    assert "asked them" in why
    undone = hub("review", "undo", "1", folder=folder)
    assert undone.returncode == Exit.OK
    assert list(map(asked, waiting(folder))) == list(map(asked, before))


def test_the_list_shows_both_sides_and_what_differs(folder: Path) -> None:
    said = hub("review", "list", folder=folder).stdout
    assert " bits, " in said
    assert "\n*  name " in said
    assert "`hub review same crm:firms:" in said
    limited = hub("review", "list", "--limit", "1", folder=folder).stdout
    assert limited.splitlines()[-1] == "... and more: --limit 2"
    assert "nothing waits" in hub("review", "list", "--kind", "person", folder=folder).stdout


@pytest.mark.parametrize(
    ("command", "code", "text"),
    [
        (["list", "--kind", "deal"], Exit.CONFIG, "deal is none of organization, person, project"),
        (["same", "crm:firms:1", "crm:firms:1"], Exit.FAILED, "a judgement needs two"),
        (["same", "crm:firms:1", "crm:firms:404"], Exit.FAILED, "no record crm:firms:404"),
        (["undo", "7"], Exit.FAILED, "no judgement 7 stands"),
    ],
)
def test_what_cannot_be_said(folder: Path, command: list[str], code: Exit, text: str) -> None:
    said = hub("review", *command, folder=folder)
    assert said.returncode == code
    assert text in said.stderr
