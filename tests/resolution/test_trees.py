"""Trees: one leaf each, whoever asks; read and written as they are; grown the same every time."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.boosting import Example, grown
from benchmarks.recipes import customers
from benchmarks.train_models import example
from benchmarks.worlds import Dirt
from hub.resolution.forest import Forest
from hub.resolution.laws import cases
from hub.resolution.model import Model, default_model, model_data, model_from
from hub.resolution.scoring import total_bits
from hub.resolution.trees import (
    HELD,
    INFORMATION_BITS,
    Split,
    Tree,
    tree_data,
    tree_from,
)

LEVELS = {
    "name": ("missing", "disjoint", "similar", "same"),
    "street": ("missing", "different", "same"),
    "phone": ("missing", "different", "close", "same"),
}
STEP = 12
Shown = Mapping[str, tuple[int, int]]


def walked(tree: Tree, shown: Shown) -> float:
    """Return the leaf that one pair ends in, question by question."""

    def after(at: int) -> int:
        if not isinstance(tree[at], Split):
            return at + 1
        return after(after(at + 1))

    at = 0
    while isinstance(node := tree[at], Split):
        at = after(at + 1) if _yes(node, *shown.get(node.comparison, (0, 0))) else at + 1
    assert isinstance(node, float)
    return node


def _yes(split: Split, level: int, told: int) -> bool:
    if split.level == HELD:
        return (STEP - told if told else 0) >= split.least
    return (level, told) >= (LEVELS[split.comparison].index(split.level), split.least)


@st.composite
def splits(draw: st.DrawFn) -> Split:
    name = draw(st.sampled_from(sorted(LEVELS)))
    level = draw(st.sampled_from((*LEVELS[name][1:], HELD)))
    return Split(name, level, draw(st.integers(0, STEP)))


leaves = st.integers(-640, 640).map(lambda grains: (grains / 64,))
trees = st.recursive(
    leaves,
    lambda under: st.builds(lambda split, no, yes: (split, *no, *yes), splits(), under, under),
    max_leaves=24,
)
pairs = st.dictionaries(
    st.sampled_from(sorted(LEVELS)), st.tuples(st.integers(0, 2), st.integers(0, STEP))
)


@settings(max_examples=200, deadline=None)
@given(st.lists(trees, min_size=1, max_size=12), st.lists(pairs, min_size=1, max_size=6))
def test_a_pair_gets_the_leaves_that_walking_finds(grove: list[Tree], asked: list[Shown]) -> None:
    values = {
        name: (
            levels,
            np.array(
                [
                    each.get(name, (0, 0))[0] << INFORMATION_BITS | each.get(name, (0, 0))[1]
                    for each in asked
                ]
            ),
        )
        for name, levels in LEVELS.items()
    }
    got = Forest(grove).bits(values, len(asked), STEP)
    assert got.tolist() == [sum(walked(tree, each) for tree in grove) for each in asked]
    for name in LEVELS:  # what is not there is missing
        without = {key: value for key, value in values.items() if key != name}
        less = Forest(grove).bits(without, len(asked), STEP)
        there = [{key: value for key, value in each.items() if key != name} for each in asked]
        assert less.tolist() == [sum(walked(tree, each) for tree in grove) for each in there]


@given(trees)
def test_a_tree_is_read_as_it_was_written(tree: Tree) -> None:
    assert tree_from(tree_data(tree)) == tree


@pytest.mark.parametrize(
    "entry",
    [
        [],
        ["name same 3", 1.0],
        ["name same 3", 1.0, 2.0, 3.0],
        [1.0, 2.0],
        ["name same", 1.0, 2.0],
        ["name same three", 1.0, 2.0],
    ],
)
def test_what_is_no_tree_is_refused(entry: list[str | float]) -> None:
    with pytest.raises(ValueError, match=r"tree|unpack|int"):
        tree_from(entry)


def test_a_model_keeps_its_trees() -> None:
    model = default_model("organization")
    assert model.trees
    assert model_from(model_data(model)) == model


def loss(model: Model, seed: int) -> float:
    pairs, same = example(customers(300, seed), model)
    odds = np.log(2.0) * total_bits(model, pairs.compared, pairs.population)
    return float(np.sum(np.logaddexp(0.0, odds) - same * odds))


def taught(model: Model) -> list[Example]:
    return [example(customers(300, at), model) for at in (1, 2)]


@pytest.fixture(scope="module")
def plain() -> Model:
    """The shipped model without its trees."""
    return replace(default_model("organization"), trees=())


@pytest.fixture(scope="module")
def small(plain: Model) -> Model:
    """The same with trees that a few small worlds taught."""
    return replace(plain, trees=grown(taught(plain), plain, count=6, mixed=0))


def test_the_same_worlds_grow_the_same_trees(plain: Model, small: Model) -> None:
    assert grown(taught(plain), plain, count=6, mixed=0) == small.trees


def test_trees_tell_more_of_worlds_that_taught_them(plain: Model, small: Model) -> None:
    assert loss(small, 1) < 0.95 * loss(plain, 1)


def test_shipped_trees_tell_more_of_a_world_that_taught_nothing(plain: Model) -> None:
    assert loss(default_model("organization"), 991) < 0.95 * loss(plain, 991)


def test_what_grows_in_worlds_of_sisters_keeps_the_laws(plain: Model) -> None:
    """Where agreeing speaks for sisters: without the laws these trees take 1.6 bits for it."""
    sisters = [
        example(customers(300, at, dirt=Dirt(sisters=0.4, namesakes=0.2)), plain) for at in (1, 2)
    ]
    model = replace(plain, trees=grown(sisters, plain, count=12, mixed=0))
    compared, less, more = cases(model)
    bits = total_bits(model, compared, 1000)
    assert float(np.min(bits[more] - bits[less])) > -0.5


def test_shipped_trees_keep_them_whatever_is_told() -> None:
    model = default_model("organization")
    compared, less, more = cases(model, mixed=3)
    bits = total_bits(model, compared, 1000)
    assert float(np.min(bits[more] - bits[less])) > -1.0


def test_pairs_of_different_sizes_are_asked_alike() -> None:
    pairs, _ = example(customers(120, 5), default_model("organization"))
    whole = total_bits(default_model("organization"), pairs.compared, pairs.population)
    ends = [0, 1, 7, len(whole) // 2, len(whole)]
    parts = []
    for start, stop in pairwise(ends):
        some = [
            replace(
                each,
                outcome=replace(
                    each.outcome,
                    levels=each.outcome.levels[start:stop],
                    info=each.outcome.info[start:stop],
                ),
            )
            for each in pairs.compared
        ]
        parts.append(total_bits(default_model("organization"), some, pairs.population))
    assert np.concatenate(parts).tolist() == whole.tolist()
