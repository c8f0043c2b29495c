"""Parts of answers that are told as they were kept, for OpenAPI; what is there goes by a kind."""

from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter, WithJsonSchema

from hub.api.evidence_schema import Frozen, Plain, Ref, Shaped

_FLAT = TypeAdapter(dict[str, Plain | list[Plain]]).json_schema()
Flat = Annotated[dict[str, Any], WithJsonSchema(_FLAT)]
"""Fields of a kind, where they are known (docs/mapping.md): values, and lists of values."""


class PointedBy(Frozen):
    """A reference of a record: its role, and the record it names."""

    role: str = Field(examples=["order"])
    ref: Ref


class LinkEvidence(Frozen):
    """What speaks for a link. Which of these there are goes by the link's `method`."""

    refs: list[PointedBy] | None = Field(None, description="key: the references that say so.")
    documents: list[Ref] | None = Field(None, description="document: whose customer it is.")
    person: str | None = Field(None, description="contact: who works for the organization.")
    records: list[Ref] | None = Field(None, description="contact: the records that say so.")
    message: str | None = Field(None, description="thread: the message that is answered.")
    field: str | None = Field(None, description="number: where the number stands.")
    number: str | None = Field(
        None, description="number: that it is; amount: that another customer's payment names."
    )
    customers: list[str] | None = Field(None, description="number: whose both are.")
    amounts_minor: list[int | None] | None = Field(
        None, description="amount, single: what both ends are worth, the later one last."
    )
    days: list[str | None] | None = Field(None, description="amount, single: of both ends.")
    same_name: bool | None = Field(
        None, description="amount, single: whether an order number or the name agrees."
    )
    together: list[Ref] | None = Field(
        None, description="amount: the invoices whose sum a payment is."
    )
    decision: int | None = Field(None, description="judgement: its id.")
    author: str | None = Field(None, description="judgement: who said so.")
    reason: str | None = Field(None, description="judgement: why.")


class GapDetail(Frozen):
    """Of `value_drift`: the two sums that differ, in minor units of `currency`."""

    ordered_minor: int | None = None
    quoted_minor: int | None = None
    invoiced_minor: int | None = None
    currency: str | None = None


class CaseEventDetail(Frozen):
    """Of `phase` and `reopened` the phases before and after, of all else the other cases."""

    before: str | None = None
    after: str | None = None
    others: list[str] | None = None


class IdentityDetail(Frozen):
    """The ids that were merged into it, or that it was split from."""

    others: list[str] | None = None


class OfCustomer(Frozen):
    """Whose alert it is."""

    id: str
    name: str | None


class About(Frozen):
    """What an alert is about."""

    kind: str
    id: str


class ToldRecord(Frozen):
    """A record that an alert stands on. link: its page in its tool."""

    ref: Ref | None = None
    number: str | None = None
    version: int | None = None
    link: str | None = None


class ToldAlert(Frozen):
    """An alert as a notice tells it. reason: why it is told now."""

    reason: str | None = Field(examples=["first"])
    id: str
    rule: str
    department: str | None
    severity: str
    condition: str
    ending: str | None
    subject: About
    customer: OfCustomer | None
    about: dict[str, str] | None = Field(
        None,
        description="What the subject is called, by language.",
        examples=[{"en": "Ticket T-80122"}],
    )
    fired_at: str | None
    resolved_at: str | None
    name: dict[str, str] | None
    clears_when: dict[str, str] | None
    reasons: dict[str, list[str]]
    facts: dict[str, Plain]
    records: list[ToldRecord]
    href: str
    page: str


class NoticeBody(Frozen):
    """What a notice says; a webhook has it as `data`. What is there goes by its type."""

    type: Literal["alerts", "rule_quarantined", "rule_held", "source_unknown", "test"]
    at: str
    time_zone: str
    group: str | None = Field(None, description="alerts: what they were grouped by.")
    total: int | None = Field(None, description="alerts: how many; `items` has the first hundred.")
    items: list[ToldAlert] | None = None
    rule: str | None = None
    detail: str | None = Field(None, description="rule_quarantined, rule_held: why.")
    source: str | None = Field(None, description="source_unknown: the connection.")
    since: str | None = None
    alerts: int | None = Field(None, description="source_unknown: how many stay unknown.")
    rules: list[str] | None = None
    target: str | None = None
    left: list[str] | None = Field(
        None, description="Mailboxes that have not taken it, where others of the target have."
    )
    href: str | None = None
    page: str | None = None


KeptLinkEvidence = Annotated[dict[str, Any], Shaped(LinkEvidence)]
KeptGapDetail = Annotated[dict[str, Any], Shaped(GapDetail)]
KeptCaseEventDetail = Annotated[dict[str, Any], Shaped(CaseEventDetail)]
KeptIdentityDetail = Annotated[dict[str, Any], Shaped(IdentityDetail)]
KeptNoticeBody = Annotated[dict[str, Any], Shaped(NoticeBody)]
