"""Resolution of all records of one kind at once, in columns; it ends where increments end."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from hub.model.resolution import Judgement, Merge, Profile
from hub.resolution.adaptation import adapt, floor_of, prior_shift
from hub.resolution.calibration import source_shift
from hub.resolution.candidates import ROWS, Meetings, all_pairs, token_weights
from hub.resolution.clustering import Signs
from hub.resolution.division import Member, divide
from hub.resolution.facets import Facets
from hub.resolution.frame import Frame, Ints, Lists, frame_of, joined
from hub.resolution.groups import Links
from hub.resolution.indexed import NumberCounts, weights_of
from hub.resolution.masks import Bits
from hub.resolution.mentions import SIGNS, signs_of
from hub.resolution.model import Model
from hub.resolution.orderly import taught
from hub.resolution.reading import (
    FacetRows,
    Reading,
    frame_from,
    merged,
    reading_of,
    taken,
    values_at,
)
from hub.resolution.resolver import exclusive_of
from hub.resolution.scoring import pair_bits
from hub.resolution.sources import holdings, of_records
from hub.resolution.spread import Spread, at_once

FLOOR = -4.0
"""What a pair counts in an average at least, where sources tell something."""


class TableCounts:
    """Counts of tokens numbered by a table."""

    def __init__(
        self, population: int, numbers: Mapping[str, int], held: NDArray[np.int64]
    ) -> None:
        self.population = population
        self._numbers = numbers
        self._held = np.append(held, 0)

    def holders(self, tokens: Sequence[str]) -> NDArray[np.int64]:
        """Return the holders of each token."""
        nowhere = len(self._held) - 1
        return self._held[[self._numbers.get(token, nowhere) for token in tokens]]


@dataclass(frozen=True, slots=True)
class Base:
    """All records of one kind, profile by profile in the order of their ids."""

    ids: tuple[int, ...]
    refs: tuple[tuple[str, ...], ...]
    frame: Frame
    held: Lists
    weights: NDArray[np.int32]
    sources: tuple[tuple[str, ...], ...] = ()
    """Per profile the source of each of its records."""

    @property
    def facets(self) -> Sequence[Facets]:
        """Return the facets of each profile."""
        return FacetRows(self.frame)


@dataclass(frozen=True, slots=True)
class Scored:
    """Compared pairs of a base (positions, left < right) and the bits of each."""

    left: Ints
    right: Ints
    bits: Bits
    itself: Bits
    """Per profile its bits with itself."""


@dataclass(frozen=True, slots=True)
class Divided:
    """Clusters of refs (each sorted, sorted by first ref), how they were made, and the edges.

    edges: by position in the base, with the bits that remain once rivals are heard.
    """

    clusters: list[tuple[str, ...]]
    merges: list[Merge]
    edges: Links


def base_of(profiles: Iterable[Profile], spread: Spread = at_once) -> Base:
    """Return the columns and the token table of records of one kind.

    spread: decides who does the work, never what comes of it.
    """
    known = list(profiles)
    return base_from(
        spread(lambda start, stop: reading_of(known[start:stop]), len(known)),
    )


def base_from(readings: Sequence[Reading]) -> Base:
    """Return the same of records that are read already, part by part."""
    order, starts, ids = _by_id(np.concatenate([each.ids for each in readings]))
    read = taken(merged([each.part for each in readings]), order[starts[:-1]])
    numbers = {token: at for at, token in enumerate(read.tokens.vocabulary)}
    count = np.bincount(read.tokens.held.items, minlength=len(numbers)).astype(np.int64)
    refs, sources = _by_ref(readings, order, starts)
    return Base(
        ids=tuple(ids.tolist()),
        refs=refs,
        frame=frame_from(read, TableCounts(len(ids), numbers, count)),
        held=read.tokens.held,
        weights=token_weights(list(numbers), count, len(ids)),
        sources=sources,
    )


def _by_id(ids: Ints) -> tuple[Ints, Ints, Ints]:
    """Return the order of records by id, where each id starts in it (and the end), and the ids."""
    order = np.argsort(ids, kind="stable")
    ascending = ids[order]
    first = np.ones(len(ids), dtype=bool)
    first[1:] = ascending[1:] != ascending[:-1]
    starts = np.flatnonzero(first)
    return order, np.append(starts, len(ids)), ascending[starts]


def _by_ref(
    readings: Sequence[Reading], order: Ints, starts: Ints
) -> tuple[tuple[tuple[str, ...], ...], tuple[tuple[str, ...], ...]]:
    """Return for each id the refs that share it, sorted, and the source of each of them."""
    every = np.array(list(chain.from_iterable(each.refs for each in readings)), dtype=object)[order]
    named = joined([each.sources for each in readings])
    of = np.array([*named.vocabulary, ""], dtype=object)[named.held.items[order]]
    refs: list[tuple[str, ...]] = list(zip(every[starts[:-1]].tolist(), strict=True))
    sources: list[tuple[str, ...]] = list(zip(of[starts[:-1]].tolist(), strict=True))
    for at in np.flatnonzero(np.diff(starts) > 1).tolist():
        own = slice(starts[at], starts[at + 1])
        alike = sorted(zip(every[own].tolist(), of[own].tolist(), strict=True), key=itemgetter(0))
        refs[at], sources[at] = zip(*alike, strict=True)
    return tuple(refs), tuple(sources)


def indexed_base(
    ids: Sequence[int],
    refs: Sequence[Sequence[str]],
    facets: Sequence[Facets],
    tokens: Sequence[Ints],
) -> Base:
    """Return the same out of an index: profiles by id, their facets and token hashes as stored."""
    lengths = [len(own) for own in tokens]
    every = np.concatenate(tokens) if tokens else np.zeros(0, dtype=np.int64)
    numbers, items, held = np.unique(every, return_inverse=True, return_counts=True)
    starts = np.zeros(len(ids) + 1, dtype=np.int64)
    np.cumsum(lengths, out=starts[1:])
    return Base(
        ids=tuple(ids),
        refs=tuple(map(tuple, refs)),
        frame=frame_of(facets, NumberCounts(len(ids), numbers, held)),
        held=Lists(starts, items),
        weights=weights_of(numbers, held, len(ids)),
        sources=tuple(map(of_records, refs)),
    )


def score_all(base: Base, model: Model, spread: Spread = at_once) -> Scored:
    """Return all candidate pairs of a base with their bits."""
    _derive(base, model)
    meetings = _meetings(base, model)

    def work(start: int, stop: int) -> tuple[list[_Block], Bits]:
        blocks = _share_of(meetings.blocks, start, stop)
        pairs = [meetings.of(block) for block in blocks]
        bits = _bits(base, model, pairs)
        scored = [
            (block, left.astype(np.int32), right.astype(np.int32), told)
            for block, (left, right), told in zip(blocks, pairs, bits, strict=True)
        ]
        own = np.arange(start, stop)
        return scored, pair_bits(model, base.frame, own, own)

    parts = spread(work, len(base.ids))
    found = sorted((each for scored, _ in parts for each in scored), key=_number)
    left = np.concatenate([np.zeros(0, np.int64), *(each[1] for each in found)])
    right = np.concatenate([np.zeros(0, np.int64), *(each[2] for each in found)])
    bits = np.concatenate([np.zeros(0), *(each[3] for each in found)])
    return Scored(left, right, bits, np.concatenate([itself for _, itself in parts]))


_Block = tuple[int, NDArray[np.int32], NDArray[np.int32], Bits]


def _number(block: _Block) -> int:
    return block[0]


def _share_of(blocks: int, start: int, stop: int) -> list[int]:
    """Return the blocks of one slice of rows: first, last, second, last but one ...

    A pair belongs to its left side, so the first blocks have most pairs: any slice gets its share.
    """
    places = range(-(-start // ROWS), -(-stop // ROWS))
    return [blocks - 1 - at // 2 if at % 2 else at // 2 for at in places]


def _bits(base: Base, model: Model, pairs: Sequence[tuple[Ints, Ints]]) -> list[Bits]:
    """Return the bits of the pairs of each block."""
    if not pairs:
        return []
    left, right = (np.concatenate(side) for side in zip(*pairs, strict=True))
    ends = np.cumsum([len(each) for each, _ in pairs])
    return np.split(pair_bits(model, base.frame, left, right), ends[:-1])


def _derive(base: Base, model: Model) -> None:
    """Compare a few records: what comparisons derive from all values is there for all slices."""
    held = [column.held for column in base.frame.columns.values()]
    some = np.array([int(np.argmax(np.diff(each.starts))) for each in held], dtype=np.int64)
    if len(some):
        pair_bits(model, base.frame, some, some)


def _score(base: Base, model: Model, left: Ints, right: Ints, spread: Spread) -> Scored:
    _derive(base, model)
    bits = spread(
        lambda start, stop: pair_bits(model, base.frame, left[start:stop], right[start:stop]),
        len(left),
    )
    return Scored(left, right, np.concatenate(bits), self_bits(base, model, spread))


def score_adapted(base: Base, model: Model, spread: Spread = at_once) -> tuple[Model, Scored]:
    """Return the model fitted to a base without labels, its prior too, and all pairs scored."""
    if model.usual:
        left, right = candidates_of(base, model)  # adapting moves weights, not who is compared
        fitted = adapt(model, base.frame, left, right)
        scored = _score(base, fitted, left, right, spread)
    else:
        fitted, scored = model, score_all(base, model, spread)
    shift = prior_shift(fitted, len(base.ids), scored.left, scored.right, scored.bits)
    return _moved(fitted, scored, shift)


def _moved(model: Model, scored: Scored, shift: float) -> tuple[Model, Scored]:
    """Return the model with another prior, and what it makes of the scores."""
    moved = Scored(scored.left, scored.right, scored.bits + shift, scored.itself + shift)
    return replace(model, prior=model.prior + shift), moved


def score_table(base: Base, model: Model, spread: Spread = at_once) -> tuple[Model, Scored]:
    """Return the same, and in the model what each source of the base tells.

    That two were never compared, or agree on little, counts less then: what spoke of sisters and of
    two things in one source is told by the sources.
    """
    fitted, scored = score_adapted(base, model, spread)
    if fitted.usual:
        shift = source_shift(fitted, base.sources, scored.left, scored.right, scored.bits)
        fitted, scored = _moved(fitted, scored, shift)
        known = scored.left, scored.right, scored.bits
        fitted = replace(fitted, floor=floor_of(fitted, base.frame, *known))
    if fitted.kind == "thing":
        fitted, scored = _taught(base, fitted, scored, spread)
    told = holdings(fitted, base.sources, scored.left, scored.right, scored.bits)
    floor = max(fitted.floor, FLOOR) if told else fitted.floor
    return replace(fitted, sources=told, floor=floor), scored


def _taught(base: Base, model: Model, scored: Scored, spread: Spread) -> tuple[Model, Scored]:
    """Return the model of things moved to what orderly sources teach, and what it makes of pairs.

    A profile knows itself by either model: what is written alike in one source speaks against two
    of its records being one, but not against one record being itself.
    """
    left, right = scored.left, scored.right
    moved = taught(model, base.frame, base.sources, left, right, scored.bits)
    if moved is model:
        return model, scored
    again = _score(base, moved, left, right, spread)
    return moved, replace(again, itself=np.maximum(again.itself, scored.itself))


def candidates_of(base: Base, model: Model) -> tuple[Ints, Ints]:
    """Return all pairs of a base (positions, left < right) that are worth comparing."""
    population = len(base.ids)
    return all_pairs(base.held, base.weights, population=population, propose=model.propose)


def _meetings(base: Base, model: Model) -> Meetings:
    population = len(base.ids)
    return Meetings(base.held, base.weights, population=population, propose=model.propose)


def self_bits(base: Base, model: Model, spread: Spread = at_once) -> Bits:
    """Return the bits of each profile with itself."""
    everyone = np.arange(len(base.ids))
    return np.concatenate(
        spread(
            lambda start, stop: pair_bits(
                model, base.frame, everyone[start:stop], everyone[start:stop]
            ),
            len(everyone),
        )
    )


def partition_all(
    base: Base,
    scored: Scored,
    judgements: Iterable[Judgement],
    model: Model,
    *,
    in_hub: bool = False,
) -> Divided:
    """Return the clusters of all records of a base, and the edges with their settled bits.

    in_hub: whether refs tell parts of records, so that mentions look for their company.
    """
    exclusive = exclusive_values(base, model)
    vetoes = [exclusive.get(at, _NOTHING) for at in range(len(base.ids))]
    sources = base.sources if model.sources else ((),) * len(base.ids)
    signs = _signs(base) if in_hub else (None,) * len(base.ids)
    told = base.ids, base.refs, scored.itself.tolist(), vetoes, sources, signs
    members = [Member(*each) for each in zip(*told, strict=True)]
    kept = np.flatnonzero(scored.bits >= model.keep)
    links = Links(scored.left[kept], scored.right[kept], scored.bits[kept])
    clusters, merges, final = divide(members, links, judgements, model)
    return Divided(clusters, merges, Links(links.left, links.right, final))


_NOTHING: frozenset[str] = frozenset()


def _signs(base: Base) -> list[Signs]:
    columns = [(which, base.frame.columns[which]) for which in SIGNS if which in base.frame.columns]
    return [
        signs_of({which: values_at(column, at) for which, column in columns})
        for at in range(len(base.ids))
    ]


def exclusive_values(base: Base, model: Model) -> dict[int, frozenset[str]]:
    """Return the exclusive values of those profiles (by position) that have any."""
    found: dict[int, frozenset[str]] = {}
    for facet in model.vetoes:
        column = base.frame.columns.get(facet)
        having = np.flatnonzero(np.diff(column.held.starts)).tolist() if column else []
        for at in having:
            assert column is not None
            own = exclusive_of({facet: values_at(column, at)}, model)
            found[at] = found.get(at, _NOTHING) | own
    return found


def resolve(profiles: Iterable[Profile], judgements: Iterable[Judgement], model: Model) -> Divided:
    """Return the clusters of records of one kind, from nothing but the records."""
    base = base_of(profiles)
    return partition_all(base, score_all(base, model), judgements, model)
