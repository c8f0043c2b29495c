"""What `hub resolve` does to the hub's own records; loaded where no file is named."""

from pathlib import Path

from rich.console import Console

from hub.cli.opening import runtime_of
from hub.cli.progress import say
from hub.cli.switch import Wish, activate, dry_run
from hub.cli.sync import walk_all
from hub.store import evidence

__all__ = ["Wish", "again", "move"]


def again(config: Path | None, console: Console) -> None:
    """Resolve every record once more."""
    with runtime_of(config) as runtime:
        with runtime.database.transaction() as tx:
            due = evidence.make_all_due(tx)
        say(console, f"{due:,} records are due")
        walk_all(runtime, console)


def move(config: Path | None, wish: Wish, console: Console, *, as_json: bool, switch: bool) -> None:
    """List what another model or threshold would change, or switch it on."""
    with runtime_of(config) as runtime:
        (activate if switch else dry_run)(runtime, wish, console, as_json)
