"""Payments of somebody else than the debtor: asked about where number and sum both fit."""

from typing import Any

import pytest

from hub.vorgang.payers import Cited, paid_by_others
from hub.vorgang.proposals import NAMED, WORTH, Standing
from tests.vorgang.papers import paper

NUMBER = "91000602"


def found(
    payment: dict[str, Any] | None = None,
    invoice: dict[str, Any] | None = None,
    *others: str,
    **standing: Any,
) -> list[tuple[str, str, str, float]]:
    """Return what is proposed for a holding's payment. others: further invoices of that number."""
    billed = {"gross_minor": 119_000, "net_minor": 100_000, "issued_on": "2026-03-01"}
    paid = {"amount_minor": 119_000, "booked_on": "2026-03-20", "parties": ["01HOLDING"]}
    papers = {
        "i1": paper("invoice", "i1", **{**billed, **(invoice or {})}),
        "p1": paper("payment", "p1", **{**paid, **(payment or {})}),
    }
    proposed = paid_by_others(
        [Cited("p1", NUMBER, "i1")], papers, {NUMBER: {"i1", *others}}, Standing(**standing)
    )
    assert all(one.evidence["number"] == NUMBER for one in proposed)
    return [(one.lower, one.upper, one.method, one.score) for one in proposed]


@pytest.mark.parametrize(
    ("payment", "score"),
    [
        ({}, NAMED),
        ({"parties": []}, NAMED),  # nobody knows who pays
        ({"amount_minor": 116_620}, WORTH),  # 2 % for paying early
        ({"amount_minor": 115_430}, WORTH),  # 3 %
        ({"currency": None}, NAMED),
    ],
)
def test_a_number_and_the_sum_are_reason_to_ask(payment: dict[str, Any], score: float) -> None:
    assert found(payment) == [("p1", "i1", "amount", score)]


@pytest.mark.parametrize(
    ("payment", "invoice"),
    [
        ({"amount_minor": 115_429}, {}),
        ({"amount_minor": 119_001}, {}),
        ({"amount_minor": -119_000}, {}),
        ({"amount_minor": None}, {}),
        ({"currency": "USD"}, {}),
        ({"booked_on": "2026-02-01"}, {}),
        ({"booked_on": "2027-06-01"}, {}),
        ({"booked_on": None}, {}),
        ({"parties": ["01PARTY", "01HOLDING"]}, {}),
        ({}, {"status": "draft"}),
        ({}, {"gross_minor": None, "net_minor": None}),
    ],
)
def test_a_number_alone_is_none(payment: dict[str, Any], invoice: dict[str, Any]) -> None:
    assert found(payment, invoice) == []


def test_nobody_is_asked_what_is_settled_or_a_guess() -> None:
    assert found({}, {}, "i2") == []  # borne by two
    assert found(above={"p1"}) == []
    assert found(barred={frozenset(("p1", "i1"))}) == []


def test_of_two_numbers_of_one_invoice_one_is_told() -> None:
    papers = {
        "i1": paper("invoice", "i1", gross_minor=500, issued_on="2026-03-01"),
        "p1": paper("payment", "p1", amount_minor=500, booked_on="2026-03-02", parties=["01X"]),
    }
    cited = [Cited("p1", "4711", "i1"), Cited("p1", "4712", "i1"), Cited("p1", "4713", "gone")]
    bearers = {"4711": {"i1"}, "4712": {"i1"}, "4713": {"gone"}}
    (one,) = paid_by_others(cited, papers, bearers, Standing())
    assert one.evidence["number"] == "4711"
