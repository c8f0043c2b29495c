"""Sums for facts, on both databases alike: whose papers, which count, what leaves a sum unclear."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from hub.alerts.tally import Tally, Window
from hub.model.day import Day
from hub.model.fact import Subject
from hub.model.setting import Company
from hub.pipeline.observe import Observer, observe
from hub.pipeline.observe_customers import tallied
from hub.pipeline.thread import thread
from hub.store import alert_records, fact_sums, facts, payment_history, run_history, tables
from hub.store.database import Database, insert_new
from tests.street_rows import Row, lay, work_off

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
TODAY = NOW.date()
A = Row("crm:a:1", "organization", {"name": "Weber"}, entity="01A")
B = Row("crm:a:2", "organization", {"name": "Adler"}, entity="01B")
C = Row("crm:a:3", "organization", {"name": "Cäsar"}, entity="01C")


def paper(ref: str, noun: str, of: str = A.ref, /, **fields: Any) -> Row:
    return Row(ref, noun, fields, [("organization", of)])


def load(db: Database, rows: Iterable[Row]) -> None:
    lay(db, [A, B, C, *rows])
    work_off(db, "thread", lambda: thread(db))


def tallies(db: Database, *ids: str, on: date = TODAY) -> dict[str, Tally]:
    day = Day(on, "2026-11-23T10:00:00.000Z", "EUR")
    with db.reading() as tx:
        living = fact_sums.living(tx, ids or ["01A", "01B", "01C", "none"])
        found = tallied(tx, Window(day), living)
    return {one: found.get(one, Tally()) for one in living}


def sums(db: Database, *ids: str) -> dict[str, dict[str, Any]]:
    """Return customer -> name -> what is summed up; what is not, counts as 0."""
    return {one: Counter(tally.sums()) for one, tally in tallies(db, *ids).items()}


def wrong_sums(
    db: Database, noun: str, cases: list[tuple[dict[str, Any], dict[str, Any]]]
) -> list[Any]:
    """Return the cases (fields of a customer's only paper, sums expected) that come out otherwise.

    Each has a customer of its own in the one database.
    """
    rows: list[Row] = []
    for at, (fields, _) in enumerate(cases):
        customer = Row(f"x:a:{at}", "organization", {"name": f"Firma {at}"}, entity=f"02{at:03}")
        rows += [customer, paper(f"x:{noun}:{at}", noun, customer.ref, **fields)]
    load(db, rows)
    found = sums(db, *(f"02{at:03}" for at in range(len(cases))))
    return [
        (fields, expected, got)
        for at, (fields, expected) in enumerate(cases)
        if (got := {name: found[f"02{at:03}"][name] for name in expected}) != expected
    ]


def test_each_organization_has_its_own_sums(database: Database) -> None:
    papers = [
        paper("e:i:1", "invoice", status="open", balance_minor=100, due_on="2026-11-22"),
        paper("e:i:2", "invoice", B.ref, status="open", balance_minor=7, due_on="2026-11-23"),
        paper("d:t:1", "ticket", status="open", opened_at="2026-11-01T00:00:00Z"),
        paper("c:k:1", "contract", B.ref, status="active"),
        paper("c:k:2", "contract", B.ref, status="notice_given"),
        paper("c:k:3", "contract", B.ref, status="ended"),
    ]
    load(database, papers)
    found = sums(database)
    assert set(found) == {"01A", "01B", "01C"}
    assert (found["01A"]["open_ar"], found["01A"]["overdue_ar"]) == (100, 100)
    assert found["01A"]["oldest_due"] == "2026-11-22"
    assert (found["01B"]["open_ar"], found["01B"]["overdue_ar"]) == (7, 0)
    assert (found["01A"]["open_tickets"], found["01B"]["active_contracts"]) == (1, 2)
    assert found["01C"] == {}
    assert set(sums(database, "01B")) == {"01B"}


INVOICES: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"status": "open", "balance_minor": 5}, {"open_ar": 5, "due_unclear": 1}),
    ({"status": "open", "gross_minor": 5, "due_on": "2026-12-01"}, {"open_ar": 5}),
    ({"status": "open", "balance_minor": 0, "gross_minor": 5}, {"open_ar": 0}),
    ({"status": "partly_paid", "balance_minor": 2, "gross_minor": 5}, {"open_ar": 2}),
    ({"status": "partly_paid", "gross_minor": 5}, {"ar_unclear": 1}),
    ({"status": "paid", "gross_minor": 5}, {"open_ar": 0, "ar_unclear": 0}),
    ({"status": "draft", "gross_minor": 5}, {"open_ar": 0}),
    ({"status": "open", "gross_minor": 5, "kind": "payable"}, {"open_ar": 0, "ar_unclear": 0}),
    ({"status": "open", "gross_minor": 5, "kind": "credit_note"}, {"open_ar": 0}),
    ({"status": "open"}, {"ar_unclear": 1}),
    ({"status": "unknown", "gross_minor": 5}, {"ar_unclear": 1}),
    ({"status": "unknown", "balance_minor": 5}, {"open_ar": 5, "ar_unclear": 0}),
    ({"status": "unknown", "balance_minor": 0}, {"open_ar": 0, "ar_unclear": 0}),
    ({"status": "open", "balance_minor": 5, "currency": "USD"}, {"ar_unclear": 1}),
    ({"status": "open", "balance_minor": 5, "currency": "EUR"}, {"ar_unclear": 0}),
    (
        {"status": "open", "balance_minor": 50, "currency": "USD", "exchange_rate": 0.9},
        {"open_ar": 45, "ar_unclear": 0},
    ),
    (
        {"status": "open", "balance_minor": 50, "currency": "USD", "exchange_rate": 0},
        {"open_ar": 0, "ar_unclear": 1},
    ),
    (
        {"status": "open", "balance_minor": 1000, "currency": "JPY", "exchange_rate": 0.006},
        {"open_ar": 600},
    ),
    ({"status": "open", "balance_minor": 5, "due_on": "1900-01-01"}, {"due_unclear": 1}),
    ({"status": "open", "balance_minor": 5, "due_on": "9999-12-31"}, {"due_unclear": 1}),
    (
        {"status": "paid", "net_minor": 70, "issued_on": "2025-11-24", "gross_minor": 99},
        {"revenue_12m": 70},
    ),
    ({"status": "paid", "net_minor": 70, "issued_on": "2025-11-23"}, {"revenue_12m": 0}),
    (
        {"kind": "credit_note", "status": "paid", "net_minor": 70, "issued_on": "2026-11-01"},
        {"revenue_12m": -70},
    ),
    ({"status": "paid", "issued_on": "2026-11-01"}, {"revenue_unclear": 1}),
    ({"status": "void", "issued_on": "2026-11-01"}, {"revenue_unclear": 0}),
    ({"status": "open", "balance_minor": 10**20}, {"ar_unclear": 1}),
    ({"status": "open", "balance_minor": 5, "dunning_level": 3}, {"dunning_level": 3}),
    ({"status": "paid", "dunning_level": 3}, {"dunning_level": 0}),
]


def test_which_invoices_are_owed(database: Database) -> None:
    assert wrong_sums(database, "invoice", INVOICES) == []


TICKETS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"status": "open", "priority": "high"}, {"open_high_tickets": 1, "high_undated": 1}),
    ({"status": "waiting_internal", "priority": "urgent"}, {"open_high_tickets": 1}),
    ({"status": "solved", "priority": "urgent"}, {"open_high_tickets": 0, "open_tickets": 0}),
    ({"status": "open", "kind": "complaint"}, {"open_complaints": 1}),
    ({"status": "closed", "kind": "complaint"}, {"open_complaints": 0}),
    ({"status": "open", "priority": "unknown"}, {"priority_unclear": 1, "tickets_unclear": 0}),
    ({"status": "closed", "priority": "unknown"}, {"priority_unclear": 0}),
    ({"status": "unknown"}, {"tickets_unclear": 1, "open_tickets": 0}),
    ({"status": "unknown", "closed_at": "2026-01-01T00:00:00Z"}, {"tickets_unclear": 0}),
    ({}, {"tickets_unclear": 1, "tickets_undated": 1}),
    (
        {"status": "open", "resolution_due_at": "2026-11-23T09:59:59Z"},
        {"sla_breaches_90d": 1},
    ),
    ({"status": "open", "resolution_due_at": "2026-11-23T10:59:59Z"}, {"sla_breaches_90d": 0}),
    ({"status": "open", "resolution_due_at": "2026-08-24T10:59:59Z"}, {"sla_breaches_90d": 0}),
    (
        {
            "status": "closed",
            "resolution_due_at": "2026-11-20T10:00:00Z",
            "closed_at": "2026-11-20T10:00:01Z",
        },
        {"sla_breaches_90d": 1},
    ),
    ({"opened_at": "2026-10-24T00:00:00Z"}, {"tickets_30d": 1, "tickets_before": 0}),
    ({"opened_at": "2026-10-23T23:59:59Z"}, {"tickets_30d": 0, "tickets_before": 1}),
]


def test_which_tickets_count(database: Database) -> None:
    assert wrong_sums(database, "ticket", TICKETS) == []


def test_deals_are_summed_and_weighed(database: Database) -> None:
    papers = [
        paper("c:d:1", "deal", status="open", amount_minor=1000, probability=25),
        paper("c:d:2", "deal", status="open", amount_minor=10, probability=50.5),
        paper("c:d:3", "deal", status="lost", amount_minor=9999),
        paper("c:d:4", "deal", B.ref, status="open", amount_minor=10),
        paper("c:d:5", "deal", C.ref, status="unknown"),
    ]
    load(database, papers)
    found = sums(database)
    assert found["01A"]["open_deals_amount"] == 1010
    assert found["01A"]["forecast_open_amount"] == pytest.approx(255.05)
    assert found["01A"]["deals_unclear"] == found["01A"]["probability_unclear"] == 0
    assert found["01B"]["probability_unclear"] == 1
    assert found["01C"]["deals_unclear"] == 1


def test_what_hangs_on_a_deal(database: Database) -> None:
    deal = Row(
        "c:d:1",
        "deal",
        {"number": "D-1000", "status": "won", "amount_minor": 5},
        [("organization", B.ref), ("organization", A.ref), ("project", "p:p:2")],
    )
    rows = [
        deal,
        Row("e:o:1", "order", {}, [("deal", deal.ref)]),
        Row("e:o:2", "order", {}, [("deal", deal.ref)]),
        Row("e:i:1", "invoice", {}, [("order", "e:o:1")]),
        Row("p:p:1", "project", {}, [("deal", deal.ref)], entity="01J"),
        Row("q:p:1", "project", {}, [("deal", deal.ref)], entity="01J"),
        Row("p:p:2", "project", {}, entity="01K"),
        Row("c:d:2", "deal", {"status": "open"}),
    ]
    load(database, rows)
    with database.transaction() as tx:
        wanted = {Subject("deal", ref) for ref in ("c:d:1", "c:d:2", "none")}
        moved = observe(tx, Observer(Company(), NOW), wanted)
        assert moved == {Subject("deal", "c:d:1"): "01A", Subject("deal", "c:d:2"): None}
        assert observe(tx, Observer(Company(), NOW), wanted) == {}
        found = facts.of_subjects(tx, wanted)
        assert fact_sums.customer_ids(tx, "", 2) == ["01A", "01B"]
        assert fact_sums.customer_ids(tx, "01B", 2) == ["01C"]
    one = found[Subject("deal", "c:d:1")].found
    assert (one["orders"], one["projects"]) == (2, 2)


def test_the_days_to_pay_are_a_median_now_and_before(database: Database) -> None:
    paid = [
        ("2026-11-01", "2026-11-11"),
        ("2026-10-01", "2026-10-31"),
        ("2026-09-01", "2026-09-03"),
    ]
    paid += [("2026-02-01", "2026-02-05"), ("2026-01-01", "2026-01-09")]  # the half-year before
    paid += [("2026-11-20", "2026-11-10"), ("1900-01-01", "2026-11-10")]  # before it was issued
    papers = [
        paper(f"e:i:{n}", "invoice", issued_on=issued, paid_on=paid_on, status="paid")
        for n, (issued, paid_on) in enumerate(paid)
    ]
    load(database, papers)
    found = sums(database)["01A"]
    assert found["days_to_pay_lately"] == 6.0  # 0, 2, 10, 30
    assert found["days_to_pay_before"] == 6.0  # 4, 8
    months = tallies(database, "01A", "01B", on=date(2026, 12, 5))
    assert months["01B"].months()["days_to_pay"] == {}
    assert months["01A"].months()["days_to_pay"] == {
        "2026-11": 5.0,
        "2026-10": 30.0,
        "2026-09": 2.0,
        "2026-02": 4.0,
        "2026-01": 8.0,
    }


def test_only_payments_that_came_and_stayed_are_receipts(database: Database) -> None:
    """Neither money sent back nor a debit the bank took back says when or what somebody paid."""
    to = [("organization", A.ref), ("invoice", "e:i:1")]
    booked = {"amount_minor": 500, "currency": "EUR"}
    invoice = paper("e:i:1", "invoice", status="paid", due_on="2026-10-01", gross_minor=500)
    payments = [
        Row("e:p:1", "payment", {**booked, "booked_on": "2026-10-04"}, to),
        Row("e:p:2", "payment", {**booked, "booked_on": "2026-10-08", "returned": True}, to),
        Row("e:p:3", "payment", {**booked, "booked_on": "2026-10-09", "direction": "outgoing"}, to),
    ]
    load(database, [invoice, *payments])
    with database.reading() as tx:
        assert payment_history.days_of_customer(tx, "01A") == [3]
    assert tallies(database)["01A"].receipts == {"2026-10": 500}


def test_the_records_behind_facts_are_those_that_count(database: Database) -> None:
    papers = [
        paper("d:t:1", "ticket", status="open", priority="high", opened_at="2026-11-02T00:00:00Z"),
        paper("d:t:2", "ticket", status="open", kind="complaint", opened_at="2026-11-01T00:00:00Z"),
        paper("d:t:3", "ticket", status="open", priority="low"),
        paper("d:t:4", "ticket", status="closed", priority="high"),
        paper("d:t:5", "ticket", B.ref, status="open", priority="high"),
        paper("e:i:1", "invoice", status="open", balance_minor=5, due_on="2026-02-01"),
        paper("e:i:2", "invoice", status="open", balance_minor=5, due_on="2026-01-01"),
        paper("e:i:3", "invoice", status="paid", balance_minor=5),
    ]
    load(database, papers)
    with database.reading() as tx:
        tickets = alert_records.urgent_tickets(tx, ["01A"])
        invoices = alert_records.owed_invoices(tx, ["01A"])
    assert [row.ref for row in tickets] == ["d:t:2", "d:t:1"]
    assert {row.customer for row in tickets} == {"01A"}
    assert [row.ref for row in invoices] == ["e:i:2", "e:i:1"]


def test_runs_of_all_connections_at_once(database: Database) -> None:
    runs = [
        {"connection": name, "state": "succeeded", "started_at": f"t{n}", "progress": "{}"}
        for n in range(5)
        for name in ("crm", "desk", "old")
    ]
    with database.transaction() as tx:
        insert_new(tx, tables.runs, runs)
    load(database, [paper("d:t:1", "ticket")])
    with database.reading() as tx:
        found = run_history.recent(tx, ["crm", "desk", "none"], most=3)
        living = run_history.living(tx, ["crm", "d", "none"])
        assert run_history.living(tx, []) == {}
    assert {name: [run.started_at for run in some] for name, some in found.items()} == {
        "crm": ["t4", "t3", "t2"],
        "desk": ["t4", "t3", "t2"],
    }
    assert living == {"crm": 3, "d": 1}
