"""The shapes of requests and answers, as OpenAPI tells them."""

from typing import Annotated, Generic, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    StringConstraints,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from hub.api.detail_schemas import KeptIdentityDetail
from hub.api.evidence_schema import AlertEvidence, SeenEvidence
from hub.model.resolution import Verdict

_T = TypeVar("_T")

EntityKind = Literal["organization", "person", "project"]
FoundKind = Literal[
    "organization",
    "person",
    "project",
    "campaign",
    "lead",
    "deal",
    "quote",
    "order",
    "delivery",
    "invoice",
    "payment",
    "ticket",
    "contract",
    "product",
    "asset",
]
TimelineKind = Literal[
    "lead",
    "deal",
    "quote",
    "order",
    "delivery",
    "invoice",
    "payment",
    "dunning",
    "ticket",
    "message",
    "touch",
    "project",
    "milestone",
    "contract",
    "asset",
    "consent",
]
Instant = Annotated[str, Field(description="UTC", examples=["2026-11-23T10:15:00.000Z"])]
EntityId = Annotated[str, Field(description="ULID", examples=["01JD9ZK3W4M8Q2T6V0X1Y5B7C9"])]
Ref = Annotated[
    str, Field(description="connection:stream:key, with #part", examples=["crm:accounts:A-17"])
]


