"""Clusters component by component: what edges good enough to merge connect.

Where a model says so, in two rounds: groups beyond doubt first, then those groups, see `groups`.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from hub.model.resolution import Merge
from hub.resolution.clustering import Knot, cluster, cluster_plain, in_turn
from hub.resolution.connected import components_from
from hub.resolution.frame import Ints
from hub.resolution.groups import Links, between_groups, first_round, last_round, of_groups, told
from hub.resolution.model import GRAIN, Model
from hub.resolution.rivals import FEW
from hub.resolution.sources import between_all, most_between


def clustered(
    knots: Sequence[Knot],
    edges: Links,
    same: Sequence[tuple[int, int]],
    apart: Sequence[tuple[int, int]],
    model: Model,
) -> tuple[list[list[int]], list[Merge]]:
    """Return clusters of knots and the merges that made them, round by round."""
    again = model.second
    if again is None:
        return cluster_components(knots, edges, same, apart, model)
    found, merges = cluster_components(knots, edges, same, apart, first_round(model, again))
    if len(found) == 1 or not len(edges.left):
        return found, merges
    held = of_groups(knots, found, edges)
    if not len(held.home):
        return found, merges
    near = between_groups(held, edges, model, again)
    pairs = [(int(held.number[a]), int(held.number[b])) for a, b in apart]
    banned = [pair for pair in pairs if min(pair) >= 0]
    made, more = cluster_components(held.knots, near, (), banned, last_round(model, again))
    home = held.home.tolist()
    joined = [[at for group in each for at in found[home[group]]] for each in made]
    met = set(home)
    rest = [each for at, each in enumerate(found) if at not in met]
    return joined + rest, merges + told(more, held, model, again)


def cluster_components(
    knots: Sequence[Knot],
    edges: Links,
    same: Sequence[tuple[int, int]],
    apart: Sequence[tuple[int, int]],
    model: Model,
) -> tuple[list[list[int]], list[Merge]]:
    """Cluster what edges good enough to merge (or judgements) connect; the rest stands alone."""
    if len(knots) <= FEW:
        return _few_components(knots, edges, same, apart, model)
    firm = _firm(edges, model)
    said = np.array(same, dtype=np.int64).reshape(-1, 2)
    one, other = np.append(edges.left[firm], said[:, 0]), np.append(edges.right[firm], said[:, 1])
    component = components_from(one, other, len(knots))
    busy = np.zeros(len(knots), dtype=bool)
    busy[one] = busy[other] = True
    inside = component[edges.left] == component[edges.right]
    inside &= busy[edges.left] & busy[edges.right]
    within = Links(edges.left[inside], edges.right[inside], edges.bits[inside])
    judged = {at for pair in (*same, *apart) for at in pair}
    special = [at for at in np.flatnonzero(busy).tolist() if at in judged or knots[at].exclusive]
    vetoes = np.zeros(len(knots), dtype=bool)
    vetoes[component[special]] = True
    plain = busy & ~vetoes[component]
    found, merges = _plain_clusters(knots, component, plain, within, model)
    more, others = _judged_clusters(
        knots, np.flatnonzero(busy & ~plain), within, (same, apart), model
    )
    alone = [[at] for at in np.flatnonzero(~busy).tolist()]
    return found + more + alone, in_turn(merges, others)


def _firm(edges: Links, model: Model) -> NDArray[np.bool_]:
    """Return which edges join components: those good enough, or that sources could make so."""
    firm = edges.bits >= model.merge - most_between(model)
    return firm if edges.joins is None else firm & edges.joins


def _few_components(
    knots: Sequence[Knot],
    edges: Links,
    same: Sequence[tuple[int, int]],
    apart: Sequence[tuple[int, int]],
    model: Model,
) -> tuple[list[list[int]], list[Merge]]:
    """Return the same of a few knots, knot by knot: for them an array costs more than a list."""
    if not len(edges.left) and not same:
        return [[at] for at in range(len(knots))], []
    sides = edges.left.tolist(), edges.right.tolist(), edges.bits.tolist()
    every = list(zip(*sides, strict=True))
    firm = _firm(edges, model).tolist()
    joins = [(a, b) for (a, b, _), good in zip(every, firm, strict=True) if good] + list(same)
    members = _joined(joins)
    home = {at: knots_of[0] for knots_of in members for at in knots_of}
    within = [at for at, (a, b, _) in enumerate(every) if a in home and home[a] == home.get(b)]
    judged = {at for pair in (*same, *apart) for at in pair}
    vetoed = {home[at] for at in home if at in judged or knots[at].exclusive}
    found: list[list[int]] = []
    merges = []
    for at in [each for each in members if each[0] not in vetoed]:
        held = [every[edge] for edge in within if home[every[edge][0]] == at[0]]
        clusters, made = cluster_plain({number: knots[number] for number in at}, held, model)
        found += clusters
        merges.append(made)
    busy = np.array(sorted(at for at, first in home.items() if first in vetoed), dtype=np.int64)
    inside = Links(edges.left[within], edges.right[within], edges.bits[within])
    more, others = _judged_clusters(knots, busy, inside, (same, apart), model)
    alone = [[at] for at in range(len(knots)) if at not in home]
    return found + more + alone, in_turn(merges, others)


def _joined(pairs: Iterable[tuple[int, int]]) -> list[list[int]]:
    """Return what pairs connect: the members of each component, ascending, by the first one."""
    held: dict[int, list[int]] = {}
    for a, b in pairs:
        one, other = held.setdefault(a, [a]), held.setdefault(b, [b])
        if one is not other:
            one += other
            held.update(dict.fromkeys(other, one))
    return sorted(sorted(each) for each in {id(one): one for one in held.values()}.values())


def _plain_clusters(
    knots: Sequence[Knot], component: Ints, plain: NDArray[np.bool_], within: Links, model: Model
) -> tuple[list[list[int]], list[list[Merge]]]:
    """Cluster components without vetoes one by one; return each one's merges, too."""
    two = plain & (np.bincount(component)[component] == 2)
    own = np.flatnonzero(two[within.left])
    found, merges = _pairs(
        knots, Links(within.left[own], within.right[own], within.bits[own]), model
    )
    at = np.flatnonzero(plain & ~two)
    members = _by_number(component[at], at)
    own = np.flatnonzero((plain & ~two)[within.left])
    edges = _by_number(component[within.left[own]], own)
    left, right, bits = within.left.tolist(), within.right.tolist(), within.bits.tolist()
    for numbers, held in zip(members, edges, strict=True):
        clusters, made = cluster_plain(
            {number: knots[number] for number in numbers},
            [(left[edge], right[edge], bits[edge]) for edge in held],
            model,
        )
        found += clusters
        merges.append(made)
    return found, merges


