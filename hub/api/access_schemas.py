"""The shape of an answer to Art. 15 GDPR: all that is held of a person or customer."""

from typing import Any, Literal

from pydantic import Field

from hub.api.detail_schemas import Flat, KeptIdentityDetail
from hub.api.schemas import Answer, EntityId, Instant, Ref
from hub.model.resolution import Verdict

MASKED = "What is others' stands as `[other person]`."


class HeldVersion(Answer):
    """A version of a record, as its source sent it."""

    version: int
    fetched_at: Instant
    data: dict[str, Any] = Field(
        description=f"Of their own record all, of another only what names them. {MASKED}",
        examples=[{"name": "Eva Weber", "email": "eva@weber.example"}],
    )


class HeldRecord(Answer):
    """What a source says of them, or in which it names them."""

    ref: Ref
    source: str = Field(description="The connection it came by.", examples=["crm"])
    stream: str = Field(examples=["contacts"])
    kind: str = Field(examples=["person"])
    theirs: bool = Field(description="Whether the record is about them, or only names them.")
    kept_until: str | None = Field(
        description="The last day a law has it kept.", examples=["2034-12-31"]
    )
    kept_because: str | None = Field(examples=["§ 147 (1) no. 4 AO, § 257 (1) no. 4 HGB"])
    deleted_there: bool = Field(description="Whether the source has it no more.")
    first_seen_at: Instant
    versions: list[HeldVersion]


class HeldMember(Answer):
    """A record that is taken for them: how that is known, how surely, since when."""

    ref: Ref
    method: str = Field(examples=["model"])
    score: float | None
    since: Instant


class HeldPair(Answer):
    """Why records of two groups are taken for the same one, in bits."""

    left_id: int
    right_id: int
    left: list[Ref]
    right: list[Ref]
    bits: float
    probability: float


class FormerRecord(Answer):
    """A record that was taken for them for a while."""

    ref: Ref
    since: Instant = Field(alias="from")
    until: Instant | None = Field(alias="to")
    score: float | None


class IdentityEvent(Answer):
    """When they were merged with somebody, or parted."""

    type: str = Field(examples=["merged"])
    at: Instant
    detail: KeptIdentityDetail = Field(description=MASKED)


class HeldIdentity(Answer):
    """Which records are taken for them, on what ground and since when."""

    id: EntityId
    since: Instant | None
    records: list[HeldMember]
    evidence: list[HeldPair]
    former: list[FormerRecord]
    events: list[IdentityEvent]


class ReadAs(Answer):
    """What the hub made of a record of theirs."""

    ref: Ref
    kind: str
    fields: Flat = Field(examples=[{"name": "Eva Weber", "emails": ["eva@weber.example"]}])


class HeldPaper(Answer):
    """A paper they stand in, without what it says of others."""

    ref: Ref
    kind: str = Field(examples=["ticket"])
    number: str | None = Field(examples=["T-80109"])
    status: str | None
    at: str | None = Field(description="An instant, or a date.", examples=["2026-11-13"])


class HeldCase(Answer):
    """A business case they stand in."""

    id: str
    kind: str = Field(examples=["service_case"])
    title: str | None
    phase: str | None
    opened_at: str | None
    last_event_at: str | None
    closed_at: str | None


class HeldFacts(Answer):
    """What was worked out of it, and for how long that was so."""

    subject: str = Field(examples=["contact"])
    since: Instant = Field(alias="from")
    until: Instant | None = Field(alias="to")
    facts: dict[str, Any] = Field(examples=[{"is_primary": True, "open_deals": 1}])


class HeldStep(Answer):
    """A change of an alert's condition."""

    at: Instant
    to: str = Field(examples=["firing"])


class HeldAlert(Answer):
    """An alert about them, with its ground and course."""

    id: str
    rule: str = Field(examples=["R17"])
    name: dict[str, str] | None
    about: str = Field(examples=["contact"])
    condition: str = Field(examples=["firing"])
    opened_at: Instant
    evidence: dict[str, Any] = Field(description=MASKED)
    course: list[HeldStep]


class HeldJudgement(Answer):
    """A person's word on who they are; whose word it was is not told."""

    left: Ref
    right: Ref
    verdict: Verdict
    reason: str | None
    at: Instant


class HeldInput(Answer):
    """Input that could not be read and tells of them."""

    source: str
    stream: str
    raw: Any = Field(description=MASKED)


class ToldTo(Answer):
    """Whom the hub told of them: by an alert, or by a notice that holds their words."""

    target: str = Field(examples=["sales"])
    at: Instant
    last_at: Instant | None
    alert: str | None = None


class HeldSource(Answer):
    """A connection that some of it came by."""

    product: str = Field(examples=["redmine"])
    system: str = Field(examples=["projects"])


class AccessNotes(Answer):
    """What the law has told beside the data."""

    retention: str
    logic: str
    beyond: str


class HeldOfThem(Answer):
    """All that is held of a person or customer, others masked."""

    made_at: Instant
    controller: str = Field(examples=["Quendel & Raabe Automation GmbH"])
    kind: Literal["person", "organization"]
    ids: list[EntityId]
    known_by: list[str] = Field(description="Their addresses, numbers and names.")
    records: list[HeldRecord]
    identity: list[HeldIdentity]
    read_as: list[ReadAs]
    links: list[HeldPaper]
    cases: list[HeldCase]
    facts: list[HeldFacts]
    alerts: list[HeldAlert]
    judgements: list[HeldJudgement]
    quarantine: list[HeldInput]
    told_to: list[ToldTo]
    readers: list[str] = Field(description="Names of the keys that can ask for it.")
    sources: dict[str, HeldSource]
    notes: dict[str, AccessNotes] = Field(description="By language: de, en.")
