"""`hub resolve`: every identity of the hub again, or those of a table in a file."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from time import monotonic
from typing import Annotated

import typer
from rich.console import Console

from hub.cli.counting import counted
from hub.cli.options import Config
from hub.cli.progress import say
from hub.pipeline.new_file import new_file
from hub.pipeline.resolve_file import resolve_file

File = Annotated[
    Path | None, typer.Argument(help="A CSV, XLSX or JSONL file; the hub's own records without.")
]
Schema = Annotated[
    Path | None, typer.Option(help="What the columns of FILE mean: kind, id, fields.")
]
Suggest = Annotated[
    bool, typer.Option("--suggest", help="Print a schema for FILE to start from; resolve nothing.")
]
Out = Annotated[Path | None, typer.Option(help="Where `id,cluster` is written.")]
Report = Annotated[
    Path | None, typer.Option(help="A folder for a page that shows how FILE was resolved.")
]
Workers = Annotated[
    int | None, typer.Option(min=1, help="Processors to use for FILE; all without.")
]
Model = Annotated[str | None, typer.Option(help="A model file; for the hub also `shipped`.")]
Merge = Annotated[float | None, typer.Option(help="Bits from which on records are one.")]
Kind = Annotated[
    str | None, typer.Option(help="organization, person or project; else the model's.")
]
Dry = Annotated[
    bool, typer.Option("--dry-run", help="List what another model or --merge would change.")
]
Listed = Annotated[
    str | None, typer.Option("--list", help="With --activate: only if this is still the list.")
]
Switch = Annotated[bool, typer.Option("--activate", help="Switch it on: change just that.")]
AsJson = Annotated[bool, typer.Option("--json", help="The list of changes as JSON.")]


@dataclass(frozen=True, slots=True)
class _Table:
    """A table to resolve, and where to write what it comes to."""

    file: Path
    schema: Path
    out: Path
    report: Path | None
    workers: int | None
    model: str | None


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("resolve")(resolve)


def resolve(
    file: File = None,
    schema: Schema = None,
    suggest: Suggest = False,
    out: Out = None,
    report: Report = None,
    workers: Workers = None,
    model: Model = None,
    merge: Merge = None,
    kind: Kind = None,
    dry: Dry = False,
    switch: Switch = False,
    listed: Listed = None,
    as_json: AsJson = False,
    config: Config = None,
) -> None:
    """Resolve identities again: the hub's, or those of a file.

    A file: `hub resolve FILE --suggest > schema.yaml`, read the schema, then `hub resolve FILE
    --schema schema.yaml --out out.csv`.

    Without a file, --dry-run lists what another model or threshold would merge and split, and
    --activate does it.
    """
    console = Console()
    if file is not None and suggest:
        typer.echo(import_module("hub.pipeline.suggest_schema").suggest_schema(file), nl=False)
        return
    if file is not None:
        of_hub = bool(dry or switch or listed or as_json or merge is not None or kind)
        _resolve_file(console, _table(file, schema, out, report, workers, model, of_hub=of_hub))
        return
    if schema or out or report or workers or suggest:
        raise typer.BadParameter(
            "--schema, --suggest, --out, --report and --workers are for a file"
        )
    hub = import_module("hub.cli.resolve_hub")  # a file of its own needs no database
    hub.resolve(
        config,
        hub.Wish(kind, model, merge, listed),
        console,
        dry=dry,
        switch=switch,
        as_json=as_json,
    )


def _table(
    file: Path,
    schema: Path | None,
    out: Path | None,
    report: Path | None,
    workers: int | None,
    model: str | None,
    *,
    of_hub: bool,
) -> _Table:
    if schema is None or out is None:
        raise typer.BadParameter(
            f"a file needs --schema and --out, too; `hub resolve {file} --suggest > "
            "schema.yaml` makes a schema to start from"
        )
    if of_hub:
        raise typer.BadParameter(
            "--dry-run, --activate, --list, --merge, --kind and --json are for the hub"
        )
    if report and report.exists() and not report.is_dir():
        raise typer.BadParameter(f"--report names a folder; {report} is a file")
    return _Table(file, schema, out, report, workers, model)


def _resolve_file(console: Console, table: _Table) -> None:
    began, report = monotonic(), table.report
    if report:  # before any work is done: it may not be to be had
        report.mkdir(parents=True, exist_ok=True)
    with processors(table.workers):
        model = Path(table.model) if table.model else None
        resolved = resolve_file(table.file, table.schema, table.out, model=model)
    if report:
        page = import_module("hub.pipeline.report").page  # loaded where one is asked for
        with new_file(report / "index.html") as written:
            written.write(page(resolved, title=f"How {table.file.name} was resolved").encode())
    records, clusters = sum(map(len, resolved.clusters)), len(resolved.clusters)
    took_s = monotonic() - began
    told = f"{counted(records, 'record')}, {counted(clusters, 'cluster')}"
    say(console, f"{told}, in {took_s:.1f} s: {table.out}")
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
