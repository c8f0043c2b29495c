"""Facts of business cases: sums in the company's money, and which gaps keep R19 silent."""

from dataclasses import replace

import pytest

from hub.store import fact_vorgaenge, vorgaenge
from hub.store.database import Database
from tests.pipeline.one_case import CRM, DEAL, ERP, INVOICE, ORDER, PAYMENT, cases, run
from tests.street_rows import Row, lay

DONE = replace(ORDER, fields={**ORDER.fields, "status": "delivered", "delivered_on": "2026-02-20"})
OVER = Row(
    "pm:projects:1",
    "project",
    {"status": "completed", "ended_on": "2026-02-20"},
    [("order", ORDER.ref)],
    "01P",
)


@pytest.mark.parametrize(("rate", "worth"), [(0.006, 600), (None, None)])
def test_facts_of_a_foreign_case_are_in_the_companys_currency(
    database: Database, rate: float | None, worth: int | None
) -> None:
    yen = {**ORDER.fields, "net_minor": 1_000, "currency": "JPY", "exchange_rate": rate}
    known = {name: value for name, value in yen.items() if value is not None}
    lay(database, [CRM, ERP, replace(ORDER, fields=known)])
    run(database)
    ((one, _),) = cases(database).items()
    with database.reading() as tx:
        row = vorgaenge.rows(tx, [one])[one]
        ((_, found),) = fact_vorgaenge.cases(tx, [one], "EUR").values()
    assert (row.currency, row.value_minor, row.value_base_minor) == ("JPY", 1_000, worth)
    assert (found["value"], found["order_net"], found["invoiced_net"]) == (worth, worth, 0)


@pytest.mark.parametrize(
    ("papers", "paid"),
    [
        ([INVOICE, PAYMENT], 1000_00),
        ([INVOICE], 0),
        ([PAYMENT], None),
        ([replace(INVOICE, fields={**INVOICE.fields, "gross_minor": None}), PAYMENT], None),
    ],
    ids=["both", "an invoice alone", "a payment alone", "an invoice without its gross"],
)
def test_what_was_paid_of_a_case_is_told_net(
    database: Database, papers: list[Row], paid: int | None
) -> None:
    lay(database, [CRM, ERP, ORDER, *papers])
    run(database)
    (one,) = (case for case, refs in cases(database).items() if papers[-1].ref in refs)
    with database.reading() as tx:
        ((_, found),) = fact_vorgaenge.cases(tx, [one], "EUR").values()
    assert found["paid_net"] == paid


@pytest.mark.parametrize(
    ("papers", "gap", "reported"),
    [
        ([DEAL], "won_without_order", 1),  # by R07
        ([ORDER], "order_without_project", 0),
        ([DONE], "delivered_not_invoiced", 0),
        ([ORDER, OVER], "delivered_not_invoiced", 1),  # by R08
    ],
)
def test_only_what_another_rule_reports_keeps_a_case_from_being_stuck(
    database: Database, papers: list[Row], gap: str, reported: int
) -> None:
    lay(database, [CRM, ERP, *papers])
    run(database)
    ((one, _),) = cases(database).items()
    with database.reading() as tx:
        row = vorgaenge.rows(tx, [one])[one]
        ((_, found),) = fact_vorgaenge.cases(tx, [one], "EUR").values()
    assert (gap in row.gaps, found["missing_links"]) == (True, reported)
