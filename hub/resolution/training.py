"""Fits the weights of a model: to worlds whose truth is known, or to records without labels."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, sparse

from hub.resolution.catalogue import Compared
from hub.resolution.frame import Ints
from hub.resolution.laws import LATER, cases
from hub.resolution.model import Interaction, Model, Weight, grained
from hub.resolution.scoring import (
    CROWD_FROM,
    forest_bits,
    interaction_bits,
    interaction_holds,
    prior_bits,
    separate_bits,
    total_bits,
)
from hub.resolution.tokens import size_step

Vector = NDArray[np.float64]
LN2 = float(np.log(2.0))
LAW = 20.0
"""What a square bit costs by which a law is broken."""
LAW_POPULATION = 1000
AGAINST = ("different", "disjoint", "apart", "more")
"""Levels that never speak for a match."""


@dataclass(frozen=True, slots=True)
class Compare:
    """Compared pairs of one base. weight: how much each pair counts."""

    population: int
    compared: Sequence[Compared]
    size: int
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class _Parameter:
    """One number of a model that is fitted."""

    comparison: str
    level: str
    part: str


@dataclass(frozen=True, slots=True)
class _Rows:
    """Pairs as the fit sees them: their bits are `design @ values + offset`."""

    design: sparse.csr_array
    offset: Vector
    truth: Vector
    weight: Vector


_PRIOR = _Parameter("", "", "prior")
_BY_SIZE = _Parameter("", "", "scale")


def fit(
    examples: Sequence[tuple[Compare, NDArray[np.bool_]]],
    start: Model,
    *,
    pull: float = 1.0,
    first: Model | None = None,
    steps: int = 400,
) -> Model:
    """Return the model whose bits best tell matches from others, as a logistic regression.

    examples: compared pairs with their truth. start: where every fitted weight is pulled to; its
    levels, slopes and interactions are the ones that are fitted. pull: strength of that. first: a
    model of the same ones, from which the search sets out; steps: how many it takes at most. The
    laws of `hub.resolution.laws` are kept, trees stand as they are. What a larger base takes off
    the prior is fitted where the examples are of several sizes.
    """
    sizes = {size_step(each.population) for each, _ in examples}
    parameters = _parameters(start, by_size=len(sizes) > 1)
    law = _law(parameters, start, cases(start))
    rows = _rows(examples, parameters, start)
    loss = _loss(rows, parameters, start, pull, law)
    found = _least(loss, _values(first or start, parameters), parameters, steps)
    return _with_values(start, parameters, found)


def fit_beside(
    examples: Sequence[tuple[Compare, NDArray[np.bool_]]],
    model: Model,
    more: Model,
    *,
    pull: float = 1.0,
    steps: int = 400,
) -> Model:
    """Return the model with the weights and interactions of another fitted beside its own.

    more: comparisons that the model does not weigh yet, or weighs by hand; they are fitted to what
    the rest of the model leaves. No other number moves.
    """
    rest = {name: levels for name, levels in model.weights.items() if name not in more.weights}
    known, start = replace(model, weights=rest), replace(more, prior=0.0, scale=0.0)
    parameters = [each for each in _parameters(start, by_size=False) if each != _PRIOR]
    law = _law(parameters, start, cases(start, LATER))
    loss = _loss(_rows(examples, parameters, start, known), parameters, start, pull, law)
    found = _with_values(
        start, parameters, _least(loss, _values(start, parameters), parameters, steps)
    )
    return replace(
        model,
        weights={**model.weights, **found.weights},
        interactions=(*model.interactions, *found.interactions),
    )


Loss = Callable[[Vector], tuple[float, Vector]]


def _least(loss: Loss, first: Vector, parameters: Sequence[_Parameter], steps: int) -> Vector:
    """Return the values that cost least, as far as a search of some steps finds them."""
    found = optimize.minimize(
        loss,
        first,
        jac=True,
        method="L-BFGS-B",
        bounds=[_bounds(each) for each in parameters],
        options={"maxiter": steps},
    )
    return np.asarray(found.x, dtype=np.float64)


def _loss(
    rows: _Rows,
    parameters: Sequence[_Parameter],
    start: Model,
    pull: float,
    law: sparse.csr_array,
) -> Loss:
    """Return the function that gives what values of the parameters cost, and the slope of it."""
    centre = _values(start, parameters)

    def loss(values: Vector) -> tuple[float, Vector]:
        odds = LN2 * (rows.design @ values + rows.offset)
        away = values - centre
        broken = np.minimum(law @ values, 0.0)
        cost = float(np.sum(rows.weight * (np.logaddexp(0.0, odds) - rows.truth * odds)))
        cost += pull * float(away @ away) + LAW * float(broken @ broken)
        chance = 1.0 / (1.0 + np.exp(-np.clip(odds, -60, 60)))
        slope = LN2 * (rows.design.T @ (rows.weight * (chance - rows.truth)))
        return cost, slope + 2 * pull * away + 2 * LAW * (law.T @ broken)

    return loss


def _rows(
    examples: Sequence[tuple[Compare, NDArray[np.bool_]]],
    parameters: Sequence[_Parameter],
    start: Model,
    beside: Model | None = None,
) -> _Rows:
    """Return the pairs as rows, those that say the same as one: millions are few."""
    blocks = [_design(each, parameters, start) for each, _ in examples]
    design = sparse.csr_array(sparse.vstack([block for block, _ in blocks]))
    offset = np.concatenate([rest for _, rest in blocks])
    if beside:
        known = [total_bits(beside, each.compared, each.population) for each, _ in examples]
        offset += np.concatenate(known)
    truth = np.concatenate([labels for _, labels in examples]).astype(np.float64)
    weight = np.concatenate([np.full(each.size, each.weight) for each, _ in examples])
    drawn = np.random.default_rng(1).random(design.shape[1] + 2)
    mark = design @ drawn[2:] + drawn[0] * offset + drawn[1] * truth
    _, first, back = np.unique(np.round(mark, 9), return_index=True, return_inverse=True)
    together = np.asarray(np.bincount(back, weight, len(first)), dtype=np.float64)
    return _Rows(sparse.csr_array(design[first]), offset[first], truth[first], together)


def _parameters(model: Model, *, by_size: bool) -> list[_Parameter]:
    found = [_PRIOR, _BY_SIZE] if by_size else [_PRIOR]
    for name, levels in model.weights.items():
        for level, weight in levels.items():
            found.append(_Parameter(name, level, "base"))
            if weight.slope:
                found.append(_Parameter(name, level, "slope"))
            if weight.crowd:
                found.append(_Parameter(name, level, "crowd"))
    found += [_Parameter("", str(at), "interaction") for at in range(len(model.interactions))]
    return found


def _bounds(one: _Parameter) -> tuple[float | None, float | None]:
    """Return the range of a number: rarer values never tell less, what differs speaks against.

    The rarer what one side alone says, the more it speaks against.
    """
    if one.part == "slope" and one.comparison == "beyond":
        return None, 0.0
    if one.part in ("slope", "crowd", "scale"):
        return 0.0, None
    return (None, 0.0) if one.level in AGAINST else (None, None)


def _law(
    parameters: Sequence[_Parameter], model: Model, told: tuple[Sequence[Compared], Ints, Ints]
) -> sparse.csr_array:
    """Return the matrix that gives, for each law, by how many bits it is kept.

    Laws that say the same stand there once, the heavier.
    """
    compared, less, more = told
    if not compared:
        return sparse.csr_array((0, len(parameters)))
    size = len(compared[0].outcome.levels)
    design, _ = _design(Compare(LAW_POPULATION, compared, size), parameters, model)
    laws = sparse.csr_array(design[more] - design[less])
    mark = np.round(laws @ np.random.default_rng(1).random(len(parameters)), 9)
    _, first, count = np.unique(mark, return_index=True, return_counts=True)
    return sparse.csr_array(sparse.diags_array(np.sqrt(count)) @ laws[first])


def _values(model: Model, parameters: Sequence[_Parameter]) -> Vector:
    return np.array([_value(model, each) for each in parameters])


def _value(model: Model, one: _Parameter) -> float:
    if one.part in ("prior", "scale"):
        return float(getattr(model, one.part))
    if one.part == "interaction":
        return model.interactions[int(one.level)].bits
    return float(getattr(model.weights[one.comparison][one.level], one.part))


def _design(
    each: Compare, parameters: Sequence[_Parameter], model: Model
) -> tuple[sparse.csr_array, Vector]:
    """Return the matrix that parameters are multiplied with, and what no parameter decides."""
    reached = {compared.name: compared for compared in each.compared}
    keyed: dict[str, list[Compared]] = {}
    for compared in each.compared:
        keyed.setdefault(compared.key, []).append(compared)
    holds = interaction_holds(model, reached, each.size)
    columns = [_column(one, keyed, holds, model, each) for one in parameters]
    rest = replace(model, prior=0.0, scale=0.0 if _BY_SIZE in parameters else model.scale)
    offset = np.full(each.size, prior_bits(rest, each.population))
    if model.trees:
        before = separate_bits(model, each.compared, each.population)
        before += interaction_bits(model, each.compared, each.size)
        offset += forest_bits(model, each.compared, before, each.population)
    return sparse.csr_array(sparse.hstack(columns)), offset


def _column(
    one: _Parameter,
    keyed: Mapping[str, Sequence[Compared]],
    holds: Sequence[NDArray[np.bool_]],
    model: Model,
    each: Compare,
) -> sparse.csc_array:
    values = np.zeros(each.size)
    if one == _PRIOR:
        values[:] = 1.0
    elif one == _BY_SIZE:
        values[:] = -size_step(each.population)
    elif one.part == "interaction":
        values = holds[int(one.level)].astype(np.float64)
    else:
        for compared in keyed.get(one.comparison, ()):
            at = compared.outcome.levels == compared.levels.index(one.level)
            info = compared.outcome.info[at].astype(np.float64)
            cap = model.weights[one.comparison][one.level].cap
            held = np.maximum(size_step(each.population) - info - CROWD_FROM, 0.0)
            part = {"base": np.ones(len(info)), "slope": np.minimum(info, cap), "crowd": -held}
            values[at] += part[one.part]
    return sparse.csc_array(values[:, None])


def _with_values(model: Model, parameters: Sequence[_Parameter], values: Vector) -> Model:
    fitted = {one: grained(float(value)) for one, value in zip(parameters, values, strict=True)}
    weights = {
        name: {
            level: _fitted_weight(name, level, weight, fitted) for level, weight in levels.items()
        }
        for name, levels in model.weights.items()
    }
    interactions = tuple(
        Interaction(each.when, fitted[_Parameter("", str(at), "interaction")])
        for at, each in enumerate(model.interactions)
    )
    prior, scale = fitted.get(_PRIOR, model.prior), fitted.get(_BY_SIZE, model.scale)
    return replace(model, prior=prior, scale=scale, weights=weights, interactions=interactions)


def _fitted_weight(
    name: str, level: str, weight: Weight, fitted: Mapping[_Parameter, float]
) -> Weight:
    return Weight(
        fitted[_Parameter(name, level, "base")],
        fitted.get(_Parameter(name, level, "slope"), 0.0),
        weight.cap,
        fitted.get(_Parameter(name, level, "crowd"), 0.0),
    )
