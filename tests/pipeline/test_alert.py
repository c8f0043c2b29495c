"""From facts in the store to alerts: the three shipped rules, stale sources, what changed alone."""

from collections.abc import Callable
from datetime import datetime
from itertools import count
from typing import Any

import pytest
import sqlalchemy as sa

from hub.alerts import cel
from hub.alerts.rule_files import load_rules
from hub.model.alert import Condition, Severity, Verdict
from hub.model.fact import Subject
from hub.pipeline.alert import evaluate
from hub.pipeline.transitions import close_ruleless
from hub.pipeline.watch import Watch
from hub.store import tables
from hub.store.database import Database
from tests.conftest import HandClock
from tests.pipeline.alerting import (
    CONNECTIONS,
    CUSTOMER,
    DEAL,
    FIRE,
    OF,
    R01,
    R07,
    RULES,
    WATCH,
    WON,
    Hub,
    with_fields,
)
from tests.street_rows import Row, all_of, drop


@pytest.fixture
def hub(database: Database, clock: HandClock) -> Hub:
    hub = Hub(database, clock)
    hub.sync()
    return hub


def test_a_deal_with_an_urgent_ticket_fires_and_names_it(hub: Hub) -> None:
    hub.lay(CUSTOMER, DEAL, FIRE)
    found = hub.alert("R01", R01)
    assert found is not None
    assert (found.state.condition, found.state.severity) == (Condition.FIRING, Severity.WARNING)
    assert found.entity_id == "01A"
    current = found.evidence["current"]
    assert current["records"]["tickets"] == [
        {
            "ref": "desk:tickets:1",
            "number": "T-1",
            "status": "open",
            "priority": "urgent",
            "kind": None,
            "opened_at": "2026-11-19T08:00:00Z",
            "last_message_at": None,
            "age_hours": 98,
            "age_bh": 18,
            "version": 1,
        }
    ]
    assert current["facts"]["customer.oldest_open_high_ticket_bh"]["value"] == 18
    assert current["facts"]["customer.oldest_open_high_ticket_bh"]["sources"] == ["desk"]
    assert current["records"]["subject"][0]["number"] == "D-1"
    assert "geheim" not in str(found)
    assert found.texts["clears_when"]["en"].startswith("The customer's complaints")


def test_it_recovers_for_a_day_and_then_resolves(hub: Hub) -> None:
    hub.lay(CUSTOMER, DEAL, FIRE)
    first = hub.alert("R01", R01)
    hub.lay(with_fields(FIRE, status="solved"))
    assert hub.condition("R01", R01) == "recovering"
    hub.clock.turn(hours=23)
    hub.sync()
    hub.sweep()
    assert hub.condition("R01", R01) == "recovering"
    hub.clock.turn(hours=1)
    hub.sync()
    hub.sweep()
    assert hub.condition("R01", R01) == "resolved"
    hub.lay(FIRE)
    again = hub.alert("R01", R01)
    assert first is not None
    assert again is not None
    assert (again.id, again.state.reopened) == (first.id, 1)
    assert hub.events("R01", R01) == ["firing", "recovering", "resolved", "firing"]
    assert again.evidence["first"] == first.evidence["first"]


def test_severity_escalates_as_the_day_of_decision_comes_near(hub: Hub) -> None:
    hub.lay(CUSTOMER, with_fields(DEAL, amount_minor=5_000_000), FIRE)
    hub.clock.turn(days=17)  # two weeks before the 24th of December
    hub.sync()
    hub.sweep()
    found = hub.alert("R01", R01)
    assert found is not None
    assert found.state.severity is Severity.CRITICAL
    assert hub.events("R01", R01) == ["firing", "firing"]


def test_what_is_evaluated_again_unchanged_writes_nothing(hub: Hub) -> None:
    hub.lay(CUSTOMER, DEAL, FIRE, WON)
    hub.sweep()
    hub.due("render")
    before = [all_of(hub.db, table) for table in (tables.alerts, tables.facts, tables.alert_events)]
    done = hub.sweep()
    after = [all_of(hub.db, table) for table in (tables.alerts, tables.facts, tables.alert_events)]
    assert (done.changed, after, hub.due("render")) == (0, before, set())
    assert done.verdicts["R01", "true"] == done.verdicts["R07", "true"] == 1


