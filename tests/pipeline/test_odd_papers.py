"""Papers that cannot be right, all at once, on their way to facts, business cases and alerts."""

from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest

from hub.model.fact import Subject
from hub.store import tables
from hub.store.database import Database
from mapping.nouns import FIELDS, RESOLVED_KINDS
from tests.conftest import HandClock
from tests.pipeline.alerting import CUSTOMER, DEAL, OF, Hub
from tests.pipeline.one_case import run
from tests.street_rows import Row, all_of

HUGE = "geheim " * 750_000
"""More than 5 MB."""
NEVER = "9999-12-31T23:59:59Z"


def row(ref: str, kind: str, fields: dict[str, Any], *refs: tuple[str, str], of: Any = OF) -> Row:
    return Row(ref, kind, {"currency": "EUR", **fields}, [*of, *refs])


ODD = [
    CUSTOMER,
    DEAL,
    # Lost, and yet ordered; cancelled, and yet invoiced.
    row("crm:deals:2", "deal", {"number": "D-2", "status": "lost", "amount_minor": 9_000_00}),
    row("erp:orders:5", "order", {"status": "confirmed", "net_minor": 9}, ("deal", "crm:deals:2")),
    row("erp:orders:2", "order", {"status": "cancelled", "net_minor": 9}),
    # Each refers to the next, and the last one to the first.
    row("crm:quotes:3", "quote", {"status": "sent"}, ("deal", "crm:deals:3")),
    row("crm:deals:3", "deal", {"status": "open"}, ("order", "erp:orders:3")),
    row(
        "erp:orders:3", "order", {"status": "confirmed", "net_minor": 9}, ("quote", "crm:quotes:3")
    ),
    row("erp:orders:4", "order", {"status": "confirmed"}, ("order", "erp:orders:4")),
    # Paid twice; credited with more than it asked for; in a currency that nobody has a rate of.
    row(
        "erp:invoices:1",
        "invoice",
        {"number": "R-1", "status": "paid", "gross_minor": 119_00, "balance_minor": 0},
        ("order", "erp:orders:2"),
    ),
    *(
        row(
            f"erp:payments:{n}",
            "payment",
            {"amount_minor": 119_00, "booked_on": f"2026-11-0{n}"},
            ("invoice", "erp:invoices:1"),
        )
        for n in (1, 2)
    ),
    row(
        "erp:credits:1",
        "credit_note",
        {"kind": "credit_note", "status": "open", "gross_minor": -500_00, "net_minor": -420_00},
        ("invoice", "erp:invoices:1"),
        ("order", "erp:orders:2"),
    ),
    row(
        "erp:invoices:2",
        "invoice",
        {"status": "open", "net_minor": 7, "balance_minor": 7, "currency": "XTS"},
        ("order", "erp:orders:3"),
    ),
    # Software's words for no date.
    row(
        "erp:invoices:3",
        "invoice",
        {"status": "open", "balance_minor": 5, "issued_on": "1900-01-01", "due_on": "9999-12-31"},
        ("order", "erp:orders:3"),
    ),
    row("crm:deals:4", "deal", {"status": "open", "expected_close": "9999-12-31"}),
    row(
        "desk:tickets:8",
        "ticket",
        {
            "status": "open",
            "priority": "urgent",
            "opened_at": "1900-01-01T00:00:00Z",
            "resolution_due_at": NEVER,
        },
        of=(),
    ),
    row("crm:leads:4", "lead", {"created_at": "2026-11-02T08:00:00Z", "first_touch_at": NEVER}),
    row("mail:campaigns:4", "campaign", {"name": "X", "starts_at": NEVER}),
    # Nobody's project, and a ticket whose text and kind are books.
    Row("pm:projects:1", "project", {"name": "X", "status": "active"}, entity="01P"),
    row(
        "desk:tickets:9",
        "ticket",
        {
            "status": "open",
            "priority": "urgent",
            "kind": HUGE,
            "text": HUGE,
            "opened_at": "2026-11-19T08:00:00Z",
        },
    ),
]


