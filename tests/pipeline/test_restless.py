"""A sweep that looks only at who is not at rest finds what one that looks at everybody finds."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa

from hub.alerts.rule_files import load_rules
from hub.clock import instant_text
from hub.model.fact import Subject
from hub.model.setting import Company, ConnectionInfo
from hub.pipeline import alert as alert_move
from hub.pipeline.alert import alert, evaluate
from hub.pipeline.thread import thread
from hub.pipeline.watch import Watch
from hub.store import fact_times, facts, restless, tables, work
from hub.store.database import Database
from tests.street_rows import Row, lay, work_off

START = datetime(2026, 11, 23, 7, tzinfo=UTC)
CONNECTIONS = [
    ConnectionInfo("crm", "crm"),
    ConnectionInfo("desk", "ticketing"),
    ConnectionInfo("books", "accounting"),
]
WHEN = {
    "old": ("ticket", 'ticket.status == "open" && ticket.age_bh >= 4'),
    "due": ("ticket", "has(ticket.sla_remaining_bh) && ticket.sla_remaining_bh < 2"),
    "late": ("invoice", "invoice.balance > 0 && invoice.days_overdue >= 1"),
    "both": ("invoice", 'invoice.balance > 500 && tickets.exists(t, t.status == "open")'),
    "owes": ("customer", "customer.overdue_ar >= 400 && customer.open_tickets > 0"),
    "many": ("customer", "customer.open_tickets >= 2"),
}
RULES = load_rules(
    {
        f"{name}.yaml": f"{{id: {name}, name: {name}, subject: {subject}, severity: info,"
        f" fresh: {{ticketing: 20h}}, when: {msgspec.json.encode(when).decode()}}}"
        for name, (subject, when) in WHEN.items()
    }
)
WATCH = Watch(RULES, Company(), CONNECTIONS)
CUSTOMERS = 12


def papers(random: Random, n: int, now: datetime) -> list[Row]:
    """Return a customer's papers as a source tells them anew."""
    of = [("organization", f"crm:a:{n}")]
    hours = timedelta(hours=random.randrange(-9, 40))
    ticket = {
        "status": random.choice(("open", "open", "closed")),
        "opened_at": instant_text(now - timedelta(hours=random.randrange(30))),
        "resolution_due_at": instant_text(now + hours),
    }
    invoice = {
        "status": random.choice(("open", "paid")),
        "kind": "receivable",
        "balance_minor": random.choice((0, 400, 900)),
        "due_on": (now + timedelta(days=random.randrange(-2, 3))).date().isoformat(),
    }
    some = [
        Row(f"desk:t:{n}-{random.randrange(2)}", "ticket", ticket, of),
        Row(f"books:i:{n}", "invoice", invoice, of if n % 5 else ()),
    ]
    return random.sample(some, random.randrange(1, 3))


def note_read(db: Database, names: list[str], now: datetime) -> None:
    at = {"started_at": instant_text(now), "finished_at": instant_text(now)}
    rows = [{"connection": name, "state": "succeeded", "progress": "{}", **at} for name in names]
    with db.transaction() as tx:
        tx.execute(sa.insert(tables.runs), rows)


def walk(db: Database, watch: Watch, now: datetime) -> None:
    work_off(db, "thread", lambda: thread(db))
    work_off(db, "alert", lambda: alert(db, watch, now))


def standing(db: Database) -> list[tuple[Any, ...]]:
    c = tables.alerts.c
    columns = (c.rule, c.subject, c.condition, c.generation, c.since, c.opened_at, c.evidence)
    with db.reading() as tx:
        return sorted(tuple(row) for row in tx.execute(sa.select(*columns)))


def begin_anew(db: Database) -> None:
    with db.transaction() as tx:
        restless.begin(tx)


