"""Reads YAML as plain data and remembers the line of every key, so that errors can name it.

Stricter than YAML 1.1 where that surprises: `NO`, `on` and `yes` stay text, so do dates, times and
numbers with a leading zero; a key that stands twice is an error.
"""

import re
from dataclasses import dataclass, field
from typing import Any

import yaml
from yaml.composer import Composer

from mapping.problems import MappingError, Place, Problem, place_text

_MAX_NODES = 200_000
_INTEGER = re.compile(r"[-+]?(?:0|[1-9]\d{0,17})")
_FLOAT = re.compile(r"[-+]?(?:0|[1-9]\d*)\.\d+")
_WORDS = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_PREFIX = "tag:yaml.org,2002:"
_PLAIN_TAGS = frozenset(
    _PREFIX + name
    for name in ("str", "int", "float", "bool", "null", "timestamp", "value", "merge")
)


@dataclass(slots=True)
class Document:
    """A YAML file's data, and the line (from 1) of every value by its place."""

    file: str
    data: Any
    lines: dict[Place, int]

    def problem(self, place: Place, message: str) -> Problem:
        """Return a problem at `place`, with the line of the nearest place above it that has one.

        Steps below a single value, which stand for its long form, are left out.
        """
        value = self.data
        for index, step in enumerate(place):
            if not isinstance(value, dict | list):
                place = place[:index]
                break
            value = _below(value, step)
        at = place
        while at and at not in self.lines:
            at = at[:-1]
        return Problem(self.file, self.lines.get(at, 1), place_text(place), message)


def _below(value: Any, step: str | int) -> Any:
    if isinstance(value, list):
        return value[step] if isinstance(step, int) and step < len(value) else {}
    return value.get(step, {})


def read_document(text: str, file: str) -> Document:
    """Return the one YAML document in `text`; raises MappingError with every problem found."""
    reading = _Reading(file)
    try:
        node = _composed(text)
        data = None if node is None else reading.value(node, ())
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        message = f"is not valid YAML: {error.problem or error.context}"
        if message.endswith("got '['"):
            message += "; inside { } a path with brackets needs quotes"
        raise MappingError([Problem(file, mark.line + 1 if mark else 1, "", message)]) from error
    except (yaml.YAMLError, RecursionError) as error:
        reason = " ".join(str(error).split())
        raise MappingError([Problem(file, 1, "", f"is not valid YAML: {reason}")]) from error
    if reading.problems:
        raise MappingError(reading.problems)
    return Document(file, data, reading.lines)


class _QuickLoader(Composer, yaml.CSafeLoader):
    """Events by libyaml, nodes by PyYAML: libyaml's own composer overflows the stack where text is
    nested a hundred thousand deep, Python's says that it is."""

    def __init__(self, stream: str) -> None:
        yaml.CSafeLoader.__init__(self, stream)
        Composer.__init__(self)


def _composed(text: str) -> yaml.Node | None:
    """Return the document's root, None of an empty one; raises yaml.YAMLError.

    libyaml takes a sixth of the time; what it stumbles over is read again by PyYAML, whose errors
    say what they mean.
    """
    node: yaml.Node | None
    try:
        node = yaml.compose(text, Loader=_QuickLoader)
    except (yaml.YAMLError, UnicodeEncodeError):
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    return node


@dataclass(slots=True)
class _Reading:
    file: str
    lines: dict[Place, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    nodes: int = 0

    def value(self, node: yaml.Node, place: Place) -> Any:
        """Return the plain value of a node; problems gather beside it."""
        self.nodes += 1
        if self.nodes > _MAX_NODES:
            raise yaml.YAMLError(f"it holds more than {_MAX_NODES} values")
        self.lines.setdefault(place, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, place)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*place, index)) for index, item in enumerate(node.value)]
        assert isinstance(node, yaml.ScalarNode)
        return self._scalar(node, place)

    def _mapping(self, node: yaml.MappingNode, place: Place) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                self._report(line, place, "a key must be a single word or text")
                continue
            key = str(key_node.value)
            if key in values:
                first = self.lines[(*place, key)]
                self._report(line, (*place, key), f"stands twice, first in line {first}")
                continue
            self.lines[(*place, key)] = line
            values[key] = self.value(value_node, (*place, key))
        return values

    def _scalar(self, node: yaml.ScalarNode, place: Place) -> Any:
        if node.tag not in _PLAIN_TAGS:
            self._report(node.start_mark.line + 1, place, f"the tag {node.tag} means nothing here")
        text = str(node.value)
        if node.style or node.tag == _PREFIX + "str":
            return text
        if text in _WORDS:
            return _WORDS[text]
        if _INTEGER.fullmatch(text):
            return int(text)
        return float(text) if _FLOAT.fullmatch(text) else text

    def _report(self, line: int, place: Place, message: str) -> None:
        self.problems.append(Problem(self.file, line, place_text(place), message))
