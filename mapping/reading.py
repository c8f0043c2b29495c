"""Readers and steps: closures that take one field's value from a record into a draft."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from mapping.apply import Draft, Read, Step
from mapping.canonical import Issue
from mapping.fields import UNKNOWN, Field
from mapping.normalize.registry import Convert, Known, Refused
from mapping.normalize.text import line, scalar_text
from mapping.paths import Getter

_ISSUE_CHARS = 200
_RAW_CHARS = 500
_LONGEST_EMPTY_WORD = 40
_LONGEST_LIST = 10_000
_EXTENSION_CHARS = 4_000

NOTHING: Final = object()
"""What a value map gives for a word that is known to say nothing: absent, and no issue."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How to make one field.

    expects: completes "is not ...". mapped: the entry's own fields, which a value that states
    several fields leaves alone. default: None for none. keeps_raw: False for long passages, which
    stand in the source record anyway. counts: a value here makes the part exist; not so for what
    every element of a list takes from its record.
    """

    name: str
    field: Field
    convert: Convert
    expects: str
    mapped: frozenset[str]
    separators: re.Pattern[str] | None = None
    default: Any = None
    keeps_raw: bool = True
    counts: bool = True


def reader(get: Getter, empty: frozenset[str]) -> Read:
    """Return a reader of one path that gives None for null, blank and empty."""

    def read(scope: Any, root: Any) -> Any:
        value = get(scope, root)
        return None if value is None or is_empty(value, empty) else value

    return read


def extension_reader(get: Getter, empty: frozenset[str]) -> Read:
    """Return a reader of a value as sent; of one that is too large, its beginning as text."""
    read = reader(get, empty)

    def read_short(scope: Any, root: Any) -> Any:
        value = read(scope, root)
        if isinstance(value, str):
            return value[:_EXTENSION_CHARS]
        if type(value) in (list, dict):
            text = json.dumps(value, ensure_ascii=False)
            return value if len(text) <= _EXTENSION_CHARS else text[:_EXTENSION_CHARS]
        return value

    return read_short


def first_reader(reads: tuple[Read, ...]) -> Read:
    """Return a reader that gives the first value there is."""

    def read(scope: Any, root: Any) -> Any:
        for one in reads:
            value = one(scope, root)
            if value is not None:
                return value
        return None

    return read


def join_reader(reads: tuple[Read, ...], between: str) -> Read:
    """Return a reader that joins the texts there are."""

    def read(scope: Any, root: Any) -> Any:
        values = (scalar_text(one(scope, root)) for one in reads)
        return between.join(value.strip() for value in values if value is not None) or None

    return read


def is_empty(value: Any, empty: frozenset[str]) -> bool:
    """Return whether a value says nothing: blank text, an empty list or object, a word for none."""
    if type(value) is str:
        text = value.strip()
        return not text or (len(text) <= _LONGEST_EMPTY_WORD and text in empty)
    return type(value) in (list, dict) and not value


def lookup(values: Mapping[str, Any], *, exact: bool) -> Mapping[str, Any]:
    """Return a value map with its keys as `lookup_key` makes them."""
    return {lookup_key(key, exact=exact): value for key, value in values.items()}


def lookup_key(text: str, *, exact: bool) -> str:
    """Return a source's word as the value map looks it up: trimmed, in any case unless exact."""
    return text if exact else text.strip().casefold()


def mapped_convert(values: Mapping[str, Any], *, exact: bool) -> Convert:
    """Return a converter through a value map; values: ready results by lookup key."""
    missing = object()

    def convert(value: Any, _: Known) -> Any:
        text = scalar_text(value)
        found = missing if text is None else values.get(lookup_key(text, exact=exact), missing)
        return Refused("is not among the mapped values") if found is missing else found

    return convert


def choice_convert(field: Field) -> Convert:
    """Return a converter that takes a closed vocabulary's own words, written in any case."""
    choices = field.choices

    def convert(value: Any, _: Known) -> Any:
        text = line(value)
        word = "" if text is None else text.lower().replace(" ", "_").replace("-", "_")
        return word if word in choices else Refused("is not among the mapped values")

    return convert


