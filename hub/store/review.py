"""The review queue: pairs of records that a person's word would settle, the weightiest first."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa

from hub.store.database import Tx, among, chunks, upsert
from hub.store.tables import (
    canonical_records,
    crosswalk,
    judgements,
    links,
    review_pairs,
    views,
    work,
)

Task = Literal["merge", "split"]
Position = tuple[int, str, str, str]
"""Where a page ended: rank, left ref, right ref, task."""


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A pair of records (left < right) of two profiles, and why it waits.

    bits: of the pair, rivals heard; of a split the average over both sides. doubt: thousandths of
    a bit that an answer would tell. moved: of a split, the records on its smaller side.
    """

    task: Task
    left: str
    right: str
    left_id: int
    right_id: int
    bits: float
    doubt: int
    moved: int | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """One side of a question: a record, whom it stands for, and how much hangs on that one."""

    ref: str
    entity_id: str
    records: int
    documents: int


@dataclass(frozen=True, slots=True)
class Question:
    """An entry of the queue. rank: records and documents an answer would move, times the doubt."""

    task: Task
    kind: str
    left: Asked
    right: Asked
    bits: float
    rank: int

    @property
    def position(self) -> Position:
        """Return where a page that ends here goes on."""
        return self.rank, self.left.ref, self.right.ref, self.task


def replace(tx: Tx, kind: str, ids: Collection[int] | None, found: Iterable[Doubtful]) -> None:
    """Let these pairs wait instead of all that name one of the profiles; None: of the kind."""
    q = review_pairs.c
    if ids is None:
        tx.execute(sa.delete(review_pairs).where(q.kind == kind))
    for chunk in chunks(ids or ()):
        for side in (q.left_id, q.right_id):
            tx.execute(sa.delete(review_pairs).where(among(side, chunk)))
    rows = {
        (each.task, each.left, each.right): {
            "task": each.task,
            "left_ref": each.left,
            "right_ref": each.right,
            "kind": kind,
            "left_id": each.left_id,
            "right_id": each.right_id,
            "bits": each.bits,
            "doubt": each.doubt,
            "moved": each.moved,
        }
        for each in found
    }
    upsert(tx, review_pairs, list(rows.values()))


def page(
    tx: Tx, kinds: Collection[str], *, after: Position | None = None, limit: int = 50
) -> list[Question]:
    """Return up to `limit` questions that nobody has answered, the weightiest first."""
    ranked = _ranked(kinds)
    r = ranked.c
    query = sa.select(ranked)
    if after is not None:
        rank, *rest = after
        beyond = sa.tuple_(r.left_ref, r.right_ref, r.task) > sa.tuple_(*rest)
        query = query.where((r.rank < rank) | ((r.rank == rank) & beyond))
    query = query.order_by(r.rank.desc(), r.left_ref, r.right_ref, r.task).limit(limit)
    return [_question(row) for row in tx.execute(query)]


def _question(row: Any) -> Question:
    return Question(
        task=row.task,
        kind=row.kind,
        left=Asked(row.left_ref, row.left_entity, row.left_records, row.left_documents),
        right=Asked(row.right_ref, row.right_entity, row.right_records, row.right_documents),
        bits=row.bits,
        rank=row.rank,
    )


def _ranked(kinds: Collection[str]) -> sa.Subquery:
    """Return each open question with its rank."""
    waiting = _open(kinds)
    w = waiting.c
    left, right = w.left_records + w.left_documents, w.right_records + w.right_documents
    smaller = sa.case((left < right, left), else_=right)
    moved = sa.case((w.task == "split", w.moved), else_=smaller)
    return sa.select(*w, (moved * w.doubt).label("rank")).subquery()


def _open(kinds: Collection[str]) -> sa.CTE:
    q, said = review_pairs.c, _judged_entities()
    one, other = crosswalk.alias("one"), crosswalk.alias("other")
    first, second = _ordered(one.c.entity_id, other.c.entity_id)
    two = one.c.entity_id != other.c.entity_id
    answered = sa.exists().where(
        judgements.c.left_ref == q.left_ref,
        judgements.c.right_ref == q.right_ref,
        judgements.c.deleted_at.is_(None),
    )
    return (
        sa.select(
            *q,
            one.c.entity_id.label("left_entity"),
            other.c.entity_id.label("right_entity"),
            _records(one.c.entity_id).label("left_records"),
            _records(other.c.entity_id).label("right_records"),
            _documents(one.c.entity_id).label("left_documents"),
            _documents(other.c.entity_id).label("right_documents"),
        )
        .select_from(review_pairs)
        .join(one, one.c.ref == q.left_ref)
        .join(other, other.c.ref == q.right_ref)
        .outerjoin(said, (said.c.first == first) & (said.c.second == second) & two)
        .where(
            q.kind.in_(sorted(kinds)),
            sa.case((q.task == "merge", two), else_=sa.not_(two)),
            said.c.first.is_(None),
            ~answered,
        )
        .cte("waiting")
    )


def _judged_entities() -> sa.Subquery:
    """Return all two entities (first < second) on whose records a judgement stands."""
    one, other = crosswalk.alias("judged_one"), crosswalk.alias("judged_other")
    first, second = _ordered(one.c.entity_id, other.c.entity_id)
    return (
        sa.select(first.label("first"), second.label("second"))
        .select_from(judgements)
        .join(one, one.c.ref == judgements.c.left_ref)
        .join(other, other.c.ref == judgements.c.right_ref)
        .where(judgements.c.deleted_at.is_(None))
        .distinct()
        .subquery()
    )


def _ordered(
    one: sa.ColumnElement[str], other: sa.ColumnElement[str]
) -> tuple[sa.ColumnElement[str], sa.ColumnElement[str]]:
    return (
        sa.case((one < other, one), else_=other),
        sa.case((one < other, other), else_=one),
    )


def _records(entity: sa.ColumnElement[str]) -> sa.ScalarSelect[int]:
    held = crosswalk.alias()
    return sa.select(sa.func.count()).where(held.c.entity_id == entity).scalar_subquery()


def _documents(entity: sa.ColumnElement[str]) -> sa.ScalarSelect[int]:
    to = links.alias()
    return (
        sa.select(sa.func.count(to.c.from_ref.distinct()))
        .where(to.c.target == entity)
        .scalar_subquery()
    )


def golden(tx: Tx, entity_ids: Collection[str]) -> dict[str, tuple[str, str]]:
    """Return name and stored document of each entity that has a view."""
    c = views.c
    rows = tx.execute(sa.select(c.id, c.name, c.document).where(among(c.id, entity_ids)))
    return {row.id: (row.name, row.document) for row in rows}


def fields(tx: Tx, refs: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Return title and fields, as JSON, of each record."""
    c = canonical_records.c
    rows = tx.execute(sa.select(c.ref, c.title, c.fields).where(among(c.ref, refs)))
    return {row.ref: (row.title or "", row.fields) for row in rows}


def is_due(tx: Tx, refs: Collection[str]) -> bool:
    """Return whether any of these records still waits to be resolved."""
    where = work.c.stage == "resolve", among(work.c.item, refs)
    return tx.execute(sa.select(work.c.item).where(*where).limit(1)).first() is not None
