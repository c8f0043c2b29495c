"""Reads a YAML file and remembers the line of every key, so that an error can point at it."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from hub.config.problems import Loc, Problem, key_text

MAX_NODES = 100_000
"""An alias may stand for much; a file that unfolds to more than this is not a configuration."""


class _Loader(yaml.SafeLoader):
    """YAML with the surprises taken out: NO is a country, 01067 a postcode, 12:30 a text."""


_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("bool", r"true|false", "tf"),
    ("int", r"[-+]?(?:0|[1-9][0-9_]*)", "-+0123456789"),
    ("float", r"[-+]?[0-9][0-9_]*\.[0-9]+(?:[eE][-+]?[0-9]+)?", "-+0123456789"),
    ("null", r"~|null|", "~n"),
):
    _Loader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(rf"^(?:{_pattern})$"), [*_first, ""]
    )


@dataclass(slots=True)
class Document:
    """A file's value, the line of each key in it, and what stopped it from being read."""

    path: Path
    value: Any = None
    lines: dict[Loc, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def problem(self, loc: Loc, message: str) -> Problem:
        """Return a problem at `loc`, or at the nearest place above it that has a line."""
        known = loc
        while known and known not in self.lines:
            known = known[:-1]
        return Problem(self.path, self.lines.get(known, 0), key_text(loc), message)


def read_yaml(path: Path) -> Document:
    """Return the document; a file that cannot be read comes back with problems, value None."""
    document = Document(path)
    try:
        text = path.read_text("utf-8-sig")
        loader = _Loader(text)
        node = loader.get_single_node()
        if node is not None:
            document.value = _Reader(document, loader).value(node, ())
    except OSError as error:
        document.problems.append(Problem(path, 0, "", f"cannot be read: {error.strerror}"))
    except UnicodeDecodeError as error:
        document.problems.append(Problem(path, 0, "", f"is not UTF-8 text: {error.reason}"))
    except yaml.YAMLError as error:
        document.problems.append(_not_yaml(path, error))
    return document


def _not_yaml(path: Path, error: yaml.YAMLError) -> Problem:
    mark = getattr(error, "problem_mark", None)
    text = getattr(error, "problem", None) or str(error)
    return Problem(path, mark.line + 1 if mark else 0, "", f"is not YAML: {text}")


class _Reader:
    """Turns nodes into values, taking down lines and complaining of doubled keys."""

    def __init__(self, document: Document, loader: _Loader) -> None:
        self._document = document
        self._loader = loader
        self._nodes = 0

    def value(self, node: Node, loc: Loc) -> Any:
        self._nodes += 1
        if self._nodes > MAX_NODES or len(loc) > 100:
            raise yaml.constructor.ConstructorError(
                None, None, "nested too deep or unfolds to too much", node.start_mark
            )
        self._document.lines.setdefault(loc, node.start_mark.line + 1)
        if isinstance(node, MappingNode):
            return self._mapping(node, loc)
        if isinstance(node, SequenceNode):
            return [self.value(item, (*loc, at)) for at, item in enumerate(node.value)]
        return self._loader.construct_object(node)

    def _mapping(self, node: MappingNode, loc: Loc) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = key_node.value if isinstance(key_node, ScalarNode) else "?"
            line = key_node.start_mark.line + 1
            if key in found:
                first = self._document.lines[(*loc, key)]
                self._document.problems.append(
                    Problem(
                        self._document.path,
                        line,
                        key_text((*loc, key)),
                        f"stands twice, first on line {first}",
                    )
                )
                continue
            self._document.lines[(*loc, key)] = line
            found[key] = self.value(value_node, (*loc, key))
        return found
