"""Pages of lists: every row once, in order, whatever the page size; filters; what is not there."""

from collections.abc import Callable
from typing import Any

import pytest

from hub.model.alert import Alert, AlertEvent, AlertState, Condition, Severity
from hub.model.fact import Subject, parse_subject
from hub.model.view import Page, RenderedView, ViewRow
from hub.pipeline.thread import thread
from hub.store import alerts, documents, fact_versions, facts, tables, views
from hub.store.database import Database, upsert
from hub.store.settling import settle
from tests.street_rows import NOW, Row, lay, work_off


def row(one: str, name: str, **more: Any) -> RenderedView:
    defaults: dict[str, Any] = {"country": "DE", "city": "Köln", "firing": 0}
    given = {"kind": "organization", **defaults, **more}
    made = ViewRow(id=one, name=name, sort_name=name.casefold(), etag=f"e{one}", **given)
    return RenderedView(made, f'{{"id":"{one}"}}')


def turn(read: Callable[[tuple[str, ...] | None], Page[Any]]) -> list[Any]:
    """Read all pages, and check that they come to an end."""
    found: list[Any] = []
    after: tuple[str, ...] | None = None
    for _ in range(100):
        page = read(after)
        found += page.items
        after = page.next
        if after is None:
            return found
    raise AssertionError("pages without end")


@pytest.mark.parametrize("limit", [1, 2, 3, 50])
def test_entities_by_name_each_once(database: Database, limit: int) -> None:
    rows = [row("3", "adler"), row("1", "Weber"), row("2", "weber"), row("4", "P", kind="person")]
    with database.transaction() as tx:
        views.put(tx, rows, NOW)
    with database.reading() as tx:
        found = turn(lambda after: views.page(tx, "organization", after=after, limit=limit))
    assert [one.id for one in found] == ["3", "1", "2"]


def test_entities_are_filtered(database: Database) -> None:
    rows = [
        row("1", "a", city="Bonn"),
        row("2", "b", country="AT", city="Wien"),
        row("3", "c", firing=2),
        row("4", "d", country=None, city=None),
    ]
    with database.transaction() as tx:
        views.put(tx, rows, NOW)

    def ids(**given: Any) -> list[str]:
        with database.reading() as tx:
            return [one.id for one in views.page(tx, "organization", **given).items]

    assert ids(country="AT") == ["2"]
    assert ids(city="bonn") == ["1"]
    assert ids(firing=True) == ["3"]
    assert ids(firing=False) == ["1", "2", "4"]
    assert ids(ids={"4", "1", "none"}) == ["1", "4"]
    assert ids(ids=set()) == []
    with database.transaction() as tx:
        views.remove(tx, ["1", "2"], NOW)
        assert views.get(tx, "1") is None
    assert ids() == ["3", "4"]


def test_a_merged_entity_leads_to_the_one_that_lives(database: Database) -> None:
    def entity(one: str, merged_into: str | None = None, ended: bool = False) -> dict[str, Any]:
        return {
            "id": one,
            "kind": "person",
            "created_at": NOW,
            "ended_at": NOW if ended or merged_into else None,
            "merged_into": merged_into,
            "split_from": None,
        }

    with database.transaction() as tx:
        circle = [entity("5", "6"), entity("6", "5")]
        rows = [entity("1", "2"), entity("2", "3"), entity("3"), entity("4", ended=True), *circle]
        upsert(tx, tables.entities, rows)
        found = {one: views.successor(tx, one) for one in "1234569"}
    assert found == {"1": "3", "2": "3", "3": None, "4": None, "5": None, "6": None, "9": None}


@pytest.mark.parametrize("limit", [1, 2, 50])
def test_the_timeline_page_by_page(database: Database, limit: int) -> None:
    company = Row("crm:a:1", "organization", {"name": "Weber"}, entity="01A")
    of = [("organization", company.ref)]
    rows = [
        Row("erp:o:1", "order", {"ordered_on": "2026-01-01", "status": "closed"}, of),
        Row("erp:o:2", "order", {"ordered_on": "2026-02-01"}, of),
        Row("erp:i:1", "invoice", {"issued_on": "2026-02-01", "number": "RE-1"}, of),
        Row("erp:o:3", "order", {}, of),
        Row("erp:o:4", "order", {"ordered_on": "2026-03-01"}),
    ]
    lay(database, [company, *rows])
    work_off(database, "thread", lambda: thread(database))
    with database.reading() as tx:
        found = turn(lambda after: documents.timeline_page(tx, "01A", after=after, limit=limit))
        only = documents.timeline_page(tx, "01A", kinds=["invoice"]).items
        nobody = documents.timeline_page(tx, "01X")
    assert [one.ref for one in found] == ["erp:i:1", "erp:o:2", "erp:o:1", "erp:o:3"]
    assert [one.ref for one in only] == ["erp:i:1"]
    assert (only[0].roles, only[0].method, only[0].score) == (("organization",), "key", 1.0)
    assert (nobody.items, nobody.next) == ((), None)