@pytest.fixture
def hub(database: Database, clock: HandClock) -> Hub:
    hub = Hub(database, clock)
    hub.sync()
    hub.lay(*ODD)
    run(database)
    return hub


def test_what_cannot_be_right_is_shown_and_stops_nothing(hub: Hub) -> None:
    done = hub.sweep()
    assert done.errors == {}
    said = {
        one["type"]
        for case in all_of(hub.db, tables.vorgaenge)
        for one in msgspec.json.decode(case["contradictions"])
    }
    assert said >= {
        "lost_but_ordered",
        "cancelled_but_invoiced",
        "paid_more_than_once",
        "credited_more_than_invoiced",
        "currency_without_rate",
        "project_without_customer",
        "implausible_day",
    }
    assert hub.condition("R01", Subject("deal", DEAL.ref)) == "firing"  # the rest goes on


def test_facts_of_what_cannot_be_right_are_unknown_or_bounded(hub: Hub) -> None:
    customer = hub.facts(Subject("customer", "01A"))
    assert "open_ar" not in customer  # one amount has no rate: the sum is not known
    for name in ("erp:invoices:3", "crm:deals:4"):
        facts = hub.facts(Subject(name.split(":")[1].removesuffix("s"), name))
        assert not {"days_overdue", "days_since_issue", "days_to_close"} & facts.keys()
    undated = hub.facts(Subject("ticket", "desk:tickets:8"))
    assert not {"age_bh", "sla_remaining_bh"} & undated.keys()
    assert "first_touch_bh" not in hub.facts(Subject("lead", "crm:leads:4"))
    assert "starts_in_hours" not in hub.facts(Subject("campaign", "mail:campaigns:4"))
    assert len(str(hub.facts(Subject("ticket", "desk:tickets:9"))["kind"])) == 2_000
    for table in (tables.alerts, tables.alert_events):
        stored = all_of(hub.db, table)
        assert stored
        assert max(len(str(one)) for one in stored) < 50_000, table.name  # and no book in them


def test_a_clock_that_jumps_back_a_year_ends_nothing_and_comes_to_the_same(hub: Hub) -> None:
    before = [
        (one["id"], one["condition"], one["opened_at"])
        for one in all_of(hub.db, tables.alerts, "updated_at")
    ]
    there: datetime = hub.clock.at
    hub.clock.at = there - timedelta(days=365)
    hub.sweep()
    assert "resolved" not in {one["condition"] for one in all_of(hub.db, tables.alerts)}
    hub.clock.at = there
    hub.sync()
    hub.sweep()
    after = {
        (one["id"], one["condition"], one["opened_at"])
        for one in all_of(hub.db, tables.alerts, "updated_at")
    }
    assert set(before) <= after


@pytest.mark.parametrize("status", ["open", "paid"])
@pytest.mark.parametrize("day", ["9999-12-31", "1000-01-01"])
def test_no_day_of_any_kind_stops_the_alerts(
    database: Database, clock: HandClock, day: str, status: str
) -> None:
    values = {"date": day, "instant": f"{day}T23:59:59Z"}
    hub = Hub(database, clock)
    hub.sync()
    hub.lay(
        CUSTOMER,
        *(
            row(
                f"erp:{kind}:1",
                kind,
                {
                    "status": status,
                    "priority": "urgent",
                    "is_human": True,
                    **{
                        name: values[one.type] for name, one in fields.items() if one.type in values
                    },
                },
            )
            for kind, fields in FIELDS.items()
            if kind not in RESOLVED_KINDS
        ),
    )
    run(database)
    assert hub.sweep().errors == {}
    customer = hub.facts(Subject("customer", "01A"))
    assert customer["open_tickets"] == (status == "open")
    assert not {"tickets_30d", "days_since_human_contact"} & customer.keys()
