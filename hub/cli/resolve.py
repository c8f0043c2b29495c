"""`hub resolve`: every identity of the hub again, or those of a table in a file."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from time import monotonic
from typing import Annotated

import typer
from rich.console import Console

from hub.cli.options import Config
from hub.cli.progress import say
from hub.pipeline.resolve_file import resolve_file


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
    report: Annotated[
        Path | None, typer.Option(help="A folder for a page that shows how FILE was resolved.")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processors to use for FILE; all without.")
    ] = None,
    model: Annotated[
        str | None, typer.Option(help="A model file; for the hub also `shipped`.")
    ] = None,
    merge: Annotated[float | None, typer.Option(help="Bits from which on records are one.")] = None,
    kind: Annotated[
        str | None, typer.Option(help="organization, person or project; else the model's.")
    ] = None,
    dry: Annotated[
        bool, typer.Option("--dry-run", help="List what another model or --merge would change.")
    ] = False,
    switch: Annotated[
        bool, typer.Option("--activate", help="Switch it on: change just that.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The list of changes as JSON.")] = False,
    config: Config = None,
) -> None:
    """Resolve identities again: the hub's, or those of a file.

    Without a file, --dry-run lists what another model or threshold would merge and split, and
    --activate does it.
    """
    console = Console()
    if file is not None:
        if schema is None or out is None:
            raise typer.BadParameter("a file needs --schema and --out, too")
        if dry or switch or as_json or merge is not None or kind:
            raise typer.BadParameter(
                "--dry-run, --activate, --merge, --kind and --json are for the hub"
            )
        _resolve_file(console, file, schema, out, report, workers, model)
        return
    if schema or out or report or workers:
        raise typer.BadParameter("--schema, --out, --report and --workers are for a file")
    if dry and switch:
        raise typer.BadParameter("either --dry-run or --activate")
    if not (dry or switch) and (model or merge is not None or kind):
        raise typer.BadParameter("--model, --merge and --kind need --dry-run or --activate")
    hub = import_module("hub.cli.resolve_hub")  # a file of its own needs no database
    if dry or switch:
        hub.move(config, hub.Wish(kind, model, merge), console, as_json=as_json, switch=switch)
    else:
        hub.again(config, console)


def _resolve_file(
    console: Console,
    file: Path,
    schema: Path,
    out: Path,
    report: Path | None,
    workers: int | None,
    model: str | None,
) -> None:
    began = monotonic()
    if report and report.exists() and not report.is_dir():
        raise typer.BadParameter(f"--report names a folder; {report} is a file")
    with processors(workers):
        resolved = resolve_file(file, schema, out, model=Path(model) if model else None)
    if report:
        page = import_module("hub.pipeline.report").page  # loaded where one is asked for
        write_report(report, page(resolved, title=f"How {file.name} was resolved"))
    records = sum(map(len, resolved.clusters))
    took_s = monotonic() - began
    say(
        console,
        f"{records:,} records, {len(resolved.clusters):,} clusters, in {took_s:.1f} s: {out}",
    )
    if report:
        say(console, f"report: {report / 'index.html'}")


@contextmanager
def processors(count: int | None) -> Iterator[None]:
    """Keep this process to so many processors for a while, where the system can."""
    if count is None or sys.platform != "linux":
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(before)[:count])
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def write_report(folder: Path, text: str) -> None:
    """Write the page into a folder that need not be there yet."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "index.html").write_text(text, "utf-8")
