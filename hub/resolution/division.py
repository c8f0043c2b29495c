"""From edges to clusters: rivals heard, components found, each one clustered."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from hub.model.resolution import Judgement, Merge
from hub.resolution.clustering import Knot, cluster
from hub.resolution.frame import Ints
from hub.resolution.model import GRAIN, Model
from hub.resolution.rivals import FEW, settled
from hub.resolution.scoring import Bits


@dataclass(frozen=True, slots=True)
class Member:
    """One profile of a neighbourhood with the records that have it. itself: bits with itself."""

    profile_id: int
    refs: tuple[str, ...]
    itself: float
    exclusive: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Links:
    """Edges between members by position, each pair once, and their bits."""

    left: Ints
    right: Ints
    bits: Bits


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
    final = heard_bits(len(members), links, model)
    judged = _last_words(judgements)
    table = _knots(members, {ref for pair in judged for ref in pair}, model)
    same = _judged_pairs(table, judged, "same")
    apart = _judged_pairs(table, judged, "different")
    edges = _edges(members, table, Links(links.left, links.right, final))
    found, merges = _cluster_components(table.knots, edges, same, apart, model)
    clusters = [tuple(sorted(ref for at in each for ref in table.knots[at].refs)) for each in found]
    return sorted(clusters), merges, final


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
            table.knots.append(Knot(group, member.exclusive))
        table.of_member.append(list(range(first, len(table.knots))) if recognised else [])
    return table


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


def _edges(members: Sequence[Member], table: _Knots, links: Links) -> list[tuple[int, int, float]]:
    """Return the edges between knots: between profiles, and within one that judgements split."""
    of = table.of_member
    edges = [
        (a, b, bits)
        for left, right, bits in zip(
            links.left.tolist(), links.right.tolist(), links.bits.tolist(), strict=True
        )
        for a in of[left]
        for b in of[right]
    ]
    for member, knots in zip(members, of, strict=True):
        if len(knots) > 1:
            edges += [(a, b, member.itself) for at, b in enumerate(knots) for a in knots[:at]]
    return edges


def _cluster_components(
    knots: Sequence[Knot],
    edges: Sequence[tuple[int, int, float]],
    same: Sequence[tuple[int, int]],
    apart: Sequence[tuple[int, int]],
    model: Model,
) -> tuple[list[list[int]], list[Merge]]:
    """Cluster what edges good enough to merge (or judgements) connect; the rest stands alone."""
    firm = [(a, b) for a, b, bits in edges if bits >= model.merge] + list(same)
    if not firm:
        return [[at] for at in range(len(knots))], []
    component = _components(len(knots), firm)
    busy = sorted({knot for pair in firm for knot in pair})
    place = {knot: at for at, knot in enumerate(busy)}
    inside = [
        (place[p], place[q], bits)
        for p, q, bits in edges
        if component[p] == component[q] and p in place and q in place
    ]
    found, merges = cluster(
        [knots[at] for at in busy],
        inside,
        [(place[p], place[q]) for p, q in same],
        [(place[p], place[q]) for p, q in apart if p in place and q in place],
        model,
    )
    alone = [[at] for at in range(len(knots)) if at not in place]
    return [[busy[at] for at in each] for each in found] + alone, merges


def _components(size: int, pairs: Sequence[tuple[int, int]]) -> list[int]:
    """Return for each of `size` knots the number of the component that the pairs put it in."""
    if size > FEW:
        a, b = np.array(pairs, dtype=np.int64).T
        graph = sparse.coo_array((np.ones(len(a)), (a, b)), shape=(size, size))
        found: list[int] = csgraph.connected_components(graph, directed=False)[1].tolist()
        return found
    component = list(range(size))
    for one, other in pairs:
        a, b = component[one], component[other]
        if a != b:
            component = [a if each == b else each for each in component]
    return component
