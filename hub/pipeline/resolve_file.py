"""Resolves a file that belongs to no hub: JSONL or CSV in, `id,cluster` out."""

import csv
import gc
import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import yaml

from hub.errors import ConfigError
from hub.pipeline.processes import on_all_processors
from hub.resolution.model import Model, model_from
from hub.resolution.schema import Schema, SchemaError, schema_from
from hub.resolution.table import Resolved, base_of_table, resolve_base

_LONGEST_FIELD = 1 << 24
CSV = frozenset((".csv", ".tsv", ".txt"))
"""How names of files end that are no lines of JSON."""


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
            base = base_of_table(*_slices(source), plan, on_all_processors)
            resolved = resolve_base(base, plan, model=chosen, spread=on_all_processors)
    except SchemaError as error:
        raise ConfigError(f"{source}: {error}") from error
    with out.open("w", encoding="utf-8", newline="") as file:
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
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, SchemaError) as error:
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


def read_model(path: Path) -> Model:
    """Return the model in a JSON file."""
    try:
        return model_from(json.loads(path.read_text("utf-8")))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
    except KeyError as error:
        raise ConfigError(f"{path}: no model file: {error} is missing") from error
    except (ValueError, TypeError, AttributeError) as error:
        raise ConfigError(f"{path}: no model file: {error}") from error


def read_rows(path: Path) -> Iterator[Mapping[str, Any]]:
    """Yield the records of a file: CSV where its name ends so, else one JSON object a line."""
    try:
        if path.suffix.lower() in CSV:
            yield from _csv_rows(path)
        else:
            yield from _json_rows(path)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}{_no_utf_8(path)}; save it as UTF-8 and try again") from error


def _no_utf_8(path: Path) -> str:
    """Return where a file stops being UTF-8."""
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError as error:
                return f" line {number}: is not UTF-8 ({error.reason})"
    return ": is not UTF-8"


def _check_packed(path: Path, begins: bytes) -> None:
    packed = next((name for mark, name in _PACKED.items() if begins.startswith(mark)), None)
    if packed:
        raise ConfigError(f"{path}: is packed ({packed}); unpack it first")


_PACKED = {b"\x1f\x8b": "gzip", b"PK\x03\x04": "zip or xlsx", b"BZh": "bzip2", b"\xfd7zXZ": "xz"}


def _csv_rows(path: Path) -> Iterator[Mapping[str, Any]]:
    csv.field_size_limit(_LONGEST_FIELD)
    with path.open(encoding="utf-8-sig", newline="") as file:
        first = file.readline()
        file.seek(0)
        marks = {mark: first.count(mark) for mark in (",", ";", "\t", "|")}
        mark = max(marks, key=lambda each: marks[each])
        lines: list[str] = []
        reader = csv.DictReader(_kept(file, lines), delimiter=mark)
        try:
            _check_header(path, reader.fieldnames or ())
            for row in reader:
                if None in row:
                    raise ConfigError(f"{path} line {reader.line_num}: more values than columns")
                if len(lines) > 1:
                    _check_quotes(path, lines, mark, reader.line_num)
                lines.clear()
                yield row
        except csv.Error as error:
            raise ConfigError(f"{path} line {reader.line_num}: {error}") from error


def _kept(file: Iterable[str], lines: list[str]) -> Iterator[str]:
    """Yield lines, and keep them until they are cleared away."""
    for line in file:
        lines.append(line)
        yield line


def _check_header(path: Path, columns: Collection[str]) -> None:
    doubled = [name for name, count in Counter(columns).items() if name and count > 1]
    if doubled:
        raise ConfigError(f"{path} line 1: the column {doubled[0]!r} is there more than once")


def _check_quotes(path: Path, lines: list[str], mark: str, last: int) -> None:
    """Refuse a value that is opened by a quotation mark and takes in the rest of the file."""
    try:
        list(csv.reader(lines, delimiter=mark, strict=True))
    except csv.Error as error:
        if "end of data" in str(error):
            at = last - len(lines) + 1
            raise ConfigError(
                f"{path} line {at}: a quotation mark is opened and never closed"
            ) from error


def _json_rows(path: Path) -> Iterator[Mapping[str, Any]]:
    with path.open("rb") as file:
        yield from _decoded(path, enumerate(file, start=1))


def _decoded(path: Path, lines: Iterable[tuple[int, bytes]]) -> Iterator[Mapping[str, Any]]:
    """Yield the object on each numbered line that is not blank."""
    decoder = msgspec.json.Decoder(dict[str, Any])
    for number, line in lines:
        if line.strip():
            try:
                yield decoder.decode(line)
            except (msgspec.DecodeError, RecursionError) as error:
                raise ConfigError(
                    f"{path} line {number}: one JSON object is wanted on each line: {error}"
                ) from error


def _slices(path: Path) -> tuple[Callable[[int, int], Iterable[Mapping[str, Any]]], int]:
    """Return what gives the rows of a slice of a file, and how many there are.

    Lines of JSON are taken apart by whoever works on the slice.
    """
    try:
        with path.open("rb") as file:
            _check_packed(path, file.read(8))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
    if path.suffix.lower() in CSV:
        rows = list(read_rows(path))
        return lambda start, stop: rows[start:stop], len(rows)
    try:
        with path.open("rb") as file:
            lines = [(at, line) for at, line in enumerate(file, start=1) if line.strip()]
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
    return lambda start, stop: _decoded(path, lines[start:stop]), len(lines)
