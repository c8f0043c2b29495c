"""Says why two records are one or not, and how an entity came together, from what is stored."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from hub.errors import ConflictError, NotFoundError
from hub.model.resolution import Edge, Explanation, Judgement, Profile
from hub.pipeline.neighbourhood import Neighbourhood, around, edges_at
from hub.resolution import explain
from hub.resolution.model import Model
from hub.resolution.resolver import Partition
from hub.resolution.sources import between, of_records, within
from hub.resolution.tokens import TokenCounts
from hub.store import canonical, entities, holders, judgements
from hub.store import profiles as index
from hub.store.database import Tx
from hub.store.judgements import Judged

MOST_RIVALS = 10

Across = Callable[[Sequence[str], Sequence[str]], tuple[str, str]]
"""Which record of each side of a merge speaks most for it."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two records asked about."""

    ref: str
    name: str
    entity_id: str | None


@dataclass(frozen=True, slots=True)
class Rival:
    """Records that one side also resembles, though they do not resemble the other side.

    beside: the ref of the side they resemble; bits: how well, before rivals are heard.
    """

    beside: str
    refs: tuple[str, ...]
    bits: float


@dataclass(frozen=True, slots=True)
class Step:
    """One merge in the making of an entity.

    bits: the average over all pairs of the two sides, and `sources`, what their sources tell;
    strongest: the two records, one of each side, that speak most for it.
    """

    left: tuple[str, ...]
    right: tuple[str, ...]
    bits: float
    reason: str
    strongest: tuple[str, str]
    sources: float = 0.0


@dataclass(frozen=True, slots=True)
class PairTold:
    """All there is to say on two records.

    scored: the bits stored for the pair, rivals not heard; None where it has no edge. joined: the
    merge that brought both together. obstacles: what keeps them apart, in words; none where one.
    second: what their groups told of each other in the second round; None where they are one, or
    none held them against each other.
    """

    kind: str
    left: Side
    right: Side
    explanation: Explanation
    scored: float | None
    rivals: tuple[Rival, ...]
    judgement: Judged | None
    one: bool
    joined: Step | None
    obstacles: tuple[str, ...]
    second: Explanation | None = None


def why(tx: Tx, models: Mapping[str, Model], left: str, right: str) -> PairTold:
    """Return what speaks for and against two records being one, and what the hub decided.

    NotFoundError for a record the hub does not hold or has not resolved yet, ConflictError for two
    of different kinds or of one that is not resolved.
    """
    kind, sides = _sides(tx, models, left, right)
    model = models[kind]
    ids = index.of_records(tx, kind, (left, right))
    for ref in (left, right):
        if ref not in ids:
            raise NotFoundError(f"{ref} is not resolved yet: `hub sync` works off what is due")
    edge, settled = _edge(tx, ids[left], ids[right], model)
    told = _explained(tx, kind, model, ids, settled, (left, right))
    here = around(tx, kind, {ids[left], ids[right]}, model)
    parted = here.parted(model)
    one = sides[0].entity_id is not None and sides[0].entity_id == sides[1].entity_id
    if one != (told.bits >= model.merge):
        told = replace(told, turning=())  # the others decide
    steps = _steps(here, parted, model) if one else ()
    second = None if one else here.second_round(model, (left, right))
    return PairTold(
        kind=kind,
        left=sides[0],
        right=sides[1],
        explanation=told,
        scored=edge,
        rivals=_rivals(tx, ids[left], ids[right], model, (left, right)),
        judgement=_word(tx, left, right),
        one=one,
        joined=next((step for step in steps if _joins(step, left, right)), None),
        obstacles=() if one else _obstacles(told, here, parted, model, (left, right), second),
        second=second,
    )


def how(tx: Tx, kind: str, model: Model, refs: Sequence[str]) -> tuple[Step, ...]:
    """Return the merges that made one entity of these records, in order."""
    ids = index.of_records(tx, kind, refs)
    here = around(tx, kind, set(ids.values()), model)
    inside = set(refs)
    return tuple(
        step
        for step in _steps(here, here.parted(model), model)
        if inside.issuperset((*step.left, *step.right))
    )


