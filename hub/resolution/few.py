"""The bits of a few pairs, one by one: for some ten pairs arrays cost more than comparing does.

What `scoring.pair_bits` says holds here, too; a test compares the two.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np

from hub.resolution import single, single_names
from hub.resolution.beyond import NOTHING
from hub.resolution.catalogue import COMPANY, NAMES, VALUES, labelled_comparison
from hub.resolution.comparison import Comparison
from hub.resolution.facets import Facets
from hub.resolution.frame import Ints
from hub.resolution.masks import Bits
from hub.resolution.model import Model
from hub.resolution.scoring import NAME, NEAR, forest, level_table, prior_bits
from hub.resolution.single import One, Told, packed
from hub.resolution.single_names import Named
from hub.resolution.sites import SITE_LEVELS
from hub.resolution.tokens import TokenCounts, size_step, step, token_hash
from hub.resolution.trees import INFORMATION_BITS
from hub.resolution.writers import WRITER_LEVELS, written

FEW = 64
"""Pairs up to which one by one is quicker."""
MOST_KNOWN = 1 << 16
"""Combinations of levels of which it is remembered what they tell together."""
_Levels = dict[str, int]
"""Comparison -> level and information, packed; what is missing is left out."""


def few_bits(
    facets: Mapping[int, Facets], left: Ints, right: Ints, counts: TokenCounts, model: Model
) -> Bits | None:
    """Return the evidence for each pair of profiles (ids), as `scoring.pair_bits` does.

    None where the pairs are many, or something in them is compared in
    columns only.
    """
    if len(left) > FEW or model.kind != "organization":
        return None
    singles = _singles({facet for each in facets.values() for facet in each})
    if singles is None:
        return None
    pairs = _Pairs(facets, singles, told_by(counts))
    weigh = _Weights(model, counts.population)
    sides = list(zip(left.tolist(), right.tolist(), strict=True))
    reached = [pairs.levels(a, b) for a, b in sides]
    bits = np.array(
        [
            weigh.total(levels, together=a != b)
            for levels, (a, b) in zip(reached, sides, strict=True)
        ]
    )
    named = np.array([NAME in levels for levels in reached], dtype=bool)
    near = np.flatnonzero((bits >= NEAR) & named & (left != right))
    if model.trees and len(near):
        bits[near] += _tree_bits(model, [reached[at] for at in near], counts.population)
    return bits


def _tree_bits(model: Model, reached: Sequence[_Levels], population: int) -> Bits:
    """Return what trees give to pairs that reach some levels."""
    shown = {
        name: (_levels_of(name), np.array([levels.get(name, 0) for levels in reached]))
        for name in set().union(*reached)
    }
    return forest(model).bits(shown, len(reached), size_step(population))


def told_by(counts: TokenCounts) -> Told:
    """Return what tells the information of a token."""
    size, held, known = size_step(counts.population), counts.held, dict[str, int]()

    def told(token: str) -> int:
        found = known.get(token)
        if found is None:
            found = known[token] = max(size - step(held.get(token_hash(token), 0)), 0)
        return found

    return told


_Singles = list[tuple[Comparison, One]]


def _singles(facets: set[str]) -> _Singles | None:
    """Return who compares these facets value by value; None where one is compared otherwise."""
    labelled = [labelled_comparison(facet) for facet in facets if ":" in facet]
    found = []
    for each in (*COMPANY, *VALUES, *labelled):
        if each.facet in facets and each.facet != "name":
            one = single.VALUES.get(each.name) or single.labelled(each.name)
            if one is None:
                return None
            found.append((each, one))
    return found


class _Pairs:
    """Compares profiles, the names of each taken apart once."""

    def __init__(self, facets: Mapping[int, Facets], singles: _Singles, told: Told) -> None:
        self._facets = facets
        self._singles = singles
        self._told = told
        self._named: dict[int, list[Named]] = {}

    def levels(self, left: int, right: int) -> _Levels:
        """Return how two profiles compare."""
        one, other = self._facets[left], self._facets[right]
        found: _Levels = {}
        for each, compare in self._singles:
            if each.facet in one and each.facet in other:
                values = one[each.facet], other[each.facet]
                found[each.name] = max(
                    [compare(a, b, self._told) for a in values[0] for b in values[1]]
                )
        names = self._names(left), self._names(right)
        if names[0] and names[1]:
            _add_names(found, *names)
        _add_site(found, one.get("domain", ()), other.get("domain", ()), names)
        _add_writer(found, one, other)
        return found

    def _names(self, at: int) -> list[Named]:
        found = self._named.get(at)
        if found is None:
            texts = self._facets[at].get("name", ())
            found = self._named[at] = [single_names.named(text, self._told) for text in texts]
        return found


def _add_names(found: _Levels, one: Sequence[Named], other: Sequence[Named]) -> None:
    every = [single_names.names(a, b) for a in one for b in other]
    for (name, levels), answers in zip(NAMES, zip(*every, strict=True), strict=True):
        best = max(answers)
        if levels[-1] != NOTHING or best >> INFORMATION_BITS < len(levels) - 1:
            found[name] = best
    found["form"] = max([single_names.form(a, b) for a in one for b in other])


def _add_site(
    found: _Levels,
    one: Sequence[str],
    other: Sequence[str],
    names: tuple[Sequence[Named], Sequence[Named]],
) -> None:
    if set(one).isdisjoint(other):
        told = [single_names.site(domain, name) for domain in one for name in names[1]]
        told += [single_names.site(domain, name) for domain in other for name in names[0]]
        if told:
            found["site"] = max(told)


_WRITING = ("contact", "email")


def _add_writer(found: _Levels, *sides: Facets) -> None:
    both = [set(sides[0].get(each, ())) & set(sides[1].get(each, ())) for each in _WRITING]
    if all(both):
        return
    told = [
        packed(*written(contact, address))
        for one, other in (sides, sides[::-1])
        for contact in one.get(_WRITING[0], ())
        for address in other.get(_WRITING[1], ())
    ]
    if best := max(told, default=0):
        found["writer"] = best


class _Weights:
    """What levels are worth by a model in a base of some size."""

    def __init__(self, model: Model, population: int) -> None:
        self._model = model
        self._step = size_step(population)
        self._prior = prior_bits(model, population)
        self._tables: dict[str, list[float]] = model.read.setdefault(("tables", self._step), {})
        self._together: dict[tuple[int, ...], float] = model.read.setdefault("together", {})
        self._named: tuple[str, ...] | None = model.read.get("named")
        if self._named is None:
            named = {name for rule in model.interactions for name in rule.when}
            self._named = model.read["named"] = tuple(sorted(named))

    def total(self, levels: _Levels, *, together: bool) -> float:
        """Return the bits of a pair; together: whether interactions are heard."""
        total = self._prior
        for name, told in levels.items():
            table = self._tables.get(name)
            total += (table or self._table(name))[told]
        if not together or not self._named:
            return total
        reached = tuple([levels.get(name, 0) >> INFORMATION_BITS for name in self._named])
        bits = self._together.get(reached)
        return total + (self._interacting(reached) if bits is None else bits)

    def _table(self, name: str) -> list[float]:
        levels, key = _levels_of(name), name.partition(":")[0]
        table: list[float] = level_table(self._model, name, key, levels, self._step).tolist()
        self._tables[name] = table
        return table

    def _interacting(self, reached: tuple[int, ...]) -> float:
        """Return what the interactions give that hold where comparisons reach these levels."""
        masks, worth = self._masks()
        open_ = (1 << len(worth)) - 1
        for allowed, level in zip(masks, reached, strict=True):
            open_ &= allowed[level]
        bits = 0.0
        while open_:
            bits += worth[open_.bit_length() - 1]
            open_ ^= 1 << open_.bit_length() - 1
        if len(self._together) >= MOST_KNOWN:
            self._together.clear()
        self._together[reached] = bits
        return bits

    def _masks(self) -> tuple[list[list[int]], list[float]]:
        """Return which interactions each level of each comparison allows, a bit for each of them,
        and what each is worth."""
        found: tuple[list[list[int]], list[float]] | None = self._model.read.get("masks")
        if found is None:
            rules = self._model.interactions
            masks = [
                [
                    sum(
                        1 << at
                        for at, rule in enumerate(rules)
                        if name not in rule.when or level in rule.when[name]
                    )
                    for level in _levels_of(name)
                ]
                for name in self._named or ()
            ]
            found = self._model.read["masks"] = masks, [rule.bits for rule in rules]
        return found


@lru_cache(maxsize=1024)
def _levels_of(name: str) -> tuple[str, ...]:
    """Return the levels of a comparison of organisations; of one they lack, that it is missing."""
    known = {each.name: each.levels for each in (*COMPANY, *VALUES)} | dict(NAMES)
    known |= {"site": SITE_LEVELS, "writer": WRITER_LEVELS}
    if name in known:
        return known[name]
    return labelled_comparison(name).levels if ":" in name else ("missing",)