@pytest.mark.parametrize(
    ("deal", "ticket", "verdict"),
    [
        ({}, {}, Verdict.TRUE),
        ({"stage_order": 2}, {}, Verdict.FALSE),
        ({"amount_minor": 499_999}, {}, Verdict.FALSE),
        ({"status": "lost"}, {}, Verdict.FALSE),
        ({"status": "unknown"}, {}, Verdict.UNKNOWN),
        ({"currency": "USD"}, {}, Verdict.UNKNOWN),
        ({"stage_order": None}, {}, Verdict.UNKNOWN),
        ({}, {"opened_at": "2026-11-20T08:00:00Z"}, Verdict.FALSE),  # 10 business hours
        ({}, {"priority": "normal"}, Verdict.FALSE),
        ({}, {"priority": "normal", "kind": "complaint"}, Verdict.TRUE),
        ({}, {"priority": "unknown"}, Verdict.UNKNOWN),
        ({}, {"status": "waiting_customer"}, Verdict.TRUE),
        ({}, {"status": "closed"}, Verdict.FALSE),
        ({}, {"status": "unknown"}, Verdict.UNKNOWN),
        ({"status": "lost"}, {"status": "unknown"}, Verdict.FALSE),
        ({}, {"status": None, "closed_at": "2026-11-20T08:00:00Z"}, Verdict.FALSE),
    ],
)
def test_r01_at_its_boundaries(
    new_sqlite_url: Callable[[], str],
    clock: HandClock,
    deal: dict[str, Any],
    ticket: dict[str, Any],
    verdict: Verdict,
) -> None:
    hub = Hub(Database(new_sqlite_url()), clock)
    hub.sync()
    hub.lay(CUSTOMER, with_fields(DEAL, **deal), with_fields(FIRE, **ticket))
    assert hub.sweep().verdicts["R01", verdict.value] == 1
    assert (hub.condition("R01", R01) == "firing") == (verdict is Verdict.TRUE)
    hub.db.close()


def test_a_won_deal_without_order_or_project_fires_until_one_is_linked(hub: Hub) -> None:
    hub.lay(CUSTOMER, WON)
    assert hub.condition("R07", R07) == "firing"
    order = Row("erp:orders:1", "order", {"number": "AB-1000"}, [("deal", WON.ref), *OF])
    hub.lay(order)
    assert hub.condition("R07", R07) == "resolved"
    drop(hub.db, [order.ref])
    hub.walk()
    assert hub.condition("R07", R07) == "firing"
    project = Row("pm:projects:1", "project", {"name": "Bau"}, [("deal", WON.ref)], entity="01J")
    hub.lay(project)
    assert hub.condition("R07", R07) == "resolved"
    assert hub.facts(R07)["projects"] == 1


def test_a_deal_that_points_to_its_project_counts_it_once(hub: Hub) -> None:
    project = Row("pm:projects:1", "project", {}, [("deal", WON.ref)], entity="01J")
    hub.lay(CUSTOMER, project, Row(WON.ref, "deal", WON.fields, [*OF, ("project", project.ref)]))
    assert hub.facts(R07)["projects"] == 1


def test_a_deal_that_vanishes_ends_its_alert_and_its_facts(hub: Hub) -> None:
    hub.lay(CUSTOMER, DEAL, FIRE)
    drop(hub.db, [DEAL.ref])
    hub.walk()
    assert hub.condition("R01", R01) == "resolved"
    assert hub.facts(R01) == {}


def test_a_sweep_finds_what_is_gone_and_what_has_no_rule_any_more(hub: Hub) -> None:
    orphan = Row("crm:deals:9", "deal", WON.fields)
    hub.lay(CUSTOMER, WON, orphan)
    assert hub.condition("R07", Subject("deal", orphan.ref)) == "firing"  # it needs no customer
    ref = tables.canonical_records.c.ref
    with hub.db.transaction() as tx:
        tx.execute(sa.delete(tables.canonical_records).where(ref == orphan.ref))
    hub.sweep()
    assert hub.condition("R07", Subject("deal", orphan.ref)) == "resolved"
    done = hub.sweep(Watch([], WATCH.company, CONNECTIONS))
    assert done.changed == 1
    assert hub.condition("R07", R07) == "resolved"
    hub.sweep(Watch(WATCH.rules, WATCH.company, CONNECTIONS[1:]))
    assert hub.facts(Subject("source", "crm")) == {}


def test_looking_for_alerts_without_a_rule_reads_no_others(hub: Hub) -> None:
    deals = [Row(f"crm:deals:{at}", "deal", WON.fields) for at in range(5)]
    hub.lay(CUSTOMER, *deals)
    with hub.db.transaction() as tx:
        read: list[str] = []
        sa.event.listen(tx, "before_cursor_execute", lambda *said: read.append(said[2]))
        assert close_ruleless(tx, {"R07"}, hub.clock()) == 0
        asked = [sql for sql in read if "alerts.evidence" in sql]
        assert all("alerts.rule NOT IN" in sql for sql in asked)
        assert close_ruleless(tx, {"R08"}, hub.clock()) == 5


