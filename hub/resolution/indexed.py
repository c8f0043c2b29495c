"""Candidates and scores out of an index: tokens as numbers, facets as they were stored.

Whom a profile is compared with, and what a pair is worth, is the same as in the batch; see
`resolver` for the phases.
"""

from array import array
from collections.abc import Collection, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from hub.resolution.candidates import MOST_HOLDERS, all_pairs, needed
from hub.resolution.facets import Facets
from hub.resolution.few import few_bits
from hub.resolution.frame import Ints, Lists, frame_of
from hub.resolution.masks import Bits
from hub.resolution.model import Model
from hub.resolution.scoring import pair_bits
from hub.resolution.tokens import (
    TokenCounts,
    quarters_of,
    size_step,
    step,
    steps,
    token_hash,
)


class NumberCounts:
    """Counts of tokens by their hashes, in two columns. numbers: ascending."""

    def __init__(self, population: int, numbers: Ints, held: Ints) -> None:
        self.population = population
        self._numbers = np.append(numbers, np.iinfo(np.int64).max)
        self._held = np.append(held, 0)

    def holders(self, tokens: Sequence[str]) -> NDArray[np.int64]:
        """Return the holders of each token."""
        return self.of(np.array([token_hash(token) for token in tokens], dtype=np.int64))

    def of(self, numbers: Ints) -> NDArray[np.int64]:
        """Return the holders of each token given by its hash."""
        at = np.searchsorted(self._numbers, numbers)
        return np.asarray(np.where(self._numbers[at] == numbers, self._held[at], 0))


def weights_of(numbers: Ints, holders: Ints, population: int) -> NDArray[np.int32]:
    """Return what each token (by its hash) adds to a pair that shares it, in quarter bits."""
    told = np.maximum(size_step(population) - steps(holders).astype(np.int64), 0)
    return np.where(holders > MOST_HOLDERS, 0, quarters_of(numbers) * told).astype(np.int32)


def partners(
    asked: Mapping[int, Sequence[int]],
    holders: Mapping[int, bytes],
    counts: TokenCounts,
    model: Model,
) -> tuple[Ints, Ints]:
    """Return the pairs (ids, left < right, each once) of asked profiles with whom they meet.

    asked: profile -> its tokens. holders: per token who holds it (8 bytes each), of all of these
    tokens that at most MOST_HOLDERS profiles hold.
    """
    enough = needed(counts.population, model.propose)
    size = size_step(counts.population)
    weighed = {
        one: [
            (holders[token], weight)
            for token in numbers
            if token in holders and (weight := _weight_of(token, counts.held.get(token, 0), size))
        ]
        for one, numbers in asked.items()
    }
    if len(asked) == 1:
        left, right = _met(weighed, enough)
        return np.minimum(left, right), np.maximum(left, right)
    left, right = _met_by_many(weighed, enough)
    return distinct(np.minimum(left, right), np.maximum(left, right))


_Weighed = Mapping[int, Sequence[tuple[bytes, int]]]
"""Of each profile who holds its tokens, packed, and what each of those weighs."""


def _met(weighed: _Weighed, enough: int) -> tuple[Ints, Ints]:
    """Return who shares enough with one profile: to count costs less than to sort."""
    ((one, tokens),) = weighed.items()
    shared: dict[int, int] = {}
    for ids, weight in tokens:
        for other in array("q", ids):
            shared[other] = shared.get(other, 0) + weight
    shared.pop(one, None)
    met = np.array([other for other, told in shared.items() if told >= enough], dtype=np.int64)
    return np.full(len(met), one, dtype=np.int64), met


def _met_by_many(weighed: _Weighed, enough: int) -> tuple[Ints, Ints]:
    """Return the same of several profiles at once."""
    each = [(at, *told) for at, tokens in enumerate(weighed.values()) for told in tokens]
    many = [len(ids) // 8 for _, ids, _ in each]
    one = np.repeat(np.array([at for at, _, _ in each], dtype=np.int64), many)
    weight = np.repeat(np.array([weight for _, _, weight in each], dtype=np.int64), many)
    other = np.frombuffer(b"".join([ids for _, ids, _ in each]), dtype="<i8").astype(np.int64)
    order = np.lexsort((other, one))
    one, other = one[order], other[order]
    starts = np.flatnonzero(np.diff(one, prepend=-1) | np.diff(other, prepend=-1))
    told = np.add.reduceat(weight[order], starts) if len(starts) else weight
    left, right = np.array(list(weighed), dtype=np.int64)[one[starts]], other[starts]
    met = (told >= enough) & (left != right)
    return left[met], right[met]


def _weight_of(number: int, holders: int, size: int) -> int:
    """Return the same as `weights_of` for one token. size: the step of the base's size."""
    return 0 if holders > MOST_HOLDERS else ((number & 3) + 1) * max(size - step(holders), 0)


def distinct(left: Ints, right: Ints) -> tuple[Ints, Ints]:
    """Return pairs each once, ascending."""
    order = np.lexsort((right, left))
    left, right = left[order], right[order]
    first = np.ones(len(left), dtype=bool)
    first[1:] = (left[1:] != left[:-1]) | (right[1:] != right[:-1])
    return left[first], right[first]


def pairs_sharing(
    stale: Collection[int], held: Mapping[int, Ints], counts: TokenCounts, model: Model
) -> tuple[Ints, Ints]:
    """Return the pairs (ids, left < right) that are worth comparing and share a stale token.

    held: every holder of a stale token -> its tokens, ascending by profile.
    """
    ids = np.array(list(held), dtype=np.int64)
    numbers, items = np.unique(np.concatenate(list(held.values())), return_inverse=True)
    holders = counts.of(numbers.tolist())
    starts = np.zeros(len(ids) + 1, dtype=np.int64)
    np.cumsum([len(own) for own in held.values()], out=starts[1:])
    weights = weights_of(numbers, holders, counts.population)
    left, right = all_pairs(
        Lists(starts, items), weights, population=counts.population, propose=model.propose
    )
    wanted = _share(Lists(starts, items), np.isin(numbers, list(stale)), left, right)
    return ids[left[wanted]], ids[right[wanted]]


def _share(held: Lists, marked: NDArray[np.bool_], left: Ints, right: Ints) -> NDArray[np.bool_]:
    """Return which pairs of lists have a marked item in common."""
    column = np.cumsum(marked) - 1
    rows = np.repeat(np.arange(len(held.starts) - 1), np.diff(held.starts))
    at = marked[held.items]
    has = np.zeros((len(held.starts) - 1, int(marked.sum())), dtype=bool)
    has[rows[at], column[held.items[at]]] = True
    return np.asarray((has[left] & has[right]).any(axis=1))


def bits_of(
    facets: Mapping[int, Facets], left: Ints, right: Ints, counts: TokenCounts, model: Model
) -> Bits:
    """Return the evidence for each pair of profiles (ids)."""
    few = few_bits(facets, left, right, counts, model)
    if few is not None:
        return few
    ids = np.unique(np.concatenate((left, right)))
    frame = frame_of([facets[one] for one in ids.tolist()], counts)
    return pair_bits(model, frame, np.searchsorted(ids, left), np.searchsorted(ids, right))
