"""`hub resolve`: every identity of the hub again."""

import typer
from rich.console import Console

from hub.cli.opening import Config, runtime_of
from hub.cli.progress import say
from hub.cli.sync import walk_all
from hub.store import evidence


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("resolve")(resolve)


def resolve(config: Config = None) -> None:
    """Resolve every identity of the hub again."""
    with runtime_of(config) as runtime:
        with runtime.database.transaction() as tx:
            due = evidence.make_all_due(tx)
        console = Console()
        say(console, f"{due:,} records are due")
        walk_all(runtime, console)
