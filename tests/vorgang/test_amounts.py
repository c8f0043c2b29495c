"""Sums of a case: what counts, by which share, in which currency, and when a sum is not known."""

from dataclasses import replace
from typing import Any

import pytest

from hub.vorgang.amounts import amounts
from hub.vorgang.paper import Paper
from tests.vorgang.papers import paper


def quote(status: str | None, net: int, on: str | None = None, ref: str = "") -> Paper:
    return paper("quote", ref, status=status, net_minor=net, issued_on=on)


def of(kind: str, status: str, name: str, amount: int | None, **more: Any) -> Paper:
    return paper(kind, f"{kind}{status}{amount}", status=status, **{name: amount}, **more)


@pytest.mark.parametrize(
    ("papers", "sums"),
    [
        ([quote("sent", 1)], {"quoted": 1}),
        ([quote(None, 1)], {"quoted": 1}),
        ([quote("draft", 1)], {}),
        ([quote("rejected", 1)], {}),
        ([quote("sent", 1, "2026-02-01", "q9"), quote("sent", 2, "2026-01-01", "q1")],
         {"quoted": 1}),
        ([quote("sent", 1, "2026-02-01", "q1"), quote("rejected", 2, "2026-03-01", "q2")],
         {"quoted": 1}),
        ([quote("sent", 1, None, "q2"), quote("sent", 2, "2026-01-01", "q1")], {"quoted": 2}),
        ([quote("sent", 1, "2026-02-01", "q1"), quote("sent", 2, "2026-02-01", "q2")],
         {"quoted": 2}),
        ([quote("accepted", 1, "2026-01-01", "q1"), quote("sent", 2, "2026-02-01", "q2")],
         {"quoted": 1}),
        ([quote("accepted", 1, None, "q1"), quote("converted", 2, None, "q2")], {"quoted": 3}),
        ([of("deal", "lost", "amount_minor", 1), of("deal", "open", "amount_minor", 2)],
         {"deal": 2}),
        ([of("order", "draft", "net_minor", 1), of("order", "cancelled", "net_minor", 2)], {}),
        ([of("order", "closed", "net_minor", 1), of("order", "confirmed", "net_minor", 2)],
         {"ordered": 3}),
        ([of("order", "closed", "net_minor", 1), of("order", "closed", "net_minor", None)], {}),
        ([of("invoice", "void", "net_minor", 1), of("invoice", "draft", "net_minor", 2)], {}),
        ([of("invoice", "paid", "net_minor", 1), of("invoice", "void", "net_minor", 2)],
         {"invoiced": 1}),
        ([of("credit_note", "open", "net_minor", -5), of("credit_note", "open", "net_minor", 3)],
         {"credited": 8}),
        ([of("credit_note", "void", "net_minor", 3)], {}),
        ([of("payment", "", "amount_minor", -4), of("payment", "", "amount_minor", 9)],
         {"paid": 5}),
        ([of("payment", "", "amount_minor", 4, returned=True)], {}),
        ([of("payment", "", "amount_minor", 9), of("refund", "", "amount_minor", 4)],
         {"paid": 5}),
        ([of("payment", "", "amount_minor", 9), of("refund", "", "amount_minor", -4)],
         {"paid": 5}),
        ([of("payment", "", "amount_minor", 9),
          of("refund", "", "amount_minor", 4, returned=True)], {"paid": 9}),
        ([replace(of("invoice", "open", "net_minor", 101), share_pct=25.0)], {"invoiced": 25}),
    ],
)  # fmt: skip
def test_what_stands_is_added_up_by_its_share(papers: list[Paper], sums: dict[str, int]) -> None:
    found = amounts(papers, "EUR")
    told = {
        name: value
        for name in ("deal", "quoted", "ordered", "invoiced", "credited", "paid")
        if (value := getattr(found, name)) is not None
    }
    assert told == sums


def in_dollars(net: int, rate: object) -> Paper:
    more = {} if rate is None else {"exchange_rate": rate}
    return paper("invoice", "usd", status="open", net_minor=net, currency="USD", **more)


@pytest.mark.parametrize(
    ("rate", "invoiced"),
    [(0.5, 150), (2, 300), (None, None), (0, None), (-1, None), ("0.5", None)],
)
def test_other_currencies_count_by_the_rate_they_name(rate: object, invoiced: int | None) -> None:
    euros = paper("invoice", "eur", status="open", net_minor=100)
    found = amounts([euros, in_dollars(100, rate)], "EUR")
    assert (found.currency, found.invoiced) == ("EUR", invoiced)
    assert found.without_rate == (() if invoiced else ("USD",))


def test_papers_of_one_currency_are_added_up_in_it() -> None:
    found = amounts([in_dollars(100, None), replace(in_dollars(20, None), ref="two")], "EUR")
    assert (found.currency, found.invoiced, found.without_rate) == ("USD", 120, ())
    assert found.base is not None
    assert (found.base.currency, found.base.invoiced) == ("EUR", None)
    assert found.base.without_rate == ("USD",)
