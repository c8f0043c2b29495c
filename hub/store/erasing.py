"""Reads what tells of somebody, and cuts it out: records, versions, what was kept beside them."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from connectors.sdk.record import RecordKey
from hub.store.database import Row, Tx, among, chunks
from hub.store.tables import (
    canonical_records,
    checkpoints,
    crosswalk,
    crosswalk_history,
    entities,
    hints,
    judgements,
    kept_records,
    known_pages,
    leases,
    link_decisions,
    links,
    quarantine,
    source_records,
    source_versions,
)

WINDOW = 2_000
"""Source records whose versions are read at once."""

_r, _v, _c, _x, _h, _l = (
    source_records.c,
    source_versions.c,
    canonical_records.c,
    crosswalk.c,
    crosswalk_history.c,
    links.c,
)


def living(tx: Tx, entity_id: str) -> Row | None:
    """Return id and kind of the entity that an id stands for now, None where it stands for none."""
    for _ in range(50):
        row = tx.execute(sa.select(entities).where(entities.c.id == entity_id)).one_or_none()
        if row is None or row.merged_into is None:
            return None if row is None or row.ended_at is not None else row
        entity_id = row.merged_into
    return None


def entities_of(tx: Tx, refs: Collection[str]) -> list[Row]:
    """Return (ref, id, kind) of the entities that records stand for, parts of them included."""
    found: list[Row] = []
    select = sa.select(_x.ref, entities.c.id, entities.c.kind).join(
        entities, entities.c.id == _x.entity_id
    )
    for ref in refs:
        part = _x.ref.between(f"{ref}#", f"{ref}#\U0010ffff")
        found += tx.execute(select.where((_x.ref == ref) | part).order_by(_x.ref))
    return found


def holding(tx: Tx, values: Collection[str]) -> list[Row]:
    """Return the organizations and persons that name one of these normalised values.

    Rows: (ref, kind, source_id, fields, entity_id).
    """
    if not values:
        return []
    named = sa.or_(*(_c.fields.contains(f'"{value}"', autoescape=True) for value in sorted(values)))
    select = (
        sa.select(_c.ref, _c.kind, _c.source_id, _c.fields, _x.entity_id)
        .outerjoin(crosswalk, _x.ref == _c.ref)
        .where(_c.kind.in_(("organization", "person")), named)
        .order_by(_c.ref)
    )
    return list(tx.execute(select))


def refs_ever(tx: Tx, ids: Collection[str]) -> tuple[set[str], set[str]]:
    """Return the records that stand for these entities, and those that did and stand for none."""
    merged = entities.c.merged_into.in_(sorted(ids))
    before = {*ids, *tx.execute(sa.select(entities.c.id).where(merged)).scalars()}
    now = set(tx.execute(sa.select(_x.ref).where(_x.entity_id.in_(sorted(ids)))).scalars())
    stands = sa.exists().where(_x.ref == _h.ref)
    ever = sa.select(_h.ref).where(_h.entity_id.in_(sorted(before)), ~stands)
    return now, set(tx.execute(ever).scalars()) - now


def made_of(tx: Tx, source_ids: Collection[int]) -> list[Row]:
    """Return the canonical rows made of these source records."""
    found: list[Row] = []
    for chunk in chunks(source_ids):
        select = sa.select(canonical_records).where(among(_c.source_id, chunk))
        found += tx.execute(select.order_by(_c.ref))
    return found


def papers_on(tx: Tx, targets: Collection[str]) -> list[Row]:
    """Return the papers that hang on entities or on other papers.

    Rows: (ref, kind, source_id, fields, first_seen_at, role, target).
    """
    found: list[Row] = []
    select = sa.select(
        _c.ref, _c.kind, _c.source_id, _c.fields, _c.first_seen_at, _l.role, _l.target
    ).join(links, _l.from_ref == _c.ref)
    for chunk in chunks(targets):
        found += tx.execute(select.where(among(_l.target, chunk)).order_by(_c.ref, _l.role))
    return found


def parties(tx: Tx, refs: Collection[str]) -> dict[str, set[str]]:
    """Return the organizations each paper is linked to."""
    found: dict[str, set[str]] = {}
    select = sa.select(_l.from_ref, _l.target).where(_l.role == "organization")
    for chunk in chunks(refs):
        for ref, target in tx.execute(select.where(among(_l.from_ref, chunk))):
            found.setdefault(ref, set()).add(target)
    return found


def keys_of(tx: Tx, ids: Collection[int]) -> dict[int, RecordKey]:
    """Return the keys of source records."""
    found: dict[int, RecordKey] = {}
    for chunk in chunks(ids):
        select = sa.select(_r.id, _r.connection, _r.stream, _r.key).where(among(_r.id, chunk))
        found |= {
            row.id: RecordKey(row.connection, row.stream, row.key) for row in tx.execute(select)
        }
    return found


def all_versions(tx: Tx) -> Iterator[list[Row]]:
    """Yield every version of every source record, some thousand records at a time.

    Rows: (id, connection, stream, key, version, payload), by id, oldest version first.
    """
    after = 0
    while True:
        last = (
            sa.select(_r.id).where(_r.id > after).order_by(_r.id).limit(WINDOW).subquery("window")
        )
        end = tx.execute(sa.select(sa.func.max(last.c.id))).scalar()
        if end is None:
            return
        select = sa.select(_r.id, _r.connection, _r.stream, _r.key, _v.version, _v.payload)
        here = select.join(source_versions, _v.record_id == _r.id).where(
            _r.id > after, _r.id <= end
        )
        yield list(tx.execute(here.order_by(_r.id, _v.version)))
        after = end


def payloads_of(tx: Tx, ids: Collection[int]) -> list[Row]:
    """Return every version of these source records: connection, stream, key, payload."""
    found: list[Row] = []
    select = sa.select(_r.connection, _r.stream, _r.key, _v.payload).join(
        source_versions, _v.record_id == _r.id
    )
    for chunk in chunks(ids):
        found += tx.execute(select.where(among(_r.id, chunk)).order_by(_r.id, _v.version))
    return found


def remove_records(tx: Tx, ids: Collection[int]) -> int:
    """Remove source records, every version; nothing may be made of them any more."""
    versions = 0
    for chunk in chunks(ids):
        tx.execute(sa.delete(kept_records).where(among(kept_records.c.record_id, chunk)))
        versions += tx.execute(
            sa.delete(source_versions).where(among(_v.record_id, chunk))
        ).rowcount
        tx.execute(sa.delete(source_records).where(among(_r.id, chunk)))
    return versions


def rewrite(tx: Tx, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write versions anew. Rows: one, nth, text, digest; the newest one's digest is the head's."""
    if not rows:
        return
    tx.execute(
        sa.update(source_versions)
        .where(_v.record_id == sa.bindparam("one"), _v.version == sa.bindparam("nth"))
        .values(payload=sa.bindparam("text"), hash=sa.bindparam("digest")),
        list(rows),
    )
    tx.execute(
        sa.update(source_records)
        .where(_r.id == sa.bindparam("one"), _r.version == sa.bindparam("nth"))
        .values(hash=sa.bindparam("digest")),
        [{name: row[name] for name in ("one", "nth", "digest")} for row in rows],
    )


