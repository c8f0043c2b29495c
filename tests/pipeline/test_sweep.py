"""What time alone changes: each subject is looked at when it is due, and only then."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa

from hub.alerts.rule_files import load_rules
from hub.model.fact import Subject
from hub.model.setting import Company, ConnectionInfo
from hub.pipeline import sweep
from hub.pipeline.alert import evaluate
from hub.pipeline.observe import Observer, observe
from hub.pipeline.sweep import renew
from hub.pipeline.thread import thread
from hub.pipeline.watch import Watch
from hub.store import facts, tables, work
from hub.store.database import Database
from tests.conftest import ROOT
from tests.street_rows import Row, lay, work_off

START = datetime(2026, 11, 23, 10, tzinfo=UTC)
RULES = {path.name: path.read_text() for path in Path(ROOT / "configs/rules").glob("*.yaml")}
CONNECTIONS = [
    ConnectionInfo("crm", "crm"),
    ConnectionInfo("desk", "ticketing"),
    ConnectionInfo("books", "accounting"),
]
WATCH = Watch(load_rules(RULES), Company(), CONNECTIONS)
CUSTOMERS = 120
EDGES = (0, 1, 29, 30, 31, 90, 91, 180, 181, 209, 210, 211, 360, 361, 365, 366, 90, 360)
"""Days before the start around which some window ends; a few days later the walk meets them."""


def on(random: Random) -> str:
    days = random.choice(EDGES) * random.choice((1, 1, 1, -1)) - random.randrange(20)
    return (START.date() - timedelta(days=days)).isoformat()


def at(random: Random) -> str:
    hour = random.choice(("00:00:00", "09:59:59", "23:30:00"))
    return f"{on(random)}T{hour}Z"


def paper(random: Random, n: int) -> Row:
    """One for a customer: with several, one that is overlooked is looked at with another."""
    of = [("organization", f"crm:a:{n}")]
    if n % 2:
        status = random.choice(("open", "paid", "paid", "unknown"))
        kind = random.choice(("receivable", "receivable", "payable", "credit_note"))
        fields: dict[str, Any] = {"status": status, "kind": kind, "balance_minor": 100}
        name = random.choice(("issued_on", "due_on", "paid_on"))
        fields |= {"net_minor": 84, "issued_on": "2020-01-01", name: on(random)}
        return Row(f"books:i:{n}", "invoice", fields, of)
    fields = {"status": random.choice(("open", "closed")), "opened_at": "2020-01-01T00:00:00Z"}
    for name in random.sample(("opened_at", *PROMISES), random.randrange(1, 3)):
        fields[name] = at(random)
    return Row(f"desk:t:{n}", "ticket", fields, of)


PROMISES = ("resolution_due_at", "first_response_due_at", "first_response_at", "closed_at")


def payments(random: Random, n: int) -> Iterator[Row]:
    """Enough months for one to stand out from the others."""
    for month in range(14):
        fields = {"amount_minor": 100 + random.choice((0, 1, 900)), "direction": "incoming"}
        booked = {"booked_on": (START.date() - timedelta(days=30 * month)).isoformat()}
        of = [("organization", f"crm:a:{n}")]
        yield Row(f"books:p:{n}-{month}", "payment", fields | booked, of)


@pytest.fixture
def world(database: Database) -> Database:
    random = Random(7)
    rows: list[Row] = []
    for n in range(CUSTOMERS):
        name = {"name": f"Firma {n}"}
        rows.append(Row(f"crm:a:{n}", "organization", name, entity=f"01{n:024}"))
        rows.append(paper(random, n))
    rows += [row for n in range(3) for row in payments(random, n)]
    lay(database, rows)
    work_off(database, "thread", lambda: thread(database))
    return database


class _TakenBackError(Exception):
    pass


def looked_at_anew(db: Database, now: datetime) -> dict[Subject, str | None]:
    """Return what would move if everything were looked at; nothing of it is kept."""
    moved: dict[Subject, str | None] = {}
    try:
        with db.transaction() as tx:
            moved = observe(tx, Observer(Company(), now), facts.subjects(tx))
            raise _TakenBackError
    except _TakenBackError:
        return moved


def test_what_stands_is_what_a_look_at_everything_would_find(world: Database) -> None:
    """Walked over the end of every window, by odd steps, through two turns of a month."""
    changed = 0
    now = START
    for step in (0, 1, 14, 24, 24, 31, 47, 24, 24, 24, 120, 24, 24, 24, 24):
        now += timedelta(hours=step)
        before = found_in(world)
        renew(world, WATCH, now)
        assert looked_at_anew(world, now) == {}, now
        changed += sum(before.get(one) != each for one, each in found_in(world).items())
    assert changed > CUSTOMERS / 2  # the walk did meet ends of windows


def found_in(db: Database) -> dict[tuple[str, str], str]:
    columns = (tables.facts.c.subject_kind, tables.facts.c.subject, tables.facts.c.found)
    with db.reading() as tx:
        return {(kind, one): found for kind, one, found in tx.execute(sa.select(*columns))}


def test_a_new_day_looks_only_at_what_it_changes(
    world: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    evaluate(world, WATCH, START)
    seen: list[Subject] = []

    def counting(
        tx: Any, observer: Observer, subjects: Any, *, alone: bool
    ) -> dict[Subject, str | None]:
        seen.extend(subjects)
        return observe(tx, observer, subjects, alone=alone)

    monkeypatch.setattr(sweep, "observe", counting)
    evaluate(world, WATCH, START + timedelta(days=6))
    assert 0 < len(seen) < CUSTOMERS / 2
    seen.clear()
    evaluate(world, WATCH, START + timedelta(days=6, minutes=5))
    assert seen == []


def test_another_currency_looks_at_everything_again(world: Database) -> None:
    evaluate(world, WATCH, START)
    in_francs = Watch(WATCH.rules, Company(currency="CHF"), CONNECTIONS)
    with world.transaction() as tx:
        tx.execute(sa.update(tables.facts).values(found="{}"))
    renew(world, WATCH, START)
    assert set(found_in(world).values()) == {"{}"}
    renew(world, in_francs, START)
    assert "{}" not in {found for (kind, _), found in found_in(world).items() if kind != "source"}


def a_case(db: Database, *members: str) -> None:
    """Put a case in as it is told, with what such cases took in its phase."""
    told = {"kind": "new_business", "phase": "offered", "title": "Halle", "state": "living"}
    empty = {"departments": "[]", "gaps": "[]", "contradictions": "[]", "confidence": 1.0}
    times = {"created_at": "2026-01-01T00:00:00Z", "changed_at": "2026-01-01T00:00:00Z"}
    one = {"id": "01V", "members": len(members), **told, **empty, **times}
    dwell = {"kind": "new_business", "phase": "offered", "p90_days": 20, "vorgaenge": 9}
    with db.transaction() as tx:
        tx.execute(sa.insert(tables.vorgaenge).values(one))
        tx.execute(sa.insert(tables.vorgang_dwells).values(dwell))
        for ref in members:
            member = {"ref": ref, "kind": "ticket", "role": "branch", "score": 1.0}
            member |= {"share_pct": 100.0, "valid_from": "2026-01-01T00:00:00Z"}
            tx.execute(sa.insert(tables.vorgang_members).values(vorgang_id="01V", **member))


def test_another_currency_tells_cases_and_views_again(world: Database) -> None:
    evaluate(world, WATCH, START)
    a_case(world, "desk:t:1", "desk:t:2")
    view: dict[str, Any] = {
        "id": "01C1",
        "kind": "organization",
        "name": "Weber",
        "sort_name": "weber",
    }
    view |= {"firing": 0, "etag": "a", "document": "{}", "rendered_at": "2026-01-01T00:00:00Z"}
    with world.transaction() as tx:
        tx.execute(sa.insert(tables.views).values(view))
        tx.execute(sa.delete(tables.work))
        work.add(tx, "vorgang", ["desk:t:1"])
    renew(world, WATCH, START + timedelta(minutes=5))
    with world.reading() as tx:
        assert work.counts(tx) == {"vorgang": 1}
    renew(world, Watch(WATCH.rules, Company(currency="CHF"), CONNECTIONS), START)
    with world.reading() as tx:
        assert set(work.take(tx, "vorgang", 9)) == {"desk:t:1", "desk:t:2"}
        assert "01C1" in work.take(tx, "render", 999)


def case_facts(db: Database) -> dict[str, Any]:
    subject = Subject("vorgang", "01V")
    with db.reading() as tx:
        return facts.of_subjects(tx, [subject])[subject].found


def test_a_case_measured_otherwise_says_so_the_next_day(database: Database) -> None:
    a_case(database)
    renew(database, WATCH, START)
    assert case_facts(database)["phase_p90_days"] == 20
    with database.transaction() as tx:
        tx.execute(sa.update(tables.vorgang_dwells).values(p90_days=30))
    renew(database, WATCH, START + timedelta(hours=1))
    assert case_facts(database)["phase_p90_days"] == 20
    renew(database, WATCH, START + timedelta(days=1))
    assert case_facts(database)["phase_p90_days"] == 30


def test_a_ticket_that_becomes_urgent_counts_in_its_case(database: Database) -> None:
    ticket = Row("desk:t:1", "ticket", {"status": "open", "priority": "normal"})
    lay(database, [ticket])
    a_case(database, ticket.ref)
    renew(database, WATCH, START)
    assert case_facts(database)["open_high_tickets"] == 0
    lay(database, [Row(ticket.ref, "ticket", {"status": "open", "priority": "urgent"})])
    with database.transaction() as tx:
        observe(tx, Observer(Company(), START), [Subject("ticket", ticket.ref)])
    assert case_facts(database)["open_high_tickets"] == 1


@pytest.mark.parametrize(
    ("phase", "owed", "since"),
    [
        ("invoiced", {"due_on": "2027-03-01"}, "2027-03-01"),  # nothing need happen before
        ("delivered", {"due_on": "2027-03-01"}, "2026-01-05"),
        ("invoiced", {"due_on": "2025-12-01"}, "2026-01-05"),
        ("invoiced", {"due_on": "2027-03-01", "status": "paid"}, "2026-01-05"),
        ("invoiced", {"due_on": "2027-03-01", "balance_minor": 0}, "2026-01-05"),
        ("invoiced", {}, "2026-01-05"),
    ],
)
def test_a_case_waits_until_its_invoice_is_due(
    database: Database, phase: str, owed: dict[str, Any], since: str
) -> None:
    invoice = Row("books:i:1", "invoice", {"status": "open"})
    lay(database, [invoice])
    a_case(database, invoice.ref)
    with database.transaction() as tx:
        tx.execute(sa.update(tables.vorgang_members).values(kind="invoice"))
        told = {"phase": phase, "last_event_at": "2026-01-05T08:00:00Z"}
        tx.execute(sa.update(tables.vorgaenge).values(told))
    renew(database, WATCH, START)
    assert case_facts(database)["last_event_on"] == "2026-01-05"
    lay(database, [Row(invoice.ref, "invoice", {"status": "open", **owed})])
    with database.transaction() as tx:
        observe(tx, Observer(Company(), START), [Subject("invoice", invoice.ref)])
    assert case_facts(database)["last_event_on"] == since


def a_project(n: int, hours: float) -> Row:
    fields = {"status": "active", "billing": "fixed", "hours_planned": 100, "progress_pct": 50}
    return Row(f"pm:p:{n}", "project", fields | {"hours_actual": hours}, entity=f"03{n:024}")


def test_a_project_is_held_against_its_peers_from_the_first_look_on(database: Database) -> None:
    lay(database, [a_project(n, 50 + n) for n in range(10)] + [a_project(10, 140)])
    subject = Subject("project", f"03{10:024}")

    def told() -> dict[str, Any]:
        with database.reading() as tx:
            every = facts.of_kind(tx, "project")
            assert [one.subject for one in every if "peer_score" in one.found] in ([], [subject])
            return facts.of_subjects(tx, [subject])[subject].found

    renew(database, WATCH, START)
    assert told()["anomaly_score"] == told()["peer_score"] == 11.5
    assert told()["anomaly_on"] == START.date().isoformat()
    before = found_in(database)
    renew(database, WATCH, START + timedelta(days=1))
    assert found_in(database) == before
    lay(database, [a_project(10, 55)])
    with database.transaction() as tx:
        observe(tx, Observer(Company(), START + timedelta(days=1)), [subject])
    assert "peer_score" not in told()
    assert told()["anomaly_score"] == 0.0


def test_a_project_is_held_against_its_own_first_half(database: Database) -> None:
    project = Subject("project", f"03{1:024}")
    start = {"status": "active", "currency": "EUR", "starts_on": "2026-08-03"}

    def told(**fields: Any) -> dict[str, Any]:
        lay(database, [Row("pm:p:1", "project", start | fields, entity=project.id)])
        work_off(database, "thread", lambda: thread(database))
        with database.transaction() as tx:
            observe(tx, Observer(Company(), now), [project])
        with database.reading() as tx:
            return facts.of_subjects(tx, [project])[project].found

    now = START - timedelta(weeks=12)
    for week in range(12):
        now = START - timedelta(weeks=12 - week)
        found = told(cost_actual_minor=5_000_000 + week * 100_000 + week // 11 * 400_000)
    assert found["anomaly_score"] == pytest.approx(0.6745 * 40)
    assert found["anomaly_on"] == "2026-11-16"
    assert found["anomaly"]["en"] == "cost of a week, against its own first half"
    assert told(cost_actual_minor=5_000_000)["anomaly_score"] == 0.0  # it was a mistake

    of = [("project", "pm:p:1")]
    asked = [
        Row(f"desk:t:{n}", "ticket", {"status": status, "kind": "change", "opened_at": at}, of)
        for n, (status, at) in enumerate(
            [("closed", "2026-08-19T08:00:00Z"), *[("open", "2026-10-20T08:00:00Z")] * 6]
        )
    ]
    task = {"status": "done", "is_change_request": True, "created_at": "2026-10-22T08:00:00Z"}
    lay(database, [*asked, Row("pm:t:1", "task", task, of)])
    found = told()
    assert (found["requests"], found["anomaly_on"]) == (6, "2026-10-19")
    assert found["anomaly_score"] == pytest.approx(0.6745 * 7)
    assert found["anomaly"]["de"].startswith("Änderungswünsche einer Woche")


def test_what_was_seen_from_a_day_that_is_not_yet_is_seen_anew(world: Database) -> None:
    renew(world, WATCH, START)
    before = found_in(world)
    renew(world, WATCH, START + timedelta(days=400))
    assert found_in(world) != before
    renew(world, WATCH, START)
    assert found_in(world) == before
