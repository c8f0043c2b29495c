"""Stored views: what they hold, when they are written again, and that order does not matter."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.clock import instant_text
from hub.model.alert import Alert, AlertState, Condition, Severity
from hub.model.fact import Fact, Subject
from hub.pipeline.render import render
from hub.pipeline.thread import thread
from hub.store import alerts, search, tables, views, work
from hub.store.database import Database
from tests.conftest import HandClock
from tests.street_rows import NOW, Row, all_of, drop, lay, work_off

A = Row("crm:accounts:1", "organization", {"name": "Weber Bau", "city": "Köln"}, entity="01A")
A2 = Row("erp:customers:7", "organization", {"name": "Weber Bau GmbH"}, entity="01A")
ERIKA = Row(
    "crm:contacts:1",
    "person",
    {"name": "Erika Muster", "emails": ["erika@weber.de"], "position": "Einkauf"},
    [("organization", A.ref)],
    entity="01P",
)
PROJECT = Row(
    "pm:projects:1",
    "project",
    {"number": "P-1000", "name": "Umbau", "status": "active", "starts_on": "2026-03-01"},
    [("organization", A.ref), ("deal", "crm:deals:1")],
    entity="01J",
)
DEAL = Row(
    "crm:deals:1",
    "deal",
    {
        "number": "D-1",
        "name": "Halle",
        "status": "open",
        "amount_minor": 5,
        "closed_on": "2026-05-05",
    },
    [("organization", A.ref), ("person", ERIKA.ref)],
)
TICKET = Row(
    "desk:tickets:1",
    "ticket",
    {
        "number": "T-1",
        "subject": "Tor klemmt",
        "text": "geheim",
        "opened_at": "2026-06-01T10:00:00Z",
    },
    [("organization", A.ref), ("project", PROJECT.ref)],
)
PAYMENT = Row("erp:payments:1", "payment", {"amount_minor": 7}, [("organization", A2.ref)])
ALL = [A, A2, ERIKA, PROJECT, DEAL, TICKET, PAYMENT]


def walk(db: Database, clock: HandClock, limit: int = 500) -> None:
    work_off(db, "thread", lambda: thread(db))
    work_off(db, "render", lambda: render(db, clock(), limit))


def view(db: Database, entity: str) -> dict[str, Any]:
    with db.reading() as tx:
        found = views.get(tx, entity)
    assert found is not None
    document: dict[str, Any] = msgspec.json.decode(found.document)
    assert list(document)[-2:] == ["freshness", "rendered_at"]
    return document


def etag(db: Database, entity: str) -> str:
    with db.reading() as tx:
        return views.etags(tx, [entity])[entity]


@pytest.fixture
def street(database: Database, clock: HandClock) -> Database:
    lay(database, ALL)
    walk(database, clock)
    return database


def test_an_organization_is_one_document_of_all_departments(street: Database) -> None:
    found = view(street, "01A")
    assert (found["id"], found["kind"], found["name"]) == ("01A", "organization", "Weber Bau")
    assert found["golden"]["city"]["sources"] == [
        {"connection": "crm", "ref": A.ref, "fetched_at": NOW}
    ]
    assert found["golden"]["name"]["alternatives"][0]["value"] == "Weber Bau GmbH"
    assert [record["ref"] for record in found["records"]] == [A.ref, A2.ref]
    assert found["records"][0] == {
        "ref": A.ref,
        "connection": "crm",
        "stream": "accounts",
        "key": "1",
        "fetched_at": NOW,
        "method": "single",
        "score": None,
        "extensions": {},
    }
    (contact,) = found["contacts"]["items"]
    assert (contact["id"], contact["name"], contact["emails"]) == (
        "01P",
        "Erika Muster",
        ["erika@weber.de"],
    )
    (project,) = found["projects"]["items"]
    assert (project["id"], project["number"], project["status"]) == ("01J", "P-1000", "active")
    (deal,) = found["deals"]["items"]
    assert (deal["number"], deal["amount_minor"], deal["link"]["method"]) == ("D-1", 5, "key")
    assert found["tickets"]["items"][0]["title"] == "Tor klemmt"
    assert "geheim" not in str(found)
    assert found["payments"]["total"] == 1


def test_the_timeline_is_newest_first_and_the_undated_last(street: Database) -> None:
    timeline = view(street, "01A")["timeline"]
    assert [item["ref"] for item in timeline["items"]] == [
        TICKET.ref,
        DEAL.ref,
        PROJECT.ref,
        PAYMENT.ref,
    ]
    assert timeline["total"] == 4


def test_persons_and_projects_have_views_of_their_own(street: Database) -> None:
    person, project = view(street, "01P"), view(street, "01J")
    assert [one["id"] for one in person["organizations"]["items"]] == ["01A"]
    assert person["deals"]["total"] == 1
    assert [one["id"] for one in project["organizations"]["items"]] == ["01A"]
    assert project["tickets"]["total"] == 1
    assert project["deals"]["items"][0]["ref"] == DEAL.ref  # its own reference


def test_a_sync_that_changes_nothing_rewrites_no_view(street: Database, clock: HandClock) -> None:
    before = etag(street, "01A")
    clock.turn(hours=1)
    run = {
        "connection": "crm",
        "state": "succeeded",
        "started_at": instant_text(clock()),
        "progress": "{}",
    }
    with street.transaction() as tx:
        tx.execute(sa.insert(tables.runs), [run])
        work.add(tx, "render", ["01A"])
    walk(street, clock)
    found = view(street, "01A")
    assert (etag(street, "01A"), found["rendered_at"]) == (before, NOW)
    assert found["freshness"] == {"crm": "2026-11-23T11:00:00.000Z"}


def test_what_others_show_of_an_entity_is_kept_up(street: Database, clock: HandClock) -> None:
    lay(street, [Row(ERIKA.ref, "person", {"name": "Erika Neu"}, ERIKA.refs, entity="01P")])
    second = Row("desk:users:1", "person", {"name": "Erika Neu", "phones": ["1"]}, entity="01P")
    lay(street, [second])
    walk(street, clock)
    (contact,) = view(street, "01A")["contacts"]["items"]
    assert (contact["name"], contact["phones"]) == ("Erika Neu", ["1"])
    renamed = [Row(row.ref, row.kind, {"name": "Adler"}, entity="01A") for row in (A, A2)]
    lay(street, renamed)
    walk(street, clock)
    for entity in ("01P", "01J"):
        assert view(street, entity)["organizations"]["items"][0]["name"] == "Adler"


def test_an_entity_that_ends_loses_its_view_and_is_not_found(
    street: Database, clock: HandClock
) -> None:
    lay(street, [Row(row.ref, row.kind, row.fields, entity="01Z") for row in (A, A2)])
    walk(street, clock)
    with street.reading() as tx:
        assert views.get(tx, "01A") is None
        assert [hit.item for hit in search.search(tx, "Weber Bau", ["organization"])] == ["01Z"]
    assert view(street, "01Z")["deals"]["total"] == 1
    assert view(street, "01P")["organizations"]["items"][0]["id"] == "01Z"
    drop(street, [ERIKA.ref])
    walk(street, clock)
    assert view(street, "01Z")["contacts"]["total"] == 0


def test_facts_and_alerts_stand_in_the_view(street: Database, clock: HandClock) -> None:
    state = AlertState(Condition.FIRING, Severity.WARNING, since=NOW, opened_at=NOW)
    texts = {"name": {"en": "Trouble"}, "clears_when": None}
    alert = Alert("R01", Subject("deal", DEAL.ref), "01A", state, NOW, {"current": {}}, texts)
    with street.transaction() as tx:
        alerts.put(tx, [alert])
        work.add(tx, "render", ["01A", "01P", "01J"])
    fact = Fact("open_tickets", 1, ("desk",), NOW)
    known = {Subject("customer", "01A"): {"open_tickets": fact}}
    render(street, clock(), facts_of=lambda *_: known)
    found = view(street, "01A")
    assert found["facts"] == {"open_tickets": {"value": 1, "as_of": NOW, "sources": ["desk"]}}
    assert found["alerts"][0]["name"] == {"en": "Trouble"}
    for entity in ("01P", "01J"):  # the deal is theirs, too
        assert [one["id"] for one in view(street, entity)["alerts"]] == [alert.id]
    with street.reading() as tx:
        firing = views.page(tx, "organization", firing=True).items
    assert [(row.id, row.firing) for row in firing] == [("01A", 1)]


def test_a_long_list_is_cut_and_says_so(database: Database, clock: HandClock) -> None:
    day = clock() - timedelta(days=400)
    orders = [
        Row(
            f"erp:orders:{n:03d}",
            "order",
            {"ordered_on": (day + timedelta(days=n)).date().isoformat()},
            [("organization", A.ref)],
        )
        for n in range(205)
    ]
    lay(database, [A, *orders])
    walk(database, clock)
    found = view(database, "01A")
    assert (found["orders"]["total"], len(found["orders"]["items"])) == (205, 100)
    assert (found["timeline"]["total"], len(found["timeline"]["items"])) == (205, 200)
    assert found["orders"]["items"][0]["ref"] == "erp:orders:204"


def test_an_entity_without_a_name_is_called_by_what_there_is(
    database: Database, clock: HandClock
) -> None:
    cases: dict[str, dict[str, object]] = {
        "01B": {"given_name": "Erika", "family_name": "Muster"},
        "01C": {"emails": ["e@x.de"]},
        "01D": {},
    }
    lay(database, [Row(f"a:b:{one}", "person", given, entity=one) for one, given in cases.items()])
    walk(database, clock)
    names = [view(database, one)["name"] for one in cases]
    assert names == ["Erika Muster", "e@x.de", "a:b:01D"]


@given(
    order=st.permutations(range(len(ALL))),
    size=st.integers(1, 4),
    limit=st.sampled_from([1, 2, 500]),
)
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_views_are_the_same_whatever_came_first(
    new_sqlite_url: Callable[[], str], order: list[int], size: int, limit: int
) -> None:
    clock = HandClock()
    found = []
    for batches in (
        [ALL],
        [[ALL[at] for at in order[start : start + size]] for start in range(0, len(order), size)],
    ):
        db = Database(new_sqlite_url())
        for batch in batches:
            lay(db, [Row(row.ref, row.kind, {}, entity=row.entity) for row in batch])
            walk(db, clock, limit)
            lay(db, batch)
            walk(db, clock, limit)
        kept = (tables.views, tables.search_items, tables.search_tokens, tables.search_grams)
        found.append([all_of(db, table) for table in kept])
        db.close()
    assert found[0] == found[1]
