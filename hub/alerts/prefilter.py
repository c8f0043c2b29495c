"""Finds a condition false without CEL, where facts of the subject alone make it so.

A test decides only what CEL would decide alike, and only where CEL would get there before it ran a
loop, which may break off. The arithmetic is CEL's: whole numbers stay within 64 bits and do not
mix with fractions.
"""

import operator
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from hub.alerts import syntax
from hub.alerts.syntax import Call, Constant, Field, Has, Node

Told = Mapping[str, Any]
"""Fact -> value; asked for one that is not known it gives None and does not raise."""
Test = Callable[[Told], bool | None]
"""None where CEL must be asked."""
Operand = Callable[[Told], Any]
Params = Mapping[str, bool | int | float | str]

LARGEST = 2**63 - 1
_ORDER: Mapping[str, Callable[[Any, Any], bool]] = {
    "_<_": operator.lt,
    "_<=_": operator.le,
    "_>_": operator.gt,
    "_>=_": operator.ge,
}
_EQUALITY: Mapping[str, Callable[[Any, Any], bool]] = {"_==_": operator.eq, "_!=_": operator.ne}
_ARITHMETIC: Mapping[str, Callable[[Any, Any], Any]] = {
    "_+_": operator.add,
    "_-_": operator.sub,
    "_*_": operator.mul,
}
_CHEAP = {"_&&_", "_||_", "!_", "_/_", "-_", "double", *_ORDER, *_EQUALITY, *_ARITHMETIC}


def prefilter(tree: bytes, subject: str, params: Params) -> Test | None:
    """Return a test of a checked condition; None where it never decides without CEL."""
    return _test(syntax.parsed(tree), subject, params)


def _test(node: Node, subject: str, params: Params) -> Test | None:
    if isinstance(node, Constant):
        value = node.value
        return (lambda _: value) if isinstance(value, bool) else None
    if isinstance(node, Has):
        name = node.name
        return (lambda told: told[name] is not None) if node.variable == subject else None
    if isinstance(node, Call):
        return _call(node, subject, params)
    truth = _operand(node, subject, params)
    return _truth(truth) if truth else None


def _constant(node: Node, params: Params) -> Any:
    """Return what a node is whatever the facts are; None where it hangs on them."""
    if isinstance(node, Field):
        return params.get(node.name) if node.variable == "params" else None
    return node.value if isinstance(node, Constant) else None


def _truth(operand: Operand) -> Test:
    def test(told: Told) -> bool | None:
        value = operand(told)
        return value if isinstance(value, bool) else None

    return test


def _call(node: Call, subject: str, params: Params) -> Test | None:
    if node.function in ("_&&_", "_||_"):
        return _joined(node, subject, params)
    if node.function == "!_":
        inner = _test(node.arguments[0], subject, params)
        return _opposite(inner) if inner else None
    compare = _ORDER.get(node.function) or _EQUALITY.get(node.function)
    if compare is None:
        return None
    left, right = (_operand(each, subject, params) for each in node.arguments)
    if left is None or right is None:
        return None
    kinds = (int, float) if node.function in _ORDER else (int, float, str, bool)
    fact, value = node.arguments[0], _constant(node.arguments[1], params)
    if isinstance(fact, Field) and fact.variable == subject and type(value) in kinds:
        return _with_constant(fact.name, compare, value)
    return _comparison(compare, left, right, kinds)


def _opposite(inner: Test) -> Test:
    def test(told: Told) -> bool | None:
        value = inner(told)
        return None if value is None else not value

    return test


def _joined(node: Call, subject: str, params: Params) -> Test | None:
    """Both, or either: what one side decides alone stands, whatever the other is.

    CEL goes from left to right: a loop on the left that is not decided may break off first.
    """
    parts = list(_parts(node, node.function))
    steps = [(_test(part, subject, params), _cheap(part)) for part in parts]
    if not any(step for step, _ in steps):
        return None
    settles = node.function == "_||_"

    def test(told: Told) -> bool | None:
        open_ = False
        for step, goes_on in steps:
            value = step(told) if step else None
            if value is settles:
                return settles
            if value is None:
                if not goes_on:
                    return None
                open_ = True
        return None if open_ else not settles

    return test


def _parts(node: Node, function: str) -> Iterator[Node]:
    """Yield what is joined by one operator, however the brackets stand."""
    if isinstance(node, Call) and node.function == function:
        for each in node.arguments:
            yield from _parts(each, function)
    else:
        yield node


def _cheap(node: Node) -> bool:
    """Say whether nothing in an expression can break off: no loop, and no call but the known."""
    if isinstance(node, Call):
        return node.function in _CHEAP and all(_cheap(each) for each in node.arguments)
    return isinstance(node, Constant | Has | Field)


def _comparison(
    compare: Callable[[Any, Any], bool], left: Operand, right: Operand, kinds: tuple[type, ...]
) -> Test:
    def test(told: Told) -> bool | None:
        one, other = left(told), right(told)
        alike = type(one) is type(other) and type(one) in kinds
        return compare(one, other) if alike else None

    return test


def _with_constant(name: str, compare: Callable[[Any, Any], bool], value: Any) -> Test:
    """Compare a fact of the subject with what never changes: most of what rules ask is that."""
    kind = type(value)

    def test(told: Told) -> bool | None:
        one = told[name]
        return compare(one, value) if type(one) is kind else None

    return test


def _operand(node: Node, subject: str, params: Params) -> Operand | None:
    if isinstance(node, Constant):
        value: Any = node.value
        return lambda _: value
    if isinstance(node, Field):
        name = node.name
        if node.variable == subject:
            return lambda told: told[name]
        value = params.get(name) if node.variable == "params" else None
        return (lambda _: value) if value is not None else None
    if not isinstance(node, Call) or node.function not in _CHEAP:
        return None
    parts = [_operand(each, subject, params) for each in node.arguments]
    operands = [each for each in parts if each is not None]
    return _computed(node.function, operands) if len(operands) == len(parts) else None


def _computed(function: str, operands: list[Operand]) -> Operand | None:
    if function == "double":
        return lambda told: _fraction(operands[0](told))
    if function == "-_":
        return lambda told: _bounded(_negative(operands[0](told)))
    if function == "_/_":
        return lambda told: _ratio(operands[0](told), operands[1](told))
    compute = _ARITHMETIC.get(function)
    if compute is None:
        return None

    def result(told: Told) -> Any:
        one, other = operands[0](told), operands[1](told)
        alike = type(one) is type(other) and type(one) in (int, float)
        return _bounded(compute(one, other)) if alike else None

    return result


def _fraction(value: Any) -> float | None:
    return float(value) if type(value) in (int, float) else None


def _negative(value: Any) -> Any:
    return -value if type(value) in (int, float) else None


def _ratio(one: Any, other: Any) -> float | None:
    """Divide fractions; whole numbers and zero are CEL's."""
    return one / other if type(one) is type(other) is float and other else None


def _bounded(value: Any) -> Any:
    return None if type(value) is int and not -LARGEST - 1 <= value <= LARGEST else value
