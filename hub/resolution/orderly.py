"""What orderly sources teach of weights: two records of one source are two things, if alike.

A table is not told which of its pairs are matches, but of which sources they are. Where sources
hold a thing once, each pair within one is an example of two things; the pairs across are such ones
and matches, mixed. So weights are moved until chances of a match tell, pair by pair, how likely it
is to be within one source. How alike chance makes two records depends on their sources, too (each
writes venues its own way): that is learnt first, from pairs that are hardly matches.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, sparse

from hub.resolution.adaptation import PAIRS
from hub.resolution.calibration import ENOUGH, HOPELESS, pairs_within
from hub.resolution.catalogue import Compared, compare_pairs
from hub.resolution.frame import Frame, Ints
from hub.resolution.levels import MISSING, Levels
from hub.resolution.masks import Bits
from hub.resolution.model import Model, grained
from hub.resolution.scoring import NOTHING

UNLIKELY = -3.0
"""Bits below which pairs tell how often chance brings two of one source together, by levels."""
FAR = -9.0
"""Bits below which a pair is no match: pairs so many would else drown all others."""
TWICE = 0.03
"""Share of profiles that one source has twice, beyond which sources teach nothing."""
FEWEST = 50.0
"""Matches that there must be, chances summed up, for sources to teach."""
ORDERLY = 0.5
"""Share of matches within one source, as a part of that of pairs by chance, up to which they do."""
USUAL = -3.5
"""Logits by which a match is usually less likely within one source than chance; one more or less is
no surprise."""
PULL = 1.0
"""What a square bit costs, in nats, by which a weight leaves the one that it had."""
STEADY = 2.0
"""The same of a logit by which levels tell of what sources a pair by chance is."""
MOST_ODDS = 6.0
"""Logits, either way, to which that is bounded."""
MOST_NATS = 40.0
LN2 = float(np.log(2.0))
PRIOR = ("", "")
NO_COLUMN = -1
Flags = NDArray[np.bool_]
Loss = Callable[[Bits], tuple[float, Bits]]


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Pairs whose sources are told: their bits, which are within one source, and the log odds of
    that, in nats, for each if it is by chance."""

    bits: Bits
    inside: Flags
    by_chance: Bits


