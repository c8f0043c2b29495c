"""Judgements: what a person said of two records; kept, and undone by marking."""

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from hub.errors import NotFoundError
from hub.model.resolution import Judgement, Verdict
from hub.store import work
from hub.store.database import Row, Tx, listed
from hub.store.prepared import Prepared
from hub.store.tables import canonical_records, judgements, review_pairs


@dataclass(frozen=True, slots=True)
class Judged:
    """One judgement as it stands; deleted_at: when it was undone."""

    id: int
    left: str
    right: str
    verdict: Verdict
    author: str
    reason: str
    created_at: str
    deleted_at: str | None


def add(
    tx: Tx, left: str, right: str, verdict: Verdict, *, author: str, reason: str, now: str
) -> Judged:
    """Store a person's word on two records and make both due; an earlier one on them is undone.

    Raises NotFoundError where a record is unknown, ValueError where both are one or of two kinds.
    """
    if left == right:
        raise ValueError(f"{left} is one record: a judgement needs two")
    left, right = sorted((left, right))
    c = canonical_records.c
    kinds = dict(tx.execute(sa.select(c.ref, c.kind).where(c.ref.in_([left, right]))).all())
    for ref in (left, right):
        if ref not in kinds:
            raise NotFoundError(f"no record {ref}")
    if kinds[left] != kinds[right]:
        raise ValueError(f"{left} is a {kinds[left]}, {right} a {kinds[right]}: never one")
    j = judgements.c
    tx.execute(
        sa.update(judgements)
        .where(j.left_ref == left, j.right_ref == right, j.deleted_at.is_(None))
        .values(deleted_at=now)
    )
    row = tx.execute(
        sa.insert(judgements).returning(judgements),
        [
            {
                "left_ref": left,
                "right_ref": right,
                "verdict": verdict,
                "author": author,
                "reason": reason,
                "created_at": now,
            }
        ],
    ).one()
    q = review_pairs.c  # answered; what else this settles goes with the next walk
    tx.execute(sa.delete(review_pairs).where(q.left_ref == left, q.right_ref == right))
    work.add(tx, "resolve", [left, right])
    return _judged(row)


def undo(tx: Tx, judgement_id: int, now: str) -> Judged:
    """Take a judgement back and make both records due. Raises NotFoundError where none stands."""
    j = judgements.c
    row = tx.execute(
        sa.update(judgements)
        .where(j.id == judgement_id, j.deleted_at.is_(None))
        .values(deleted_at=now)
        .returning(judgements)
    ).first()
    if row is None:
        raise NotFoundError(f"no judgement {judgement_id} stands")
    work.add(tx, "resolve", [row.left_ref, row.right_ref])
    return _judged(row)


def page(tx: Tx, *, after: int = 0, limit: int = 50, undone: bool = False) -> list[Judged]:
    """Return up to `limit` judgements with an id above `after`; undone: those taken back, too."""
    query = sa.select(judgements).where(judgements.c.id > after)
    if not undone:
        query = query.where(judgements.c.deleted_at.is_(None))
    return [_judged(row) for row in tx.execute(query.order_by(judgements.c.id).limit(limit))]


_j = judgements.c
_standing = Prepared(
    sa.union(
        sa.select(judgements).where(listed(_j.left_ref, "refs"), _j.deleted_at.is_(None)),
        sa.select(judgements).where(listed(_j.right_ref, "refs"), _j.deleted_at.is_(None)),
    )
)


def standing(tx: Tx, refs: Iterable[str]) -> list[Judged]:
    """Return the judgements in force that name any of these records, oldest first."""
    refs = list(refs)
    return sorted((Judged(*row) for row in _standing(tx, refs=refs)), key=lambda one: one.id)


def all_standing(tx: Tx) -> list[Judgement]:
    """Return every judgement in force, oldest first."""
    query = sa.select(_j.left_ref, _j.right_ref, _j.verdict).where(_j.deleted_at.is_(None))
    return [Judgement(*row) for row in tx.execute(query.order_by(_j.id))]


def _judged(row: Row) -> Judged:
    return Judged(
        id=row.id,
        left=row.left_ref,
        right=row.right_ref,
        verdict=row.verdict,
        author=row.author,
        reason=row.reason,
        created_at=row.created_at,
        deleted_at=row.deleted_at,
    )
