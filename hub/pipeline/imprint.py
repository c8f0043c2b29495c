"""Stores what changed records say now, and counts who holds which token."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

import msgspec
import numpy as np

from hub.model.resolution import Profile
from hub.pipeline.profiles import profile_of
from hub.pipeline.review import items as review_items
from hub.resolution import resolver
from hub.resolution.candidates import MOST_HOLDERS
from hub.resolution.facets import facets_of
from hub.resolution.model import Model
from hub.resolution.tokens import token_hash, tokens_of_facets
from hub.store import canonical, holders, work
from hub.store import profiles as index
from hub.store.database import Tx
from hub.store.profiles import Indexed

_fields = msgspec.json.Decoder(dict)


@dataclass(slots=True)
class Imprint:
    """What changed records of one kind changed in the index.

    touched: profiles whose records or neighbours changed. gone: refs that are no record of the
    kind any more. new: profiles that nobody had before. held: holders now, of the tokens of
    profiles that came or went; stale: those of them that weigh something else now.
    """

    touched: set[int] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    new: dict[int, Indexed] = field(default_factory=dict)
    held: dict[int, int] = field(default_factory=dict)
    stale: set[int] = field(default_factory=set)
    model_before: str = ""
    population_before: int = 0
    population: int = 0


def imprint(tx: Tx, kind: str, model: Model, refs: Sequence[str]) -> Imprint:
    """Store the profiles of records that are due; see `Imprint` for what that changed.

    The rows of the new profiles are left to whoever knows their bits with themselves.
    """
    old = index.of_records(tx, kind, refs)
    told = _profiles(tx, kind, refs)
    ids = {ref: profile.id for ref, profile in told.items()}
    done = Imprint(touched=set(ids.values()) | set(old.values()))
    done.gone = {ref for ref in refs if ref not in told}
    index.unassign(tx, kind, done.gone)
    index.assign(tx, kind, {ref: one for ref, one in ids.items() if old.get(ref) != one})
    by_id = {profile.id: profile for profile in told.values()}
    fresh = by_id.keys() - set(old.values())
    fresh -= index.known(tx, fresh)
    done.new = {one: _indexed(by_id[one], model) for one in sorted(fresh)}
    left = {one for ref, one in old.items() if ids.get(ref) != one}
    lost = left - index.records_of(tx, left).keys()
    held = index.tokens_of(tx, lost)
    before = _count(tx, kind, done, held)
    _drop(tx, kind, model, done, lost)
    _list(tx, kind, done, held, before)
    return done


def _profiles(tx: Tx, kind: str, refs: Sequence[str]) -> dict[str, Profile]:
    if kind == "organization":
        employers, contacts = {}, canonical.contacts_of(tx, refs)
    else:
        employers, contacts = canonical.names_referred_to(tx, refs, "organization"), {}
    return {
        ref: profile_of(
            ref,
            kind,
            connection,
            _fields.decode(fields),
            employers.get(ref, ()),
            [_fields.decode(each) for each in contacts.get(ref, ())],
        )
        for ref, now, connection, fields in canonical.told(tx, refs)
        if now == kind
    }


def _indexed(profile: Profile, model: Model) -> Indexed:
    facets = facets_of(profile)
    tokens = sorted({token_hash(token) for token in tokens_of_facets(facets)})
    return Indexed(profile.features, facets, tokens, resolver.exclusive_of(facets, model))


def _count(tx: Tx, kind: str, done: Imprint, lost: Mapping[int, Sequence[int]]) -> dict[int, int]:
    """Count who holds the tokens of profiles that came or went; return how many did before."""
    moves = Counter(token for each in done.new.values() for token in each.tokens)
    moves.subtract(token for own in lost.values() for token in own)
    before = holders.counts(tx, kind, moves)
    done.held = {token: before.get(token, 0) + by for token, by in moves.items()}
    holders.save_counts(tx, kind, {token: done.held[token] for token, by in moves.items() if by})
    done.stale = resolver.stale_tokens({t: before.get(t, 0) for t in done.held}, done.held)
    done.model_before, done.population_before = index.base(tx, kind)
    done.population = done.population_before + len(done.new) - len(lost)
    return before


def _list(
    tx: Tx,
    kind: str,
    done: Imprint,
    lost: Mapping[int, Sequence[int]],
    before: Mapping[int, int],
) -> None:
    """Store who holds those tokens that propose somebody: most tokens of a record are generic."""
    few = {token for token, count in done.held.items() if count <= MOST_HOLDERS}
    generic = {
        token for token in done.held.keys() - few if 0 < before.get(token, 0) <= MOST_HOLDERS
    }
    holders.unlist(tx, kind, generic)
    holders.let_go(tx, kind, few.intersection(chain.from_iterable(lost.values())), lost.keys())
    rows = [(token, one) for one, each in done.new.items() for token in each.tokens if token in few]
    token, holder = np.array(rows, dtype=np.int64).reshape(-1, 2).T
    holders.hold(tx, kind, token, holder)


def _drop(tx: Tx, kind: str, model: Model, done: Imprint, lost: Collection[int]) -> None:
    edges = index.edges_of(tx, lost, model.link)
    done.touched |= {side for edge in edges for side in (edge.left, edge.right)}
    done.touched -= set(lost)
    index.drop(tx, lost)
    work.add(tx, "review", review_items(kind, lost))