def alert(n: int, rule: str = "R01", condition: Condition = Condition.FIRING) -> Alert:
    at = f"2026-11-{n:02d}T10:00:00.000Z"
    state = AlertState(condition, Severity.WARNING, since=at, opened_at=at)
    subject = Subject("deal", f"crm:d:{n}")
    return Alert(rule, subject, f"01{n % 2}", state, at, {"current": {"n": n}}, {"name": "x"})


@pytest.mark.parametrize("limit", [1, 2, 50])
def test_alerts_last_opened_first(database: Database, limit: int) -> None:
    made = [alert(3), alert(1, "R07"), alert(2), alert(4, condition=Condition.RESOLVED)]
    with database.transaction() as tx:
        alerts.put(tx, made)
    with database.reading() as tx:
        found = turn(lambda after: alerts.page(tx, after=after, limit=limit))
        assert found == [made[0], made[2], made[1]]
        assert alerts.page(tx, rule="R07").items == (made[1],)
        assert alerts.page(tx, entity_id="010").items == (made[2],)
        assert alerts.page(tx, severity="critical").items == ()
        assert alerts.page(tx, subject=made[0].subject).items == (made[0],)
        assert alerts.page(tx, conditions=["resolved"]).items == (made[3],)
        assert alerts.get(tx, made[0].id) == made[0]
        assert alerts.get(tx, "none") is None
        assert alerts.counts(tx) == {
            ("R01", "firing"): 2,
            ("R01", "resolved"): 1,
            ("R07", "firing"): 1,
        }
        assert alerts.live_subjects(tx) == {one.subject for one in made[:3]}


def test_an_alert_keeps_its_history(database: Database) -> None:
    one = alert(1)
    event = AlertEvent(NOW, None, Condition.FIRING, Severity.WARNING, "the rule is true", {"a": 1})
    later = AlertEvent(NOW, Condition.FIRING, Condition.RESOLVED, Severity.INFO, "it is false", {})
    with database.transaction() as tx:
        alerts.append(tx, [])
        alerts.append(tx, [(one.id, event), (one.id, later), ("other", event)])
        assert alerts.events_of(tx, one.id) == [event, later]
    assert one.previous_id is None


def test_what_was_observed_is_kept_with_its_past(database: Database) -> None:
    subject, other = Subject("deal", "crm:d:1"), Subject("customer", "01A")
    first = {"amount": 2**62, "probability": 0.5, "status": "öffen", "won": True}
    days = [f"2026-11-{day}T00:00:00.000Z" for day in (20, 21, 22, 23)]

    def stand(at: str, found: dict[str, object] | None) -> set[Subject]:
        seen = {subject: facts.Observed("01A", "crm", found)} if found is not None else {}
        with database.transaction() as tx:
            return set(settle(tx, [subject, other], seen, at))

    def known(at: str) -> dict[str, object] | None:
        with database.reading() as tx:
            found = fact_versions.as_of(tx, at, kind="deal", subject="crm:d:1")
            assert [one.customer for one in found] == ["01A"] * len(found)
            return found[0].found if found else None

    assert stand(days[0], first) == {subject}
    assert stand(days[1], first) == set()
    assert stand(days[2], {**first, "won": False}) == {subject}
    with database.reading() as tx:
        stored = facts.of_subjects(tx, [subject, other])[subject]
    assert stored.found == {**first, "won": False}
    assert (stored.known_since("won"), stored.known_since("amount")) == (days[2], days[0])
    assert stand(days[3], None) == {subject}
    assert known("2026-11-19T00:00:00.000Z") is None
    assert [known(day) for day in days] == [first, first, {**first, "won": False}, None]


def test_a_clock_that_jumps_back_leaves_no_time_that_never_was(database: Database) -> None:
    subject = Subject("deal", "crm:d:1")
    with database.transaction() as tx:
        for at, amount in (("2026-11-23", 1), ("2026-11-21", 2), ("2026-11-24", 3)):
            seen = {subject: facts.Observed(None, "crm", {"amount": amount})}
            settle(tx, [subject], seen, at)
        found = [one.found["amount"] for one in fact_versions.as_of(tx, "2026-11-22")]
        assert found == [2]
        assert [one.found["amount"] for one in fact_versions.as_of(tx, "2026-11-25")] == [3]


def test_a_subject_is_read_back_from_its_text() -> None:
    subject = Subject("deal", "crm:d:1")
    assert parse_subject(subject.item) == subject
