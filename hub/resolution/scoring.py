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
INFORMATION_BITS = 6
"""No value tells more than 63 bits: a token's share of a base is a step of a count."""
WORD = 64
BLOCK = 1 << 14
"""Pairs worked on at a time where more would not stay in the processor's cache."""
CROWD_FROM = 2
"""Steps of holders that cost nothing: up to seven profiles may be one thing seen often."""


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
    """Return the evidence of compared pairs, prior and interactions included."""
    total = separate_bits(model, compared, population)
    total += interaction_bits(model, compared, len(total))
    return total


def interaction_bits(model: Model, compared: Sequence[Compared], size: int) -> Bits:
    """Return what the interactions that hold give to each pair, in bits.

    Per pair one bit stands for each interaction: a level leaves those of them that it allows, and
    what the rest of a byte is worth is looked up.
    """
    total = np.zeros(size)
    if not model.interactions:
        return total
    named = {name for rule in model.interactions for name in rule.when}
    always = np.full(-(-len(model.interactions) // WORD), ~np.uint64(0))
    for name in sorted(named - {each.name for each in compared}):
        always &= _allowed(model, name, ("missing",))[0]
    tables = [
        (_allowed(model, each.name, each.levels), each.outcome.levels)
        for each in compared
        if each.name in named
    ]
    for start in range(0, size, BLOCK):
        part = slice(start, start + BLOCK)
        open_ = np.tile(always, (len(total[part]), 1))
        for allowed, levels in tables:
            open_ &= allowed[levels[part]]
        for worth, byte in zip(_worth(model), open_.view(np.uint8).T, strict=True):
            total[part] += worth[byte]
    return total


def _allowed(model: Model, name: str, levels: tuple[str, ...]) -> NDArray[np.uint64]:
    """Return for each level of a comparison which interactions it allows, a bit for each."""
    found = model.read.get(("allowed", name, levels))
    if found is None:
        wide = -(-len(model.interactions) // WORD) * WORD
        bits = np.zeros((len(levels), wide), dtype=bool)
        for at, rule in enumerate(model.interactions):
            wanted = rule.when.get(name)
            bits[:, at] = [wanted is None or level in wanted for level in levels]
        found = np.packbits(bits, axis=1, bitorder="little").view(np.uint64)
        model.read["allowed", name, levels] = found
    return np.asarray(found, dtype=np.uint64)


def _worth(model: Model) -> Bits:
    """Return for each byte of interactions what each of its values is worth, in bits."""
    found = model.read.get("worth")
    if found is None:
        rules = np.zeros(-(-len(model.interactions) // WORD) * WORD)
        rules[: len(model.interactions)] = [rule.bits for rule in model.interactions]
        values = np.arange(256, dtype=np.uint8)[:, None]
        held = np.unpackbits(values, axis=1, bitorder="little").astype(np.float64)
        found = rules.reshape(-1, 8) @ held.T
        model.read["worth"] = found
    return np.asarray(found, dtype=np.float64)


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
