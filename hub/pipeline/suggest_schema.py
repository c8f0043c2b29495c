"""Suggests what the columns of a table mean, for `hub resolve FILE`: a schema to start from."""

from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Final, Literal

import yaml

from hub.errors import ConfigError
from hub.pipeline.table_file import read_rows
from hub.resolution.schema import Schema
from mapping.normalize.registry import Options
from mapping.suggestion.entries import kind_of, placed_fields
from mapping.suggestion.sample import Column, Sample, sample_of
from mapping.suggestion.vocabulary import words_of

LOOKED_AT: Final = 300
"""Rows looked at."""
_MOST_SOURCES = 20
_SOURCES: Final = frozenset(("source", "quelle", "system", "herkunft"))
_KEYS: Final = frozenset(("id", "nr", "nummer", "number", "key", "no"))
_Party = Literal["organization", "person"]
_TYPES: Final[Mapping[_Party, Mapping[str, str]]] = {
    "organization": {"name": "org_name", "vat_id": "vat", "trade_names": "org_name"},
    "person": {"name": "person_name", "given_name": "given_name", "family_name": "family_name"},
}
_SHARED: Final[Mapping[str, str]] = {
    "emails": "email",
    "phones": "phone",
    "websites": "website",
    "external_ids": "identifier",
    **{
        name: name
        for name in (
            *("address", "street", "house_number", "postcode", "city", "region", "country"),
            *("iban", "register_number", "date_of_birth"),
        )
    },
}
"""The fields of a company or person as types of a schema."""


def suggest_schema(path: Path, *, country: str = "DE") -> str:
    """Return a schema for a table, by its columns' names and values; no value stands in it.

    country: whose telephone numbers and the like are meant. ConfigError where nothing is there.
    """
    rows = list(islice(read_rows(path, Schema("", "", {})), LOOKED_AT))
    if not rows:
        raise ConfigError(f"{path}: has no rows to tell a schema from")
    sample = sample_of(path.stem, [(str(at), row) for at, row in enumerate(rows)])
    sample = _flat(sample)
    key = _key(sample)
    source = next((one for one in sample.columns if _is_source(one)), None)
    rest = [one for one in sample.columns if one.filled and one not in (key, source)]
    kind, types = _types(sample, rest, Options(country=country))
    return "\n".join(_lines(kind, key, source, types, rest)) + "\n"


def _flat(sample: Sample) -> Sample:
    """Leave out what lies in objects and lists: a schema names columns alone."""
    flat = [one for one in sample.columns if len(one.header) == 1 and not one.every]
    return Sample(sample.stream, sample.keys, tuple(flat), sample.records)


def _key(sample: Sample) -> Column | None:
    """Return the column that is another in each row; one that is called so goes first."""
    apart = [one for one in sample.columns if len(one.values) == one.filled == sample.records]
    called = (one for one in apart if _KEYS & set(words_of(one.title)))
    return next(called, apart[0] if apart else None)


def _is_source(column: Column) -> bool:
    return column.header[0].strip().lower() in _SOURCES and len(column.values) <= _MOST_SOURCES


def _types(sample: Sample, rest: list[Column], habits: Options) -> tuple[str, dict[str, str]]:
    """Return the kind of record, and the type of each column that has one, by its name."""
    found = {kind: _of_party(kind, rest, habits) for kind in _TYPES}
    said = kind_of(sample, habits)
    best = max(found, key=lambda kind: (kind == said, len(found[kind])))
    typed = found[best].values()
    most = 2 * len(typed) > len(rest) and {"org_name", "person_name"} & set(typed)
    if said == best or most or "family_name" in typed:
        return best, found[best]
    told = {name: each for name, each in found["organization"].items() if each != "org_name"}
    return "thing", {one.header[0]: _plain(one) for one in rest} | told


def _of_party(kind: _Party, rest: list[Column], habits: Options) -> dict[str, str]:
    types = {**_SHARED, **_TYPES[kind]}
    placed = placed_fields(kind, [(one, words_of(one.title)) for one in rest], habits)
    typed = {name: columns for name, columns in placed.items() if name in types}
    return {one.column.header[0]: types[name] for name, each in typed.items() for one in each}


def _plain(column: Column) -> str:
    texts = [str(value).replace(",", ".", 1) for value in column.values]
    return "number" if all(text.replace(".", "", 1).isdigit() for text in texts) else "text"


def _lines(
    kind: str,
    key: Column | None,
    source: Column | None,
    types: Mapping[str, str],
    rest: list[Column],
) -> Iterator[str]:
    yield f"kind: {kind}"
    if key:
        yield f"id: {_text(key)}"
    else:
        yield "# id: no column is another in each row; add one to the table, and name it here"
    if source:
        yield f"source: {_text(source)}"
    yield "fields:" if types else "fields: {}"
    for column in rest:
        if column.header[0] in types:
            yield f"  {_text(column)}: {types[column.header[0]]}"
    left = [_text(column) for column in rest if column.header[0] not in types]
    if left:
        yield f"# ignored: {', '.join(left)}"


def _text(column: Column) -> str:
    """Return a column's name as YAML reads it as just that."""
    name = column.header[0]
    try:
        same = (
            yaml.safe_load(f"{name}: 0") == {name: 0} and yaml.safe_load(f"a: {name}")["a"] == name
        )
    except (yaml.YAMLError, TypeError):
        same = False
    quoted = yaml.safe_dump(name, default_style='"', allow_unicode=True, width=1 << 20)
    return name if same else quoted.strip()