class Answer(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class Fault(Answer):
    """One part of a request that is wrong."""

    at: str = Field(examples=["query limit"])
    message: str = Field(examples=["expected less than or equal to 200"])


class Problem(Answer):
    """What went wrong (RFC 9457)."""

    type: str = Field(examples=["urn:verbund:problem:not-found"])
    title: str
    status: int
    detail: str
    request_id: str = Field(description="Quote it when you ask for help: the log has it too.")
    errors: list[Fault] | None = None


class PageOf(Answer, Generic[_T]):
    """One page of a list."""

    items: list[_T]
    next: str | None = Field(
        description="Hand it in as `after` for the next page; null on the last one."
    )


class EntityRow(Answer):
    """One line of a list of customers, persons or projects."""

    id: EntityId
    kind: EntityKind
    name: str = Field(examples=["Weber Logistik GmbH"])
    country: str | None = Field(examples=["DE"])
    city: str | None = Field(examples=["Regensburg"])
    firing: int = Field(description="How many of its alerts fire.", examples=[1])
    etag: str


class TimelineItem(Answer):
    """One document in the history of an entity. at: as exact as its source had it."""

    at: str | None = Field(examples=["2026-11-20"])
    ref: Ref
    kind: str = Field(examples=["ticket"])
    connection: str = Field(examples=["helpdesk"])
    number: str | None = Field(examples=["T-1044"])
    title: str | None = Field(examples=["Export stops at page 3"])
    status: str | None = Field(examples=["open"])
    roles: list[str] = Field(description="What the entity is to it.", examples=[["organization"]])
    method: str = Field(description="How the link was found.", examples=["key"])
    score: float = Field(description="How sure the link is, 0 to 1.", examples=[1.0])


class Moved(Answer):
    """The entity was merged into another one."""

    merged_into: EntityId
    location: str = Field(examples=["/v1/customers/01JD9ZK3W4M8Q2T6V0X1Y5B7C9"])


class Member(Answer):
    """A record that stands for the entity, and since when. method: single, model or judgement."""

    ref: Ref
    method: str
    score: float | None = Field(description="Probability that it belongs; null for a single one.")
    valid_from: Instant


class FormerMember(Member):
    """A record that stood for it once."""

    valid_to: Instant


class Comparison(Answer):
    """One comparison's part in a verdict: what both sides say, how alike, worth how many bits."""

    comparison: str = Field(examples=["name"])
    left: list[str]
    right: list[str]
    level: str = Field(examples=["same"])
    bits: float


class ScoredPair(Answer):
    """Evidence, in bits, that the records left and right mean the same: prior + comparisons.

    Records on one side say exactly the same and are scored as one. Only the strongest pairs of an
    entity are taken apart; of the others prior is null.
    """

    left: list[Ref]
    right: list[Ref]
    bits: float
    probability: float
    prior: float | None
    comparisons: list[Comparison]
    would_turn: list[str] = Field(
        description="What would turn the verdict, all else equal.", examples=[["vat: different"]]
    )


class EntityEvent(Answer):
    """What happened to the entity's identity."""

    type: str = Field(examples=["merged"])
    at: Instant
    detail: KeptIdentityDetail


class Judgement(Answer):
    """A person's word on two records; it outranks every score."""

    id: int
    left: Ref
    right: Ref
    verdict: Verdict
    author: str = Field(description="The name of the API key it was given with.")
    reason: str
    created_at: Instant


def _without_nul(text: str) -> str:
    if "\0" in text:
        raise ValueError("must not hold a NUL")
    return text


class _NoNul(AfterValidator):
    """A text that databases take, and the document says so."""

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {**handler(core), "pattern": "^[^\\x00]*$"}


NoNul = _NoNul(_without_nul)


class NewJudgement(BaseModel):
    """A word on two records of the same kind."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "left": "crm:accounts:A-17",
                "right": "books:customers:10023",
                "verdict": "same",
                "reason": "same VAT number on the last invoice",
            }
        },
    )

    left: Annotated[str, StringConstraints(min_length=5, max_length=1000), NoNul]
    right: Annotated[str, StringConstraints(min_length=5, max_length=1000), NoNul]
    verdict: Verdict
    reason: Annotated[str, StringConstraints(max_length=2000), NoNul] = ""


class Why(Answer):
    """How an entity came to be what it is."""

    id: EntityId
    kind: EntityKind
    members: list[Member]
    evidence: list[ScoredPair]
    judgements: list[Judgement]
    former: list[FormerMember]
    events: list[EntityEvent]


class Hit(Answer):
    """One thing found. href: where it can be read."""

    id: str = Field(description="An entity's id, or a document's ref.")
    kind: FoundKind
    title: str
    score: float
    href: str


class Hits(Answer):
    """What fits a search, best first."""

    items: list[Hit]


class Subject(Answer):
    """What an alert is about."""

    kind: str = Field(examples=["deal"])
    id: str = Field(examples=["crm:deals:D-1044"])


class AlertHandling(Answer):
    """What people do about an alert. until: an acknowledgement ends then."""

    state: Literal["new", "acknowledged", "in_progress", "done"]
    owner: str | None
    until: Instant | None
    reason: str | None
    feedback: Literal["useful", "known", "wrong", "not_mine"] | None


class Notification(Answer):
    """What keeps an alert from being told; because: the silence, alert, group or calendar."""

    state: Literal["open", "inhibited", "silenced", "muted", "grouped"]
    because: str | None
    until: Instant | None


class AlertAction(Answer):
    """Something that somebody did about an alert."""

    at: Instant
    author: str
    action: str = Field(examples=["acknowledged"])
    detail: dict[str, str | None] = Field(
        description="What was said with it: `owner`, `until`, `reason`, `feedback`.",
        examples=[{"owner": "Eva", "until": None}],
    )


class AlertTexts(Answer):
    """A rule in words, by language: what it is called, and what ends its alerts."""

    name: dict[str, str] | None = Field(None, examples=[{"de": "Offene Rechnung", "en": "Owed"}])
    clears_when: dict[str, str] | None = None


class Alert(Answer):
    """What a rule says about a subject; beside it, what people do and what they are told."""

    id: str
    rule: str = Field(examples=["R01"])
    subject: Subject
    customer: EntityId | None
    condition: str = Field(examples=["firing"])
    severity: str = Field(examples=["warning"])
    since: Instant = Field(description="Since when it stands in this condition.")
    opened_at: Instant
    fired_at: Instant | None
    resolved_at: Instant | None
    updated_at: Instant
    reopened: int
    previous_id: str | None
    ending: str | None = Field(
        description="condition, by_hand, gone, identity_changed, subject_erased."
    )
    moved_to: str | None = Field(description="The alert that carries it on.")
    department: str | None = Field(description="Whose step is next.", examples=["sales"])
    handling: AlertHandling
    notification: Notification
    texts: AlertTexts
    reasons: dict[str, list[str]] = Field(
        description="Why it is there, by language: a line for each thing the rule looked at.",
        examples=[{"en": ["Ticket T-80122: priority normal"]}],
    )
    links: dict[str, str] = Field(
        description="Ref or entity that the evidence names -> its page in the tool it comes from.",
        examples=[{"helpdesk:tickets:80122": "https://desk.example.org/tickets/80122"}],
    )
    evidence: AlertEvidence = Field(
        description="`first`, `worst` and `current`: what made it true. `because`: the parts of "
        "the rule that hold, each with the facts and records it is about."
    )


class AlertEvent(Answer):
    """One change of an alert."""

    at: Instant
    before: str | None
    after: str
    severity: str
    reason: str
    evidence: SeenEvidence


class AlertWithEvents(Alert):
    """An alert with all its changes and what people did, oldest first."""

    events: list[AlertEvent]
    actions: list[AlertAction]


class Health(Answer):
    """The hub answers, and its database does."""

    status: Literal["ok"]