def test_alerts_are_those_of_a_sweep_that_looks_at_everybody(
    new_database: Callable[[], Database],
) -> None:
    """Over days on which records change, sources fall silent, and rules come and go."""
    random, now, met = Random(1), START, 0
    few, all_ = new_database(), new_database()
    names = [
        Row(f"crm:a:{n}", "organization", {"name": f"F {n}"}, entity=f"01{n:024}")
        for n in range(CUSTOMERS)
    ]
    first = [row for n in range(CUSTOMERS) for row in papers(random, n, now)]
    for db in (few, all_):
        lay(db, names)
        lay(db, first)
        work_off(db, "thread", lambda db=db: thread(db))
    rules = RULES
    for _ in range(20):
        changed = [
            row for n in random.sample(range(CUSTOMERS), 3) for row in papers(random, n, now)
        ]
        read = random.sample([one.name for one in CONNECTIONS], random.randrange(1, 4))
        if random.random() < 0.2:  # other rules make another list: it must have time to be wrong
            rules = RULES[random.randrange(2) :]
        watch = Watch(rules, Company(), CONNECTIONS)
        walked = random.random() < 0.5
        for db in (few, all_):
            note_read(db, read, now)
            lay(db, changed)
            if db is all_:
                begin_anew(db)
            if walked:
                walk(db, watch, now)
            if db is all_:
                begin_anew(db)
            evaluate(db, watch, now)
        assert standing(few) == standing(all_), now
        met += len(standing(few))
        now += timedelta(minutes=random.choice((5, 40, 180, 400, 2_000)))
    assert met > 4 * CUSTOMERS


