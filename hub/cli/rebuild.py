"""`hub rebuild`: everything anew from the source records."""

import typer
from rich.console import Console

from hub.cli.counting import counted
from hub.cli.opening import Config, runtime_of
from hub.cli.progress import say
from hub.cli.sync import walk_all
from hub.store import rebuild as store_rebuild


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("rebuild")(rebuild)


def rebuild(config: Config = None) -> None:
    """Make everything anew from the source records.

    Identities, links, facts, views, search. Ids, judgements and alerts stay; the result is what
    the increments should have made.
    """
    console = Console()
    with runtime_of(config) as runtime:
        runtime.require_street()
        with runtime.database.transaction() as tx:
            count = store_rebuild.start_over(tx)
        say(console, f"to walk the whole street again: {counted(count, 'record')}")
        walk_all(runtime, console)
        runtime.sweep()
