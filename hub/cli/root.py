"""The root of the command line: which commands there are, and how errors end a process.

A command's module is imported when it is called, so that `hub --help` need not load the hub.
"""

import logging
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from io import TextIOWrapper

import typer

from connectors.sdk.errors import ConnectorError
from hub.cli.ending import Exit, fail
from hub.cli.examples import add_examples
from hub.collection import loading
from hub.errors import BusyError, ConfigError, HubError

COMMANDS = {
    "demo": "Load a fictional company and, with --serve, show it.",
    "init": "Make a configuration to start from, and the database.",
    "check": "Say what is wrong with the configuration.",
    "sync": "Read connections now, work off what changed, let the rules look at it.",
    "run": "Read one connection, recording or playing back what is exchanged.",
    "preview": "Show the first records of a stream, storing nothing.",
    "cancel": "Ask a running sync to stop after its present page.",
    "status": "Show how each connection is and what the hub holds; of one, how far each stream is.",
    "serve": "Serve the API, and pages to look at below /console.",
    "schedule": "Read connections by their schedules, until stopped.",
    "resolve": "Resolve identities again: the hub's, or those of a file.",
    "why": "Say why two records are one or not, or how an entity came together.",
    "show": "Show what is going on with a customer, person or project.",
    "vorgang": "Show a business case: how far it is, what is missing, what belongs to it.",
    "review": "Answer what the hub is not sure of.",
    "links": "Say which papers belong together.",
    "alerts": "See what the rules say, and say what you do about it.",
    "notices": "See who is told what, try targets, and send dead letters again.",
    "train": "Fit a model to the hub's records, or to those of a file.",
    "map": "Suggest and try a mapping.",
    "new": "Make a connector to start from.",
    "contract": "Put a source through the contract's ten checks.",
    "docs": "Describe what a source reads, as its declaration says.",
    "vault": "Keep secrets sealed in the hub's database.",
    "access": "Tell what is held of a person or customer.",
    "erase": "Erase a person, and keep them out.",
    "rules": "List, test and try rules.",
    "keys": "Make, list and revoke API keys.",
    "export": "Write all records of a kind as CSV, JSON lines or Parquet.",
    "rebuild": "Make everything anew from the source records.",
}
"""Each is a module of this package with `register(app)`; the text is its first line of help."""


def build(called: Sequence[str]) -> typer.Typer:
    """Return the command line, with those commands loaded that are named in `called`."""
    app = typer.Typer(
        name="hub",
        help="One reliable view over a company's departmental tools.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    for name, summary in COMMANDS.items():
        if name in called:
            import_module(f"hub.cli.{name}").register(app)
        else:
            app.command(name, help=summary)(_unloaded)
    app.callback()(_root)
    add_examples(app)
    return app


def _root() -> None:
    """One reliable view over a company's departmental tools."""


def _unloaded() -> None:
    """Stand in the list of commands; a command that is called is loaded."""


def main() -> None:
    """Run the command line on this process's arguments; always ends by SystemExit."""
    logging.getLogger().addHandler(logging.NullHandler())  # a command says itself what happened
    if isinstance(sys.stdout, TextIOWrapper):  # a terminal that knows no umlauts still gets a text
        sys.stdout.reconfigure(errors="backslashreplace")
    ended(_run)


def _run() -> None:
    with loading():
        command_line = build(sys.argv[1:])
    command_line()


def ended(call: Callable[[], object]) -> None:
    """Call; end with one clear line and the right exit code where it fails as foreseen."""
    try:
        call()
    except ConfigError as error:
        fail(str(error), Exit.CONFIG)
    except BusyError as error:
        fail(str(error), Exit.BUSY)
    except (HubError, ConnectorError) as error:
        fail(str(error), Exit.FAILED)
    except MemoryError:
        fail("there is not enough memory for this: give it more, or less at once", Exit.FAILED)
    except BrokenPipeError:
        sys.exit(Exit.FAILED)  # the reader of our output went away, as `head` does
    except OSError as error:  # a folder that is a file, a disk that is full, no right to write
        what = f"{error.filename}: " if error.filename else ""
        fail(f"{what}{error.strerror or error}", Exit.FAILED)
