"""From levels to bits: the same sums for one pair as for millions."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from hub.resolution.catalogue import Compared, compare_pairs
from hub.resolution.forest import Forest
from hub.resolution.frame import Frame, Ints
from hub.resolution.levels import MISSING
from hub.resolution.masks import Allowed, Bits, allowed, packed, summed, worth_of
from hub.resolution.model import Model, Weight
from hub.resolution.tokens import size_step
from hub.resolution.trees import INFORMATION_BITS

NOTHING = Weight(0.0)
CROWD_FROM = 2
"""Steps of holders that cost nothing: up to seven profiles may be one thing seen often."""
NEAR = -12.0
"""Bits below which trees are not asked: hardly a pair is kept that had fewer before."""
NAME = "name"


def prior_bits(model: Model, population: int) -> float:
    """Return the log2 odds that two records taken at random mean the same."""
    return model.prior - model.scale * size_step(population)


def level_bits(model: Model, compared: Compared, population: int) -> Bits:
    """Return what one comparison gives to each pair, in bits."""
    step = size_step(population)
    table = model.read.get((compared.name, compared.levels, step))
    if table is None:
        table = level_table(model, compared.name, compared.key, compared.levels, step)
        model.read[compared.name, compared.levels, step] = table
    levels, told = compared.outcome.levels, compared.outcome.info
    return np.asarray(table[levels.astype(np.int64) << INFORMATION_BITS | told], dtype=np.float64)


def level_table(model: Model, name: str, key: str, levels: tuple[str, ...], step: int) -> Bits:
    """Return the bits of each level (row by row) at each information, laid end to end."""
    weights = model.weights.get(name) or model.weights.get(key, {})
    each_level = [weights.get(level, NOTHING) for level in levels]
    base, slope, cap, crowd = np.array(
        [(each.base, each.slope, each.cap, each.crowd) for each in each_level], dtype=np.float64
    ).T
    info = np.arange(1 << INFORMATION_BITS, dtype=np.float64)
    held = np.maximum(step - info - CROWD_FROM, 0.0)
    known = base[:, None] + slope[:, None] * np.minimum(info, cap[:, None]) - crowd[:, None] * held
    return np.asarray(known.ravel())


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
    """Return the evidence of compared pairs, prior, interactions and trees included."""
    total = separate_bits(model, compared, population)
    return total + together_bits(model, compared, total, population)


def together_bits(
    model: Model, compared: Sequence[Compared], separate: Bits, population: int
) -> Bits:
    """Return what comparisons tell together beyond what each of them tells: rules, and trees.

    separate: what they give one by one, prior included.
    """
    together = interaction_bits(model, compared, len(separate))
    return together + forest_bits(model, compared, separate + together, population)


def forest_bits(model: Model, compared: Sequence[Compared], before: Bits, population: int) -> Bits:
    """Return what trees give to compared pairs. before: all their other bits."""
    total = np.zeros(len(before))
    if model.trees:
        near = asked(compared, before)
        total[near] = tree_bits(model, compared, near, population)
    return total


def asked(compared: Sequence[Compared], before: Bits) -> Ints:
    """Return which pairs trees are asked about: those near a match, both sides of which are named.

    Records without a name are few wherever models learn, and what a mailbox or a domain tells of
    them, rules say.
    """
    named = [each.outcome.levels > MISSING for each in compared if each.name == NAME]
    return np.flatnonzero((before >= NEAR) & named[0]) if named else np.zeros(0, dtype=np.int64)


def tree_bits(model: Model, compared: Sequence[Compared], at: Ints, population: int) -> Bits:
    """Return what trees give to some of the compared pairs, in bits."""
    shown = {
        each.name: (
            each.levels,
            each.outcome.levels[at].astype(np.int64) << INFORMATION_BITS | each.outcome.info[at],
        )
        for each in compared
    }
    return forest(model).bits(shown, len(at), size_step(population))


def forest(model: Model) -> Forest:
    """Return the trees of a model, ready to be asked."""
    found = model.read.get("forest")
    if found is None:
        found = model.read["forest"] = Forest(model.trees)
    assert isinstance(found, Forest)
    return found


def interaction_bits(model: Model, compared: Sequence[Compared], size: int) -> Bits:
    """Return what the interactions that hold give to each pair, in bits."""
    if not model.interactions:
        return np.zeros(size)
    named = {name for rule in model.interactions for name in rule.when}
    always = packed(np.ones((1, len(model.interactions)), dtype=bool))
    for name in sorted(named - {each.name for each in compared}):
        always &= _allowed(model, name, ("missing",)).of(0)
    shown = [
        (_allowed(model, each.name, each.levels), each.outcome.levels)
        for each in compared
        if each.name in named
    ]
    worth = model.read.get("worth")
    if worth is None:
        worth = model.read["worth"] = worth_of([rule.bits for rule in model.interactions])
    return summed(size, always, shown, worth)


def _allowed(model: Model, name: str, levels: tuple[str, ...]) -> Allowed:
    """Return for each level of a comparison which interactions it allows, a bit for each."""
    found: Allowed | None = model.read.get(("allowed", name, levels))
    if found is None:
        holds = np.zeros((len(levels), len(model.interactions)), dtype=bool)
        for at, rule in enumerate(model.interactions):
            wanted = rule.when.get(name)
            holds[:, at] = [wanted is None or level in wanted for level in levels]
        found = model.read["allowed", name, levels] = allowed(holds)
    return found


def pair_bits(model: Model, frame: Frame, left: Ints, right: Ints) -> Bits:
    """Return the evidence for each pair of positions in a frame, prior included.

    A profile with itself knows nothing of what tells together: that was learnt from sisters, who
    agree on much but never on all, and records that say exactly the same were one profile there.
    """
    compared = list(compare_pairs(model.kind, frame, left, right))
    population = frame.counts.population
    total = separate_bits(model, compared, population)
    together = together_bits(model, compared, total, population)
    return np.asarray(np.where(left == right, total, total + together))
