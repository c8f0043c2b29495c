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
    levels, told = compared.outcome.levels, compared.outcome.info
    info = np.arange(int(told.max(initial=0)) + 1, dtype=np.float64)
    held = np.maximum(size_step(population) - info - CROWD_FROM, 0.0)
    known = base[:, None] + slope[:, None] * np.minimum(info, cap[:, None]) - crowd[:, None] * held
    return np.asarray(known.ravel()[levels.astype(np.int64) * len(info) + told])


def interaction_holds(
    model: Model, reached: Mapping[str, Compared], size: int
) -> list[NDArray[np.bool_]]:
    """Return for each interaction of a model the pairs for which it holds."""
    conditions: dict[tuple[str, tuple[str, ...]], NDArray[np.bool_]] = {}
    found = []
    for each in model.interactions:
        holds = np.ones(size, dtype=bool)
        for name, levels in each.when.items():
            key = name, tuple(levels)
            if key not in conditions:
                conditions[key] = _at_one_of(reached.get(name), levels, size)
            holds &= conditions[key]
        found.append(holds)
    return found


def _at_one_of(compared: Compared | None, levels: Sequence[str], size: int) -> NDArray[np.bool_]:
    if compared is None:
        return np.full(size, "missing" in levels)
    wanted = np.array([level in levels for level in compared.levels], dtype=bool)
    return np.asarray(wanted[compared.outcome.levels])


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
    total += interaction_bits(model, compared, len(total))
    return total


def interaction_bits(model: Model, compared: Sequence[Compared], size: int) -> Bits:
    """Return what the interactions that hold give to each pair, in bits."""
    total = np.zeros(size)
    holds = interaction_holds(model, {each.name: each for each in compared}, size)
    for rule, held in zip(model.interactions, holds, strict=True):
        total[held] += rule.bits
    return total


def pair_bits(model: Model, frame: Frame, left: Ints, right: Ints) -> Bits:
    """Return the evidence for each pair of positions in a frame, prior included.

    A profile with itself knows no interactions: those were learnt from sisters, who agree on much
    but never on all, and records that say exactly the same were one profile there, too.
    """
    compared = list(compare_pairs(model.kind, frame, left, right))
    population = frame.counts.population
    total = separate_bits(model, compared, population)
    together = interaction_bits(model, compared, len(total))
    return np.asarray(np.where(left == right, total, total + together))
