"""Works out anew who is who around the records that changed, and nothing else."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import msgspec
import numpy as np
from numpy.typing import NDArray

from hub.clock import instant_text
from hub.model.resolution import Assignment, Edge, Judgement, Profile, probability_of
from hub.pipeline.profiles import profile_of
from hub.pipeline.review import items as review_items
from hub.resolution import batch, lasting, resolver
from hub.resolution.candidates import MOST_HOLDERS
from hub.resolution.division import Member
from hub.resolution.model import Model
from hub.resolution.tokens import token_hash
from hub.store import canonical, entities, judgements, work
from hub.store import profiles as index
from hub.store.database import Database, Tx
from hub.store.entities import Membership

WHOLE = 500
"""From so many profiles to work on, the whole kind is scored at once: that is then cheaper."""

_fields = msgspec.json.Decoder(dict)


@dataclass(slots=True)
class _Neighbourhood:
    """What one pass over a kind has touched. at_work: profiles whose edges are found anew."""

    kind: str
    model: Model
    at_work: set[int] = field(default_factory=set)
    touched: set[int] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    whole: bool = False
    whole_from: int = WHOLE


def resolve(
    db: Database, models: Mapping[str, Model], now: datetime, *, whole_from: int = WHOLE
) -> int:
    """Work off all records that are due; return how many there were.

    models: kind -> model. Where a kind's model is another than its profiles were scored with, all
    of them are scored again. whole_from: decides about time alone, never about the result.
    """
    with db.transaction() as tx:
        refs = work.take(tx, "resolve", 1_000_000)
        was, stand = entities.kinds(tx, refs), _kinds(tx, refs)
        last = was | stand
        for kinds in (_turned(was, stand), last):
            for kind, model in models.items():
                due = [ref for ref in refs if kinds.get(ref) == kind]
                if due or (kinds is last and _outdated(tx, kind, model)):
                    here = _Neighbourhood(kind, model, whole_from=whole_from)
                    _resolve_kind(tx, here, due, instant_text(now))
        work.done(tx, "resolve", refs)
    return len(refs)


def _kinds(tx: Tx, refs: Sequence[str]) -> dict[str, str]:
    return {row.ref: row.kind for row in canonical.get(tx, refs)}


def _turned(was: Mapping[str, str], stand: Mapping[str, str]) -> dict[str, str]:
    """Return the kinds to leave first, where some records are of another kind now: they come new
    to the other. Who leaves for good leaves with them, and never stands among what stays."""
    left = {ref: kind for ref, kind in was.items() if stand.get(ref) != kind}
    turned = {kind for ref, kind in left.items() if ref in stand}
    return {ref: kind for ref, kind in left.items() if kind in turned}


def _outdated(tx: Tx, kind: str, model: Model) -> bool:
    name, count = index.base(tx, kind)
    return count > 0 and name != model.name


def _resolve_kind(tx: Tx, here: _Neighbourhood, refs: Sequence[str], now: str) -> None:
    _imprint(tx, here, refs)
    if here.whole:
        _score_whole(tx, here)
    else:
        _score_around(tx, here)
    _settle(tx, here, refs, now)


# --- profiles and tokens ------------------------------------------------------------------------


def _imprint(tx: Tx, here: _Neighbourhood, refs: Sequence[str]) -> None:
    """Store what changed records say now; find the profiles whose scores that may move."""
    old = index.of_records(tx, here.kind, refs)
    told = _profiles(tx, here.kind, refs)
    here.gone = {ref for ref in refs if ref not in told}
    ids = {ref: profile.id for ref, profile in told.items()}
    here.touched = set(ids.values()) | set(old.values())
    index.unassign(tx, here.gone)
    index.assign(tx, here.kind, {ref: one for ref, one in ids.items() if old.get(ref) != one})
    by_id = {profile.id: profile for profile in told.values()}
    new = by_id.keys() - index.known(tx, by_id)
    left = {one for ref, one in old.items() if ids.get(ref) != one}
    lost = left - index.records_of(tx, left).keys()
    _count(tx, here, {one: by_id[one] for one in sorted(new)}, lost)


def _profiles(tx: Tx, kind: str, refs: Sequence[str]) -> dict[str, Profile]:
    employers = canonical.names_referred_to(tx, refs, "organization")
    return {
        row.ref: profile_of(
            row.ref, kind, row.connection, _fields.decode(row.fields), employers.get(row.ref, ())
        )
        for row in canonical.get(tx, refs)
        if row.kind == kind
    }


def _count(tx: Tx, here: _Neighbourhood, new: Mapping[int, Profile], lost: Collection[int]) -> None:
    """Move the token counts; whose tokens changed their coarse step is worked on again."""
    imprints = {one: resolver.imprint(profile, here.model) for one, profile in new.items()}
    moves = Counter(token for each in imprints.values() for token in each.tokens)
    moves.subtract(t for tokens in index.tokens_of(tx, lost).values() for t in tokens)
    before = index.counts(tx, here.kind, moves)
    after = {token: before.get(token, 0) + by for token, by in moves.items()}
    stale = resolver.stale_tokens({token: before.get(token, 0) for token in after}, after)
    lost_edges = index.edges_of(tx, lost, here.model.link)
    here.touched |= {side for edge in lost_edges for side in (edge.left, edge.right)}
    index.drop(tx, lost)
    work.add(tx, "review", review_items(here.kind, lost))
    here.touched -= set(lost)
    index.add(
        tx,
        here.kind,
        new,
        {one: each.tokens for one, each in imprints.items()},
        {one: each.exclusive for one, each in imprints.items()},
    )
    index.save_counts(tx, here.kind, after)
    model_before, population = index.base(tx, here.kind)
    grown = population + len(new) - len(lost)
    index.save_base(tx, here.kind, here.model.name, grown)
    here.at_work = set(new)
    here.whole = (
        model_before != here.model.name
        or not resolver.same_population(population, grown)
        or len(new) >= here.whole_from
    )
    if not here.whole and stale:
        held = index.holders(tx, here.kind, stale)
        here.at_work |= {one for ones in held.values() for one in ones}
        here.whole = len(here.at_work) >= here.whole_from


# --- edges --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Counts:
    """Holder counts as the engine asks for them."""

    population: int
    held: Mapping[int, int]

    def holders(self, tokens: Sequence[str]) -> NDArray[np.int64]:
        return np.array([self.held.get(token_hash(token), 0) for token in tokens], dtype=np.int64)


def _score_whole(tx: Tx, here: _Neighbourhood) -> None:
    """Score every profile of the kind at once."""
    profiles = index.load_kind(tx, here.kind)
    base = batch.base_of(profiles.values())
    scored = batch.score_all(base, here.model)
    index.drop_all_edges(tx, here.kind)
    index.save_edges(tx, here.kind, _kept(base, scored, here.model.keep))
    index.save_itself(tx, dict(zip(base.ids, scored.itself.tolist(), strict=True)))
    here.touched |= set(profiles)


def _kept(base: batch.Base, scored: batch.Scored, keep: float) -> Iterator[Edge]:
    kept = np.flatnonzero(scored.bits >= keep)
    sides = scored.left[kept].tolist(), scored.right[kept].tolist(), scored.bits[kept].tolist()
    return (Edge(base.ids[a], base.ids[b], bits) for a, b, bits in zip(*sides, strict=True))


def _score_around(tx: Tx, here: _Neighbourhood) -> None:
    """Score the profiles at work against all they share enough tokens with."""
    before = index.edges_of(tx, here.at_work, here.model.link)
    here.touched |= {side for edge in before for side in (edge.left, edge.right)} | here.at_work
    profiles = index.load(tx, here.at_work)
    tokens = index.tokens_of(tx, here.at_work)
    _, population = index.base(tx, here.kind)
    asked = {token for own in tokens.values() for token in own}
    held = index.counts(tx, here.kind, asked)
    holders = index.holders(tx, here.kind, [t for t in asked if held.get(t, 0) <= MOST_HOLDERS])
    pairs = [(one, one) for one in here.at_work]
    for one in sorted(here.at_work):
        pairs += [
            (one, other)
            for other in resolver.propose(
                profiles[one], holders, held, population=population, model=here.model
            )
        ]
    profiles |= index.load(tx, {other for _, other in pairs} - here.at_work)
    wanted = resolver.tokens_to_count(profiles.values())
    held |= index.counts(tx, here.kind, wanted - asked)
    found = resolver.score(profiles, pairs, _Counts(population, held), here.model)
    index.drop_edges(tx, here.at_work)
    index.save_edges(tx, here.kind, found)
    here.touched |= {side for edge in found for side in (edge.left, edge.right)}
    itself = dict.fromkeys(here.at_work, here.model.keep)
    index.save_itself(tx, itself | {e.left: e.bits for e in found if e.left == e.right})


# --- clusters and ids ---------------------------------------------------------------------------


def _settle(tx: Tx, here: _Neighbourhood, refs: Sequence[str], now: str) -> None:
    """Cluster every component that was touched and write who stands for whom."""
    records, links, words = _components(tx, here)
    work.add(tx, "review", review_items(here.kind, None if here.whole else records))
    itself = index.members(tx, records)
    members = [
        Member(one, tuple(records[one]), itself[one][0], frozenset(itself[one][1]))
        for one in sorted(records)
    ]
    parted = resolver.partition(members, links, words, here.model)
    around = [ref for cluster in parted.clusters for ref in cluster]
    before = entities.current(tx, [*around, *here.gone])
    seen = {ref: _milliseconds(at) for ref, at in entities.first_seen(tx, around).items()}
    assignment = _assign(tx, here.kind, parted.clusters, before, seen)
    after = _memberships(parted, members, words, assignment.entity_of)
    entities.apply_events(tx, here.kind, assignment.events, assignment.redirects, now)
    entities.move(tx, after, here.gone, now)
    _announce(tx, here.kind, refs, before, after)


def _components(
    tx: Tx, here: _Neighbourhood
) -> tuple[dict[int, list[str]], list[Edge], list[Judgement]]:
    """Return the profiles of all touched components with their records, edges and judgements."""
    edges: dict[tuple[int, int], Edge] = {}
    records: dict[int, list[str]] = {}
    words: dict[int, Judgement] = {}
    fringe = set(here.touched)
    while fringe:
        found = index.records_of(tx, fringe)
        records |= found
        judged = judgements.standing(tx, [ref for refs in found.values() for ref in refs])
        words |= {j.id: Judgement(j.left, j.right, j.verdict) for j in judged}
        near = index.edges_of(tx, fringe, here.model.keep)
        edges |= {(edge.left, edge.right): edge for edge in near}
        linked = [edge for edge in near if edge.bits >= here.model.link]
        beside = {side for edge in linked for side in (edge.left, edge.right)}
        said = {ref for j in judged if j.verdict == "same" for ref in (j.left, j.right)}
        beside |= set(index.of_records(tx, here.kind, said).values())
        fringe = beside - records.keys()
    # Weak edges to profiles outside the components join nobody.
    inside = [edges[pair] for pair in sorted(edges) if set(pair) <= records.keys()]
    return records, inside, [words[one] for one in sorted(words)]


def _assign(
    tx: Tx,
    kind: str,
    clusters: Sequence[Sequence[str]],
    before: Mapping[str, Membership],
    seen: Mapping[str, int],
) -> Assignment:
    oldest = [min(cluster, key=lambda ref: (seen[ref], ref)) for cluster in clusters]
    new = [lasting.entity_id(ref, seen[ref], salt) for ref in oldest for salt in range(3)]
    return lasting.assign(
        clusters,
        before={ref: one.entity_id for ref, one in before.items()},
        first_seen_ms=seen,
        created=entities.created(tx, {one.entity_id for one in before.values()}),
        taken=frozenset(entities.taken(tx, new, kind)),
    )


def _milliseconds(instant: str) -> int:
    return int(datetime.fromisoformat(instant).timestamp() * 1000)


def _memberships(
    parted: resolver.Partition,
    members: Iterable[Member],
    words: Iterable[Judgement],
    entity_of: Mapping[str, str],
) -> list[Membership]:
    """Return each record's place with the best evidence that it belongs to its cluster mates."""
    profile_of_ref = {ref: each.profile_id for each in members for ref in each.refs}
    entities_of: dict[int, set[str]] = {}
    for ref, one in profile_of_ref.items():
        entities_of.setdefault(one, set()).add(entity_of[ref])
    best: dict[tuple[int, str], float] = {}
    for edge in parted.edges:
        for entity in entities_of[edge.left] & entities_of[edge.right]:
            for side in (edge.left, edge.right):
                best[side, entity] = max(best.get((side, entity), -60.0), edge.bits)
    itself = {each.profile_id: each.itself for each in members}
    judged = {ref for word in words if word.verdict == "same" for ref in (word.left, word.right)}
    found = []
    for cluster in parted.clusters:
        entity = entity_of[cluster[0]]
        twins = Counter(profile_of_ref[ref] for ref in cluster)
        for ref in cluster:
            one = profile_of_ref[ref]
            bits = best.get((one, entity))
            if twins[one] > 1:
                bits = max(itself[one], bits if bits is not None else -60.0)
            if len(cluster) == 1:
                found.append(Membership(ref, entity, "single", None))
            elif ref in judged or bits is None:
                found.append(Membership(ref, entity, "judgement", 1.0))
            else:
                found.append(Membership(ref, entity, "model", round(probability_of(bits), 6)))
    return found


def _announce(
    tx: Tx,
    kind: str,
    refs: Collection[str],
    before: Mapping[str, Membership],
    after: Sequence[Membership],
) -> None:
    """Make due the links of whoever refers to a record that moved, and the views it touched."""
    now = {one.ref: one.entity_id for one in after}
    was = {ref: one.entity_id for ref, one in before.items()}
    moved = [ref for ref in was.keys() | now.keys() if was.get(ref) != now.get(ref)]
    work.add(tx, "thread", [*moved, *canonical.referrers(tx, moved)])
    if kind != "organization":  # what hangs on a person or project is decided by all its records
        ends = {side[ref] for side in (was, now) for ref in moved if ref in side}
        work.add(tx, "thread", sorted(ends))
    touched = {*moved, *refs}
    views = {was[ref] for ref in touched if ref in was} | {
        now[ref] for ref in touched if ref in now
    }
    changed = {one.ref for one in after if before.get(one.ref) != one}
    views |= {now[ref] for ref in changed}
    work.add(tx, "render", sorted(views))
