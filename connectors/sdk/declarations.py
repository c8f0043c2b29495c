"""Connectors written down in YAML: the same models as in Python, and no language of its own.

Where YAML is not enough, write code. Every mistake is told with file, line and key.
"""

from collections.abc import Iterator
from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    create_model,
)

from connectors.sdk.auth import KINDS as AUTH_KINDS
from connectors.sdk.auth import AnyAuth
from connectors.sdk.connector import FIRST_VERSION, Connector
from connectors.sdk.credentials import NoAuth
from connectors.sdk.cursors import Cursor, Since
from connectors.sdk.errors import ConnectionBrokenError
from connectors.sdk.model import FreeText, Model
from connectors.sdk.options import StreamName
from connectors.sdk.pacing import rate_limit
from connectors.sdk.pages import KINDS as PAGE_KINDS
from connectors.sdk.streams import Deletes, Stream, StreamSpec
from connectors.sdk.version import version_of
from connectors.sdk.webhooks import Webhook

TYPES: dict[str, Any] = {
    "int": int,
    "number": float,
    "text": str,
    "free_text": FreeText,
    "boolean": bool,
    "moment": datetime,
    "date": date,
    "list": list[Any],
    "object": dict[str, Any],
}

OPTIONAL = "optional "
"""In front of the type of a field that may be null or missing."""

Place = tuple[str | int, ...]
_MODELS = (StreamSpec, Deletes, Webhook, Cursor, Since, *PAGE_KINDS, *AUTH_KINDS)
_KEYS = sorted({name for model in _MODELS for name in model.model_fields} | {"fields"})
"""All that may stand in a stream, for the word that was meant."""


class _Loader(yaml.SafeLoader):
    """Leaves dates and times as the texts they are."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, how) for tag, how in resolvers if not tag.endswith(":timestamp")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _field_type(word: str) -> str:
    if word.removeprefix(OPTIONAL) not in TYPES:
        raise ValueError(
            f"no type {word!r}; known are: {', '.join(TYPES)}, and each with `optional` before it"
        )
    return word


def _rate(text: str) -> str:
    rate_limit(text)
    return text


def _version(text: str) -> str:
    version_of(text)
    return text


def _named(streams: Any) -> Any:
    """Let each stream carry its name, which stands in front of it."""
    if not isinstance(streams, dict):
        return streams
    return {
        name: {"name": name, **said} if isinstance(said, dict) else said
        for name, said in streams.items()
    }


class StreamText(StreamSpec):
    """A stream and the fields of its records: name -> type, as text or optional text."""

    fields: dict[str, Annotated[str, AfterValidator(_field_type)]] = Field(default_factory=dict)


class ConnectorText(BaseModel):
    """A whole file."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    connector: StreamName
    version: Annotated[str, AfterValidator(_version)] = FIRST_VERSION
    base_url: str | None = None
    auth: AnyAuth = NoAuth()
    rate: Annotated[str, AfterValidator(_rate)] | None = None
    check: str | None = None
    headers: dict[str, str] = {}
    error: str | None = None
    streams: Annotated[dict[StreamName, StreamText], BeforeValidator(_named), Field(min_length=1)]


def load_connector(path: Path) -> Connector:
    """Return the connector that a file declares.

    Raises ConnectionBrokenError with a line for each mistake: `file:line: key: what is wrong`.
    """
    try:
        text = path.read_text("utf-8")
        node = yaml.compose(text, Loader=_Loader)
        data = yaml.load(text, Loader=_Loader)  # a SafeLoader that does less
    except (OSError, UnicodeDecodeError) as error:
        raise ConnectionBrokenError(f"{path}: cannot be read: {error}") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        problem = getattr(error, "problem", None) or "is no YAML"
        raise ConnectionBrokenError(f"{path}:{line}: {problem}") from None
    twice = [f"{path}:{line}: {key}: stands twice" for key, line in _repeated(node, ())]
    if twice:
        raise ConnectionBrokenError("\n".join(twice))
    lines = dict(_lines(node, ()))
    try:
        said = ConnectorText.model_validate(data)
        return _connector(said)
    except ValidationError as error:
        faults = [_fault(path, lines, item) for item in error.errors(include_url=False)]
        raise ConnectionBrokenError("\n".join(dict.fromkeys(faults))) from None
    except ValueError as error:
        raise ConnectionBrokenError(f"{path}:1: {error}") from None


def _connector(said: ConnectorText) -> Connector:
    streams: dict[str, Stream] = {}
    for name, text in said.streams.items():
        parent = None
        if text.parent is not None:
            parent = streams.get(text.parent)
            if parent is None:
                raise ValueError(f"streams.{name}.parent: no stream {text.parent!r} before it")
        spec = StreamSpec.model_validate(
            {key: getattr(text, key) for key in text.model_fields_set - {"fields"}}
        )
        streams[name] = Stream.of(_model(name, text.fields), spec, parent)
    return Connector(
        said.connector,
        version=said.version,
        streams=list(streams.values()),
        auth=said.auth,
        base_url=said.base_url,
        rate=said.rate,
        check=said.check,
        headers=said.headers,
        error=said.error,
    )


def _model(name: str, fields: dict[str, str]) -> type[Model]:
    """Return a model; fields get names of Python's own, since a source's may be anything."""
    shapes: dict[str, Any] = {}
    for number, (field, word) in enumerate(fields.items()):
        kind = TYPES[word.removeprefix(OPTIONAL)]
        nullable = word.startswith(OPTIONAL) or word == "free_text"
        default = None if nullable else ...
        shapes[f"field_{number}"] = (
            kind | None if nullable and word != "free_text" else kind,
            Field(default, alias=field),
        )
    return create_model(name, __base__=Model, **shapes)


def _lines(node: yaml.Node | None, place: Place) -> Iterator[tuple[Place, int]]:
    """Yield the line, from 1, of everything in a document."""
    if node is None:
        return
    yield place, node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            inner = (*place, str(key.value))
            yield from _lines(value, inner)
            yield inner, key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            yield from _lines(item, (*place, number))


def _repeated(node: yaml.Node | None, place: Place) -> Iterator[tuple[str, int]]:
    """Yield each key that stands twice in one place, and the line of its second time."""
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            inner = (*place, str(key.value))
            if str(key.value) in seen:
                yield ".".join(map(str, inner)), key.start_mark.line + 1
            seen.add(str(key.value))
            yield from _repeated(value, inner)
    elif isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            yield from _repeated(item, (*place, number))


def _fault(path: Path, lines: dict[Place, int], item: Any) -> str:
    place = tuple(item["loc"])
    shown = place
    while place and place not in lines:
        place = place[:-1]
    key = ".".join(str(step) for step in (shown if len(shown) - len(place) <= 1 else place))
    message = str(item["msg"]).removeprefix("Value error, ")
    if item["type"] == "extra_forbidden":
        wrong = str(item["loc"][-1])
        close = get_close_matches(wrong, [key for key in _KEYS if key != wrong], n=1)
        message = "there is no such key" + (f"; is {close[0]!r} meant?" if close else "")
    if item["type"] == "union_tag_invalid":
        known = item["ctx"]["expected_tags"].replace("'", "").split(", ")
        close = get_close_matches(item["ctx"]["tag"], known, n=1)
        meant = f"; is {close[0]!r} meant?" if close else ""
        message = f"no type {item['ctx']['tag']!r}; known are: {', '.join(known)}{meant}"
    return f"{path}:{lines.get(place, 1)}: {key or 'the file'}: {message}"
