"""Models: what a record of a stream holds, in types; schema, docs and drift come from them."""

from datetime import date, datetime
from decimal import Decimal
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, ClassVar, Union, get_args, get_origin
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainValidator, ValidationError


class _FreeText:
    """Marks a field of free text, which may hold anything about anybody."""


FREE_TEXT = _FreeText()
FreeText = Annotated[str | None, FREE_TEXT]
"""A field of free text: it is not kept unless the connection asks for it."""


class Model(BaseModel):
    """One object of a source. Fields it does not name are kept and reported as new once.

    A field is optional by its type (`str | None`); one that is missing counts as null. also: more
    names of the source's fields, apart by blanks, that are known and not worth a line each.
    """

    model_config = ConfigDict(extra="allow", frozen=True, populate_by_name=True, defer_build=True)
    also: ClassVar[str] = ""

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:
        changed = False
        for field in cls.model_fields.values():
            if field.is_required() and _takes_none(field.annotation):
                field.default, changed = None, True
        if changed and cls.__pydantic_complete__:  # else it is built where it is first used
            cls.model_rebuild(force=True)


def field_names(model: type[Model]) -> dict[str, str]:
    """Return the names fields have in the source, by those they have in the model."""
    return {name: field.alias or name for name, field in model.model_fields.items()}


@cache
def known_fields(model: type[Model]) -> frozenset[str]:
    """Return the names of the source's fields that the model knows."""
    return frozenset([*field_names(model).values(), *model.also.split()])


@cache
def free_text_fields(model: type[Model]) -> frozenset[str]:
    """Return the names of the source's fields that hold free text."""
    return frozenset(
        field.alias or name
        for name, field in model.model_fields.items()
        if FREE_TEXT in field.metadata or FREE_TEXT in _metadata(field.annotation)
    )


def _metadata(annotation: Any) -> list[Any]:
    if get_origin(annotation) is Annotated:
        return list(get_args(annotation)[1:])
    if get_origin(annotation) in (Union, UnionType):
        return [mark for each in get_args(annotation) for mark in _metadata(each)]
    return []


def field_type(model: type[BaseModel], path: str) -> Any:
    """Return the type of a field by its path in the source, without None; None for no field."""
    found = _annotation(model, path)
    return None if found is None else _without_none(found)


def knows(model: type[BaseModel], path: str) -> bool:
    """Return whether a model has a field at a path, or something there that may hold any."""
    name, _, rest = path.partition(".")
    if name not in _names(model):
        return False
    inner = _without_none(_annotation(model, name))
    return knows(inner, rest) if rest and _is_model(inner) else True


def _names(model: type[BaseModel]) -> set[str]:
    also = model.also.split() if issubclass(model, Model) else []
    return {field.alias or name for name, field in model.model_fields.items()} | set(also)


def is_nullable(model: type[BaseModel], path: str) -> bool:
    """Return whether a field may be null or missing; True for one the model does not know."""
    name, _, rest = path.partition(".")
    found = _annotation(model, name)
    if found is None or _takes_none(found):
        return True
    inner = _without_none(found)
    if not rest or not _is_model(inner):
        return bool(rest)
    return is_nullable(inner, rest)


def _annotation(model: type[BaseModel], path: str) -> Any:
    """Return what stands in the model at a path, None where it says nothing of it."""
    name, _, rest = path.partition(".")
    for own, field in model.model_fields.items():
        if (field.alias or own) == name:
            if not rest:
                return field.annotation
            inner = _without_none(field.annotation)
            return _annotation(inner, rest) if _is_model(inner) else None
    return None


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _takes_none(annotation: Any) -> bool:
    return annotation in (Any, NoneType) or NoneType in get_args(annotation)


def _without_none(annotation: Any) -> Any:
    if get_origin(annotation) in (Union, UnionType):
        others = [each for each in get_args(annotation) if each is not NoneType]
        return others[0] if len(others) == 1 else annotation
    return annotation


def seen_as(model: type[Model], data: dict[str, Any]) -> Model:
    """Return a record as its model has it; one that differs keeps what was sent, as it was sent."""
    try:
        return model.model_validate(data)
    except ValidationError:
        found = {name: data.get(alias) for name, alias in field_names(model).items()}
        return model.model_construct(**found)


def differences(model: type[Model], data: dict[str, Any]) -> dict[str, str]:
    """Return how a record differs from its model: field -> what was expected and came.

    Never a value: what came is told by its type. What a text says (a date, a number) is the
    mapping's affair.
    """
    found: dict[str, str] = {}
    checks = _checks(model)
    for name, (kinds, nullable, expected) in checks.items():
        value = data.get(name)
        if value is None:
            if not nullable:
                found[name] = f"expected {expected}, got {'null' if name in data else 'nothing'}"
        elif kinds is not None and type(value) not in kinds:
            found[name] = f"expected {expected}, got {type_name(value)}"
    if len(data) > len(checks) or not data.keys() <= checks.keys():
        for name in data.keys() - checks.keys():
            found[name] = f"new: {type_name(data[name])}"
    return found


_JSON_TYPES: dict[Any, frozenset[type]] = {
    bool: frozenset({bool}),
    int: frozenset({int}),
    float: frozenset({int, float}),
    str: frozenset({str}),
    Decimal: frozenset({int, float, str}),
    datetime: frozenset({int, float, str}),
    date: frozenset({str}),
    UUID: frozenset({str}),
    list: frozenset({list}),
    tuple: frozenset({list}),
    dict: frozenset({dict}),
}


@cache
def _checks(model: type[Model]) -> dict[str, tuple[frozenset[type] | None, bool, str]]:
    """Return what JSON may hold for each field: its types (None: any), nullable, its name."""
    checks = {}
    for name in known_fields(model):
        kind = field_type(model, name)
        outer = get_origin(kind) or kind
        kinds = _JSON_TYPES.get(outer)
        if isinstance(outer, type) and issubclass(outer, BaseModel):
            kinds = _JSON_TYPES[dict]
        if _reads_itself(model, name):
            kinds = None
        checks[name] = (kinds, is_nullable(model, name), str(getattr(kind, "__name__", kind)))
    return checks


@cache
def what_fits(model: type[Model]) -> str:
    """Return a text that is another one where other records fit the model."""
    said = {
        name: (sorted(kind.__name__ for kind in kinds or ()), kinds is None, *rest)
        for name, (kinds, *rest) in sorted(_checks(model).items())
    }
    return repr(said)


def _reads_itself(model: type[Model], source_name: str) -> bool:
    """Return whether a field has a validator of its own, which may take anything."""
    for name, field in model.model_fields.items():
        if (field.alias or name) == source_name:
            return any(
                isinstance(mark, BeforeValidator | PlainValidator) for mark in field.metadata
            )
    return False


def type_name(value: Any) -> str:
    """Return the JSON type of a value in a word."""
    if value is None:
        return "null"
    words = {bool: "boolean", int: "number", float: "number", str: "text", list: "list"}
    return words.get(type(value), "object")
