"""Entities and the crosswalk: which record stands for whom, since when, and what happened."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import msgspec
import sqlalchemy as sa

from hub.model.resolution import EntityEvent
from hub.store.database import Row, Tx, among, chunks, insert_new, upsert
from hub.store.tables import (
    canonical_records,
    crosswalk,
    crosswalk_history,
    entities,
    entity_events,
)


@dataclass(frozen=True, slots=True)
class Membership:
    """A record's place in an entity; method: single, model or judgement; score: a probability."""

    ref: str
    entity_id: str
    method: str
    score: float | None


def current(tx: Tx, refs: Iterable[str]) -> dict[str, Membership]:
    """Return the present membership of each record that has one."""
    c = crosswalk.c
    found: dict[str, Membership] = {}
    for chunk in chunks(refs):
        rows = tx.execute(
            sa.select(c.ref, c.entity_id, c.method, c.score).where(among(c.ref, chunk))
        )
        found.update((row.ref, Membership(*row)) for row in rows)
    return found


def kinds(tx: Tx, refs: Iterable[str]) -> dict[str, str]:
    """Return the kind of the entity that each record stands for."""
    c = crosswalk.c
    found: dict[str, str] = {}
    for chunk in chunks(refs):
        rows = tx.execute(
            sa.select(c.ref, entities.c.kind)
            .join(entities, entities.c.id == c.entity_id)
            .where(among(c.ref, chunk))
        )
        found.update(rows.all())
    return found


def records_of(tx: Tx, entity_ids: Iterable[str]) -> dict[str, list[str]]:
    """Return the records of each entity, sorted."""
    c = crosswalk.c
    found: dict[str, list[str]] = {}
    for chunk in chunks(entity_ids):
        rows = tx.execute(
            sa.select(c.entity_id, c.ref).where(among(c.entity_id, chunk)).order_by(c.ref)
        )
        for entity_id, ref in rows:
            found.setdefault(entity_id, []).append(ref)
    return found


def first_seen(tx: Tx, refs: Iterable[str]) -> dict[str, str]:
    """Return when the source record behind each ref was first seen."""
    c = canonical_records.c
    found: dict[str, str] = {}
    for chunk in chunks(refs):
        found.update(tx.execute(sa.select(c.ref, c.first_seen_at).where(among(c.ref, chunk))).all())
    return found


def created(tx: Tx, ids: Iterable[str]) -> dict[str, str]:
    """Return when each entity was created."""
    e = entities.c
    found: dict[str, str] = {}
    for chunk in chunks(ids):
        found.update(tx.execute(sa.select(e.id, e.created_at).where(among(e.id, chunk))).all())
    return found


def taken(tx: Tx, ids: Iterable[str], kind: str) -> set[str]:
    """Return those ids that a new entity of this kind may not have: they live, redirect, or were
    of another kind; one that ended may come back with its record."""
    e = entities.c
    found: set[str] = set()
    for chunk in chunks(ids):
        in_use = e.ended_at.is_(None) | e.merged_into.is_not(None) | (e.kind != kind)
        found.update(tx.execute(sa.select(e.id).where(among(e.id, chunk), in_use)).scalars())
    return found


def move(tx: Tx, members: Sequence[Membership], gone: Collection[str], now: str) -> None:
    """Let the records stand for these entities from now on; `gone` records for none.

    What changes its entity leaves a line of history.
    """
    before = current(tx, [*(one.ref for one in members), *gone])
    moved = {one.ref for one in members if _entity(before.get(one.ref)) != one.entity_id}
    _remember(tx, [ref for ref in before if ref in moved or ref in gone], now)
    for chunk in chunks(gone):
        tx.execute(sa.delete(crosswalk).where(among(crosswalk.c.ref, chunk)))
    rows = [
        {
            "ref": one.ref,
            "entity_id": one.entity_id,
            "method": one.method,
            "score": one.score,
            "valid_from": now,
        }
        for one in members
    ]
    upsert(tx, crosswalk, [row for row in rows if row["ref"] in moved])
    upsert(tx, crosswalk, [row for row in rows if row["ref"] not in moved], keep=["valid_from"])


def _entity(membership: Membership | None) -> str | None:
    return membership.entity_id if membership else None


def _remember(tx: Tx, refs: Sequence[str], now: str) -> None:
    c, h = crosswalk.c, crosswalk_history.c
    columns = [h.ref, h.entity_id, h.method, h.score, h.valid_from, h.valid_to]
    for chunk in chunks(refs):
        rows = sa.select(
            c.ref, c.entity_id, c.method, c.score, c.valid_from, sa.literal(now)
        ).where(among(c.ref, chunk))
        tx.execute(sa.insert(crosswalk_history).from_select([one.name for one in columns], rows))


def apply_events(
    tx: Tx, kind: str, events: Sequence[EntityEvent], redirects: Mapping[str, str], now: str
) -> None:
    """Create, redirect and end entities, and note each event in its order."""
    new = [event for event in events if event.kind in ("created", "split")]
    rows = [
        {
            "id": event.entity,
            "kind": kind,
            "created_at": now,
            "ended_at": None,
            "split_from": event.others[0] if event.others else None,
        }
        for event in new
    ]
    upsert(tx, entities, rows, keep=["created_at"])
    ended = dict.fromkeys(e.entity for e in events if e.kind == "emptied") | dict(redirects)
    if ended:
        tx.execute(
            sa.update(entities).where(entities.c.id == sa.bindparam("b_id")),
            [{"b_id": one, "ended_at": now, "merged_into": into} for one, into in ended.items()],
        )
    # An id that redirected to one that now redirects itself follows it at once.
    for old, into in redirects.items():
        tx.execute(
            sa.update(entities).where(entities.c.merged_into == old).values(merged_into=into)
        )
    insert_new(
        tx,
        entity_events,
        [
            {
                "entity_id": event.entity,
                "type": event.kind,
                "at": now,
                "detail": msgspec.json.encode({"others": event.others}).decode(),
            }
            for event in events
        ],
    )


def get(tx: Tx, entity_id: str) -> Row | None:
    """Return the entity's row, also where it has ended or redirects; None where it never was."""
    return tx.execute(sa.select(entities).where(entities.c.id == entity_id)).first()


def history(tx: Tx, entity_id: str) -> list[Row]:
    """Return the memberships that ended, newest end first."""
    h = crosswalk_history.c
    return list(
        tx.execute(
            sa.select(crosswalk_history)
            .where(h.entity_id == entity_id)
            .order_by(h.valid_to.desc(), h.ref)
        ).all()
    )


def events(tx: Tx, entity_id: str) -> list[Row]:
    """Return what happened to an entity, oldest first."""
    return list(
        tx.execute(
            sa.select(entity_events)
            .where(entity_events.c.entity_id == entity_id)
            .order_by(entity_events.c.seq)
        ).all()
    )
