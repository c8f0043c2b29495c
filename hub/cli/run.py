"""`hub run`: reads one connection, and records or plays back what is exchanged with its source."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from connectors.sdk.tape import recording, replaying
from connectors.sdk.transport import Transport
from hub.cli.opening import Config, runtime_of
from hub.cli.options import Full, Since, Streams, require_full
from hub.cli.sync import How, sync_one, walk_all


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("run")(run)


def run(
    connection: Annotated[str, typer.Argument(help="The connection.")],
    record: Annotated[
        Path | None, typer.Option(help="Keep every exchange in this folder, without secrets.")
    ] = None,
    replay: Annotated[
        Path | None, typer.Option(help="Answer from such a folder instead of the source.")
    ] = None,
    full: Full = False,
    stream: Streams = None,
    since: Since = None,
    config: Config = None,
) -> None:
    """Read one connection, recording or playing back what is exchanged.

    Recorded records are kept as they came: treat the folder as you treat their source.
    """
    if record is not None and replay is not None:
        raise typer.BadParameter("state --record or --replay, not both")
    transport: Transport | None = None
    if record is not None:
        transport = recording(record)
    elif replay is not None:
        transport = replaying(replay)
    how = How(full=full, streams=tuple(require_full(full, stream, since)), since=since)
    console = Console()
    with runtime_of(config) as runtime:
        runtime.connection(connection)
        assert runtime.street
        code = sync_one(runtime, connection, console, how, transport)
        walk_all(runtime, console)
    raise typer.Exit(code)
