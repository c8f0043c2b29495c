"""Tables: as wide as the terminal; elsewhere as wide as their words, so that no id is cut."""

from datetime import datetime, tzinfo

from rich.console import Console
from rich.table import Table

from hub.cli.progress import say

SHORT = 12
"""Letters of a long id that a terminal shows; commands take them for the whole."""

_UNBOUND = 100_000


def show(console: Console, table: Table, *, none: str) -> None:
    """Print a table, or say `none` where it has no rows."""
    if not table.row_count:
        say(console, none)
    elif console.is_terminal:
        console.print(table)
    else:
        Console(width=_UNBOUND, file=console.file).print(table)


def short(console: Console, long_id: str) -> str:
    """Return as much of an id as tells it apart on a terminal; all of it elsewhere."""
    return long_id[:SHORT] if console.is_terminal else long_id


def local(at: str | None, zone: tzinfo, *, absent: str = "") -> str:
    """Return an instant as the company's clocks show it."""
    return f"{datetime.fromisoformat(at).astimezone(zone):%Y-%m-%d %H:%M:%S}" if at else absent
