"""That larger invented worlds have more names, and that houses keep the habits they are given."""

from collections import Counter

import pytest

from benchmarks.companies import ENOUGH_FOR, Habits, Maker
from benchmarks.names import FANTASY_TAILS, FREE, JOINTS, STOCKS, TAILS
from benchmarks.worlds import Dirt, world

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


def test_a_domain_belongs_to_one_house_and_sisters_bear_its_whole_name() -> None:
    maker = Maker("test", 1, SMALL, Habits(nested=1.0, apart=True))
    houses = [maker.company(at) for at in range(2000)]
    assert len({one.domain for one in houses}) == len(houses)
    for one in houses[:50]:
        sister = maker.sister(one, 9999)
        assert f"{sister.stem} {sister.trade}".startswith(f"{one.stem} {one.trade} ".rstrip())
        assert sister.trade != one.trade
        assert sister.vat != one.vat


def test_a_company_without_a_domain_is_reached_at_one_mailbox() -> None:
    made = world(200, dirt=Dirt(shared_contact=0.0, habits=Habits(boxes=1.0)))
    hosts = {
        mail.partition("@")[2] for one in made.profiles for mail in one.features.get("email", ())
    }
    assert hosts <= set(FREE)
    assert not any("website" in one.features for one in made.profiles)


def test_tickets_of_a_company_come_again_where_they_are_said_to() -> None:
    once, again = (world(300, dirt=Dirt(again=share)) for share in (0.0, 0.5))
    desk = [
        Counter(made.truth[one.ref] for one in made.profiles if one.source == "desk")
        for made in (once, again)
    ]
    assert max(desk[0].values()) == 1 < max(desk[1].values())
