"""CEL behind a thin interface: checked against the fact types at load, run three-valued on maps.

A condition is compiled twice: once typed, which rejects a misspelt field, and once untyped for
plain maps, where a missing key is unknown and absorbed where it cannot matter.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from time import thread_time
from typing import Any

from cel_expr_python import cel
from google.protobuf import descriptor_pb2, descriptor_pool

from hub.alerts.cost import objection
from hub.alerts.model import LISTS, SUBJECTS
from hub.alerts.syntax import references
from hub.model.alert import Verdict

LONGEST = 2_000
"""Characters of a condition."""
MOST_SECONDS = 0.5
"""Of one evaluation, by the processor's clock; more than twice what a condition's cost allows."""

_F = descriptor_pb2.FieldDescriptorProto
_PROTO = {"s": _F.TYPE_STRING, "i": _F.TYPE_INT64, "d": _F.TYPE_DOUBLE, "b": _F.TYPE_BOOL}
_PLACE = re.compile(r"ERROR: <input>:(\d+):(\d+): (.*)")
_FIELD = re.compile(r"undefined field '(\w+)' not found in struct 'hub\.(\w+)'")
_NAME = re.compile(r"undeclared reference to '(\w+)")
_KEY = re.compile(r'Key not found in map : "(\w+)"')
_VARIABLE = re.compile(r'No value with name "(\w+)"')

Params = Mapping[str, bool | int | float | str]


class ConditionError(Exception):
    """A condition that does not compile. line: within its text, from 1; others: what else is
    wrong with it."""

    def __init__(self, line: int, message: str, others: Sequence["ConditionError"] = ()) -> None:
        super().__init__(message)
        self.line, self.others = line, others


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one run gave; detail: what is missing or wrong, "" for true and false.

    slow: it took so long that the rule is not asked of others.
    """

    verdict: Verdict
    detail: str = ""
    slow: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """A compiled condition. reads: `customer.open_tickets` and so on, all it looks at; tree: as
    CEL checked it.
    """

    text: str
    reads: frozenset[str]
    program: Any
    tree: bytes

    def run(self, facts: Mapping[str, Any]) -> Outcome:
        """Run on variable -> facts; an error of the language is a value here, never a truth."""
        began = thread_time()
        try:
            result = self.program.eval(data=facts)
        except RuntimeError as error:  # e.g. the iteration budget is spent
            return Outcome(Verdict.ERROR, str(error), slow=thread_time() - began > MOST_SECONDS)
        took = thread_time() - began
        if took > MOST_SECONDS:
            why = f"took {took:.1f} s for one subject, at most {MOST_SECONDS} are allowed"
            return Outcome(Verdict.ERROR, why, slow=True)
        kind = result.type()
        if kind == cel.Type.BOOL:
            return Outcome(Verdict.TRUE if result.plain_value() else Verdict.FALSE)
        text = str(result.plain_value())
        if kind != cel.Type.ERROR:
            return Outcome(Verdict.ERROR, f"the condition gives {text}, neither true nor false")
        missing = _KEY.search(text) or _VARIABLE.search(text)
        if missing:
            return Outcome(Verdict.UNKNOWN, missing[1])
        return Outcome(Verdict.ERROR, text)


def compile_condition(text: str, params: Params) -> Condition:
    """Return the compiled condition.

    Raises ConditionError where it is too long, misspells a fact or parameter, mixes types, or is
    no yes-or-no question.
    """
    if len(text) > LONGEST:
        raise ConditionError(1, f"is {len(text)} characters long, at most {LONGEST} are allowed")
    try:
        checked = _typed_env(params).compile(text)
    except RuntimeError as error:
        raise _explained(str(error), params) from None
    if checked.return_type() != cel.Type.BOOL:
        kind = checked.return_type().name().lower()
        raise ConditionError(1, f"gives {kind}, expected a condition that is true or false")
    tree = checked.serialize()
    if any(overload in tree for overload in _JOINING):
        raise ConditionError(1, "puts texts or lists together, which has no bound in memory")
    wrong = objection(tree)
    if wrong:
        raise ConditionError(1, wrong)
    return Condition(text, references(tree), _RUN.compile(text), tree)


_JOINING = (b"add_string", b"add_list", b"add_bytes")
"""Overloads as the checked tree names them."""


def _typed_env(params: Params) -> Any:
    return _env_of(tuple((name, _letter(value)) for name, value in params.items()))


@lru_cache(maxsize=64)
def _env_of(params: tuple[tuple[str, str], ...]) -> Any:
    """Return what knows the types of facts and of these parameters; parts of a rule share it."""
    pool = descriptor_pool.DescriptorPool()
    file = descriptor_pb2.FileDescriptorProto(name="hub.proto", package="hub", syntax="proto3")
    for subject, fields in SUBJECTS.items():
        _add_message(file, subject, fields)
    _add_message(file, "params", dict(params))
    pool.AddSerializedFile(file.SerializeToString())
    variables = {name: cel.Type(f"hub.{name}") for name in (*SUBJECTS, "params")}
    variables |= {name: cel.Type.List(cel.Type(f"hub.{of}")) for name, of in LISTS.items()}
    return cel.NewEnv(descriptor_pool=pool, variables=variables)


_RUN = cel.NewEnv(variables=dict.fromkeys((*SUBJECTS, *LISTS, "params"), cel.Type.DYN))


def _letter(value: object) -> str:
    letters = {bool: "b", int: "i", float: "d", str: "s"}
    return letters[type(value)]


def _add_message(
    file: descriptor_pb2.FileDescriptorProto, name: str, fields: Mapping[str, str]
) -> None:
    """Describe a message whose fields are all optional, so that has() asks whether one is set."""
    message = file.message_type.add(name=name)
    for index, (field, letter) in enumerate(fields.items()):
        message.field.add(
            name=field,
            number=index + 1,
            type=_PROTO[letter],
            label=_F.LABEL_OPTIONAL,
            proto3_optional=True,
            oneof_index=index,
        )
    for field in fields:
        message.oneof_decl.add(name=f"_{field}")


def _explained(text: str, params: Params) -> ConditionError:
    """Turn the compiler's words into lines, sentences, and the names that were meant."""
    found = [_sentence(int(line), said, params) for line, _, said in _PLACE.findall(text)]
    if not found:
        return ConditionError(1, text.splitlines()[0])
    first, *others = found
    return ConditionError(first.line, str(first), others)


def _sentence(line: int, message: str, params: Params) -> ConditionError:
    field, name = _FIELD.search(message), _NAME.search(message)
    if field:
        known = list(params) if field[2] == "params" else list(SUBJECTS.get(field[2], ()))
        message = f"{field[2]} has no {field[1]!r}{_meant(field[1], known)}"
    elif name:
        message = f"there is no {name[1]!r}{_meant(name[1], [*SUBJECTS, *LISTS, 'params'])}"
    return ConditionError(line, message)


def _meant(name: str, known: list[str]) -> str:
    close = get_close_matches(name, known, n=1, cutoff=0.6)
    if close:
        return f"; did you mean {close[0]!r}?"
    return f"; known are {', '.join(known)}" if known else ""
