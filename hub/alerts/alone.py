"""Makes one function of all tests of a subject: how a sieve asks a million of them.

A test asks for facts, `told['status']`, and each is worked out by a function of its own. Here each
stands as what it is read from, `found.get('status')`, wherever that is of the fact's type as it is;
else it is read as always.
"""

import ast
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from math import inf
from typing import Any

from hub.alerts.facts import FILLED, MOST, Knowledge
from hub.alerts.model import MOST_TEXT, SUBJECTS, TYPES
from hub.alerts.moment import Moment
from hub.alerts.observation import Found
from hub.alerts.pace import holds
from hub.alerts.prefilter import NAMES, Test
from hub.alerts.ways import WAYS

Look = Callable[[Found, str, Knowledge, Moment], float]
"""Returns for how many days all conditions are surely false of an observation of whom has an id."""
_FITS: Mapping[type, str] = {
    str: f"type(value) is str and len(value) <= {MOST_TEXT}",
    int: f"type(value) is int and {-MOST} <= value <= {MOST}",
    float: "type(value) is float",
    bool: "type(value) is bool",
}


def look_of(subject: str, tests: Sequence[Test | None], known: Knowledge) -> Look:
    """Return what runs these tests on subjects of a kind; one that is missing is never false."""
    if None in tests:
        return _never
    texts = tuple(one.text for one in tests if one is not None)
    return _compiled(subject, texts, frozenset(known.sources)) if texts else _always


def _never(*_: Any) -> float:
    return 0.0


def _always(*_: Any) -> float:
    return inf


@lru_cache(maxsize=256)
def _compiled(subject: str, texts: tuple[str, ...], kinds: frozenset[str]) -> Look:
    """Return the function. kinds: of records that are known, on which it hangs what facts are."""
    plan = Knowledge(dict.fromkeys(kinds, ())).plans[subject]
    writing = _Writing(subject, {name: is_filled for name, (_, is_filled) in plan.items()})
    tests = [ast.unparse(writing.visit(ast.parse(text, mode="eval"))) for text in texts]
    unread = " = ".join(["full", *sorted(writing.kept)])
    lines = ["def look(found, name, known, at):", f"    {unread} = ...", "    shortest = inf"]
    for test in tests:
        lines += [
            f"    days = {test}",
            "    if days < shortest:",
            "        if not days: return days",
            "        shortest = days",
        ]
    names = {"read": {name: read for name, (read, _) in plan.items()}, "fill": FILLED.get(subject)}
    space: dict[str, Any] = {"__builtins__": {}, **NAMES, **names, "holds": holds, "len": len}
    exec("\n".join([*lines, "    return shortest"]), space)
    made: Look = space["look"]
    return made


class _Writing(ast.NodeTransformer):
    """Writes facts as what they are read from. plan: those that can be known -> whether that has to
    be filled in before; kept: the variables that keep them, once they were asked for."""

    def __init__(self, subject: str, plan: Mapping[str, bool]) -> None:
        self.kept: set[str] = set()
        self._subject, self._plan = subject, plan

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        assert isinstance(node.slice, ast.Constant)
        fact = str(node.slice.value)
        if fact == "id":
            return _expression("name")
        if fact not in self._plan:
            return _expression("None")
        kept = f"fact_{fact}"
        self.kept.add(kept)
        return _expression(f"{kept} if {kept} is not ... else ({kept} := {self._read(fact)})")

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if not isinstance(node.func, ast.Attribute):
            return self.generic_visit(node)
        days = [f"holds({self._subject!r}, {ast.unparse(one)}, found, at)" for one in node.args]
        return _expression(days[0] if len(days) == 1 else f"min({', '.join(days)})")

    def _read(self, fact: str) -> str:
        way = WAYS[self._subject][fact]
        if self._plan[fact] and self._subject in FILLED:
            full = "(full if full is not ... else (full := fill(found, known, at)))"
            return f"read[{fact!r}]({full}, at)"
        if way.how is not None:
            return f"read[{fact!r}](found, at)"
        value = f"found.get({way.of!r}, {way.otherwise!r})"
        fits = _FITS[TYPES[SUBJECTS[self._subject][fact]]]
        plain = f"value if (value := {value}) is None or {fits} else read[{fact!r}](found, at)"
        if not way.unclear:
            return plain
        unclear = " or ".join(f"found.get({part!r})" for part in way.unclear)
        return f"None if {unclear} else ({plain})"


def _expression(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body
