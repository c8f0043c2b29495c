"""Fits the shipped models to invented worlds: the same stock of worlds gives the same weights.

Usage: python -m benchmarks.train_models [KIND ...] [--into DIR]
    [--prior] [--rules] [--groups]
About ten minutes and 3 GB. Fits set out from the weights in by_hand.json and benchmarks.recipes.
That of organisations is shipped as fitted before more abbreviations were read (0387); anew it ends
at other bytes, as good. It fits what contacts tell, and records without a name, beside the weights
in settled.json, which a search found (docs/decisions/0344), and grows trees on what is left (0379).
With `--rules` all weights are fitted anew, without trees.
That of people is shipped as fitted before 0349 and 0385; anew it ends at other bytes, no more than
.003 of F1 worse but for colleagues of one office (.033 on an invented list).
"""

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

from benchmarks.boosting import grown
from benchmarks.interplay import Example, chosen
from benchmarks.plans import Plan, Recipe
from benchmarks.recipes import organization, person, thing
from benchmarks.train_groups import again, case
from hub.resolution.adaptation import level_shares
from hub.resolution.batch import Base, base_of, candidates_of
from hub.resolution.catalogue import Compared, compare_pairs
from hub.resolution.frame import Ints
from hub.resolution.levels import Outcome
from hub.resolution.model import Model, Rivalry, default_model, grained, model_data
from hub.resolution.rivals import settled
from hub.resolution.scoring import pair_bits, prior_bits, total_bits
from hub.resolution.tokens import size_step
from hub.resolution.training import Compare, fit, fit_beside

MODELS = Path(__file__).parents[1] / "hub" / "resolution" / "models"
RECIPES = {"organization": organization, "person": person, "thing": thing}
LN2 = float(np.log(2.0))
SIGNS = np.array([1.0, -1.0, -1.0, 1.0])
"""How an edge's bits, its stronger and weaker side's rivals and the shift enter what is left."""
HOPELESS = -12.0
"""Bits, by the draft, of pairs that teach no more: nine in ten, and not one match in a thousand."""
FEWEST = 20
"""Matches that a world must have for its shares of levels to count."""
Truth = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Lesson:
    """The candidate pairs of an invented world, and which of them mean the same."""

    base: Base
    left: Ints
    right: Ints
    labels: Ints

    @property
    def same(self) -> Truth:
        """Return which pairs mean the same."""
        return np.asarray(self.labels[self.left] == self.labels[self.right])


def lesson(plan: Plan, model: Model) -> Lesson:
    """Return what a planned world teaches."""
    profiles, truth = plan.profiles()
    base = base_of(profiles)
    left, right = candidates_of(base, model)
    _, labels = np.unique([truth[refs[0]] for refs in base.refs], return_inverse=True)
    return Lesson(base, left, right, labels)


def trained(recipe: Recipe) -> Model:
    """Return the model fitted by a recipe."""
    start = recipe.start
    examples: list[tuple[Compare, Truth]] = []
    seen: list[tuple[Sequence[Compared], Truth]] = []
    for plan in recipe.learn:
        pairs, same = example(plan, start)
        examples.append((pairs, same))
        seen.append((pairs.compared, same))
    if recipe.settled:
        made = fit_beside(examples, recipe.settled, start, pull=recipe.pull)
        made = judging_groups(with_trees(made, recipe), recipe)
        return replace(made, interactions=(*made.interactions, *recipe.by_hand))
    model = _fitted(examples, recipe)
    if recipe.adapts:
        model = replace(model, usual=usual_levels(seen, model))
    told = (lesson(plan, start) for plan in recipe.rivals)
    return judging_groups(replace(model, rivalry=rivalry(model, told)), recipe)


def example(plan: Plan, model: Model) -> Example:
    """Return the candidate pairs of a planned world, compared, and which mean the same."""
    taught = lesson(plan, model)
    compared = list(compare_pairs(model.kind, taught.base.frame, taught.left, taught.right))
    pairs = Compare(len(taught.base.ids), compared, len(taught.left), plan.weight)
    return pairs, taught.same


def with_trees(model: Model, recipe: Recipe) -> Model:
    """Return the model with trees grown on what it leaves open in the worlds of a recipe."""
    if not recipe.boosted:
        return model
    return replace(model, trees=grown((example(plan, model) for plan in recipe.boosted), model))


def judging_groups(model: Model, recipe: Recipe) -> Model:
    """Return the model with how groups are judged, sources told of or not; no weight moves."""
    if not recipe.groups:
        return model
    every = [lesson(plan, model) for plan in recipe.groups]
    alone = [*every, *(lesson(plan, model) for plan in recipe.alone)]
    told = [case(each.base, each.labels, model, told=True) for each in every]
    plain = [case(each.base, each.labels, model, told=False) for each in alone]
    judged = {"told": again(told, told=True), "alone": again(plain, told=False)}
    return replace(model, again=judged)


def _fitted(examples: list[Example], recipe: Recipe) -> Model:
    """Return the fitted model; by a thinned draft, only pairs that might be matches teach it."""
    if not recipe.thin:
        return fit(examples, recipe.start, pull=recipe.pull)
    thin = slice(None, None, recipe.thin)
    some = [(_taken(each, thin), same[thin]) for each, same in examples]
    draft = fit(some, recipe.start, pull=recipe.pull)
    near = []
    for each, same in examples:
        at = np.flatnonzero(total_bits(draft, each.compared, each.population) > HOPELESS)
        near.append((_taken(each, at), same[at]))
    if not recipe.rounds:
        return fit(near, recipe.start, pull=recipe.pull)
    return chosen(near, recipe.start, rounds=recipe.rounds, pull=recipe.pull)


