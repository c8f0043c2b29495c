"""Finds a condition false without CEL, where facts of the subject alone make it so.

A test decides only what CEL would decide alike, and only where CEL would get there before it ran a
loop, which may break off. The arithmetic is CEL's: whole numbers stay within 64 bits and do not
mix with fractions.

A test is written as one Python expression and compiled: a sweep asks a million subjects, and a
function for each operator took three times as long. Nothing of a rule's text goes into it but names
of facts and constants, each as Python writes it.
"""

import operator
from collections.abc import Callable, Iterator, Mapping
from math import isfinite
from typing import Any, NamedTuple

from hub.alerts import syntax
from hub.alerts.syntax import Call, Constant, Field, Has, Node

Told = Mapping[str, Any]
"""Fact -> value; asked for one that is not known it gives None and does not raise."""
Test = Callable[[Told], bool | None]
"""None where CEL must be asked."""
Params = Mapping[str, bool | int | float | str]

LARGEST = 2**63 - 1
_ORDER: Mapping[str, str] = {"_<_": "<", "_<=_": "<=", "_>_": ">", "_>=_": ">="}
_EQUALITY: Mapping[str, str] = {"_==_": "==", "_!=_": "!="}
_SIGNS = {**_ORDER, **_EQUALITY}
_ARITHMETIC: Mapping[str, Callable[[Any, Any], Any]] = {
    "_+_": operator.add,
    "_-_": operator.sub,
    "_*_": operator.mul,
}
_CHEAP = {"_&&_", "_||_", "!_", "_/_", "-_", "double", *_SIGNS, *_ARITHMETIC}


class _Sides(NamedTuple):
    """Two Python expressions: a part of a condition is surely true, and it is surely false.

    Where neither holds, CEL must be asked. Both may be "False": nothing is ever decided.
    """

    true: str
    false: str


_OPEN = _Sides("False", "False")


def prefilter(tree: bytes, subject: str, params: Params) -> Test | None:
    """Return a test of a checked condition; None where it never decides without CEL."""
    sides = _sides(syntax.parsed(tree), subject, params)
    if sides == _OPEN:
        return None
    text = f"lambda told: False if {sides.false} else True if {sides.true} else None"
    test: Test = eval(text, {"__builtins__": {"type": type}, **_NAMES})
    return test


def _sides(node: Node, subject: str, params: Params) -> _Sides:
    if isinstance(node, Has):
        fact = f"told[{node.name!r}] is"
        return _Sides(f"{fact} not None", f"{fact} None") if node.variable == subject else _OPEN
    if isinstance(node, Call):
        if node.function in ("_&&_", "_||_"):
            return _joined(node, subject, params)
        if node.function == "!_":
            inner = _sides(node.arguments[0], subject, params)
            return _Sides(inner.false, inner.true)
        return _compared(node, subject, params) if node.function in _SIGNS else _OPEN
    value = _operand(node, subject, params)
    return _Sides(f"{value} is True", f"{value} is False") if value else _OPEN


def _joined(node: Call, subject: str, params: Params) -> _Sides:
    """Both, or either: what one side decides alone stands, whatever the other is.

    CEL goes from left to right: a loop on the left that is not decided may break off first.
    """
    both = node.function == "_&&_"
    every, alone = [], "False"
    for part in reversed(list(_parts(node, node.function))):
        true, false = _sides(part, subject, params)
        settles, goes_on = (false, true) if both else (true, false)
        every.append(goes_on)
        after = alone if _cheap(part) else _both(goes_on, alone)
        alone = _either(settles, after)
    together = "False" if "False" in every else " and ".join(f"({one})" for one in every[::-1])
    return _Sides(together, alone) if both else _Sides(alone, together)


def _either(one: str, other: str) -> str:
    return other if one == "False" else one if other == "False" else f"({one}) or ({other})"


def _both(one: str, other: str) -> str:
    return "False" if "False" in (one, other) else f"({one}) and ({other})"


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


def _compared(node: Call, subject: str, params: Params) -> _Sides:
    left, right = (_operand(each, subject, params) for each in node.arguments)
    if left is None or right is None:
        return _OPEN
    sign = _SIGNS[node.function]
    kinds = (int, float) if node.function in _ORDER else (int, float, str, bool)
    fact, value = node.arguments[0], _constant(node.arguments[1], params)
    if isinstance(fact, Field) and fact.variable == subject and type(value) in kinds:
        # Most of what rules ask: a fact against what never changes.
        alike, holds = f"type(one := {left}) is {type(value).__name__}", f"one {sign} {right}"
        return _Sides(f"{alike} and {holds}", f"{alike} and not {holds}")
    names = "ordered" if node.function in _ORDER else "comparable"
    alike, holds = f"{names}(one := {left}, other := {right})", f"one {sign} other"
    return _Sides(f"{alike} and {holds}", f"{alike} and not {holds}")


def _constant(node: Node, params: Params) -> Any:
    """Return what a node is whatever the facts are; None where it hangs on them."""
    if isinstance(node, Field):
        return params.get(node.name) if node.variable == "params" else None
    return node.value if isinstance(node, Constant) else None


def _operand(node: Node, subject: str, params: Params) -> str | None:
    """Return the expression of a value, None where facts of others are needed for it."""
    if isinstance(node, Field) and node.variable == subject:
        return f"told[{node.name!r}]"
    if isinstance(node, Constant | Field):
        value = _constant(node, params)
        return None if value is None and isinstance(node, Field) else _written(value)
    if not isinstance(node, Call) or node.function not in _COMPUTED:
        return None
    parts = [_operand(each, subject, params) for each in node.arguments]
    known = [each for each in parts if each is not None]
    if len(known) < len(parts):
        return None
    return f"{_COMPUTED[node.function]}({', '.join(known)})"


def _written(value: Any) -> str:
    """Return a constant as Python writes it."""
    assert value is None or type(value) in (bool, int, float, str)
    if type(value) is float and not isfinite(value):
        return f"double({str(value)!r})"
    return repr(value)


def _ordered(one: Any, other: Any) -> bool:
    return type(one) is type(other) and type(one) in (int, float)


def _comparable(one: Any, other: Any) -> bool:
    return type(one) is type(other) and type(one) in (int, float, str, bool)


def _arithmetic(compute: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    return lambda one, other: _bounded(compute(one, other)) if _ordered(one, other) else None


def _fraction(value: Any) -> float | None:
    return float(value) if type(value) in (int, float) else None


def _negative(value: Any) -> Any:
    return _bounded(-value) if type(value) in (int, float) else None


def _ratio(one: Any, other: Any) -> float | None:
    """Divide fractions; whole numbers and zero are CEL's."""
    return one / other if type(one) is type(other) is float and other else None


def _bounded(value: Any) -> Any:
    return None if type(value) is int and not -LARGEST - 1 <= value <= LARGEST else value


_COMPUTED: Mapping[str, str] = {
    "double": "fraction",
    "-_": "negative",
    "_/_": "ratio",
    "_+_": "add",
    "_-_": "sub",
    "_*_": "mul",
}
_NAMES: Mapping[str, Any] = {
    "int": int,
    "float": float,
    "str": str,
    "bool": bool,
    "double": float,
    "ordered": _ordered,
    "comparable": _comparable,
    "fraction": _fraction,
    "negative": _negative,
    "ratio": _ratio,
    **{compute.__name__: _arithmetic(compute) for compute in _ARITHMETIC.values()},
}
"""What tests call by name, beside `type`."""
