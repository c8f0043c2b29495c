"""Model files, training, candidates and rivals."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.resolution import load
from benchmarks.worlds import world
from hub.model.resolution import Profile
from hub.resolution.adaptation import adapt
from hub.resolution.batch import base_of, candidates_of, score_adapted
from hub.resolution.candidates import MOST_HOLDERS, all_pairs, needed, proposed, token_weight
from hub.resolution.catalogue import compare_pairs
from hub.resolution.frame import lists_of
from hub.resolution.model import (
    GRAIN,
    Interaction,
    Rivalry,
    Weight,
    default_model,
    model_data,
    model_from,
)
from hub.resolution.rivals import settled
from hub.resolution.scoring import pair_bits
from hub.resolution.tokens import size_step, step, steps
from hub.resolution.training import Compare, fit

ORGANIZATION = default_model("organization")


@pytest.mark.parametrize("kind", ["organization", "person", "thing"])
def test_a_shipped_model_survives_being_written_and_read(kind: str) -> None:
    model = default_model(kind)
    assert model.kind == kind
    assert model_from(model_data(model)) == model


@pytest.mark.parametrize("kind", ["organization", "person", "thing"])
def test_every_weight_lies_on_the_grain(kind: str) -> None:
    model = default_model(kind)
    numbers = [model.prior, *(rule.bits for rule in model.interactions)]
    for levels in model.weights.values():
        for each in levels.values():
            numbers += [each.base, each.slope, each.crowd]
    assert all(number * GRAIN == int(number * GRAIN) for number in numbers)


def test_an_unknown_kind_is_compared_as_a_thing() -> None:
    assert default_model("project").kind == "thing"


def test_another_version_is_refused() -> None:
    with pytest.raises(ValueError, match="model version 2"):
        model_from({"version": 2})


@pytest.mark.parametrize(("count", "expected"), [(0, 0), (1, 0), (2, 1), (3, 1), (4, 2), (1023, 9)])
def test_counts_enter_in_steps_of_two(count: int, expected: int) -> None:
    assert step(count) == expected
    assert steps(np.array([count])).tolist() == [expected]
    assert size_step(count) == max(6, expected)


def test_a_token_of_too_many_holders_proposes_nobody() -> None:
    assert token_weight("v:1", 2, 1000) > token_weight("v:1", 8, 1000) > 0
    assert token_weight("v:1", MOST_HOLDERS + 1, 100_000) == 0


def test_one_record_asks_for_the_partners_that_the_batch_finds() -> None:
    weights = {"w:a": 8, "w:b": 3, "w:c": 6}
    rows = [["w:a", "w:b"], ["w:a", "w:c"], ["w:b", "w:c"], ["w:a", "w:b", "w:c"]]
    numbers = {token: at for at, token in enumerate(weights)}
    held = lists_of([[numbers[token] for token in row] for row in rows])
    population, propose = 1000, 0.0
    table = np.array([token_weight(t, n, population) for t, n in weights.items()], dtype=np.int32)
    left, right = all_pairs(held, table, population=population, propose=propose)
    found = {(a, b) for a, b in zip(left.tolist(), right.tolist(), strict=True)}
    holders = {token: [at for at, row in enumerate(rows) if token in row] for token in weights}
    for at, row in enumerate(rows):
        asked = proposed(at, row, holders, weights, population=population, propose=propose)
        assert asked == sorted({a + b - at for a, b in found if at in (a, b)})
    assert found
    assert needed(population, propose) > 1


def test_rivals_weaken_what_they_contest() -> None:
    rivalry = Rivalry(scale=1.0, shift=0.0, most=1.0, least=1.0, friend=-1.0)
    left, right = np.array([0, 0]), np.array([1, 2])
    contested = settled(3, left, right, np.array([4.0, 4.0]), link=-2.0, rivalry=rivalry)
    assert contested.tolist() == [4.0 - 4.09375, 4.0 - 4.09375]
    agreed = settled(
        3, np.array([0, 0, 1]), np.array([1, 2, 2]), np.array([4.0] * 3), link=-2.0, rivalry=rivalry
    )
    assert agreed.tolist() == [4.0, 4.0, 4.0]


def test_rivals_below_the_link_are_not_heard() -> None:
    rivalry = Rivalry(most=1.0)
    bits = np.array([4.0, -3.0])
    heard = settled(3, np.array([0, 0]), np.array([1, 2]), bits, link=-2.0, rivalry=rivalry)
    assert heard[0] == 4.0


def test_a_pair_scores_the_same_alone_and_among_others() -> None:
    base = base_of(world(150, seed=3).profiles)
    left, right = candidates_of(base, ORGANIZATION)
    whole = pair_bits(ORGANIZATION, base.frame, left, right)
    for at in range(0, len(left), 97):
        one = pair_bits(ORGANIZATION, base.frame, left[at : at + 1], right[at : at + 1])
        assert one[0] == whole[at]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"org_name": ("RLH",)}, {"org_name": ("RLH Immobilien KG",)}),
        ({"org_name": ("K2",)}, {"org_name": ("Hotel K2",)}),
        ({"email": ("it@weber.example",)}, {"email": ("y.martin@weber.example",)}),
    ],
    ids=["short word", "code", "domain without a name"],
)
def test_two_meet_by_one_rare_thing_in_a_base_of_thousands(
    one: dict[str, tuple[str, ...]], other: dict[str, tuple[str, ...]]
) -> None:
    others: list[dict[str, tuple[str, ...]]] = [
        {"identifier": (f"{at:05}x",)} for at in range(5_000)
    ]
    base = base_of(
        Profile(f"a:b:{at}", "organization", "a", told)
        for at, told in enumerate((one, other, *others))
    )
    left, right = candidates_of(base, ORGANIZATION)
    met = {(base.refs[a], base.refs[b]) for a, b in zip(left, right, strict=True)}
    assert {each[0] for pair in met for each in pair} == {"a:b:0", "a:b:1"}


def test_training_finds_what_the_labels_show() -> None:
    made = world(250, seed=5)
    base = base_of(made.profiles)
    left, right = candidates_of(base, ORGANIZATION)
    labels = np.array([made.truth[refs[0]] for refs in base.refs])
    truth = labels[left] == labels[right]
    compared = list(compare_pairs("organization", base.frame, left, right))
    naive = replace(
        ORGANIZATION,
        weights={"vat": {"different": Weight(0.0), "same": Weight(0.0)}},
        interactions=(Interaction({"name": ("same",), "city": ("same",)}, 0.0),),
    )
    fitted = fit([(Compare(len(base.ids), compared, len(left)), truth)], naive)
    assert fitted.weights["vat"]["same"].base > 1.5 > 0 >= fitted.weights["vat"]["different"].base
    assert fitted.interactions[0].bits > 0


def test_a_model_moves_towards_a_base_without_labels() -> None:
    people = [
        Profile(
            f"a:p:{at}-{copy}",
            "person",
            "a",
            {
                "given_name": (f"Qa{at}x",),
                "family_name": (f"Zu{at * 7}y",),
                "email": (f"m{at}.{at * 3}@firm{at}.de",),
                "city": (f"Town{at}",) if copy else (f"Ville{at * 5}",),
            },
        )
        for at in range(300)
        for copy in range(2)
    ]
    model = default_model("person")
    base = base_of(people)
    moved = adapt(model, base.frame, *candidates_of(base, model))
    assert moved.name == f"{model.name}+adapted"
    before, after = model.weights["city"]["different"], moved.weights["city"]["different"]
    assert after.base > before.base


def test_the_prior_follows_how_much_is_doubled() -> None:
    """Worlds in which hardly anything is there twice, and in which most things are."""
    once = load("people:birthdates:600")[0]
    often = load("people:careless:300")[0]
    model = default_model("person")
    priors = [score_adapted(base_of(profiles), model)[0].prior for profiles in (once, often)]
    assert priors[0] < model.prior < priors[1]


def test_a_model_that_supposes_no_density_keeps_its_prior() -> None:
    base = base_of(world(50, seed=3).profiles)
    model = replace(ORGANIZATION, density=0.0)
    assert score_adapted(base, model)[0].prior == model.prior
    assert score_adapted(base_of([]), ORGANIZATION)[0].prior == ORGANIZATION.prior


def test_a_model_that_states_no_shares_stays_as_it_is() -> None:
    base = base_of(world(50, seed=3).profiles)
    model = replace(ORGANIZATION, usual={})
    assert adapt(model, base.frame, *candidates_of(base, model)) is model
