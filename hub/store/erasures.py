"""Erasures as they were asked for and done: nothing in them tells who it was."""

from collections.abc import Collection, Mapping

import msgspec
import sqlalchemy as sa

from hub.errors import ConflictError, NotFoundError
from hub.model.erasure import Erasure, Plan
from hub.store.database import Row, Tx
from hub.store.tables import erasures, suppressions

_e, _s = erasures.c, suppressions.c
_encode = msgspec.json.Encoder(order="sorted").encode
_receipt = msgspec.json.Decoder(dict[str, int]).decode
_streams = msgspec.json.Decoder(tuple[tuple[str, str], ...]).decode
_ids = msgspec.json.Decoder(tuple[str, ...]).decode


def begin(tx: Tx, erasure_id: str, plan: Plan, *, reason: str, author: str, now: str) -> None:
    """Note that an erasure was asked for, before anything goes."""
    row = {
        "id": erasure_id,
        "kind": plan.kind,
        "entities": _encode(plan.entities).decode(),
        "state": "asked",
        "reason": reason,
        "author": author,
        "asked_at": now,
        "receipt": "{}",
        "streams": _encode(sorted(plan.streams)).decode(),
    }
    tx.execute(sa.insert(erasures), [row])


def note(tx: Tx, erasure_id: str, state: str, receipt: Mapping[str, int], now: str) -> None:
    """Note how far an erasure is, and what went so far."""
    done_at = now if state == "done" else None
    values = {"state": state, "receipt": _encode(dict(receipt)).decode(), "done_at": done_at}
    tx.execute(sa.update(erasures).where(_e.id == erasure_id).values(**values))


def lift(tx: Tx, erasure_id: str, *, reason: str, author: str, now: str) -> Erasure:
    """Note that an erasure no longer keeps anything out. Raises NotFoundError, ConflictError."""
    found = get(tx, erasure_id, to_change=True)
    if found.state != "done":
        raise ConflictError(
            f"The erasure {erasure_id} is {found.state}; only a done one is lifted."
        )
    values = {"state": "lifted", "lifted_at": now, "lifted_by": author, "lift_reason": reason}
    tx.execute(sa.update(erasures).where(_e.id == erasure_id).values(**values))
    return found


def get(tx: Tx, erasure_id: str, *, to_change: bool = False) -> Erasure:
    """Return one erasure. Raises NotFoundError."""
    select = sa.select(erasures).where(_e.id == erasure_id)
    row = tx.execute(select.with_for_update() if to_change else select).one_or_none()
    if row is None:
        raise NotFoundError(f"There is no erasure {erasure_id}.")
    return _counted(tx, row)


def page(tx: Tx, *, before: str = "", limit: int = 50) -> list[Erasure]:
    """Return erasures, newest first. before: the id of the last one of the page before."""
    select = sa.select(erasures).order_by(_e.id.desc()).limit(limit)
    if before:
        select = select.where(_e.id < before)
    return [_counted(tx, row) for row in tx.execute(select).all()]


def every(tx: Tx) -> list[Erasure]:
    """Return all erasures, oldest first, without what was met of them since."""
    rows = tx.execute(sa.select(erasures).order_by(_e.id)).all()
    return [_erasure(row) for row in rows]


def unfinished(tx: Tx) -> list[str]:
    """Return the ids of erasures that were asked for and are not done, oldest first."""
    select = sa.select(_e.id).where(_e.state.in_(("asked", "cut"))).order_by(_e.id)
    return list(tx.execute(select).scalars())


def of_entities(tx: Tx, ids: Collection[str]) -> list[str]:
    """Return the erasures in force that took one of these entities."""
    rows = tx.execute(sa.select(_e.id, _e.entities).where(_e.state != "lifted"))
    return [one for one, taken in rows if not set(ids).isdisjoint(_ids(taken))]


def _counted(tx: Tx, row: Row) -> Erasure:
    counts = sa.select(
        sa.func.count(), sa.func.coalesce(sa.func.sum(_s.met), 0), sa.func.max(_s.met_at)
    ).where(_s.erasure_id == row.id)
    marks, met, met_at = tx.execute(counts).one()
    return _erasure(row, marks, int(met), met_at)


def _erasure(row: Row, marks: int = 0, met: int = 0, met_at: str | None = None) -> Erasure:
    return Erasure(
        id=row.id,
        kind=row.kind,
        entities=_ids(row.entities),
        state=row.state,
        reason=row.reason,
        author=row.author,
        asked_at=row.asked_at,
        done_at=row.done_at,
        receipt=_receipt(row.receipt),
        streams=_streams(row.streams),
        marks=marks,
        met=met,
        met_at=met_at,
        lifted_at=row.lifted_at,
        lifted_by=row.lifted_by,
        lift_reason=row.lift_reason,
    )
