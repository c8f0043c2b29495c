"""What the README promises is there: commands, files, examples that load."""

import json
import re
from pathlib import Path

import pytest

from hub.cli.root import COMMANDS
from hub.config import load_config
from mapping.load import load_spec
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text()
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", README, re.DOTALL)


def _blocks(language: str) -> list[str]:
    return [text for name, text in BLOCKS if name == language]


def test_its_first_commands_are_targets_of_make() -> None:
    first = _blocks("sh")[0]
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert re.findall(r"^make (\w+)", first, re.MULTILINE) == ["run", "test"]
    assert {"run", "test"} <= targets


def test_its_links_lead_somewhere() -> None:
    links = re.findall(r"\]\(((?!http)[^)]+)\)", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_its_answer_is_json() -> None:
    (answer,) = _blocks("json")
    assert json.loads(answer)["alerts"][0]["rule"] == "R01"


def test_its_configuration_and_mapping_load(tmp_path: Path) -> None:
    config, mapping = _blocks("yaml")
    path = tmp_path / "hub.yaml"
    path.write_text(config)
    loaded = load_config(path, {})
    assert set(loaded.config.connections) == {"crm", "books"}
    assert load_spec(mapping, file="crm.yaml", streams={"accounts"}).streams.keys() == {"accounts"}


@pytest.mark.parametrize("command", ["init", "check", "map", "sync", "serve"])
def test_its_commands_exist(command: str) -> None:
    assert command in COMMANDS
