"""What is missing in a case, since when, on which papers it rests; and what is no gap."""

import pytest

from hub.vorgang.paper import Paper
from tests.vorgang.papers import paper, told

DEAL = paper("deal", status="open", created_at="2026-01-10T08:00:00Z")
WON = paper("deal", status="won", closed_on="2026-02-10")
LOST = paper("deal", status="lost", closed_on="2026-02-10")
QUOTE = paper("quote", "q1", status="sent", issued_on="2026-02-01", valid_until="2026-03-01")
ORDER = paper("order", status="confirmed", ordered_on="2026-02-15")
PROJECT = paper("project", "p1", status="active", starts_on="2026-02-20")
FREE = paper("project", "p2", status="completed", ended_on="2026-04-01", billing="non_billable")
CALLED_OFF = paper("project", "p3", status="cancelled")
DELIVERY = paper("delivery", status="accepted", accepted_on="2026-04-02")
MILESTONE = paper("milestone", status="reached", reached_on="2026-04-02")
INVOICE = paper("invoice", status="open", issued_on="2026-04-05")
TICKET = paper("ticket", "t1", status="open", opened_at="2026-05-01T08:00:00Z")


def quote(ref: str, status: str, until: str | None) -> Paper:
    return paper("quote", ref, status=status, issued_on="2026-02-02", valid_until=until)


def lead(ref: str, status: str, at: str, owner: str | None = None) -> Paper:
    return paper("lead", ref, status=status, created_at=f"{at}T08:00:00Z", owner=owner)


@pytest.mark.parametrize(
    ("papers", "gap", "since", "refs"),
    [
        (
            [
                lead("l2", "new", "2026-01-05"),
                lead("l1", "contacted", "2026-01-03"),
                lead("l3", "converted", "2026-01-01"),
                lead("l4", "new", "2026-01-02", owner="x"),
            ],
            "lead_without_owner",
            "2026-01-03",
            ["l1", "l2"],
        ),
        (
            [DEAL, QUOTE, quote("q2", "sent", "2026-04-01")],
            "quote_expired_deal_open",
            "2026-04-02",
            ["a:deal:1", "q1", "q2"],
        ),
        (
            [DEAL, paper("deal", "d2", status="lost"), QUOTE, quote("q2", "rejected", None)],
            "quote_expired_deal_open",
            "2026-03-02",
            ["a:deal:1", "q1"],
        ),
        ([ORDER, FREE], "delivered_not_invoiced", "2026-04-01", ["a:order:1"]),
        ([DELIVERY], "delivered_not_invoiced", "2026-04-02", ["a:delivery:1"]),
        (
            [paper("order", status="closed", delivered_on="2026-04-01", net_minor=1)],
            "delivered_not_invoiced",
            "2026-04-01",
            ["a:order:1"],
        ),
        ([TICKET], "service_without_contract", "2026-05-01", ["t1"]),
    ],
)
def test_a_gap_rests_on_its_papers_alone(
    papers: list[Paper], gap: str, since: str, refs: list[str]
) -> None:
    (found,) = told(*papers).gaps
    assert (found.type, found.since, list(found.refs)) == (gap, since, refs)
    assert found.detail == {}


@pytest.mark.parametrize(
    ("papers", "gaps"),
    [
        ([QUOTE], []),
        ([LOST, QUOTE], []),
        ([DEAL, QUOTE, quote("q2", "sent", None)], []),
        ([DEAL, QUOTE, quote("q2", "accepted", "2026-03-01")], []),
        ([DEAL, quote("q2", "converted", "2026-03-01")], []),
        ([DEAL, QUOTE, ORDER, PROJECT], []),
        ([WON, INVOICE], ["invoiced_without_order"]),
        ([WON, DELIVERY], ["delivered_not_invoiced"]),
        ([ORDER, INVOICE], []),
        ([CALLED_OFF, MILESTONE, INVOICE], []),
        ([FREE], []),
        ([paper("order", status="closed", delivered_on="2026-04-01", net_minor=0)], []),
        ([ORDER, TICKET], ["order_without_project"]),
        ([INVOICE, TICKET], ["invoiced_without_order"]),
    ],
)
def test_what_else_there_is_says_whether_it_is_a_gap(papers: list[Paper], gaps: list[str]) -> None:
    assert [one.type for one in told(*papers).gaps] == gaps


