"""Loads a mapping file from its text: every mistake at once, each with file, line and key."""

import types
from collections.abc import Collection, Iterator
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from mapping.check import check
from mapping.document import Document, read_document
from mapping.problems import MappingError, Place, Problem, suggestion
from mapping.spec import MappingSpec


def load_spec(text: str, *, file: str, streams: Collection[str]) -> MappingSpec:
    """Return the checked mapping in `text`.

    file: its name for messages. streams: the names of the streams the connection declares.
    Raises MappingError, whose text has one line per problem: `file:line: key: what was expected`.
    """
    document = read_document(text, file)
    if not isinstance(document.data, dict):
        message = "expected `streams:` with the connection's streams, got nothing like it"
        raise MappingError([Problem(file, 1, "", message)])
    try:
        spec = MappingSpec.model_validate(document.data)
    except ValidationError as error:
        found = error.errors(include_url=False)
        raise MappingError(_problem(document, one) for one in found) from None
    problems = [document.problem(place, message) for place, message in check(spec, streams)]
    if problems:
        raise MappingError(problems)
    return spec


def _problem(document: Document, error: ErrorDetails) -> Problem:
    place = error["loc"]
    given = error["input"]
    match error["type"]:
        case "extra_forbidden":
            message = f"there is no such key{suggestion(place[-1], _keys_at(place[:-1]))}"
        case "missing":
            message = "is missing"
        case "literal_error":
            words = error.get("ctx", {}).get("expected", "")
            known = [word.strip("'") for word in words.replace(" or ", ", ").split(", ")]
            near = suggestion(given, known)
            shown = ", ".join(word if word[0].isalpha() else repr(word) for word in known)
            message = f"expected one of {shown}, got {_shown(given)}"
            message += near if near.startswith(" (did") else ""
        case "string_type" | "bool_type" | "int_type" | "float_type" if isinstance(
            given, dict | list
        ):
            message = f"expected one value, got {_shown(given)}"
        case "string_type":
            message = f"expected text, got {_shown(given)}" + (
                "; put it in quotes" if isinstance(given, int | float) else ""
            )
        case "model_type" | "dict_type" | "model_attributes_type":
            message = f"expected keys and values, got {_shown(given)}"
        case "tuple_type":
            message = f"expected a list, got {_shown(given)}"
        case _:
            message = f"{error['msg'].lower()}, got {_shown(given)}"
    return document.problem(_without_unions(document, place), message)


def _without_unions(document: Document, place: Place) -> Place:
    """Drop what pydantic adds to a place behind the last key that stands in the file."""
    end = next((n for n in range(len(place), 0, -1) if place[:n] in document.lines), 0)
    missing = place[end : end + 1]
    is_key = bool(missing) and isinstance(missing[0], str) and missing[0] in _keys_at(place[:end])
    return place[: end + 1] if is_key else place[:end]


def _shown(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, dict | list):
        return "keys and values" if isinstance(value, dict) else "a list"
    return repr(value)


def _keys_at(place: Place) -> list[str]:
    """Return the keys the models know at a place of the file."""
    annotation: Any = MappingSpec
    for step in place:
        annotation = next(_below(annotation, step), None)
    model = next(_models(annotation), None)
    if model is None:
        return []
    return [field.alias or name for name, field in model.model_fields.items()]


def _below(annotation: Any, step: str | int) -> Iterator[Any]:
    """Yield the annotation of what stands under one key or list position."""
    for model in _models(annotation):
        for name, field in model.model_fields.items():
            if step == (field.alias or name):
                yield field.annotation
    origin = get_origin(annotation)
    if origin is dict:
        yield get_args(annotation)[1]
    elif origin is tuple:
        yield get_args(annotation)[0]


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    """Yield the models in an annotation such as `Annotated[X, ...] | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    elif get_origin(annotation) in (types.UnionType, Union) or hasattr(annotation, "__metadata__"):
        for inside in get_args(annotation):
            yield from _models(inside)
