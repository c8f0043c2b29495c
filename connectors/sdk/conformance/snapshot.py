"""What a connector's records hold, written down at each release: streams, keys, fields, types."""

import json
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from connectors.sdk.connector import Connector
from connectors.sdk.errors import ConnectionBrokenError
from connectors.sdk.model import free_text_fields
from connectors.sdk.streams import Stream
from connectors.sdk.version import version_of

OPTIONAL = "optional "
FREE_TEXT = "free_text"
ANY = "any"
LIST_OF = "list of "
OR = " or "
BY_CODE = "(read by code)"

_WORDS: dict[type, str] = {
    bool: "boolean",
    int: "int",
    float: "number",
    Decimal: "decimal",
    str: "text",
    datetime: "moment",
    date: "date",
    UUID: "uuid",
    list: "list",
    tuple: "list",
    dict: "object",
    BaseModel: "object",
}


def _version(text: str) -> str:
    version_of(text)
    return text


class StreamShape(BaseModel):
    """A stream's records. fields: type by path, in words, as `optional text`.

    Fields inside a model's models stand there as `owner.name`, those of a list's as `lines[].sku`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: tuple[str, ...]
    cursor: str | None = None
    fields: dict[str, str]


class Snapshot(BaseModel):
    """A connector as of a version."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    connector: str
    version: Annotated[str, AfterValidator(_version)]
    streams: dict[str, StreamShape]


def snapshot_of(connector: Connector) -> Snapshot:
    """Return what a connector declares now."""
    return Snapshot(
        connector=connector.name,
        version=connector.version,
        streams={stream.name: _shape(stream) for stream in connector.declared},
    )


def snapshot_path(home: Path, connector: Connector) -> Path:
    """Return where the snapshot of a connector that lies in `home` is kept."""
    return home / f"{connector.name}.schema.json"


def read_snapshot(path: Path) -> Snapshot | None:
    """Return a snapshot that was written; None where there is none.

    Raises ConnectionBrokenError where the file is none.
    """
    try:
        return Snapshot.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"])) or "the file"
        raise ConnectionBrokenError(f"{path}: {where}: {first['msg']}") from None


def write_snapshot(path: Path, snapshot: Snapshot) -> None:
    """Write a snapshot, a field a line, so that a diff of it reads well."""
    text = json.dumps(snapshot.model_dump(mode="json"), indent=2, ensure_ascii=False)
    path.write_text(f"{text}\n", "utf-8")


def _shape(stream: Stream) -> StreamShape:
    spec = stream.spec
    fields = dict(_fields(stream.model, "", ()))
    fields |= {name: FREE_TEXT for name in spec.free_text if name in fields}
    cursor = None if spec.cursor is None else spec.cursor.path or BY_CODE
    return StreamShape(key=spec.key, cursor=cursor, fields=fields)


def _fields(
    model: type[BaseModel], prefix: str, above: tuple[type, ...]
) -> Iterator[tuple[str, str]]:
    free = free_text_fields(model)
    for python, field in model.model_fields.items():
        name = field.alias or python
        yield f"{prefix}{name}", FREE_TEXT if name in free else type_word(field.annotation)
        for inner, mark in _inner(field.annotation):
            if inner not in (model, *above):  # a tree of itself has no last level
                yield from _fields(inner, f"{prefix}{name}{mark}.", (model, *above))


def _inner(annotation: Any, mark: str = "") -> Iterator[tuple[type[BaseModel], str]]:
    """Yield the models a type holds, and what a path to their fields needs."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation, mark
    elif get_origin(annotation) in (list, tuple):
        for each in get_args(annotation):
            yield from _inner(each, f"{mark}[]")
    elif get_origin(annotation) in (Union, UnionType, Annotated):
        for each in get_args(annotation):
            yield from _inner(each, mark)


def type_word(annotation: Any) -> str:
    """Return a type in words: `int`, `optional text`, `list of object`, `int or text`."""
    origin = get_origin(annotation)
    if annotation in (Any, NoneType):
        return ANY
    if origin is Annotated:
        return type_word(get_args(annotation)[0])
    if origin is Literal:
        return _joined({_class_word(type(value)) for value in get_args(annotation)})
    if origin in (Union, UnionType):
        kinds = {type_word(each) for each in get_args(annotation) if each is not NoneType}
        optional = NoneType in get_args(annotation) and ANY not in kinds
        return f"{OPTIONAL if optional else ''}{_joined(kinds)}"
    if origin in (list, tuple):
        inner = [word for each in get_args(annotation)[:1] if (word := type_word(each)) != ANY]
        plain = inner and " " not in inner[0]
        return f"{LIST_OF}{inner[0]}" if plain else "list"
    return _class_word(origin or annotation)


def _joined(words: set[str]) -> str:
    return ANY if ANY in words else OR.join(sorted(words))


def _class_word(kind: Any) -> str:
    for each in getattr(kind, "__mro__", ()):
        if each in _WORDS:
            return _WORDS[each]
    return str(getattr(kind, "__name__", kind))
