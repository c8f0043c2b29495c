"""Suggests a mapping file from the first records of each stream, as a text to go on from."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from mapping.normalize.registry import Options
from mapping.nouns import Kind
from mapping.suggestion.entries import (
    Entry,
    Placed,
    Target,
    entries_of,
    kind_of,
    refs_of,
    with_constants,
)
from mapping.suggestion.fit import date_order, decimal_mark
from mapping.suggestion.sample import Column, Sample

_PLAIN = re.compile(r"[A-Za-zÄÖÜäöüß_][\wÄÖÜäöüß .()/%+-]*[\wÄÖÜäöüß)%]|[A-Za-zÄÖÜäöüß]")
_YAML_WORDS: Final = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n", "~"})
_RARE = 0.5


def suggest(samples: Sequence[Sample], habits: Options, *, time_zone: str | None = None) -> str:
    """Return a mapping file's text for the streams that show what they are.

    habits: the company's country, currency and time zone. Columns that no field is found for stand
    in comments, with how many of the records fill them; no value of a record stands anywhere but
    the words of closed vocabularies.
    """
    columns = [column for sample in samples for column in sample.columns]
    habits = replace(habits, decimal=decimal_mark(columns), date_order=date_order(columns))
    kinds = [(sample, kind_of(sample, habits)) for sample in samples]
    known = [(sample, kind) for sample, kind in kinds if kind is not None]
    kinds = [(sample, kind_of(sample, habits, known)) for sample in samples]
    known = [(sample, kind) for sample, kind in kinds if kind is not None]
    body = [line for one, kind in kinds for line in _stream(one, kind, known, habits)]
    head = "streams:" if any(not line.lstrip().startswith("#") for line in body) else "streams: {}"
    return "\n".join([_defaults(habits, time_zone), head, *body]) + "\n"


def _defaults(habits: Options, time_zone: str | None) -> str:
    stated = {
        "country": habits.country,
        "currency": habits.currency,
        "time_zone": time_zone,
        "decimal": habits.decimal and json.dumps(habits.decimal),
        "date_order": habits.date_order,
    }
    said = ", ".join(f"{name}: {value}" for name, value in stated.items() if value)
    return f"defaults: {{{said}}}"


def _stream(
    sample: Sample, kind: Kind | None, known: Sequence[tuple[Sample, Kind]], habits: Options
) -> Iterator[str]:
    count = f"{sample.records:,} record{'' if sample.records == 1 else 's'}"
    entries = [] if kind is None else entries_of(sample, kind, refs_of(sample, kind, known), habits)
    if not entries or not (entries[0].fields or with_constants(entries[0])):
        what = "no record read" if not sample.records else f"may be anything ({count} looked at)"
        yield f"  # {_shown(sample.stream)}: {what}"
        return
    yield f"  {_text(sample.stream)}:  # {count} looked at"
    used: set[str] = set()
    for entry in entries:
        yield from _entry(entry, sample.records)
        used |= entry.columns()
    key = sample.key_column
    left = [c for c in sample.columns if c.path not in used and c is not key and c.filled]
    if left:
        yield "    # no field found for:"
        yield from (f"    #   {_shown(c.path)}  ({_share(c, sample.records)})" for c in left)


def _entry(entry: Entry, records: int) -> Iterator[str]:
    dash = "    - "
    if entry.part:
        yield f"{dash}part: {entry.part}"
        dash = "      "
    yield f"{dash}kind: {entry.kind}"
    if entry.when:
        yield f"      when: {_text(entry.when.path)}"
    constants = with_constants(entry)
    yield "      fields:"
    for name, placed in entry.fields.items():
        yield from _field(name, placed, records)
    for name, word in constants.items():
        yield f"        {name}: {{const: {word}}}  # taken for granted"
    if entry.refs:
        yield "      refs:"
        yield from (f"        {role}: {_ref(target)}" for role, target in entry.refs.items())


def _field(name: str, placed: Sequence[Placed], records: int) -> Iterator[str]:
    first = placed[0]
    filled = max(one.column.filled for one in placed)
    note = f"  # {_share(first.column, records)}" if filled < _RARE * records else ""
    if len(placed) > 1:
        paths = ", ".join(_text(one.column.path, inline=True) for one in placed)
        yield f"        {name}: {{paths: [{paths}]}}{note}"
    elif first.read.values:
        yield f"        {name}:{note}"
        yield f"          path: {_text(first.column.path)}"
        yield "          values:"
        for word, ours in first.read.values:
            yield f"            {_text(word)}: {ours}"
        if first.read.strange:
            words = ", ".join(map(_quoted, first.read.strange))
            yield f"            # say what these mean: {words}"
    elif first.read.options:
        stated = _stated(first.column, first.read.options)
        yield f"        {name}: {{{stated}}}{note}"
    else:
        yield f"        {name}: {_text(first.column.path)}{note}"


def _stated(column: Column, options: Sequence[tuple[str, Any]]) -> str:
    said: Mapping[str, str] = {name: json.dumps(value) for name, value in options}
    path = _text(column.path, inline=True)
    return ", ".join([f"path: {path}", *(f"{name}: {value}" for name, value in said.items())])


def _ref(target: Target) -> str:
    if target.column is None:
        return f'"#{target.part}"'
    path = _text(target.column.path, inline=True)
    return f"{{stream: {_text(target.stream or '')}, path: {path}}}"


def _share(column: Column, records: int) -> str:
    return f"{100 * column.filled / max(1, records):.0f} % filled"


def _text(text: str, *, inline: bool = False) -> str:
    """Return a text as YAML reads it back, in quotes where it must."""
    plain = _PLAIN.fullmatch(text) and text.casefold() not in _YAML_WORDS
    return text if plain and not (inline and set(text) & set("[]{},")) else _quoted(text)


def _shown(text: str) -> str:
    return text if text.isprintable() else _quoted(text)


def _quoted(text: str) -> str:
    """Return a text in double quotes, with an escape for whatever cannot be printed."""
    return "".join(
        one if one.isprintable() else "".join(f"\\u{unit:04x}" for unit in _units(one))
        for one in json.dumps(text, ensure_ascii=False)
    )


def _units(letter: str) -> Iterator[int]:
    raw = letter.encode("utf-16-be", "surrogatepass")
    yield from (int.from_bytes(raw[at : at + 2], "big") for at in range(0, len(raw), 2))
