"""The command `hub`."""

import sys
from importlib import import_module

from hub.collection import loading

__all__ = ["main"]
INTERRUPTED = 128 + 2
"""How a shell tells of a process that a person stopped."""


def main() -> None:
    """Run the command line on this process's arguments; always ends by SystemExit."""
    try:
        with loading():
            root = import_module("hub.cli.root")
        root.main()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
