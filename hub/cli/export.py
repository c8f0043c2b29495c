"""`hub export`: whole kinds as CSV, JSON lines or Parquet, business cases as an event log."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from hub.cli.opening import Config, runtime_of
from hub.pipeline.export import EXPORTS, FORMS, pages
from hub.pipeline.new_file import new_file
from hub.pipeline.ocel import stream

MARK = b"\xef\xbb\xbf"
"""By it Excel knows UTF-8; other programs that read from a pipe do not."""
OCEL = "ocel"
KINDS = {"customers": EXPORTS["organizations"], **EXPORTS}


class Format(StrEnum):
    """How it is written."""

    CSV = "csv"
    JSONL = "jsonl"
    PARQUET = "parquet"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("export")(export)


def export(
    kind: Annotated[str, typer.Argument(help=f"{', '.join(KINDS)} or {OCEL}.")],
    form: Annotated[
        Format | None,
        typer.Option("--format", help="csv, jsonl or parquet; else as the file's name ends."),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="A file; else standard output.")
    ] = None,
    config: Config = None,
) -> None:
    """Write all records of a kind as CSV, JSON lines or Parquet.

    A row each, streamed. Customers, persons and projects come with the best value of every field;
    every other kind as its records. A text that a spreadsheet would run as a formula gets an
    apostrophe in front. `ocel`: all business cases as an OCEL 2.0 event log, as JSON.
    """
    if kind == OCEL:
        if form is not None:
            raise typer.BadParameter("an event log is JSON: leave --format out")
        with runtime_of(config) as runtime, runtime.database.reading() as tx:
            _write(stream(tx, runtime.currency), output)
        return
    if kind not in KINDS:
        raise typer.BadParameter(f"{kind!r} is none of {', '.join([*KINDS, OCEL])}")
    chosen = form or _ending(output)
    if chosen is Format.PARQUET and output is None:
        raise typer.BadParameter("Parquet is no text: say --output FILE")
    with runtime_of(config) as runtime:
        rows = pages(runtime.database, KINDS[kind], runtime.currency)
        parts = FORMS[chosen.value][1](KINDS[kind], rows)
        _write(parts, output)


def _ending(output: Path | None) -> Format:
    """Return the form a file's name ends in, CSV for any other."""
    suffix = output.suffix.removeprefix(".") if output else ""
    return Format(suffix) if suffix in FORMS else Format.CSV


def _write(parts: Iterable[bytes], output: Path | None) -> None:
    with _opened(output) as write:
        for part in parts:
            write(part)


@contextmanager
def _opened(output: Path | None) -> Iterator[Callable[[bytes], object]]:
    """Open where to write; a file appears whole, or not at all."""
    if output is None:
        yield lambda part: sys.stdout.write(part.removeprefix(MARK).decode())
        return
    with new_file(output) as file:
        yield file.write
