"""Loads rule files from their texts: every mistake at once, each with file, line and key."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from hub.alerts.rules import (
    CompiledRule,
    Escalation,
    Param,
    Rule,
    RuleError,
    Texts,
    compile_rule,
    given_facts,
)
from hub.errors import ConfigError
from hub.model.alert import Verdict
from mapping.document import Document, read_document
from mapping.problems import MappingError, Place, Problem, suggestion

Overrides = Mapping[str, Mapping[str, Param]]
"""Rule id -> parameter -> the company's own value."""


@dataclass(frozen=True, slots=True)
class _Read:
    """A rule with the place it was read from."""

    rule: Rule
    document: Document
    place: Place


def read_rules(
    files: Mapping[str, str], overrides: Overrides | None = None, *, overrides_in: Document
) -> tuple[list[CompiledRule], list[Problem]]:
    """Return the usable rules of all files, by id, and all that is wrong, each with its line.

    files: name -> text; a file holds one rule or a list of them. overrides_in: the document that
    holds `overrides` under `rules.params`.
    """
    problems: list[Problem] = []
    read: list[_Read] = []
    for file in sorted(files):
        try:
            read += _rules_in(read_document(files[file], file), problems)
        except MappingError as error:
            problems += error.problems
    problems += _doubles(read)
    chosen = overrides or {}
    rules = [one for each in read if (one := _compiled(each, chosen, overrides_in, problems))]
    known = {each.rule.id for each in read}
    for name in chosen:
        if name not in known:
            message = f"there is no rule {name}{suggestion(name, known)}"
            problems.append(overrides_in.problem(("rules", "params", name), message))
    return sorted({rule.id: rule for rule in rules}.values(), key=lambda rule: rule.id), problems


def load_rules(files: Mapping[str, str], overrides: Overrides | None = None) -> list[CompiledRule]:
    """Return the rules of all files, by id.

    Raises ConfigError with one line for each thing that is wrong:
    `rules/R01.yaml:7: when: deal has no 'statsu'; did you mean 'status'?`
    """
    beside = Document("hub.yaml", {"rules": {"params": overrides or {}}}, {})
    rules, problems = read_rules(files, overrides, overrides_in=beside)
    if problems:
        raise ConfigError("\n".join(str(problem) for problem in sorted(set(problems))))
    return rules


def _rules_in(document: Document, problems: list[Problem]) -> Iterator[_Read]:
    data = document.data
    entries = list(enumerate(data)) if isinstance(data, list) else [(None, data)]
    for index, entry in entries:
        place: Place = () if index is None else (index,)
        if not isinstance(entry, dict):
            message = "expected a rule with id, name, subject, when and severity"
            problems.append(document.problem(place, message))
            continue
        try:
            yield _Read(Rule.model_validate(entry), document, place)
        except ValidationError as error:
            problems += [_problem(document, place, one) for one in error.errors()]


def _problem(document: Document, place: Place, error: ErrorDetails) -> Problem:
    name = str(error["loc"][-1]) if error["loc"] else ""
    loc = tuple(step for step in error["loc"] if step not in ("Texts", "str"))
    if error["type"] == "extra_forbidden":
        message = f"there is no such key{suggestion(name, _keys(loc))}"
    elif error["type"] == "missing":
        message = "is missing"
    else:
        text = error["msg"].removeprefix("Value error, ").replace("Input should be", "expected")
        given = "" if isinstance(error["input"], dict | list) else f", got {error['input']!r}"
        message = text if error["type"] == "value_error" else f"{text}{given}"
    return document.problem((*place, *loc), message)


def _keys(loc: Sequence[int | str]) -> list[str]:
    models: dict[str, type[BaseModel]] = {
        "name": Texts,
        "description": Texts,
        "clears_when": Texts,
        "escalate": Escalation,
    }
    model: type[BaseModel] = models.get(str(loc[0]), Rule) if len(loc) > 1 else Rule
    return [field.alias or name for name, field in model.model_fields.items()]


def _doubles(read: Sequence[_Read]) -> Iterator[Problem]:
    first: dict[str, _Read] = {}
    for each in read:
        other = first.setdefault(each.rule.id, each)
        if other is not each:
            where = other.document.problem((*other.place, "id"), "")
            message = f"{each.rule.id} stands twice, first in {where.file}:{where.line}"
            yield each.document.problem((*each.place, "id"), message)


def _compiled(
    each: _Read, overrides: Overrides, overrides_in: Document, problems: list[Problem]
) -> CompiledRule | None:
    rule = each.rule
    try:
        return compile_rule(rule, overrides.get(rule.id))
    except RuleError as error:
        if error.key.startswith("params."):
            at: Place = ("rules", "params", rule.id, error.key.removeprefix("params."))
            problems.append(overrides_in.problem(at, str(error)))
            return None
        problems += [_located(each, one) for one in (error, *error.others)]
    return None


def _located(each: _Read, error: RuleError) -> Problem:
    found = each.document.problem((*each.place, *error.key.split(".")), str(error))
    # A text that ends with a line break was written under `|`: it starts a line below its key.
    text = each.rule.when if error.key == "when" else ""
    line = found.line + error.line - (0 if text.endswith("\n") else 1)
    return Problem(found.file, line, found.key, found.message)


def failed_fixtures(rule: CompiledRule) -> list[str]:
    """Run the facts a rule brings as its tests; return a sentence for each that comes out wrong."""
    wanted: dict[Verdict, dict[str, Any] | None] = {
        Verdict.TRUE: rule.rule.pos,
        Verdict.FALSE: rule.rule.neg,
        Verdict.UNKNOWN: rule.rule.unk,
    }
    failed = []
    for verdict, given in wanted.items():
        if given is None:
            failed.append(f"rule {rule.id} brings no facts for which it is {verdict}")
            continue
        outcome, _ = rule.run(given_facts(given))
        if outcome.verdict is not verdict:
            more = f" ({outcome.detail})" if outcome.detail else ""
            failed.append(f"rule {rule.id} is {outcome.verdict}{more} where {verdict} is expected")
    return failed
