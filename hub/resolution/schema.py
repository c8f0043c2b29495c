"""Any table as profiles: which column is the key, which one holds what."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from hub.model.resolution import FEATURE_TYPES, Profile
from hub.resolution.cells import key_of, texts_in, told_in
from hub.resolution.told import Told

KINDS = ("organization", "person", "thing")
MOST_SHOWN = 40
"""Columns that an error lists."""


class SchemaError(ValueError):
    """A schema or a table that cannot be resolved as it is; the text says what to change.

    record: the number of the record it is of, from 1; 0 where it is of none.
    """

    def __init__(self, text: str, record: int = 0) -> None:
        super().__init__(text)
        self.record = record


@dataclass(frozen=True, slots=True)
class Schema:
    """What a table holds. fields: column -> feature type."""

    kind: str
    id: str
    fields: Mapping[str, str]
    source: str | None = None


def schema_from(data: Any) -> Schema:
    """Return the schema that a parsed file holds; SchemaError says what is wrong with it."""
    if not isinstance(data, Mapping):
        raise SchemaError("a schema has the keys kind, id, fields and, if need be, source")
    unknown = sorted(set(map(str, data)) - {"kind", "id", "fields", "source"})
    if unknown:
        raise SchemaError(f"schema: unknown key {unknown[0]!r}; known: kind, id, source, fields")
    if data.get("kind") not in KINDS:
        raise SchemaError(f"schema: kind is {data.get('kind')!r}; one of {', '.join(KINDS)}")
    fields = data.get("fields")
    if isinstance(data.get("id"), list | dict):
        raise SchemaError(f"schema: `id` is {data['id']!r}; it names one column")
    if not data.get("id") or not isinstance(fields, Mapping) or not fields:
        raise SchemaError("schema: `id` names the key column, `fields` maps columns to types")
    for column, kind in fields.items():
        if kind not in FEATURE_TYPES:
            raise SchemaError(
                f"schema: column {column!r} has the unknown type {kind!r}; types are "
                + " ".join(FEATURE_TYPES)
            )
    named = {str(column): str(kind) for column, kind in fields.items()}
    source = data.get("source")
    return Schema(str(data["kind"]), str(data["id"]), named, str(source) if source else None)


def profiles_of(rows: Iterable[Mapping[str, Any]], schema: Schema) -> list[Profile]:
    """Return one profile per row.

    SchemaError where a column is nowhere to be found, a row has no key, or two share one.
    """
    read = read_rows(rows, schema)
    check(read.keys, read.columns, schema)
    features: list[dict[str, tuple[str, ...]]] = [{} for _ in read.keys]
    for name, told in read.told.items():
        for at, which in zip(told.at.tolist(), told.which.tolist(), strict=True):
            features[at][name] = told.inputs[which]
    every = zip(read.keys, read.sources, features, strict=True)
    return [Profile(key, schema.kind, source, held) for key, source, held in every]


@dataclass(frozen=True, slots=True)
class Rows:
    """A part of a table: of each row its key and its source, what rows tell, what columns are."""

    keys: list[str]
    sources: list[str]
    told: dict[str, Told]
    columns: set[str]


def read_rows(rows: Iterable[Mapping[str, Any]], schema: Schema, *, first: int = 1) -> Rows:
    """Return what a part of a table says.

    first: number of the first record. SchemaError where one has no key.
    """
    known = list(rows)
    keys = [key_of(row.get(schema.id)) for row in known]
    if "" in keys:
        at = keys.index("")
        raise _no_key(known[at], first + at, schema.id)
    columns = set().union(*known)
    return Rows(keys, texts_in(known, schema.source), told_in(known, schema.fields), columns)


def _no_key(row: Mapping[str, Any], at: int, column: str) -> SchemaError:
    shown = "" if column in row else f"; its columns are {_listed(row)}"
    return SchemaError(f"record {at} has no value in the key column {column!r}{shown}", at)


def check(keys: Sequence[str], seen: set[str], schema: Schema) -> None:
    """Raise SchemaError where a table's records share a key, or none of them has a column."""
    if len(set(keys)) < len(keys):
        raise _doubled(keys, schema.id)
    _check_columns(seen, schema)


def _doubled(keys: Sequence[str], column: str) -> SchemaError:
    """Return an error that names the first ten of the keys that several records share."""
    first: dict[str, int] = {}
    again: dict[str, int] = {}
    for at, key in enumerate(keys, start=1):
        if first.setdefault(key, at) != at:
            again.setdefault(key, at)
    shown = (f"{key} (records {first[key]} and {at})" for key, at in islice(again.items(), 10))
    told = "1 key is" if len(again) == 1 else f"{len(again)} keys are"
    return SchemaError(
        f"{told} in {column!r} more than once: {', '.join(shown)}", next(iter(again.values()))
    )


def _check_columns(seen: set[str], schema: Schema) -> None:
    wanted = [*schema.fields, *([schema.source] if schema.source else [])]
    absent = [column for column in wanted if seen and column not in seen]
    if absent:
        raise SchemaError(f"no row has the column {absent[0]!r}; columns are {_listed(seen)}")


def _listed(columns: Iterable[str]) -> str:
    """Return the names of columns, so many as a person reads."""
    names = sorted(name if name and name == name.strip() else repr(name) for name in columns)
    more = f" and {len(names) - MOST_SHOWN} more" if len(names) > MOST_SHOWN else ""
    return ", ".join(names[:MOST_SHOWN]) + more
