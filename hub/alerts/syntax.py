"""Reads a compiled CEL condition's syntax tree: its nodes, and which facts it looks at.

The tree comes as a serialized protobuf message (cel.expr.CheckedExpr, wrapped in an Any); the few
field numbers below are from cel-spec's proto/cel/expr/syntax.proto.
"""

import struct
from collections.abc import Iterator, Mapping
from typing import NamedTuple

_VALUE_OF_ANY, _TYPES_OF_CHECKED, _EXPR_OF_CHECKED = 2, 3, 4
_PLAIN_TYPES = (2, 3, 4, 11)
"""null, a primitive, one that may be absent, a type itself: what is no list, map or message."""
_CONSTANT, _IDENT, _SELECT, _CALL, _LIST, _STRUCT, _COMPREHENSION = 3, 4, 5, 6, 7, 8, 9


class Constant(NamedTuple):
    """A value as it is written; None where it is none of yes or no, number and text."""

    value: bool | int | float | str | None


class Field(NamedTuple):
    """A fact of a variable."""

    variable: str
    name: str


class Has(NamedTuple):
    """Whether a fact of a variable is known."""

    variable: str
    name: str


class Call(NamedTuple):
    """An operator, such as `_&&_`, or a function, with what it is applied to."""

    function: str
    arguments: tuple["Node", ...]


class Other(NamedTuple):
    """A loop, a list, or whatever else is read by CEL alone."""


Node = Constant | Field | Has | Call | Other


def parsed(serialized: bytes) -> Node:
    """Return a checked condition as nodes."""
    return _node(_expression(serialized))


def _expression(serialized: bytes) -> bytes:
    checked = _message(serialized)[_VALUE_OF_ANY][0]
    return _message(checked)[_EXPR_OF_CHECKED][0]


def _node(expression: bytes) -> Node:
    parts = _message(expression)
    if _CONSTANT in parts:
        return Constant(_constant(parts[_CONSTANT][0]))
    if _SELECT in parts:
        select = _message(parts[_SELECT][0])
        operand = _message(select[1][0])
        if _IDENT not in operand:
            return Other()
        asks = any(number == 3 and value for number, _, value in _parts(parts[_SELECT][0]))
        kind = Has if asks else Field
        return kind(_text(_message(operand[_IDENT][0]), 1), _text(select, 2))
    if _CALL in parts:
        call = _message(parts[_CALL][0])
        arguments = (*call.get(1, ()), *call.get(3, ()))
        return Call(_text(call, 2), tuple(_node(each) for each in arguments))
    return Other()


def _constant(data: bytes) -> bool | int | float | str | None:
    for number, _, value in _parts(data):
        if number == 2:
            return bool(value)
        if number == 3 and isinstance(value, int):
            return value - 2**64 if value >= 2**63 else value
        if number == 5 and isinstance(value, bytes):
            return float(struct.unpack("<d", value)[0])
        if number == 6 and isinstance(value, bytes):
            return value.decode()
    return None


def references(serialized: bytes) -> frozenset[str]:
    """Return `variable.field` for each fact read; `tickets.kind` for one of a list's elements."""
    return frozenset(_reads(_expression(serialized), {}))


def _reads(expression: bytes, bound: Mapping[str, str]) -> Iterator[str]:
    """Yield what an expression reads; bound: a loop's variable -> the list it runs over."""
    parts = _message(expression)
    if _IDENT in parts:
        name = _text(_message(parts[_IDENT][0]), 1)
        if not name.startswith("@"):
            yield bound.get(name, name)
    elif _SELECT in parts:
        select = _message(parts[_SELECT][0])
        for operand in _reads(select[1][0], bound):
            yield operand if "." in operand else f"{operand}.{_text(select, 2)}"
    elif _CALL in parts:
        call = _message(parts[_CALL][0])
        for argument in (*call.get(1, ()), *call.get(3, ())):
            yield from _reads(argument, bound)
    elif _LIST in parts:
        for element in _message(parts[_LIST][0]).get(1, ()):
            yield from _reads(element, bound)
    elif _STRUCT in parts:
        for entry in _message(parts[_STRUCT][0]).get(2, ()):
            fields = _message(entry)
            for value in (*fields.get(3, ()), *fields.get(4, ())):
                yield from _reads(value, bound)
    elif _COMPREHENSION in parts:
        yield from _over(_message(parts[_COMPREHENSION][0]), bound)


