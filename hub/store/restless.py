"""Of whom a rule may tell something before the day is over: a sweep looks at nobody else.

A customer stands for all that belongs to it.
"""

from collections.abc import Iterable

import sqlalchemy as sa

from hub.model.fact import Subject
from hub.store.database import Tx, insert_tuples
from hub.store.tables import fact_days, restless

_COLUMNS = tuple(column.name for column in restless.c)


def note(tx: Tx, subjects: Iterable[tuple[Subject, str | None]]) -> None:
    """Put subjects on the list, each with the customer it belongs to, if to one."""
    places = {("customer", of) if of else (one.kind, one.id) for one, of in subjects}
    insert_tuples(tx, restless, _COLUMNS, sorted(places))


def of_all(tx: Tx) -> set[Subject]:
    """Return who stands on the list."""
    rows = tx.execute(sa.select(restless.c.subject_kind, restless.c.subject))
    return {Subject(kind, name) for kind, name in rows}


def sieved(tx: Tx) -> str:
    """Return by what sieve the list was made; "" where it does not hold all it should."""
    return tx.execute(sa.select(fact_days.c.sieve)).scalar() or ""


def begin(tx: Tx) -> None:
    """Begin a new list. Who changes from now on is put on it."""
    tx.execute(sa.delete(restless))
    tx.execute(sa.update(fact_days).values(sieve=""))


def end(tx: Tx, sieve: str) -> None:
    """Say that everything went through a sieve since the list was begun."""
    tx.execute(sa.update(fact_days).values(sieve=sieve))
