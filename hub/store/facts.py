"""What was observed about each subject, as it stands."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa

from hub.model.fact import Subject
from hub.store.database import Tx, among, chunks, listed
from hub.store.prepared import Prepared
from hub.store.tables import (
    alerts,
    canonical_records,
    entities,
    facts,
    vorgaenge,
)

decoded = msgspec.json.Decoder(dict[str, Any]).decode
sinces = msgspec.json.Decoder(dict[str, str]).decode
_f = facts.c


class Observed(NamedTuple):
    """What records say of a subject now. connection: None where they are several.

    changes_at: the day or instant from which they say something else as they stand; None: never.
    """

    customer: str | None
    connection: str | None
    found: dict[str, Any]
    changes_at: str | None = None


Seen = dict[Subject, Observed]


class Stored(NamedTuple):
    """What was observed about a subject. since: name -> since when; "" for all not named."""

    subject: Subject
    customer: str | None
    connection: str | None
    found: dict[str, Any]
    since: str
    valid_from: str

    def known_since(self, name: str) -> str:
        """Return since when every evaluation found a part as it is."""
        since = sinces(self.since)
        return since.get(name, since[""])


_COLUMNS = (_f.subject_kind, _f.subject, _f.customer, _f.connection, _f.found)


def stored(row: Sequence[Any]) -> Stored:
    """Return what a row of the first seven columns of `Held` says."""
    kind, name, customer, connection, found, since, valid_from = row
    return Stored(Subject(kind, name), customer, connection, decoded(found), since, valid_from)


def of_subjects(tx: Tx, subjects: Iterable[Subject]) -> dict[Subject, Stored]:
    """Return what stands of each subject that is known."""
    found: dict[Subject, Stored] = {}
    for kind, ids in by_kind(subjects).items():
        for chunk in chunks(ids):
            for row in _of_subjects(tx, kind=kind, ids=chunk):
                one = stored(row)
                found[one.subject] = one
    return found


_of_subjects = Prepared(
    sa.select(*_COLUMNS, _f.since, _f.valid_from).where(
        _f.subject_kind == sa.bindparam("kind"), listed(_f.subject, "ids")
    )
)


def customers_of(tx: Tx, subjects: Iterable[Subject]) -> dict[Subject, str | None]:
    """Return the customer each subject that is known belongs to."""
    return {
        Subject(kind, name): customer
        for kind, ids in by_kind(subjects).items()
        for chunk in chunks(ids)
        for name, customer in _customers(tx, kind=kind, ids=chunk)
    }


def places(tx: Tx, subjects: Iterable[Subject]) -> set[Subject]:
    """Return the customers of subjects that are known; itself where one belongs to none."""
    return {
        Subject("customer", customer) if customer else one
        for one, customer in customers_of(tx, subjects).items()
    }


_customers = Prepared(
    sa.select(_f.subject, _f.customer).where(
        _f.subject_kind == sa.bindparam("kind"), listed(_f.subject, "ids")
    )
)


def of_customers(tx: Tx, customers: Collection[str], kinds: Collection[str] = ()) -> list[Stored]:
    """Return what stands of all that belongs to these customers, of `kinds` where any is named."""
    rows = (row for chunk in chunks(customers) for row in _of_customers(tx, ids=chunk))
    return [stored(row) for row in rows if not kinds or row[0] in kinds]


_of_customers = Prepared(
    sa.select(*_COLUMNS, _f.since, _f.valid_from).where(listed(_f.customer, "ids"))
)


Held = tuple[str, str, str | None, str | None, str, str, str, int]
"""A row as it is stored: kind, subject, customer, connection, observation, since, valid from, and
whether any alert of the subject stands, or was closed by hand and may be armed again."""

_alerted = sa.exists().where(
    alerts.c.subject == _f.subject,
    alerts.c.subject_kind == _f.subject_kind,
    sa.or_(
        sa.and_(alerts.c.condition != "inactive", alerts.c.condition != "resolved"),
        alerts.c.rearm_at.isnot(None),
    ),
)
_held = sa.select(
    *_COLUMNS, _f.since, _f.valid_from, sa.case((_alerted, 1), else_=0).label("alerted")
)
_held_of = Prepared(_held.where(listed(_f.customer, "ids")))
_held_alone = Prepared(
    _held.where(
        _f.customer.is_(None),
        _f.subject_kind == sa.bindparam("kind"),
        listed(_f.subject, "ids"),
    )
)


def held_by(tx: Tx, customers: Collection[str]) -> list[Held]:
    """Return all that belongs to these customers, as it is stored."""
    return [row for chunk in chunks(customers) for row in _held_of(tx, ids=chunk)]


def held_by_nobody(tx: Tx, after: tuple[str, str], limit: int) -> list[Held]:
    """Return what belongs to no customer, by kind and subject, from `after` on; no sources."""
    select = _held.where(
        _f.customer.is_(None),
        _f.subject_kind != "source",
        sa.tuple_(_f.subject_kind, _f.subject) > sa.tuple_(*map(sa.literal, after)),
    )
    rows = tx.execute(select.order_by(_f.subject_kind, _f.subject).limit(limit))
    return [tuple(row) for row in rows.all()]


def held_alone(tx: Tx, subjects: Iterable[Subject]) -> list[Held]:
    """Return those of these that are known and belong to no customer, as they are stored."""
    return [
        row
        for kind, some in by_kind(subjects).items()
        for chunk in chunks(some)
        for row in _held_alone(tx, kind=kind, ids=chunk)
    ]


def customers_after(tx: Tx, after: str, limit: int) -> list[str]:
    """Return the customers that anything belongs to, in the order of their ids."""
    select = sa.select(_f.customer).where(_f.customer > after).distinct()
    return list(tx.execute(select.order_by(_f.customer).limit(limit)).scalars())


def page(tx: Tx, kind: str, after: str, limit: int) -> list[Stored]:
    """Return the subjects of a kind in the order of their ids, from `after` on."""
    select = sa.select(*_COLUMNS, _f.since, _f.valid_from)
    where = (_f.subject_kind == kind, _f.subject > after)
    rows = tx.execute(select.where(*where).order_by(_f.subject).limit(limit))
    return [stored(row) for row in rows]


def of_kind(tx: Tx, kind: str) -> Iterator[Stored]:
    """Yield all that stands of a kind, in the order of their ids."""
    after = ""
    while rows := page(tx, kind, after, 5_000):
        yield from rows
        after = rows[-1].subject.id


def subjects(tx: Tx, kinds: Collection[str] = ()) -> set[Subject]:
    """Return every subject that is known, of `kinds` where any is named."""
    select = sa.select(_f.subject_kind, _f.subject)
    if kinds:
        select = select.where(_f.subject_kind.in_(sorted(kinds)))
    return {Subject(kind, name) for kind, name in tx.execute(select)}


def subjects_among(tx: Tx, ids: Collection[str], kinds: Collection[str]) -> set[Subject]:
    """Return the subjects of these kinds that are known under these ids."""
    select = sa.select(_f.subject_kind, _f.subject).where(_f.subject_kind.in_(sorted(kinds)))
    return {
        Subject(kind, name)
        for chunk in chunks(ids)
        for kind, name in tx.execute(select.where(among(_f.subject, chunk)))
    }


def some(tx: Tx) -> bool:
    """Say whether anything but sources is known."""
    select = sa.select(_f.subject).where(_f.subject_kind != "source").limit(1)
    return tx.execute(select).first() is not None


def gone(tx: Tx) -> set[Subject]:
    """Return the subjects that are known and yet neither a record nor an entity any more."""
    record, entity, case = canonical_records.c, entities.c, vorgaenge.c
    standing = sa.case(
        (
            _f.subject_kind.in_(("deviation", "conflict")),
            sa.exists().where(entity.id == _f.customer, entity.ended_at.is_(None)),
        ),
        (
            _f.subject_kind == "vorgang",
            sa.exists().where(case.id == _f.subject, case.state == "living"),
        ),
        (
            _f.subject_kind.in_(("customer", "contact", "project")),
            sa.exists().where(entity.id == _f.subject, entity.ended_at.is_(None)),
        ),
        else_=sa.exists().where(record.ref == _f.subject, record.kind == _f.subject_kind),
    )
    select = sa.select(_f.subject_kind, _f.subject).where(_f.subject_kind != "source", ~standing)
    return {Subject(kind, name) for kind, name in tx.execute(select)}


def parts_of(tx: Tx, kinds: Collection[str], customers: Collection[str]) -> set[Subject]:
    """Return the subjects of these kinds that belong to these customers."""
    return {
        Subject(kind, name)
        for chunk in chunks(customers)
        for kind, name in _parts_of(tx, ids=chunk, kinds=kinds)
    }


_parts_of = Prepared(
    sa.select(_f.subject_kind, _f.subject).where(
        listed(_f.customer, "ids"), listed(_f.subject_kind, "kinds")
    )
)


def by_kind(subjects: Iterable[Subject]) -> dict[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for kind, name in subjects:
        found[kind].append(name)
    return found