def _sides(
    tx: Tx, models: Mapping[str, Model], left: str, right: str
) -> tuple[str, tuple[Side, Side]]:
    if left == right:
        raise ConflictError(f"{left} is one record: two are needed")
    rows = {row.ref: row for row in canonical.get(tx, (left, right))}
    for ref in (left, right):
        if ref not in rows:
            raise NotFoundError(f"no record {ref}")
    kinds = rows[left].kind, rows[right].kind
    if kinds[0] != kinds[1]:
        raise ConflictError(f"{left} is a {kinds[0]}, {right} a {kinds[1]}: never one")
    if kinds[0] not in models:
        raise ConflictError(f"{left} is a {kinds[0]}: each of those stands for itself")
    stand = entities.current(tx, (left, right))
    one, other = (
        Side(ref, rows[ref].title or "", stand[ref].entity_id if ref in stand else None)
        for ref in (left, right)
    )
    return str(kinds[0]), (one, other)


def _edge(tx: Tx, left: int, right: int, model: Model) -> tuple[float | None, float | None]:
    """Return the stored bits of a pair of profiles and those left once rivals are heard."""
    if left == right:
        return index.members(tx, [left])[left][0], None
    pair = min(left, right), max(left, right)
    stored = {(e.left, e.right): e.bits for e in index.edges_of(tx, [left], model.keep)}
    if pair not in stored:
        return None, None
    heard = {(e.left, e.right): e.bits for e in edges_at(tx, [left], model)}
    return stored[pair], heard[pair]


def _explained(
    tx: Tx,
    kind: str,
    model: Model,
    ids: Mapping[str, int],
    settled: float | None,
    refs: tuple[str, str],
) -> Explanation:
    known = index.load(tx, ids.values())
    tokens = {t for own in index.tokens_of(tx, set(ids.values())).values() for t in own}
    counts = TokenCounts(index.base(tx, kind).profiles, holders.counts(tx, kind, tokens))
    sides = [Profile(ref, kind, "", known[ids[ref]].features) for ref in refs]
    lost = _of_one_source(tx, ids[refs[0]], ids[refs[1]], model) if settled is not None else 0.0
    told = explain.why(sides[0], sides[1], counts, model, settled=settled, one_source=lost)
    if told.left == refs[0]:
        return told
    turned = tuple(replace(row, left=row.right, right=row.left) for row in told.evidence)
    return replace(told, left=refs[0], right=refs[1], evidence=turned)


def _of_one_source(tx: Tx, left: int, right: int, model: Model) -> float:
    """Return what a pair of profiles loses because all their records are of one source."""
    if not model.sources:
        return 0.0
    held = index.records_of(tx, {left, right})
    own = [of_records(held[one]) for one in (left, right)]
    return float(within(model.sources, own, np.array([0]), np.array([1]))[0])


def _rivals(
    tx: Tx, left: int, right: int, model: Model, refs: tuple[str, str]
) -> tuple[Rival, ...]:
    """Return what weakens a pair, the strongest first."""
    edges = index.edges_of(tx, {left, right}, model.keep)
    near: dict[int, dict[int, float]] = {left: {}, right: {}}
    for edge in edges:
        for own, other in ((edge.left, edge.right), (edge.right, edge.left)):
            if own in near:
                near[own][other] = edge.bits
    found = []
    for own, other, ref in ((left, right, refs[0]), (right, left, refs[1])):
        for rival, bits in near[own].items():
            friend = near[other].get(rival, model.keep - 1) >= model.rivalry.friend
            if rival != other and bits >= model.link and not friend and left != right:
                found.append((bits, rival, ref))
    found = sorted(found, key=lambda each: (-each[0], each[1], each[2]))[:MOST_RIVALS]
    records = index.records_of(tx, {rival for _, rival, _ in found})
    return tuple(Rival(ref, tuple(records[rival]), bits) for bits, rival, ref in found)


def _word(tx: Tx, left: str, right: str) -> Judged | None:
    both = {left, right}
    standing = judgements.standing(tx, [left])
    return next((each for each in standing if {each.left, each.right} == both), None)


# --- how an entity came together ----------------------------------------------------------------


