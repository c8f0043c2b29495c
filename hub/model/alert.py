"""An alert: what a rule says about a subject, as a state machine with its evidence."""

from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import blake2b
from typing import Any

from hub.model.fact import Subject


class Condition(StrEnum):
    """Where an alert stands. Handling by people and delivery of notices are never mixed in."""

    INACTIVE = "inactive"
    PENDING = "pending"
    FIRING = "firing"
    RECOVERING = "recovering"
    RESOLVED = "resolved"
    UNKNOWN = "unknown"
    ERROR = "error"


class Verdict(StrEnum):
    """What one evaluation of a rule found."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"  # a fact is missing, or its source is stale or unreliable
    ERROR = "error"  # the rule cannot be run on these facts
    GONE = "gone"  # there is no such subject any more


class Severity(StrEnum):
    """How much it matters, least first."""

    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"


class Ending(StrEnum):
    """What ended an alert."""

    CONDITION = "condition"  # the rule is no longer true
    BY_HAND = "by_hand"
    GONE = "gone"  # the subject, or the rule
    IDENTITY_CHANGED = "identity_changed"  # its subject became one with another one's
    SUBJECT_ERASED = "subject_erased"


def fingerprint(rule: str, subject: Subject) -> str:
    """Return what makes an alert the same one: the rule and the subject, never their values."""
    text = "\0".join((rule, subject.kind, subject.id))
    return blake2b(text.encode(), digest_size=16).hexdigest()


def alert_id(print_: str, generation: int) -> str:
    """Return the public id of the nth alert of a fingerprint: 24 hex digits."""
    return blake2b(f"{print_}\0{generation}".encode(), digest_size=12).hexdigest()


def rank(severity: str) -> int:
    """Return how much a severity weighs: 0 for the least."""
    return _RANKS[severity]


_RANKS = {severity.value: at for at, severity in enumerate(Severity)}


@dataclass(frozen=True, slots=True)
class AlertState:
    """What the lifecycle decides on; instants are text in the store's form.

    resume: the condition to go on with when facts are fresh again. true_since, false_since: since
    when every evaluation that could tell found the rule true, or false. rearm_at: closed by hand,
    it stays closed until then unless a new record joins.
    """

    condition: Condition
    severity: Severity
    since: str
    opened_at: str
    resume: Condition | None = None
    true_since: str | None = None
    false_since: str | None = None
    fired_at: str | None = None
    resolved_at: str | None = None
    reopened: int = 0
    generation: int = 1
    ending: Ending | None = None
    rearm_at: str | None = None


@dataclass(frozen=True, slots=True)
class Alert:
    """A stored alert. evidence: {"first": ..., "worst": ..., "current": ...}; texts: by language.

    moved_to: the alert that carries it on, where its subject became another one. doubted_source:
    the connection that makes it unknown.
    """

    rule: str
    subject: Subject
    entity_id: str | None
    state: AlertState
    updated_at: str
    evidence: dict[str, Any] = field(default_factory=dict)
    texts: dict[str, Any] = field(default_factory=dict)
    moved_to: str | None = None
    doubted_source: str | None = None

    @property
    def fingerprint(self) -> str:
        """Return what makes this alert the same one through all its states."""
        return fingerprint(self.rule, self.subject)

    @property
    def id(self) -> str:
        """Return the public id."""
        return alert_id(self.fingerprint, self.state.generation)

    @property
    def previous_id(self) -> str | None:
        """Return the id of the alert that went before under the same fingerprint."""
        before = self.state.generation - 1
        return alert_id(self.fingerprint, before) if before else None


@dataclass(frozen=True, slots=True)
class AlertEvent:
    """One change of an alert, kept for ever."""

    at: str
    before: Condition | None
    after: Condition
    severity: Severity
    reason: str
    evidence: dict[str, Any]
