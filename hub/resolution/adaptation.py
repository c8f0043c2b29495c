"""Fits a shipped model to a base without labels, by expectation-maximisation with priors.

The shipped weights were fitted where a level had the share m0 among matches. Here the share is m,
taken over the pairs that are matches by everything else they show; the weight moves by
log2(m / m0), over and over. Few such pairs move little: m0 counts as matches seen before. What a
chance agreement is worth needs no fitting: counting values tells it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from hub.resolution.catalogue import Compared, compare_pairs
from hub.resolution.frame import Frame, Ints
from hub.resolution.homes import alone, shared
from hub.resolution.masks import Bits
from hub.resolution.model import Model, Weight, grained
from hub.resolution.rivals import settled
from hub.resolution.scoring import interaction_holds, level_bits, total_bits

ROUNDS = 5
SURE = 5.0
"""Bits that everything but one comparison must give for a pair to teach that comparison.

What a comparison says never decides what it is worth, and where too little else is known (a base
of names alone) nothing is learnt.
"""
BEFORE = 60.0
"""As how many matches the shipped shares count."""
AT_HOME = frozenset(
    ("given_name", "family_name", "street", "postcode", "city", "region", "country", "phone")
)
"""What a household shares, and the name that tells its members apart.

Husband and wife are as sure by all of that as one person is, and have two given names: who has
nothing else in common does not teach that given names differ.
"""
AT_WORK = frozenset(("employer", "domain"))
"""What colleagues share besides, who have two family names, too."""
LEAST = 0.003
PAIRS = 150_000
"""Pairs that teach at most; records stand in the order of their hashes, so any stride is fair."""
MOST = 2.0
"""Bits that a weight may move at most, either way."""

TWICE, THRICE = 0.5, 1.0
"""Matches per profile where all are there twice, and thrice."""
LENIENT = -0.5
"""Bits that a pair counts at least where all are there thrice or more."""


def adapt(model: Model, frame: Frame, left: Ints, right: Ints) -> Model:
    """Return the model moved to what the candidate pairs of a base show.

    Only comparisons whose shares the model states (`model.usual`) are moved, each column by itself:
    a title and a description are both texts, but do not tell the same.
    """
    if not model.usual or not len(left):
        return model
    compared = _compared(model, frame, left, right)
    lone = shared(compared) is False
    model = alone(model) if lone else model
    personal = [each for each in compared if each.key not in AT_HOME | AT_WORK]
    adapted = model
    for _ in range(ROUNDS):
        total = total_bits(adapted, compared, frame.counts.population)
        own = own_bits(adapted, compared, frame.counts.population)
        personally = total_bits(adapted, personal, frame.counts.population) >= SURE
        at_work = np.sum([own[each.name] for each in compared if each.key in AT_WORK], axis=0) > 0
        weights = dict(model.weights)
        for each in compared:
            if each.key in model.usual and each.key in model.weights:
                sure = total - own[each.name] >= SURE
                beyond = sure
                if each.key == "given_name" and not lone:
                    beyond = personally
                elif each.key == "family_name":
                    beyond = sure & (personally | ~at_work)
                weights[each.name] = _moved(model, each, sure, beyond)
        adapted = replace(model, weights=weights)
    return replace(adapted, name=f"{model.name}+adapted")


def _compared(model: Model, frame: Frame, left: Ints, right: Ints) -> list[Compared]:
    """Return how PAIRS of the pairs compare, or all where they are fewer."""
    stride = -(-len(left) // PAIRS) or 1
    return list(compare_pairs(model.kind, frame, left[::stride], right[::stride]))


def own_bits(model: Model, compared: Sequence[Compared], population: int) -> dict[str, Bits]:
    """Return what each comparison gives, with the interactions it takes part in."""
    own = {each.name: level_bits(model, each, population) for each in compared}
    reached = {each.name: each for each in compared}
    size = len(compared[0].outcome.levels) if compared else 0
    holds = interaction_holds(model, reached, size)
    for rule, held in zip(model.interactions, holds, strict=True):
        for name in rule.when.keys() & own.keys():
            own[name] = own[name] + np.where(held, rule.bits, 0.0)
    return own


def level_shares(each: Compared, among: NDArray[np.bool_]) -> dict[str, float]:
    """Return how many of some pairs reach each level, those without evidence left out."""
    counted = np.bincount(each.outcome.levels[among], minlength=len(each.levels))
    return dict(zip(each.levels[1:], map(float, counted[1:]), strict=True))


def _moved(
    model: Model, each: Compared, sure: NDArray[np.bool_], beyond: NDArray[np.bool_]
) -> Mapping[str, Weight]:
    """Return the weights of a comparison moved to what sure pairs show.

    beyond: those of them that tell how often matches differ.
    """
    usual, seen = model.usual[each.key], level_shares(each, sure)
    before = {level: max(usual.get(level, 0.0), LEAST) for level in each.levels[1:]}
    if not np.array_equal(beyond, sure):
        seen = _without_others(each, seen, before, level_shares(each, beyond))
    rest, matches = BEFORE * sum(before.values()), sum(seen.values())
    moved = {}
    for level, weight in model.weights[each.key].items():
        move = 0.0
        if level in before:
            share = (seen[level] + BEFORE * before[level]) / (matches + rest)
            move = float(np.clip(np.log2(share / before[level]), -MOST, MOST))
        moved[level] = replace(weight, base=grained(weight.base + move))
    return moved


def _without_others(
    each: Compared,
    seen: Mapping[str, float],
    before: Mapping[str, float],
    beyond: Mapping[str, float],
) -> dict[str, float]:
    """Return counts of levels without those that differ more often than matches do."""
    lowest = each.levels[1]
    held = {level: beyond[level] + BEFORE * before[level] for level in before}
    odds = held[lowest] / (sum(held.values()) - held[lowest])
    most = odds * (sum(seen.values()) - seen[lowest])
    return {**seen, lowest: min(seen[lowest], most)}


def prior_shift(model: Model, size: int, left: Ints, right: Ints, bits: Bits) -> float:
    """Return the bits by which the prior of a base differs from what the model supposes.

    The model supposes `model.density` matches per profile. Here they are what the chances of all
    pairs sum up to, rivals heard. The difference is believed by the square of the mean chance of a
    match: nearly whole where matches are beyond doubt, little where most of them are guesses, which
    would only confirm themselves. Two bits at most.
    """
    if not size or not model.density:
        return 0.0
    shift = 0.0
    near = bits >= model.keep - MOST  # no other pair is ever kept
    left, right, bits = left[near], right[near], bits[near]
    for _ in range(ROUNDS):
        before = shift
        _, chance = chances(model, size, left, right, bits + shift)
        density = (float(chance.sum()) + 1.0) / (size + 1.0 / model.density)
        moved = belief_in(chance) * np.log2(density / model.density)
        shift = grained(float(np.clip(moved, -MOST, MOST)))
        if shift == before:
            break
    return shift


def floor_of(model: Model, frame: Frame, left: Ints, right: Ints, bits: Bits) -> float:
    """Return what a pair counts in an average at least, in a base with these scores, in bits.

    Where people are there twice, that a third record resembles only one of the two speaks against
    it. Where each has many records, any two of them may share little: from TWICE to THRICE matches
    per profile the floor rises to LENIENT. It stays where people share houses, which would grow
    into one, and of other kinds.
    """
    size = frame.counts.population
    if model.kind != "person" or not size:
        return model.floor
    matches = float(chances(model, size, left, right, bits)[1].sum()) / size
    if matches <= TWICE or shared(_compared(model, frame, left, right)):
        return model.floor
    least, most = model.floor, max(model.floor, LENIENT)
    return grained(float(np.interp(matches, (TWICE, THRICE), (least, most))))


def chances(
    model: Model, size: int, left: Ints, right: Ints, bits: Bits
) -> tuple[NDArray[np.bool_], Bits]:
    """Return which pairs are kept, and the chance of each kept one once rivals are heard."""
    kept = bits >= model.keep
    heard = settled(
        size, left[kept], right[kept], bits[kept], link=model.link, rivalry=model.rivalry
    )
    return kept, np.asarray(1.0 / (1.0 + np.exp2(-np.clip(heard, -40.0, 40.0))))


def belief_in(chance: Bits) -> float:
    """Return how far a count of matches is believed: the square of the mean chance of a match."""
    matches = float(chance.sum())
    return (float(chance @ chance) / matches) ** 2 if matches else 0.0
