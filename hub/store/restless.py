"""Until when nobody need be asked whether a rule tells something of a subject.

A customer stands for all that belongs to it. Who is not on the list is at rest until a record
changes, and whatever changes goes on it, in the transaction that stores it.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from secrets import token_hex
from typing import Any, NamedTuple

import sqlalchemy as sa

from hub.model.fact import Subject
from hub.store.database import Tx, chunks, listed
from hub.store.facts import by_kind
from hub.store.place import dialect
from hub.store.prepared import Prepared
from hub.store.tables import fact_days, restless

_c = restless.c
Wakes = list[tuple[Subject, str | None, str]]
"""A subject, the customer it belongs to, and the day from which a rule may tell something of it;
"" for any day."""
NEVER = "9999-12-31"
_LIST = Subject("list", "")
"""The entry of a list that is being made: who began it last finds it as it was noted."""


class Listed(NamedTuple):
    """An entry of the list. noted: another one each time somebody puts it there."""

    wakes_on: str
    noted: str


def note(tx: Tx, wakes: Iterable[tuple[Subject, str | None, str]]) -> None:
    """Put subjects on the list, for the day they are on it if that comes first."""
    _put(tx, _days(wakes))


def _put(tx: Tx, days: Mapping[Subject, str]) -> str:
    noted = token_hex(8)
    rows = [
        {"subject_kind": one.kind, "subject": one.id, "wakes_on": days[one], "noted": noted}
        for one in sorted(days)  # in one order, so that two writers never wait for each other
    ]
    _note(tx.dialect.name).many(tx, rows)
    return noted


def _days(wakes: Iterable[tuple[Subject, str | None, str]]) -> dict[Subject, str]:
    """Return the first day of all that belongs to each customer, or to none."""
    days: dict[Subject, str] = {}
    for one, customer, on in wakes:
        place = _place(one, customer)
        if on < days.get(place, NEVER):
            days[place] = on
    return days


def _place(one: Subject, customer: str | None) -> Subject:
    return Subject("customer", customer) if customer else one


@lru_cache(maxsize=2)
def _note(backend: str) -> Prepared:
    statement: Any = (
        dialect(backend)
        .insert(restless)
        .values({column.name: sa.bindparam(column.name) for column in _c})
    )
    new = statement.excluded
    sooner = sa.case((new.wakes_on < _c.wakes_on, new.wakes_on), else_=_c.wakes_on)
    return Prepared(
        statement.on_conflict_do_update(
            index_elements=["subject_kind", "subject"],
            set_={"wakes_on": sooner, "noted": new.noted},
        )
    )


def due(tx: Tx, day: str) -> dict[Subject, Listed]:
    """Return who is to be looked at by a day."""
    return {Subject(kind, name): Listed(*rest) for kind, name, *rest in _due(tx, day=day)}


_due = Prepared(
    sa.select(_c.subject_kind, _c.subject, _c.wakes_on, _c.noted).where(
        _c.wakes_on <= sa.bindparam("day")
    )
)


def listed_among(tx: Tx, places: Iterable[Subject], day: str) -> set[Subject]:
    """Return those of these places that are to be looked at by a day."""
    return {
        Subject(kind, row[0])
        for kind, ids in by_kind(places).items()
        for chunk in chunks(ids)
        for row in _among(tx, kind=kind, ids=chunk, day=day)
    }


_among = Prepared(
    sa.select(_c.subject).where(
        _c.subject_kind == sa.bindparam("kind"),
        listed(_c.subject, "ids"),
        _c.wakes_on <= sa.bindparam("day"),
    )
)


def other_days(
    wakes: Wakes, entries: Mapping[Subject, Listed | None]
) -> list[tuple[Subject, str, str]]:
    """Return (entry, as it was noted, day) for those of these entries that may wait for another
    day; who is not among those that wake is at rest."""
    days = _days(wakes)
    return [
        (one, entry.noted, on)
        for one, entry in sorted(entries.items())
        if entry is not None and entry.wakes_on != (on := days.get(one, NEVER))
    ]


def unlisted(wakes: Wakes, entries: Mapping[Subject, Listed | None]) -> Wakes:
    """Return those that wake of places of which no entry was read."""
    return [one for one in wakes if not entries.get(_place(*one[:2]))]


def put_off(tx: Tx, days: Iterable[tuple[Subject, str, str]]) -> None:
    """Let entries wait for other days; who was put on the list meanwhile stays as that was."""
    rows = [{"kind": one.kind, "name": one.id, "was": was, "on": on} for one, was, on in days]
    _put_off.many(tx, rows)


_put_off = Prepared(
    sa.update(restless)
    .where(
        _c.subject_kind == sa.bindparam("kind"),
        _c.subject == sa.bindparam("name"),
        _c.noted == sa.bindparam("was"),
    )
    .values(wakes_on=sa.bindparam("on"))
)


def sieved(tx: Tx) -> str:
    """Return by what sieve the list was made; "" where it does not hold all it should."""
    return tx.execute(sa.select(fact_days.c.sieve)).scalar() or ""


def begin(tx: Tx) -> str:
    """Begin a new list, and return what `end` is to be told. Who changes from now on is put on
    it."""
    tx.execute(sa.delete(restless))
    tx.execute(sa.update(fact_days).values(sieve=""))
    return _put(tx, {_LIST: NEVER})


def end(tx: Tx, begun: str, sieve: str) -> None:
    """Say that everything went through a sieve since the list was begun; nothing is said where
    somebody has begun another one meanwhile: whom this one held before is not on that one."""
    mine = sa.delete(restless).where(_c.subject_kind == _LIST.kind, _c.noted == begun)
    if tx.execute(mine).rowcount:
        tx.execute(sa.update(fact_days).values(sieve=sieve))