class Called(NamedTuple):
    """A function that is called; loops: how many run around it; constant: its last argument is.

    plain: of each argument, whether it is a number, a text and the like, never a list or a record.
    """

    function: str
    loops: int
    constant: bool
    plain: tuple[bool, ...]


def calls(serialized: bytes) -> Iterator[Called]:
    """Yield every function and operator of a checked condition."""
    checked = _message(serialized)[_VALUE_OF_ANY][0]
    return _calls(_message(checked)[_EXPR_OF_CHECKED][0], 0, _plain(checked))


def _plain(checked: bytes) -> frozenset[int]:
    """Return the ids of expressions whose type is a plain value; what has no type is anything."""
    found = set()
    for entry in _message(checked).get(_TYPES_OF_CHECKED, ()):
        of, kind = 0, b""
        for number, _, value in _parts(entry):
            if number == 1 and isinstance(value, int):
                of = value
            elif number == 2 and isinstance(value, bytes):
                kind = value
        if any(number in _PLAIN_TYPES for number, _, _ in _parts(kind)):
            found.add(of)
    return frozenset(found)


def _id(expression: bytes) -> int:
    return next(
        (value for number, _, value in _parts(expression) if number == 2 and type(value) is int), 0
    )


def _calls(expression: bytes, loops: int, plain: frozenset[int]) -> Iterator[Called]:
    parts = _message(expression)
    inner: list[tuple[bytes, int]] = []
    if _SELECT in parts:
        inner += [(one, loops) for one in _message(parts[_SELECT][0])[1]]
    elif _CALL in parts:
        call = _message(parts[_CALL][0])
        arguments = call.get(3, [])
        constant = bool(arguments) and _CONSTANT in _message(arguments[-1])
        every = (*call.get(1, ()), *arguments)
        yield Called(_text(call, 2), loops, constant, tuple(_id(one) in plain for one in every))
        inner += [(one, loops) for one in every]
    elif _LIST in parts:
        inner += [(one, loops) for one in _message(parts[_LIST][0]).get(1, ())]
    elif _STRUCT in parts:
        for entry in _message(parts[_STRUCT][0]).get(2, ()):
            fields = _message(entry)
            inner += [(one, loops) for one in (*fields.get(3, ()), *fields.get(4, ()))]
    elif _COMPREHENSION in parts:
        loop = _message(parts[_COMPREHENSION][0])
        once, each = (2, 4, 7), (5, 6)
        inner += [(one, loops) for part in once for one in loop.get(part, ())]
        inner += [(one, loops + 1) for part in each for one in loop.get(part, ())]
    for one, depth in inner:
        yield from _calls(one, depth, plain)


def _over(loop: Mapping[int, list[bytes]], bound: Mapping[str, str]) -> Iterator[str]:
    over = list(_reads(loop[2][0], bound))
    yield from over
    inner = {**bound, _text(loop, 1): over[0] if over else "", _text(loop, 3): "@result"}
    for part in (4, 5, 6, 7):
        for expression in loop.get(part, ()):
            yield from (read for read in _reads(expression, inner) if read[:1] not in ("@", ""))


def _text(parts: Mapping[int, list[bytes]], number: int) -> str:
    return parts[number][0].decode()


def _message(data: bytes) -> dict[int, list[bytes]]:
    """Return field number -> its length-delimited values; numbers are passed over."""
    found: dict[int, list[bytes]] = {}
    for number, wire, value in _parts(data):
        if wire == 2 and isinstance(value, bytes):
            found.setdefault(number, []).append(value)
    return found


def _parts(data: bytes) -> Iterator[tuple[int, int, int | bytes]]:
    """Yield field number, wire type and value; fixed widths as their bytes."""
    at = 0
    while at < len(data):
        tag, at = _varint(data, at)
        wire = tag & 7
        if wire == 0:
            value, at = _varint(data, at)
            yield tag >> 3, wire, value
            continue
        size = {1: 8, 5: 4}.get(wire)
        if size is None:
            size, at = _varint(data, at)
        yield tag >> 3, wire, data[at : at + size]
        at += size


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at
