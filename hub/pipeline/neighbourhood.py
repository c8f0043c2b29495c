"""Reads from the store what decides about some profiles: their components, whole."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from hub.model.resolution import Edge, Explanation, Judgement
from hub.resolution import resolver, second
from hub.resolution.clustering import Signs
from hub.resolution.division import Member, heard_bits, with_sources
from hub.resolution.groups import Links
from hub.resolution.mentions import is_mention, signs_of
from hub.resolution.model import Model
from hub.resolution.sources import of_records
from hub.store import judgements
from hub.store import profiles as index
from hub.store.database import Tx


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """Whole components: profiles with their records, the edges and judgements among them."""

    members: tuple[Member, ...]
    edges: tuple[Edge, ...]
    words: tuple[Judgement, ...]

    def parted(self, model: Model) -> resolver.Partition:
        """Return the clusters these records fall into, as the hub decided them."""
        return resolver.partition(self.members, self.edges, self.words, model)

    def second_round(self, model: Model, pair: tuple[str, str]) -> Explanation | None:
        """Return what the groups of two records told of each other, see `second`."""
        return second.second_round(self.members, self.edges, self.words, model, pair)


def around(tx: Tx, kind: str, ids: Collection[int], model: Model) -> Neighbourhood:
    """Return the components that hold these profiles."""
    records: dict[int, list[str]] = {}
    edges: dict[tuple[int, int], Edge] = {}
    words: dict[int, Judgement] = {}
    seen: set[int] = set()
    beside = set(ids)
    while beside:
        linked = _linked(tx, beside, seen, edges, model)
        seen |= linked
        found = index.records_of(tx, linked)
        records |= found
        judged = judgements.standing(tx, [ref for refs in found.values() for ref in refs])
        words |= {each.id: Judgement(each.left, each.right, each.verdict) for each in judged}
        said = {ref for j in judged if j.verdict == "same" for ref in (j.left, j.right)}
        beside = set(index.of_records(tx, kind, said).values()) - seen
    inside = [edges[pair] for pair in sorted(edges) if set(pair) <= records.keys()]
    return Neighbourhood(
        _members(tx, kind, records, judged=bool(words)),
        tuple(inside),
        tuple(words[at] for at in sorted(words)),
    )


def _linked(
    tx: Tx,
    ids: Collection[int],
    seen: Collection[int],
    edges: dict[tuple[int, int], Edge],
    model: Model,
) -> set[int]:
    """Return profiles with all that edges link to them, but for those seen; note all edges."""
    found: set[int] = set()
    fringe = set(ids)
    while fringe:
        found |= fringe
        near = index.edges_of(tx, fringe, model.keep)
        edges |= {(edge.left, edge.right): edge for edge in near}
        sides = {
            side for edge in near if edge.bits >= model.link for side in (edge.left, edge.right)
        }
        fringe = sides - found - set(seen)
    return found


def _members(
    tx: Tx, kind: str, records: dict[int, list[str]], *, judged: bool
) -> tuple[Member, ...]:
    own, signs = index.members(tx, records), _signs(tx, kind, records, judged=judged)
    return tuple(
        Member(
            one,
            tuple(records[one]),
            own[one][0],
            frozenset(own[one][1]),
            of_records(records[one]),
            signs.get(one),
        )
        for one in sorted(records.keys() & own.keys())
    )


def _signs(
    tx: Tx, kind: str, records: Mapping[int, Sequence[str]], *, judged: bool
) -> dict[int, Signs]:
    """Return what companies' records tell of their domains; nothing where none can be a mention.

    judged: whether judgements may part records that say the same.
    """
    parts = [(ref,) for own in records.values() for ref in own] if judged else records.values()
    if kind != "organization" or len(parts) < 2 or not any(map(is_mention, parts)):
        return {}
    return {one: signs_of(facets) for one, facets in index.facets_of(tx, records).items()}


def edges_at(tx: Tx, ids: Iterable[int], model: Model) -> list[Edge]:
    """Return every edge of these profiles, with the bits that remain once rivals are heard.

    All that an edge's rivals depend on are the edges of its two sides.
    """
    own = set(ids)
    asked = index.edges_of(tx, own, model.keep)
    sides = {side for edge in asked for side in (edge.left, edge.right)}
    known = index.edges_of(tx, sides - own, model.keep)
    every = {(edge.left, edge.right): edge for edge in (*asked, *known)}
    edges = [every[pair] for pair in sorted(every)]
    everyone = {side for pair in every for side in pair} if model.sources else set()
    held = index.records_of(tx, everyone)
    sources = {one: of_records(refs) for one, refs in held.items()}
    heard = heard_among(edges, model, sources)
    return [edge for edge in heard if edge.left in own or edge.right in own]


def heard_among(
    edges: Sequence[Edge], model: Model, sources: Mapping[int, tuple[str, ...]]
) -> list[Edge]:
    """Return edges with the bits that remain once sources and rivals among them are heard.

    sources: per profile those of its records.
    """
    ids = sorted({side for edge in edges for side in (edge.left, edge.right)})
    position = {one: at for at, one in enumerate(ids)}
    links = Links(
        np.array([position[edge.left] for edge in edges], dtype=np.int64),
        np.array([position[edge.right] for edge in edges], dtype=np.int64),
        np.array([edge.bits for edge in edges], dtype=np.float64),
    )
    links = with_sources([sources.get(one, ()) for one in ids], links, model)
    final = heard_bits(len(ids), links, model).tolist()
    return [Edge(edge.left, edge.right, bits) for edge, bits in zip(edges, final, strict=True)]
