"""Writes who stands for whom: clusters around what was touched, lasting ids, who is to hear."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from hub.model.resolution import Assignment, EntityEvent, Judgement, Merge, probability_of
from hub.pipeline.neighbourhood import around
from hub.pipeline.review import items as review_items
from hub.resolution import batch, lasting
from hub.resolution.model import Model
from hub.store import canonical, employers, entities, judgements, work
from hub.store import profiles as index
from hub.store.database import Tx
from hub.store.entities import Membership


@dataclass(frozen=True, slots=True)
class _Parted:
    """Clusters of whole components and what they came from. itself: per profile, in bits."""

    clusters: Sequence[tuple[str, ...]]
    merges: Sequence[Merge]
    edges: Iterable[tuple[int, int, float]]
    records: Mapping[int, Sequence[str]]
    itself: Mapping[int, float]
    words: Sequence[Judgement]


@dataclass(frozen=True, slots=True)
class Told:
    """What a pass over a kind is told. refs: what was due; gone: what stands for nobody now."""

    kind: str
    refs: Collection[str]
    gone: Collection[str]
    now: str


@dataclass(frozen=True, slots=True)
class Settled:
    """Who is to stand for whom. before: who does until now; after: of every record around."""

    before: Mapping[str, Membership]
    assignment: Assignment
    after: Sequence[Membership]


def settle_around(tx: Tx, told: Told, touched: Collection[int], model: Model) -> None:
    """Cluster every component that holds a touched profile, and write what that changes."""
    here = around(tx, told.kind, {*touched, *_left_behind(tx, told)}, model)
    records = {member.profile_id: member.refs for member in here.members}
    work.add(tx, "review", review_items(told.kind, records))
    parted = here.parted(model)
    edges = ((edge.left, edge.right, edge.bits) for edge in parted.edges)
    itself = {member.profile_id: member.itself for member in here.members}
    found = _Parted(parted.clusters, parted.merges, edges, records, itself, here.words)
    write(tx, told, _settled(tx, told, found))


def _left_behind(tx: Tx, told: Told) -> Collection[int]:
    """Return the profiles of whoever stands with a record that is gone: a judgement alone, and no
    edge, may have joined them."""
    if not told.gone:
        return ()
    stood = {one.entity_id for one in entities.current(tx, told.gone).values()}
    beside = {ref for refs in entities.records_of(tx, stood).values() for ref in refs}
    return index.of_records(tx, told.kind, beside.difference(told.gone)).values()


def settled_whole(
    tx: Tx,
    kind: str,
    base: batch.Base,
    scored: batch.Scored,
    model: Model,
) -> Settled:
    """Return what becomes of all of a kind once it is clustered anew; nothing is written."""
    words = judgements.all_standing(tx)
    divided = batch.partition_all(base, scored, words, model, in_hub=kind == "organization")
    links = divided.edges
    sides = links.left.tolist(), links.right.tolist(), links.bits.tolist()
    edges = ((base.ids[a], base.ids[b], bits) for a, b, bits in zip(*sides, strict=True))
    records = dict(zip(base.ids, base.refs, strict=True))
    itself = dict(zip(base.ids, scored.itself.tolist(), strict=True))
    parted = _Parted(divided.clusters, divided.merges, edges, records, itself, words)
    return _settled(tx, Told(kind, (), (), ""), parted)


def _settled(tx: Tx, told: Told, parted: _Parted) -> Settled:
    around = [ref for cluster in parted.clusters for ref in cluster]
    before = entities.current(tx, [*around, *told.gone])
    assignment = _assign(tx, told.kind, parted.clusters, before)
    return Settled(before, assignment, _memberships(parted, assignment.entity_of))


def write(tx: Tx, told: Told, settled: Settled) -> None:
    """Let records stand for whom they are to, and say who is to hear of it."""
    before, assignment = settled.before, settled.assignment
    entities.apply_events(tx, told.kind, assignment.events, assignment.redirects, told.now)
    changed = [one for one in settled.after if before.get(one.ref) != one]
    entities.move(tx, changed, told.gone, told.now, before=before)
    _announce(tx, told, before, settled.after)


def let_go(tx: Tx, told: Told) -> None:
    """Take records that are gone out of their entities; what is left of those stays as it is until
    the whole kind is scored."""
    before = entities.current(tx, told.gone)
    left = entities.records_of(tx, {one.entity_id for one in before.values()})
    emptied = [one for one, refs in sorted(left.items()) if before.keys() >= set(refs)]
    events = tuple(EntityEvent("emptied", one) for one in emptied)
    write(tx, told, Settled(before, Assignment({}, events), ()))
    stay = entities.current(tx, set(told.refs) - set(told.gone))
    work.add(tx, "render", sorted({one.entity_id for one in stay.values()}))


def _assign(
    tx: Tx, kind: str, clusters: Sequence[Sequence[str]], before: Mapping[str, Membership]
) -> Assignment:
    """Return who stands for whom; only where a cluster is new, its records' ages are asked for."""
    held: dict[str, set[str]] = {}
    for ref, one in before.items():
        held.setdefault(one.entity_id, set()).add(ref)
    if all(
        cluster[0] in before and held[before[cluster[0]].entity_id] == set(cluster)
        for cluster in clusters
    ) and len(held) == len(clusters):
        return Assignment({ref: one.entity_id for ref, one in before.items()})
    seen = {
        ref: _milliseconds(at)
        for ref, at in entities.first_seen(tx, (r for refs in clusters for r in refs)).items()
    }
    oldest = [min(cluster, key=lambda ref: (seen[ref], ref)) for cluster in clusters]
    new = [lasting.entity_id(ref, seen[ref], salt) for ref in oldest for salt in range(3)]
    return lasting.assign(
        clusters,
        before={ref: one.entity_id for ref, one in before.items()},
        first_seen_ms=seen,
        created=entities.created(tx, held),
        taken=frozenset(entities.taken(tx, new, kind)),
    )


