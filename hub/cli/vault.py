"""`hub vault`: keeps secrets sealed in the hub's database; shows none of them."""

import os
import sys
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from connectors.sdk.record import NAME
from hub.cli import tables
from hub.cli.ending import Exit, fail
from hub.cli.opening import Config, runtime_of
from hub.errors import ConfigError, NotFoundError
from hub.runtime import Runtime
from hub.store import secrets
from hub.vault import KEY, KEY_FILE, Vault, keys_in, new_key

MAX_SECRET_CHARS = 65_536


def register(app: typer.Typer) -> None:
    """Add the commands."""
    vault = typer.Typer(help="Keep secrets sealed in the hub's database.", no_args_is_help=True)
    vault.command("key")(key)
    vault.command("set")(put)
    vault.command("list")(show)
    vault.command("remove")(remove)
    app.add_typer(vault, name="vault")


def key() -> None:
    """Make a key for a vault and show it, this once."""
    print(new_key())
    typer.echo(
        f"set {KEY}, or write it to a file and set {KEY_FILE}; whoever has it and the database "
        "reads every secret, and without it nobody does",
        err=True,
    )


def put(
    name: Annotated[str, typer.Argument(help="The name the configuration says: {vault: NAME}.")],
    config: Config = None,
) -> None:
    """Seal a secret: asked for on a terminal, else read from standard input."""
    if not NAME.fullmatch(name):
        raise typer.BadParameter("a name has small letters, digits and _ . -")
    with runtime_of(config) as runtime:
        vault = _vault(runtime)
        value = _asked() if sys.stdin.isatty() else sys.stdin.read().rstrip("\r\n")
        if not value or len(value) > MAX_SECRET_CHARS:
            fail(f"{name}: a secret has 1 to {MAX_SECRET_CHARS:,} characters", Exit.FAILED)
        vault.put(name, value)
    print(f"{name}: sealed")


def _asked() -> str:
    return str(typer.prompt("secret", hide_input=True))


def show(config: Config = None) -> None:
    """List the names of what is sealed, never the secrets."""
    with runtime_of(config) as runtime, runtime.database.reading() as tx:
        found, zone = secrets.names(tx), runtime.loaded.config.company.zone
    table = Table("name", "saved", box=None, pad_edge=False)
    for name, saved_at in found:
        table.add_row(name, tables.local(saved_at, zone))
    tables.show(Console(), table, none="nothing is sealed; `hub vault set NAME` seals a secret")


def remove(name: str, config: Config = None) -> None:
    """Forget a secret."""
    with runtime_of(config) as runtime, runtime.database.transaction() as tx:
        if not secrets.remove(tx, name):
            raise NotFoundError(f"the vault holds no {name!r}")
    print(f"{name}: removed")


def _vault(runtime: Runtime) -> Vault:
    if not keys_in(os.environ):
        raise ConfigError(
            f"the vault has no key: set {KEY} or {KEY_FILE}; `hub vault key` makes one"
        )
    vault = runtime.vault
    assert vault is not None
    return vault
