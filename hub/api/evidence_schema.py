"""What an alert's evidence looks like, for OpenAPI; it is answered as it was frozen, unread."""

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

Ref = Annotated[str, Field(examples=["crm:accounts:A-17"])]
Plain = bool | int | float | str
"""A value without parts."""


class Frozen(BaseModel):
    model_config = ConfigDict(extra="forbid")


class LookedAt(Frozen):
    """Facts of one thing. variable: what the rule calls it, `ticket` or `projects`."""

    variable: str = Field(examples=["ticket"])
    facts: dict[str, Plain] = Field(examples=[{"priority_rank": 1}])
    ref: Ref | None = Field(None, description="The record, where it is one.")
    id: str | None = Field(None, description="The entity, business case or source, where it is.")


class TruePart(Frozen):
    """A part of the rule's condition that holds."""

    condition: str = Field(examples=['ticket.status_group == "open"'])
    about: list[LookedAt]
    none: list[str] | None = Field(None, description="Lists that were found empty.")
    raises: bool | None = Field(None, description="Whether it only makes the rule weigh more.")


class FrozenFact(Frozen):
    """A fact as it was read, since when it was so, and the connections it came from."""

    value: Plain
    as_of: str
    sources: list[str]


class FrozenRecord(BaseModel):
    """A record as it was seen: some of its fields, by what it is. Of values that compete (`claims`)
    each has its `connection`, its `value` and the day that is of (`as_of`)."""

    model_config = ConfigDict(extra="allow")

    ref: Ref | None = None
    id: str | None = Field(None, description="Where it is an entity or a business case.")
    number: str | None = None
    title: str | None = None
    status: str | None = None
    version: int | None = Field(None, description="Of the source record it was made from.")


class MayBelong(Frozen):
    """A record that may be what the rule misses. score: as that of a link, to 1."""

    ref: Ref
    kind: str = Field(examples=["order"])
    number: str | None
    score: float


class Seen(Frozen):
    """What one evaluation stood on; nothing where the rule was not true.

    currency: of all its money; records: by list, the one the alert is about as `subject`."""

    because: list[TruePart] | None = None
    facts: dict[str, FrozenFact] | None = Field(None, description="By name, `ticket.status`.")
    records: dict[str, list[FrozenRecord]] | None = None
    params: dict[str, Plain] | None = Field(None, examples=[{"min_amount": 500000}])
    rule: str | None = Field(None, description="Changes with what the rule asks.")
    currency: str | None = None
    candidates: list[MayBelong] | None = None


class WorstSeen(Seen):
    """What was seen when it weighed most."""

    severity: str


class Evidence(Frozen):
    """What made a rule true, first, at its worst and last; empty before it ever was."""

    first: Seen | None = None
    worst: WorstSeen | None = None
    current: Seen | None = None


@dataclass(frozen=True)
class Shaped:
    """Describes what is answered as it lies as if it were a model."""

    model: type[BaseModel]

    def __get_pydantic_json_schema__(
        self, _: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return handler(self.model.__pydantic_core_schema__)


AlertEvidence = Annotated[dict[str, Any], Shaped(Evidence)]
"""An alert's evidence."""
SeenEvidence = Annotated[dict[str, Any], Shaped(Seen)]
"""What one evaluation stood on."""
