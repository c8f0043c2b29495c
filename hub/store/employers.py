"""Names of the companies that records belong to, as all records of those companies state them."""

from collections.abc import Collection, Iterable, Iterator

import msgspec
import sqlalchemy as sa

from hub.store.canonical import referrers
from hub.store.database import Tx, chunks, listed
from hub.store.prepared import Prepared
from hub.store.tables import (
    canonical_records,
    canonical_refs,
    crosswalk,
    profile_records,
    profiles,
)

MOST = 2
"""Names of a company that are told besides the one that the record itself knows.

All who belong to a company are told the same ones, and few, so that a ticket that spells its name
in a way of its own changes nobody else.
"""
BELONG = ("person", "project")
"""Kinds that are told whose they are."""

_r, _c, _x = canonical_refs.c, canonical_records.c, crosswalk.c
_ORGANIZATION = sa.literal("organization")
_referred_to = Prepared(
    sa.select(_r.from_ref, _c.title, _x.entity_id)
    .join(canonical_records, _c.ref == _r.target_ref)
    .join(crosswalk, _x.ref == _r.target_ref, isouter=True)
    .where(listed(_r.from_ref, "refs"), _r.role == _ORGANIZATION)
)
_stated = Prepared(
    sa.select(_x.entity_id, _x.ref, _c.title)
    .join(canonical_records, _c.ref == _x.ref)
    .where(listed(_x.entity_id, "ids"), _c.title.is_not(None))
)
_members = Prepared(sa.select(_x.ref).where(listed(_x.entity_id, "ids")))
_features = Prepared(
    sa.select(profile_records.c.ref, profiles.c.features)
    .join(profiles, profiles.c.id == profile_records.c.profile_id)
    .where(listed(profile_records.c.ref, "refs"))
)


class _Told(msgspec.Struct):
    org_name: frozenset[str] = frozenset()


_told = msgspec.json.Decoder(_Told)


def names(tx: Tx, refs: Iterable[str]) -> dict[str, set[str]]:
    """Return the names of the organizations that each record refers to, and the first `MOST` of
    each entity that those stand for."""
    rows = [row for chunk in chunks(refs) for row in _referred_to(tx, refs=chunk)]
    of_entity = _of_entities(tx, {entity for _, _, entity in rows if entity})
    found: dict[str, set[str]] = {}
    for ref, title, entity in rows:
        if told := {name for name in (title, *of_entity.get(entity, ())) if name}:
            found.setdefault(ref, set()).update(told)
    return found


def outdated(tx: Tx, entities: Collection[str]) -> Iterator[str]:
    """Yield the records that belong to these organizations (entities) and were told otherwise."""
    members = [ref for some in chunks(entities) for (ref,) in _members(tx, ids=some)]
    belonging = referrers(tx, members)
    for chunk in chunks(ref for ref, kind in belonging.items() if kind in BELONG):
        now = names(tx, chunk)
        for ref, features in _features(tx, refs=chunk):
            if _told.decode(features).org_name != now.get(ref, set()):
                yield ref


def _of_entities(tx: Tx, entities: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Return the first names of each entity: those of records of its own before those of mentions,
    then by ref."""
    stated: dict[str, list[tuple[bool, str, str]]] = {}
    for chunk in chunks(entities):
        for entity, ref, title in _stated(tx, ids=chunk):
            stated.setdefault(entity, []).append(("#" in ref, ref, title))
    return {
        entity: tuple(dict.fromkeys(title for _, _, title in sorted(rows)))[:MOST]
        for entity, rows in stated.items()
    }
