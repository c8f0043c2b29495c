"""Sources that stay away, lose much or soon may not be read: what becomes of their alerts."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from hub.model.alert import Condition, Severity
from hub.model.fact import Subject
from hub.model.setting import ConnectionInfo
from hub.pipeline.alert import evaluate
from hub.pipeline.insight import Insight
from hub.pipeline.thread import thread
from hub.pipeline.watch import Watch, stale_rules
from hub.store import alerts, credential_ends, work
from hub.store.database import Database
from tests.conftest import HandClock
from tests.pipeline.alerting import (
    CONNECTIONS,
    CUSTOMER,
    DEAL,
    FIRE,
    R01,
    R07,
    WATCH,
    WON,
    Hub,
    with_fields,
)
from tests.street_rows import Row, lay, work_off


@pytest.fixture
def hub(database: Database, clock: HandClock) -> Hub:
    hub = Hub(database, clock)
    hub.sync()
    return hub


def test_where_no_source_of_projects_was_ever_read_their_number_is_unknown(hub: Hub) -> None:
    watch = Watch(WATCH.rules, WATCH.company, [*CONNECTIONS[:3], ConnectionInfo("new", "projects")])
    hub.lay(CUSTOMER)
    lay(hub.db, [WON])
    work_off(hub.db, "thread", lambda: thread(hub.db))
    done = evaluate(hub.db, watch, hub.clock(), {R07})
    assert done.verdicts["R07", "unknown"] == 1
    assert "projects" not in hub.facts(R07, Insight(watch.company, watch.connections))
    assert hub.condition("R07", R07) == "none"  # nothing was ever known to be wrong


def test_a_stale_source_makes_alerts_unknown_and_never_resolves_them(hub: Hub) -> None:
    hub.lay(CUSTOMER, DEAL, FIRE)
    first = hub.alert("R01", R01)
    hub.clock.turn(hours=5)
    hub.sync("crm", "erp", "pm")
    hub.lay(with_fields(FIRE, status="solved"))  # whatever comes in meanwhile
    found = hub.alert("R01", R01)
    assert first is not None
    assert found is not None
    assert (found.state.condition, found.state.resume) == (Condition.UNKNOWN, Condition.FIRING)
    assert found.evidence == first.evidence
    with hub.db.reading() as tx:
        assert "source desk" in alerts.events_of(tx, found.id)[-1].reason
    hub.lay(FIRE)
    hub.sync("desk")
    hub.sweep(hours=2)  # R20 was firing for the late source; it keeps on for an hour
    hub.sync()
    hub.sweep()
    again = hub.alert("R01", R01)
    assert again is not None
    assert (again.id, again.state.condition) == (first.id, Condition.FIRING)
    assert "resolved" not in hub.events("R01", R01)


def test_a_run_of_a_clock_that_was_ahead_keeps_no_source_fresh(hub: Hub) -> None:
    hub.lay(CUSTOMER, DEAL, FIRE)
    hub.clock.turn(days=400)
    hub.sync()
    hub.clock.turn(days=-400)
    hub.sync()
    hub.sweep()
    assert hub.condition("R01", R01) == "firing"
    hub.clock.turn(hours=5)
    hub.sync("crm", "erp", "pm")
    hub.sweep()
    assert hub.condition("R01", R01) == "unknown"


def test_who_gives_contracts_stands_for_contracts_whatever_else_it_is(hub: Hub) -> None:
    kinds = frozenset({"organization", "invoice", "contract"})
    watch = replace(WATCH, connections=[*CONNECTIONS[:2], ConnectionInfo("erp", "ledger", kinds)])
    hub.clock.turn(hours=25)
    hub.sync("crm", "desk")
    with hub.db.reading() as tx:
        stale = stale_rules(tx, watch, hub.clock())
    assert {rule for rule, (source, _) in stale.items() if source == "erp"} >= {"R10", "R13"}
    assert "R01" not in stale


def test_an_unreliable_source_takes_the_ground_from_rules_that_read_it(hub: Hub) -> None:
    hub.lay(CUSTOMER, DEAL, FIRE, WON)
    desk = Subject("source", "desk")
    for _ in range(3):
        hub.clock.turn(minutes=5)
        hub.sync("crm", "erp", "pm")
        hub.sync("desk", state="failed")
    hub.sweep()
    assert hub.condition("R20", desk) == "firing"
    assert hub.condition("R01", R01) == "unknown"
    assert hub.condition("R07", R07) == "firing"  # it does not read the help desk
    hub.clock.turn(minutes=5)
    hub.sync()
    with hub.db.transaction() as tx:
        work.add(tx, "alert", ["source:desk"])
    hub.walk()
    assert hub.condition("R20", desk) == "recovering"
    assert hub.condition("R01", R01) == "firing"
    hub.clock.turn(hours=1)
    hub.sync()
    hub.sweep()
    assert hub.condition("R20", desk) == "resolved"
    found = hub.alert("R20", desk)
    assert found is not None
    assert found.evidence["first"]["records"]["subject"][0]["runs"][0]["state"] == "failed"


def test_access_that_ends_soon_warns_and_takes_no_ground_from_anybody(hub: Hub) -> None:
    hub.lay(CUSTOMER, DEAL, FIRE, WON)
    desk, crm = Subject("source", "desk"), Subject("source", "crm")
    said = [replace(one, access_ends_on=date(2026, 12, 1)) for one in CONNECTIONS[:1]]
    watch = replace(WATCH, connections=[*said, *CONNECTIONS[1:]])
    with hub.db.transaction() as tx:  # the source said so, of a token
        credential_ends.note(tx, "desk", hub.clock() + timedelta(days=8), hub.clock())
    hub.sweep(watch)
    assert hub.facts(desk)["auth_expires_days"] == 8
    assert [hub.condition("R20", one) for one in (crm, desk)] == ["none", "none"]
    hub.clock.turn(days=1)
    hub.sync()
    hub.sweep(watch)
    assert [hub.condition("R20", one) for one in (crm, desk)] == ["firing", "firing"]
    assert hub.condition("R01", R01) == "firing"  # what was read counts
    for _ in range(3):
        hub.clock.turn(minutes=5)
        hub.sync("crm", "erp", "pm")
        hub.sync("desk", state="failed")
    hub.sweep(watch)
    assert hub.condition("R01", R01) == "unknown"  # and now it fails as well
    hub.sync()
    with hub.db.transaction() as tx:
        credential_ends.note(tx, "desk", hub.clock() + timedelta(days=365), hub.clock())
    hub.sweep(WATCH)
    assert [hub.condition("R20", one) for one in (crm, desk)] == ["recovering", "recovering"]
    assert hub.condition("R01", R01) == "firing"


def test_a_mass_deletion_is_critical_done_or_held_back(hub: Hub) -> None:
    hub.lay(CUSTOMER, *(Row(f"desk:tickets:{n}", "ticket", {}, ()) for n in range(8)))
    hub.sync("desk", deleted=2)
    hub.sync("crm", state="partial", held=1)
    hub.sweep()
    for name, ratio in (("desk", 0.2), ("crm", 1.0)):
        found = hub.alert("R20", Subject("source", name))
        assert found is not None
        assert found.state.severity is Severity.CRITICAL
        assert hub.facts(found.subject)["delete_ratio"] == ratio
