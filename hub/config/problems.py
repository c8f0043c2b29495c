"""What is wrong with a configuration, in words: file, line, key, what was expected."""

from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

Loc = tuple[str | int, ...]
"""The way to a value: keys and list positions from the top of the file."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to correct; line counts from 1, 0 where the whole file is meant."""

    file: Path
    line: int
    key: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}, line {self.line}" if self.line else str(self.file)
        return f"{place}, {self.key}: {self.message}" if self.key else f"{place}: {self.message}"


def key_text(loc: Loc) -> str:
    """Return `connections.crm.schedule` or `rules[2].when` for a way to a value."""
    text = ""
    for step in loc:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def explained(error: ValidationError, model: type[BaseModel]) -> list[tuple[Loc, str]]:
    """Return each fault pydantic found in a value for `model` as its place and a sentence."""
    return [(_place(detail["loc"]), _sentence(detail, model)) for detail in error.errors()]


def _place(loc: Loc) -> Loc:
    """Drop what pydantic adds to mark a key rather than its value."""
    return loc[:-1] if loc and loc[-1] == "[key]" else loc


def _sentence(detail: ErrorDetails, model: type[BaseModel]) -> str:
    name = str(detail["loc"][-1]) if detail["loc"] else ""
    if detail["type"] == "extra_forbidden":
        return f"there is no key {name!r} here{nearest(name, _keys(model, detail['loc'][:-1]))}"
    if detail["type"] == "missing":
        return f"the key {name!r} is missing"
    message = detail["msg"].removeprefix("Value error, ").replace("Input should be", "expected")
    if detail["type"] == "value_error" or isinstance(detail["input"], dict | list):
        return message
    return f"{message}, not {detail['input']!r}"


def nearest(name: str, known: list[str]) -> str:
    """Return `; did you mean 'x'?`, or the names there are, where none comes near."""
    close = get_close_matches(name, known, n=1, cutoff=0.6)
    if close:
        return f"; did you mean {close[0]!r}?"
    return f"; known are {', '.join(known)}" if known else ""


def _keys(model: type[BaseModel], loc: Loc) -> list[str]:
    """Return the keys a mapping at `loc` may have, walking the models' annotations."""
    kind: Any = model
    for step in loc:
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
