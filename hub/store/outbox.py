"""The outbox: notices written in the transaction that decides them, sent afterwards, each until
its target has it or it is given up."""

from collections.abc import Collection, Iterable

import msgspec
import sqlalchemy as sa

from hub.errors import ConflictError, NotFoundError
from hub.model.notice import Letter
from hub.store.database import Row, Tx
from hub.store.tables import outbox

_encode = msgspec.json.Encoder(order="sorted").encode
_o = outbox.c
PAGE = 500


def add(tx: Tx, letters: Iterable[Letter]) -> None:
    """Write letters that are due at once."""
    rows = [
        {
            "id": letter.id,
            "target": letter.target,
            "state": "due",
            "created_at": letter.created_at,
            "due_at": letter.created_at,
            "attempts": 0,
            "body": _encode(letter.body).decode(),
        }
        for letter in letters
    ]
    if rows:
        tx.execute(sa.insert(outbox), rows)


def claim(tx: Tx, now: str, until: str, *, latest: str) -> list[Letter]:
    """Take the oldest letter of each target, where it is due and nobody else sends it.

    latest: no letter waits for longer. What lies behind it, or is claimed for longer than `until`,
    was written before the clock was put back.

    Only the oldest: what a target is told stays in order, and one that is away is asked once, not
    for every letter that waits for it.
    """
    first = sa.select(sa.func.min(_o.seq)).where(_o.state == "due").group_by(_o.target)
    free = sa.or_(_o.claimed_until.is_(None), _o.claimed_until <= now, _o.claimed_until > until)
    due = sa.or_(_o.due_at <= now, _o.due_at > latest)
    select = sa.select(outbox).where(_o.seq.in_(first), due, free).order_by(_o.seq)
    rows = tx.execute(select.with_for_update(skip_locked=True)).all()
    if rows:
        tx.execute(
            sa.update(outbox)
            .where(_o.seq.in_([row.seq for row in rows]))
            .values(claimed_until=until)
        )
    return [_letter(row) for row in rows]


def sent(tx: Tx, letter_id: str, now: str) -> None:
    """Note that a target has a letter."""
    _change(tx, letter_id, state="sent", sent_at=now, error=None, claimed_until=None)


def failed(
    tx: Tx, letter_id: str, *, error: str, due_at: str | None, left: Collection[str] = ()
) -> None:
    """Note that a letter could not be handed over; due_at: when to try again, None for never.

    left: the mailboxes that have not taken it, where others have.
    """
    state = "dead" if due_at is None else "due"
    changes = {"state": state, "error": error[:500], "claimed_until": None}
    if due_at is not None:
        changes["due_at"] = due_at
    if left:
        body = get(tx, letter_id).body | {"left": sorted(left)}
        changes["body"] = _encode(body).decode()
    _change(tx, letter_id, attempts=_o.attempts + 1, **changes)


def replay(tx: Tx, letter_id: str, now: str) -> None:
    """Make a dead letter due again, in its old place. Raises NotFoundError, ConflictError."""
    row = tx.execute(sa.select(_o.state).where(_o.id == letter_id).with_for_update()).one_or_none()
    if row is None:
        raise NotFoundError(f"There is no notice {letter_id}.")
    if row.state != "dead":
        raise ConflictError(f"The notice {letter_id} is {row.state}; only a dead one is replayed.")
    _change(tx, letter_id, state="due", due_at=now, created_at=now, attempts=0, error=None)


def get(tx: Tx, letter_id: str) -> Letter:
    """Return one letter. Raises NotFoundError."""
    row = tx.execute(sa.select(outbox).where(_o.id == letter_id)).one_or_none()
    if row is None:
        raise NotFoundError(f"There is no notice {letter_id}.")
    return _letter(row)


def dead(tx: Tx, target: str | None = None) -> list[str]:
    """Return the ids of the dead letters, oldest first."""
    select = sa.select(_o.id).where(_o.state == "dead").order_by(_o.seq)
    if target is not None:
        select = select.where(_o.target == target)
    return list(tx.execute(select).scalars())


def unsent(tx: Tx) -> dict[str, int]:
    """Return how many letters are due, and how many were given up."""
    waiting = _o.state.in_(("due", "dead"))
    rows = tx.execute(sa.select(_o.state, sa.func.count()).where(waiting).group_by(_o.state))
    return dict(rows.all())


def page(
    tx: Tx, *, state: str | None = None, target: str | None = None, before: int = 0, limit: int = 50
) -> list[tuple[int, Letter]]:
    """Return (place, letter), newest first. before: the last place of the page before."""
    select = sa.select(outbox).order_by(_o.seq.desc()).limit(limit)
    if state is not None:
        select = select.where(_o.state == state)
    if target is not None:
        select = select.where(_o.target == target)
    if before:
        select = select.where(_o.seq < before)
    return [(row.seq, _letter(row)) for row in tx.execute(select)]


def forget(tx: Tx, sent_before: str) -> None:
    """Remove what was sent long ago."""
    tx.execute(sa.delete(outbox).where(_o.state == "sent", _o.sent_at < sent_before))


def forget_alerts(tx: Tx, of: Collection[str]) -> None:
    """Take alerts out of all letters, sent or not; one that told of nothing else goes."""
    place = 0
    while True:
        select = sa.select(_o.seq, _o.body).where(_o.seq > place).order_by(_o.seq).limit(PAGE)
        rows = tx.execute(select).all()
        for row in rows:
            body = msgspec.json.decode(row.body)
            items = body.get("items", [])
            left = [item for item in items if item["id"] not in of]
            if len(left) == len(items):
                continue
            mine = _o.seq == row.seq
            if not left:
                tx.execute(sa.delete(outbox).where(mine))
                continue
            body |= {"items": left, "total": body["total"] - len(items) + len(left)}
            tx.execute(sa.update(outbox).where(mine).values(body=_encode(body).decode()))
        if len(rows) < PAGE:
            return
        place = rows[-1].seq


def _change(tx: Tx, letter_id: str, **values: object) -> None:
    tx.execute(sa.update(outbox).where(_o.id == letter_id).values(**values))


def _letter(row: Row) -> Letter:
    return Letter(
        row.id,
        row.target,
        row.created_at,
        row.attempts,
        msgspec.json.decode(row.body),
        row.state,
        row.due_at,
        row.error,
    )
