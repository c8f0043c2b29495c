"""From edges to clusters: rivals heard, knots made of records, knots clustered."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from hub.model.resolution import Judgement, Merge
from hub.resolution.clustering import Knot, Signs
from hub.resolution.components import clustered
from hub.resolution.frame import cross, lists_of
from hub.resolution.groups import Links
from hub.resolution.masks import Bits
from hub.resolution.mentions import bring_home
from hub.resolution.model import GRAIN, Model
from hub.resolution.rivals import settled
from hub.resolution.sources import within


@dataclass(frozen=True, slots=True)
class Member:
    """One profile of a neighbourhood with the records that have it. itself: bits with itself.

    sources: of each of its records, where sources tell something. signs: of a company in a hub.
    """

    profile_id: int
    refs: tuple[str, ...]
    itself: float
    exclusive: frozenset[str] = frozenset()
    sources: tuple[str, ...] = ()
    signs: Signs | None = None


@dataclass(slots=True)
class _Knots:
    """The knots of all members, and where profiles and judged refs went."""

    knots: list[Knot] = field(default_factory=list)
    of_member: list[list[int]] = field(default_factory=list)
    """Per member the knots that its edges speak of; none where it would not know itself."""
    of_ref: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Laid:
    """What is clustered: knots, the edges between them, and judged pairs of knots. settled: the
    bits of each edge between members once sources and rivals are heard."""

    knots: Sequence[Knot]
    edges: Links
    same: Sequence[tuple[int, int]]
    apart: Sequence[tuple[int, int]]
    settled: Bits


def lay_out(
    members: Sequence[Member], links: Links, judgements: Iterable[Judgement], model: Model
) -> Laid:
    """Return what is clustered of these members; see `divide`."""
    links = with_sources([each.sources for each in members], links, model)
    final = heard_bits(len(members), links, model)
    judged = _last_words(judgements)
    table = _knots(members, {ref for pair in judged for ref in pair}, model)
    joins = links.bits >= model.link
    return Laid(
        table.knots,
        _edges(members, table, Links(links.left, links.right, final, joins)),
        _judged_pairs(table, judged, "same"),
        _judged_pairs(table, judged, "different"),
        final,
    )


def divide(
    members: Sequence[Member], links: Links, judgements: Iterable[Judgement], model: Model
) -> tuple[list[tuple[str, ...]], list[Merge], Bits]:
    """Return clusters of refs (each sorted, sorted by first ref), merges, and the settled bits.

    members: ascending by profile id. links: every edge among them.
    """
    laid = lay_out(members, links, judgements, model)
    found, merges = clustered(laid.knots, laid.edges, laid.same, laid.apart, model)
    found, brought = bring_home(laid.knots, found, laid.edges, laid.apart)
    knots = laid.knots
    clusters = [
        tuple(sorted([ref for at in each for ref in knots[at].refs]))
        if len(each) > 1
        else knots[each[0]].refs
        for each in found
    ]
    return sorted(clusters), merges + brought, laid.settled


def with_sources(sources: Sequence[tuple[str, ...]], links: Links, model: Model) -> Links:
    """Return the edges with what being of one source takes off. sources: per profile."""
    if not model.sources or not len(links.bits):
        return links
    lost = within(model.sources, sources, links.left, links.right)
    return Links(links.left, links.right, links.bits + lost)


def heard_bits(size: int, links: Links, model: Model) -> Bits:
    """Return the bits of each edge once rivals are heard.

    An edge that joins no component joins no cluster either, however little contested: whoever
    works on one component need not know the next one.
    """
    if not len(links.bits):
        return links.bits
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
    knots = table.knots
    every = {each.sources: frozenset(each.sources) for each in members}
    for member in members:
        refs, recognised = member.refs, member.itself >= model.merge
        first = len(knots)
        groups = [refs]
        if len(refs) > 1:
            groups = _groups(sorted(refs), judged, recognised=recognised)
        for group in groups:
            own = every[member.sources] if len(group) == len(refs) else _sources(member, group)
            knots.append(Knot(group, member.exclusive, own, member.signs))
        table.of_member.append(list(range(first, len(knots))) if recognised else [])
    if judged:
        own_knot = ((ref, at) for at, knot in enumerate(knots) for ref in knot.refs)
        table.of_ref.update((ref, at) for ref, at in own_knot if ref in judged)
    return table


def _sources(member: Member, group: Sequence[str]) -> frozenset[str]:
    """Return the sources of some records of a profile."""
    if not member.sources:
        return frozenset()
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
