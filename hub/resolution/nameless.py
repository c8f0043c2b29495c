"""People of whom a table states no name: mailbox, number or address alone say who is meant.

The shipped weights suppose that names are told, too: that two share a telephone then says that they
live or work together, and names decide. Where no column has a name, few meet by chance, and what
they share is all there is. The moves are fitted to invented lists without names.
"""

from collections.abc import Collection
from dataclasses import replace

from hub.resolution.model import Model

NAMES = frozenset(("person_name", "given_name", "family_name"))
REACH = frozenset(("email", "phone", "street", "address"))
"""Types of which one at least is told: dates or postcodes alone do not say who is meant."""
PRIOR = 4.0
MOVED = {
    ("phone", "same"): 4.0,
    ("phone", "close"): -2.0,
    ("phone", "switchboard"): -6.0,
    ("email", "local"): 3.0,
    ("email", "different"): 1.0,
    ("domain", "same"): -3.0,
    ("street", "number"): -5.0,
}
"""Bits by which levels tell more or less where no name is told (docs/decisions/0361)."""


def told_by(model: Model, types: Collection[str]) -> Model:
    """Return the model for a table with columns of some types; most often it is the same."""
    if model.kind != "person" or not NAMES.isdisjoint(types) or REACH.isdisjoint(types):
        return model
    weights = {name: dict(levels) for name, levels in model.weights.items()}
    for (name, level), bits in MOVED.items():
        weight = weights[name][level]
        weights[name][level] = replace(weight, base=weight.base + bits)
    return replace(model, prior=model.prior + PRIOR, weights=weights)