@pytest.mark.parametrize(
    ("papers", "gap", "since"),
    [
        ([paper("order", status="delivered", ordered_on="2026-02-15", confirmed_on="2026-02-17")],
         "delivered_not_invoiced", "2026-02-17"),
        ([paper("deal", status="won", created_at="2026-01-10T08:00:00Z")],
         "won_without_order", "2026-01-10"),
        ([paper("invoice", status="open"), paper("task", created_at="2026-01-02T08:00:00Z")],
         "invoiced_without_order", "2026-01-02"),
        ([paper("invoice", status="open")], "invoiced_without_order", ""),
    ],
)  # fmt: skip
def test_where_its_day_is_not_known_the_last_that_is_lends_its_own(
    papers: list[Paper], gap: str, since: str
) -> None:
    assert [(one.type, one.since) for one in told(*papers).gaps] == [(gap, since)]


def quoted(net: int) -> Paper:
    return paper("quote", status="accepted", issued_on="2026-02-01", net_minor=net)


def ordered(net: int, status: str = "confirmed") -> Paper:
    return paper("order", status=status, ordered_on="2026-02-20", net_minor=net)


def billed(net: int, status: str = "open") -> Paper:
    return paper("invoice", status=status, issued_on="2026-04-05", net_minor=net)


def credited(net: int) -> Paper:
    return paper("credit_note", status="open", issued_on="2026-05-01", net_minor=net)


@pytest.mark.parametrize(
    ("papers", "detail"),
    [
        ([quoted(100), ordered(105), PROJECT], None),
        ([quoted(100), ordered(95), PROJECT], None),
        ([quoted(100), ordered(106), PROJECT], {"ordered_minor": 106, "quoted_minor": 100}),
        ([quoted(100), ordered(-100), PROJECT], None),
        ([ordered(0), billed(50)], None),
        ([ordered(-100), billed(50)], None),
        ([ordered(1), billed(2)], {"ordered_minor": 1, "invoiced_minor": 2}),
        ([ordered(100), billed(105)], None),
        ([ordered(100), billed(106)], {"ordered_minor": 100, "invoiced_minor": 106}),
        ([ordered(100), billed(120), credited(20)], None),
        ([ordered(100), billed(120), credited(14)], {"ordered_minor": 100, "invoiced_minor": 106}),
        ([ordered(100), billed(60)], None),
        ([ordered(100, "closed"), billed(95, "paid")], None),
        (
            [ordered(100, "closed"), billed(94, "paid")],
            {"ordered_minor": 100, "invoiced_minor": 94},
        ),
        (
            [ordered(100, "closed"), billed(100, "paid"), credited(6)],
            {"ordered_minor": 100, "invoiced_minor": 94},
        ),
        ([quoted(100), ordered(110), billed(150)], {"ordered_minor": 110, "quoted_minor": 100}),
    ],
)
def test_sums_may_differ_by_five_percent_and_too_little_counts_when_all_is_over(
    papers: list[Paper], detail: dict[str, int] | None
) -> None:
    drifts = [one for one in told(*papers).gaps if one.type == "value_drift"]
    assert [one.detail for one in drifts] == ([{**detail, "currency": "EUR"}] if detail else [])


def test_a_drift_is_one_since_the_last_of_the_papers_that_differ() -> None:
    (drift,) = told(quoted(100), ordered(106), billed(106)).gaps
    assert (drift.since, drift.refs) == ("2026-04-05", ("a:invoice:1", "a:order:1", "a:quote:1"))
