"""`hub keys`: makes, lists and revokes API keys."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from hub.cli import tables
from hub.cli.opening import Config, runtime_of
from hub.clock import instant_text
from hub.model.access import Scope
from hub.store import api_keys

MAX_NAME_CHARS = 100


def register(app: typer.Typer) -> None:
    """Add the commands."""
    keys = typer.Typer(help="Make, list and revoke API keys.", no_args_is_help=True)
    keys.command("create")(create)
    keys.command("list")(show)
    keys.command("revoke")(revoke)
    app.add_typer(keys, name="keys")


def create(
    name: Annotated[str, typer.Argument(help="Who or what will use it.")],
    scope: Annotated[
        list[Scope] | None,
        typer.Option(help="read, write, admin, each holds those before it; or access"),
    ] = None,
    config: Config = None,
) -> None:
    """Make an API key and show its token, this once."""
    if not name.strip() or len(name) > MAX_NAME_CHARS or not name.isprintable():
        raise typer.BadParameter(f"a name has 1 to {MAX_NAME_CHARS} characters, all of them to see")
    with runtime_of(config) as runtime, runtime.database.transaction() as tx:
        key, token = api_keys.create(tx, name, scope or [Scope.READ], instant_text(runtime.clock()))
    print(token)
    typer.echo(
        f"key {key.id} for {key.name!r}, scope {', '.join(key.scopes)}: "
        "note the token now, only its hash is kept",
        err=True,
    )


def show(config: Config = None) -> None:
    """List every key ever made."""
    with runtime_of(config) as runtime, runtime.database.reading() as tx:
        found, zone = api_keys.everyone(tx), runtime.loaded.config.company.zone
    table = Table("id", "name", "scopes", "created", "revoked", box=None, pad_edge=False)
    for key in found:
        made, revoked = (tables.local(at, zone) for at in (key.created_at, key.revoked_at))
        table.add_row(key.id, key.name, ", ".join(key.scopes), made, revoked)
    tables.show(Console(), table, none="no keys; `hub keys create NAME --scope read` makes one")


def revoke(
    key_id: Annotated[str, typer.Argument(help="The id, as `hub keys list` shows it.")],
    config: Config = None,
) -> None:
    """End a key, from this moment on."""
    with runtime_of(config) as runtime, runtime.database.transaction() as tx:
        key = api_keys.revoke(tx, key_id, instant_text(runtime.clock()))
    print(f"key {key.id} of {key.name!r} is revoked")
