"""The index of resolution: profiles, who has them, and the edges between them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import msgspec
import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from hub.model.resolution import Edge, Profile
from hub.store.database import Tx, listed, upsert
from hub.store.prepared import Prepared
from hub.store.tables import (
    canonical_records,
    edges,
    profile_records,
    profiles,
    resolution_bases,
)

Numbers = NDArray[np.int64]
Facets = Mapping[str, tuple[str, ...]]

_values = msgspec.json.Decoder(dict[str, tuple[str, ...]])
_texts = msgspec.json.Decoder(tuple[str, ...])
_encode = msgspec.json.encode


# --- what all of a kind was scored with -----------------------------------------------------------

_b = resolution_bases.c
_base = Prepared(
    sa.select(_b.model, _b.profiles, _b.edition).where(_b.kind == sa.bindparam("kind"))
)
_bases = Prepared(sa.select(_b.kind, _b.model, _b.profiles, _b.edition))


class Base(NamedTuple):
    """The model and edition of tokens all profiles of a kind were last scored with, and how many
    there are."""

    model: str = ""
    profiles: int = 0
    edition: int = 0


def base(tx: Tx, kind: str) -> Base:
    """Return what all of a kind was last scored with."""
    rows = _base(tx, kind=kind)
    return Base(*rows[0]) if rows else Base()


def bases(tx: Tx) -> dict[str, Base]:
    """Return the same of each kind that was scored."""
    return {kind: Base(*told) for kind, *told in _bases(tx)}


def save_base(tx: Tx, kind: str, now: Base) -> None:
    """Note what all profiles of a kind are scored with."""
    upsert(tx, resolution_bases, [{"kind": kind, **now._asdict()}])


# --- who has which profile ------------------------------------------------------------------------

_r = profile_records.c
_of_records = Prepared(
    sa.select(_r.ref, _r.profile_id).where(listed(_r.ref, "refs"), _r.kind == sa.bindparam("kind"))
)
_kinds = Prepared(sa.select(_r.ref, _r.kind).where(listed(_r.ref, "refs")))
_records_of = Prepared(
    sa.select(_r.profile_id, _r.ref).where(listed(_r.profile_id, "ids")).order_by(_r.ref)
)
_records_of_kind = Prepared(
    sa.select(_r.profile_id, _r.ref).where(_r.kind == sa.bindparam("kind")).order_by(_r.ref)
)
_unassign = Prepared(
    sa.delete(profile_records).where(listed(_r.ref, "refs"), _r.kind == sa.bindparam("kind"))
)


def of_records(tx: Tx, kind: str, refs: Iterable[str]) -> dict[str, int]:
    """Return the profile id of each record that has one of this kind."""
    refs = list(refs)
    return dict(_of_records(tx, refs=refs, kind=kind)) if refs else {}


def records_of(tx: Tx, ids: Iterable[int]) -> dict[int, list[str]]:
    """Return the records of each profile, sorted."""
    ids = list(ids)
    return _gathered(_records_of(tx, ids=ids)) if ids else {}


def records_of_kind(tx: Tx, kind: str) -> dict[int, list[str]]:
    """Return the records of each profile of a kind, sorted."""
    return _gathered(_records_of_kind(tx, kind=kind))


def kinds(tx: Tx, refs: Iterable[str]) -> dict[str, str]:
    """Return the kind of the profile of each record that has one."""
    refs = list(refs)
    return dict(_kinds(tx, refs=refs)) if refs else {}


def gone(tx: Tx, kind: str) -> set[str]:
    """Return records that have a profile of this kind and are none any more: they wait to be let
    go."""
    c = canonical_records.c
    there = sa.exists().where(c.ref == _r.ref, c.kind == kind)
    return set(tx.execute(sa.select(_r.ref).where(_r.kind == kind, ~there)).scalars())


def _gathered(rows: Iterable[tuple[Any, ...]]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for one, ref in rows:
        found.setdefault(one, []).append(ref)
    return found


def assign(tx: Tx, kind: str, ids: Mapping[str, int]) -> None:
    """Say which profile each record has now."""
    rows = [{"ref": ref, "kind": kind, "profile_id": one} for ref, one in ids.items()]
    upsert(tx, profile_records, rows)


def unassign(tx: Tx, kind: str, refs: Collection[str]) -> None:
    """Forget records that are none of this kind any more."""
    if refs:
        _unassign(tx, refs=refs, kind=kind)


# --- profiles -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Indexed:
    """What is stored of a profile. tokens: ascending, distinct; itself: its bits with itself."""

    features: Facets
    facets: Facets
    tokens: Sequence[int]
    exclusive: Collection[str]
    itself: float = 0.0


_p = profiles.c
_load = Prepared(sa.select(_p.id, _p.kind, _p.features).where(listed(_p.id, "ids")))
_read = Prepared(sa.select(_p.id, _p.facets, _p.tokens).where(listed(_p.id, "ids")))
_facets_of = Prepared(sa.select(_p.id, _p.facets).where(listed(_p.id, "ids")))
_tokens_of = Prepared(sa.select(_p.id, _p.tokens).where(listed(_p.id, "ids")))
_members = Prepared(sa.select(_p.id, _p.itself, _p.exclusive).where(listed(_p.id, "ids")))
_everything = Prepared(
    sa.select(_p.id, _p.facets, _p.tokens).where(_p.kind == sa.bindparam("kind")).order_by(_p.id)
)
_save_itself = Prepared(
    sa.update(profiles).where(_p.id == sa.bindparam("one")).values(itself=sa.bindparam("bits"))
)
_ids_of_kind = Prepared(
    sa.select(_p.id)
    .where(_p.kind == sa.bindparam("kind"), _p.id > sa.bindparam("after"))
    .order_by(_p.id)
    .limit(sa.bindparam("limit", type_=sa.Integer))
)
_save_read = Prepared(
    sa.update(profiles)
    .where(_p.id == sa.bindparam("one"))
    .values({name: sa.bindparam(f"new_{name}") for name in ("facets", "tokens", "exclusive")})
)
_exclusive_of_kind = Prepared(sa.select(_p.id, _p.exclusive).where(_p.kind == sa.bindparam("kind")))
_save_exclusive = Prepared(
    sa.update(profiles)
    .where(_p.id == sa.bindparam("one"))
    .values(exclusive=sa.bindparam("new_exclusive"))
)
_drop_profiles = Prepared(sa.delete(profiles).where(listed(_p.id, "ids")))


def add(tx: Tx, kind: str, new: Mapping[int, Indexed]) -> None:
    """Store profiles; `holders.save` stores who holds which token."""
    rows = [
        {
            "id": one,
            "kind": kind,
            "features": _encode(each.features).decode(),
            **_read_of(each),
            "itself": each.itself,
        }
        for one, each in sorted(new.items())
    ]
    upsert(tx, profiles, rows)


def of_kind(tx: Tx, kind: str, *, after: int, limit: int) -> list[int]:
    """Return up to `limit` ids of profiles of a kind above `after`, ascending."""
    return [row[0] for row in _ids_of_kind(tx, kind=kind, after=after, limit=limit)]


def read_again(tx: Tx, new: Mapping[int, Indexed]) -> None:
    """Store what is read out of the features of profiles that stand."""
    read = {one: _read_of(each) for one, each in new.items()}
    rows = ({f"new_{name}": value for name, value in row.items()} for row in read.values())
    _save_read.many(tx, [{"one": one, **row} for one, row in zip(read, rows, strict=True)])


def _read_of(each: Indexed) -> dict[str, Any]:
    return {
        "facets": _encode(each.facets).decode(),
        "tokens": np.array(each.tokens, dtype="<i8").tobytes(),
        "exclusive": _encode(sorted(each.exclusive)).decode(),
    }


def drop(tx: Tx, ids: Collection[int]) -> list[Edge]:
    """Remove profiles nobody has any more; return the edges they had.

    `holders.save` is for what they held.
    """
    if not ids:
        return []
    _drop_profiles(tx, ids=ids)
    return drop_edges(tx, ids)


def load(tx: Tx, ids: Iterable[int]) -> dict[int, Profile]:
    """Return profiles by id; their ref is the id, since several records may have one."""
    ids = list(ids)
    rows = _load(tx, ids=ids) if ids else []
    return {one: Profile(str(one), kind, "", _values.decode(text)) for one, kind, text in rows}


def read(tx: Tx, ids: Iterable[int]) -> tuple[dict[int, Facets], list[Numbers]]:
    """Return the facets of each profile, and the tokens of all of them."""
    ids = list(ids)
    rows = _read(tx, ids=ids) if ids else []
    facets: dict[int, Facets] = {one: _values.decode(text) for one, text, _ in rows}
    return facets, [np.frombuffer(packed, dtype="<i8") for _, _, packed in rows]


def facets_of(tx: Tx, ids: Iterable[int]) -> dict[int, Facets]:
    """Return the facets of each profile."""
    ids = list(ids)
    rows = _facets_of(tx, ids=ids) if ids else []
    return {one: _values.decode(text) for one, text in rows}


def tokens_of(tx: Tx, ids: Iterable[int]) -> dict[int, list[int]]:
    """Return the tokens of each profile, ascending."""
    return {one: numbers.tolist() for one, numbers in token_numbers_of(tx, ids).items()}


def token_numbers_of(tx: Tx, ids: Iterable[int]) -> dict[int, Numbers]:
    """Return the tokens of each profile, ascending, in the order of the profiles' ids."""
    ids = list(ids)
    rows = sorted(_tokens_of(tx, ids=ids)) if ids else []
    return {one: np.frombuffer(packed, dtype="<i8") for one, packed in rows}


