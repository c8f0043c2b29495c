"""Reads a compiled CEL condition's syntax tree: which facts does it look at?

The tree comes as a serialized protobuf message (cel.expr.CheckedExpr, wrapped in an Any); the few
field numbers below are from cel-spec's proto/cel/expr/syntax.proto.
"""

from collections.abc import Iterator, Mapping

_VALUE_OF_ANY, _EXPR_OF_CHECKED = 2, 4
_IDENT, _SELECT, _CALL, _LIST, _STRUCT, _COMPREHENSION = 4, 5, 6, 7, 8, 9


def references(serialized: bytes) -> frozenset[str]:
    """Return `variable.field` for each fact read; `tickets.kind` for one of a list's elements."""
    checked = _message(serialized)[_VALUE_OF_ANY][0]
    expression = _message(checked)[_EXPR_OF_CHECKED][0]
    return frozenset(_reads(expression, {}))


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
    at = 0
    while at < len(data):
        tag, at = _varint(data, at)
        wire = tag & 7
        if wire == 2:
            size, at = _varint(data, at)
            found.setdefault(tag >> 3, []).append(data[at : at + size])
            at += size
        elif wire == 0:
            _, at = _varint(data, at)
        else:
            at += 8 if wire == 1 else 4
    return found


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at
