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
    _seen: dict[Subject, Observed] = field(default_factory=dict)
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
        return {one for one, row in self._rows.items() if row[0] in kinds and row[2] in whose}

    def before(
        self, tx: Tx, asked: Iterable[Subject], seen: Mapping[Subject, Observed]
    ) -> Mapping[Subject, _Row]:
        """Return what stands of those asked for, and of all others that are known by now."""
        whose = {one.customer for one in seen.values() if one.customer}
        self.read(tx, whose | {one.id for one in asked if one.kind == "customer"})
        rest = _rows(tx, [one for one in asked if one not in self._rows])
        self._rows |= rest
        self.read(tx, {row[2] for one, row in rest.items() if row[2] and one not in seen})
        return self._rows

    def settled(
        self, rows: Iterable[_Row], gone: Iterable[Subject], seen: Mapping[Subject, Observed]
    ) -> None:
        """Note what stands now."""
        for row in rows:
            self._rows[Subject(row[0], row[1])] = row
        self._seen |= seen
        for subject in gone:
            del self._rows[subject]
            self._seen.pop(subject, None)

    def places(self) -> set[Subject]:
        """Return the customers of all that stands now; itself where one belongs to none."""
        alone = {subject for subject, row in self._rows.items() if row[2] is None}
        return alone | {Subject("customer", one) for one in self._customers}

    def belonging(self, places: Set[Subject]) -> Iterator[tuple[Subject, str | None]]:
        """Yield what stands now of these places, each with its customer."""
        customers = {one.id for one in places if one.kind == "customer"}
        if places:
            for subject, row in self._rows.items():
                if row[2] in customers or subject in places:
                    yield subject, row[2]

    def unknown(self, subjects: Set[Subject]) -> Set[Subject]:
        """Return those of these of which nothing stands now."""
        return subjects - self._rows.keys()

    def each(
        self, subjects: Iterable[Subject]
    ) -> Iterator[tuple[Subject, str | None, dict[str, Any] | None]]:
        """Yield each of these with its customer and what is observed of it; None of who is gone."""
        seen, rows = self._seen, self._rows
        for subject in subjects:
            one, row = seen.get(subject), rows.get(subject)
            if one is not None:
                yield subject, one[0], one[2]
            elif row is not None:
                yield subject, row[2], decoded(row[4])
            else:
                yield subject, None, None

    def standing(self, customers: Set[str], subjects: Set[Subject]) -> Iterator[Stored]:
        """Yield what stands now of these customers, and of these subjects."""
        for subject, row in self._rows.items():
            if row[2] in customers or subject in subjects:
                yield stored(row[:7])


def settle(
    tx: Tx,
    asked: Iterable[Subject],
    seen: Mapping[Subject, Observed],
    at: str,
    *,
    around: Around | None = None,
) -> dict[Subject, str | None]:
    """Let `seen` stand, and nothing of all others that are asked for; return whose did change.

    Each with the customer it belongs or belonged to. What stood before goes into the history.
    around: is told of all that stands beside.
    """
    missed = [one for one in asked if one not in seen]
    looked = [*seen, *missed]
    before = _rows(tx, looked) if around is None else around.before(tx, looked, seen)
    new: list[_Row] = []
    same: list[_Row] = []
    old: list[_Row] = []
    moved: dict[Subject, str | None] = {}
    for subject, (customer, connection, found, changes_at) in seen.items():
        was = before.get(subject)
        text = _encode(found).decode()
        if was is not None and was[4] == text and was[2] == customer and was[3] == connection:
            if was[7] != changes_at:
                new.append((*was[:7], changes_at))
            continue
        moved[subject] = customer
        if was is None:
            new.append((*subject, customer, connection, text, _since_now(at), at, changes_at))
            continue
        old.append(was)
        since = _since(was[4], was[5], found, at)
        row = (*subject, customer, connection, text, since, at, changes_at)
        (same if was[2] == customer and was[7] == changes_at else new).append(row)
    gone = [one for one in missed if one in before]
    for subject in gone:
        old.append(before[subject])
        moved[subject] = before[subject][2]
    _remove(tx, gone)
    upsert_tuples(tx, facts, _ROW, _in_order(new))
    upsert_tuples(tx, facts, _ROW, _in_order(same), keep=_INDEXED)
    _remember(tx, _in_order(old), at)
    if around is not None:
        around.settled([*new, *same], gone, seen)
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


def _in_order(rows: list[_Row]) -> list[_Row]:
    """Return rows in the order of their keys: side by side in the index, written in half the
    time."""
    return sorted(rows, key=_KEY)


_KEY = itemgetter(0, 1)
_INDEXED = ("customer", "changes_at")
"""Columns that an index holds: SQLite writes it anew where a statement names them, alike or not."""