def _pairs(
    knots: Sequence[Knot], edges: Links, model: Model
) -> tuple[list[list[int]], list[list[Merge]]]:
    """Return the same of components of two knots, as most are: each is the edge between them."""
    told = between_all(model, [each.sources for each in knots], edges.left, edges.right)
    above = np.trunc((np.clip(edges.bits, model.floor, model.ceiling) - model.floor) * GRAIN)
    average = model.floor + above / GRAIN + told
    sides = np.minimum(edges.left, edges.right), np.maximum(edges.left, edges.right)
    found: list[list[int]] = []
    merges = []
    every = zip(*(each.tolist() for each in (*sides, average, told)), strict=True)
    for a, b, bits, sources in every:
        if bits >= model.merge:
            found.append([a, b])
            first, second = sorted((knots[a].refs, knots[b].refs))
            merges.append([Merge(first, second, bits, "evidence", sources)])
        else:
            found += [[a], [b]]
    return found, merges


def _by_number(number: Ints, items: Ints) -> list[list[int]]:
    """Return the items of each number, ascending by number."""
    order = np.argsort(number, kind="stable")
    cuts = np.flatnonzero(np.diff(number[order], prepend=-1)).tolist()
    ordered = items[order].tolist()
    return [ordered[start:stop] for start, stop in pairwise([*cuts, len(ordered)])]


def _judged_clusters(
    knots: Sequence[Knot],
    busy: Ints,
    within: Links,
    judged: tuple[Sequence[tuple[int, int]], Sequence[tuple[int, int]]],
    model: Model,
) -> tuple[list[list[int]], list[Merge]]:
    """Cluster the components in which something forbids or demands a merge, all together."""
    place = {knot: at for at, knot in enumerate(busy.tolist())}
    if not place:
        return [], []
    edges = zip(within.left.tolist(), within.right.tolist(), within.bits.tolist(), strict=True)
    same, apart = judged
    found, merges = cluster(
        [knots[at] for at in place],
        [(place[p], place[q], bits) for p, q, bits in edges if p in place],
        [(place[p], place[q]) for p, q in same],
        [(place[p], place[q]) for p, q in apart if p in place and q in place],
        model,
    )
    return [[int(busy[at]) for at in each] for each in found], merges
