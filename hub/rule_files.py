"""Reads the rules a company uses: every mistake at once, each with file, line and key."""

from pathlib import Path
from typing import Any

from pydantic import ValidationError

from hub.alerts.rules import CompiledRule, Rule, RuleError, compile_rule
from hub.config import Loaded
from hub.config.problems import explained
from mapping.document import Document, read_document
from mapping.problems import MappingError, Place, Problem, suggestion


def read_rules(loaded: Loaded) -> tuple[list[CompiledRule], list[Problem]]:
    """Return the rules of a configuration, by id, and all that is wrong with them."""
    place = loaded.config.rules
    folder = loaded.beside(place.folder)
    if not folder.is_dir():
        at: Place = ("rules", "folder")
        return [], [loaded.document.problem(at, f"there is no folder {folder}")]
    found: dict[str, CompiledRule] = {}
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.yaml")):
        for rule in _rules_in(path, loaded, problems):
            if rule.id in found:
                problems.append(Problem(str(path), 1, "id", f"the rule {rule.id} stands twice"))
            found.setdefault(rule.id, rule)
    for name in place.params:
        if name not in found and not problems:
            text = f"there is no rule {name!r}{suggestion(name, found)}"
            problems.append(loaded.document.problem(("rules", "params", name), text))
    return [found[name] for name in sorted(found)], problems


def _rules_in(path: Path, loaded: Loaded, problems: list[Problem]) -> list[CompiledRule]:
    """Return the usable rules of one file, which holds one or a list of them."""
    try:
        document = read_document(path.read_text("utf-8-sig"), str(path))
    except MappingError as error:
        problems += error.problems
        return []
    except (OSError, UnicodeDecodeError) as error:
        problems.append(Problem(str(path), 1, "", f"cannot be read: {error}"))
        return []
    found = []
    for place, data in _pieces(document.data):
        try:
            rule = Rule.model_validate(data)
            found.append(compile_rule(rule, loaded.config.rules.params.get(rule.id)))
        except ValidationError as error:
            problems += [
                document.problem((*place, *at), text) for at, text in explained(error, Rule)
            ]
        except RuleError as error:
            key, _, param = error.key.partition(".")
            if key == "params":  # the company's own: it stands in hub.yaml
                at: Place = ("rules", "params", rule.id, param)
                problems.append(loaded.document.problem(at, str(error)))
            else:
                problems.append(_located(document, place, data, error))
    return found


def _pieces(data: Any) -> list[tuple[Place, Any]]:
    if isinstance(data, list):
        return [((index,), item) for index, item in enumerate(data)]
    return [((), data)]


def _located(document: Document, place: Place, data: Any, error: RuleError) -> Problem:
    """Return the problem at the very line of a condition that is written over several."""
    steps = error.key.split(".")
    problem = document.problem((*place, *steps), str(error))
    for step in steps:
        data = data.get(step) if isinstance(data, dict) else None
    inside = error.line if isinstance(data, str) and "\n" in data else 0
    return Problem(problem.file, problem.line + inside, problem.key, problem.message)
