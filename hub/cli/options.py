"""Options that several commands have; apart from what they open, so that reading them is cheap."""

from pathlib import Path
from typing import Annotated

import typer

Config = Annotated[
    Path | None,
    typer.Option("--config", "-c", help="The configuration file; else HUB_CONFIG, else ./configs."),
]
