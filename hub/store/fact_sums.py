"""Reads what facts of customers are made of: their papers, dunnings and open questions."""

from collections.abc import Collection, Iterator
from typing import Any

import msgspec
import sqlalchemy as sa

from hub.store.database import Tx, chunks, listed
from hub.store.expressions import status
from hub.store.prepared import Asked, Prepared
from hub.store.tables import canonical_records, crosswalk, entities, links, review_pairs

_r, _l, _x = canonical_records.c, links.c, crosswalk.c
READ = 1_000
"""Customers whose papers are read at once: what all of them hold stands in memory."""

Paper = tuple[str, str, str, str, str, dict[str, Any], int]
"""Customer, ref, kind, connection, status (`unknown` where it has none), fields, and 1 where it is
linked to anything else."""

_decode = msgspec.json.Decoder(dict[str, Any]).decode
_other = links.alias().c
_tied_otherwise = sa.exists().where(
    _other.from_ref == _l.from_ref,
    sa.or_(_other.role != "organization", _other.target != _l.target),
)
_papers = Prepared(
    sa.select(
        *(_l.target, _r.ref, _r.kind, _r.connection, status(), _r.fields),
        sa.case((_tied_otherwise, 1), else_=0),
    )
    .join(canonical_records, _r.ref == _l.from_ref)
    .where(_l.role == "organization", listed(_l.target, "ids"))
)


def living(tx: Tx, ids: Collection[str]) -> list[str]:
    """Return those of `ids` that are organizations and have not ended."""
    return [row[0] for row in _living(tx, ids)]


@Asked
def _living(_: Tx) -> sa.Select[*tuple[Any, ...]]:
    return sa.select(entities.c.id).where(
        entities.c.kind == "organization",
        entities.c.ended_at.is_(None),
        listed(entities.c.id, "ids"),
    )


def papers(tx: Tx, ids: Collection[str], kinds: Collection[str]) -> Iterator[Paper]:
    """Yield the papers of these kinds that hang on each organization, in no order."""
    for chunk in chunks(ids, READ):
        for customer, ref, kind, connection, state, fields, is_tied in _papers(tx, ids=chunk):
            if kind in kinds:
                yield customer, ref, kind, connection, state, _decode(fields), is_tied


def questions(tx: Tx, ids: Collection[str]) -> dict[str, int]:
    """Return how many pairs of records wait for a person to say whether an entity is another."""
    return {row[0]: row[1] for row in _questions(tx, ids)}


@Asked
def _questions(_: Tx) -> sa.Select[*tuple[Any, ...]]:
    ends = [
        sa.select(column.label("ref"), review_pairs.c.right_ref.label("pair")).where(
            review_pairs.c.task == "merge", review_pairs.c.kind == "organization"
        )
        for column in (review_pairs.c.left_ref, review_pairs.c.right_ref)
    ]
    asked = sa.union_all(*ends).subquery()
    return (
        sa.select(_x.entity_id, sa.func.count())
        .join(asked, asked.c.ref == _x.ref)
        .where(listed(_x.entity_id, "ids"))
        .group_by(_x.entity_id)
    )


def customer_ids(tx: Tx, after: str, limit: int) -> list[str]:
    """Return living organizations in the order of their ids, from `after` on."""
    select = (
        sa.select(entities.c.id)
        .where(
            entities.c.kind == "organization",
            entities.c.ended_at.is_(None),
            entities.c.id > after,
        )
        .order_by(entities.c.id)
        .limit(limit)
    )
    return list(tx.execute(select).scalars())
