"""Fifteen rules fire at once on records; what clears each is done, and each alert resolves."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hub.alerts.facts import KINDS
from hub.model.fact import Subject
from hub.model.setting import ConnectionInfo
from hub.pipeline.alert import alert
from hub.pipeline.thread import thread
from hub.store.database import Database
from tests.conftest import HandClock
from tests.pipeline.alerting import WATCH, Hub
from tests.street_rows import Row, drop, lay, work_off

NAMES = ("crm", "desk", "erp", "pm")
SYSTEMS = ("crm", "ticketing", "accounting", "projects")
ALL = [
    ConnectionInfo(name, system, frozenset(KINDS))
    for name, system in zip(NAMES, SYSTEMS, strict=True)
]
BROAD = replace(WATCH, connections=ALL)
A, B = ("organization", "crm:accounts:1"), ("organization", "crm:accounts:2")


def row(
    ref: str, kind: str, of: tuple[str, str] = A, /, entity: str | None = None, **fields: Any
) -> Row:
    return Row(ref, kind, {"currency": "EUR", **fields}, [of], entity)


COMPANY = {"lifecycle": "customer", "owner": "u2"}
TROUBLE = [
    Row("crm:accounts:1", "organization", {"name": "Weber", **COMPANY}, entity="01A"),
    Row("crm:accounts:2", "organization", {"name": "Kunz", **COMPANY}, entity="01B"),
    row("crm:deals:1", "deal", status="open", stage_order=3, amount_minor=50_000_00,
        probability=50.0, expected_close="2027-06-30"),
    row("crm:deals:2", "deal", status="won", amount_minor=2_000_00, closed_on="2026-11-10"),
    row("desk:tickets:1", "ticket", status="open", kind="complaint", priority="normal",
        opened_at="2026-11-19T08:00:00Z"),
    row("desk:tickets:2", "ticket", B, status="open", kind="incident", priority="high", hours=2.0,
        billable=False, opened_at="2026-11-19T08:00:00Z"),
    row("erp:invoices:1", "invoice", status="open", balance_minor=1_500_00, dunning_level=1,
        due_on="2026-10-01", issued_on="2026-09-01"),
    row("erp:contracts:1", "contract", status="active", sla_priority_floor="high",
        notice_on="2026-12-31", annual_value_minor=6_000_00, hours_included=100.0,
        hours_used=80.0, period_starts_on="2026-06-01", period_ends_on="2027-06-01"),
    row("pm:projects:1", "project", entity="01P", status="completed", ended_on="2026-10-01",
        billing="time_and_materials", unbilled_minor=600_00, unbilled_since="2026-09-01"),
    row("pm:projects:2", "project", entity="01Q", status="active", budget_minor=10_000_00,
        cost_actual_minor=7_200_00, progress_pct=50.0, next_invoice_on="2026-12-10"),
    row("crm:campaigns:1", "campaign", status="planned", starts_at="2026-11-26T09:00:00Z"),
    Row("crm:touches:1", "touch", {},
        [("campaign", "crm:campaigns:1"), ("person", "crm:people:1")]),
    row("crm:leads:1", "lead", status="new", owner="u1"),
    row("crm:people:1", "person", entity="01C", is_primary=True, email_status="hard_bounce"),
]  # fmt: skip
MONTHS = [f"2025-{month}" for month in (10, 11, 12)] + [f"2026-{n:02}" for n in range(1, 11)]
TROUBLE += [
    row(f"erp:bills:{month}", "invoice", status="paid", balance_minor=0, issued_on=f"{month}-15",
        net_minor=100_00 if month == "2026-10" else 1_000_00)
    for month in MONTHS
]  # fmt: skip
CLEARED: dict[str, dict[str, Any]] = {
    "desk:tickets:1": {"status": "solved"},
    "desk:tickets:2": {"billable": True},
    "erp:invoices:1": {"status": "paid", "balance_minor": 0, "dunning_level": 0},
    "erp:contracts:1": {"hours_used": 60.0},
    "pm:projects:1": {"unbilled_minor": 0, "unbilled_since": None},
    "pm:projects:2": {"progress_pct": 72.0},
    "crm:leads:1": {"status": "converted"},
    "crm:people:1": {"email_status": "ok"},
}
ORDER = Row("erp:orders:1", "order", {"status": "confirmed"}, [A, ("deal", "crm:deals:2")])
ALERTS = {
    "R01": Subject("deal", "crm:deals:1"),
    "R02": Subject("ticket", "desk:tickets:1"),
    "R03": Subject("deviation", "01A/revenue"),
    "R04": Subject("project", "01Q"),
    "R06": Subject("customer", "01A"),
    "R07": Subject("deal", "crm:deals:2"),
    "R08": Subject("project", "01P"),
    "R10": Subject("invoice", "erp:invoices:1"),
    "R11": Subject("deal", "crm:deals:1"),
    "R12": Subject("ticket", "desk:tickets:2"),
    "R13": Subject("contract", "erp:contracts:1"),
    "R14": Subject("contract", "erp:contracts:1"),
    "R15": Subject("campaign", "crm:campaigns:1"),
    "R16": Subject("lead", "crm:leads:1"),
    "R17": Subject("contact", "01C"),
}


def test_fifteen_rules_fire_and_all_of_them_clear(database: Database, clock: HandClock) -> None:
    hub = Hub(database, clock)

    def bring(*rows: Row) -> None:
        lay(database, rows)
        work_off(database, "thread", lambda: thread(database))
        work_off(database, "alert", lambda: alert(database, BROAD, clock()))

    def pass_by(time: timedelta) -> dict[str, str]:
        clock.at += time
        hub.sync()
        hub.sweep(BROAD)
        return {rule: hub.condition(rule, subject) for rule, subject in ALERTS.items()}

    hub.sync()
    bring(*TROUBLE)
    pass_by(timedelta())
    assert pass_by(timedelta(hours=48)) == dict.fromkeys(ALERTS, "firing")
    fired = {rule: hub.alert(rule, subject) for rule, subject in ALERTS.items()}
    mended = [
        replace(one, fields={**one.fields, **CLEARED[one.ref]})
        for one in TROUBLE
        if one.ref in CLEARED
    ]
    drop(database, ["crm:touches:1"])
    bring(ORDER, *mended)
    after = pass_by(timedelta())
    kept = {rule.id for rule in BROAD.rules if rule.timing.keep and rule.id in ALERTS}
    assert after == {rule: "recovering" if rule in kept else "resolved" for rule in ALERTS}
    assert pass_by(timedelta(hours=72)) == dict.fromkeys(ALERTS, "resolved")
    for rule, subject in ALERTS.items():
        ended, first = hub.alert(rule, subject), fired[rule]
        assert ended is not None
        assert first is not None
        assert (ended.id, ended.state.ending) == (first.id, "condition"), rule
