"""Why an entity is what it is: its records and the scored evidence between them."""

from dataclasses import dataclass

import sqlalchemy as sa

from hub.model.resolution import probability_of
from hub.store import work
from hub.store.database import Tx, among
from hub.store.tables import crosswalk, edges, entities, profile_records

MOST = 1000
"""An entity of more records than this is explained by its first ones."""


@dataclass(frozen=True, slots=True)
class Member:
    """A record that stands for the entity; profile: shared by records that say the same."""

    ref: str
    method: str
    score: float | None
    valid_from: str
    profile: int | None


@dataclass(frozen=True, slots=True)
class ScoredPair:
    """Two groups of records, each of one profile, and the evidence that they mean the same."""

    left_id: int
    right_id: int
    left: tuple[str, ...]
    right: tuple[str, ...]
    bits: float
    probability: float


def kind_of(tx: Tx, entity_id: str) -> str | None:
    """Return the kind of an entity that lives, None for any other id."""
    where = (entities.c.id == entity_id, entities.c.ended_at.is_(None))
    return tx.execute(sa.select(entities.c.kind).where(*where)).scalar_one_or_none()


def make_all_due(tx: Tx) -> int:
    """Let every record that stands for an entity be resolved again; return how many those are."""
    refs = list(tx.execute(sa.select(crosswalk.c.ref)).scalars())
    work.add(tx, "resolve", refs)
    return len(refs)


def members(tx: Tx, entity_id: str) -> list[Member]:
    """Return the records that stand for the entity, by ref."""
    c = crosswalk.c
    rows = tx.execute(
        sa.select(c.ref, c.method, c.score, c.valid_from, profile_records.c.profile_id)
        .outerjoin(profile_records, profile_records.c.ref == c.ref)
        .where(c.entity_id == entity_id)
        .order_by(c.ref)
        .limit(MOST)
    )
    return [Member(*row) for row in rows]


def pairs_within(tx: Tx, found: list[Member]) -> list[ScoredPair]:
    """Return the scored pairs among these members, strongest first."""
    groups: dict[int, list[str]] = {}
    for member in found:
        if member.profile is not None:
            groups.setdefault(member.profile, []).append(member.ref)
    c = edges.c
    rows = tx.execute(
        sa.select(c.left_id, c.right_id, c.bits)
        .where(among(c.left_id, groups), among(c.right_id, groups))
        .order_by(c.bits.desc(), c.left_id, c.right_id)
        .limit(MOST)
    )
    return [
        ScoredPair(
            left, right, tuple(groups[left]), tuple(groups[right]), bits, probability_of(bits)
        )
        for left, right, bits in rows
    ]
