"""The shapes of what people do about alerts, of silences, notices and changes."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from hub.api.detail_schemas import KeptNoticeBody
from hub.api.instants import Until
from hub.api.schemas import Answer, EntityId, Instant, NoNul, Subject
from hub.model.alert import Severity
from hub.model.notice import Feedback

_words = StringConstraints(min_length=1, max_length=2000, strip_whitespace=True)
_name = StringConstraints(min_length=1, max_length=200, strip_whitespace=True)
Words = Annotated[str, _words, NoNul]
Name = Annotated[str, _name, NoNul]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Acknowledge(_Body):
    """Who is at it, and until when nobody need be reminded; owner: default, the key's name."""

    owner: Name | None = None
    until: Until | None = None


class Start(_Body):
    """Who works at it."""

    owner: Name | None = None


class Done(_Body):
    """Why it is dealt with."""

    reason: Words


class GiveFeedback(_Body):
    """What it was worth."""

    feedback: Feedback


class SilenceAlert(_Body):
    """Until when one alert is muted, and why."""

    until: Until
    why: Words


class Matcher(_Body):
    """What a silence asks for; what it does not name, it does not ask for."""

    rule: Annotated[str, StringConstraints(max_length=100), NoNul] | None = None
    subject: Subject | None = None
    customer: EntityId | None = None
    severity: Severity | None = None


class NewSilence(_Body):
    """Mutes the notices of all alerts that match; never what becomes of them."""

    matcher: Matcher = Field(description="At least one of its parts.")
    starts_at: Until | None = Field(default=None, description="Default: now.")
    until: Until
    why: Words


class Silence(Answer):
    """A silence. state: pending, active or expired."""

    id: str
    state: Literal["pending", "active", "expired"]
    rule: str | None
    subject: Subject | None
    customer: EntityId | None
    severity: str | None
    starts_at: Instant
    until: Instant
    why: str
    author: str
    created_at: Instant


class Matches(Answer):
    """The alerts a silence would match: how many, by rule, and the first two hundred by id."""

    total: int
    rules: dict[str, int] = Field(examples=[{"R01": 2}])
    alerts: list[str]


class RuleQuality(Answer):
    """What a rule's alerts were worth. precision: useful ones of those with feedback."""

    rule: str
    fired: int
    feedback: dict[str, int]
    precision: float | None
    median_hours_to_acknowledge: float | None
    flagged: bool = Field(description="Under 30 % useful in at least 30 answers.")


class Qualities(Answer):
    """Every rule that ever had an alert."""

    items: list[RuleQuality]


class HeldRule(Answer):
    """A rule that tells nobody anything: it failed too often, or it storms."""

    rule: str
    quarantined_at: Instant | None
    held_at: Instant | None
    errors: int
    detail: str


class HeldRules(Answer):
    """Rules that are out of use or held."""

    items: list[HeldRule]


class Notice(Answer):
    """A notice on its way, sent or given up. error: why the last attempt failed."""

    id: str
    target: str
    state: Literal["due", "sent", "dead"]
    created_at: Instant
    due_at: Instant
    attempts: int
    error: str | None
    body: KeptNoticeBody


class Change(Answer):
    """Something that changed, once, however often it did; `op` is what happened last."""

    kind: str = Field(examples=["organization"])
    id: str
    op: Literal["changed", "removed", "erased"]
    at: Instant
    href: str = Field(examples=["/v1/customers/01JD9ZK3W4M8Q2T6V0X1Y5B7C9"])


class Changes(Answer):
    """What changed after a cursor. next: hand it in as `after`, now or tomorrow."""

    items: list[Change]
    next: str
    more: bool = Field(description="Whether there is more already.")
