"""Chooses which comparisons are judged together: those whose bits, once more, tell most.

Of all pairs and triples of conditions (a comparison at one of some levels), round by round, those
are added along which a fitted model errs most; then all is fitted anew.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from hub.resolution.model import Interaction, Model
from hub.resolution.scoring import total_bits
from hub.resolution.training import Compare, fit

Example = tuple[Compare, NDArray[np.bool_]]
Bits = NDArray[np.float64]
When = dict[str, tuple[str, ...]]
MOST = 128
"""Rules that a model has at most: two words of bits for each pair."""
LEAST = 0.2
"""Bits below which a rule is left out."""
RADIX = 10
"""More levels than any comparison has that may stand in a rule."""
STEPS = 100
"""Steps of a fit on the way."""
DOUBT = 20.0
"""As how many undecided pairs counts that a rule is not needed."""

CONDITIONS: dict[str, tuple[str, ...]] = {
    "name": ("disjoint", "conflict", "overlap", "similar", "contained", "close", "same",
             "close same", "contained similar"),
    "form": ("different", "partner", "same"),
    "beyond": ("apart", "more", "given", "missing"),
    "trade": ("apart", "more", "missing"),
    "site": ("strange", "apart", "part", "named", "part named"),
    "email": ("different", "role same", "same"),
    "domain": ("different", "same"),
    "phone": ("different", "switchboard same", "same"),
    "street": ("different", "number", "alike near same"),
    "postcode": ("different", "same"),
    "city": ("different", "close same"),
    "vat": ("different", "same"),
}  # fmt: skip
"""What is missing is no condition: it tells of what kind a base is, and others differ."""


def conditions() -> list[tuple[str, tuple[str, ...]]]:
    """Return every comparison with each group of its levels that may be told apart."""
    return [(name, tuple(levels.split())) for name, each in CONDITIONS.items() for levels in each]


def chosen(
    examples: Sequence[Example], start: Model, *, rounds: Sequence[int], pull: float
) -> Model:
    """Return the model fitted with rules added in rounds of so many each, MOST at most.

    Rules that are worth next to nothing are left out of the next round.
    """
    model = fit(examples, start, pull=pull, steps=STEPS)
    for count in rounds:
        known = {_mark(each.when) for each in model.interactions}
        best = [when for when in _ranked(examples, model) if _mark(when) not in known][:count]
        more = (*model.interactions, *(Interaction(when, 0.0) for when in best))
        model = _refitted(examples, start, replace(model, interactions=more), pull=pull)
        kept = worth(model.interactions)
        model = _refitted(examples, start, replace(model, interactions=kept), pull=pull)
    return _refitted(examples, start, model, pull=pull, steps=4 * STEPS)


def _refitted(
    examples: Sequence[Example], start: Model, first: Model, *, pull: float, steps: int = STEPS
) -> Model:
    """Return the model fitted anew with the rules of another, from where that one stands."""
    nothing = tuple(Interaction(each.when, 0.0) for each in first.interactions)
    centre = replace(start, interactions=nothing)
    return fit(examples, centre, pull=pull, first=first, steps=steps)


def worth(rules: Sequence[Interaction]) -> tuple[Interaction, ...]:
    """Return the rules that are worth most, in order."""
    order = sorted(range(len(rules)), key=lambda at: -abs(rules[at].bits))
    kept = [at for at in order[:MOST] if abs(rules[at].bits) >= LEAST]
    return tuple(rules[at] for at in sorted(kept))


def _mark(when: object) -> str:
    return repr(sorted((name, tuple(levels)) for name, levels in dict(when).items()))  # type: ignore[call-overload]


def _ranked(examples: Sequence[Example], model: Model) -> Iterator[When]:
    """Yield rules, those first along which the model errs most for the pairs they hold for."""
    known = conditions()
    holds, wrong, open_ = _cases(examples, model, known)
    size = len(known)
    errors, weight = np.zeros((size, size, size)), np.zeros((size, size, size))
    for at in range(size):
        rows = holds[:, at]
        part = holds[rows].astype(np.float64)
        errors[at] = part.T @ (part * wrong[rows, None])
        weight[at] = part.T @ (part * open_[rows, None])
    gain = errors**2 / (weight + DOUBT)
    names = [name for name, _ in known]
    found = [
        (float(gain[a, b, c]), (a, b, c)) for a, b, c in _sets(names) if weight[a, b, c] > DOUBT
    ]
    found.sort(key=lambda each: (-each[0], each[1]))
    taken: list[tuple[int, ...]] = []
    for _, rule in found:
        own = set(rule)
        # Rules that hold for much the same pairs wait for the next round.
        if all(len(own & set(other)) < 2 for other in taken):
            taken.append(rule)
            yield {names[at]: known[at][1] for at in sorted(own)}


def _sets(names: Sequence[str]) -> Iterator[tuple[int, int, int]]:
    size = len(names)
    for a, b in combinations(range(size), 2):
        if names[a] != names[b]:
            yield a, a, b
    for a, b, c in combinations(range(size), 3):
        if len({names[a], names[b], names[c]}) == 3:
            yield a, b, c


def _cases(
    examples: Sequence[Example], model: Model, known: Sequence[tuple[str, tuple[str, ...]]]
) -> tuple[NDArray[np.bool_], Bits, Bits]:
    """Return per distinct case which conditions hold, and the sums of errors and of doubts."""
    codes, wrongs, doubts = [], [], []
    levels: dict[str, tuple[str, ...]] = {}
    for each, same in examples:
        reached = {compared.name: compared for compared in each.compared}
        levels |= {name: reached[name].levels for name in CONDITIONS if name in reached}
        code = np.zeros(each.size, dtype=np.int64)
        for at, name in enumerate(CONDITIONS):
            if name in reached:
                code += reached[name].outcome.levels.astype(np.int64) * RADIX**at
        bits = total_bits(model, each.compared, each.population)
        chance = 1.0 / (1.0 + np.exp2(-np.clip(bits, -60, 60)))
        codes.append(code)
        wrongs.append(each.weight * (same - chance))
        doubts.append(each.weight * chance * (1.0 - chance))
    cases, back = np.unique(np.concatenate(codes), return_inverse=True)
    sums = [np.bincount(back, np.concatenate(each), len(cases)) for each in (wrongs, doubts)]
    at_level = {name: cases // RADIX**at % RADIX for at, name in enumerate(CONDITIONS)}
    columns = []
    for name, wanted in known:
        told = [level in wanted for level in levels.get(name, ("missing",))]
        columns.append(np.array(told, dtype=bool)[at_level[name]])
    return np.stack(columns, axis=1), np.asarray(sums[0]), np.asarray(sums[1])
