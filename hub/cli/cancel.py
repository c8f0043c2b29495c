"""`hub cancel`: asks a running sync, in whichever process, to stop after its present page."""

from typing import Annotated

import typer

from hub.cli.opening import Config, runtime_of
from hub.errors import NotFoundError
from hub.store import runs


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("cancel")(cancel)


def cancel(
    connection: Annotated[str, typer.Argument(help="The connection.")], config: Config = None
) -> None:
    """Ask a running sync to stop after its present page."""
    with runtime_of(config) as runtime:
        runtime.connection(connection)
        with runtime.database.transaction() as tx:
            run = runs.ask_to_stop(tx, connection)
    if run is None:
        raise NotFoundError(f"connection {connection} is not being synced")
    print(f"{connection}: asked run {run} to stop; what it has stored stays")
