"""Rows of several columns as one number each."""

import numpy as np
import pytest

from hub.resolution.frame import row_numbers


@pytest.mark.parametrize(
    ("columns", "width"), [(0, 2), (1, 3), (4, 3), (90, 2), (9, 900), (3, 1 << 31)]
)
def test_rows_have_one_number_where_they_say_the_same(columns: int, width: int) -> None:
    chance = np.random.default_rng(3)
    size = 400
    told = chance.integers(0, min(width, 3), (columns, size))
    told[:, size // 2 :] = told[:, : size // 2]
    numbers = row_numbers([(column, width) for column in told], size).tolist()
    rows = [tuple(row) for row in told.T.tolist()]
    assert len(set(zip(numbers, rows, strict=True))) == len(set(numbers)) == len(set(rows))
    assert sorted(range(size), key=numbers.__getitem__) == sorted(range(size), key=rows.__getitem__)


def test_no_rows_have_no_numbers() -> None:
    none = np.zeros(0, dtype=np.int64)
    assert row_numbers([(none, 1 << 40), (none, 1 << 40)], 0).tolist() == []
