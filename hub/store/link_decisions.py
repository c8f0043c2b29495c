"""What people said of links: that one stands, or does not; kept, and undone by marking."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa

from hub.errors import NotFoundError
from hub.store import work
from hub.store.database import Row, Tx, among, chunks
from hub.store.tables import canonical_records, crosswalk, link_decisions

Verdict = Literal["link", "no_link"]
_d, _r = link_decisions.c, canonical_records.c


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision on two records; deleted_at: when it was undone."""

    id: int
    from_ref: str
    role: str
    target_ref: str
    verdict: Verdict
    author: str
    reason: str
    created_at: str
    deleted_at: str | None


def add(
    tx: Tx, from_ref: str, target: str, verdict: Verdict, *, author: str, reason: str, now: str
) -> Decision:
    """Store a person's word on a link and make its ends due; an earlier one on them is undone.

    target: a record, or an entity, which then stands for its first record. Raises NotFoundError
    where an end is unknown, ValueError where both are one.
    """
    target_ref = target if ":" in target else _first_record(tx, target)
    rows = tx.execute(sa.select(_r.ref, _r.kind).where(_r.ref.in_([from_ref, target_ref])))
    kinds = dict(rows.all())
    for ref in (from_ref, target_ref):
        if ref not in kinds:
            raise NotFoundError(f"no record {ref}")
    if from_ref == target_ref:
        raise ValueError(f"{from_ref} is one record: a link needs two")
    tx.execute(
        sa.update(link_decisions)
        .where(_between(from_ref, target_ref), _d.deleted_at.is_(None))
        .values(deleted_at=now)
    )
    values = {
        "from_ref": from_ref,
        "role": kinds[target_ref],
        "target_ref": target_ref,
        "verdict": verdict,
        "author": author,
        "reason": reason,
        "created_at": now,
    }
    row = tx.execute(sa.insert(link_decisions).returning(link_decisions), [values]).one()
    work.add(tx, "thread", [from_ref, target_ref])
    return Decision(*row)


def _first_record(tx: Tx, entity_id: str) -> str:
    where = crosswalk.c.entity_id == entity_id
    found = tx.execute(sa.select(sa.func.min(crosswalk.c.ref)).where(where)).scalar_one()
    if found is None:
        raise NotFoundError(f"no record or entity {entity_id}")
    return str(found)


def _between(one: str, other: str) -> sa.ColumnElement[bool]:
    return sa.or_(
        sa.and_(_d.from_ref == one, _d.target_ref == other),
        sa.and_(_d.from_ref == other, _d.target_ref == one),
    )


def undo(tx: Tx, decision_id: int, now: str) -> Decision:
    """Take a decision back and make its ends due. Raises NotFoundError where none stands."""
    row = tx.execute(
        sa.update(link_decisions)
        .where(_d.id == decision_id, _d.deleted_at.is_(None))
        .values(deleted_at=now)
        .returning(link_decisions)
    ).first()
    if row is None:
        raise NotFoundError(f"no decision {decision_id} stands")
    work.add(tx, "thread", [row.from_ref, row.target_ref])
    return Decision(*row)


def page(tx: Tx, *, after: int = 0, limit: int = 50, undone: bool = False) -> list[Decision]:
    """Return up to `limit` decisions with an id above `after`; undone: those taken back, too."""
    query = sa.select(link_decisions).where(_d.id > after)
    if not undone:
        query = query.where(_d.deleted_at.is_(None))
    return [Decision(*row) for row in tx.execute(query.order_by(_d.id).limit(limit))]


def between(tx: Tx, one: str, other: str) -> list[Decision]:
    """Return all decisions on two records, oldest first."""
    select = sa.select(link_decisions).where(_between(one, other)).order_by(_d.id)
    return [Decision(*row) for row in tx.execute(select)]


def standing(tx: Tx, refs: Collection[str]) -> list[Row]:
    """Return the decisions in force that begin or end at these records.

    Rows: those of a decision, and `from_kind`, `from_entity`, `target_kind`, `target_entity`.
    Where a record is gone the decision rests until it comes back.
    """
    one, other = canonical_records.alias("one"), canonical_records.alias("other")
    mine, theirs = crosswalk.alias("mine"), crosswalk.alias("theirs")
    select = (
        sa.select(
            link_decisions,
            one.c.kind.label("from_kind"),
            mine.c.entity_id.label("from_entity"),
            other.c.kind.label("target_kind"),
            theirs.c.entity_id.label("target_entity"),
        )
        .join(one, one.c.ref == _d.from_ref)
        .join(other, other.c.ref == _d.target_ref)
        .join(mine, mine.c.ref == _d.from_ref, isouter=True)
        .join(theirs, theirs.c.ref == _d.target_ref, isouter=True)
        .where(_d.deleted_at.is_(None))
    )
    found: dict[int, Row] = {}
    for chunk in chunks(refs):
        for end in (_d.from_ref, _d.target_ref):
            found.update({row.id: row for row in tx.execute(select.where(among(end, chunk)))})
    return [found[one_id] for one_id in sorted(found)]
