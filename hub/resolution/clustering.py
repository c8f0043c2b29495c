"""Average linkage with vetoes among linked profiles; ties go to the smaller ref.

What decides of two clusters is the average over all pairs, and once what their sources tell.
"""

import heapq
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from hub.model.resolution import Merge
from hub.resolution.model import GRAIN, Model
from hub.resolution.sources import between


@dataclass(frozen=True, slots=True)
class Signs:
    """What a company's records tell of whose their domains are, see `mentions`.

    names: as stated. numbers: sort -> those of which a company has one only.
    """

    domains: tuple[str, ...]
    names: tuple[str, ...] = ()
    numbers: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Knot:
    """What is clustered: records that say the same, or one record that a judgement speaks of.

    refs: ascending. exclusive: values of which a cluster holds one only (register numbers): two
    sides that both have some and share none are never joined by evidence. sources: of its records.
    signs: where mentions look for their company.
    """

    refs: tuple[str, ...]
    exclusive: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()
    signs: Signs | None = None


@dataclass(slots=True)
class _Cluster:
    name: str
    knots: list[int]
    exclusive: frozenset[str]
    sources: frozenset[str]
    near: dict[int, int] = field(default_factory=dict)
    """Neighbour -> sum of (bits - floor) over the known pairs, in grains."""
    apart: set[int] = field(default_factory=set)


def cluster(
    knots: Sequence[Knot],
    edges: Iterable[tuple[int, int, float]],
    same: Iterable[tuple[int, int]],
    apart: Iterable[tuple[int, int]],
    model: Model,
) -> tuple[list[list[int]], list[Merge]]:
    """Return clusters of knots (numbers ascending) and the merges that made them, in order.

    edges: (knot, knot, bits) once per pair. same: joined first, whatever the evidence. apart:
    never joined by evidence. The clusters are a function of the sets handed in, not of their order.
    """
    state = _State(knots, model)
    for a, b, bits in edges:
        state.connect(a, b, bits)
    for a, b in apart:
        state.forbid(a, b)
    for a, b in sorted(
        same, key=lambda pair: sorted((knots[pair[0]].refs[0], knots[pair[1]].refs[0]))
    ):
        state.join(state.home(a), state.home(b), "judgement")
    state.run()
    return sorted(sorted(each.knots) for each in state.clusters.values()), state.merges


def cluster_plain(
    knots: Mapping[int, Knot], edges: Iterable[tuple[int, int, float]], model: Model
) -> tuple[list[list[int]], list[Merge]]:
    """Return the same of one component in which nothing forbids or demands a merge.

    Most components are of two or three knots: to look at all pairs is quicker than a heap. The
    exceptions go there.
    """
    if len(knots) > FEW:
        place = {knot: at for at, knot in enumerate(knots)}
        inside = [(place[a], place[b], bits) for a, b, bits in edges]
        found, merges = cluster(list(knots.values()), inside, (), (), model)
        numbers = list(knots)
        return [[numbers[at] for at in each] for each in found], merges
    if len(knots) == 2:
        return _pair(knots, edges, model)
    near = {(min(a, b), max(a, b)): _above(bits, model) for a, b, bits in edges}
    parts = dict(knots)
    held = {number: [number] for number in knots}
    merges = []
    while best := _closest(near, parts, held, model):
        bits, a, b = best
        one, other = parts[a], parts.pop(b)
        first, second = sorted((one.refs, other.refs))
        told = between(model, one.sources, other.sources)
        merges.append(Merge(first, second, bits, "evidence", told))
        refs = tuple(sorted(first + second))
        parts[a] = Knot(refs, one.exclusive | other.exclusive, one.sources | other.sources)
        held[a] = sorted(held[a] + held.pop(b))
        near = _with_one_less(near, a, b) if len(near) > 1 else {}
    return list(held.values()), merges


def _pair(
    knots: Mapping[int, Knot], edges: Iterable[tuple[int, int, float]], model: Model
) -> tuple[list[list[int]], list[Merge]]:
    """Return the same of two knots, as most components have."""
    (a, one), (b, other) = knots.items()
    told = between(model, one.sources, other.sources)
    for _, _, edge in edges:
        bits = model.floor + _above(edge, model) / GRAIN + told
        if bits >= model.merge:
            first, second = sorted((one.refs, other.refs))
            return [[min(a, b), max(a, b)]], [Merge(first, second, bits, "evidence", told)]
    return [[a], [b]], []


FEW = 8
"""Up to so many knots are looked at pair by pair."""
_Near = dict[tuple[int, int], int]


def _closest(
    near: _Near, parts: Mapping[int, Knot], held: Mapping[int, list[int]], model: Model
) -> tuple[float, int, int] | None:
    """Return the most bits that are enough, and which clusters have them."""
    found, names = None, ("", "")
    for (a, b), above in near.items():
        bits = model.floor + above / (GRAIN * (len(held[a]) * len(held[b])))
        bits += between(model, parts[a].sources, parts[b].sources)
        if bits < model.merge or (found and bits < found[0]):
            continue
        one, other = parts[a].refs[0], parts[b].refs[0]
        named = (one, other) if one < other else (other, one)
        if found is None or bits > found[0] or named < names:
            found, names = (bits, a, b), named
    return found


def _with_one_less(near: _Near, a: int, b: int) -> _Near:
    """Return what is known of pairs once b is part of a."""
    found: _Near = {}
    for (one, other), above in near.items():
        x, y = (a if one == b else one), (a if other == b else other)
        if x != y:
            pair = (x, y) if x < y else (y, x)
            found[pair] = found.get(pair, 0) + above
    return found


