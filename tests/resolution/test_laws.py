"""Models keep to the laws, whatever they are fitted to, and are fitted the same every time."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.plans import Plan, Recipe
from benchmarks.recipes import customers, organization, persons
from benchmarks.train_models import trained
from benchmarks.worlds import Dirt
from hub.resolution.laws import LATER, Choices, cases
from hub.resolution.model import Interaction, Model, Weight, default_model, model_data
from hub.resolution.scoring import total_bits


def worst(model: Model, among: Choices | None = None) -> float:
    """Return the most bits that agreeing on one thing more takes away."""
    compared, less, more = cases(model, among)
    bits = total_bits(model, compared, 1000)
    return float(np.min(bits[more] - bits[less]))


@pytest.mark.parametrize("kind", ["organization", "person", "thing"])
def test_a_shipped_model_keeps_the_laws(kind: str) -> None:
    assert worst(default_model(kind)) >= -0.5


def test_contacts_and_their_mailboxes_never_speak_against() -> None:
    assert worst(default_model("organization"), LATER) >= -0.5


def test_a_law_says_where_it_is_broken() -> None:
    model = default_model("organization")
    both = Interaction({"street": ("same",), "phone": ("same",)}, -30.0)
    assert worst(replace(model, interactions=(both,))) < -10.0


def test_a_kind_that_nobody_knows_has_no_laws_of_its_own() -> None:
    compared, less, more = cases(replace(default_model("thing"), kind="unheard"))
    assert (list(compared), len(less), len(more)) == ([], 0, 0)


@pytest.mark.parametrize("kind", ["organization", "person", "thing"])
def test_each_kind_has_laws(kind: str) -> None:
    assert len(cases(default_model(kind))[1]) > 1000


def test_a_comparison_that_a_model_does_not_know_is_in_no_case() -> None:
    model = default_model("organization")
    kept = {name: levels for name, levels in model.weights.items() if name != "vat"}
    assert "vat" not in {each.name for each in cases(replace(model, weights=kept))[0]}


@pytest.fixture(scope="module")
def small() -> Recipe:
    """A recipe of two small worlds in which sisters are most of what is alike."""
    start = organization(choose=True).start
    few = replace(start, interactions=start.interactions[:6])
    return Recipe(few, 2.0, [customers(60, 1), customers(40, 2)], [customers(40, 3)])


def test_the_same_recipe_gives_the_same_model(small: Recipe) -> None:
    assert model_data(trained(small)) == model_data(trained(small))


def test_what_is_fitted_keeps_the_laws(small: Recipe) -> None:
    odd = dict(small.start.weights)
    odd["phone"] = {**odd["phone"], "same": Weight(-6.0, 0.1, 12)}
    assert worst(replace(small.start, weights=odd)) < -4.0
    assert worst(trained(replace(small, start=replace(small.start, weights=odd)))) >= -0.5


def test_a_plan_takes_columns_away_and_keeps_no_empty_record() -> None:
    profiles, truth = customers(40, 1, "email", "phone").profiles()
    assert profiles
    for each in profiles:
        assert each.features
        assert not {"email", "phone"} & each.features.keys()
        assert each.ref in truth


def test_people_are_taken_by_their_habit() -> None:
    plan: Plan = persons(20, 1, "names")
    assert {key for each in plan.profiles()[0] for key in each.features} == {"person_name"}


def test_what_is_fitted_beside_a_model_moves_nothing_else(small: Recipe) -> None:
    settled = replace(default_model("organization"), trees=())
    more = replace(settled, weights={"writer": {"named": Weight(0.0)}}, interactions=())
    contacts = [customers(80, 1, dirt=Dirt(contacts=1.0, nameless=0.2))]
    made = trained(replace(small, start=more, settled=settled, learn=contacts))
    assert made.weights["writer"]["named"].base > 0.0
    assert replace(made, weights=settled.weights) == settled
    assert {**made.weights, "writer": settled.weights["writer"]} == settled.weights
