"""Says in words what a model found wrong with a part of a configuration."""

from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from mapping.problems import Place, suggestion


def explained(error: ValidationError, model: type[BaseModel]) -> list[tuple[Place, str]]:
    """Return each fault pydantic found in a value for `model` as its place and a sentence."""
    return [(_place(detail["loc"]), _sentence(detail, model)) for detail in error.errors()]


def _place(loc: Place) -> Place:
    """Drop what pydantic adds to mark a key rather than its value."""
    return loc[:-1] if loc and loc[-1] == "[key]" else loc


def _sentence(detail: ErrorDetails, model: type[BaseModel]) -> str:
    name = str(detail["loc"][-1]) if detail["loc"] else ""
    if detail["type"] == "extra_forbidden":
        return f"there is no such key{suggestion(name, _keys(model, detail['loc'][:-1]))}"
    if detail["type"] == "missing":
        return "this key is missing"
    if detail["type"] in {"model_type", "dict_type"}:
        return f"expected keys with values, as `key: value`, got {_kind(detail['input'])}"
    message = detail["msg"].removeprefix("Value error, ").replace("Input should be", "expected")
    if detail["type"] == "value_error" or isinstance(detail["input"], dict | list):
        return message
    return f"{message}, not {detail['input']!r}"


def _kind(value: Any) -> str:
    if value is None:
        return "nothing"
    return "a list" if isinstance(value, list) else repr(value)


def _keys(model: type[BaseModel], place: Place) -> list[str]:
    """Return the keys a mapping at `place` may have, walking the models' annotations."""
    kind: Any = model
    for step in place:
        kind = _step(kind, step)
    found = _model_in(kind)
    return [field.alias or name for name, field in found.model_fields.items()] if found else []


def _step(kind: Any, step: str | int) -> Any:
    model = _model_in(kind)
    if model is not None and isinstance(step, str):
        by_key = {field.alias or name: field for name, field in model.model_fields.items()}
        return by_key[step].annotation if step in by_key else None
    arguments = get_args(kind)
    return arguments[-1] if arguments else None


def _model_in(kind: Any) -> type[BaseModel] | None:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return kind
    if get_origin(kind) in (Union, UnionType):
        return next((m for m in map(_model_in, get_args(kind)) if m), None)
    return None