def single_step(plan: Plan, read: Read) -> Step:
    """Return the step for a field with one value."""
    name, convert, default, counts = plan.name, plan.convert, plan.default, plan.counts
    keeps_status = plan.field.keeps_raw

    def step(scope: Any, root: Any, draft: Draft) -> None:
        value = read(scope, root)
        if value is None:
            if default is not None:
                draft.fields[name] = default
            return
        draft.found = draft.found or counts
        if type(value) is list or type(value) is dict:
            result: Any = Refused(f"is {_shape(value)}, expected one value")
        else:
            result = convert(value, draft.fields)
        if keeps_status:
            _put_status(plan, value, result, draft)
        elif result is None or type(result) is Refused:
            _refuse(plan, value, result, draft)
        elif type(result) is dict:
            _put_several(plan, value, result, draft)
        elif result is NOTHING:
            draft.raw[name] = _shortened(value)
        else:
            draft.fields[name] = result
            if result != value and plan.keeps_raw:
                draft.raw[name] = _shortened(value)

    return step


def many_step(plan: Plan, reads: tuple[Read, ...]) -> Step:
    """Return the step for a list: all paths together, each value once, in order."""
    name, default, counts = plan.name, plan.default, plan.counts

    def step(scope: Any, root: Any, draft: Draft) -> None:
        sources: list[Any] = []
        for read in reads:
            value = read(scope, root)
            if value is not None:
                sources.extend(value if type(value) is list else (value,))
        if not sources:
            if default is not None:
                draft.fields[name] = [default]
            return
        draft.found = draft.found or counts
        results = _converted(plan, sources, draft)
        if results:
            draft.fields[name] = results
        if results != sources:
            draft.raw[name] = [_shortened(source) for source in sources]

    return step


def const_step(name: str, value: Any) -> Step:
    """Return the step for a field that says the same for every record."""

    def step(_scope: Any, _root: Any, draft: Draft) -> None:
        draft.fields[name] = list(value) if type(value) is list else value

    return step


def _converted(plan: Plan, sources: list[Any], draft: Draft) -> list[Any]:
    results: dict[Any, None] = {}
    for source in sources:
        if type(source) is list or type(source) is dict:
            _report(plan.name, source, f"is {_shape(source)}, expected one value", draft)
            continue
        for value in _split(source, plan.separators):
            result = plan.convert(value, draft.fields)
            if result is None or type(result) is Refused:
                _report(plan.name, value, _reason(plan, result), draft)
            elif result is not NOTHING:
                results[result] = None
    return list(results)


def _split(source: Any, separators: re.Pattern[str] | None) -> list[Any]:
    if separators is None or type(source) is not str or len(source) > _LONGEST_LIST:
        return [] if source is None else [source]
    return [piece for piece in map(str.strip, separators.split(source)) if piece]


def _put_status(plan: Plan, value: Any, result: Any, draft: Draft) -> None:
    text = line(value)
    if text is not None:
        draft.fields[f"{plan.name}_raw"] = text
    if type(result) is Refused:
        _report(plan.name, value, result.reason, draft)
        result = UNKNOWN
    if result is not NOTHING:
        draft.fields[plan.name] = result
    if result != value:
        draft.raw[plan.name] = _shortened(value)


def _put_several(plan: Plan, value: Any, result: dict[str, Any], draft: Draft) -> None:
    for name, part in result.items():
        if part is not None and (name == plan.name or name not in plan.mapped):
            draft.fields[name] = part
    if result.get(plan.name) != value:
        draft.raw[plan.name] = _shortened(value)


def _refuse(plan: Plan, value: Any, result: Any, draft: Draft) -> None:
    draft.raw[plan.name] = _shortened(value)
    _report(plan.name, value, _reason(plan, result), draft)


def _reason(plan: Plan, result: Any) -> str:
    return result.reason if type(result) is Refused else f"is not {plan.expects}"


def _report(name: str, value: Any, reason: str, draft: Draft) -> None:
    text = scalar_text(value)
    shown = _shape(value) if text is None else text
    draft.issues.append(Issue(name, _cut(shown, _ISSUE_CHARS), reason))


def _shape(value: Any) -> str:
    return "a list" if type(value) is list else "an object" if type(value) is dict else "a number"


def _shortened(value: Any) -> Any:
    return _cut(value, _RAW_CHARS) if type(value) is str else value


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
