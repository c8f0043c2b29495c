"""What alerts name as their evidence: what made a rule true, and nothing else."""

import pytest

from hub.alerts.reasons import told
from hub.model.deep_link import DeepLinks
from hub.model.fact import Subject
from hub.model.link import Link
from hub.pipeline.deep_links import of_alerts
from hub.pipeline.thread import thread
from hub.store import link_candidates
from hub.store.database import Database
from tests.conftest import HandClock
from tests.pipeline.alerting import CUSTOMER, DEAL, FIRE, OF, R01, R07, WON, Hub, with_fields
from tests.street_rows import Row, lay, work_off


@pytest.fixture
def hub(database: Database, clock: HandClock) -> Hub:
    hub = Hub(database, clock)
    hub.sync()
    return hub


def test_a_second_ticket_joins_the_evidence(hub: Hub) -> None:
    hub.lay(CUSTOMER, DEAL, FIRE)
    second = with_fields(FIRE, number="T-2", kind="complaint", priority="low")
    hub.lay(Row("desk:tickets:2", "ticket", second.fields, OF))
    found = hub.alert("R01", R01)
    assert found is not None
    assert [one["number"] for one in found.evidence["current"]["records"]["tickets"]] == [
        "T-1",
        "T-2",
    ]
    assert len(found.evidence["first"]["records"]["tickets"]) == 1
    assert hub.events("R01", R01) == ["firing", "firing"]


def test_evidence_names_what_made_the_rule_true_and_nothing_else(hub: Hub) -> None:
    ticket = with_fields(FIRE, priority="normal", status="open")
    soon = {"name": "Umbau", "number": "P-1", "status": "active", "planned_end": "2026-11-30"}
    far = {**soon, "number": "P-2", "planned_end": "2027-11-30"}
    first = Row("pm:projects:1", "project", soon, OF, entity="01P")
    second = Row("pm:projects:2", "project", far, OF, entity="01Q")
    hub.lay(CUSTOMER, ticket, first, second)
    found = hub.alert("R02", Subject("ticket", ticket.ref))
    assert found is not None
    current = found.evidence["current"]
    assert [one["condition"].partition(" ")[0] for one in current["because"]] == [
        "ticket.status_group",
        "ticket.priority_rank",
        "projects.exists(p,",
    ]
    (project,) = current["because"][2]["about"]
    assert (project["id"], project["facts"]) == (
        "01P",
        {"days_past_planned_end": -7, "status": "active"},
    )
    assert [one["number"] for one in current["records"]["projects"]] == ["P-1"]
    deep_links = DeepLinks({"pm": {"projects": "https://pm.example.org/projects/{key}"}})
    with hub.db.reading() as tx:
        assert of_alerts(tx, deep_links, [found]) == {
            found.id: {"01P": "https://pm.example.org/projects/1"}
        }
        assert of_alerts(tx, DeepLinks(), [found]) == {}
    assert told(current)["en"] == [
        "Ticket T-1: status open, priority normal",
        'Project P-1 "Umbau": planned end in 7 days, status active',
    ]


def test_where_nothing_belongs_evidence_names_what_may(hub: Hub) -> None:
    order = Row("erp:orders:9", "order", {"number": "AU-9", "status": "confirmed"}, OF)
    other = Row("erp:orders:8", "order", {"number": "AU-8", "status": "confirmed"}, OF)
    lay(hub.db, [CUSTOMER, WON, order, other])
    work_off(hub.db, "thread", lambda: thread(hub.db))
    links = [
        ("01A", Link(one.ref, "deal", WON.ref, "amount", score, {}))
        for one, score in ((other, 0.62), (order, 0.8))
    ]
    with hub.db.transaction() as tx:
        link_candidates.replace(tx, ["01A"], links)
    hub.walk()
    found = hub.alert("R07", R07)
    assert found is not None
    current = found.evidence["current"]
    assert [(one["number"], one["score"]) for one in current["candidates"]] == [
        ("AU-9", 0.8),
        ("AU-8", 0.62),
    ]
    assert told(current)["de"][-2:] == [
        "Vielleicht dazu: Auftrag AU-9 (80 %)",
        "Vielleicht dazu: Auftrag AU-8 (62 %)",
    ]


def test_a_forecast_names_the_deals_it_is_made_of(hub: Hub) -> None:
    small = with_fields(DEAL, probability=100)
    large = Row(
        "crm:deals:7",
        "deal",
        {**small.fields, "number": "D-7", "amount_minor": 2_000_000},
        OF,
    )
    lost = Row("crm:deals:8", "deal", {**large.fields, "number": "D-8", "status": "lost"}, OF)
    complaint = with_fields(FIRE, kind="complaint", priority="low")
    hub.lay(CUSTOMER, small, large, lost, complaint)
    found = hub.alert("R06", Subject("customer", "01A"))
    assert found is not None
    deals = found.evidence["current"]["records"]["deals"]
    assert [one["number"] for one in deals] == ["D-7", "D-1"]
