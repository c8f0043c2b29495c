"""Any table as profiles: which column is the key, which one holds what."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from hub.model.resolution import FEATURE_TYPES, Profile
from hub.resolution.facets import LABELLED

KINDS = ("organization", "person", "thing")
MOST_SHOWN = 40
"""Columns that an error lists."""
_DATES = ("date_of_birth", "date")


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
    found, seen = read_rows(rows, schema)
    check([each.ref for each in found], seen, schema)
    return found


def read_rows(
    rows: Iterable[Mapping[str, Any]], schema: Schema, *, first: int = 1
) -> tuple[list[Profile], set[str]]:
    """Return one profile per row of a part of a table, and the columns there are.

    first: number of the first record. SchemaError where one has no key.
    """
    found = []
    seen: set[str] = set()
    plain = _plain_columns(schema)
    for at, row in enumerate(rows, start=first):
        seen.update(row)
        key = _key(row.get(schema.id))
        if not key:
            raise SchemaError(
                f"record {at} has no value in the key column {schema.id!r}"
                + ("" if schema.id in row else f"; its columns are {_listed(row)}"),
                at,
            )
        source = _text(row.get(schema.source)) if schema.source else ""
        found.append(Profile(key, schema.kind, source, _features(row, schema, plain)))
    return found, seen


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


def _plain_columns(schema: Schema) -> list[tuple[str, str]] | None:
    """Return column and feature where each feature is told by one column, dates by none."""
    told = [
        (column, f"{kind}:{column}" if kind in LABELLED else kind)
        for column, kind in schema.fields.items()
    ]
    plain = len({feature for _, feature in told}) == len(told)
    return told if plain and not set(_DATES) & set(schema.fields.values()) else None


def _features(
    row: Mapping[str, Any], schema: Schema, plain: list[tuple[str, str]] | None
) -> dict[str, tuple[str, ...]]:
    if plain:
        told: dict[str, tuple[str, ...]] = {}
        for column, feature in plain:
            value = row.get(column)
            if type(value) is list:
                texts = tuple(text for each in value if (text := _text(each)))
            else:
                text = _text(value)
                texts = (text,) if text else ()
            if texts:
                told[feature] = texts
        return told
    found: dict[str, list[str]] = {}
    for column, kind, value in _dated(_told(row, schema)):
        key = f"{kind}:{column}" if kind in LABELLED else kind
        found.setdefault(key, []).append(value)
    return {key: tuple(values) for key, values in found.items()}


def _told(row: Mapping[str, Any], schema: Schema) -> Iterator[tuple[str, str, str]]:
    for column, kind in schema.fields.items():
        value = row.get(column)
        for each in value if isinstance(value, list) else [value]:
            text = _text(each)
            if text:
                yield column, kind, text


def _key(value: Any) -> str:
    """Return a key as it is written, blanks around it, too; "" where there is none."""
    text = value.replace("\x00", "") if type(value) is str else _text(value)
    return "" if isinstance(value, list) or not text.strip() else text


def _text(value: Any) -> str:
    if type(value) is str:
        return (value.replace("\x00", "") if "\x00" in value else value).strip()
    if value is None or isinstance(value, bool | dict):
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).replace("\x00", "").strip()


_YEAR = re.compile(r"\d{4}")
_SMALL = re.compile(r"\d{1,2}")


def _dated(told: Iterable[tuple[str, str, str]]) -> Iterator[tuple[str, str, str]]:
    """Put a date that three columns share (year, month, day in either order) into one value."""
    rest = []
    parts: dict[str, list[tuple[str, str]]] = {kind: [] for kind in _DATES}
    for column, kind, value in told:
        if kind in _DATES and (_YEAR.fullmatch(value) or _SMALL.fullmatch(value)):
            parts[kind].append((column, value))
        else:
            rest.append((column, kind, value))
    yield from rest
    for kind, pieces in parts.items():
        values = [value for _, value in pieces]
        if len(values) == 3 and _YEAR.fullmatch(values[2]):
            values.reverse()
        if len(values) == 3 and _YEAR.fullmatch(values[0]):
            yield pieces[0][0], kind, f"{values[0]}-{int(values[1]):02}-{int(values[2]):02}"
        else:
            yield from ((column, kind, value) for column, value in pieces)
