"""What the documents say of commands, exit codes and problems is what there is."""

import re
from importlib import import_module
from pathlib import Path

import typer
from typer.main import get_command

from hub.api.problems import KINDS
from hub.app import create_app
from hub.cli.ending import Exit
from hub.cli.root import COMMANDS
from hub.config import load_config
from hub.version import VERSION
from tests.conftest import ROOT

OPERATING = (ROOT / "docs/operating.md").read_text()
API = (ROOT / "docs/api.md").read_text()


def _group() -> typer.Typer:
    app = typer.Typer()
    app.callback()(lambda: None)
    for name in COMMANDS:
        import_module(f"hub.cli.{name}").register(app)
    return app


def test_the_table_of_commands_says_what_each_says_of_itself() -> None:
    commands = get_command(_group()).commands  # type: ignore[attr-defined]
    assert {name: one.help.splitlines()[0] for name, one in commands.items()} == COMMANDS
    for name in COMMANDS:
        assert f"| `hub {name}" in OPERATING


def test_every_exit_code_is_documented() -> None:
    rows = re.findall(r"^\| (\d) \|", OPERATING, re.MULTILINE)
    assert [int(row) for row in rows] == list(Exit)


def test_every_problem_is_documented() -> None:
    rows = re.findall(r"^\| `([a-z-]+)` \| (\d+) \|", API, re.MULTILINE)
    assert {slug: int(status) for slug, status in rows} == {
        slug: kind.status for slug, kind in KINDS.items()
    }


def test_every_address_is_documented() -> None:
    paths = create_app(None).openapi()["paths"]  # type: ignore[arg-type]  # needs no runtime
    for path in paths:
        last = path.removeprefix("/v1").rpartition("/")[2]
        place = re.sub(r"\{ref\}", "{ref}", last)
        assert place in API, path


def test_the_configuration_shown_is_one(tmp_path: Path) -> None:
    shown = re.search(r"```yaml\n(.*?)```", OPERATING, re.DOTALL)
    assert shown
    path = tmp_path / "shown.yaml"
    path.write_text(shown[1].replace("{...}", "{}"))
    assert load_config(path).config.connections["crm"].system == "crm"


def test_the_version_is_the_packages() -> None:
    assert f'version = "{VERSION}"' in (ROOT / "pyproject.toml").read_text()
