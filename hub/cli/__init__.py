"""The command `hub`."""

from hub.cli.root import main

__all__ = ["main"]
