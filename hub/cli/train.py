"""`hub train`: fits a model to the hub's records or to those of a file, and writes it down."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from hub.assembly import RESOLVED_KINDS, shipped_model
from hub.cli.counting import counted
from hub.cli.opening import Config, runtime_of
from hub.cli.progress import say
from hub.clock import system_clock
from hub.errors import ConfigError
from hub.pipeline.model_file import model_text, read_model, write_model
from hub.pipeline.resolve_file import read_schema
from hub.pipeline.switch import words
from hub.pipeline.table_file import located, read_rows
from hub.pipeline.train import Trained, train
from hub.pipeline.whole import stored_base
from hub.resolution.batch import base_of
from hub.resolution.columns import told_by
from hub.resolution.model import Model, default_model
from hub.resolution.schema import SchemaError, profiles_of


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("train")(fit)


def fit(
    file: Annotated[Path | None, typer.Argument(help="A CSV or JSONL file.")] = None,
    schema: Annotated[Path | None, typer.Option(help="What the columns of FILE mean.")] = None,
    hub: Annotated[bool, typer.Option("--hub", help="The hub's own records.")] = False,
    kind: Annotated[
        str | None, typer.Option(help=f"With --hub: {', '.join(RESOLVED_KINDS)}.")
    ] = None,
    out: Annotated[Path, typer.Option(help="The model file to write.")] = Path("model.json"),
    start: Annotated[
        Path | None, typer.Option("--model", help="The model to begin with; else the shipped one.")
    ] = None,
    with_judgements: Annotated[
        bool, typer.Option("--with-judgements", help="Learn from people's judgements, too.")
    ] = False,
    config: Config = None,
) -> None:
    """Fit a model to the hub's records, or to those of a file.

    It is written to a file and changes nothing: `hub resolve --dry-run --model` shows what it
    would, `hub resolve --activate --model` switches it on.
    """
    if (file is None) != hub:
        raise typer.BadParameter("expected either FILE with --schema, or --hub with --kind")
    if file is not None:
        if schema is None or kind or with_judgements:
            raise typer.BadParameter("a file needs --schema; --kind and judgements are the hub's")
        trained = _from_file(file, schema, start)
    else:
        if kind not in RESOLVED_KINDS:
            raise typer.BadParameter(f"--kind is needed: one of {', '.join(RESOLVED_KINDS)}")
        trained = _from_hub(config, kind, start, with_judgements)
    write_model(out, model_text(trained.model))
    learnt = f", {counted(trained.judged, 'judgement')}" if with_judgements else ""
    say(
        Console(),
        f"{trained.model.name}: {counted(trained.records, 'record')}, "
        f"{counted(trained.pairs, 'pair')}{learnt}: {out}",
    )


def _from_file(file: Path, schema: Path, start: Path | None) -> Trained:
    plan = read_schema(schema)
    try:
        base = base_of(profiles_of(read_rows(file, plan), plan))
    except SchemaError as error:
        raise located(file, plan, error) from error
    shipped = told_by(default_model(plan.kind), plan.fields.values())
    return train(base, _start(start, shipped), (), system_clock())


def _from_hub(config: Path | None, kind: str, start: Path | None, judged: bool) -> Trained:
    with runtime_of(config) as runtime, runtime.database.reading() as tx:
        said = words(tx) if judged else ()
        shipped = shipped_model(kind, runtime.street.mappings.values())
        return train(stored_base(tx, kind), _start(start, shipped), said, runtime.clock())


def _start(path: Path | None, shipped: Model) -> Model:
    model = read_model(path) if path else shipped
    if model.kind != shipped.kind:
        raise ConfigError(f"{path}: this is a model of {model.kind}, not of {shipped.kind}")
    return model
