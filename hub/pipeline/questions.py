"""The review queue as it is asked: both sides side by side, with what they hold."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import msgspec

from hub.model.resolution import probability_of
from hub.store import review as queue
from hub.store.database import Tx
from hub.store.review import Asked, Position, Question, Task

_decode = msgspec.json.Decoder(dict[str, Any]).decode


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a question. values: the entity's golden ones; of a split, the record's own."""

    ref: str
    entity_id: str
    name: str
    records: int
    documents: int
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """A question with all that is needed to answer it. why: where the evidence can be read."""

    task: Task
    kind: str
    left: Side
    right: Side
    bits: float
    probability: float
    rank: int
    why: str


def questions(
    tx: Tx, kinds: Collection[str], *, after: Position | None = None, limit: int = 50
) -> tuple[list[Told], Position | None]:
    """Return a page of open questions, the weightiest first, and where the next page begins."""
    found = queue.page(tx, kinds, after=after, limit=limit + 1)
    more, found = len(found) > limit, found[:limit]
    sides = [side for each in found for side in (each.left, each.right)]
    golden = queue.golden(tx, {side.entity_id for side in sides})
    fields = queue.fields(tx, [side.ref for side in sides])

    def told(each: Question, side: Asked) -> Side:
        name, values = fields.get(side.ref, ("", "{}"))
        shown = _decode(values)
        if each.task == "merge" and side.entity_id in golden:
            name, document = golden[side.entity_id]
            shown = {key: one["value"] for key, one in _decode(document)["golden"].items()}
        return Side(side.ref, side.entity_id, name, side.records, side.documents, shown)

    page = [
        Told(
            task=each.task,
            kind=each.kind,
            left=told(each, each.left),
            right=told(each, each.right),
            bits=each.bits,
            probability=probability_of(each.bits),
            rank=each.rank,
            why=f"/v1/explain?{urlencode({'left': each.left.ref, 'right': each.right.ref})}",
        )
        for each in found
    ]
    return page, found[-1].position if more else None
