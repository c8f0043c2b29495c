"""What a rule file may say, and rules compiled from it with the company's own parameters."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from difflib import get_close_matches
from hashlib import blake2b
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
)

from hub.alerts.cel import Condition, ConditionError, Outcome, Params, compile_condition
from hub.alerts.grounds import Parts, Reason
from hub.alerts.lifecycle import Timing
from hub.alerts.model import LISTS, MOST_ELEMENTS, SUBJECTS, typed
from hub.alerts.prefilter import Test, prefilter
from hub.model.alert import Severity, Verdict
from hub.model.duration import Duration


def _subject(name: str) -> str:
    if name not in SUBJECTS:
        raise ValueError(f"there is no subject {name!r}; known are {', '.join(SUBJECTS)}")
    return name


Param = bool | int | float | str


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Texts(_Part):
    """A text people read, in each language."""

    de: str
    en: str


class Escalation(_Part):
    """When a rule that is true weighs more."""

    to: Severity
    condition: str = Field(alias="if")


class Rule(_Part):
    """One rule as it stands in its file.

    fresh: system -> how old its last successful sync may be. department: whose step is next;
    where not said, it goes by the subject. inhibits: rules this one speaks for while it fires, on
    the same subject, customer or business case. ahead: facts of a source that tell of what is to
    come; what is true by them alone takes no ground from the rules that read the source. mode: a
    shadow is worked out and counted, and tells nobody. pos, neg, unk: facts for which the rule is
    true, false, unknown; its first tests.
    """

    id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,39}$")]
    name: Texts | str
    description: Texts | None = None
    clears_when: Texts | None = None
    subject: Annotated[str, AfterValidator(_subject)]
    when: str
    params: dict[str, Param] = {}
    hold_for: Duration = Field(default=timedelta(), alias="for")
    keep: Duration = timedelta()
    fresh: dict[str, Duration] = {}
    severity: Severity
    escalate: Escalation | None = None
    department: str | None = None
    inhibits: list[str] = []
    ahead: list[str] = []
    mode: Literal["live", "shadow"] = "live"
    pos: dict[str, Any] | None = None
    neg: dict[str, Any] | None = None
    unk: dict[str, Any] | None = None


DEPARTMENTS: Mapping[str, str] = {
    "customer": "sales",
    "contact": "sales",
    "lead": "sales",
    "deal": "sales",
    "quote": "sales",
    "contract": "sales",
    "order": "delivery",
    "project": "delivery",
    "vorgang": "delivery",
    "ticket": "service",
    "invoice": "finance",
    "deviation": "finance",
    "conflict": "finance",
    "campaign": "marketing",
    "source": "it",
}
"""Subject -> the department whose step is next, where a rule does not say."""


class RuleError(Exception):
    """A rule that cannot be used. key: the part of it that is wrong; line: within that text;
    others: what else is wrong with it."""

    def __init__(
        self, key: str, message: str, line: int = 1, others: Sequence["RuleError"] = ()
    ) -> None:
        super().__init__(message)
        self.key, self.line, self.others = key, line, others


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """A rule that is ready to run.

    prefilter: finds it false by its subject alone, where it is; parts, escalating: its condition
    and its escalation taken apart, which say why it is true; version: 8 hex digits of what it asks.
    """

    rule: Rule
    params: Params
    condition: Condition
    escalation: Condition | None
    prefilter: Test | None
    parts: Parts
    escalating: Parts | None
    version: str

    @property
    def id(self) -> str:
        """Return the rule's id."""
        return self.rule.id

    @property
    def timing(self) -> Timing:
        """Return how long the rule must hold, and be false."""
        return Timing(self.rule.hold_for, self.rule.keep)

    @property
    def department(self) -> str:
        """Return the department whose step is next when it fires."""
        return self.rule.department or DEPARTMENTS.get(self.rule.subject, "it")

    @property
    def texts(self) -> dict[str, Any]:
        """Return what people read of the rule, by language, as JSON."""
        name = self.rule.name
        return {
            "name": {"de": name, "en": name} if isinstance(name, str) else name.model_dump(),
            "clears_when": self.rule.clears_when.model_dump() if self.rule.clears_when else None,
        }

    def run(self, facts: Mapping[str, Any]) -> tuple[Outcome, Severity]:
        """Return what the rule says of variable -> facts, and how much it matters.

        An escalation that is not known to be true does not count.
        """
        known = {**facts, "params": self.params}
        outcome = self.condition.run(known)
        severity = self.rule.severity
        if outcome.verdict is Verdict.TRUE and self.escalation and self.rule.escalate:
            more = self.escalation.run(known).verdict is Verdict.TRUE
            severity = self.rule.escalate.to if more else severity
        return outcome, severity

    def grounds(self, facts: Mapping[str, Any]) -> list[Reason]:
        """Return the parts of the rule that are true of variable -> facts, and what raises it."""
        known = {**facts, "params": self.params}
        more = self.escalating.grounds(known, raises=True) if self.escalating else []
        return [*self.parts.grounds(known), *more]

    def doubts(self, facts: Mapping[str, Any]) -> bool:
        """Say whether a source of which this rule is true is not to be relied on any more."""
        name = self.rule.subject
        now = {fact: value for fact, value in facts[name].items() if fact not in self.rule.ahead}
        return self.run({**facts, name: now})[0].verdict is Verdict.TRUE


