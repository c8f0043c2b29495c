"""What most commands begin with: the configuration found, the database opened and up to date."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hub.cli.options import Config
from hub.config import find_config
from hub.runtime import Runtime, opened
from hub.store.migrations import require_current

__all__ = ["Config", "config_path", "runtime_of"]


def config_path(chosen: Path | None) -> Path:
    """Return the configuration file. Raises ConfigError where there is none."""
    return find_config(chosen, os.environ, Path())


@contextmanager
def runtime_of(chosen: Path | None) -> Iterator[Runtime]:
    """Open the hub that a command works on. Raises ConfigError where it is not ready."""
    with opened(config_path(chosen), os.environ) as runtime:
        require_current(runtime.database)
        yield runtime