def _milliseconds(instant: str) -> int:
    return int(datetime.fromisoformat(instant).timestamp() * 1000)


def _memberships(parted: _Parted, entity_of: Mapping[str, str]) -> list[Membership]:
    """Return each record's place with the best evidence that it belongs to its cluster mates."""
    profile_of = {ref: one for one, refs in parted.records.items() for ref in refs}
    best = _best_evidence(parted, entity_of)
    brought = _brought(parted.merges)
    judged = {
        ref for word in parted.words if word.verdict == "same" for ref in (word.left, word.right)
    }
    found = []
    for cluster in parted.clusters:
        entity = entity_of[cluster[0]]
        if len(cluster) == 1:
            found.append(Membership(cluster[0], entity, "single", None))
            continue
        twins = Counter(profile_of[ref] for ref in cluster)
        for ref in cluster:
            one = profile_of[ref]
            bits = best.get((one, entity))
            if twins[one] > 1:
                bits = max(parted.itself[one], bits if bits is not None else -60.0)
            if ref in brought:
                bits = max(brought[ref], bits if bits is not None else -60.0)
            if ref in judged or bits is None:
                found.append(Membership(ref, entity, "judgement", 1.0))
            else:
                found.append(Membership(ref, entity, "model", round(probability_of(bits), 6)))
    return found


def _brought(merges: Iterable[Merge]) -> dict[str, float]:
    """Return the bits of each record of which the domain says whose it is, and of whom it joined
    where that stood alone."""
    by_domain = [each for each in merges if each.reason == "domain"]
    return {
        ref: each.bits
        for each in by_domain
        for ref in (*each.right, *(each.left if len(each.left) == 1 else ()))
    }


def _best_evidence(parted: _Parted, entity_of: Mapping[str, str]) -> dict[tuple[int, str], float]:
    """Return per profile and entity the most bits that an edge between its profiles has."""
    entities_of = {one: {entity_of[ref] for ref in refs} for one, refs in parted.records.items()}
    best: dict[tuple[int, str], float] = {}
    for left, right, bits in parted.edges:
        for entity in entities_of[left] & entities_of[right]:
            for side in (left, right):
                best[side, entity] = max(best.get((side, entity), -60.0), bits)
    return best


def _announce(
    tx: Tx, told: Told, before: Mapping[str, Membership], after: Sequence[Membership]
) -> None:
    """Make due the links of whoever refers to a record that moved, the views it touched, and who
    belongs to a company that is called otherwise now."""
    now = {one.ref: one.entity_id for one in after}
    was = {ref: one.entity_id for ref, one in before.items()}
    moved = [ref for ref in was.keys() | now.keys() if was.get(ref) != now.get(ref)]
    work.add(tx, "thread", [*moved, *canonical.referrers(tx, moved)])
    if told.kind != "organization":  # what hangs on a person or project: all its records decide
        ends = {side[ref] for side in (was, now) for ref in moved if ref in side}
        work.add(tx, "thread", sorted(ends))
    touched = {*moved, *told.refs}
    views = {was[ref] for ref in touched if ref in was} | {
        now[ref] for ref in touched if ref in now
    }
    views |= {one.entity_id for one in after if before.get(one.ref) != one}
    work.add(tx, "render", sorted(views))
    if told.kind == "organization":
        settled = views if told.refs else {*was.values(), *now.values()}
        work.add(tx, "resolve", employers.outdated(tx, settled))
