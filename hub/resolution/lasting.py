"""Lasting ids: which entity id a cluster keeps when records come, go, join and part."""

from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b

from hub.model.resolution import Assignment, EntityEvent

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_TWO_LETTERS = [one + other for one in _CROCKFORD for other in _CROCKFORD]


def entity_id(ref: str, first_seen_ms: int, salt: int = 0, *, realm: str = "") -> str:
    """Return the ULID of the entity whose oldest record is `ref`: its time, then a hash of the ref.

    first_seen_ms: Unix time in milliseconds. salt: next number where the id is already taken.
    realm: what else begins with records and must not be called as an entity is.
    """
    seed = f"{ref}\x00{salt}" if salt else ref
    seed = f"{realm}\x00{seed}" if realm else seed
    chance = int.from_bytes(
        blake2b(seed.encode("utf-8", "surrogatepass"), digest_size=10).digest(), "big"
    )
    number = (max(0, first_seen_ms) & (1 << 48) - 1) << 80 | chance
    return "".join([_TWO_LETTERS[number >> shift & 1023] for shift in range(120, -1, -10)])


def assign(
    clusters: Iterable[Sequence[str]],
    *,
    before: Mapping[str, str],
    first_seen_ms: Mapping[str, int],
    created: Mapping[str, str] | None = None,
    taken: frozenset[str] = frozenset(),
    realm: str = "",
) -> Assignment:
    """Return the entity of every record of the clusters, and what that changed.

    clusters: the new partition of a neighbourhood, which must hold every living record of each
    entity in `before`. before: the neighbourhood's old crosswalk, deleted records included, so
    that an entity without records is reported as emptied. first_seen_ms: of every record in
    `clusters`. taken: ids used before by anyone, which a new entity must not receive (redirected
    ones too). realm: see `entity_id`.

    Of a split, the part with most records keeps the id, then the one with the oldest record. Of a
    merge, the entity that was created first survives, then the smaller ULID; the others redirect
    to it. created: when each entity in `before` was, as text that sorts.
    """
    ordered = _oldest_first(clusters, first_seen_ms)
    heirs = _heirs(ordered, before, first_seen_ms)
    carried = _carried(heirs, created or {})
    used = set(taken) | set(before.values())
    entity_of: dict[str, str] = {}
    redirects: dict[str, str] = {}
    events: list[EntityEvent] = []
    for at, refs in enumerate(ordered):
        inherited = carried.get(at, ())
        origins = tuple(sorted({before[ref] for ref in refs if ref in before}))
        kept = inherited[0] if inherited else _new_id(refs[0], first_seen_ms[refs[0]], used, realm)
        used.add(kept)
        entity_of.update(dict.fromkeys(refs, kept))
        redirects.update(dict.fromkeys(inherited[1:], kept))
        events += _events(kept, inherited, origins)
    emptied = sorted(set(before.values()) - set(heirs))
    events += [EntityEvent("emptied", entity) for entity in emptied]
    return Assignment(entity_of, tuple(events), redirects)


def _oldest_first(clusters: Iterable[Sequence[str]], seen: Mapping[str, int]) -> list[list[str]]:
    ordered = [sorted(refs, key=lambda ref: (seen[ref], ref)) for refs in clusters]
    return sorted(ordered, key=lambda refs: (seen[refs[0]], refs[0]))


def _heirs(
    ordered: Sequence[Sequence[str]], before: Mapping[str, str], seen: Mapping[str, int]
) -> dict[str, int]:
    """Return for each old entity that still has records the cluster that carries it on."""
    claims: dict[str, dict[int, list[str]]] = {}
    for at, refs in enumerate(ordered):
        for ref in refs:
            if ref in before:
                claims.setdefault(before[ref], {}).setdefault(at, []).append(ref)
    return {
        entity: min(parts, key=lambda at: (-len(parts[at]), min((seen[r], r) for r in parts[at])))
        for entity, parts in claims.items()
    }


def _carried(heirs: Mapping[str, int], created: Mapping[str, str]) -> dict[int, list[str]]:
    """Return for each cluster the old entities it carries on, the one that survives first."""
    found: dict[int, list[str]] = {}
    for entity in sorted(heirs, key=lambda entity: (created.get(entity, ""), entity)):
        found.setdefault(heirs[entity], []).append(entity)
    return found


def _new_id(ref: str, first_seen_ms: int, used: set[str], realm: str) -> str:
    salt = 0
    while (found := entity_id(ref, first_seen_ms, salt, realm=realm)) in used:
        salt += 1
    return found


def _events(kept: str, inherited: Sequence[str], origins: tuple[str, ...]) -> list[EntityEvent]:
    if not inherited:
        if origins:
            return [EntityEvent("split", kept, origins)]
        return [EntityEvent("created", kept)]
    return [EntityEvent("merged", kept, tuple(inherited[1:]))] if len(inherited) > 1 else []
