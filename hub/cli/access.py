"""`hub access`: all that is held of somebody, as Art. 15 GDPR has it told to them."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console

from hub import discloser
from hub.cli.opening import Config, runtime_of
from hub.cli.progress import say


class Language(StrEnum):
    """What the page is written in."""

    DE = "de"
    EN = "en"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("access")(access)


def access(
    who: Annotated[
        str,
        typer.Argument(
            metavar="WHO", help="An entity's id, CONNECTION/STREAM/KEY, or an e-mail address."
        ),
    ],
    page: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write a page to read or print (HTML).")
    ] = None,
    language: Annotated[Language, typer.Option(help="Of the page.")] = Language.DE,
    as_json: Annotated[bool, typer.Option("--json", help="All of it, as JSON.")] = False,
    config: Config = None,
) -> None:
    """Tell what is held of a person or customer.

    With neither --page nor --json it only says how much there is.
    """
    with runtime_of(config) as runtime:
        told = discloser.access(runtime, who)
    if page is not None:
        page.write_text(discloser.page(told, language), "utf-8")
    if as_json:
        print(msgspec.json.encode(told).decode())
        return
    console = Console()
    if discloser.is_held(told):
        say(
            console,
            f"{told['kind']} {' '.join(told['ids']) or '(known by no record of their own)'}",
        )
        for name, count in discloser.counted(told).items():
            say(console, f"    {name}: {count}")
    else:
        say(console, f"Nothing is held of {who}. Whom the hub knows: `hub show NAME`")
    if page:
        say(console, f"written to {page}")
    elif discloser.is_held(told):
        say(console, "All of it: --page FILE, or --json")
