"""Resolves a file that belongs to no hub: a table in, `id,cluster` out."""

import csv
import gc
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import Any

import yaml

from hub.errors import ConfigError
from hub.pipeline.model_file import read_model
from hub.pipeline.new_file import new_file
from hub.pipeline.processes import on_all_processors
from hub.pipeline.table_file import located, slices
from hub.resolution.schema import Schema, SchemaError, schema_from
from hub.resolution.table import Resolved, base_of_table, resolve_base


def resolve_file(source: Path, schema: Path, out: Path, *, model: Path | None = None) -> Resolved:
    """Write the cluster of every record of a file; a cluster is called by its smallest key.

    ConfigError names the file, and the line where there is one, and what is wrong with it.
    """
    _check_place(out, {source, schema, *([model] if model else [])})
    plan = read_schema(schema)
    chosen = read_model(model) if model else None
    if model and chosen and chosen.kind != plan.kind:
        raise ConfigError(f"{model}: is a model of kind {chosen.kind}; {schema} says {plan.kind}")
    try:
        with no_collection():
            base = base_of_table(*slices(source, plan), plan, on_all_processors)
            resolved = resolve_base(base, plan, model=chosen, spread=on_all_processors)
    except SchemaError as error:
        raise located(source, plan, error) from error
    with new_file(out) as opened, TextIOWrapper(opened, "utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("id", "cluster"))
        for cluster in resolved.clusters:
            writer.writerows((key, cluster[0]) for key in cluster)
    return resolved


def _check_place(out: Path, read: Collection[Path]) -> None:
    """Refuse, before any work is done, to write where nothing can be or what is read lies."""
    if out.is_dir():
        raise ConfigError(f"{out}: is a folder; name the file to write")
    if not out.parent.is_dir():
        raise ConfigError(f"{out}: there is no folder {out.parent}; make it first")
    if out.exists() and any(each.exists() and out.samefile(each) for each in read):
        raise ConfigError(f"{out}: is read here; name another file to write")


@contextmanager
def no_collection() -> Iterator[None]:
    """Look for no garbage: what is read lives until the end, and nothing holds itself."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


def read_schema(path: Path) -> Schema:
    """Return the schema in a YAML file."""
    try:
        text = path.read_text("utf-8")
        _check_keys(path, yaml.compose(text, Loader=yaml.SafeLoader))
        return schema_from(yaml.safe_load(text))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: is not UTF-8; save it as UTF-8 and try again") from error
    except (yaml.YAMLError, RecursionError, SchemaError) as error:
        raise ConfigError(f"{path}: {error}") from error


def _check_keys(path: Path, node: Any) -> None:
    """Refuse a schema that says one thing twice: the first would be lost in silence."""
    for key in _doubled(node):
        line = key.start_mark.line + 1
        raise ConfigError(f"{path} line {line}: {key.value!r} is there more than once")


def _doubled(schema: Any) -> Iterator[yaml.ScalarNode]:
    within = schema.value if isinstance(schema, yaml.MappingNode) else []
    for node in (schema, *(value for key, value in within if key.value == "fields")):
        seen: set[str] = set()
        for key, _ in node.value if isinstance(node, yaml.MappingNode) else []:
            if isinstance(key, yaml.ScalarNode) and key.value in seen:
                yield key
            seen.add(str(key.value))
