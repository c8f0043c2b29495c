"""The command `hub`."""

from importlib import import_module

from hub.collection import loading

__all__ = ["main"]


def main() -> None:
    """Run the command line on this process's arguments; always ends by SystemExit."""
    with loading():
        root = import_module("hub.cli.root")
    root.main()
