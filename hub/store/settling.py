"""Lets what was seen of subjects stand, and keeps what stood before in the history."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

import msgspec
import sqlalchemy as sa

from hub.model.fact import Subject
from hub.store.database import Tx, among, chunks, insert_tuples, listed, upsert_tuples
from hub.store.facts import Observed, Stored, by_kind, decoded, sinces, stored
from hub.store.prepared import Prepared
from hub.store.tables import fact_history, facts

_encode = msgspec.json.Encoder(order="deterministic").encode
_f = facts.c
_Row = tuple[str, str, str | None, str | None, str, str, str, str | None]
"""A whole row: kind, subject, customer, connection, observation, since, valid from, changes at."""
_ROW = tuple(column.name for column in facts.c)
_of_kind = Prepared(
    sa.select(facts).where(_f.subject_kind == sa.bindparam("kind"), listed(_f.subject, "ids"))
)
_of_customers = Prepared(sa.select(facts).where(listed(_f.customer, "ids")))


@dataclass(slots=True)
class Around:
    """All that stands of the customers of what is settled, read once and kept up meanwhile.

    The rules are asked of all of it afterwards: to find what stood before it is read anyway.
    """

    _rows: dict[Subject, _Row] = field(default_factory=dict)
    _customers: set[str] = field(default_factory=set)

    def read(self, tx: Tx, customers: Collection[str]) -> Set[Subject]:
        """Read what stands of these customers; return all that is known by now."""
        left = sorted(set(customers) - self._customers)
        self._customers.update(left)
        for chunk in chunks(left):
            for row in _of_customers(tx, ids=chunk):
                self._rows[Subject(row[0], row[1])] = row
        return self._rows.keys()

    def parts(self, tx: Tx, kinds: Collection[str], customers: Collection[str]) -> set[Subject]:
        """Return the subjects of these kinds that belong to these customers."""
        self.read(tx, customers)
        whose = set(customers)
        return {one for one, row in self._rows.items() if one.kind in kinds and row[2] in whose}

    def before(
        self, tx: Tx, asked: Collection[Subject], seen: Mapping[Subject, Observed]
    ) -> Mapping[Subject, _Row]:
        """Return what stands of those asked for, and of all others that are known by now."""
        whose = {one.customer for one in seen.values() if one.customer}
        self.read(tx, whose | {one.id for one in asked if one.kind == "customer"})
        rest = _rows(tx, [one for one in asked if one not in self._rows])
        self._rows |= rest
        self.read(tx, {row[2] for one, row in rest.items() if row[2] and one not in seen})
        return self._rows

    def settled(self, rows: Iterable[_Row], gone: Iterable[Subject]) -> None:
        """Note what stands now."""
        for row in rows:
            self._rows[Subject(row[0], row[1])] = row
        for subject in gone:
            del self._rows[subject]

    def all(self) -> Iterator[Stored]:
        """Yield all that stands now."""
        return (stored(row[:7]) for row in self._rows.values())


def settle(
    tx: Tx,
    asked: Collection[Subject],
    seen: Mapping[Subject, Observed],
    at: str,
    *,
    around: Around | None = None,
) -> dict[Subject, str | None]:
    """Let `seen` be all that stands of the subjects asked for; return whose did change.

    Each with the customer it belongs or belonged to. What stood before goes into the history.
    around: is told of all that stands beside.
    """
    before = _rows(tx, asked) if around is None else around.before(tx, asked, seen)
    new: list[_Row] = []
    old: list[_Row] = []
    moved: dict[Subject, str | None] = {}
    for subject in _in_order(asked):  # side by side in the index: written in half the time
        now, was = seen.get(subject), before.get(subject)
        if now is None:
            if was is not None:
                old.append(was)
                moved[subject] = was[2]
            continue
        found = _encode(now.found).decode()
        if was is not None and was[2:5] == (now.customer, now.connection, found):
            if was[7] != now.changes_at:
                new.append((*was[:7], now.changes_at))
            continue
        since = _since_now(at) if was is None else _since(was[4], was[5], now.found, at)
        old += [] if was is None else [was]
        moved[subject] = now.customer
        new.append((*subject, now.customer, now.connection, found, since, at, now.changes_at))
    gone = [subject for subject in moved if subject not in seen]
    _remove(tx, gone)
    upsert_tuples(tx, facts, _ROW, new)
    _remember(tx, old, at)
    if around is not None:
        around.settled(new, gone)
    return moved


def settle_first(tx: Tx, seen: Mapping[Subject, Observed], at: str) -> dict[Subject, str | None]:
    """Let `seen` stand, where nothing can have stood but by this very look; return all of it."""
    upsert_tuples(tx, facts, _ROW, list(_first_rows(seen, at)))
    return {subject: one.customer for subject, one in seen.items()}


def _since_now(at: str) -> str:
    return _encode({"": at}).decode()


def _first_rows(seen: Mapping[Subject, Observed], at: str) -> Iterator[_Row]:
    """Yield all that was seen in the order of its keys."""
    since = _since_now(at)
    of_kind: defaultdict[str, list[tuple[str, Observed]]] = defaultdict(list)
    for (kind, name), one in seen.items():
        of_kind[kind].append((name, one))
    for kind in sorted(of_kind):
        for name, one in sorted(of_kind[kind], key=itemgetter(0)):
            customer, connection, found, changes_at = one
            text = _encode(found).decode()
            yield kind, name, customer, connection, text, since, at, changes_at


def _remove(tx: Tx, subjects: Iterable[Subject]) -> None:
    for kind, ids in by_kind(subjects).items():
        for chunk in chunks(ids):
            tx.execute(sa.delete(facts).where(_f.subject_kind == kind, among(_f.subject, chunk)))


def _rows(tx: Tx, asked: Collection[Subject]) -> dict[Subject, _Row]:
    found: dict[Subject, _Row] = {}
    for kind, ids in by_kind(asked).items():
        for chunk in chunks(ids):
            for row in _of_kind(tx, kind=kind, ids=chunk):
                found[Subject(kind, row[1])] = row
    return found


def _remember(tx: Tx, rows: Iterable[_Row], at: str) -> None:
    """Put what stood into the history, but where no time passed, or the clock has jumped back."""
    ended = [(*row[:7], at) for row in rows if row[6] < at]
    insert_tuples(tx, fact_history, (*_ROW[:7], "valid_to"), ended)


def _since(before: str, since: str, found: Mapping[str, Any], at: str) -> str:
    """Return since when parts are as they are, after an observation has become another."""
    was, known = decoded(before), sinces(since)
    kept = {name: known[name] for name in found if name in known}
    changed = {name: at for name in found if was.get(name) != found[name]}
    named = {name: on for name, on in {**kept, **changed}.items() if on != known[""]}
    return _encode({"": known[""], **named}).decode()


def _in_order(subjects: Iterable[Subject]) -> Iterator[Subject]:
    """Yield subjects in their order: sorted by kind, which compares half as many texts."""
    found: defaultdict[str, list[Subject]] = defaultdict(list)
    for one in subjects:
        found[one[0]].append(one)
    for kind in sorted(found):
        yield from sorted(found[kind], key=_ID)


_ID = itemgetter(1)
