"""Conditions as bits: many pairs at once are told what each of them is told alone."""

import numpy as np
import pytest

from hub.resolution.align import _turned
from hub.resolution.frame import cross, lists_of
from hub.resolution.masks import ALIKE, allowed, packed, summed, worth_of


def _holds(chance: np.random.Generator, values: int, conditions: int) -> np.ndarray:
    return chance.random((values, conditions)) < 0.7


@pytest.mark.parametrize(
    ("values", "comparisons"),
    [pytest.param(6, 3, id="many alike"), pytest.param(900, 9, id="more ways than a number has")],
)
def test_pairs_that_are_alike_are_worth_what_each_is_worth(values: int, comparisons: int) -> None:
    chance = np.random.default_rng(5)
    size, conditions = 3 * ALIKE, 130
    holds = [_holds(chance, values, conditions) for _ in range(comparisons)]
    shown = [chance.integers(0, values, size) for _ in holds]
    bits = chance.integers(-900, 900, conditions) / 1024
    expected = np.ones((size, conditions), dtype=bool)
    for held, value in zip(holds, shown, strict=True):
        expected &= held[value]
    always = packed(np.ones((1, conditions), dtype=bool))
    told = [(allowed(held), value) for held, value in zip(holds, shown, strict=True)]
    assert (
        summed(size, always, told, worth_of(bits.tolist())).tolist() == (expected @ bits).tolist()
    )


def test_combinations_are_walked_from_either_side() -> None:
    left = lists_of([[10, 11], [], [12], [13, 14, 15]])
    right = lists_of([[20], [21, 22, 23], [], [24, 25]])
    a, b = np.array([0, 3, 1, 2, 3]), np.array([1, 3, 3, 2, 0])
    rows, x, y = cross(left, a, right, b)
    walked = list(zip(rows.tolist(), left.items[x].tolist(), right.items[y].tolist(), strict=True))
    assert walked == [
        *((0, one, other) for one in (10, 11) for other in (21, 22, 23)),
        *((1, one, other) for one in (13, 14, 15) for other in (24, 25)),
        *((4, one, 20) for one in (13, 14, 15)),
    ]
    turn = _turned(left.lengths(a), right.lengths(b))
    assert [walked[at] for at in turn.tolist()] == sorted(walked, key=lambda one: (one[0], one[2]))