def everything(tx: Tx, kind: str) -> tuple[list[int], list[Facets], list[Numbers]]:
    """Return the ids, facets and tokens of all profiles of a kind, by id."""
    rows = _everything(tx, kind=kind)
    return (
        [row[0] for row in rows],
        [_values.decode(row[1]) for row in rows],
        [np.frombuffer(row[2], dtype="<i8") for row in rows],
    )


def members(tx: Tx, ids: Iterable[int]) -> dict[int, tuple[float, tuple[str, ...]]]:
    """Return of each profile its bits with itself and its exclusive values."""
    ids = list(ids)
    rows = _members(tx, ids=ids) if ids else []
    return {one: (itself, _texts.decode(exclusive)) for one, itself, exclusive in rows}


def exclusive_of_kind(tx: Tx, kind: str) -> dict[int, frozenset[str]]:
    """Return the exclusive values of all profiles of a kind."""
    rows = _exclusive_of_kind(tx, kind=kind)
    return {one: frozenset(_texts.decode(text)) for one, text in rows}


def save_exclusive(tx: Tx, values: Mapping[int, Collection[str]]) -> None:
    """Store the exclusive values of each profile."""
    rows = [(one, _encode(sorted(own)).decode()) for one, own in values.items()]
    _save_exclusive.many(tx, [{"one": one, "new_exclusive": text} for one, text in rows])


