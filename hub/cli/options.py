"""Options that several commands have; apart from what they open, so that reading them is cheap."""

from pathlib import Path
from typing import Annotated

import typer

Config = Annotated[
    Path | None,
    typer.Option("--config", "-c", help="The configuration file; else HUB_CONFIG, else ./configs."),
]
Full = Annotated[
    bool,
    typer.Option("--full", help="Read everything again, not only what changed since the last run."),
]
Streams = Annotated[
    list[str] | None,
    typer.Option("--stream", help="With --full: this stream alone; may be said several times."),
]


def require_full(full: bool, streams: list[str] | None) -> list[str]:
    """Return the streams named. Raises BadParameter where they are named without `--full`."""
    if streams and not full:
        raise typer.BadParameter("--stream goes with --full")
    return streams or []