def test_within_a_day_only_who_is_not_at_rest_is_looked_at(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    quiet = [
        Row(f"crm:a:{n}", "organization", {"name": f"F {n}"}, entity=f"01{n:024}") for n in range(5)
    ]
    opened = {"status": "open", "opened_at": instant_text(START)}
    late = Row("desk:t:1", "ticket", opened, [("organization", "crm:a:1")])
    closed = Row(
        "desk:t:2", "ticket", {**opened, "status": "closed"}, [("organization", "crm:a:2")]
    )
    lay(database, [*quiet, late, closed])
    work_off(database, "thread", lambda: thread(database))
    note_read(database, [one.name for one in CONNECTIONS], START)
    asked: list[str] = []
    held_by = facts.held_by

    def counting(tx: Any, customers: Any) -> Any:
        asked.extend(customers)
        return held_by(tx, customers)

    monkeypatch.setattr(facts, "held_by", counting)
    with database.transaction() as tx:
        tx.execute(sa.delete(tables.work))  # as after a first start that was cut off
    evaluate(database, WATCH, START)
    assert set(asked) == {f"01{1:024}"}  # all went through the sieve as they were observed
    asked.clear()
    evaluate(database, WATCH, START + timedelta(hours=8))
    assert set(asked) == {f"01{1:024}"}
    with database.reading() as tx:
        assert set(restless.due(tx, "2026-11-23")) == {Subject("customer", f"01{1:024}")}
    asked.clear()
    evaluate(database, WATCH, START + timedelta(days=1))
    assert set(asked) == {f"01{1:024}"}  # of nobody else will any day make a rule true
    asked.clear()
    evaluate(database, Watch(RULES[1:], Company(), CONNECTIONS), START + timedelta(days=1))
    assert len(set(asked)) == len(quiet)  # another rule might be true of anybody
    asked.clear()
    evaluate(database, Watch(RULES[1:], Company(), CONNECTIONS), START + timedelta(days=1))
    assert len(set(asked)) < len(quiet)


def test_who_is_at_rest_again_is_looked_at_no_more_that_day(database: Database) -> None:
    late = {"status": "open", "opened_at": instant_text(START)}
    of = [("organization", f"crm:a:{1}")]
    lay(database, [Row("crm:a:1", "organization", {"name": "F"}, entity=f"01{1:024}")])
    lay(database, [Row("desk:t:1", "ticket", late, of)])
    work_off(database, "thread", lambda: thread(database))
    note_read(database, [one.name for one in CONNECTIONS], START)
    evaluate(database, WATCH, START)
    invoice = {"status": "open", "kind": "receivable", "balance_minor": 400, "due_on": "2026-11-29"}
    lay(database, [Row("desk:t:1", "ticket", {**late, "status": "closed"}, of)])
    lay(database, [Row("books:i:1", "invoice", invoice, of)])
    walk(database, WATCH, START)
    evaluate(database, WATCH, START + timedelta(hours=1))
    with database.reading() as tx:
        assert not restless.due(tx, "2026-11-29")
        assert restless.due(tx, "2026-11-30")  # by then the invoice is late


def test_who_is_sent_again_and_says_the_same_is_not_put_on_the_list_anew(
    database: Database,
) -> None:
    """What was noted when it moved stands; a write for each record sent again would buy nothing."""
    of = [("organization", "crm:a:1")]
    ticket = {"status": "open", "opened_at": instant_text(START)}
    lay(database, [Row("crm:a:1", "organization", {"name": "F"}, entity=f"01{1:024}")])
    lay(database, [Row("desk:t:1", "ticket", ticket, of)])
    work_off(database, "thread", lambda: thread(database))
    note_read(database, [one.name for one in CONNECTIONS], START)
    evaluate(database, WATCH, START)
    listed = []
    earlier = instant_text(START - timedelta(hours=1))
    for sent in ({**ticket, "subject": "Anders"}, {**ticket, "opened_at": earlier}):
        with database.reading() as tx:
            listed.append(restless.due(tx, restless.NEVER))
        lay(database, [Row("desk:t:1", "ticket", sent, of)])
        walk(database, WATCH, START)
    assert listed[0] == listed[1] != {}
    with database.reading() as tx:
        assert restless.due(tx, restless.NEVER) != listed[1]


def test_of_what_changed_only_who_moved_or_is_not_at_rest_is_asked(database: Database) -> None:
    lay(database, [Row("crm:a:1", "organization", {"name": "F"}, entity=f"01{1:024}")])
    of = [("organization", "crm:a:1")]
    closed = {"status": "closed", "opened_at": instant_text(START)}
    refs = ("desk:t:1", "desk:t:2")
    lay(database, [Row(ref, "ticket", closed, of) for ref in refs])
    work_off(database, "thread", lambda: thread(database))
    note_read(database, [one.name for one in CONNECTIONS], START)
    evaluate(database, WATCH, START)
    subjects = {Subject("ticket", ref) for ref in refs}
    assert evaluate(database, WATCH, START, subjects).subjects == 0
    lay(database, [Row(refs[0], "ticket", {**closed, "status": "open"}, of)])
    work_off(database, "thread", lambda: thread(database))
    opened = evaluate(database, WATCH, START, subjects)
    assert opened.subjects == 1
    assert not opened.changed
    later = evaluate(database, WATCH, START + timedelta(hours=9), subjects)
    assert later.subjects == 2
    assert later.changed == 1
    begin_anew(database)
    assert evaluate(database, WATCH, START + timedelta(hours=9), subjects).subjects == 2


def test_an_alert_rests_until_the_day_ends_where_nothing_of_it_moves_within_it(
    database: Database,
) -> None:
    """It is looked at once its rule may not be asked any more, and each time until it may."""
    of = [("organization", "crm:a:1")]
    invoice = {"status": "open", "kind": "receivable", "balance_minor": 9, "due_on": "2026-11-01"}
    lay(database, [Row("crm:a:1", "organization", {"name": "F"}, entity=f"01{1:024}")])
    lay(database, [Row("books:i:1", "invoice", invoice, of)])
    work_off(database, "thread", lambda: thread(database))
    names = [one.name for one in CONNECTIONS]
    note_read(database, names, START - timedelta(hours=14))  # desk is too old after six hours

    def looked(minutes: int) -> tuple[int, list[str]]:
        others = evaluate(database, WATCH, START + timedelta(minutes=minutes)).subjects - len(names)
        return others, [str(row[2]) for row in standing(database)]

    assert looked(0)[1] == ["firing"]
    assert looked(5) == (0, ["firing"])
    for minutes in (420, 425):
        others, conditions = looked(minutes)
        assert others > 0
        assert conditions == ["unknown"]
    note_read(database, names, START + timedelta(minutes=426))
    assert looked(430)[1] == ["firing"]
    assert looked(435) == (0, ["firing"])
    assert looked(24 * 60)[0] > 0


def test_who_is_put_on_the_list_meanwhile_stays_on_it(database: Database) -> None:
    """A sweep that read the list before lets off only those that nobody has put there since."""
    one, other = Subject("customer", "a"), Subject("customer", "b")
    with database.transaction() as tx:
        restless.note(tx, [(one, "a", "2026-11-30"), (Subject("deal", "d"), "b", "2026-11-24")])
        restless.note(tx, [(one, "a", "2026-11-24"), (one, "a", "2026-12-01")])
        read = restless.due(tx, "2026-11-24")
        assert set(read) == {one, other}
        restless.note(tx, [(one, "a", "")])
        restless.put_off(tx, restless.other_days([(other, None, "2026-11-26")], {**read}))
        assert set(restless.due(tx, "2026-11-25")) == {one}
        assert restless.due(tx, "2026-11-26")[other].wakes_on == "2026-11-26"


def test_a_list_somebody_else_began_anew_meanwhile_is_not_said_to_be_whole(
    database: Database,
) -> None:
    """Whom the first of two sweeps at once had listed is lost, should the second be killed."""
    one, two = Subject("customer", "a"), Subject("customer", "b")
    with database.transaction() as tx:
        fact_times.note_counted(tx, "2026-11-23", "look")
        first = restless.begin(tx)
        restless.note(tx, [(one, "a", "")])
    with database.transaction() as tx:
        second = restless.begin(tx)
    with database.transaction() as tx:
        restless.note(tx, [(two, "b", "")])
        restless.end(tx, first, "sieve")
        assert restless.sieved(tx) == ""
        restless.note(tx, [(one, "a", "")])
        restless.end(tx, second, "sieve")
        assert restless.sieved(tx) == "sieve"
        assert set(restless.due(tx, restless.NEVER)) == {one, two}


def test_a_step_ends_after_a_while_and_the_next_goes_on(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [Row(f"crm:a:{n}", "organization", {}, entity=f"01{n:024}") for n in range(5)]
    lay(database, names)
    work_off(database, "thread", lambda: thread(database))
    monkeypatch.setattr(alert_move, "BATCH", 2)
    monkeypatch.setattr(alert_move, "STEP_S", -1.0)
    with database.reading() as tx:
        due = work.counts(tx)["alert"]
    steps = list(iter(lambda: alert(database, WATCH, START), 0))
    assert len(steps) > 2
    assert max(steps) == 2
    assert sum(steps) == due
    with database.reading() as tx:
        assert len(facts.subjects(tx, ("customer",))) == len(names)


def test_what_is_due_of_a_customer_is_worked_off_with_it(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else all that is a customer's own is read once for each part of it."""
    rows = [Row(f"crm:a:{n}", "organization", {}, entity=f"01{n:024}") for n in range(4)]
    for kind in ("deal", "invoice", "ticket"):
        rows += [
            Row(f"x:{kind}:{n}", kind, {"status": "open"}, [("organization", f"crm:a:{n % 4}")])
            for n in range(8)
        ]
    lay(database, rows)
    work_off(database, "thread", lambda: thread(database))
    with database.reading() as tx:
        papers = [one for one in work.take(tx, "alert", 99) if one[0] in "dit"]
    work_off(database, "alert", lambda: alert(database, WATCH, START))
    monkeypatch.setattr(alert_move, "BATCH", 15)
    monkeypatch.setattr(alert_move, "STEP_S", -1.0)
    with database.transaction() as tx:
        work.add(tx, "alert", [*papers, *(f"customer:01{n:024}" for n in range(4)), "source:crm"])
    left: list[set[str]] = []
    while alert(database, WATCH, START):
        with database.reading() as tx:
            left.append({one.rpartition(":")[2] for one in work.take(tx, "alert", 99)})
    assert len(left) == 2
    assert left[0] == {f"01{n:024}" for n in (2, 3)} | {str(n) for n in (2, 3, 6, 7)}
