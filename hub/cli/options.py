"""Options that several commands have; apart from what they open, so that reading them is cheap."""

from datetime import datetime
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
Since = Annotated[
    datetime | None,
    typer.Option(
        formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"],
        help="With --full: what changed since then, by the company's clock; not everything.",
    ),
]


def require_full(full: bool, streams: list[str] | None, since: datetime | None) -> list[str]:
    """Return the streams named. Raises BadParameter where `--full` should go with what was said."""
    for option, said in (("--stream", streams), ("--since", since)):
        if said and not full:
            raise typer.BadParameter(f"{option} goes with --full")
    return streams or []
