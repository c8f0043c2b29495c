"""What the stored views look like, for OpenAPI; the views themselves are served as they lie."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from hub.api.evidence_schema import Plain, SeenEvidence
from hub.api.schemas import EntityId, Instant, Ref


class _Shown(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Open(BaseModel):
    """More keys may follow: fields of the kind, where they are known."""

    model_config = ConfigDict(extra="allow")


class Origin(_Shown):
    """A record that says so. fetched_at: when the hub read it last."""

    connection: str
    ref: Ref
    fetched_at: Instant


class SourcedValue(_Shown):
    """A value with every record that says so."""

    value: Plain | list[Plain]
    sources: list[Origin]


class GoldenValue(SourcedValue):
    """The best value of a field. values: the parts of a list, each with its own sources."""

    as_of: Instant
    alternatives: list[SourcedValue] = Field(description="What other records say instead.")
    values: list[SourcedValue] | None = None
    base_minor: int | None = Field(
        None, description="Of an amount: in the company's currency, where a rate is known."
    )


class ViewRecord(_Shown):
    """A record that stands for the entity. method: single, model or judgement."""

    ref: Ref
    connection: str
    stream: str
    key: str
    fetched_at: Instant
    method: str
    score: float | None
    extensions: dict[str, Any] = Field(description="What the hub has no noun for, as sent.")


class ViewLink(_Shown):
    """How something hangs on the entity. method: key, document, number or contact."""

    id: str
    role: str
    method: str
    score: float


class Neighbour(_Open):
    """A contact, an organisation or a project."""

    id: EntityId
    name: str
    link: ViewLink


class Neighbours(_Shown):
    """By name; `total` counts those beyond the first hundred, too."""

    total: int
    items: list[Neighbour]


class Document(_Open):
    """A document with its main fields. Each amount (`net_minor`, in minor units of `currency`) has
    itself in the company's currency beside it (`net_base_minor`), null where no rate is known."""

    ref: Ref
    number: str | None
    title: str | None
    status: str | None
    at: str | None
    connection: str
    link: ViewLink


class Documents(_Shown):
    """Newest first; `total` counts those beyond the first hundred, too."""

    total: int
    items: list[Document]


class TimelineEvent(_Shown):
    """One document in the order of time."""

    at: str | None
    kind: str
    ref: Ref
    number: str | None
    title: str | None
    status: str | None
    connection: str


class Timeline(_Shown):
    """Newest first; `/timeline` has the rest."""

    total: int
    items: list[TimelineEvent]


class ViewAlert(_Shown):
    """An alert that is not over."""

    id: str
    rule: str
    name: dict[str, str] | None
    clears_when: dict[str, str] | None
    condition: str
    severity: str
    since: Instant
    fired_at: Instant | None
    subject: dict[str, str]
    reasons: dict[str, list[str]] | None = Field(
        None, description="Why it is there, by language: a line for each thing looked at."
    )
    evidence: SeenEvidence | None


class ViewFact(_Shown):
    """A typed number or word about a customer, with the connections it came from."""

    value: Plain
    as_of: Instant
    sources: list[str]


class _View(_Shown):
    id: EntityId
    name: str
    base_currency: str = Field(description="The company's; of all `*_base_minor`, `base_minor`.")
    golden: dict[str, GoldenValue]
    records: list[ViewRecord]
    leads: Documents
    deals: Documents
    quotes: Documents
    orders: Documents
    deliveries: Documents
    invoices: Documents
    payments: Documents
    dunnings: Documents
    tickets: Documents
    messages: Documents
    touches: Documents
    contracts: Documents
    milestones: Documents
    assets: Documents
    consents: Documents
    timeline: Timeline
    alerts: list[ViewAlert]
    facts: dict[str, ViewFact]
    freshness: dict[str, Instant] = Field(
        description="When each connection last began a run that succeeded; not in the ETag."
    )
    rendered_at: Instant


class CaseGap(_Shown):
    """Something missing in a business case, from a day on; null where no paper tells of any."""

    type: str
    department: str
    since: str | None


class Case(_Shown):
    """A business case; `/v1/vorgaenge/{id}` has the whole."""

    id: str
    kind: str
    title: str
    phase: str
    phase_since: str | None
    value_minor: int | None
    currency: str | None
    value_base_minor: int | None
    opened_at: str | None
    last_event_at: str | None
    closed_at: str | None
    gaps: list[CaseGap]


class Cases(_Shown):
    """Those last heard of first; `total` counts those beyond the first hundred, too."""

    total: int
    items: list[Case]


class CustomerView(_View):
    """A customer as all departments know it."""

    kind: Literal["organization"]
    contacts: Neighbours
    organizations: Neighbours
    projects: Neighbours
    vorgaenge: Cases


class PersonView(_View):
    """A person as all departments know them."""

    kind: Literal["person"]
    organizations: Neighbours
    projects: Neighbours


class ProjectView(_View):
    """A project as all departments know it."""

    kind: Literal["project"]
    organizations: Neighbours
    contacts: Neighbours


VIEWS: dict[str, type[_View]] = {
    "organization": CustomerView,
    "person": PersonView,
    "project": ProjectView,
}
