"""Whether several people share a house in a base of people: counted, without labels.

Relatives have two given names and one family name, neighbours and colleagues two of both. A slip
strikes either name: where records of one house differ in the family name alone half as often as in
the given name or both, nobody shares a house with anybody, and who has the same house is one
person.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from hub.resolution.catalogue import Compared
from hub.resolution.model import Model

ENOUGH = 100
"""Pairs of one house without which nothing is said."""
SLIPS = 2.0
"""How much oftener the given name of one person differs than the family name (`usual`: 1.8)."""
FEW = 0.05
"""Share of such pairs from which on a base is as the shipped weights suppose."""
ALONE = 6.0
"""Bits that sharing a house tells more where nobody shares it with anybody."""
HOUSE: Mapping[str, tuple[str, ...]] = {"street": ("alike", "near", "same"), "phone": ("same",)}
MISSING, DIFFERENT = ("missing",), ("different",)
LIKE = ("initial", "variant", "similar", "nickname", "swapped", "same")


def sharing(compared: Sequence[Compared]) -> float | None:
    """Return the share of pairs of one house that are two people, 0 to 1.

    compared: candidate pairs of a base. None where too few of them share a house, or most of those
    that do lack a name.
    """
    by_name = {each.name: each for each in compared}
    if not by_name.keys() >= {"given_name", "family_name", *HOUSE}:
        return None
    house = np.logical_or.reduce([_at(by_name[name], levels) for name, levels in HOUSE.items()])
    given, family = (by_name[name] for name in ("given_name", "family_name"))
    named = house & ~_at(given, MISSING) & ~_at(family, MISSING)
    slips = np.count_nonzero(house & _at(given, LIKE) & _at(family, DIFFERENT))
    people = np.count_nonzero(named & _at(given, DIFFERENT)) - SLIPS * slips
    every = np.count_nonzero(named) - slips
    if every < ENOUGH or every < np.count_nonzero(house) / 2:
        return None
    return float(max(0.0, people) / every)


def shared(compared: Sequence[Compared]) -> bool | None:
    """Return whether people share houses in a base with these pairs; None where that is unknown."""
    share = sharing(compared)
    return None if share is None else share >= FEW


def _at(each: Compared, levels: Sequence[str]) -> NDArray[np.bool_]:
    wanted = np.array([level in levels for level in each.levels], dtype=bool)
    return np.asarray(wanted[each.outcome.levels])


def alone(model: Model) -> Model:
    """Return the model for a base in which nobody shares a house: sharing one tells more.

    Of levels that the model does not weigh nothing is said.
    """
    weights = dict(model.weights)
    for name in HOUSE.keys() & weights.keys():
        told = {level: one for level, one in weights[name].items() if level in HOUSE[name]}
        moved = {level: replace(one, base=one.base + ALONE) for level, one in told.items()}
        weights[name] = {**weights[name], **moved}
    return replace(model, weights=weights)
