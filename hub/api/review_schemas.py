"""The shapes of answers about evidence and review, as OpenAPI tells them."""

from typing import Literal

from pydantic import Field

from hub.api.detail_schemas import Flat
from hub.api.schemas import (
    Answer,
    Comparison,
    EntityId,
    EntityKind,
    Judgement,
    Ref,
)


class Asked(Answer):
    """One of the two records asked about."""

    ref: Ref
    name: str
    entity_id: EntityId | None = Field(description="null where it is not resolved yet")


class Rival(Answer):
    """Records that one side also resembles, though they do not resemble the other side."""

    beside: Ref
    refs: list[Ref]
    bits: float


class Step(Answer):
    """One merge in the making of an entity.

    bits: the average over all pairs of both sides, and `sources`, what their sources tell. reason:
    of `domain` are mentions that joined the only company of their mailboxes' domain.
    """

    left: list[Ref]
    right: list[Ref]
    bits: float
    reason: Literal["evidence", "judgement", "identical", "domain"]
    strongest: tuple[Ref, Ref] = Field(description="The pair that speaks most for it.")
    sources: float = Field(
        default=0.0, description="Bits for which departments the sides' records are of."
    )


class Explained(Answer):
    """Evidence in bits: prior + comparisons, `rivals` among them, = bits."""

    bits: float
    probability: float
    prior: float
    evidence: list[Comparison]
    shared_tokens: list[str]
    candidate: bool = Field(description="Whether they share enough to be compared at all.")
    verdict: str = Field(examples=["same"])
    turning: list[str] = Field(
        description="What would turn the verdict, all else equal.", examples=[["vat: different"]]
    )


class PairTold(Answer):
    """All there is to say on two records."""

    kind: EntityKind
    left: Asked
    right: Asked
    explanation: Explained
    scored: float | None = Field(description="The stored bits, before rivals; null: no edge.")
    rivals: list[Rival]
    judgement: Judgement | None
    one: bool = Field(description="Whether both stand for one entity now.")
    joined: Step | None = Field(description="The merge that brought both together.")
    obstacles: list[str] = Field(description="What keeps them apart, the deciding reason first.")
    second: Explained | None = Field(
        description="What the groups they are in told of each other, where a second round held "
        "them against each other and left them two; the evidence `average` names both groups."
    )


class How(Answer):
    """How an entity came together: its merges in order, those that say the same first."""

    id: EntityId
    kind: EntityKind
    records: list[Ref]
    steps: list[Step]


class ReviewSide(Answer):
    """One side of a question. values: golden ones of the entity, or those of the record."""

    ref: Ref
    entity_id: EntityId
    name: str
    records: int
    documents: int
    values: Flat


class Review(Answer):
    """A question that a judgement on `left.ref` and `right.ref` answers.

    merge: are these two entities one? split: is this entity, joined just so, one after all?
    """

    task: Literal["merge", "split"]
    kind: EntityKind
    left: ReviewSide
    right: ReviewSide
    bits: float
    probability: float
    rank: int = Field(description="Records and documents it would move, times the doubt.")
    why: str = Field(description="Where the evidence can be read.")


class Applied(Judgement):
    """A judgement, and what it came to."""

    applied: bool = Field(description="false: it is kept, and still being worked on.")
    entities: tuple[EntityId | None, EntityId | None] = Field(
        description="Whom left and right stand for now."
    )
