"""Silences: which notices are muted, by whom, until when and why."""

from collections.abc import Collection

import sqlalchemy as sa

from hub.errors import NotFoundError
from hub.model.alert import Severity
from hub.model.fact import Subject
from hub.model.notice import Silence
from hub.store.database import Row, Tx, among, chunks
from hub.store.tables import silences


def add(tx: Tx, silence: Silence) -> None:
    """Store a new silence."""
    subject = silence.subject
    row = {
        "id": silence.id,
        "rule": silence.rule,
        "subject_kind": subject.kind if subject else None,
        "subject": subject.id if subject else None,
        "customer": silence.customer,
        "severity": silence.severity,
        "starts_at": silence.starts_at,
        "until": silence.until,
        "why": silence.why,
        "author": silence.author,
        "created_at": silence.created_at,
    }
    tx.execute(sa.insert(silences).values(**row))


def not_over(tx: Tx, now: str) -> list[Silence]:
    """Return the silences that hold now or will, the one that ends first first."""
    select = sa.select(silences).where(silences.c.until > now)
    return [_silence(row) for row in tx.execute(select.order_by(silences.c.until, silences.c.id))]


def page(tx: Tx, *, after: str = "", limit: int = 50) -> list[Silence]:
    """Return silences of all times, newest first. after: the id of the last one before."""
    select = sa.select(silences).order_by(silences.c.id.desc()).limit(limit)
    if after:
        select = select.where(silences.c.id < after)
    return [_silence(row) for row in tx.execute(select)]


def end(tx: Tx, silence_id: str, now: str) -> Silence:
    """End a silence now; one that is over stays as it was. Raises NotFoundError."""
    row = tx.execute(sa.select(silences).where(silences.c.id == silence_id)).one_or_none()
    if row is None:
        raise NotFoundError(f"There is no silence {silence_id}.")
    if row.until > now:
        tx.execute(
            sa.update(silences)
            .where(silences.c.id == silence_id)
            .values(until=now, starts_at=min(row.starts_at, now))
        )
        row = tx.execute(sa.select(silences).where(silences.c.id == silence_id)).one()
    return _silence(row)


def forget(tx: Tx, subjects: Collection[Subject]) -> None:
    """Remove the silences that name one of these subjects or customers."""
    c = silences.c
    customers = {one.id for one in subjects if one.kind == "customer"}
    for chunk in chunks(customers):
        tx.execute(sa.delete(silences).where(among(c.customer, chunk)))
    for kind in {one.kind for one in subjects}:
        for chunk in chunks({one.id for one in subjects if one.kind == kind}):
            where = (c.subject_kind == kind, among(c.subject, chunk))
            tx.execute(sa.delete(silences).where(*where))


def _silence(row: Row) -> Silence:
    return Silence(
        id=row.id,
        starts_at=row.starts_at,
        until=row.until,
        why=row.why,
        author=row.author,
        created_at=row.created_at,
        rule=row.rule,
        subject=Subject(row.subject_kind, row.subject) if row.subject_kind else None,
        customer=row.customer,
        severity=Severity(row.severity) if row.severity else None,
    )
