"""Business cases as they stand: who belongs to them, since when, and what they came to."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import msgspec
import sqlalchemy as sa

from hub.model.resolution import EntityEvent
from hub.model.vorgang import Vorgang
from hub.store.database import Row, Tx, among, chunks, insert_new, upsert
from hub.store.prepared import Prepared
from hub.store.tables import (
    vorgaenge,
    vorgang_departments,
    vorgang_dwells,
    vorgang_events,
    vorgang_gaps,
    vorgang_member_history,
    vorgang_members,
    vorgang_phases,
)

_v, _m = vorgaenge.c, vorgang_members.c
_encode = msgspec.json.Encoder(order="sorted").encode


def of_members(tx: Tx, refs: Collection[str]) -> set[str]:
    """Return the cases that these belong to."""
    found: set[str] = set()
    for chunk in chunks(refs):
        found.update(tx.execute(sa.select(_m.vorgang_id).where(among(_m.ref, chunk))).scalars())
    return found


def of_parties(tx: Tx, parties: Collection[str]) -> set[str]:
    """Return the living cases of these customers."""
    found: set[str] = set()
    for chunk in chunks(parties):
        where = among(_v.party, chunk), _v.state == "living"
        found.update(tx.execute(sa.select(_v.id).where(*where)).scalars())
    return found


def cases_of(tx: Tx, *, after: str, limit: int) -> dict[str, list[str]]:
    """Return the next `limit` members by ref, each with all the cases it belongs to."""
    refs = sa.select(_m.ref).where(_m.ref > after).distinct().order_by(_m.ref).limit(limit)
    page = tx.execute(refs).scalars().all()
    found: dict[str, list[str]] = {}
    for row in _all(tx, sa.select(_m.ref, _m.vorgang_id).order_by(_m.ref), _m.ref, page):
        found.setdefault(row.ref, []).append(row.vorgang_id)
    return found


def members_among(tx: Tx, refs: Collection[str]) -> set[str]:
    """Return those of these that belong to any case."""
    return {row.ref for row in _all(tx, sa.select(_m.ref).distinct(), _m.ref, refs)}


def members(tx: Tx, ids: Collection[str]) -> list[Row]:
    """Return the members of these cases."""
    return _all(tx, sa.select(vorgang_members).order_by(_m.ref), _m.vorgang_id, ids)


def phases(tx: Tx, vorgang_id: str) -> list[Row]:
    """Return the dated phases of a case, in no order."""
    where = vorgang_phases.c.vorgang_id == vorgang_id
    return list(tx.execute(sa.select(vorgang_phases).where(where)))


def rows(tx: Tx, ids: Collection[str]) -> dict[str, Row]:
    """Return these cases' rows, ended ones too."""
    return {row.id: row for row in _all(tx, sa.select(vorgaenge), _v.id, ids)}


def taken(tx: Tx, ids: Collection[str]) -> set[str]:
    """Return those ids that a new case may not have: they live or redirect."""
    where = _v.state != "ended"
    return {row.id for row in _all(tx, sa.select(_v.id).where(where), _v.id, ids)}


def _all(
    tx: Tx, select: sa.Select[*tuple[Any, ...]], column: sa.Column[str], values: Iterable[str]
) -> list[Row]:
    found: list[Row] = []
    for chunk in chunks(values):
        found += tx.execute(select.where(among(column, chunk)))
    return found


def replace(
    tx: Tx, told: Mapping[str, Vorgang], before: Mapping[str, Row], old: Sequence[Row], now: str
) -> set[str]:
    """Let these cases stand as told; return those that differ from before.

    before: the rows of these ids; old: every member row of the neighbourhood, also of cases that
    have ended since.
    """
    new_rows = {one: _row(vorgang) for one, vorgang in told.items()}
    changed = {
        one
        for one, row in new_rows.items()
        if one not in before or any(before[one]._mapping[name] != row[name] for name in row)
    }
    changed |= _move(tx, told, old, now)
    upsert(
        tx,
        vorgaenge,
        [
            {**new_rows[one], "id": one, "merged_into": None, "split_from": None, "ended_at": None}
            | {"created_at": now, "changed_at": now}
            for one in sorted(changed & new_rows.keys())
        ],
        keep=("created_at", "split_from"),
    )
    _index(tx, {one: told[one] for one in changed & told.keys()}, changed)
    return changed


