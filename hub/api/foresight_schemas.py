"""Answers about what may come."""

from datetime import date
from typing import Literal

from pydantic import Field

from hub.api.fact_schemas import FactSubject
from hub.api.schemas import Answer


class ToldEvidence(Answer):
    """A fact a judgement rests on."""

    subject: FactSubject
    fact: str
    value: bool | int | float | str
    sources: list[str]
    as_of: str = Field(description="Since when it is so.")


class ToldReason(Answer):
    """Why, the strongest first."""

    name: str = Field(examples=["complaints"])
    department: str = Field(description="Who knows it.", examples=["service"])
    effect: float
    text: dict[str, str]
    evidence: list[ToldEvidence]


class ToldRisk(Answer):
    """How likely a deal is lost. A reason's effect is in log-odds, against the average deal."""

    probability: float = Field(ge=0, le=1)
    alone: float = Field(ge=0, le=1, description="The same, by what sales itself knows.")
    reasons: list[ToldReason]
    unknown: list[str] = Field(description="Signs that cannot be told; they count for nothing.")


class ToldPriority(Answer):
    """The highest priority anything asks for. A reason's effect is a rank, from 1 to 4."""

    proposed: Literal["low", "normal", "high", "urgent"]
    alone: Literal["low", "normal", "high", "urgent"] = Field(description="By the ticket itself.")
    reasons: list[ToldReason]


class ToldPayment(Answer):
    """When an invoice is paid. A reason's effect is in days."""

    expected_on: date
    earliest_on: date = Field(description="One in ten would be paid by then.")
    latest_on: date = Field(description="Nine in ten would be paid by then.")
    alone_on: date = Field(description="Expected by what billing itself knows.")
    own_invoices: int = Field(description="Paid invoices of this customer it rests on.")
    reasons: list[ToldReason]
    unknown: list[str]


class HealthPart(Answer):
    """One part of a customer's health."""

    name: str
    department: str
    points: float | None = Field(description="Null where it cannot be told.")
    of: float
    text: dict[str, str] | None
    evidence: list[ToldEvidence]


class ToldHealth(Answer):
    """How well things stand with a customer: 100 without any trouble."""

    score: int | None = Field(ge=0, le=100, description="Null where less than half is known.")
    parts: list[HealthPart]
    unknown: list[str]


class _Foreseen(Answer):
    subject: FactSubject
    customer: str | None
    at: str
    weights: str = Field(description="Version of the weights.")
    withheld: (
        Literal["natural_person", "no_customer", "not_open", "too_little_known", "never_so_late"]
        | None
    ) = Field(description="Why there is no judgement.")


class DealForesight(_Foreseen):
    """Whether a deal is at risk."""

    judgement: ToldRisk | None


class TicketForesight(_Foreseen):
    """A priority proposed for a ticket."""

    judgement: ToldPriority | None


class InvoiceForesight(_Foreseen):
    """When an invoice is expected to be paid."""

    judgement: ToldPayment | None


class CustomerForesight(_Foreseen):
    """A customer's health."""

    judgement: ToldHealth | None
