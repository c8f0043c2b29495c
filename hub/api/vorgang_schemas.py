"""Answers about business cases and links, and what is asked of them."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from hub.api.detail_schemas import KeptCaseEventDetail, KeptGapDetail, KeptLinkEvidence
from hub.api.schemas import Answer, EntityId, Instant, Ref
from hub.model.vorgang import GapType, Phase, VorgangKind

GapWanted = Literal["any", GapType]
Department = Literal["marketing", "sales", "delivery", "finance", "service"]
Day = Annotated[str, Field(examples=["2026-11-20"])]
VorgangId = Annotated[str, Field(description="ULID", examples=["01JD9ZK3W4M8Q2T6V0X1Y5B7D1"])]
LinkId = Annotated[str, Field(examples=["5f1c0a4e9b7d2c3e8f6a1b20"])]
End = Annotated[
    str,
    Field(min_length=1, max_length=2000, pattern="^[^\0]*$", examples=["books:invoices:RE-31"]),
]


class CaseCustomer(Answer):
    """Whose case it is. name: null until its view is written."""

    id: EntityId
    name: str | None = Field(examples=["Weber Logistik GmbH"])


class CaseHealth(Answer):
    """How a case is today. p90_days: what nine in ten of `compared_with` cases stayed below."""

    state: Literal["sound", "attention", "critical"]
    reasons: list[str] = Field(examples=[["delivered_not_invoiced", "slow"]])
    days_in_phase: int | None
    p90_days: int | None
    compared_with: int


class VorgangRow(Answer):
    """One line of a list of business cases; amounts net, in minor units."""

    id: VorgangId
    kind: VorgangKind
    title: str = Field(examples=["Steuerung Förderband"])
    customer: CaseCustomer | None
    phase: Phase
    phase_since: Day | None
    value_minor: int | None = Field(examples=[2_400_000])
    currency: str | None = Field(examples=["EUR"])
    value_base_minor: int | None = Field(
        description="In the company's currency; null, too, where a rate is not known.",
        examples=[2_400_000],
    )
    base_currency: str = Field(description="The company's.", examples=["EUR"])
    opened_at: Day | None
    last_event_at: Day | None
    closed_at: Day | None
    departments: list[Department]
    gaps: list[str] = Field(description="What is missing today.")
    health: CaseHealth
    confidence: float = Field(description="Score of the weakest link that holds it together.")
    member_count: int


class Paper(Answer):
    """A record of a case, or an end of a link. ref: of a project its entity id."""

    ref: str
    kind: str
    connection: str
    number: str | None
    title: str | None
    status: str | None
    amount_minor: int | None
    currency: str | None
    amount_base_minor: int | None = Field(
        description="In the company's currency; null, too, where no rate is known."
    )


class CaseMember(Paper):
    """A member of a case. link: what holds it there, null for the one that founds the case;
    share_pct: how much of it is of this case, over all cases 100."""

    role: Literal["trunk", "branch"]
    share_pct: float = Field(examples=[100.0])
    link: LinkId | None
    score: float


class CasePhase(Answer):
    """A phase the case entered. p90_days: what nine in ten cases of its kind stayed below."""

    phase: Phase
    entered_at: Day
    left_at: Day | None
    days: int | None
    p90_days: int | None


class Gap(Answer):
    """Something missing. since: null where no paper tells of any day; open: whether it has come."""

    type: str
    department: Department
    since: Day | None
    open: bool
    refs: list[str]
    detail: KeptGapDetail


class CaseContradiction(Answer):
    """Papers that cannot all be right."""

    type: str = Field(examples=["paid_more_than_once"])
    refs: list[str]


class CaseEvent(Answer):
    """What became of the case in the hub: created, merged, split, phase, reopened ..."""

    type: str
    at: Instant
    detail: KeptCaseEventDetail


class CaseSums(Answer):
    """What a case came to so far, net and by share; paid: gross. Null: none, or not all known."""

    quoted: int | None
    ordered: int | None
    invoiced: int | None
    credited: int | None
    paid: int | None


class Vorgang(VorgangRow):
    """A whole business case."""

    amounts: CaseSums = Field(description="In minor units of `currency`.")
    amounts_base: CaseSums = Field(description="In minor units of `base_currency`.")
    without_rate: list[str] = Field(
        description="Currencies that papers have amounts in and name no rate for."
    )
    phases: list[CasePhase]
    gaps: list[Gap]  # type: ignore[assignment]  # here they are told in full
    contradictions: list[CaseContradiction]
    members: list[CaseMember] = Field(description="The first thousand.")
    split_from: VorgangId | None
    events: list[CaseEvent]


class Happening(Answer):
    """One thing that happened. at: as exact as its source has it."""

    at: str = Field(examples=["2026-11-20"])
    what: str = Field(examples=["invoice issued"])
    ref: str
    kind: str
    connection: str
    number: str | None
    title: str | None


class NewDecision(BaseModel):
    """A word on a link: that the two belong together in a case, or do not."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    from_ref: End = Field(description="A record; where a link stands or waits, its `from_ref`.")
    target: End = Field(description="A record, or a project by its entity id.")
    verdict: Literal["link", "no_link"]
    reason: str = Field("", max_length=2000, pattern="^[^\0]*$")


class Decision(Answer):
    """A person's word on a link. deleted_at: when it was taken back."""

    id: int
    from_ref: Ref
    role: str = Field(examples=["order"])
    target_ref: Ref
    verdict: Literal["link", "no_link"]
    author: str
    reason: str
    created_at: Instant
    deleted_at: Instant | None


class AppliedDecision(Decision):
    """The word, and whether it has taken effect; else it will before long."""

    applied: bool


class _Link(Answer):
    id: LinkId
    from_ref: Ref
    role: str
    target: str
    method: str = Field(examples=["amount"])
    score: float = Field(examples=[0.8])
    evidence: KeptLinkEvidence
    ends: list[Paper]


class WaitingLink(_Link):
    """A link too weak to stand: `POST /v1/links` settles it."""

    customer: CaseCustomer
    why: str = Field(examples=["/v1/links/5f1c0a4e9b7d2c3e8f6a1b20/why"])


class LinkWhy(_Link):
    """What speaks for a link, and what people have said of it, oldest first."""

    state: Literal["standing", "waiting"]
    decisions: list[Decision]
