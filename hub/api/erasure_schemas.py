"""The shapes of erasures: what is asked, what would go, what was done."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from hub.api.schemas import Answer, EntityId, Instant, NoNul, Ref

Target = Annotated[
    str, StringConstraints(min_length=3, max_length=1000, strip_whitespace=True), NoNul
]
Reason = Annotated[
    str, StringConstraints(min_length=3, max_length=1000, strip_whitespace=True), NoNul
]


class Wanted(BaseModel):
    """Whom it is about."""

    target: Target = Field(
        description="An entity's id, connection/stream/key, or an e-mail address.",
        examples=["crm/contacts/C-17"],
    )


class NewErasure(Wanted):
    """A request to erase."""

    reason: Reason = Field(
        description="Why, without a name: it is kept as proof.", examples=["Request of 23 November"]
    )


class Lift(BaseModel):
    """A word that somebody may come back."""

    reason: Reason = Field(description="Why, without a name.", examples=["A new contract"])


class TouchedRecord(Answer):
    """A record and what would become of it."""

    ref: Ref
    kind: str = Field(examples=["invoice"])
    fate: Literal["goes", "kept", "person taken out"]
    until: str | None = Field(description="The last day the law keeps it.", examples=["2034-12-31"])
    why: str = Field(examples=["§ 147 (1) no. 4 AO, § 257 (1) no. 4 HGB: a voucher, 8 years"])


class SharedValue(Answer):
    """An address or number that others have as well: it stays."""

    value: str = Field(examples=["info@weber.example"])
    refs: list[Ref]


class ErasurePlan(Answer):
    """What an erasure would come to."""

    kind: Literal["person", "organization"]
    entities: list[EntityId]
    records: list[TouchedRecord]
    shared: list[SharedValue]
    other: dict[str, int] = Field(description="Store: rows.", examples=[{"views.document": 3}])
    streams: list[str] = Field(examples=[["crm/contacts"]])
    goes: int
    kept: int
    taken_out_of: int


class Erasure(Answer):
    """An erasure as it stands; nothing in it tells who it was."""

    id: str = Field(examples=["01JD9ZK3W4M8Q2T6V0X1Y5B7C9"])
    kind: Literal["person", "organization"]
    entities: list[EntityId]
    state: Literal["asked", "cut", "done", "lifted"]
    reason: str
    author: str
    asked_at: Instant
    done_at: Instant | None
    receipt: dict[str, int] = Field(examples=[{"source records": 6, "found afterwards": 0}])
    marks: int = Field(description="By so many marks it is kept out.")
    met: int = Field(description="How often sources brought something of it since.")
    met_at: Instant | None
    lifted_at: Instant | None
    lifted_by: str | None
    lift_reason: str | None
