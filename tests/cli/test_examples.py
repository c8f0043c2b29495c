"""Every command has an example below its help, and every example is one the command line takes."""

import shlex
from typing import Any

import pytest
import typer
from typer.core import TyperGroup

from hub.cli.examples import EXAMPLES
from hub.cli.root import COMMANDS, build


@pytest.fixture(scope="module")
def root() -> TyperGroup:
    command = typer.main.get_command(build(list(COMMANDS)))
    assert isinstance(command, TyperGroup)
    return command


def test_every_command_has_an_example_and_no_other_has(root: TyperGroup) -> None:
    leaves = {
        f"{name} {below}".strip()
        for name, command in root.commands.items()
        for below in (command.commands if isinstance(command, TyperGroup) else ("",))
    }
    assert leaves == set(EXAMPLES)


def test_every_example_is_taken(root: TyperGroup) -> None:
    for line in (line for lines in EXAMPLES.values() for line in lines):
        _, *words = shlex.split(line.partition(" > ")[0])
        command: Any = root
        while isinstance(command, TyperGroup):
            command = command.commands[words.pop(0)]
        assert line in command.epilog
        with command.make_context(line, words):  # raises UsageError where it is not taken
            pass
