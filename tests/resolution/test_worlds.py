"""That larger invented worlds have more names: namesakes by chance do not pile up with size."""

import pytest

from benchmarks.companies import ENOUGH_FOR, Maker
from benchmarks.names import FANTASY_TAILS, JOINTS, STOCKS, TAILS

SMALL = ENOUGH_FOR
LARGE = 33_000


@pytest.mark.parametrize("stock", STOCKS)
def test_a_larger_world_has_more_names_and_the_small_one_those_it_had(stock: str) -> None:
    small, large = Maker(stock, 1, SMALL), Maker(stock, 1, LARGE)
    heads, made_up = (len(STOCKS[stock][part].split()) for part in ("heads", "fantasy"))
    assert len(small.families) == heads * len(JOINTS) * len(TAILS)
    assert len(small.fantasy) == made_up * len(FANTASY_TAILS)
    for few, many in ((small.families, large.families), (small.fantasy, large.fantasy)):
        assert many[: len(few)] == few
        assert 4.0 < len(many) / len(few) < 4.3


@pytest.mark.parametrize("part", ["families", "fantasy"])
def test_stocks_share_no_name_however_large_the_world(part: str) -> None:
    train, test = (set(getattr(Maker(stock, 1, LARGE), part)) for stock in STOCKS)
    assert not train & test


def test_even_an_enormous_world_can_be_made() -> None:
    made = Maker("test", 1, 1_000_000)
    assert len(set(made.families)) == len(made.families) > 10_000
