"""Why a rule is true: which of its parts hold, and whose facts they look at.

`a && (b || c)` is true for a and for b, say, and not for c: somebody who reads the alert is told a
and b. Of `projects.exists(p, ...)` they are told those projects for which it holds.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import Any, NamedTuple

import msgspec

from hub.alerts.cel import Condition, ConditionError, Params, compile_condition
from hub.alerts.model import LISTS
from hub.alerts.syntax import Has, parsed
from hub.model.alert import Verdict
from hub.model.fact import FactValue

_TOKEN = re.compile(
    r"""[rR]?(?:\"{3}.*?\"{3}|'{3}.*?'{3}|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')"""
    r"""|//[^\n]*|\|\||&&|[()\[\]{}?]|[^()\[\]{}?|&"'/rR]+|.""",
    re.DOTALL,
)
_encode = msgspec.msgpack.Encoder().encode
_OR, _AND = "||", "&&"
MOST_REMEMBERED = 2_000
"""Answers of one condition that are kept."""
NOISE = frozenset({"id"})
"""Facts that say which thing it is, not how it is with it."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A condition, and what it is made of.

    joined: by `&&` or `||`, or "" where it is one part; mute: it only asks whether a fact is known.
    """

    condition: Condition
    joined: str = ""
    parts: tuple["Clause", ...] = ()
    mute: bool = False


class Parts:
    """A condition that is taken apart when it is first asked why it is true: most never are.

    What it said of the same facts is remembered: an alert that stands is looked at in each sweep.
    """

    def __init__(self, condition: Condition, params: Params) -> None:
        self._condition, self._params = condition, params
        self._said: dict[bytes, list[Reason]] = {}

    @cached_property
    def clause(self) -> Clause:
        """The condition and what it is made of."""
        return clauses(self._condition, self._params)

    def grounds(self, facts: Mapping[str, Any], *, raises: bool = False) -> list["Reason"]:
        """Return the parts that make the condition true of variable -> facts."""
        key = blake2b(_encode((raises, facts)), digest_size=16).digest()
        said = self._said.get(key)
        if said is None:
            if len(self._said) >= MOST_REMEMBERED:
                self._said.clear()
            said = self._said[key] = grounds(self.clause, facts, raises=raises)
        return said


class About(NamedTuple):
    """Facts that were looked at. variable: `ticket`, `projects`; position: in a list, from 0."""

    variable: str
    position: int | None
    facts: Mapping[str, FactValue]


class Reason(NamedTuple):
    """A part that is true. none: lists found empty; raises: it only makes the rule weigh more."""

    text: str
    about: tuple[About, ...]
    none: tuple[str, ...] = ()
    raises: bool = False


def clauses(condition: Condition, params: Params) -> Clause:
    """Return a condition taken apart; in one part where a piece cannot stand alone."""
    try:
        return _clause(condition, params)
    except ConditionError:
        return Clause(condition)


def _clause(condition: Condition, params: Params) -> Clause:
    for joined in (_OR, _AND):
        pieces = _split(condition.text, joined)
        if len(pieces) > 1:
            parts = tuple(_clause(compile_condition(one, params), params) for one in pieces)
            return Clause(condition, joined, parts)
    return Clause(condition, mute=isinstance(parsed(condition.tree), Has))


def _split(text: str, operator: str) -> list[str]:
    """Return what an operator joins, outside of any bracket; the text alone where it joins none."""
    pieces: list[list[str]] = [[]]
    depth = 0
    for token in _TOKEN.findall(_bare(text)):
        if token.startswith("//"):
            continue
        depth += (token in "([{") - (token in ")]}")
        if not depth and token == "?":
            return [text]
        if not depth and token == operator:
            pieces.append([])
        else:
            pieces[-1].append(token)
    return [_bare("".join(piece)) for piece in pieces]


def _bare(text: str) -> str:
    """Return a condition without brackets around all of it, in one line."""
    text = " ".join(text.split()) if "//" not in text else text.strip()
    while text.startswith("(") and text.endswith(")"):
        depth = 0
        for at, token in _placed(text):
            depth += (token in "([{") - (token in ")]}")
            if not depth and at < len(text) - 1:
                return text
        text = text[1:-1].strip()
    return text


def _placed(text: str) -> Iterator[tuple[int, str]]:
    for found in _TOKEN.finditer(text):
        yield found.start(), found[0]


def grounds(clause: Clause, facts: Mapping[str, Any], *, raises: bool = False) -> list[Reason]:
    """Return the parts that make a condition true; none where it is not.

    facts: variable -> facts, `params` among them, as the rule was run on.
    """
    if clause.mute or clause.condition.run(facts).verdict is not Verdict.TRUE:
        return []
    if clause.joined:
        return [one for part in clause.parts for one in grounds(part, facts, raises=raises)]
    about: list[About] = []
    none: list[str] = []
    for variable, names in sorted(_read(clause.condition.reads).items()):
        known = facts.get(variable)
        if variable == "params" or known is None:
            continue
        if variable not in LISTS:
            chosen = _chosen(known, names)
            about += [About(variable, None, chosen)] if chosen else []
            continue
        meant = _meant(clause.condition, facts, variable)
        about += [About(variable, at, _chosen(known[at], names)) for at in meant]
        none += [] if known else [variable]
    return [Reason(clause.condition.text, tuple(about), tuple(none), raises)]


def _meant(condition: Condition, facts: Mapping[str, Any], variable: str) -> Sequence[int]:
    """Return the elements of a list that a true condition is true by.

    Where it is true of an empty list, too, it says that none is so; and where no element alone
    makes it true, it counts: all are meant.
    """
    every = range(len(facts[variable]))

    def true_of(elements: Sequence[Any]) -> bool:
        return condition.run({**facts, variable: elements}).verdict is Verdict.TRUE

    if not every or true_of([]):
        return every
    return [at for at in every if true_of([facts[variable][at]])] or every


def _read(reads: frozenset[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for read in sorted(reads):
        variable, _, name = read.partition(".")
        found.setdefault(variable, [])
        if name and name not in NOISE:
            found[variable].append(name)
    return found


def _chosen(known: Mapping[str, FactValue], names: Sequence[str]) -> dict[str, FactValue]:
    return {name: known[name] for name in names if name in known}