def save_itself(tx: Tx, bits: Mapping[int, float]) -> None:
    """Store the bits of each profile with itself."""
    _save_itself.many(tx, [{"one": one, "bits": value} for one, value in bits.items()])


# --- edges ----------------------------------------------------------------------------------------

_e = edges.c
_edge = (_e.left_id, _e.right_id, _e.bits)
_edges_of = Prepared(
    sa.union_all(
        sa.select(*_edge).where(listed(_e.left_id, "ids"), _e.bits >= sa.bindparam("least")),
        sa.select(*_edge).where(listed(_e.right_id, "ids"), _e.bits >= sa.bindparam("least")),
    )
)
_DROP_SIDES = [
    Prepared(sa.delete(edges).where(listed(side, "ids")).returning(*_edge))
    for side in (_e.left_id, _e.right_id)
]
_drop_pair = Prepared(
    sa.delete(edges).where(_e.left_id == sa.bindparam("left"), _e.right_id == sa.bindparam("right"))
)


def drop_edges(tx: Tx, ids: Collection[int]) -> list[Edge]:
    """Remove every edge of these profiles, and return those."""
    return [Edge(*row) for drop_side in _DROP_SIDES for row in drop_side(tx, ids=ids)]


def drop_pairs(tx: Tx, pairs: Iterable[tuple[int, int]]) -> None:
    """Remove the edges between these profiles (left < right)."""
    _drop_pair.many(tx, [{"left": left, "right": right} for left, right in pairs])


def drop_all_edges(tx: Tx, kind: str) -> None:
    """Remove every edge of a kind."""
    tx.execute(sa.delete(edges).where(edges.c.kind == kind))


def save_edges(tx: Tx, kind: str, found: Iterable[Edge]) -> None:
    """Store edges between different profiles."""
    rows: list[dict[str, Any]] = [
        {"left_id": edge.left, "right_id": edge.right, "kind": kind, "bits": edge.bits}
        for edge in found
        if edge.left != edge.right
    ]
    upsert(tx, edges, rows)


_AT_ONCE = 50_000


def save_edge_columns(
    tx: Tx, kind: str, left: Numbers, right: Numbers, bits: NDArray[np.float64]
) -> None:
    """Store edges given as columns, the smaller id left."""
    order = np.lexsort((right, left))
    for start in range(0, len(order), _AT_ONCE):
        at = order[start : start + _AT_ONCE]
        rows = zip(left[at].tolist(), right[at].tolist(), bits[at].tolist(), strict=True)
        upsert(
            tx,
            edges,
            [{"left_id": a, "right_id": b, "kind": kind, "bits": got} for a, b, got in rows],
        )


def edges_of(tx: Tx, ids: Iterable[int], at_least: float) -> list[Edge]:
    """Return the edges with these profiles on either side that have that many bits."""
    ids = list(ids)
    rows = set(_edges_of(tx, ids=ids, least=at_least)) if ids else set()
    return [Edge(left, right, bits) for left, right, bits in sorted(rows)]