def test_alerts_move_with_the_deal_to_its_new_customer(hub: Hub) -> None:
    other = Row("crm:accounts:2", "organization", {"name": "Adler"}, entity="01B")
    hub.lay(CUSTOMER, other, WON)
    first = hub.alert("R07", R07)
    hub.due("render")
    hub.lay(Row(WON.ref, "deal", WON.fields, [("organization", other.ref)]))
    moved = hub.alert("R07", R07)
    assert first is not None
    assert moved is not None
    assert (moved.id, moved.entity_id) == (first.id, "01B")
    assert hub.due("render") == {"01A", "01B"}


def test_sums_over_a_customers_papers(hub: Hub) -> None:
    def invoice(n: int, **fields: Any) -> Row:
        base = {"status": "open", "gross_minor": 1000, "currency": "EUR", "due_on": "2026-12-01"}
        return Row(f"erp:invoices:{n}", "invoice", {**base, **fields}, OF)

    hub.lay(
        CUSTOMER,
        invoice(1),
        invoice(2, balance_minor=300, due_on="2026-11-22", dunning_level=2),
        invoice(3, balance_minor=200, due_on="2026-10-24", status="partly_paid"),
        invoice(4, status="paid"),
        invoice(5, balance_minor=0),
        invoice(6, kind="payable"),
        invoice(7, kind="credit_note"),
        invoice(8, balance_minor=50, status="unknown", due_on="2026-11-23"),
        Row("erp:contracts:1", "contract", {"status": "active"}, OF),
        with_fields(DEAL, probability=50),
        with_fields(FIRE, opened_at="2026-10-24T10:00:00Z"),
    )
    known = hub.facts(Subject("customer", "01A"))
    expected = {
        "open_ar": 1550,
        "overdue_ar": 500,
        "oldest_overdue_days": 30,
        "dunning_level": 2,
        "open_tickets": 1,
        "open_high_tickets": 1,
        "open_complaints": 0,
        "tickets_30d": 1,
        "open_deals_amount": 500_000,
        "forecast_open_amount": 250_000,
    }
    assert {name: known.get(name) for name in expected} == expected
    hub.lay(invoice(9, currency="USD"), invoice(10, balance_minor=None, gross_minor=10**30))
    assert not {"open_ar", "overdue_ar"} & hub.facts(Subject("customer", "01A")).keys()


def test_batches_and_a_sweep_come_to_the_same(
    new_database: Callable[[], Database], clock: HandClock
) -> None:
    rows = [CUSTOMER, DEAL, FIRE, WON, Row("erp:orders:1", "order", {}, [("deal", WON.ref), *OF])]
    kept = (tables.facts, tables.alerts)
    found = []
    for order in (rows, rows[::-1]):
        hub = Hub(new_database(), clock)
        hub.sync()
        for row in order:
            hub.lay(row)
        hub.sweep()
        found.append([all_of(hub.db, table, "since", "valid_from") for table in kept])
    live = [[one["subject"] for one in each[1] if one["condition"] == "firing"] for each in found]
    assert found[0][0] == found[1][0]
    assert live == [[DEAL.ref], [DEAL.ref]]


def test_a_rule_that_fails_is_told_and_ends_nothing(hub: Hub) -> None:
    text = RULES["R07.yaml"].replace("deal.orders == 0", "deal.amount / deal.orders >= 0")
    broken = Watch(load_rules({"R07.yaml": text}), WATCH.company, CONNECTIONS)
    hub.lay(CUSTOMER, WON)
    done = evaluate(hub.db, broken, hub.clock(), {R07})
    assert done.errors == {"R07": "INVALID_ARGUMENT: divide by zero"}
    assert hub.condition("R07", R07) == "error"
    hub.sweep()
    assert hub.condition("R07", R07) == "firing"


def test_a_rule_that_takes_too_long_is_asked_once_a_batch(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = [Row(f"crm:deals:{n}", "deal", DEAL.fields, OF) for n in range(3, 13)]
    asked = count()
    monkeypatch.setattr(cel, "thread_time", lambda: 60.0 * next(asked))
    hub.lay(CUSTOMER, DEAL, FIRE, *others)
    done = hub.sweep()
    assert done.verdicts["R01", "error"] == 11
    assert done.errors["R01"] == "took 60.0 s for one subject, at most 0.5 are allowed"
    assert next(asked) < 4 * 2 * len(WATCH.rules)  # two looks at the clock a run, four batches


def test_the_clock_may_jump_back(hub: Hub) -> None:
    hub.lay(CUSTOMER, DEAL, FIRE)
    hub.lay(with_fields(FIRE, status="solved"))
    hub.sweep(days=-2)
    assert hub.condition("R01", R01) == "recovering"
    assert datetime.fromisoformat(str(hub.alert("R01", R01).updated_at))  # type: ignore[union-attr]
