"""Stores what changed records say now, and counts who holds which token."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from hub.model.resolution import Profile
from hub.pipeline.profiles import profile_of
from hub.pipeline.review import items as review_items
from hub.resolution import resolver
from hub.resolution.candidates import MOST_HOLDERS
from hub.resolution.edition import EDITION
from hub.resolution.facets import facets_of
from hub.resolution.model import Model
from hub.resolution.tokens import token_hash, tokens_of_facets
from hub.store import canonical, employers, holders, work
from hub.store import profiles as index
from hub.store.database import Tx
from hub.store.holders import NOBODY, Holders
from hub.store.profiles import Base, Indexed

_fields = msgspec.json.Decoder(dict)


@dataclass(slots=True)
class Imprint:
    """What changed records of one kind changed in the index.

    touched: profiles whose records or neighbours changed. gone: refs that are no record of the
    kind any more. new: profiles that nobody had before. held: holders now, of the tokens of
    profiles that came or went; stale: those of them that weigh something else now. ids: who holds
    those tokens of new profiles that propose somebody, packed.
    """

    touched: set[int] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    new: dict[int, Indexed] = field(default_factory=dict)
    held: dict[int, int] = field(default_factory=dict)
    ids: dict[int, bytes] = field(default_factory=dict)
    stale: set[int] = field(default_factory=set)
    before: Base = field(default_factory=Base)
    population: int = 0


def imprint(tx: Tx, kind: str, model: Model, refs: Sequence[str]) -> Imprint:
    """Store the profiles of records that are due; see `Imprint` for what that changed.

    The rows of the new profiles are left to whoever knows their bits with themselves.
    """
    due = set(refs)
    old = index.of_records(tx, kind, due)
    told = _profiles(tx, kind, refs)
    ids = {ref: profile.id for ref, profile in told.items()}
    done = Imprint(touched=set(ids.values()) | set(old.values()))
    done.gone = {ref for ref in refs if ref not in told}
    had = index.records_of(tx, done.touched)
    index.unassign(tx, kind, done.gone)
    index.assign(tx, kind, {ref: one for ref, one in ids.items() if old.get(ref) != one})
    by_id = {profile.id: profile for profile in told.values()}
    done.new = {one: _indexed(by_id[one], model) for one in sorted(by_id.keys() - had.keys())}
    left = {one for ref, one in old.items() if ids.get(ref) != one}
    lost = {one for one in left - by_id.keys() if due.issuperset(had[one])}
    held = index.tokens_of(tx, lost)
    _count(tx, kind, done, held)
    _drop(tx, kind, model, done, lost)
    return done


def _profiles(tx: Tx, kind: str, refs: Sequence[str]) -> dict[str, Profile]:
    whose: Mapping[str, Collection[str]]
    if kind == "organization":
        whose, contacts = {}, canonical.contacts_of(tx, refs)
    else:
        whose, contacts = employers.names(tx, refs), {}
    return {
        ref: profile_of(
            ref,
            kind,
            connection,
            _fields.decode(fields),
            whose.get(ref, ()),
            [_fields.decode(each) for each in contacts.get(ref, ())],
        )
        for ref, now, connection, fields in canonical.told(tx, refs)
        if now == kind
    }


def _indexed(profile: Profile, model: Model) -> Indexed:
    facets = facets_of(profile)
    tokens = sorted({token_hash(token) for token in tokens_of_facets(facets)})
    return Indexed(profile.features, facets, tokens, resolver.exclusive_of(facets, model))


def _count(tx: Tx, kind: str, done: Imprint, lost: Mapping[int, Sequence[int]]) -> None:
    """Store who holds the tokens of profiles that came or went."""
    come = _by_token({one: each.tokens for one, each in done.new.items()})
    gone = _by_token(lost)
    asked = come.keys() | gone.keys()
    before = dict.fromkeys(asked, NOBODY) | holders.held(tx, kind, asked)
    after = _moved(before, come, gone)
    again = {t for t in come if after[t].ids is None and after[t].total <= MOST_HOLDERS}
    if again:
        after |= _moved(holders.found(tx, kind, again), come, gone)
    holders.save(tx, kind, {token: now for token, now in after.items() if now != before[token]})
    done.held = {token: now.total for token, now in after.items()}
    done.ids = {token: ids for token in come if (ids := after[token].ids) is not None}
    done.before = index.base(tx, kind)
    done.population = done.before.profiles + len(done.new) - len(lost)
    was = {token: each.total for token, each in before.items()}
    done.stale = resolver.stale_tokens(was, done.held, population=done.population)


def _moved(
    before: Mapping[int, Holders],
    come: Mapping[int, Sequence[int]],
    gone: Mapping[int, Sequence[int]],
) -> dict[int, Holders]:
    """Return who holds each token once some profiles came and others went."""
    return {
        token: was.moved(come.get(token, ()), gone.get(token, ()), MOST_HOLDERS)
        for token, was in before.items()
    }


def _by_token(tokens: Mapping[int, Sequence[int]]) -> dict[int, list[int]]:
    """Return who holds each token. tokens: of each profile."""
    found: dict[int, list[int]] = {}
    for one, own in tokens.items():
        for token in own:
            found.setdefault(token, []).append(one)
    return found


def _drop(tx: Tx, kind: str, model: Model, done: Imprint, lost: Collection[int]) -> None:
    edges = [edge for edge in index.drop(tx, lost) if edge.bits >= model.link]
    done.touched |= {side for edge in edges for side in (edge.left, edge.right)}
    done.touched -= set(lost)
    work.add(tx, "review", review_items(kind, lost))


READ_AT_ONCE = 1000
"""Profiles that are read anew in one transaction: some tenths of a second."""
READING = "reread"
"""Of items "kind:edition:profile": all profiles of a kind up to that one are of that edition."""


def read_on(tx: Tx, kind: str, model: Model) -> bool:
    """Read some more profiles of a kind anew: their tokens are of another edition; return whether
    any was left."""
    prefix = f"{kind}:{EDITION}:"
    begun = [item for item in work.take(tx, READING, 1000) if item.startswith(f"{kind}:")]
    after = [int(item.removeprefix(prefix)) for item in begun if item.startswith(prefix)]
    ids = index.of_kind(tx, kind, after=max(after, default=-1), limit=READ_AT_ONCE)
    found = index.load(tx, ids)
    index.read_again(tx, {one: _indexed(profile, model) for one, profile in found.items()})
    if ids:
        work.done(tx, READING, begun)
        work.add(tx, READING, [f"{prefix}{ids[-1]}"])
    return bool(ids)
