"""Fits how groups of records are judged in the second round, see `hub.resolution.groups`."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

from hub.resolution.batch import FLOOR, Base, Scored, score_adapted, score_all
from hub.resolution.clustering import Knot
from hub.resolution.components import cluster_components
from hub.resolution.division import heard_bits, with_sources
from hub.resolution.groups import Groups, Links, first_round, meeting, of_groups, weighed
from hub.resolution.model import Again, Model, Rivalry, grained
from hub.resolution.sources import holdings

LN2 = float(np.log(2.0))
SURE = {True: 2.5, False: 1.5}
"""Bits from which a group is beyond doubt, where sources are told of and where they are not."""
FRIEND = 0.0
"""Bits from which two groups that a third resembles are no rivals."""
CAREFUL = {True: 0.875, False: 0.0}
"""Bits below which a merge that is rather right than wrong is left to a person."""
LEAST = -4.5
"""Bits, before rivals, of pairs of groups that teach how rivals are heard."""
NO_RIVALS = Rivalry()
PLAIN = Again(0.0, 1.0, 0.0, 0.0, NO_RIVALS)
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Case:
    """Groups of one world, the edges they were made from, and which profiles mean the same.

    model: with what its sources tell.
    """

    groups: Groups
    edges: Links
    model: Model
    truth: NDArray[np.int64]


def case(base: Base, truth: NDArray[np.int64], model: Model, *, told: bool) -> Case:
    """Return the groups of a world. told: whether its sources are asked."""
    if told:
        model, scored = score_adapted(base, model)
        held = holdings(model, base.sources, scored.left, scored.right, scored.bits)
        model = replace(model, sources=held, floor=max(model.floor, FLOOR))
    else:
        scored = score_all(base, model)
    edges = _edges(base, scored, model)
    knots = [
        Knot(refs, frozenset(), frozenset(of))
        for refs, of in zip(base.refs, base.sources, strict=True)
    ]
    first = first_round(replace(model), Again(SURE[told], 1.0, 1.0, 0.0, NO_RIVALS))
    found, _ = cluster_components(knots, edges, (), (), first)
    return Case(of_groups(knots, found, edges), edges, model, truth)


def _edges(base: Base, scored: Scored, model: Model) -> Links:
    known = scored.itself >= model.merge
    kept = np.flatnonzero((scored.bits >= model.keep) & known[scored.left] & known[scored.right])
    links = Links(
        scored.left[kept].astype(np.int64), scored.right[kept].astype(np.int64), scored.bits[kept]
    )
    links = with_sources(base.sources, links, model)
    heard = heard_bits(len(base.ids), links, model)
    return Links(links.left, links.right, heard, links.bits >= model.link)


def again(cases: Iterable[Case], *, told: bool) -> Again:
    """Return how groups are judged: logistic regressions, without rivals first, then with them.

    told: whether the sources of the cases were asked.
    """
    every = list(cases)
    truth, weight = (np.concatenate(each) for each in zip(*map(_truth, every), strict=True))
    average = _asked(every, PLAIN)
    sources = _asked(every, Again(0.0, 0.0, 1.0, 0.0, NO_RIVALS))
    near = average + sources >= LEAST
    columns = [average[near], sources[near]]
    shift, by_average, by_sources = _fitted(columns, truth[near], weight[near])
    weights = grained(by_average), grained(by_sources), grained(shift)
    plain = Again(SURE[told], *weights, NO_RIVALS)
    bits = _asked(every, plain)
    most = -_asked(every, replace(plain, rivalry=Rivalry(scale=0.0, most=1.0, friend=FRIEND)))
    least = -_asked(every, replace(plain, rivalry=Rivalry(scale=0.0, least=1.0, friend=FRIEND)))
    nothing = replace(plain, rivalry=Rivalry(scale=0.0))
    smaller = -_asked(every, replace(nothing, smaller=1.0))
    larger = -_asked(every, replace(nothing, larger=1.0))
    near = bits >= LEAST
    columns = [each[near] for each in (bits, -most, -least, -smaller, -larger)]
    moved, scale, *less = _fitted(columns, truth[near], weight[near])
    shift = moved - CAREFUL[told]
    rivalry = Rivalry(grained(scale), grained(shift), grained(less[0]), grained(less[1]), FRIEND)
    return replace(plain, rivalry=rivalry, smaller=grained(less[2]), larger=grained(less[3]))


def _asked(cases: Iterable[Case], asked: Again) -> Numbers:
    """Return the bits of all pairs of groups by one way of judging them."""
    return np.concatenate(
        [
            weighed(each.groups, meeting(each.groups, each.edges, each.model), asked)
            for each in cases
        ]
    )


def _truth(one: Case) -> tuple[Numbers, Numbers]:
    """Return per pair of groups which share of pairs of profiles is right, and how many count."""
    pairs = meeting(one.groups, one.edges, one.model)
    key = one.groups.number * (int(one.truth.max()) + 1) + one.truth
    distinct, count = np.unique(key, return_counts=True)
    width = int(one.truth.max()) + 1
    of: dict[int, dict[int, int]] = {}
    for each, held in zip(distinct.tolist(), count.tolist(), strict=True):
        of.setdefault(each // width, {})[each % width] = held
    right = [
        sum(held * of[b].get(what, 0) for what, held in of[a].items())
        for a, b in zip(pairs.left.tolist(), pairs.right.tolist(), strict=True)
    ]
    size = (one.groups.size[pairs.left] * one.groups.size[pairs.right]).astype(np.float64)
    return np.array(right) / size, size


def _fitted(columns: list[Numbers], truth: Numbers, weight: Numbers) -> list[float]:
    """Return what is added and what each column counts, in bits, by logistic regression.

    No column speaks against what it stands for.
    """
    known = np.stack([np.ones(len(truth)), *columns], axis=1)

    def loss(values: Numbers) -> tuple[float, Numbers]:
        odds = LN2 * (known @ values)
        cost = float(np.sum(weight * (np.logaddexp(0.0, odds) - truth * odds)))
        chance = 1.0 / (1.0 + np.exp(-np.clip(odds, -60, 60)))
        return cost, LN2 * (known.T @ (weight * (chance - truth)))

    bounds = [(None, None), *((0.0, None) for _ in columns)]
    first = np.array([0.0, 1.0, *(0.1 for _ in columns[1:])])
    found = optimize.minimize(loss, first, jac=True, method="L-BFGS-B", bounds=bounds)
    return [float(value) for value in found.x]
