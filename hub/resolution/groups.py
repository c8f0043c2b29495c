"""A second round of clustering: groups that are beyond doubt are held against each other.

Four records that certainly mean one company are one rival, not four, and what each of them lacks
the others know. So groups are made first of what needs no second look; then their averages and what
their sources tell are weighed anew, and rivals are heard once more, group by group.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from hub.model.resolution import Merge
from hub.resolution.clustering import Knot
from hub.resolution.connected import components_from
from hub.resolution.frame import Ints
from hub.resolution.masks import Bits
from hub.resolution.model import GRAIN, Again, Model, grained
from hub.resolution.rivals import FEW, settled
from hub.resolution.sources import between, between_all

NEAR = -5.0
"""Bits from which two groups are rivals."""


@dataclass(frozen=True, slots=True)
class Links:
    """Edges between members by position, each pair once, and their bits.

    joins: which of them may join components; all, where that is not said.
    """

    left: Ints
    right: Ints
    bits: Bits
    joins: NDArray[np.bool_] | None = None


@dataclass(frozen=True, slots=True)
class Groups:
    """The groups that edges connect, as knots of the second round, ascending by `home`.

    number: of the group that each knot is in, -1 where nothing leaves its group. home: where each
    group stands among all. edges: which edges are between groups of one component.
    """

    knots: Sequence[Knot]
    number: Ints
    size: Ints
    home: Ints
    edges: Ints


def first_round(model: Model, again: Again) -> Model:
    """Return the model by which groups are made."""
    found = model.read.get("first")
    if found is None:
        found = model.read["first"] = replace(model, merge=model.merge + again.sure)
    assert isinstance(found, Model)
    return found


def last_round(model: Model, again: Again) -> Model:
    """Return the model by which groups are clustered: what sources tell is in the bits by then."""
    found = model.read.get("last")
    if found is None:
        found = model.read["last"] = replace(model, sources={}, floor=again.floor)
    assert isinstance(found, Model)
    return found


def of_groups(knots: Sequence[Knot], found: Sequence[Sequence[int]], edges: Links) -> Groups:
    """Return those groups of all that were found which edges connect.

    Only groups of one component meet: whoever works on it need not know the next one.
    """
    size = np.fromiter(map(len, found), np.int64, len(found))
    of = np.zeros(len(knots), dtype=np.int64)
    every = np.fromiter(chain.from_iterable(found), np.int64, len(knots))
    of[every] = np.repeat(np.arange(len(found)), size)
    between = _within_components(of[edges.left], of[edges.right], edges.joins, len(found))
    met = np.zeros(len(found), dtype=bool)
    met[of[edges.left[between]]] = met[of[edges.right[between]]] = True
    home = np.flatnonzero(met)
    number = np.where(met, np.cumsum(met) - 1, -1)[of]
    made = [_one([knots[at] for at in found[group]]) for group in home.tolist()]
    return Groups(made, number, size[home], home, between)


def _one(knots: Sequence[Knot]) -> Knot:
    if len(knots) == 1:
        return knots[0]
    refs = tuple(sorted(ref for each in knots for ref in each.refs))
    exclusive = frozenset().union(*(each.exclusive for each in knots))
    return Knot(refs, exclusive, frozenset().union(*(each.sources for each in knots)))


@dataclass(frozen=True, slots=True)
class Meeting:
    """What is known of each two groups of one component: their average and what sources tell."""

    left: Ints
    right: Ints
    average: Bits
    sources: Bits


def between_groups(groups: Groups, edges: Links, model: Model, again: Again) -> Links:
    """Return the edges between groups with their bits, rivals heard.

    Of two profiles alone no more is known than in the first round: only rivals are heard anew.
    """
    met = meeting(groups, edges, model)
    heard = weighed(groups, met, again)
    lone = np.maximum(groups.size[met.left], groups.size[met.right]) == 1
    heard[lone] = np.minimum(heard, met.average + met.sources)[lone]
    return Links(met.left, met.right, grains(heard))


def meeting(groups: Groups, edges: Links, model: Model) -> Meeting:
    """Return each two groups that edges connect and what is known of them."""
    at, width = groups.edges, len(groups.knots)
    one, other = groups.number[edges.left[at]], groups.number[edges.right[at]]
    left, right = np.minimum(one, other), np.maximum(one, other)
    pairs, back = np.unique(left * width + right, return_inverse=True)
    above = np.clip(edges.bits[at], model.floor, model.ceiling) - model.floor
    told = np.bincount(back, np.trunc(above * GRAIN), len(pairs))
    left, right = pairs // width, pairs % width
    average = model.floor + told / (GRAIN * groups.size[left] * groups.size[right])
    sources = between_all(model, [each.sources for each in groups.knots], left, right)
    return Meeting(left, right, average, sources)


def weighed(groups: Groups, met: Meeting, again: Again) -> Bits:
    """Return the bits of each two groups once rivals are heard, by all that is known of them."""
    bits = grains(again.shift + again.average * met.average + again.sources * met.sources)
    size = len(groups.knots)
    heard = settled(size, met.left, met.right, bits, link=NEAR, rivalry=again.rivalry)
    one, other = groups.size[met.left], groups.size[met.right]
    heard -= again.smaller * np.log2(np.minimum(one, other))
    heard -= again.larger * np.log2(np.maximum(one, other))
    return heard


def grains(bits: Bits) -> Bits:
    """Return bits rounded to the grain."""
    return np.asarray(np.rint(bits * GRAIN) / GRAIN)


def _within_components(left: Ints, right: Ints, joins: NDArray[np.bool_] | None, size: int) -> Ints:
    """Return which edges are between groups of one component of those that join components."""
    apart = np.flatnonzero(left != right)
    if joins is None or not len(apart):
        return apart
    component = components_of(left, right, joins, size)
    return np.asarray(apart[component[left[apart]] == component[right[apart]]])


def components_of(left: Ints, right: Ints, joins: NDArray[np.bool_], size: int) -> Ints:
    """Return the number of the component that each group is in, by the edges that join."""
    if size <= FEW:
        return np.array(_alike(left, right, joins, size), dtype=np.int64)
    return components_from(left[joins], right[joins], size)


def _alike(left: Ints, right: Ints, joins: NDArray[np.bool_], size: int) -> list[int]:
    """Return for each of a few groups the same number as for all that edges join with it."""
    number = list(range(size))
    for a, b in zip(left[joins].tolist(), right[joins].tolist(), strict=True):
        one, other = number[a], number[b]
        if one != other:
            number = [one if each == other else each for each in number]
    return number


def told(merges: Sequence[Merge], groups: Groups, model: Model, again: Again) -> list[Merge]:
    """Return merges of groups with what their sources told."""
    if not model.sources:
        return list(merges)
    of = {ref: each.sources for each in groups.knots for ref in each.refs}

    def sources(refs: Sequence[str]) -> frozenset[str]:
        return frozenset().union(*(of[ref] for ref in refs))

    return [
        replace(
            each,
            sources=grained(
                again.sources * between(model, sources(each.left), sources(each.right))
            ),
        )
        for each in merges
    ]
