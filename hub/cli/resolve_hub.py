"""What `hub resolve` does to the hub's own records; loaded where no file is named."""

from pathlib import Path

import typer
from rich.console import Console

from hub.cli.counting import counted
from hub.cli.opening import runtime_of
from hub.cli.progress import say
from hub.cli.switch import Wish, activate, dry_run
from hub.cli.sync import walk_all
from hub.store import evidence

__all__ = ["Wish", "resolve"]


def resolve(
    config: Path | None,
    wish: Wish,
    console: Console,
    *,
    dry: bool,
    switch: bool,
    as_json: bool,
) -> None:
    """Resolve every record once more, or list or switch on what another model would change."""
    if dry and switch:
        raise typer.BadParameter("either --dry-run or --activate")
    if wish.listed and not switch:
        raise typer.BadParameter("--list names what --activate is to do")
    if not (dry or switch):
        if wish.model or wish.merge is not None or wish.kind:
            raise typer.BadParameter("--model, --merge and --kind need --dry-run or --activate")
        _again(config, console)
        return
    with runtime_of(config) as runtime:
        (activate if switch else dry_run)(runtime, wish, console, as_json)


def _again(config: Path | None, console: Console) -> None:
    with runtime_of(config) as runtime:
        with runtime.database.transaction() as tx:
            due = evidence.make_all_due(tx)
        say(console, f"due: {counted(due, 'record')}")
        walk_all(runtime, console)