def _row(told: Vorgang) -> dict[str, Any]:
    sums = told.amounts
    base = sums.base or sums
    return {
        "state": "living",
        "kind": told.kind,
        "title": told.title.replace("\0", ""),
        "party": told.party,
        "phase": told.phase,
        "phase_since": told.phase_since,
        "currency": sums.currency,
        "value_minor": sums.value,
        "quoted_minor": sums.quoted,
        "ordered_minor": sums.ordered,
        "invoiced_minor": sums.invoiced,
        "credited_minor": sums.credited,
        "paid_minor": sums.paid,
        "value_base_minor": sums.value_base,
        "quoted_base_minor": base.quoted,
        "ordered_base_minor": base.ordered,
        "invoiced_base_minor": base.invoiced,
        "credited_base_minor": base.credited,
        "paid_base_minor": base.paid,
        "opened_at": told.opened_at,
        "last_event_at": told.last_event_at,
        "closed_at": told.closed_at,
        "departments": _encode(told.departments).decode(),
        "gaps": _encode(told.gaps).decode(),
        "contradictions": _encode(told.contradictions).decode(),
        "confidence": told.confidence,
        "members": len(told.members),
    }


def _move(tx: Tx, told: Mapping[str, Vorgang], old: Sequence[Row], now: str) -> set[str]:
    """Write who belongs where; what leaves or changes its share leaves a line of history."""
    stood = {(row.vorgang_id, row.ref): row for row in old}
    stands = {
        (one, member.ref): {
            "vorgang_id": one,
            "ref": member.ref,
            "kind": member.kind,
            "role": member.role,
            "share_pct": member.share_pct,
            "via": member.via,
            "score": member.score,
        }
        for one, vorgang in told.items()
        for member in vorgang.members
    }
    gone = stood.keys() - stands.keys()
    different = [
        place
        for place, row in stands.items()
        if place not in stood or any(stood[place]._mapping[name] != row[name] for name in row)
    ]
    reshared = {
        place
        for place in different
        if place in stood and stood[place].share_pct != stands[place]["share_pct"]
    }
    insert_new(
        tx, vorgang_member_history, [_past(stood[at], now) for at in sorted(gone | reshared)]
    )
    for chunk in chunks(sorted(gone), 400):
        tx.execute(sa.delete(vorgang_members).where(sa.tuple_(_m.vorgang_id, _m.ref).in_(chunk)))
    written = [{**stands[place], "valid_from": now} for place in different]
    for anew in (False, True):  # by another share than before
        some = [row for row in written if ((row["vorgang_id"], row["ref"]) in reshared) is anew]
        upsert(tx, vorgang_members, some, keep=() if anew else ("valid_from",))
    return {one for one, _ in gone} | {one for one, _ in different}


def _past(row: Row, now: str) -> dict[str, Any]:
    kept = ("vorgang_id", "ref", "kind", "role", "share_pct", "valid_from")
    return {**{name: row._mapping[name] for name in kept}, "valid_to": now}


def _index(tx: Tx, told: Mapping[str, Vorgang], changed: Collection[str]) -> None:
    """Write the phases, gaps and departments of cases that changed, for lists and statistics."""
    for table in (vorgang_phases, vorgang_gaps, vorgang_departments):
        for chunk in chunks(changed):
            tx.execute(sa.delete(table).where(among(table.c.vorgang_id, chunk)))
    insert_new(tx, vorgang_phases, [row for one, v in told.items() for row in _phases(one, v)])
    gaps = [
        {"vorgang_id": one, "gap": gap.type, "department": gap.department, "since": gap.since}
        for one, vorgang in told.items()
        for gap in vorgang.gaps
    ]
    insert_new(tx, vorgang_gaps, gaps)
    departments = [
        {"vorgang_id": one, "department": department}
        for one, vorgang in told.items()
        for department in vorgang.departments
    ]
    insert_new(tx, vorgang_departments, departments)


