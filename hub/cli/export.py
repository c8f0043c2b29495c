"""`hub export`: golden records as CSV or JSON lines, business cases as an event log."""

import csv
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, TextIO

import msgspec
import typer

from hub.cli.opening import Config, runtime_of
from hub.pipeline.export import cell, row_of
from hub.pipeline.ocel import stream
from hub.store import golden
from mapping.nouns import FIELDS


class Noun(StrEnum):
    """What can be exported."""

    CUSTOMERS = "customers"
    PERSONS = "persons"
    PROJECTS = "projects"
    OCEL = "ocel"


class Format(StrEnum):
    """How it is written."""

    CSV = "csv"
    JSONL = "jsonl"


_KINDS = {Noun.CUSTOMERS: "organization", Noun.PERSONS: "person", Noun.PROJECTS: "project"}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("export")(export)


def export(
    noun: Annotated[
        Noun, typer.Argument(metavar="KIND", help="customers, persons, projects or ocel.")
    ],
    form: Annotated[Format, typer.Option("--format", help="csv or jsonl.")] = Format.CSV,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="A file; else standard output.")
    ] = None,
    config: Config = None,
) -> None:
    """Write golden records as CSV or JSON lines.

    A row each, with the best value of every field; a text that a spreadsheet would run as a
    formula gets an apostrophe in front. `ocel`: all business cases as an OCEL 2.0 event log, JSON.
    """
    if noun is Noun.OCEL:
        _export_log(output, config)
        return
    kind = _KINDS[noun]
    with runtime_of(config) as runtime, runtime.database.reading() as tx, _opened(output) as out:
        rows = map(row_of, golden.documents(tx, kind))
        if form is Format.JSONL:
            out.writelines(f"{msgspec.json.encode(row).decode()}\n" for row in rows)
        else:
            write_csv(out, kind, rows)


def _export_log(output: Path | None, config: Config) -> None:
    with runtime_of(config) as runtime, runtime.database.reading() as tx, _opened(output) as out:
        out.writelines(part.decode() for part in stream(tx))


@contextmanager
def _opened(output: Path | None) -> Iterator[TextIO]:
    """Open where to write; a file gets the mark by which Excel knows UTF-8, and appears whole."""
    if output is None:
        yield sys.stdout
        return
    beside = output.with_name(f".{output.name}.new")
    encoding = "utf-8-sig" if output.suffix == ".csv" else "utf-8"
    try:
        with beside.open("w", encoding=encoding, newline="") as out:
            yield out
        beside.replace(output)
    finally:
        beside.unlink(missing_ok=True)


def write_csv(out: TextIO, kind: str, rows: Iterable[dict[str, Any]]) -> None:
    """Write rows with every field of the kind as a column; lists are joined by `; `."""
    columns = ["id", *FIELDS[kind]]  # type: ignore[index]  # its keys are the kinds
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([cell(row.get(column)) for column in columns] for row in rows)
