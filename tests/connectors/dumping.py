"""A declared connector, written down: two that say the same read the same."""

from typing import Any

import yaml

from connectors.sdk.connector import FIRST_VERSION, Connector
from connectors.sdk.declarations import OPTIONAL, TYPES
from connectors.sdk.model import Model, free_text_fields, is_nullable
from connectors.sdk.pacing import rate_text
from connectors.sdk.streams import Stream


def dumped(connector: Connector) -> str:
    """Return a connector as YAML that `load_connector` reads back.

    Raises ValueError for one that holds code: YAML says less than Python.
    """
    said: dict[str, Any] = {"connector": connector.name}
    if connector.version != FIRST_VERSION:
        said["version"] = connector.version
    base_url = connector.config_model.model_fields["base_url"].default
    if isinstance(base_url, str):
        said["base_url"] = base_url
    said["auth"] = connector.auth.model_dump(mode="json", exclude_defaults=True) | {
        "type": getattr(connector.auth, "type")  # noqa: B009  # each kind has its own
    }
    if connector.rate is not None:
        said["rate"] = rate_text(connector.rate)
    optional = {
        "check": connector.check_path,
        "headers": connector.headers,
        "error": connector.error,
    }
    said |= {key: value for key, value in optional.items() if value}
    said["streams"] = {stream.name: _stream_text(stream) for stream in connector.declared}
    return yaml.safe_dump(said, sort_keys=False, allow_unicode=True)


def _stream_text(stream: Stream) -> dict[str, Any]:
    spec = stream.spec
    written = (spec.cursor and spec.cursor.read) or (spec.since and spec.since.write)
    if stream.reader is not None or written:
        raise ValueError(f"stream {stream.name}: holds code, which YAML cannot say")
    said = spec.model_dump(mode="json", exclude_defaults=True, exclude={"name"})
    said["pages"] = {"type": getattr(spec.pages, "type"), **said.get("pages", {})}  # noqa: B009
    said["fields"] = {name: _word(stream.model, name) for name in _names(stream.model)}
    return said


def _names(model: type[Model]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def _word(model: type[Model], name: str) -> str:
    if name in free_text_fields(model):
        return "free_text"
    annotation = next(
        field.annotation
        for python, field in model.model_fields.items()
        if (field.alias or python) == name
    )
    for word, kind in TYPES.items():
        if annotation == kind:
            return word
        if is_nullable(model, name) and annotation == kind | None:
            return f"{OPTIONAL}{word}"
    raise ValueError(f"the type of the field {name!r} has no word in YAML")
