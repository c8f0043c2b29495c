"""Proposals: what may follow from what, by worth and time, and what nobody should be asked."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.vorgang.numbers import numbers_in_bank_text
from hub.vorgang.paper import Paper
from hub.vorgang.proposals import NAMED, SINGLE, WORTH, Standing, open_nodes, proposals
from tests.vorgang.papers import paper


def order(ref: str = "o1", /, **fields: Any) -> Paper:
    standard = {"net_minor": 100_000, "ordered_on": "2026-02-01", "status": "confirmed"}
    return paper("order", ref, **{**standard, **fields})


def invoice(ref: str = "i1", /, **fields: Any) -> Paper:
    standard = {"net_minor": 100_000, "gross_minor": 119_000, "issued_on": "2026-03-01"}
    return paper("invoice", ref, **{**standard, **fields})


def payment(amount_minor: int, booked_on: str = "2026-03-20") -> Paper:
    return paper("payment", "p1", amount_minor=amount_minor, booked_on=booked_on)


def found(*papers: Paper, **standing: Any) -> list[tuple[str, str, str, float]]:
    return [
        (one.lower, one.upper, one.method, one.score)
        for one in proposals(papers, Standing(**standing))
    ]


@pytest.mark.parametrize(
    ("ours", "theirs", "score"),
    [
        ({"customer_po_number": "4711"}, {"customer_po_number": "4711"}, NAMED),
        ({"name": "Umbau Nord"}, {"name": "Umbau"}, NAMED),
        ({"name": "Umbau"}, {"name": "Anbau"}, WORTH),
        ({}, {"net_minor": 100_900}, WORTH),
        ({"net_minor": 102_000}, {}, SINGLE),
    ],
)
def test_the_same_worth_and_name_say_more(
    ours: dict[str, Any], theirs: dict[str, Any], score: float
) -> None:
    method = "single" if score == SINGLE else "amount"
    assert found(order(**theirs), invoice(**ours)) == [("i1", "o1", method, score)]


@pytest.mark.parametrize(
    "other",
    [
        order(ordered_on="2026-04-01"),
        order(ordered_on="2024-01-01"),
        order(ordered_on=None),
        order(currency="USD"),
        order(status="cancelled"),
    ],
)
def test_what_came_later_long_ago_or_never_is_not_proposed(other: Paper) -> None:
    assert found(other, invoice()) == []


def test_nobody_is_asked_what_is_settled() -> None:
    both = (order(), invoice())
    assert found(*both, above={"i1"}) == []
    assert found(*both, below={"o1": {"invoice"}}) == []
    assert found(*both, barred={frozenset(("i1", "o1"))}) == []
    assert found(order(), invoice(contracts=("c1",))) == []
    assert found(*both, below={"o1": {"project"}}) != []


def test_an_order_billed_by_the_month_may_have_another_invoice() -> None:
    billed = {"below": {"o1": {"invoice"}, "o2": {"invoice"}}}
    hosting = order(name="Hosting")
    monthly = invoice(name="Hosting")
    assert found(hosting, monthly, **billed) == [("i1", "o1", "amount", NAMED)]
    assert found(hosting, invoice(name="Umbau"), **billed) == []
    assert found(hosting, invoice(name="Hosting", net_minor=50_000), **billed) == []
    twin = order("o2", name="Hosting")
    assert [score for *_, score in found(hosting, twin, monthly, **billed)] == [SINGLE, SINGLE]
    free = found(hosting, twin, monthly, below={"o1": {"invoice"}})
    assert free == [("i1", "o2", "amount", NAMED)]  # one that nothing is billed of comes first
    other = order("o3", name="Umbau", net_minor=70_000)
    assert found(hosting, other, monthly, **billed) == [("i1", "o1", "amount", NAMED)]


def test_of_several_alike_each_is_worth_less() -> None:
    some = found(order("o1"), order("o2"), invoice())
    assert some == [("i1", "o1", "amount", SINGLE), ("i1", "o2", "amount", SINGLE)]
    two = found(order("o1", net_minor=1), order("o2", net_minor=2), invoice())
    assert two == []


def test_payments_by_sum_discount_and_several_at_once() -> None:
    assert found(invoice(), payment(119_000)) == [("p1", "i1", "amount", NAMED)]
    assert found(invoice(), payment(116_620)) == [("p1", "i1", "amount", NAMED)]
    other = invoice("i2", gross_minor=50_000)
    assert found(invoice(), other, payment(169_000)) == [
        ("p1", "i1", "amount", WORTH),
        ("p1", "i2", "amount", WORTH),
    ]
    assert found(invoice(), other, payment(90_000)) == [("p1", "i1", "single", SINGLE)]
    assert found(invoice(), payment(60_000)) == [("p1", "i1", "single", SINGLE)]
    assert found(invoice(), payment(-119_000)) == found(invoice(), payment(500_000)) == []


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("SVWZ+RE 2026 000031 DANKE", "re2026000031"),
        ("RG RE-2026-000031KDNR 10023", "re2026000031"),
        ("RE-2026-0000 31", "re2026000031"),
        ("EREF+X SVWZ+re/2026/000031", "re2026000031"),
        ("91000602DANKE", "91000602"),
        ("Rg 4711vielen Dank", "4711"),
    ],
)
def test_a_number_is_found_in_what_a_bank_makes_of_it(text: str, key: str) -> None:
    assert key in set(numbers_in_bank_text(text))


def test_joined_words_must_tell_enough() -> None:
    assert set(numbers_in_bank_text("am 12 03 26 Miete")) == set()
    assert set(numbers_in_bank_text("4711b")) == {"4711b"}  # the second bill, not the first
    assert set(numbers_in_bank_text("47 11DANKE")) == {"11danke"}
    assert len(set(numbers_in_bank_text("a1234567 " * 500))) < 100


_days = {
    "deal": "created_at",
    "quote": "issued_on",
    "order": "ordered_on",
    "invoice": "issued_on",
    "payment": "booked_on",
}
_papers = st.lists(
    st.tuples(
        st.sampled_from(sorted(_days)),
        st.sampled_from([100, 200]),
        st.sampled_from(["2026-03-01", "2026-03-05", "2026-03-09"]),
    ),
    max_size=8,
)


@given(_papers, st.data())
def test_what_nothing_is_asked_of_need_not_be_read(
    drawn: list[tuple[str, int, str]], data: st.DataObject
) -> None:
    papers = [
        paper(
            kind, f"{kind}:{n}", net_minor=net, amount_minor=net, **{_days[kind]: f"2026-03-0{d}"}
        )
        for n, (kind, net, d) in enumerate(drawn)
    ]
    refs = [one.ref for one in papers] or ["none:1"]
    above = data.draw(st.sets(st.sampled_from(refs)))
    kinds = st.sets(st.sampled_from(sorted(_days)))
    below = data.draw(st.dictionaries(st.sampled_from(refs), kinds))
    standing = Standing(below, above)
    asked = open_nodes({one.ref: one.kind for one in papers}, below, above)
    assert proposals([one for one in papers if one.ref in asked], standing) == proposals(
        papers, standing
    )


def test_of_a_case_told_to_its_end_nothing_is_read() -> None:
    kinds = {"d": "deal", "o": "order", "i": "invoice", "p": "payment", "l": "lead"}
    below = {"l": {"deal"}, "d": {"order"}, "o": {"invoice"}, "i": {"payment"}}
    assert open_nodes(kinds, below, {"d", "o", "i", "p"}) == set()
    assert open_nodes({**kinds, "q": "payment"}, below, {"d", "o", "i", "p"}) == {"q"}
