"""The review queue: pairs of records that a person's word would settle, the weightiest first."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa

from hub.store import work as work_items
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
ENTITY = "entity"
"""Stands where a kind stands otherwise: what is due is an entity, to be weighed anew."""
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
    """Let these pairs wait instead of all that name one of the profiles; None: of the kind.

    What somebody has answered does not wait, nor what is no question any more.
    """
    q = review_pairs.c
    about: set[str] = set()  # entities that more or fewer questions may be asked about now

    def forget(which: sa.ColumnElement[bool]) -> None:
        for row in tx.execute(sa.select(q.left_entity, q.right_entity).where(which)):
            about.update(row)
        tx.execute(sa.delete(review_pairs).where(which))

    if ids is None:
        forget(q.kind == kind)
    for chunk in chunks(ids or ()):
        for side in (q.left_id, q.right_id):
            forget(among(side, chunk))
    for some in chunks({(each.task, each.left, each.right): each for each in found}.values()):
        rows = _rows(tx, kind, some)
        upsert(tx, review_pairs, rows)
        about |= {row[side] for row in rows for side in ("left_entity", "right_entity")}
    if kind == "organization":
        work_items.add(tx, "alert", [f"customer:{one}" for one in sorted(about)])


def _rows(tx: Tx, kind: str, found: Sequence[Doubtful]) -> list[dict[str, Any]]:
    stand = _entities_of(tx, {ref for each in found for ref in (each.left, each.right)})
    asked = [each for each in found if _is_asked(each, stand)]
    entity_ids = {stand[ref] for each in asked for ref in (each.left, each.right)}
    pairs, twins = _judged(tx, entity_ids)
    records, documents = _records(tx, entity_ids), _documents(tx, entity_ids)
    rows: list[dict[str, Any]] = []
    for each in asked:
        left, right = stand[each.left], stand[each.right]
        if (each.left, each.right) in pairs or frozenset((left, right)) in twins:
            continue
        rows.append(
            {
                "task": each.task,
                "left_ref": each.left,
                "right_ref": each.right,
                "kind": kind,
                "left_id": each.left_id,
                "right_id": each.right_id,
                "bits": each.bits,
                "doubt": each.doubt,
                "moved": each.moved,
                "left_entity": left,
                "right_entity": right,
                "left_records": records[left],
                "right_records": records[right],
                **_weighed(each, documents.get(left, 0), documents.get(right, 0), records, stand),
            }
        )
    return rows


def _weighed(
    each: Doubtful,
    left_documents: int,
    right_documents: int,
    records: Mapping[str, int],
    stand: Mapping[str, str],
) -> dict[str, int]:
    left = records[stand[each.left]] + left_documents
    right = records[stand[each.right]] + right_documents
    moved = min(left, right) if each.moved is None else each.moved
    return {
        "left_documents": left_documents,
        "right_documents": right_documents,
        "place": -moved * each.doubt,
    }


def _is_asked(each: Doubtful, stand: Mapping[str, str]) -> bool:
    left, right = stand.get(each.left), stand.get(each.right)
    if left is None or right is None:
        return False
    return (left != right) == (each.task == "merge")


def _entities_of(tx: Tx, refs: Collection[str]) -> dict[str, str]:
    c = crosswalk.c
    return dict(tx.execute(sa.select(c.ref, c.entity_id).where(among(c.ref, refs))).all())


def _records(tx: Tx, entity_ids: Collection[str]) -> dict[str, int]:
    c = crosswalk.c
    query = sa.select(c.entity_id, sa.func.count()).where(among(c.entity_id, entity_ids))
    return dict(tx.execute(query.group_by(c.entity_id)).all())


def _documents(tx: Tx, entity_ids: Collection[str]) -> dict[str, int]:
    c = links.c
    query = sa.select(c.target, sa.func.count(c.from_ref.distinct()))
    return dict(tx.execute(query.where(among(c.target, entity_ids)).group_by(c.target)).all())


def _judged(
    tx: Tx, entity_ids: Collection[str]
) -> tuple[set[tuple[str, str]], set[frozenset[str]]]:
    """Return the pairs of records, and of different entities, that a judgement speaks of."""
    one, other = crosswalk.alias("one"), crosswalk.alias("other")
    j = judgements.c
    rows = tx.execute(
        sa.select(j.left_ref, j.right_ref, one.c.entity_id, other.c.entity_id)
        .join(one, one.c.ref == j.left_ref)
        .join(other, other.c.ref == j.right_ref)
        .where(among(one.c.entity_id, entity_ids), j.deleted_at.is_(None))
    ).all()
    twins = {frozenset((row[2], row[3])) for row in rows if row[2] != row[3]}
    return {(row[0], row[1]) for row in rows}, twins


def make_due(tx: Tx, entity_ids: Collection[str]) -> None:
    """Make due those entities that somebody is asked about: what hangs on them has changed."""
    q = review_pairs.c
    for chunk in chunks(entity_ids):
        for side in (q.left_entity, q.right_entity):
            rows = tx.execute(sa.select(side).where(among(side, chunk)).distinct())
            work_items.add(tx, "review", [f"{ENTITY}:{row[0]}" for row in rows])


def reweigh(tx: Tx, entity_ids: Collection[str]) -> None:
    """Count anew the documents of entities that are asked about."""
    q = review_pairs.c
    for chunk in chunks(entity_ids):
        either = among(q.left_entity, chunk) | among(q.right_entity, chunk)
        rows = tx.execute(sa.select(review_pairs).where(either)).mappings().all()
        entity_of = {row["left_ref"]: row["left_entity"] for row in rows}
        entity_of |= {row["right_ref"]: row["right_entity"] for row in rows}
        documents = _documents(tx, set(entity_of.values()))
        changed = []
        for row in rows:
            left, right = row["left_entity"], row["right_entity"]
            each = _doubtful(dict(row))
            records = {left: row["left_records"], right: row["right_records"]}
            held = documents.get(left, 0), documents.get(right, 0)
            stand = {each.left: left, each.right: right}
            changed.append({**row, **_weighed(each, *held, records, stand)})
        upsert(tx, review_pairs, changed)


def _doubtful(row: Mapping[str, Any]) -> Doubtful:
    return Doubtful(
        row["task"],
        row["left_ref"],
        row["right_ref"],
        row["left_id"],
        row["right_id"],
        row["bits"],
        row["doubt"],
        row["moved"],
    )


def page(
    tx: Tx, kinds: Collection[str], *, after: Position | None = None, limit: int = 50
) -> list[Question]:
    """Return up to `limit` questions that nobody has answered, the weightiest first."""
    found = [
        _question(row)
        for kind in sorted(set(kinds))
        for row in tx.execute(page_query(kind, after=after, limit=limit))
    ]
    return sorted(found, key=lambda each: (-each.rank, *each.position[1:]))[:limit]


def page_query(kind: str, *, after: Position | None, limit: int) -> sa.Select[*tuple[Any, ...]]:
    """Return the query of a page: a walk along one index, whatever waits beyond the page."""
    q = review_pairs.c
    order = (q.place, q.left_ref, q.right_ref, q.task)
    query = sa.select(review_pairs).where(q.kind == kind)
    if after is not None:
        query = query.where(sa.tuple_(*order) > sa.tuple_(-after[0], *after[1:]))
    return query.order_by(*order).limit(limit)


def _question(row: Any) -> Question:
    return Question(
        task=row.task,
        kind=row.kind,
        left=Asked(row.left_ref, row.left_entity, row.left_records, row.left_documents),
        right=Asked(row.right_ref, row.right_entity, row.right_records, row.right_documents),
        bits=row.bits,
        rank=-row.place,
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


def is_due(tx: Tx, refs: Collection[str], stage: str = "resolve") -> bool:
    """Return whether any of these records still waits in a stage of the street."""
    where = work.c.stage == stage, among(work.c.item, refs)
    return tx.execute(sa.select(work.c.item).where(*where).limit(1)).first() is not None
