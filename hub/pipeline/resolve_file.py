"""Resolves a file that belongs to no hub: JSONL or CSV in, `id,cluster` out."""

import csv
import gc
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import yaml

from hub.errors import ConfigError
from hub.pipeline.processes import on_all_processors
from hub.resolution.model import Model, model_from
from hub.resolution.schema import Schema, SchemaError, schema_from
from hub.resolution.table import Resolved, resolve_table

_LONGEST_FIELD = 1 << 24


def resolve_file(source: Path, schema: Path, out: Path, *, model: Path | None = None) -> Resolved:
    """Write the cluster of every record of a file; a cluster is called by its smallest key.

    ConfigError names the file, and the line where there is one, and what is wrong with it.
    """
    plan = read_schema(schema)
    chosen = read_model(model) if model else None
    try:
        with _rare_collection():
            resolved = resolve_table(
                read_rows(source), plan, model=chosen, spread=on_all_processors
            )
    except SchemaError as error:
        raise ConfigError(f"{source}: {error}") from error
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("id", "cluster"))
        for cluster in resolved.clusters:
            writer.writerows((key, cluster[0]) for key in cluster)
    return resolved


@contextmanager
def _rare_collection() -> Iterator[None]:
    """Look for garbage more rarely: everything that is read lives until the end."""
    before = gc.get_threshold()
    gc.set_threshold(500_000, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def read_schema(path: Path) -> Schema:
    """Return the schema in a YAML file."""
    try:
        return schema_from(yaml.safe_load(path.read_text("utf-8")))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
    except (yaml.YAMLError, UnicodeDecodeError, SchemaError) as error:
        raise ConfigError(f"{path}: {error}") from error


def read_model(path: Path) -> Model:
    """Return the model in a JSON file."""
    try:
        return model_from(json.loads(path.read_text("utf-8")))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise ConfigError(f"{path}: no model file: {error!r}") from error


def read_rows(path: Path) -> Iterator[Mapping[str, Any]]:
    """Yield the records of a file: CSV where its name ends so, else one JSON object a line."""
    try:
        if path.suffix.lower() in (".csv", ".tsv", ".txt"):
            yield from _csv_rows(path)
        else:
            yield from _json_rows(path)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: is not UTF-8: {error.reason} at {error.start}") from error


def _csv_rows(path: Path) -> Iterator[Mapping[str, Any]]:
    csv.field_size_limit(_LONGEST_FIELD)
    with path.open(encoding="utf-8-sig", newline="") as file:
        first = file.readline()
        file.seek(0)
        marks = {mark: first.count(mark) for mark in (",", ";", "\t", "|")}
        reader = csv.DictReader(file, delimiter=max(marks, key=lambda mark: marks[mark]))
        try:
            for row in reader:
                if None in row:
                    raise ConfigError(f"{path} line {reader.line_num}: more values than columns")
                yield row
        except csv.Error as error:
            raise ConfigError(f"{path} line {reader.line_num}: {error}") from error


def _json_rows(path: Path) -> Iterator[Mapping[str, Any]]:
    decoder = msgspec.json.Decoder(dict[str, Any])
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if line.strip():
                try:
                    yield decoder.decode(line)
                except msgspec.DecodeError as error:
                    raise ConfigError(f"{path} line {number}: {error}") from error
