"""What a case is called, whose it is, and which tickets a contract covers."""

import pytest

from hub.vorgang.case import Cover, Ground
from hub.vorgang.paper import Paper
from tests.vorgang.papers import PARTY, paper, told

KNOWN = Ground(covers={PARTY: [Cover("2026-04-01", "2026-12-31")]})


@pytest.mark.parametrize(
    ("opened", "covered"),
    [("2026-03-31", False), ("2026-04-01", True), ("2026-12-31", True), ("2027-01-01", False)],
)
def test_a_contract_covers_its_first_and_its_last_day(opened: str, covered: bool) -> None:
    ticket = paper("ticket", status="open", opened_at=f"{opened}T08:00:00Z")
    assert (told(ticket, ground=KNOWN).gaps == ()) is covered
    own = paper("ticket", status="open", opened_at=f"{opened}T08:00:00Z", contracts=("c",))
    assert told(own, ground=KNOWN).gaps == ()
    for cover in (Cover(None, "2026-12-31"), Cover("2026-04-01", None), Cover(None, None)):
        begun = (cover.starts_on or "") <= opened
        goes_on = opened <= (cover.ends_on or opened)
        ground = Ground(covers={PARTY: [cover]})
        assert (told(ticket, ground=ground).gaps == ()) is (begun and goes_on)


@pytest.mark.parametrize(
    ("papers", "title"),
    [
        ([paper("order", name="Auftrag"), paper("deal", name="Chance")], "Chance"),
        ([paper("order", name="Auftrag"), paper("deal", number="C-7")], "C-7"),
        ([paper("order", name="Auftrag", number="A-1"), paper("deal")], "Auftrag"),
        ([paper("order", "books:orders:1")], "books:orders:1"),
        ([paper("order", name="x" * 300)], "x" * 200),
    ],
)
def test_a_case_is_called_as_its_paper_that_tells_most(papers: list[Paper], title: str) -> None:
    assert told(*papers).title == title


@pytest.mark.parametrize(
    ("papers", "party"),
    [
        ([paper("deal", parties=()), paper("order", parties=("01B",))], "01B"),
        ([paper("deal", parties=("01C", "01B")), paper("order", parties=("01D",))], "01D"),
        ([paper("deal", parties=("01C", "01B")), paper("order", parties=())], "01B"),
        ([paper("deal", parties=()), paper("order", parties=())], None),
    ],
)
def test_a_case_is_whose_its_first_clear_paper_says(papers: list[Paper], party: str | None) -> None:
    assert told(*papers).party == party
