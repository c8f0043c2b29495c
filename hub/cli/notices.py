"""`hub notices`: what is on its way to whom, and what could not be sent."""

from typing import Annotated, Literal

import typer
from rich.console import Console
from rich.table import Column, Table

from hub.cli import tables
from hub.cli.opening import Config, runtime_of
from hub.clock import instant_text
from hub.store import outbox

State = Literal["due", "sent", "dead"]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(help="See what is sent to whom, and send dead letters again.")
    group.command("list")(show)
    group.command("replay")(replay)
    group.command("send")(send)
    app.add_typer(group, name="notices", no_args_is_help=True)


def show(
    state: Annotated[State | None, typer.Option(help="due, sent or dead.")] = None,
    target: Annotated[str | None, typer.Option(help="Only to this target.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many at most.")] = 50,
    config: Config = None,
) -> None:
    """List notices, newest first; dead ones were given up."""
    with runtime_of(config) as runtime, runtime.database.reading() as tx:
        found = outbox.page(tx, state=state, target=target, limit=limit)
    table = Table(
        Column("id", no_wrap=True), "target", "state", "created", "attempts", "error", box=None
    )
    for _, letter in found:
        table.add_row(
            letter.id,
            letter.target,
            letter.state,
            letter.created_at[:19],
            str(letter.attempts),
            letter.error or "",
        )
    tables.show(Console(), table, none="no notices")


def replay(
    ids: Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="Which.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Every dead letter.")] = False,
    target: Annotated[str | None, typer.Option(help="With --all: only this target's.")] = None,
    config: Config = None,
) -> None:
    """Make dead letters due again, in their old order."""
    if bool(ids) == every:
        raise typer.BadParameter("name the notices, or say --all")
    with runtime_of(config) as runtime, runtime.database.transaction() as tx:
        wanted = outbox.dead(tx, target) if every else ids or []
        for letter_id in wanted:
            outbox.replay(tx, letter_id, instant_text(runtime.clock()))
    print(f"{len(wanted)} due again")


def send(config: Config = None) -> None:
    """Decide who is told what, and send what is due, now."""
    with runtime_of(config) as runtime:
        written = runtime.announce().letters
        print(f"{written} written, {runtime.deliver()} sent")
