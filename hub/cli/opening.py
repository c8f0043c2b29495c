"""What most commands begin with: the configuration found, the database opened and up to date."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shlex import quote

from hub.cli.options import Config
from hub.config import find_config
from hub.config.load import PLACES
from hub.runtime import Runtime, opened
from hub.store.migrations import require_current

__all__ = ["Config", "config_path", "init_command", "runtime_of"]


def config_path(chosen: Path | None) -> Path:
    """Return the configuration file. Raises ConfigError where there is none."""
    return find_config(chosen, os.environ, Path())


def init_command(config: Path) -> str:
    """Return the command that brings the database of a configuration up to date.

    Without `--config` it would lay out a configuration, where `hub init` has it: one that comes
    before the demo's, for whoever stands in that folder.
    """
    is_usual = config == Path(PLACES[0])
    return "hub init" if is_usual else f"hub init --config {quote(str(config))}"


@contextmanager
def runtime_of(chosen: Path | None) -> Iterator[Runtime]:
    """Open the hub that a command works on. Raises ConfigError where it is not ready."""
    with opened(config_path(chosen), os.environ) as runtime:
        require_current(runtime.database, init_command(runtime.loaded.path))
        yield runtime
