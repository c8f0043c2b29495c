"""Says who would hear of each rule, as the routes have it; nobody is told."""

from collections.abc import Sequence
from dataclasses import dataclass

from hub.alerts.delivery import addressed
from hub.alerts.rules import CompiledRule
from hub.model.alert import Severity, rank
from hub.model.notice import Routing


@dataclass(frozen=True, slots=True)
class Hearing:
    """Who hears of a rule's alerts of one severity. rule: None for news that are no alerts."""

    rule: str | None
    department: str
    severity: Severity
    targets: tuple[str, ...]


def hearings(
    rules: Sequence[CompiledRule], routing: Routing, others: Sequence[str] = ()
) -> list[Hearing]:
    """Return who hears of each rule that speaks, by severity; and who in place of departments
    that hear of rules and sources themselves (`others`)."""
    asked = [
        (rule.id, rule.department, severity)
        for rule in rules
        if rule.rule.mode == "live"
        for severity in _severities(rule)
    ]
    news = [(None, department, Severity.CRITICAL) for department in others]
    return [
        Hearing(rule, department, severity, _targets(routing, rule, department, severity))
        for rule, department, severity in [*asked, *news]
    ]


def _severities(rule: CompiledRule) -> list[Severity]:
    more = rule.rule.escalate.to if rule.rule.escalate else rule.rule.severity
    return sorted({rule.rule.severity, more}, key=rank)


def _targets(
    routing: Routing, rule: str | None, department: str, severity: Severity
) -> tuple[str, ...]:
    found = addressed(routing.routes, department, rule, rank(severity))
    return tuple(sorted(found & routing.targets))