def _taken(each: Compare, at: slice | Ints) -> Compare:
    """Return some of the pairs."""
    compared = [
        replace(one, outcome=Outcome(one.outcome.levels[at], one.outcome.info[at]))
        for one in each.compared
    ]
    return Compare(each.population, compared, len(compared[0].outcome.levels), each.weight)


def sized(model: Model, lessons: Iterator[Lesson]) -> Model:
    """Return the model with prior and scale (what size takes off) fitted; no weight moves.

    Each world counts the same, however large.
    """
    bits, steps, truths, weights = [], [], [], []
    for taught in lessons:
        size = len(taught.base.ids)
        own = pair_bits(model, taught.base.frame, taught.left, taught.right)
        bits.append(own - prior_bits(model, size))
        steps.append(np.full(len(own), size_step(size)))
        truths.append(taught.same)
        weights.append(np.full(len(own), 1000 / taught.same.sum()))
    known, step = np.concatenate(bits), np.concatenate(steps)
    same, weight = np.concatenate(truths), np.concatenate(weights)

    def loss(values: NDArray[np.float64]) -> float:
        odds = LN2 * (known + values[0] - values[1] * step)
        return float(np.sum(weight * (np.logaddexp(0.0, odds) - same * odds)))

    found = optimize.minimize(loss, np.array([model.prior, model.scale]), method="Nelder-Mead")
    prior, scale = (grained(float(value)) for value in found.x)
    return replace(model, prior=prior, scale=scale)


def usual_levels(
    seen: Sequence[tuple[Sequence[Compared], Truth]], model: Model
) -> dict[str, dict[str, float]]:
    """Return per comparison the share of each level among matches, the mean of all worlds."""
    shares: dict[str, list[dict[str, float]]] = {}
    for compared, same in seen:
        for each in compared:
            counts = level_shares(each, same)
            if each.key in model.weights and (total := sum(counts.values())) > FEWEST:
                part = {level: count / total for level, count in counts.items()}
                shares.setdefault(each.key, []).append(part)
    return {
        key: {level: round(fmean(each[level] for each in found), 4) for level in found[0]}
        for key, found in shares.items()
    }


def rivalry(model: Model, lessons: Iterator[Lesson]) -> Rivalry:
    """Return how much rivals weigh, as a logistic regression over edges and their rivals."""
    friend = model.rivalry.friend
    inputs, truths = [], []
    for taught in lessons:
        bits = pair_bits(model, taught.base.frame, taught.left, taught.right)
        kept = np.flatnonzero(bits >= model.keep)
        left, right, own = taught.left[kept], taught.right[kept], bits[kept]
        size = len(taught.base.ids)
        most, least = (
            -settled(size, left, right, own, link=model.link, rivalry=only)
            for only in (
                Rivalry(scale=0.0, most=1.0, friend=friend),
                Rivalry(scale=0.0, least=1.0, friend=friend),
            )
        )
        inputs.append(np.stack([own, most, least, np.ones(len(kept))], axis=1))
        truths.append(taught.same[kept])
    scale, more, less, shift = _regression(np.concatenate(inputs), np.concatenate(truths))
    return Rivalry(grained(scale), grained(shift), grained(more), grained(less), friend)


def _regression(inputs: NDArray[np.float64], truth: Truth) -> list[float]:
    same = truth.astype(np.float64)

    def loss(values: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        odds = LN2 * (inputs @ (values * SIGNS))
        chance = 1.0 / (1.0 + np.exp(-odds))
        cost = float(np.sum(np.logaddexp(0.0, odds) - same * odds))
        return cost, LN2 * (inputs.T @ (chance - same)) * SIGNS

    bounds = [(0.3, None), (0.0, None), (0.0, None), (None, None)]
    first = np.array([1.0, 0.5, 0.2, 0.0])
    found = optimize.minimize(loss, first, jac=True, method="L-BFGS-B", bounds=bounds)
    return [float(value) for value in found.x]


def main() -> None:
    """Fit the models that are asked for and write them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kinds", nargs="*", choices=[*RECIPES, []])
    parser.add_argument("--into", type=Path, default=MODELS)
    parser.add_argument("--prior", action="store_true", help="Fit the shipped model's prior only.")
    parser.add_argument("--groups", action="store_true", help="Fit how groups are judged only.")
    parser.add_argument("--rules", action="store_true", help="Choose what is judged together anew.")
    asked = parser.parse_args()
    for kind in asked.kinds or RECIPES:
        recipe, shipped = RECIPES[kind](), default_model(kind)
        if asked.rules and kind == "organization":
            recipe = organization(choose=True)
        if asked.prior:
            made = sized(shipped, (lesson(plan, shipped) for plan in recipe.sizes))
        elif asked.groups:
            made = judging_groups(shipped, recipe)
        else:
            made = trained(recipe)
        data = model_data(made)
        text = json.dumps(data, indent=1) + "\n"
        asked.into.mkdir(parents=True, exist_ok=True)
        (asked.into / f"{kind}.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
