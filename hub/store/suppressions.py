"""The suppression list: marks of what was erased, by which it is known and kept out."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import sqlalchemy as sa

from connectors.sdk.record import Record, Rejected
from hub.errors import ConfigError
from hub.model.erasure import EntityKind, What
from hub.store.database import Tx, among, chunks, insert_new, listed, upsert
from hub.store.prepared import Prepared
from hub.store.tables import erasures, kept_records, suppressions

NO_KEY = (
    "there is a list of people who were erased, and no key to read it: set HUB_VAULT_KEY or "
    "HUB_VAULT_KEY_FILE to the key it was made with; until then nothing is read from any source"
)

_s, _e = suppressions.c, erasures.c
_any = Prepared(sa.select(_s.erasure_id).limit(1))
_found = Prepared(
    sa.select(_s.mark, _s.erasure_id, _s.what, _s.until, _e.kind)
    .join(erasures, _e.id == _s.erasure_id)
    .where(listed(_s.mark, "marks"))
)


@dataclass(frozen=True, slots=True)
class Met:
    """A mark that was met. kind: of the entity that was erased."""

    mark: str
    erasure: str
    what: What
    until: str | None
    kind: EntityKind


@dataclass(slots=True)
class Sifted:
    """What is left of records that were looked at. out: keys that stay away; other: records as
    they may be stored; kept: key -> erasure and last day of what the law keeps unread."""

    out: set[str] = field(default_factory=set)
    other: dict[str, Record] = field(default_factory=dict)
    kept: dict[str, tuple[str, str]] = field(default_factory=dict)


class Sieve(Protocol):
    """Whoever can read the list: it holds the key."""

    def records(
        self, tx: Tx, connection: str, stream: str, found: Sequence[Record], now: str
    ) -> Sifted:
        """Say what becomes of records that are about to be stored."""
        ...

    def rejected(
        self, tx: Tx, connection: str, stream: str, found: Sequence[Rejected]
    ) -> list[Rejected]:
        """Return the input that tells of nobody who was erased."""
        ...


def required(tx: Tx, sieve: Sieve | None) -> Sieve | None:
    """Return what sifts, None while nobody is on the list. Raises ConfigError without a key."""
    if not is_used(tx):
        return None
    if sieve is None:
        raise ConfigError(NO_KEY)
    return sieve


def is_used(tx: Tx) -> bool:
    """Return whether anybody is on the list."""
    return bool(_any(tx))


def found(tx: Tx, marks: Collection[str]) -> list[Met]:
    """Return those of `marks` that are on the list."""
    rows: list[Any] = _found(tx, marks=marks) if marks else []
    return [Met(*row) for row in rows]


def of(tx: Tx, erasure_ids: Iterable[str]) -> dict[str, set[str]]:
    """Return all marks of these erasures."""
    rows: dict[str, set[str]] = {}
    for chunk in chunks(erasure_ids):
        select = sa.select(_s.erasure_id, _s.mark).where(among(_s.erasure_id, chunk))
        for erasure, mark in tx.execute(select):
            rows.setdefault(erasure, set()).add(mark)
    return rows


def listed_of(tx: Tx) -> dict[str, list[tuple[str, What, str | None]]]:
    """Return by erasure its marks, what each stands for, and the last day of what is kept."""
    rows: dict[str, list[tuple[str, What, str | None]]] = {}
    select = sa.select(_s.erasure_id, _s.mark, _s.what, _s.until)
    for erasure, *mark in tx.execute(select.order_by(_s.erasure_id, _s.mark)):
        rows.setdefault(erasure, []).append((mark[0], mark[1], mark[2]))
    return rows


def add(tx: Tx, erasure: str, marks: Mapping[str, tuple[What, str | None]]) -> None:
    """Put marks on the list."""
    rows = [
        {"mark": mark, "erasure_id": erasure, "what": what, "until": until, "met": 0}
        for mark, (what, until) in sorted(marks.items())
    ]
    insert_new(tx, suppressions, rows)


def note_met(tx: Tx, met: Iterable[Met], now: str) -> None:
    """Count that a source brought what is kept out."""
    rows = [{"of": one.erasure, "by": one.mark, "at": now} for one in met]
    if rows:
        tx.execute(
            sa.update(suppressions)
            .where(_s.erasure_id == sa.bindparam("of"), _s.mark == sa.bindparam("by"))
            .values(met=_s.met + 1, met_at=sa.bindparam("at")),
            rows,
        )


def keep(tx: Tx, kept: Mapping[int, tuple[str, str]]) -> None:
    """Lock records away, by id: the erasure, and the last day the law keeps them."""
    rows = [
        {"record_id": one, "erasure_id": erasure, "until": until}
        for one, (erasure, until) in kept.items()
    ]
    upsert(tx, kept_records, rows)


def locked(tx: Tx, *, over_on: str | None = None, erasure: str | None = None) -> list[int]:
    """Return the ids of records the law keeps. over_on: of which it lets go by that day."""
    k = kept_records.c
    select = sa.select(k.record_id)
    if over_on is not None:
        select = select.where(k.until < over_on)
    if erasure is not None:
        select = select.where(k.erasure_id == erasure)
    return list(tx.execute(select.order_by(k.record_id)).scalars())


_locked_of = Prepared(
    sa.select(kept_records.c.record_id, kept_records.c.until).where(
        listed(kept_records.c.record_id, "ids")
    )
)


def locked_of(tx: Tx, ids: Collection[int]) -> dict[int, str]:
    """Return of those of these records that the law keeps unread the last day."""
    return dict(_locked_of(tx, ids=ids)) if ids else {}


def unlock(tx: Tx, ids: Iterable[int]) -> None:
    """Let records be records again, or go."""
    for chunk in chunks(ids):
        tx.execute(sa.delete(kept_records).where(among(kept_records.c.record_id, chunk)))


def forget(tx: Tx, erasure: str) -> int:
    """Take an erasure off the list; return how many marks it had."""
    return tx.execute(sa.delete(suppressions).where(_s.erasure_id == erasure)).rowcount