def wait_for_pages(tx: Tx) -> None:
    """Let pages that are being stored be committed first; those that follow see what stands now.

    Each page renews its connection's lease in its own transaction. SQLite has one writer anyway.
    """
    if tx.dialect.name == "postgresql":
        syncs = sa.select(leases.c.name).where(leases.c.name.like("sync:%"))
        tx.execute(syncs.order_by(leases.c.name).with_for_update())


def forget_beside(tx: Tx, keys: Collection[RecordKey]) -> dict[str, int]:
    """Remove what was kept beside these records: hints, positions of their children, pages."""
    counts = {"hints": 0, "positions": 0, "known pages": 0}
    by_stream: dict[tuple[str, str], list[str]] = {}
    for key in keys:
        by_stream.setdefault((key.connection, key.stream), []).append(key.key)
    p, h = checkpoints.c, hints.c
    for (connection, stream), named in sorted(by_stream.items()):
        for chunk in chunks(named):
            told = (h.connection == connection, h.stream == stream, among(h.key, chunk))
            counts["hints"] += tx.execute(sa.delete(hints).where(*told)).rowcount
            below = (p.connection == connection, among(p.partition, chunk))
            counts["positions"] += tx.execute(sa.delete(checkpoints).where(*below)).rowcount
        counts["known pages"] += forget_pages(tx, connection, stream)
    return counts


def forget_pages(tx: Tx, connection: str, stream: str) -> int:
    """Let no page of a stream be known by its bytes; return how many were."""
    k = known_pages.c
    page = (k.connection == connection, k.stream == stream)
    return tx.execute(sa.delete(known_pages).where(*page)).rowcount


def forget_all_pages(tx: Tx) -> None:
    """Let every page be read the next time it comes."""
    tx.execute(sa.delete(known_pages))


def quarantined(tx: Tx) -> Iterator[Row]:
    """Yield what stands or stood in quarantine: (id, connection, stream, key, raw)."""
    q = quarantine.c
    select = sa.select(q.id, q.connection, q.stream, q.key, q.raw)
    yield from tx.execute(select.order_by(q.id)).all()


def remove_quarantined(tx: Tx, ids: Iterable[int]) -> int:
    """Remove entries of the quarantine."""
    return sum(
        tx.execute(sa.delete(quarantine).where(among(quarantine.c.id, chunk))).rowcount
        for chunk in chunks(ids)
    )


def forget_words_on(tx: Tx, refs: Collection[str], ids: Collection[str]) -> dict[str, int]:
    """Remove people's words on these records, and the history of whom they stood for."""
    counts = {"judgements": 0, "link decisions": 0, "crosswalk history": 0}
    j, d = judgements.c, link_decisions.c
    for chunk in chunks(refs):
        said = sa.or_(among(j.left_ref, chunk), among(j.right_ref, chunk))
        counts["judgements"] += tx.execute(sa.delete(judgements).where(said)).rowcount
        decided = sa.or_(among(d.from_ref, chunk), among(d.target_ref, chunk))
        counts["link decisions"] += tx.execute(sa.delete(link_decisions).where(decided)).rowcount
        stood = among(_h.ref, chunk)
        counts["crosswalk history"] += tx.execute(
            sa.delete(crosswalk_history).where(stood)
        ).rowcount
    for chunk in chunks(ids):
        was = among(_h.entity_id, chunk)
        counts["crosswalk history"] += tx.execute(sa.delete(crosswalk_history).where(was)).rowcount
    return counts
