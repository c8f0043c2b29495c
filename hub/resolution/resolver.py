"""The phases of resolution: the same pure calls in a batch over all and in an increment.

A store keeps, per kind: each record's profile id and profile (by id), the tokens of each profile,
how many distinct profiles hold a token, and the edges. One increment walks:

1. `imprint` of every changed record: its profile id and tokens. Records that say the same share
   one profile; a profile lives as long as a record has it.
2. Old and new holder counts of the tokens of profiles that came or went. `stale_tokens` names
   those whose coarse step changed: their holders are worked on again, with the new profiles.
   Where `same_population` is false (the base doubled), all profiles are.
3. Per profile to work on: drop its edges, `propose` partners from the inverted index.
4. `score` the pairs, and each profile with itself: edges to store.
5. The components that are touched (profiles linked by edges of at least `model.link` bits and
   judgements "same", as they were before and as they are now): `partition` them.
6. `lasting.assign` ids.

Every answer is a function of the set of profiles, the model and the judgements.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from hub.model.resolution import Edge, Judgement, Merge, Profile
from hub.resolution.align import TRADE_BITS
from hub.resolution.candidates import MOST_HOLDERS, proposed
from hub.resolution.company import TRADE_WORDS
from hub.resolution.division import Member, divide
from hub.resolution.facets import facets_of
from hub.resolution.frame import frame_of
from hub.resolution.groups import Links
from hub.resolution.model import Model
from hub.resolution.scoring import pair_bits
from hub.resolution.tokens import (
    MEETS,
    Counts,
    size_step,
    step,
    token_hash,
    tokens_of_facets,
    use_of,
)


@dataclass(frozen=True, slots=True)
class Imprint:
    """What a store indexes of a profile. tokens: hashes, ascending, distinct.

    exclusive: values of which an entity has one only; kept for `partition`.
    """

    profile_id: int
    tokens: tuple[int, ...]
    exclusive: frozenset[str]


def imprint(profile: Profile, model: Model) -> Imprint:
    """Return a profile's id, token hashes and exclusive values."""
    facets = facets_of(profile)
    hashes = sorted({token_hash(token) for token in tokens_of_facets(facets)})
    return Imprint(profile.id, tuple(hashes), exclusive_of(facets, model))


def exclusive_of(facets: Mapping[str, tuple[str, ...]], model: Model) -> frozenset[str]:
    """Return the values of the facets that a model lets differ in no entity."""
    return frozenset(
        f"{facet}:{value}" for facet in model.vetoes for value in facets.get(facet, ())
    )


def stale_tokens(
    before: Mapping[int, int], after: Mapping[int, int], *, population: int
) -> set[int]:
    """Return the tokens whose weight changes where counts go from `before` to `after`.

    Both map token hashes to holders (0 where absent). The holders of these are worked on again;
    of a token whose count crosses `MOST_HOLDERS`, too. population: of distinct profiles.
    """
    size = size_step(population)
    return {
        token
        for token in before.keys() | after.keys()
        if (was := before.get(token, 0)) != (now := after.get(token, 0))
        and _crosses(was, now)
        and _weight_class(token, was, size) != _weight_class(token, now, size)
    }


def _crosses(was: int, now: int) -> bool:
    """Return whether there may be another weight: few counts move past a power of two."""
    return was.bit_length() != now.bit_length() or (was > MOST_HOLDERS) != (now > MOST_HOLDERS)


def _weight_class(token: int, count: int, size: int) -> tuple[int, bool]:
    if count <= MOST_HOLDERS:
        return step(count), False
    if use_of(token) == MEETS or (token in _trades() and size - step(count) >= TRADE_BITS):
        return 0, True
    return step(count), True


@cache
def _trades() -> frozenset[int]:
    """Return the tokens of which no comparison hears more than `TRADE_BITS`."""
    return frozenset([token_hash(f"w:{word}") for word in TRADE_WORDS])


def same_population(before: int, after: int) -> bool:
    """Return whether a base of that many distinct profiles weighs tokens as it did."""
    return size_step(before) == size_step(after)


def propose(
    profile: Profile,
    holders: Mapping[int, Sequence[int]],
    counts: Mapping[int, int],
    *,
    population: int,
    model: Model,
) -> list[int]:
    """Return the ids of the profiles worth comparing with one, ascending.

    holders: token hash -> ids of the profiles that hold it; tokens with more than MOST_HOLDERS
    need not be there. counts: token hash -> number of holders, of all tokens of the profile.
    """
    tokens = {token: token_hash(token) for token in tokens_of_facets(facets_of(profile))}
    return proposed(
        profile.id,
        list(tokens),
        {token: holders.get(number, ()) for token, number in tokens.items()},
        {token: counts.get(number, 0) for token, number in tokens.items()},
        population=population,
        propose=model.propose,
    )


def score(
    profiles: Mapping[int, Profile], pairs: Iterable[tuple[int, int]], counts: Counts, model: Model
) -> list[Edge]:
    """Return the edges of the pairs (profile ids) that reach `model.keep` bits, ascending.

    A pair of a profile with itself tells what its records that say the same have in common.
    """
    wanted = sorted({(min(pair), max(pair)) for pair in pairs})
    ids = sorted({profile_id for pair in wanted for profile_id in pair})
    position = {profile_id: at for at, profile_id in enumerate(ids)}
    frame = frame_of([facets_of(profiles[profile_id]) for profile_id in ids], counts)
    sides = np.array([(position[a], position[b]) for a, b in wanted], dtype=np.int64).reshape(-1, 2)
    bits = pair_bits(model, frame, sides[:, 0], sides[:, 1])
    return [
        Edge(a, b, float(got))
        for (a, b), got in zip(wanted, bits, strict=True)
        if got >= model.keep
    ]


@dataclass(frozen=True, slots=True)
class Partition:
    """Clusters of refs (each sorted, sorted by first ref) and how they came about.

    edges: what was handed in with the bits that remain once rivals are heard. These decide;
    between `model.review` and `model.merge` they wait for a person.
    """

    clusters: tuple[tuple[str, ...], ...]
    merges: tuple[Merge, ...] = ()
    edges: tuple[Edge, ...] = ()


def partition(
    members: Iterable[Member], edges: Iterable[Edge], judgements: Iterable[Judgement], model: Model
) -> Partition:
    """Return the clusters of whole components: profiles, all edges among them, judgements on them.

    Records that say the same are one knot if the profile would recognise itself (`itself` at
    least `model.merge`); if not, they stand alone, and their edges join nobody. A record that a
    judgement names stands for itself.
    """
    known, pairs, links = placed(members, edges)
    found, merges, final = divide(known, links, judgements, model)
    heard = (Edge(a, b, got) for (a, b, _), got in zip(pairs, final.tolist(), strict=True))
    return Partition(tuple(found), tuple(merges), tuple(heard))


def placed(
    members: Iterable[Member], edges: Iterable[Edge]
) -> tuple[list[Member], list[tuple[int, int, float]], Links]:
    """Return members by profile id, the edges between different ones, and these by position."""
    known = sorted(members, key=lambda each: each.profile_id)
    position = {each.profile_id: at for at, each in enumerate(known)}
    pairs = sorted((each.left, each.right, each.bits) for each in edges if each.left != each.right)
    left = np.array([position[a] for a, _, _ in pairs], dtype=np.int64)
    right = np.array([position[b] for _, b, _ in pairs], dtype=np.int64)
    bits = np.array([got for _, _, got in pairs], dtype=np.float64)
    return known, pairs, Links(left, right, bits)