def in_turn(plain: Iterable[Sequence[Merge]], others: Sequence[Merge]) -> list[Merge]:
    """Return the merges of separate components in the order in which one heap makes them.

    Each list is in order. What a merge makes possible follows it, even where that is closer.
    """
    told = [merge for merge in others if merge.reason != "evidence"]
    ranked: list[tuple[tuple[float, str, str], Merge]] = []
    for each in (*plain, others[len(told) :]):
        latest = (-float("inf"), "", "")
        for merge in each:
            latest = max(latest, (-merge.bits, merge.left[0], merge.right[0]))
            ranked.append((latest, merge))
    ranked.sort(key=lambda each: each[0])
    return told + [merge for _, merge in ranked]


def _above(bits: float, model: Model) -> int:
    """Return what evidence counts in an average: bits above the floor, in grains."""
    return int((min(max(bits, model.floor), model.ceiling) - model.floor) * GRAIN)


class _State:
    """Clusters while they are merged. A cluster's number is that of one of its knots."""

    def __init__(self, knots: Sequence[Knot], model: Model) -> None:
        self.merges: list[Merge] = []
        self._knots = knots
        self._model = model
        self.clusters = {
            at: _Cluster(knot.refs[0], [at], knot.exclusive, knot.sources)
            for at, knot in enumerate(knots)
        }
        self._home = list(range(len(knots)))
        self._heap: list[tuple[float, str, str, int, int]] = []

    def home(self, knot: int) -> int:
        """Return the number of the cluster that a knot is in."""
        while self._home[knot] != knot:
            knot = self._home[knot]
        return knot

    def connect(self, a: int, b: int, bits: float) -> None:
        """Note the evidence between two knots."""
        self.clusters[a].near[b] = self.clusters[b].near[a] = _above(bits, self._model)

    def forbid(self, a: int, b: int) -> None:
        """Note that two knots are not one."""
        self.clusters[a].apart.add(b)
        self.clusters[b].apart.add(a)

    def run(self) -> None:
        """Merge the closest pair until none reaches the threshold.

        An entry may be older than a merge of one of its sides. The average to a merged cluster
        lies between the averages to its parts, so an old entry comes up in time to be renewed;
        where sources tell more than before, `join` renews it at once.
        """
        for a, one in self.clusters.items():
            for b in one.near:
                if a < b:
                    self._offer(a, b)
        while self._heap:
            entry = heapq.heappop(self._heap)
            a, b = self.home(entry[3]), self.home(entry[4])
            if a == b or self._vetoed(a, b):
                continue
            if self._entry(a, b)[:3] == entry[:3]:
                self.join(a, b, "evidence")
            else:
                self._offer(a, b, below=entry)

    def _offer(self, a: int, b: int, below: tuple[float, str, str, int, int] | None = None) -> None:
        if self._bits(a, b) < self._model.merge:
            return
        entry = self._entry(a, b)
        if below is None or entry[:3] != below[:3]:
            heapq.heappush(self._heap, entry)

    def _entry(self, a: int, b: int) -> tuple[float, str, str, int, int]:
        first, second = self.clusters[a].name, self.clusters[b].name
        if first > second:
            first, second = second, first
        return -self._bits(a, b), first, second, a, b

    def _bits(self, a: int, b: int) -> float:
        """Return the average between two clusters, and what their sources tell.

        Pairs never compared count the floor.
        """
        one, other = self.clusters[a], self.clusters[b]
        pairs = len(one.knots) * len(other.knots)
        average = self._model.floor + one.near.get(b, 0) / (GRAIN * pairs)
        return average + between(self._model, one.sources, other.sources)

    def _vetoed(self, a: int, b: int) -> bool:
        one, other = self.clusters[a], self.clusters[b]
        clash = bool(one.exclusive and other.exclusive and not one.exclusive & other.exclusive)
        return clash or b in one.apart

    def join(self, a: int, b: int, reason: Literal["evidence", "judgement"]) -> None:
        """Make one cluster of two; the better connected one keeps its number."""
        if a == b:
            return
        bits = self._bits(a, b)
        told = between(self._model, self.clusters[a].sources, self.clusters[b].sources)
        first, second = sorted((self._refs(a), self._refs(b)))
        self.merges.append(Merge(first, second, bits, reason, told))
        if len(self.clusters[a].near) < len(self.clusters[b].near):
            a, b = b, a
        kept, gone = self.clusters[a], self.clusters.pop(b)
        self._home[b] = a
        kept.name = min(kept.name, gone.name)
        kept.knots += gone.knots
        kept.exclusive |= gone.exclusive
        other = kept.sources != gone.sources
        kept.sources |= gone.sources
        self._take_over(a, b, kept, gone)
        if other and self._model.sources:
            for at in kept.near:
                self._offer(a, at)

    def _take_over(self, a: int, b: int, kept: _Cluster, gone: _Cluster) -> None:
        kept.near.pop(b, None)
        for at, told in gone.near.items():
            if at != a:
                near = self.clusters[at].near
                del near[b]
                kept.near[at] = near[a] = kept.near.get(at, 0) + told
        for foe in gone.apart - {a}:
            self.clusters[foe].apart.discard(b)
            self.clusters[foe].apart.add(a)
        kept.apart = (kept.apart | gone.apart) - {a, b}

    def _refs(self, at: int) -> tuple[str, ...]:
        knots = self.clusters[at].knots
        if len(knots) == 1:
            return self._knots[knots[0]].refs
        return tuple(sorted(ref for knot in knots for ref in self._knots[knot].refs))
