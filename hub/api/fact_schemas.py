"""Answers about facts, rules and contradictions."""

from typing import Literal

from pydantic import Field

from hub.api.detail_schemas import Flat
from hub.api.evidence_schema import Plain
from hub.api.schemas import Answer


class FactSubject(Answer):
    """What facts are told of."""

    kind: str = Field(examples=["customer"])
    id: str = Field(description="An entity's id, a record's ref, or a connection's name.")


class ToldFact(Answer):
    """A typed number or word, since when it is so, and the connections it came from."""

    value: Plain
    as_of: str = Field(description="Since when every evaluation found it so.")
    sources: list[str]


class SubjectFacts(Answer):
    """All that is known of one subject."""

    subject: FactSubject
    customer: str | None = Field(description="The customer it belongs to.")
    facts: dict[str, ToldFact]
    unknown: list[str] = Field(description="Facts that cannot be told; they are not zero.")


class FactsPage(Answer):
    """Facts at one moment."""

    at: str = Field(description="The moment asked for.")
    freshness: dict[str, str] = Field(
        description="Connection -> when its last good run before that moment began."
    )
    items: list[SubjectFacts]
    next: str | None = Field(description="Hand it in as `after` for the next page.")


class RuleAnswer(Answer):
    """A rule in use."""

    id: str = Field(examples=["R01"])
    name: dict[str, str]
    description: dict[str, str] | None
    clears_when: dict[str, str] | None
    subject: str
    when: str = Field(description="The condition, in CEL.")
    reads: list[str] = Field(description="The facts it looks at.")
    lacks: dict[str, list[str]] = Field(
        description="Kind of record that no connection gives -> what is not known for want of it.",
        examples=[{"contract": ["contracts", "contracts.status"]}],
    )
    can_fire: bool = Field(description="False where it can't be true without these.")
    params: dict[str, Plain]
    mode: Literal["live", "shadow"]
    severity: str
    escalates_to: str | None
    hold_for_s: int
    keep_s: int
    fresh_s: dict[str, int] = Field(description="System -> how old its facts may be.")
    alerts: dict[str, int] = Field(description="Its alerts, by condition.")


class Rules(Answer):
    """The rules in use."""

    items: list[RuleAnswer]


class Named(Answer):
    """What people call something."""

    de: str = Field(examples=["gewonnen, aber kein Auftrag"])
    en: str = Field(examples=["won without an order"])


class NamedFact(Named):
    """What people call a fact; unit: how its value is meant, such as `money` in minor units."""

    unit: str = Field(examples=["money"])


class Vocabulary(Answer):
    """Kind of code -> code -> its name; fact of a subject -> its name and unit."""

    codes: dict[str, dict[str, Named]] = Field(
        description="`gaps`, `phases`, `departments`, `severities`, `values` ..."
    )
    facts: dict[str, NamedFact] = Field(description="By subject and fact: `customer.open_ar`.")


class Claim(Answer):
    """One value that a system names."""

    value: str = Field(description="Spelt for comparison.")
    ref: str
    connection: str
    fetched_at: str
    fields: Flat = Field(description="As that record has it.")


class OwedInvoice(Answer):
    """An open invoice that goes out, or is paid, by one of the values."""

    ref: str
    number: str | None
    balance_minor: int | None
    currency: str | None
    due_on: str | None


class Contradiction(Answer):
    """Values of one field that compete, and what hangs on it."""

    customer: str
    name: str | None
    field: str
    since: str | None = Field(description="A date: since when they differ.")
    changed_on: str | None = Field(description="A date: when one of them last changed, if known.")
    claims: list[Claim]
    open_invoices: int
    payment_due_on: str | None
    invoices: list[OwedInvoice] = Field(
        description="Those that are open, the longest due first; 20 at most."
    )
    alert: str | None = Field(description="The alert that tells of it, where one is not over.")


class Contradictions(Answer):
    """Contradictions, by customer."""

    items: list[Contradiction]
    next: str | None
