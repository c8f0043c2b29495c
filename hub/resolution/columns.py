"""What records tell with few columns, of a table or as a hub maps them: properties alone, no names,
a postcode without a town.

The shipped weights suppose that names are told, too: that two share a telephone then says that they
live or work together, and names decide. Where no column has a name, few meet by chance, and what
they share is all there is. The moves are fitted to invented lists without names.
"""

from collections.abc import Collection, Mapping
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
_SHARED = "category city country date date_of_birth house_number number postcode region"
PROPERTIES = frozenset(_SHARED.split())
"""Types that many share: whoever has nothing else in common is not known to be one."""
NOBODY = -100.0
"""Bits by which the prior falls where a table has nothing but properties: none are joined."""
BORN = -4.0
"""The same where people are told by birthday and place alone: a close birthday is not enough."""
TOWNS = frozenset(("city", "address", "street"))
_NONE: Mapping[tuple[str, str], float] = {}
ALONE = {("postcode", "same"): 3.0}
"""The same where a postcode is told and no town or street."""


def told_by(model: Model, types: Collection[str]) -> Model:
    """Return the model for records with columns of some types; most often it is the same.

    Another one has another name, by which a hub knows that its records are to be scored again.
    """
    if types and PROPERTIES.issuperset(types):
        prior = _of_properties(model.kind, types)
        return _moved(model, "born" if prior == BORN else "properties", prior=prior)
    if model.kind != "person":
        return model
    if "postcode" in types and TOWNS.isdisjoint(types):
        model = _moved(model, "postcodes", ALONE)
    if NAMES.isdisjoint(types) and not REACH.isdisjoint(types):
        model = _moved(model, "unnamed", MOVED, prior=PRIOR)
    return model


def _of_properties(kind: str, types: Collection[str]) -> float:
    if kind == "thing":  # an amount and a day may tell a booking
        return 0.0 if len(types) > 1 else NOBODY
    placed = not TOWNS.union(("postcode",)).isdisjoint(types)
    return BORN if kind == "person" and placed and "date_of_birth" in types else NOBODY


def _moved(
    model: Model, name: str, moves: Mapping[tuple[str, str], float] = _NONE, *, prior: float = 0.0
) -> Model:
    if not moves and not prior:
        return model
    weights = {name: dict(levels) for name, levels in model.weights.items()}
    for (comparison, level), bits in moves.items():
        weight = weights[comparison][level]
        weights[comparison][level] = replace(weight, base=weight.base + bits)
    return replace(model, name=f"{model.name}+{name}", prior=model.prior + prior, weights=weights)
