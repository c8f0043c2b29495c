"""`hub docs`: what a declared connector reads, how, and what it needs, as Markdown."""

from typing import Annotated

import typer

from connectors.sdk.connector import Connector
from connectors.sdk.describe import described
from hub.cli.contract import source_named
from hub.cli.ending import Exit, fail


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("docs")(docs)


def docs(
    source: Annotated[
        str,
        typer.Argument(help="A source by its name or file, or module:object, as acme:connector."),
    ],
) -> None:
    """Describe what a source reads, as its declaration says.

    Markdown: options, streams, how each is read, and the fields of its records with their types.
    """
    found = source_named(source)
    if not isinstance(found, Connector):
        fail(f"{source}: what its streams hold is said by each connection", Exit.CONFIG)
    print("\n".join(described(found)))
