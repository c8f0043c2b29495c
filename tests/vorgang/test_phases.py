"""The phases a case has entered, each with its day: what opens one, and what does not."""

from typing import Any

import pytest

from hub.vorgang.paper import Paper
from tests.vorgang.papers import paper, told


def lead(status: str, ref: str = "", **days: str) -> Paper:
    return paper("lead", ref, status=status, **days)


def deal(status: str, ref: str = "") -> Paper:
    return paper("deal", ref, status=status, created_at="2026-01-10", closed_on="2026-02-10")


def quote(status: str, ref: str = "", on: str = "2026-02-01") -> Paper:
    return paper("quote", ref, status=status, issued_on=on)


def order(status: str, ref: str = "", **more: Any) -> Paper:
    return paper("order", ref, status=status, ordered_on="2026-02-15", net_minor=100_000, **more)


def project(status: str, ref: str = "p1", ended: str | None = None, **more: Any) -> Paper:
    return paper("project", ref, status=status, starts_on="2026-02-20", ended_on=ended, **more)


def delivery(status: str, on: str = "2026-03-15") -> Paper:
    return paper("delivery", status=status, delivered_on=on)


def invoice(net: int, on: str, ref: str = "", status: str = "open", **more: Any) -> Paper:
    more = {"gross_minor": net, **more}
    return paper("invoice", ref, status=status, issued_on=on, net_minor=net, **more)


def payment(amount: int, on: str, **more: Any) -> Paper:
    return paper("payment", amount_minor=amount, booked_on=on, invoices=["a:invoice:1"], **more)


def refund(amount: int) -> Paper:
    more = {"booked_on": "2026-05-20", "invoices": ["a:invoice:1"]}
    return paper("refund", amount_minor=amount, **more)


def ticket(status: str, on: str, closed: str | None = None) -> Paper:
    return paper("ticket", status=status, opened_at=on, closed_at=closed)


def entered(*papers: Paper) -> dict[str, str | None]:
    return {entry.phase: entry.since for entry in told(*papers).entries}


DELIVERED = order("closed", delivered_on="2026-04-01")
TO_DELIVERED = {"ordered": "2026-02-15", "delivered": "2026-04-01"}
TO_INVOICED = TO_DELIVERED | {"invoiced": "2026-04-05"}
TO_PAID = TO_INVOICED | {"paid": "2026-04-20"}
GIFT = project("completed", "p2", "2026-04-01", billing="non_billable")


@pytest.mark.parametrize(
    ("papers", "phases"),
    [
        (
            [lead("new", first_touch_at="2026-01-05"), lead("new", "l2", created_at="2026-01-03")],
            {"attracted": "2026-01-03"},
        ),
        (
            [lead("converted", created_at="2026-01-03", converted_at="2026-01-08")],
            {"attracted": "2026-01-03", "qualified": "2026-01-08"},
        ),
        ([deal("open"), quote("draft")], {"qualified": "2026-01-10"}),
        (
            [deal("won"), quote("sent", "q2", "2026-02-05"), quote("sent", "q1")],
            {"qualified": "2026-01-10", "offered": "2026-02-01"},
        ),
        ([order("confirmed"), project("planned")], {"ordered": "2026-02-15"}),
        ([order("confirmed"), project("cancelled")], {"ordered": "2026-02-15"}),
        ([order("confirmed"), delivery("planned")], {"ordered": "2026-02-15"}),
        ([order("confirmed"), delivery("rejected")], {"ordered": "2026-02-15"}),
        ([order("in_progress")], {"ordered": "2026-02-15", "delivering": "2026-02-15"}),
        (
            [order("in_progress"), delivery("shipped")],
            {"ordered": "2026-02-15", "delivering": "2026-03-15"},
        ),
        (
            [project("planned"), paper("milestone", reached_on="2026-04-02")],
            {"ordered": "2026-02-20"},
        ),
        (
            [paper("order", status="confirmed"), project("active")],
            {"ordered": None, "delivering": "2026-02-20"},
        ),
        ([deal("won"), paper("order", status="confirmed")], {"qualified": "2026-01-10",
         "offered": "2026-02-10", "ordered": "2026-02-10"}),
    ],
)  # fmt: skip
def test_until_something_is_delivered(papers: list[Paper], phases: dict[str, str | None]) -> None:
    assert entered(*papers) == phases


@pytest.mark.parametrize(
    ("papers", "delivered"),
    [
        ([order("confirmed"), project("active"), delivery("accepted")], None),
        ([order("confirmed"), project("completed", "p1", "2026-04-03")], "2026-04-03"),
        ([DELIVERED, order("confirmed", "o2"), project("completed", "p1", "2026-04-03")], None),
        ([DELIVERED, order("closed", "o2", delivered_on="2026-05-01")], "2026-05-01"),
        ([DELIVERED, project("cancelled")], "2026-04-01"),
        ([DELIVERED, delivery("planned", "2026-06-01")], "2026-04-01"),
        ([DELIVERED, delivery("delivered", "2026-06-01")], "2026-06-01"),
    ],
)
def test_delivered_is_what_is_delivered_whole(papers: list[Paper], delivered: str | None) -> None:
    assert entered(*papers).get("delivered") == delivered


