"""Invents rows from a declaration: types from the model, key and cursor from the stream."""

from collections.abc import Sequence
from copy import deepcopy
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any, get_args, get_origin
from uuid import UUID

from pydantic import BaseModel

from connectors.sdk.conformance.seam import Row
from connectors.sdk.cursors import Cursor, written_moment
from connectors.sdk.model import field_type
from connectors.sdk.paths import Steps, steps_of, value_at
from connectors.sdk.streams import Stream


def sample_row(stream: Stream, number: int, at: datetime, template: Row | None = None) -> Row:
    """Return the record of that number, as the source would send it, without what wraps it.

    template: a record of the real product, of which all but key and cursor is kept.
    """
    row = _object(stream.model, number, at) if template is None else deepcopy(template)
    spec = stream.spec
    for path in spec.key:
        set_at(row, steps_of(path), _key(field_type(stream.model, path), number))
    if spec.cursor is not None and spec.cursor.path:  # else its fields hold it as they are
        value = cursor_value(spec.cursor, field_type(stream.model, spec.cursor.path), at)
        set_at(row, steps_of(spec.cursor.path), value)
    if spec.tombstone is not None:
        alive = False if field_type(stream.model, spec.tombstone) is bool else None
        set_at(row, steps_of(spec.tombstone), alive)
    return row


def cursor_value(cursor: Cursor, annotation: Any, at: datetime) -> Any:
    """Return a moment as a row of the source writes it."""
    kind = cursor.kind or ("number" if annotation is int else "text" if annotation is str else "")
    if kind == "number" or cursor.format in ("epoch", "epoch_ms"):
        factor = 1000 if cursor.format == "epoch_ms" else 1
        return int(at.timestamp() * factor)
    return written_moment(at, cursor.format, cursor.zone)


def _key(annotation: Any, number: int) -> Any:
    if annotation is UUID:
        return str(UUID(int=number))
    return number if annotation in (int, None) else f"K-{number:06d}"


def _object(model: type[BaseModel], number: int, at: datetime) -> Row:
    return {
        field.alias or name: _value(field.annotation, name, number, at)
        for name, field in model.model_fields.items()
    }


def _value(annotation: Any, name: str, number: int, at: datetime) -> Any:
    inner = [one for one in get_args(annotation) if one is not type(None)]
    outer = get_origin(annotation)
    if outer in (list, tuple, set, frozenset):
        return []
    if outer is dict or annotation is dict:
        return {}
    if outer is not None and inner:
        return _value(inner[0], name, number, at)
    if isinstance(annotation, type):
        if issubclass(annotation, BaseModel):
            return _object(annotation, number, at)
        for kind, value in (
            (bool, number % 2 == 0),
            (int, number),
            (float, number + 0.5),
            (Decimal, f"{number}.50"),
            (datetime, written_moment(at, "iso", "UTC")),
            (date, at.date().isoformat()),
            (UUID, str(UUID(int=number))),
            (list, []),
        ):
            if issubclass(annotation, kind):
                return value
    return f"{name} {number} äöü"


def set_at(row: Any, steps: Steps, value: Any) -> None:
    """Put a value where a path leads, making objects and lists on the way."""
    for step, following in pairwise(steps):
        empty: Any = [] if isinstance(following, int) else {}
        if isinstance(step, int):
            while len(row) <= step:
                row.append(None)
        elif step not in row:
            row[step] = None
        if not isinstance(row[step], dict | list):
            row[step] = empty
        row = row[step]
    last = steps[-1]
    if isinstance(last, int):
        while len(row) <= last:
            row.append(None)
    row[last] = value


def wrapped(each: Steps, row: Row) -> Any:
    """Return the item of a list in which the record stands at `each`."""
    if not each:
        return row
    item: Row = {}
    set_at(item, each, row)
    return item


def at_path(row: Row, path: str) -> Any:
    """Return what stands at a dotted path of a row."""
    return value_at(row, steps_of(path))


def flat_key(row: Row, columns: Sequence[str]) -> Row:
    """Return what stands at the paths of a key, by path."""
    return {path: at_path(row, path) for path in columns}
