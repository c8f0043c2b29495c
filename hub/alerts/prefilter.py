"""Finds for how long a condition is surely false without CEL, by facts of the subject alone.

A test decides only what CEL would decide alike, and only where CEL would get there before it ran a
loop, which may break off. The arithmetic is CEL's: whole numbers stay within 64 bits and do not
mix with fractions.

How long it stays so is told by what time makes of each fact: an invoice that is eleven days from
being so late as a rule asks for is none of that rule's for eleven days. It is never told too long.

A test is written as one Python expression and compiled: a sweep asks a million subjects, and a
function for each operator took three times as long. Nothing of a rule's text goes into it but names
of facts and constants, each as Python writes it.
"""

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf, isfinite
from typing import Any, NamedTuple, Protocol

from hub.alerts import syntax
from hub.alerts.pace import Pace, pace
from hub.alerts.syntax import Call, Constant, Field, Has, Node


class Told(Protocol):
    """Facts of a subject; one that is not known is None, and asking for it does not raise."""

    def __getitem__(self, fact: str, /) -> Any: ...

    def holds(self, *facts: str) -> float:
        """Return for how many days facts stay as they are at the least."""


@dataclass(frozen=True, slots=True)
class Test:
    """Tells for how many days, today among them, a condition is surely false while the records stay
    as they are, at the least. 0: CEL must be asked. Less than 1: it is now, and perhaps not all
    day.

    text: an expression of `told` and `NAMES`; run: the same, ready to be called.
    """

    text: str
    run: Callable[[Told], float]

    def __call__(self, told: Told) -> float:
        return self.run(told)


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


class _Span(NamedTuple):
    """How long something surely is so, as two Python expressions.

    always: whether it is while the records stay as they are; days: for how many days, where not.
    """

    always: str = "False"
    days: str = "0"

    @property
    def whole(self) -> str:
        """Both in one expression."""
        if self.always == "False":
            return self.days
        return f"(inf if {self.always} else {self.days})"


_NEVER = _Span()


class _Sides(NamedTuple):
    """How long a part of a condition is surely true, and surely false.

    Where it is neither, CEL must be asked. Both may be `_NEVER`: nothing is ever decided.
    """

    true: _Span
    false: _Span


_OPEN = _Sides(_NEVER, _NEVER)


def prefilter(tree: bytes, subject: str, params: Params) -> Test | None:
    """Return a test of a checked condition; None where it never decides without CEL."""
    span = _sides(syntax.parsed(tree), subject, params).false
    if span == _NEVER:
        return None
    return Test(span.whole, eval(f"lambda told: {span.whole}", {"__builtins__": {}, **NAMES}))


def _sides(node: Node, subject: str, params: Params) -> _Sides:
    if isinstance(node, Has):
        if node.variable != subject:
            return _OPEN
        fact = f"told[{node.name!r}] is"
        return _Sides(_Span(f"{fact} not None"), _Span(f"{fact} None"))
    if isinstance(node, Call):
        if node.function in ("_&&_", "_||_"):
            return _joined(node, subject, params)
        if node.function == "!_":
            inner = _sides(node.arguments[0], subject, params)
            return _Sides(inner.false, inner.true)
        return _compared(node, subject, params) if node.function in _SIGNS else _OPEN
    value = _operand(node, subject, params)
    if value is None:
        return _OPEN
    return _lasting(f"{value} is True", f"{value} is False", subject, node)


def _joined(node: Call, subject: str, params: Params) -> _Sides:
    """Both, or either: what one side decides alone stands, whatever the other is.

    CEL goes from left to right: a loop on the left that is not decided may break off first.
    """
    both = node.function == "_&&_"
    together: list[_Span] = []
    alone: list[_Span] = []
    for part in reversed(list(_parts(node, node.function))):
        true, false = _sides(part, subject, params)
        settles, goes_on = (false, true) if both else (true, false)
        together.insert(0, goes_on)
        after = alone if _cheap(part) else [_all([goes_on, _any(alone)])]
        alone = [settles, *after]
    return _Sides(_all(together), _any(alone)) if both else _Sides(_any(alone), _all(together))


def _any(spans: Sequence[_Span]) -> _Span:
    """Return how long one of several is so: as long as the longest."""
    always = [f"({one.always})" for one in spans if one.always != "False"]
    days = [one.days for one in spans if one.days != "0"]
    longest = days[0] if len(days) == 1 else f"max({', '.join(days)})"
    return _Span(" or ".join(always) or "False", longest if days else "0")


def _all(spans: Sequence[_Span]) -> _Span:
    """Return how long several are so at once: as long as the shortest."""
    if _NEVER in spans:
        return _NEVER
    still = " and ".join(f"({one.always})" for one in spans if one.days == "0")
    days = [one.whole for one in spans if one.days != "0"]
    if not days:
        return _Span(still)
    every = " and ".join(f"({one.always})" for one in spans)
    always = "False" if any(one.always == "False" for one in spans) else every
    days += [f"(inf if {still} else 0)"] if still else []
    return _Span(always, days[0] if len(days) == 1 else f"min({', '.join(days)})")


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
        moves = pace(subject, fact.name)
        if type(value) is int and node.function in _ORDER and moves in (Pace.RISES, Pace.FALLS):
            return _crossed(left, sign, value, rises=moves is Pace.RISES)
    else:
        names = "ordered" if node.function in _ORDER else "comparable"
        alike, holds = f"{names}(one := {left}, other := {right})", f"one {sign} other"
    return _lasting(f"{alike} and {holds}", f"{alike} and not {holds}", subject, node)


def _crossed(fact: str, sign: str, value: int, *, rises: bool) -> _Sides:
    """Return for how long a fact that moves by one a day is on either side of a whole number."""
    edge = value if sign in (">=", "<") else value + 1  # the first number of the upper side
    one = f"type(one := {fact}) is int and one"
    above, below = _Span(f"{one} >= {edge}"), _Span(f"{one} < {edge}")
    if rises:
        below = _Span(days=f"({edge} - one if {below.always} else 0)")
    else:
        above = _Span(days=f"(one - {edge - 1} if {above.always} else 0)")
    return _Sides(above, below) if sign in (">=", ">") else _Sides(below, above)


def _lasting(true: str, false: str, subject: str, node: Node) -> _Sides:
    """Return two conditions on facts of a node with how long those facts stay as they are."""
    moving = sorted({one for one in _facts(node, subject) if pace(subject, one) is not Pace.STILL})
    if not moving:
        return _Sides(_Span(true), _Span(false))
    days = f"told.holds({', '.join(map(repr, moving))})"
    return _Sides(*(_Span(days=f"({days} if {each} else 0)") for each in (true, false)))


def _facts(node: Node, subject: str) -> Iterator[str]:
    """Yield the facts of the subject that an expression is made of."""
    if isinstance(node, Field) and node.variable == subject:
        yield node.name
    elif isinstance(node, Call):
        for each in node.arguments:
            yield from _facts(each, subject)


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
NAMES: Mapping[str, Any] = {
    "type": type,
    "min": min,
    "max": max,
    "inf": inf,
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
"""What tests call by name."""
