"""Rules for what is judged together are found where comparisons by themselves err."""

from dataclasses import replace

import numpy as np

from benchmarks import interplay
from benchmarks.interplay import Example, chosen, conditions
from hub.resolution.catalogue import Compared, compare_pairs
from hub.resolution.frame import frame_of
from hub.resolution.levels import Outcome
from hub.resolution.model import Interaction, Model, Weight, default_model, model_data
from hub.resolution.tokens import TokenCounts
from hub.resolution.training import Compare

NAME = ("missing", "disjoint", "same")
PLAIN = ("missing", "different", "same")
START = replace(
    default_model("thing"),
    kind="unheard",
    prior=0.0,
    scale=0.0,
    interactions=(),
    weights={
        name: {levels[1]: Weight(0.0), "same": Weight(0.0)}
        for name, levels in (("name", NAME), ("street", PLAIN), ("city", PLAIN))
    },
)


def example() -> Example:
    """Pairs that match where name and street agree, and where neither does: no sum says that."""
    rows = np.array([(n, s, c) for n in (1, 2) for s in (1, 2) for c in (1, 2)] * 100)
    compared = [
        Compared(name, name, levels, Outcome(rows[:, at].astype(np.int8), np.zeros(800, np.int16)))
        for at, (name, levels) in enumerate((("name", NAME), ("street", PLAIN), ("city", PLAIN)))
    ]
    return Compare(64, compared, 800), rows[:, 0] == rows[:, 1]


def found(rounds: tuple[int, ...]) -> Model:
    return chosen([example()], START, rounds=rounds, pull=0.1)


def test_what_no_sum_can_say_becomes_a_rule() -> None:
    model = found((2,))
    assert all(set(rule.when) == {"name", "street"} for rule in model.interactions)
    assert model.interactions
    assert model_data(model) == model_data(found((2,)))


def test_rules_worth_nothing_are_dropped_and_none_stands_twice() -> None:
    rules = found((3, 3)).interactions
    assert all(abs(rule.bits) > interplay.LEAST / 2 for rule in rules)
    assert len({repr(rule.when) for rule in rules}) == len(rules)


def test_no_more_rules_than_two_words_hold() -> None:
    many = [Interaction({"name": ("same",)}, 1.0 + at) for at in range(interplay.MOST + 5)]
    kept = interplay.worth(many)
    assert len(kept) == interplay.MOST
    assert [rule.bits for rule in kept] == [6.0 + at for at in range(interplay.MOST)]


def test_every_condition_is_a_level_of_its_comparison() -> None:
    one = np.zeros(1, dtype=np.int64)
    frame = frame_of([{"name": ("x",)}], TokenCounts(1, {}))
    levels = {each.name: each.levels for each in compare_pairs("organization", frame, one, one)}
    for name, wanted in conditions():
        assert set(wanted) <= set(levels[name]), name
