"""Facts as stored: typed values of a subject with the connections they came from."""

from collections.abc import Collection, Iterable, Sequence

import msgspec
import sqlalchemy as sa

from hub.model.fact import Fact, Subject
from hub.store.database import Row, Tx, among, chunks, upsert
from hub.store.tables import facts

_value = msgspec.json.Decoder(bool | int | float | str)
_sources = msgspec.json.Decoder(tuple[str, ...])
_encode = msgspec.json.encode


def of_subject(tx: Tx, subject: Subject) -> dict[str, Fact]:
    """Return a subject's facts by name; one that is not known is absent."""
    return of_subjects(tx, [subject]).get(subject, {})


def of_subjects(tx: Tx, subjects: Collection[Subject]) -> dict[Subject, dict[str, Fact]]:
    """Return the facts of each subject that has any."""
    found: dict[Subject, dict[str, Fact]] = {}
    by_kind: dict[str, list[str]] = {}
    for subject in subjects:
        by_kind.setdefault(subject.kind, []).append(subject.id)
    for kind, ids in by_kind.items():
        for chunk in chunks(ids):
            where = (facts.c.subject_kind == kind, among(facts.c.subject, chunk))
            _gather(found, tx.execute(sa.select(facts).where(*where).order_by(facts.c.name)))
    return found


def subjects(tx: Tx) -> set[Subject]:
    """Return every subject that has a fact."""
    select = sa.select(facts.c.subject_kind, facts.c.subject).distinct()
    return {Subject(kind, name) for kind, name in tx.execute(select)}


def of_kind(tx: Tx, kind: str) -> dict[Subject, dict[str, Fact]]:
    """Return the facts of every subject of a kind."""
    found: dict[Subject, dict[str, Fact]] = {}
    select = sa.select(facts).where(facts.c.subject_kind == kind).order_by(facts.c.name)
    _gather(found, tx.execute(select))
    return found


def _gather(found: dict[Subject, dict[str, Fact]], rows: Iterable[Row]) -> None:
    for row in rows:
        fact = Fact(row.name, _value.decode(row.value), _sources.decode(row.sources), row.as_of)
        found.setdefault(Subject(row.subject_kind, row.subject), {})[row.name] = fact


def replace(
    tx: Tx,
    gone: Collection[tuple[Subject, str]],
    new: Sequence[tuple[Subject, Fact]],
) -> None:
    """Remove the facts (subject, name) that are `gone` and write `new` over what stands."""
    key = sa.tuple_(facts.c.subject_kind, facts.c.subject, facts.c.name)
    for chunk in chunks(sorted((*subject, name) for subject, name in gone), 400):
        tx.execute(sa.delete(facts).where(key.in_(chunk)))
    upsert(tx, facts, [_row(subject, fact) for subject, fact in new])


def _row(subject: Subject, fact: Fact) -> dict[str, str]:
    return {
        "subject_kind": subject.kind,
        "subject": subject.id,
        "name": fact.name,
        "value": _encode(fact.value).decode(),
        "as_of": fact.as_of,
        "sources": _encode(fact.sources).decode(),
    }
