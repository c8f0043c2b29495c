"""From edges to clusters: rivals heard, components found, each one clustered."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph

from hub.model.resolution import Judgement, Merge
from hub.resolution.clustering import Knot, cluster, cluster_plain, in_turn
from hub.resolution.frame import Ints, cross, lists_of
from hub.resolution.model import GRAIN, Model
from hub.resolution.rivals import FEW, settled
from hub.resolution.scoring import Bits
from hub.resolution.sources import most_between, within


@dataclass(frozen=True, slots=True)
class Member:
    """One profile of a neighbourhood with the records that have it. itself: bits with itself.

    sources: of each of its records, where sources tell something.
    """

    profile_id: int
    refs: tuple[str, ...]
    itself: float
    exclusive: frozenset[str] = frozenset()
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Links:
    """Edges between members by position, each pair once, and their bits.

    joins: which of them may join components; all, where that is not said.
    """

    left: Ints
    right: Ints
    bits: Bits
    joins: NDArray[np.bool_] | None = None


@dataclass(slots=True)
class _Knots:
    """The knots of all members, and where profiles and refs went."""

    knots: list[Knot] = field(default_factory=list)
    of_member: list[list[int]] = field(default_factory=list)
    """Per member the knots that its edges speak of; none where it would not know itself."""
    of_ref: dict[str, int] = field(default_factory=dict)


def divide(
    members: Sequence[Member], links: Links, judgements: Iterable[Judgement], model: Model
) -> tuple[list[tuple[str, ...]], list[Merge], Bits]:
    """Return clusters of refs (each sorted, sorted by first ref), merges, and the settled bits.

    members: ascending by profile id. links: every edge among them.
    """
    links = with_sources([each.sources for each in members], links, model)
    final = heard_bits(len(members), links, model)
    judged = _last_words(judgements)
    table = _knots(members, {ref for pair in judged for ref in pair}, model)
    same = _judged_pairs(table, judged, "same")
    apart = _judged_pairs(table, judged, "different")
    joins = links.bits >= model.link
    edges = _edges(members, table, Links(links.left, links.right, final, joins))
    found, merges = cluster_components(table.knots, edges, same, apart, model)
    knots = table.knots
    clusters = [
        tuple(sorted([ref for at in each for ref in knots[at].refs]))
        if len(each) > 1
        else knots[each[0]].refs
        for each in found
    ]
    return sorted(clusters), merges, final


def with_sources(sources: Sequence[Sequence[str]], links: Links, model: Model) -> Links:
    """Return the edges with what being of one source takes off. sources: per profile."""
    if not model.sources:
        return links
    lost = within(model.sources, sources, links.left, links.right)
    return Links(links.left, links.right, links.bits + lost)


def heard_bits(size: int, links: Links, model: Model) -> Bits:
    """Return the bits of each edge once rivals are heard.

    An edge that joins no component joins no cluster either, however little contested: whoever
    works on one component need not know the next one.
    """
    heard = settled(
        size, links.left, links.right, links.bits, link=model.link, rivalry=model.rivalry
    )
    short_of_merge = np.minimum(heard, model.merge - 1 / GRAIN)
    return np.asarray(np.where(links.bits >= model.link, heard, short_of_merge))


def _last_words(judgements: Iterable[Judgement]) -> dict[tuple[str, str], str]:
    return {
        (min(each.left, each.right), max(each.left, each.right)): each.verdict
        for each in judgements
        if each.verdict != "unsure" and each.left != each.right
    }


def _knots(members: Sequence[Member], judged: set[str], model: Model) -> _Knots:
    table = _Knots()
    for member in members:
        recognised = member.itself >= model.merge
        groups = [member.refs]
        if len(member.refs) > 1:
            groups = _groups(sorted(member.refs), judged, recognised=recognised)
        first = len(table.knots)
        for group in groups:
            table.of_ref.update(dict.fromkeys(group, len(table.knots)))
            table.knots.append(Knot(group, member.exclusive, _sources(member, group)))
        table.of_member.append(list(range(first, len(table.knots))) if recognised else [])
    return table


def _sources(member: Member, group: Sequence[str]) -> frozenset[str]:
    """Return the sources of some records of a profile."""
    if not member.sources or len(group) == len(member.refs):
        return frozenset(member.sources)
    of = dict(zip(member.refs, member.sources, strict=True))
    return frozenset(of[ref] for ref in group)


def _groups(refs: Sequence[str], judged: set[str], *, recognised: bool) -> list[tuple[str, ...]]:
    """Return which records of one profile are one knot: all, but for those that are judged."""
    rest = [ref for ref in refs if ref not in judged]
    alone = [(ref,) for ref in refs if ref in judged]
    return alone + ([tuple(rest)] if recognised and rest else [(ref,) for ref in rest])


def _judged_pairs(
    table: _Knots, judged: Mapping[tuple[str, str], str], word: str
) -> list[tuple[int, int]]:
    return [
        (table.of_ref[a], table.of_ref[b])
        for (a, b), said in judged.items()
        if said == word and a in table.of_ref and b in table.of_ref
    ]


def _edges(members: Sequence[Member], table: _Knots, links: Links) -> Links:
    """Return the edges between knots: between profiles, and within one that judgements split."""
    of = lists_of(table.of_member)
    rows, a, b = cross(of, links.left, of, links.right)
    parted = [
        (one, other, member.itself)
        for member, knots in zip(members, table.of_member, strict=True)
        if len(knots) > 1
        for at, other in enumerate(knots)
        for one in knots[:at]
    ]
    joins = np.ones(len(links.left), dtype=bool) if links.joins is None else links.joins
    if not parted:
        return Links(of.items[a], of.items[b], links.bits[rows], joins[rows])
    left, right, bits = zip(*parted, strict=True)
    return Links(
        np.append(of.items[a], left),
        np.append(of.items[b], right),
        np.append(links.bits[rows], bits),
        np.append(joins[rows], np.ones(len(bits), dtype=bool)),
    )


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
    graph = sparse.coo_array((np.ones(len(one)), (one, other)), shape=(len(knots), len(knots)))
    component = csgraph.connected_components(graph, directed=False)[1].astype(np.int64)
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
    at = np.flatnonzero(plain)
    members = _by_number(component[at], at)
    own = np.flatnonzero(plain[within.left])
    edges = _by_number(component[within.left[own]], own)
    left, right, bits = within.left.tolist(), within.right.tolist(), within.bits.tolist()
    found: list[list[int]] = []
    merges = []
    for numbers, held in zip(members, edges, strict=True):
        clusters, made = cluster_plain(
            {number: knots[number] for number in numbers},
            [(left[edge], right[edge], bits[edge]) for edge in held],
            model,
        )
        found += clusters
        merges.append(made)
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