def _steps(here: Neighbourhood, parted: Partition, model: Model) -> tuple[Step, ...]:
    """Return all merges of a neighbourhood in order; records that say the same come first."""
    judged = {ref for word in here.words for ref in (word.left, word.right)}
    steps = []
    for member in here.members:
        alike = [ref for ref in sorted(member.refs) if ref not in judged]
        if member.itself >= model.merge and len(alike) > 1:
            pair = alike[0], alike[1]
            steps.append(Step((alike[0],), tuple(alike[1:]), member.itself, "identical", pair))
    across = strongest_pair(here, parted.edges)
    steps += [
        Step(
            each.left,
            each.right,
            each.bits,
            each.reason,
            across(each.left, each.right),
            each.sources,
        )
        for each in parted.merges
    ]
    return tuple(steps)


def strongest_pair(here: Neighbourhood, edges: Iterable[Edge]) -> Across:
    """Return how to find the two records, one of each side, that speak most for a merge."""
    profile = {ref: each.profile_id for each in here.members for ref in each.refs}
    near: dict[int, list[tuple[int, float]]] = {}
    for edge in edges:
        near.setdefault(edge.left, []).append((edge.right, edge.bits))
        near.setdefault(edge.right, []).append((edge.left, edge.bits))

    def firsts(refs: Sequence[str]) -> dict[int, str]:
        return {profile[ref]: ref for ref in sorted(refs, reverse=True)}

    def across(left: Sequence[str], right: Sequence[str]) -> tuple[str, str]:
        """Return the pair; the first of each side where no edge crosses."""
        ours, theirs = firsts(left), firsts(right)
        crossing = [
            (-bits, ours[one], theirs[other])
            for one in ours
            for other, bits in near.get(one, ())
            if other in theirs
        ]
        return min(crossing)[1:] if crossing else (min(left), min(right))

    return across


def _joins(step: Step, left: str, right: str) -> bool:
    here = {left, right}
    return (len(here & set(step.left)) == 1 and len(here & set(step.right)) == 1) or (
        step.reason == "identical" and here <= {*step.left, *step.right}
    )


# --- why not ------------------------------------------------------------------------------------


def _obstacles(
    told: Explanation,
    here: Neighbourhood,
    parted: Partition,
    model: Model,
    refs: tuple[str, str],
    second: Explanation | None,
) -> tuple[str, ...]:
    """Return in words what keeps two records apart, the deciding reason first."""
    groups = [next(each for each in parted.clusters if ref in each) for ref in refs]
    found = _said(here.words, groups)
    found += _exclusive(here, groups)
    if not told.candidate:
        shared = ", ".join(told.shared_tokens) or "nothing"
        found.append(f"never compared: what they share tells too little ({shared})")
    if told.bits < model.merge:
        found.append(f"the evidence is {told.bits:+.2f} bits; from {model.merge:+.2f} on they join")
    elif max(map(len, groups)) > 1:
        found.append(
            f"the two speak for it by {told.bits:+.2f} bits, but not the average over all records "
            f"of both sides ({len(groups[0])} and {len(groups[1])})"
        )
    if second and second.bits < model.merge:
        found.append(f"their groups, held against each other, tell {second.bits:+.2f} bits")
    one, other = (frozenset(of_records(group)) for group in groups)
    if sources := between(model, one, other):
        shared = ", ".join(sorted(one & other & model.sources.keys()))
        held = f"both sides have a record of {shared}" if shared else "no source has both sides"
        found.append(f"{held}: {sources:+.2f} bits on top of the average")
    return tuple(found)


def _said(words: Sequence[Judgement], groups: Sequence[tuple[str, ...]]) -> list[str]:
    return [
        f"judged different: {word.left} and {word.right}"
        for word in words
        if word.verdict == "different"
        and any(word.left in one and word.right in other for one, other in (groups, groups[::-1]))
    ]


def _exclusive(here: Neighbourhood, groups: Sequence[tuple[str, ...]]) -> list[str]:
    one, other = (
        {
            value
            for member in here.members
            if not set(group).isdisjoint(member.refs)
            for value in member.exclusive
        }
        for group in groups
    )
    if not one or not other or one & other:
        return []
    return [f"they state different ones: {', '.join(sorted(one))} and {', '.join(sorted(other))}"]
