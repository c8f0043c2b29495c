"""From levels to bits: the same sums for one pair as for millions."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from hub.resolution.catalogue import Compared, compare_pairs
from hub.resolution.frame import Frame, Ints
from hub.resolution.model import Model, Weight
from hub.resolution.tokens import size_step

Bits = NDArray[np.float64]
NOTHING = Weight(0.0)
CROWD_FROM = 2
"""Steps of holders that cost nothing: up to seven profiles may be one thing seen often."""


def prior_bits(model: Model, population: int) -> float:
    """Return the log2 odds that two records taken at random mean the same."""
    return model.prior - model.scale * size_step(population)


def level_bits(model: Model, compared: Compared, population: int) -> Bits:
    """Return what one comparison gives to each pair, in bits."""
    weights = model.weights.get(compared.name) or model.weights.get(compared.key, {})
    table = [weights.get(level, NOTHING) for level in compared.levels]
    base, slope, cap, crowd = np.array(
        [(each.base, each.slope, each.cap, each.crowd) for each in table], dtype=np.float64
    ).T
    at, info = compared.outcome.levels, compared.outcome.info.astype(np.float64)
    held = np.maximum(size_step(population) - info - CROWD_FROM, 0.0)
    return np.asarray(base[at] + slope[at] * np.minimum(info, cap[at]) - crowd[at] * held)


def interaction_holds(
    model: Model, reached: Mapping[str, Compared], size: int
) -> list[NDArray[np.bool_]]:
    """Return for each interaction of a model the pairs for which it holds."""
    found = []
    for each in model.interactions:
        holds = np.ones(size, dtype=bool)
        for name, levels in each.when.items():
            holds &= _at_one_of(reached.get(name), levels, size)
        found.append(holds)
    return found


def _at_one_of(compared: Compared | None, levels: Sequence[str], size: int) -> NDArray[np.bool_]:
    if compared is None:
        return np.full(size, "missing" in levels)
    wanted = np.array([level in levels for level in compared.levels], dtype=bool)
    return wanted[compared.outcome.levels]


def separate_bits(model: Model, compared: Sequence[Compared], population: int) -> Bits:
    """Return the evidence of compared pairs, prior included, as if comparisons were independent."""
    size = len(compared[0].outcome.levels) if compared else 0
    total = np.full(size, prior_bits(model, population))
    for each in compared:
        total += level_bits(model, each, population)
    return total


def total_bits(model: Model, compared: Sequence[Compared], population: int) -> Bits:
    """Return the evidence of compared pairs, prior and interactions included."""
    total = separate_bits(model, compared, population)
    holds = interaction_holds(model, {each.name: each for each in compared}, len(total))
    for rule, held in zip(model.interactions, holds, strict=True):
        total += np.where(held, rule.bits, 0.0)
    return total


def pair_bits(model: Model, frame: Frame, left: Ints, right: Ints) -> Bits:
    """Return the evidence for each pair of positions in a frame, prior included.

    A profile with itself knows no interactions: those were learnt from sisters, who agree on much
    but never on all, and records that say exactly the same were one profile there, too.
    """
    compared = list(compare_pairs(model.kind, frame, left, right))
    population = frame.counts.population
    total = total_bits(model, compared, population)
    return np.where(left == right, separate_bits(model, compared, population), total)
