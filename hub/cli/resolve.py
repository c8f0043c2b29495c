"""`hub resolve`: every identity of the hub again, or those of a table in a file."""

from pathlib import Path
from time import monotonic
from typing import Annotated

import typer
from rich.console import Console

from hub.cli.opening import Config, runtime_of
from hub.cli.progress import say
from hub.cli.sync import walk_all
from hub.pipeline.resolve_file import resolve_file
from hub.store import evidence


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("resolve")(resolve)


def resolve(
    file: Annotated[
        Path | None, typer.Argument(help="A CSV or JSONL file; the hub's own records without.")
    ] = None,
    schema: Annotated[
        Path | None, typer.Option(help="What the columns of FILE mean: kind, id, fields.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Where `id,cluster` is written.")] = None,
    model: Annotated[Path | None, typer.Option(help="Another model than the shipped one.")] = None,
    config: Config = None,
) -> None:
    """Resolve identities again: the hub's, or those of a file."""
    console = Console()
    if file is not None:
        if schema is None or out is None:
            raise typer.BadParameter("a file needs --schema and --out, too")
        began = monotonic()
        clusters = resolve_file(file, schema, out, model=model).clusters
        records = sum(map(len, clusters))
        took_s = monotonic() - began
        say(console, f"{records:,} records, {len(clusters):,} clusters, in {took_s:.1f} s: {out}")
        return
    if schema or out or model:
        raise typer.BadParameter("--schema, --out and --model are for a file")
    with runtime_of(config) as runtime:
        with runtime.database.transaction() as tx:
            due = evidence.make_all_due(tx)
        say(console, f"{due:,} records are due")
        walk_all(runtime, console)
