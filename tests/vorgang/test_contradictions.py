"""Which papers cannot all be right: what is named, and what is no contradiction."""

from typing import Any

import pytest

from hub.vorgang.paper import Paper
from tests.vorgang.papers import paper, told

ORDER = paper("order", status="confirmed", net_minor=100)
CANCELLED = paper("order", "o2", status="cancelled", net_minor=100)
LOST = paper("deal", status="lost")


def invoice(status: str = "open", **more: Any) -> Paper:
    return paper("invoice", "i1", status=status, gross_minor=100, **more)


def payment(amount: int, ref: str = "p1", **more: Any) -> Paper:
    return paper("payment", ref, **{"amount_minor": amount, "invoices": ["i1"], **more})


def refund(amount: int) -> Paper:
    return paper("refund", "r1", amount_minor=amount, invoices=["i1"])


def credit(amount: int, ref: str = "c1", **more: Any) -> Paper:
    more = {"status": "open", "invoices": ["i1"], **more}
    return paper("credit_note", ref, gross_minor=amount, **more)


@pytest.mark.parametrize(
    ("papers", "contradictions"),
    [
        ([LOST, ORDER], [("lost_but_ordered", "a:deal:1 a:order:1")]),
        ([paper("deal", status="abandoned"), ORDER], [("lost_but_ordered", "a:deal:1 a:order:1")]),
        ([LOST, paper("deal", "d2", status="won"), ORDER], []),
        ([LOST, CANCELLED], []),
        ([LOST], []),
        ([CANCELLED, invoice()], [("cancelled_but_invoiced", "i1 o2")]),
        ([CANCELLED, ORDER, invoice()], []),
        ([CANCELLED], []),
        ([CANCELLED, invoice("void")], []),
        ([paper("project", "pr"), invoice()], []),
        ([paper("project", "pr", parties=())], [("project_without_customer", "pr")]),
        ([paper("project", "pr", parties=()), ORDER], []),
        ([paper("order", parties=()), invoice(parties=())], []),
        (
            [ORDER, invoice(parties=("01OTHER",)), payment(100, parties=())],
            [("different_customers", "a:order:1 i1")],
        ),
    ],
)
def test_statuses_and_customers(papers: list[Paper], contradictions: list[tuple[str, str]]) -> None:
    assert [(one.type, " ".join(one.refs)) for one in told(*papers).contradictions] == (
        contradictions
    )


@pytest.mark.parametrize(
    ("papers", "contradictions"),
    [
        ([invoice("paid", balance_minor=1)], [("paid_but_open_balance", "i1")]),
        ([invoice("paid", balance_minor=0)], []),
        ([invoice("paid", balance_minor=-1)], []),
        ([invoice("open", balance_minor=1)], []),
        ([invoice("open", balance_minor=0)], [("open_without_balance", "i1")]),
        ([paper("invoice", status="open", balance_minor=0)], []),
        ([invoice(), payment(102)], []),
        ([invoice(), payment(103)], [("paid_too_much", "i1 p1")]),
        ([invoice(), payment(60), payment(60, "p2")], [("paid_more_than_once", "i1 p1 p2")]),
        ([invoice(), payment(60), payment(60, "p2", returned=True)], []),
        ([invoice(), payment(60), payment(60, "p2", invoices=["i1", "i9"])], []),
        ([invoice(), payment(100), payment(100, "p2"), refund(100)], []),
        ([invoice(), payment(150), refund(20)], [("paid_too_much", "i1 p1 r1")]),
        ([invoice("void"), payment(200)], []),
        ([invoice(), credit(100)], []),
        ([invoice(), credit(101)], [("credited_more_than_invoiced", "c1 i1")]),
        ([invoice(), credit(-101)], [("credited_more_than_invoiced", "c1 i1")]),
        ([invoice(), credit(60), credit(60, "c2")], [("credited_more_than_invoiced", "c1 c2 i1")]),
        ([invoice(), credit(60), credit(60, "c2", status="void")], []),
        ([invoice(), credit(60), credit(60, "c2", invoices=["i9"])], []),
        ([paper("invoice", "i1", status="open", gross_minor=0), payment(5), credit(5)], []),
    ],
)
def test_invoices_and_what_came_for_them(
    papers: list[Paper], contradictions: list[tuple[str, str]]
) -> None:
    found = told(ORDER, *papers).contradictions
    assert [(one.type, " ".join(one.refs)) for one in found] == contradictions


def test_days_that_nobody_can_mean_are_told_of_once_a_paper() -> None:
    odd = paper("order", status="confirmed", ordered_on="1900-01-01", confirmed_on="2999-01-01")
    assert [(one.type, one.refs) for one in told(odd).contradictions] == [
        ("implausible_day", (odd.ref,))
    ]
    fine = paper("order", status="confirmed", ordered_on="1970-01-01", confirmed_on="2099-12-31")
    assert told(fine).contradictions == ()
