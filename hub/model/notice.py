"""What people are told of alerts, who is to hear it, and what keeps them from being told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Any

from hub.model.alert import Condition, Severity
from hub.model.deep_link import DeepLinks
from hub.model.fact import Subject


class Handling(StrEnum):
    """What people do about an alert; apart from its condition."""

    NEW = "new"
    ACKNOWLEDGED = "acknowledged"
    IN_PROGRESS = "in_progress"
    DONE = "done"


class Feedback(StrEnum):
    """What an alert was worth to who got it."""

    USEFUL = "useful"
    KNOWN = "known"
    WRONG = "wrong"
    NOT_MINE = "not_mine"


class Delivery(StrEnum):
    """What keeps an alert from being told, if anything does; apart from its condition."""

    OPEN = "open"
    INHIBITED = "inhibited"
    SILENCED = "silenced"
    MUTED = "muted"
    GROUPED = "grouped"


class Reason(StrEnum):
    """Why an alert stands in a notice."""

    NEW = "new"
    REOPENED = "reopened"
    WORSE = "worse"
    REPEAT = "repeat"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True)
class Handled:
    """What people did about an alert last. until: the acknowledgement ends then."""

    state: Handling = Handling.NEW
    owner: str | None = None
    until: str | None = None
    reason: str | None = None
    feedback: Feedback | None = None
    acknowledged_at: str | None = None
    updated_at: str = ""

    def is_acknowledged(self, now: str) -> bool:
        """Say whether somebody is at it, so that nobody need be reminded."""
        if self.state is Handling.ACKNOWLEDGED:
            return self.until is None or now < self.until
        return self.state is Handling.IN_PROGRESS


@dataclass(frozen=True, slots=True)
class Silence:
    """Mutes the notices of alerts that match all it names, never what becomes of them."""

    id: str
    starts_at: str
    until: str
    why: str
    author: str
    created_at: str
    rule: str | None = None
    subject: Subject | None = None
    customer: str | None = None
    severity: Severity | None = None

    def state(self, now: str) -> str:
        """Return pending, active or expired."""
        if now < self.starts_at:
            return "pending"
        return "active" if now < self.until else "expired"


@dataclass(frozen=True, slots=True)
class Standing:
    """An alert as far as telling of it goes.

    source: the connection that makes it unknown, or is not to be relied on by it; cases: the
    business cases its subject belongs to.
    """

    id: str
    rule: str
    subject: Subject
    customer: str | None
    condition: Condition
    severity: Severity
    since: str
    reopened: int = 0
    source: str | None = None
    handled: Handled = Handled()
    cases: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Telling:
    """That a target was told of an alert and not yet of its end. repeats: reminders since."""

    severity: Severity
    told_at: str
    last_at: str
    repeats: int = 0


@dataclass(frozen=True, slots=True)
class Gate:
    """Whether an alert may be told of now; because: the silence, alert or calendar that says no."""

    state: Delivery = Delivery.OPEN
    because: str | None = None
    until: str | None = None


@dataclass(frozen=True, slots=True)
class Quiet:
    """When nobody is to be disturbed, in the company's time zone; urgent: who is all the same."""

    start: time | None = None
    end: time | None = None
    weekends: bool = True
    holidays: bool = True
    urgent: frozenset[Severity] = frozenset({Severity.CRITICAL})


@dataclass(frozen=True, slots=True)
class Route:
    """Which alerts go to which targets; what it does not name, it does not ask for."""

    to: tuple[str, ...]
    departments: frozenset[str] = frozenset()
    rules: frozenset[str] = frozenset()
    severity: Severity = Severity.INFO


@dataclass(frozen=True, slots=True)
class Pace:
    """How often a target is told: see docs/rules.md. repeat_days: business days, doubling."""

    group_wait: timedelta = timedelta(minutes=10)
    group_interval: timedelta = timedelta(hours=4)
    repeat_days: int = 3
    quiet: Quiet = Quiet()


@dataclass(frozen=True, slots=True)
class Routing:
    """Who hears what. digests: target -> the time of day it gets all at once.

    departments: rule -> the department whose step is next. systems: rule -> the kinds of system it
    reads; connections: connection -> those it is. inhibits: rule -> rules it speaks for.
    fresh: rule -> how old its sources may be. owners: connection -> the department that owns it.
    deep_links: where people see the records that a notice names.
    """

    routes: tuple[Route, ...] = ()
    targets: frozenset[str] = frozenset()
    digests: Mapping[str, time] = field(default_factory=dict)
    pace: Pace = Pace()
    departments: Mapping[str, str] = field(default_factory=dict)
    systems: Mapping[str, frozenset[str]] = field(default_factory=dict)
    connections: Mapping[str, frozenset[str]] = field(default_factory=dict)
    inhibits: Mapping[str, frozenset[str]] = field(default_factory=dict)
    fresh: Mapping[str, timedelta] = field(default_factory=dict)
    owners: Mapping[str, str] = field(default_factory=dict)
    base_url: str = ""
    time_zone: str = "UTC"
    deep_links: DeepLinks = field(default_factory=DeepLinks)


@dataclass(frozen=True, slots=True)
class Item:
    """One alert in a notice; reason None: nothing is said, only noted as said."""

    alert: str
    target: str
    reason: Reason | None


@dataclass(frozen=True, slots=True)
class Group:
    """What one target hears of one customer together. Instants as text."""

    waiting_since: str | None = None
    flushed_at: str | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """A notice on its way. body: what is to be told, as JSON; `left` in it: the mailboxes that have
    not taken it, where others have."""

    id: str
    target: str
    created_at: str
    attempts: int
    body: dict[str, Any]
    state: str = "due"
    due_at: str = ""
    error: str | None = None


def instant(text: str) -> datetime:
    """Return an instant stored as text."""
    return datetime.fromisoformat(text)