def taught(
    model: Model,
    frame: Frame,
    sources: Sequence[Sequence[str]],
    left: Ints,
    right: Ints,
    bits: Bits,
) -> Model:
    """Return the model moved to what the sources of candidate pairs teach; often it is the same.

    sources: per profile those of its records. bits: of each pair, by the model. Nothing moves where
    a base has one source, few pairs, or sources that hold a thing more than once.
    """
    if _held_twice(sources) > TWICE:
        return model
    told, inside = pairs_within(sources, left, right)
    at = np.flatnonzero(told & (bits >= HOPELESS))
    at = at[:: 1 + len(at) // PAIRS]
    unlikely = bits[at] < UNLIKELY
    if np.count_nonzero(unlikely) < ENOUGH:
        return model
    compared = list(compare_pairs(model.kind, frame, left[at], right[at]))
    names, reached = _levels(compared)
    pairs = _Pairs(bits[at], inside[at], _by_chance(compared, inside[at], unlikely))
    found = _least(partial(_cost, pairs, reached), np.append(np.zeros(len(names)), USUAL))
    if not _orderly(pairs, _chance(_odds(pairs, reached, found[:-1]))):
        return model
    moves = map(grained, found[:-1].tolist())
    return _moved(model, compared, dict(zip(names, moves, strict=True)))


def _held_twice(sources: Sequence[Sequence[str]]) -> float:
    """Return the share of profiles that one source has twice: records that say exactly the same."""
    twice = sum(len(own) > len(set(own)) for own in sources)
    return twice / max(1, len(sources))


def _orderly(pairs: _Pairs, chance: Bits) -> bool:
    """Return whether pairs with some chances of a match are less within sources than by chance."""
    matches = float(chance.sum())
    usual = float(chance @ _chance(pairs.by_chance))
    return matches >= FEWEST and float(chance @ pairs.inside) <= ORDERLY * usual


def _levels(compared: Sequence[Compared]) -> tuple[list[tuple[str, str]], sparse.csr_array]:
    """Return the levels that pairs reach, as (comparison, level), and which pair reaches which.

    All reach the first one, PRIOR.
    """
    told = [each.outcome.levels for each in compared]
    numbers = [np.unique(levels[levels > MISSING]) for levels in told]
    every = zip(compared, numbers, strict=True)
    names = [(each.name, each.levels[number]) for each, own in every for number in own.tolist()]
    return [PRIOR, *names], _reached(compared, numbers)


def _reached(compared: Sequence[Compared], numbers: Sequence[Levels]) -> sparse.csr_array:
    """Return which pair reaches which level: a row per pair, behind the first column, which all
    reach, one for each of these levels. numbers: of levels, per comparison."""
    size, below = len(compared[0].outcome.levels), 1
    column = np.zeros((size, 1 + len(compared)), dtype=np.int32)
    for at, (each, own) in enumerate(zip(compared, numbers, strict=True), start=1):
        of_level = np.full(len(each.levels), NO_COLUMN, dtype=np.int32)
        of_level[own] = np.arange(below, below + len(own))
        column[:, at] = of_level[each.outcome.levels]
        below += len(own)
    held = column != NO_COLUMN
    starts = np.append(0, np.cumsum(np.count_nonzero(held, axis=1)))
    return sparse.csr_array((np.ones(starts[-1]), column[held], starts), shape=(size, below))


def _by_chance(compared: Sequence[Compared], inside: Flags, unlikely: Flags) -> Bits:
    """Return the log odds of each pair's being within one source if it is by chance, in nats.

    A logistic regression over levels, a missing value being one, on pairs that are hardly matches;
    of a level that these do not reach nothing is said.
    """
    reached = _reached(compared, [np.unique(each.outcome.levels[unlikely]) for each in compared])
    known, truth = reached[np.flatnonzero(unlikely)], inside[unlikely]
    columns = known.shape[1]
    steady = np.append(0.0, np.full(columns - 1, STEADY))

    def cost(values: Bits) -> tuple[float, Bits]:
        odds = _times(known, values)
        total = np.sum(np.logaddexp(0.0, odds) - truth * odds) + steady @ values**2
        return float(total), _times(known.T, _chance(odds) - truth) + 2.0 * steady * values

    odds = _times(reached, _least(cost, np.zeros(columns)))
    return np.clip(odds, -MOST_ODDS, MOST_ODDS)


def _cost(pairs: _Pairs, reached: sparse.csr_array, values: Bits) -> tuple[float, Bits]:
    """Return what moves of levels cost in nats, and the slope of that: the likelihood of which
    pairs are within one source, and of far ones that they are no matches.

    values: the moves, and by how many logits a match is less likely within one source than chance.
    """
    moves, usual = values[:-1], values[-1] - USUAL
    odds = _odds(pairs, reached, moves)
    chance, far = _chance(odds), pairs.bits < FAR
    usually, again = _chance(pairs.by_chance), _chance(pairs.by_chance + values[-1])
    within = chance * again + (1.0 - chance) * usually
    likely = np.where(pairs.inside, within, 1.0 - within)
    by_within = np.where(pairs.inside, -1.0, 1.0) / likely
    lost = np.where(far, np.logaddexp(0.0, odds), -np.log(likely))
    by_odds = np.where(far, chance, by_within * (again - usually) * chance * (1.0 - chance))
    by_order = float(np.sum((by_within * chance * again * (1.0 - again))[~far]))
    slope = LN2 * _times(reached.T, by_odds) + 2.0 * PULL * moves
    total = float(lost.sum() + PULL * moves @ moves + usual**2 / 2.0)
    return total, np.append(slope, by_order + usual)


def _odds(pairs: _Pairs, reached: sparse.csr_array, moves: Bits) -> Bits:
    """Return the log odds of a match of each pair, in nats, once levels are moved by bits."""
    return np.clip(LN2 * (_times(reached, moves) + pairs.bits), -MOST_NATS, MOST_NATS)


def _moved(
    model: Model, compared: Sequence[Compared], moves: Mapping[tuple[str, str], float]
) -> Model:
    """Return the model with the weights of each column by itself moved by bits."""
    weights = dict(model.weights)
    for each in compared:
        own = {level: moves.get((each.name, level), 0.0) for level in each.levels}
        if any(own.values()):
            before = model.weights.get(each.name) or model.weights.get(each.key, {})
            weights[each.name] = {
                level: replace(weight, base=weight.base + own[level])
                for level in each.levels[1:]
                for weight in (before.get(level, NOTHING),)
            }
    prior = model.prior + moves[PRIOR]
    return replace(model, name=f"{model.name}+ordered", prior=prior, weights=weights)


def _times(reached: Any, values: Bits) -> Bits:
    return np.asarray(reached @ values, dtype=np.float64)


def _chance(odds: Bits | float) -> Bits:
    return np.asarray(1.0 / (1.0 + np.exp(-odds)))


def _least(cost: Loss, first: Bits) -> Bits:
    """Return where a function of some numbers costs least, sought from the first ones."""
    found = optimize.minimize(cost, first, jac=True, method="L-BFGS-B")
    return np.asarray(found.x, dtype=np.float64)