def _phases(one: str, told: Vorgang) -> list[dict[str, Any]]:
    """Return the dated phases, each until the next one with the days that took, where both days
    are known."""
    found = [(entry, entry.since) for entry in told.entries if entry.since]
    following = [*((entry.dated, since) for entry, since in found), (False, None)][1:]
    return [
        {
            "vorgang_id": one,
            "phase": entry.phase,
            "kind": told.kind,
            "entered_at": since,
            "left_at": until,
            "days": _days(since, until) if until and entry.dated and dated else None,
        }
        for (entry, since), (dated, until) in zip(found, following, strict=True)
    ]


def _days(since: str, until: str) -> int:
    return (date.fromisoformat(until) - date.fromisoformat(since)).days


_part = Prepared(
    sa.update(vorgaenge)
    .where(_v.id == sa.bindparam("one"))
    .values(split_from=sa.bindparam("origin"))
)
_end = Prepared(
    sa.update(vorgaenge)
    .where(_v.id == sa.bindparam("one"))
    .values(
        state=sa.bindparam("state"),
        merged_into=sa.bindparam("into"),
        ended_at=sa.bindparam("now"),
        changed_at=sa.bindparam("now"),
        members=sa.literal_column("0"),
    )
)
_follow = Prepared(
    sa.update(vorgaenge)
    .where(_v.merged_into == sa.bindparam("old"))
    .values(merged_into=sa.bindparam("into"))
)


def apply_events(
    tx: Tx,
    events: Sequence[EntityEvent],
    redirects: Mapping[str, str],
    now: str,
) -> None:
    """Redirect and end cases, say where parts came from, and note each event in its order."""
    parts = [event for event in events if event.kind == "split" and event.others]
    _part.many(tx, [{"one": event.entity, "origin": event.others[0]} for event in parts])
    emptied = [event.entity for event in events if event.kind == "emptied"]
    ended: dict[str, str | None] = {**dict.fromkeys(emptied), **redirects}
    _end.many(
        tx,
        [
            {"one": one, "now": now, "into": into, "state": "merged" if into else "ended"}
            for one, into in ended.items()
        ],
    )
    # An id that redirected to one that now redirects itself follows it at once.
    _follow.many(tx, [{"old": old, "into": into} for old, into in redirects.items()])
    note(tx, [(event.entity, event.kind, {"others": event.others}) for event in events], now)


def note(tx: Tx, events: Iterable[tuple[str, str, Mapping[str, Any]]], now: str) -> None:
    """Remember what happened to cases: (id, type, detail), in this order."""
    rows_ = [
        {"vorgang_id": one, "type": kind, "at": now, "detail": _encode(detail).decode()}
        for one, kind, detail in events
    ]
    insert_new(tx, vorgang_events, rows_)


def refresh_dwells(tx: Tx, kinds: Collection[str]) -> None:
    """Reckon anew how long nine in ten cases of these kinds stayed in each phase (nearest rank)."""
    p, d = vorgang_phases.c, vorgang_dwells.c
    place = (p.kind, p.phase)
    ranked = (
        sa.select(
            *place,
            p.days,
            sa.func.row_number().over(partition_by=place, order_by=p.days).label("n"),
            sa.func.count().over(partition_by=place).label("total"),
        )
        .where(p.days.is_not(None), p.kind.in_(sorted(kinds)))
        .subquery()
    )
    r = ranked.c
    found = tx.execute(
        sa.select(r.kind, r.phase, r.days, r.total).where(r.n == (r.total * 9 + 9) // 10)
    )
    rows_ = [
        {"kind": row.kind, "phase": row.phase, "p90_days": row.days, "vorgaenge": row.total}
        for row in found
    ]
    tx.execute(sa.delete(vorgang_dwells).where(d.kind.in_(sorted(kinds))))
    insert_new(tx, vorgang_dwells, rows_)
