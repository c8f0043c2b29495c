"""What can be known at all, and until when what was observed tells what it told."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec
import sqlalchemy as sa

from hub.model.fact import Subject
from hub.store.database import Tx, insert_new, upsert
from hub.store.tables import fact_days, fact_sources, facts

_encode = msgspec.json.Encoder(order="deterministic").encode
_names = msgspec.json.Decoder(tuple[str, ...]).decode
_f = facts.c


def note_sources(
    tx: Tx, sources: Mapping[str, Sequence[str]], kinds: Iterable[str], at: str
) -> None:
    """Remember from which connections each kind is known, where that has changed."""
    before = sources_at(tx, at)
    rows = [
        {
            "kind": kind,
            "valid_from": at,
            "connections": _encode(list(sources.get(kind, ()))).decode(),
        }
        for kind in kinds
        if before.get(kind, ()) != tuple(sources.get(kind, ()))
    ]
    upsert(tx, fact_sources, rows)


def sources_at(tx: Tx, at: str) -> dict[str, tuple[str, ...]]:
    """Return the connections each kind was known from at an instant; kinds not known left out."""
    c = fact_sources.c
    select = sa.select(c.kind, c.connections).where(c.valid_from <= at).order_by(c.valid_from)
    found = {row.kind: _names(row.connections) for row in tx.execute(select)}
    return {kind: names for kind, names in found.items() if names}


def counted(tx: Tx) -> tuple[str, str] | None:
    """Return the day for which windows were last counted for every subject, and by which look."""
    row = tx.execute(sa.select(fact_days.c.day, fact_days.c.look)).one_or_none()
    return None if row is None else (row.day, row.look)


def note_counted(tx: Tx, day: str, look: str) -> None:
    """Remember that windows were counted for every subject; by another look, nothing stands."""
    before = counted(tx)
    if before is not None and before[1] == look:
        tx.execute(sa.update(fact_days).values(day=day))
    else:
        tx.execute(sa.delete(fact_days))
        insert_new(tx, fact_days, [{"day": day, "look": look}])


def due(tx: Tx, until: str, limit: int) -> set[Subject]:
    """Return subjects of whom the same records tell something else by now, the first due first.

    until: a day or an instant.
    """
    select = sa.select(_f.subject_kind, _f.subject).where(_f.changes_at <= until)
    rows = tx.execute(select.order_by(_f.changes_at).limit(limit))
    return {Subject(kind, name) for kind, name in rows}