def compile_rule(rule: Rule, overrides: Mapping[str, Param] | None = None) -> CompiledRule:
    """Return the rule compiled, with the company's parameters over its own.

    Raises RuleError naming the key, the line in it, and what was probably meant.
    """
    params = dict(rule.params)
    for name, value in (overrides or {}).items():
        params[name] = _override(rule, name, value)
    for name in rule.ahead:
        if name not in SUBJECTS[rule.subject]:
            close = get_close_matches(name, SUBJECTS[rule.subject], n=1, cutoff=0.6)
            hint = f"; did you mean {close[0]!r}?" if close else ""
            raise RuleError("ahead", f"{rule.subject} has no {name!r}{hint}")
    condition = _compiled("when", rule.when, params)
    escalation = (
        _compiled("escalate.if", rule.escalate.condition, params) if rule.escalate else None
    )
    early = prefilter(condition.tree, rule.subject, params)
    escalating = Parts(escalation, params) if escalation else None
    parts = Parts(condition, params)
    version = _version(rule, params)
    return CompiledRule(rule, params, condition, escalation, early, parts, escalating, version)


def _version(rule: Rule, params: Params) -> str:
    """Return what changes with the question a rule asks, whatever is said of it in words."""
    raised = rule.escalate.model_dump(mode="json") if rule.escalate else None
    asked = [rule.subject, rule.when, rule.severity, raised, sorted(params.items())]
    return blake2b(json.dumps(asked).encode(), digest_size=4).hexdigest()


def _override(rule: Rule, name: str, value: Param) -> Param:
    if name not in rule.params:
        close = get_close_matches(name, rule.params, n=1, cutoff=0.6)
        known = ", ".join(rule.params) or "none"
        hint = f"did you mean {close[0]!r}?" if close else f"known are {known}"
        raise RuleError(f"params.{name}", f"rule {rule.id} has no parameter {name!r}; {hint}")
    kind = type(rule.params[name])
    if kind is float and type(value) is int:
        return float(value)
    if type(value) is not kind:
        raise RuleError(
            f"params.{name}",
            f"rule {rule.id} expects {kind.__name__} for {name!r}, such as {rule.params[name]!r}, "
            f"not {value!r}",
        )
    return value


def _compiled(key: str, text: str, params: Params) -> Condition:
    try:
        return compile_condition(text, params)
    except ConditionError as error:
        others = [RuleError(key, str(other), other.line) for other in error.others]
        raise RuleError(key, str(error), error.line, others) from None


def given_facts(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the facts of a fixture in the model's types; lists cut to MOST_ELEMENTS."""
    return {
        name: [typed(LISTS[name], element) for element in value[:MOST_ELEMENTS]]
        if name in LISTS
        else typed(name, value)
        for name, value in given.items()
    }