@pytest.mark.parametrize(
    ("papers", "invoiced"),
    [
        ([order("confirmed"), invoice(95_000, "2026-04-05")], "2026-04-05"),
        ([order("confirmed"), invoice(94_999, "2026-04-05")], None),
        ([order("confirmed"), invoice(100_000, "2026-04-05", status="void")], None),
        (
            [
                order("confirmed"),
                invoice(60_000, "2026-05-01", "i1"),
                invoice(40_000, "2026-04-01", "i2"),
                invoice(50_000, "2026-06-01", "i3"),
            ],
            "2026-05-01",
        ),
        (
            [
                DELIVERED,
                invoice(30_000, "2026-04-05", "i1"),
                invoice(20_000, "2026-05-05", "i2"),
            ],
            "2026-05-05",
        ),
        ([order("confirmed"), invoice(10, "2026-04-05", currency="USD")], "2026-04-05"),
        ([invoice(10, "2026-05-05", "i1"), invoice(10, "2026-04-05", "i2")], "2026-04-05"),
        ([DELIVERED], None),
    ],
)
def test_invoiced_is_most_of_the_order_or_all_there_is_once_it_is_delivered(
    papers: list[Paper], invoiced: str | None
) -> None:
    assert entered(*papers).get("invoiced") == invoiced


@pytest.mark.parametrize(
    ("papers", "paid"),
    [
        ([invoice(100, "2026-04-05", status="paid", paid_on="2026-04-20")], "2026-04-20"),
        ([invoice(100, "2026-04-05", status="written_off", paid_on="2026-04-20")], "2026-04-20"),
        ([invoice(100, "2026-04-05", balance_minor=0, paid_on="2026-04-20")], "2026-04-20"),
        ([invoice(100, "2026-04-05", balance_minor=1)], None),
        ([invoice(100, "2026-04-05"), payment(95, "2026-04-20")], "2026-04-20"),
        ([invoice(100, "2026-04-05"), payment(94, "2026-04-20")], None),
        ([invoice(100, "2026-04-05"), payment(100, "2026-04-20", returned=True)], None),
        ([invoice(100, "2026-04-05"), payment(100, "2026-04-20"), refund(100)], None),
        ([invoice(100, "2026-04-05"), payment(200, "2026-04-20"), refund(100)], "2026-04-20"),
        ([invoice(0, "2026-04-05")], None),
        (
            [
                invoice(100, "2026-04-05", status="paid", paid_on="2026-04-20"),
                payment(100, "2026-04-22"),
            ],
            "2026-04-22",
        ),
    ],
)
def test_paid_is_what_says_so_or_what_payments_come_to(
    papers: list[Paper], paid: str | None
) -> None:
    assert entered(DELIVERED, *papers).get("paid") == paid


PAID = invoice(100_000, "2026-04-05", status="paid", paid_on="2026-04-20")


@pytest.mark.parametrize(
    ("papers", "phases"),
    [
        ([order("confirmed"), ticket("open", "2026-05-01")], {"ordered": "2026-02-15"}),
        ([DELIVERED, ticket("open", "2026-03-31")], TO_DELIVERED),
        ([DELIVERED, ticket("open", "2026-04-01")], TO_DELIVERED | {"in_service": "2026-04-01"}),
        ([DELIVERED, PAID], TO_PAID | {"closed": "2026-04-20"}),
        ([DELIVERED, PAID, ticket("open", "2026-03-01")], TO_PAID),
        ([DELIVERED, PAID, ticket("solved", "2026-05-01", "2026-06-01")],
         TO_PAID | {"in_service": "2026-05-01", "closed": "2026-06-01"}),
        ([DELIVERED, PAID, ticket("closed", "2026-03-01", "2026-03-02")],
         TO_PAID | {"closed": "2026-04-20"}),
        ([order("confirmed"), PAID],
         {"ordered": "2026-02-15", "invoiced": "2026-04-05", "paid": "2026-04-20"}),
        ([GIFT], {"delivering": "2026-02-20", "delivered": "2026-04-01", "closed": "2026-04-01"}),
        ([GIFT, invoice(100, "2026-04-05")],
         {"delivering": "2026-02-20", "delivered": "2026-04-01", "invoiced": "2026-04-05"}),
        ([GIFT, project("completed", "p3", "2026-03-01")],
         {"delivering": "2026-02-20", "delivered": "2026-04-01"}),
        ([project("completed", "p3", "2026-03-01")],
         {"delivering": "2026-02-20", "delivered": "2026-03-01"}),
    ],
)  # fmt: skip
def test_a_case_is_closed_when_all_is_delivered_paid_and_answered(
    papers: list[Paper], phases: dict[str, str | None]
) -> None:
    assert entered(*papers) == phases


@pytest.mark.parametrize(
    ("papers", "closed"),
    [
        ([deal("lost")], "2026-02-10"),
        ([deal("lost"), deal("open", "d2")], None),
        ([deal("abandoned"), lead("qualified")], "2026-02-10"),
        ([deal("lost"), quote("sent", on="2026-03-01")], "2026-03-01"),
        ([deal("lost"), order("draft")], None),
        ([deal("lost"), order("cancelled")], "2026-02-15"),
        ([deal("lost"), delivery("planned")], None),
        ([deal("lost"), paper("credit_note", status="open", issued_on="2026-03-01")], None),
        ([lead("disqualified", updated_at="2026-01-09")], "2026-01-09"),
        ([lead("disqualified", updated_at="2026-01-09"), lead("new", "l2")], None),
        ([quote("rejected")], "2026-02-01"),
        ([quote("expired"), quote("sent", "q2")], None),
        ([project("cancelled", ended="2026-04-03")], "2026-04-03"),
        ([deal("lost"), ticket("open", "2026-05-01")], None),
    ],
)
def test_a_case_is_closed_when_the_last_hope_is_gone(
    papers: list[Paper], closed: str | None
) -> None:
    assert entered(*papers).get("closed") == closed
