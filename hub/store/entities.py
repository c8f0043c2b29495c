"""Entities and the crosswalk: which record stands for whom, since when, and what happened."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import msgspec
import sqlalchemy as sa

from hub.model.resolution import EntityEvent
from hub.store.database import Row, Tx, among, chunks, insert_new, listed, upsert
from hub.store.prepared import Prepared
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


_x, _e = crosswalk.c, entities.c
_current = Prepared(
    sa.select(_x.ref, _x.entity_id, _x.method, _x.score).where(listed(_x.ref, "refs"))
)
_kinds = Prepared(
    sa.select(_x.ref, _e.kind).join(entities, _e.id == _x.entity_id).where(listed(_x.ref, "refs"))
)
_first_seen = Prepared(
    sa.select(canonical_records.c.ref, canonical_records.c.first_seen_at).where(
        listed(canonical_records.c.ref, "refs")
    )
)
_created = Prepared(sa.select(_e.id, _e.created_at).where(listed(_e.id, "ids")))
_taken = Prepared(
    sa.select(_e.id).where(
        listed(_e.id, "ids"),
        _e.ended_at.is_(None) | _e.merged_into.is_not(None) | (_e.kind != sa.bindparam("kind")),
    )
)
_leave = Prepared(sa.delete(crosswalk).where(listed(_x.ref, "refs")))


def current(tx: Tx, refs: Iterable[str]) -> dict[str, Membership]:
    """Return the present membership of each record that has one."""
    refs = list(refs)
    return {row[0]: Membership(*row) for row in _current(tx, refs=refs)} if refs else {}


def kinds(tx: Tx, refs: Iterable[str]) -> dict[str, str]:
    """Return the kind of the entity that each record stands for."""
    refs = list(refs)
    return dict(_kinds(tx, refs=refs)) if refs else {}


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
    return dict(_first_seen(tx, refs=list(refs)))


def created(tx: Tx, ids: Iterable[str]) -> dict[str, str]:
    """Return when each entity was created."""
    ids = list(ids)
    return dict(_created(tx, ids=ids)) if ids else {}


def taken(tx: Tx, ids: Iterable[str], kind: str) -> set[str]:
    """Return those ids that a new entity of this kind may not have: they live, redirect, or were
    of another kind; one that ended may come back with its record."""
    return {row[0] for row in _taken(tx, ids=list(ids), kind=kind)}


def move(
    tx: Tx,
    members: Sequence[Membership],
    gone: Collection[str],
    now: str,
    *,
    before: Mapping[str, Membership] | None = None,
) -> None:
    """Let the records stand for these entities from now on; `gone` records for none.

    before: what `current` tells of all of them, of whoever has asked. What changes its entity
    leaves a line of history.
    """
    if before is None:
        before = current(tx, [*(one.ref for one in members), *gone])
    moved = {one.ref for one in members if _entity(before.get(one.ref)) != one.entity_id}
    _remember(tx, [ref for ref in before if ref in moved or ref in gone], now)
    if gone:
        _leave(tx, refs=gone)
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


_h = crosswalk_history.c
_REMEMBERED = [_h.ref, _h.entity_id, _h.method, _h.score, _h.valid_from, _h.valid_to]
_remembered = Prepared(
    sa.insert(crosswalk_history).from_select(
        [one.name for one in _REMEMBERED],
        sa.select(
            _x.ref,
            _x.entity_id,
            _x.method,
            _x.score,
            _x.valid_from,
            sa.bindparam("now", type_=sa.Text),
        ).where(listed(_x.ref, "refs")),
    )
)


def _remember(tx: Tx, refs: Sequence[str], now: str) -> None:
    if refs:
        _remembered(tx, refs=refs, now=now)


_end = Prepared(
    sa.update(entities)
    .where(_e.id == sa.bindparam("one"))
    .values(ended_at=sa.bindparam("now"), merged_into=sa.bindparam("into"))
)
_follow = Prepared(
    sa.update(entities)
    .where(_e.merged_into == sa.bindparam("old"))
    .values(merged_into=sa.bindparam("into"))
)


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
    _end.many(tx, [{"one": one, "now": now, "into": into} for one, into in ended.items()])
    # An id that redirected to one that now redirects itself follows it at once.
    _follow.many(tx, [{"old": old, "into": into} for old, into in redirects.items()])
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


def redirects(tx: Tx, ids: Collection[str]) -> dict[str, str]:
    """Return entity -> the one it was merged into, for all that these are either side of."""
    if not _any_merged(tx):
        return {}
    return {
        one: into
        for chunk in chunks(ids)
        for sides in _MERGED
        for one, into in sides(tx, ids=chunk)
    }


_merged = sa.select(_e.id, _e.merged_into).where(_e.merged_into.is_not(None))
_MERGED = [Prepared(_merged.where(listed(side, "ids"))) for side in (_e.id, _e.merged_into)]
_any_merged = Prepared(  # the index alone answers this: asked for ids, SQLite reads all entities
    sa.select(_e.merged_into).where(_e.merged_into.is_not(None)).limit(1)
)


def heirs(tx: Tx, ids: Collection[str]) -> dict[str, list[str]]:
    """Return entity -> whoever stands for it now, for those that were merged into another one.

    Where that one was parted since, those who came out of it: it was itself before.
    """
    found: dict[str, list[str]] = {}
    for chunk in chunks(ids):
        merged = among(_e.id, chunk) & _e.merged_into.is_not(None)
        for row in tx.execute(sa.select(_e.id, _e.ended_at).where(merged)).all():
            into = _living(tx, row.id)
            out = sa.select(_e.id).where(_e.split_from == into, _e.created_at >= row.ended_at)
            parted = tx.execute(out.where(_e.ended_at.is_(None)).order_by(_e.id)).scalars().all()
            found[row.id] = list(parted) or [into]
    return found


def _living(tx: Tx, entity_id: str) -> str:
    """Return what an entity was merged into at last, itself where it lives."""
    seen: set[str] = set()
    while entity_id not in seen:
        seen.add(entity_id)
        into = tx.execute(sa.select(_e.merged_into).where(_e.id == entity_id)).scalar()
        entity_id = into or entity_id
    return entity_id


def origins(tx: Tx, ids: Collection[str]) -> dict[str, str]:
    """Return of those entities that were parted from another one which that was."""
    return {one: of for chunk in chunks(ids) for one, of in _parted(tx, ids=chunk)}


_parted = Prepared(
    sa.select(_e.id, _e.split_from).where(_e.split_from.is_not(None), listed(_e.id, "ids"))
)


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
