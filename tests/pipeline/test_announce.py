"""From alerts in the store to letters in the outbox, on both databases."""

import threading
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from hub.api.detail_schemas import NoticeBody
from hub.clock import instant_text
from hub.model.alert import Alert, AlertState, Condition, Ending, Severity
from hub.model.fact import Subject
from hub.model.notice import (
    Delivery,
    Gate,
    Handled,
    Handling,
    Letter,
    Pace,
    Quiet,
    Route,
    Routing,
    Silence,
)
from hub.model.setting import Company
from hub.pipeline.announce import Announced, announce
from hub.store import alerts, handling, outbox, rule_states, silences, standing, tables, tellings
from hub.store.database import Database, Tx
from tests.conftest import HandClock

MONDAY = "2026-11-23T10:00:00.000Z"
ROUTING = Routing(
    routes=(
        Route(("sales",), departments=frozenset({"sales"})),
        Route(("authors",), departments=frozenset({"rules"})),
        Route(("it",), departments=frozenset({"it"})),
    ),
    targets=frozenset({"sales", "authors", "it"}),
    pace=Pace(quiet=Quiet(time(18), time(7, 30))),
    departments={"R01": "sales", "R07": "sales", "R20": "it"},
    systems={"R01": frozenset({"ticketing"})},
    connections={"desk": frozenset({"ticketing"})},
    fresh={"R01": timedelta(hours=4)},
    base_url="https://hub.example.org",
)


def firing(rule: str, deal: int, customer: str = "01A", **state: Any) -> Alert:
    at = AlertState(Condition.FIRING, Severity.WARNING, MONDAY, MONDAY, fired_at=MONDAY)
    texts = {"name": {"de": "Name", "en": "Name"}, "clears_when": None}
    subject = Subject("deal", f"crm:deals:{deal}")
    return Alert(rule, subject, customer, replace(at, **state), MONDAY, {}, texts)


def gate_of(tx: Tx, alert_id: str) -> Gate:
    return standing.gates(tx, [alert_id]).get(alert_id, Gate())


class Told:
    """A database, a clock, and what was written to its outbox."""

    def __init__(self, db: Database, clock: HandClock) -> None:
        self.db, self.clock, self.routing = db, clock, ROUTING

    def put(self, *found: Alert) -> None:
        with self.db.transaction() as tx:
            alerts.put(tx, found)

    def resolve(self, *found: Alert) -> None:
        at = instant_text(self.clock())
        states = (
            replace(
                one.state,
                condition=Condition.RESOLVED,
                resolved_at=at,
                ending=Ending.CONDITION,
            )
            for one in found
        )
        self.put(*(replace(one, state=state) for one, state in zip(found, states, strict=True)))

    def belongs(self, ref: str, *cases: str) -> None:
        """Make a document a member of business cases."""
        one = {"ref": ref, "kind": "deal", "role": "trunk", "share_pct": 100.0 / len(cases)}
        rows = [{**one, "vorgang_id": case, "score": 1.0, "valid_from": MONDAY} for case in cases]
        with self.db.transaction() as tx:
            tx.execute(sa.insert(tables.vorgang_members), rows)

    def look(self, **turn: float) -> Announced:
        self.clock.turn(**turn)
        return announce(self.db, self.routing, Company(), self.clock())

    @property
    def letters(self) -> list[Letter]:
        with self.db.reading() as tx:
            found = [letter for _, letter in reversed(outbox.page(tx, limit=200))]
        for letter in found:
            NoticeBody.model_validate(letter.body)
        return found

    @property
    def said(self) -> list[tuple[str, list[str]]]:
        return [
            (letter.target, [item["reason"] for item in letter.body.get("items", ())])
            for letter in self.letters
        ]


@pytest.fixture
def told(database: Database, clock: HandClock) -> Told:
    return Told(database, clock)


def test_one_notice_for_each_customer_after_a_short_wait(told: Told) -> None:
    told.put(firing("R01", 1), firing("R07", 1), firing("R07", 2, "01B"))
    assert told.look().letters == 0
    with told.db.reading() as tx:
        gate = gate_of(tx, firing("R01", 1).id)
    assert (gate.state, gate.because) == (Delivery.GROUPED, "customer:01A")
    assert told.look(minutes=10).letters == 2
    assert sorted(told.said) == [("sales", ["new"]), ("sales", ["new", "new"])]
    told.put(firing("R01", 3))
    assert [told.look(minutes=15).letters for _ in range(15)] == [0] * 15
    assert told.look(minutes=15).letters == 1  # four hours after the one before
    assert told.look(minutes=15).letters == 0
    (item,) = told.letters[-1].body["items"]
    assert item["href"] == f"https://hub.example.org/v1/alerts/{firing('R01', 3).id}"
    assert item["page"] == f"https://hub.example.org/console/alerts/{firing('R01', 3).id}"


def test_one_notice_for_each_case_of_a_customer(told: Told) -> None:
    told.belongs("crm:deals:1", "01V")
    told.belongs("crm:deals:2", "01W", "01V")
    told.belongs("crm:deals:3", "01W")
    case = replace(firing("R19", 0), subject=Subject("vorgang", "01V"))
    routing = replace(ROUTING, departments={**ROUTING.departments, "R19": "sales"})
    found = [case, *(firing("R07", deal) for deal in range(1, 5))]

    def groups() -> list[tuple[str, list[str]]]:
        announce(told.db, routing, Company(), told.clock())
        told.clock.turn(minutes=10)
        announce(told.db, routing, Company(), told.clock())
        return [
            (body["group"], sorted(item["subject"]["id"] for item in body["items"]))
            for body in (letter.body for letter in told.letters)
        ]

    told.put(*found)
    first = groups()
    assert sorted(first) == [
        ("customer:01A", ["crm:deals:4"]),
        ("vorgang:01V", ["01V", "crm:deals:1", "crm:deals:2"]),
        ("vorgang:01W", ["crm:deals:3"]),
    ]
    told.clock.turn(hours=4)
    told.resolve(*found)  # the end is told where the beginning was
    assert sorted(groups()) == sorted([*first, *first])


def test_the_end_is_told_once_though_silenced_and_acknowledged(told: Told) -> None:
    one = firing("R07", 1)
    told.put(one)
    told.look()
    told.look(minutes=10)
    at = instant_text(told.clock())
    with told.db.transaction() as tx:
        silences.add(tx, Silence("S", at, "2027-01-01T00:00:00.000Z", "why", "me", at))
        handling.put(tx, one.id, Handled(Handling.ACKNOWLEDGED, "me", None, updated_at=at))
    assert told.look(hours=96).letters == 0
    with told.db.reading() as tx:
        assert gate_of(tx, one.id).state is Delivery.SILENCED
    told.resolve(one)
    assert [told.look(minutes=m).letters for m in (0, 10, 600)] == [0, 1, 0]
    assert told.said == [("sales", ["new"]), ("sales", ["resolved"])]
    with told.db.reading() as tx:
        assert tellings.all_of(tx) == {}


def test_an_alert_that_comes_and_goes_in_silence_is_never_told(told: Told) -> None:
    one = firing("R07", 1)
    at = instant_text(told.clock())
    with told.db.transaction() as tx:
        silences.add(tx, Silence("S", at, "2026-11-24T00:00:00.000Z", "why", "me", at, rule="R07"))
    told.put(one)
    told.look()
    told.look(hours=1)
    told.resolve(one)
    told.look(hours=24)
    assert told.said == []


def test_a_doubted_source_keeps_back_what_is_new_and_what_is_over(told: Told) -> None:
    known = firing("R01", 1)
    told.put(known)
    told.look()
    told.look(minutes=10)
    source = replace(firing("R20", 0), subject=Subject("source", "desk"), entity_id=None)
    source = replace(source, doubted_source="desk")
    told.put(source, firing("R01", 2, "01B"))
    told.resolve(known)
    told.look()
    told.look(minutes=10)
    assert told.said == [("sales", ["new"]), ("it", ["new"])]
    with told.db.reading() as tx:
        assert gate_of(tx, firing("R01", 2, "01B").id).because == source.id
    told.resolve(source)
    told.look()
    told.look(hours=5)
    assert told.said[2:] == [("it", ["resolved"]), ("sales", ["resolved"]), ("sales", ["new"])]


def test_what_a_source_leaves_unknown_goes_to_its_owner_once(told: Told) -> None:
    one = replace(firing("R01", 1, condition=Condition.UNKNOWN), doubted_source="desk")
    told.put(one)
    assert told.look(hours=12).letters == 0
    assert told.look(minutes=1).letters == 1
    assert told.look(hours=100).letters == 0
    (letter,) = told.letters
    assert (letter.target, letter.body["type"], letter.body["source"]) == (
        "it",
        "source_unknown",
        "desk",
    )


def test_a_storm_is_held_and_its_author_told_until_somebody_lets_it_go(told: Told) -> None:
    told.put(*(firing("R07", n, f"01{n}") for n in range(51)))
    told.look()
    told.look(minutes=30)
    assert [letter.body["type"] for letter in told.letters] == ["rule_held"]
    assert told.letters[0].target == "authors"
    with told.db.transaction() as tx:
        at = instant_text(told.clock())
        rule_states.put(tx, "R07", held_at=None, released_at=at)
    told.look()
    assert told.look(minutes=10).letters == 51


def test_a_rule_out_of_use_is_told_to_its_author_once(told: Told) -> None:
    with told.db.transaction() as tx:
        rule_states.put(tx, "R01", quarantined_at=MONDAY, detail="division by zero")
    assert [told.look().letters, told.look().letters] == [1, 0]
    assert told.letters[0].body["detail"] == "division by zero"


def test_at_night_only_the_urgent_is_told_and_the_rest_in_the_morning(told: Told) -> None:
    told.clock.at = datetime.fromisoformat("2026-11-23T20:00:00+00:00")
    told.put(firing("R07", 1), firing("R01", 2, "01B", severity=Severity.CRITICAL))
    told.look()
    told.look(minutes=10)
    assert told.said == [("sales", ["new"])]
    with told.db.reading() as tx:
        gate = gate_of(tx, firing("R07", 1).id)
    assert (gate.state, gate.until) == (Delivery.MUTED, "2026-11-24T06:30:00.000Z")
    told.look(hours=10)
    told.look(hours=1)
    assert told.said == [("sales", ["new"])] * 2


def test_a_target_that_is_taken_out_is_forgotten(told: Told) -> None:
    told.put(firing("R07", 1))
    told.look()
    told.look(minutes=10)
    fewer = replace(ROUTING, targets=frozenset({"it"}))
    announce(told.db, fewer, Company(), told.clock())
    with told.db.reading() as tx:
        assert tellings.all_of(tx) == {}


def test_a_stopped_source_says_nothing_and_goes_on_as_before(told: Told) -> None:
    one = firing("R01", 1)
    told.put(one)
    told.look()
    told.look(minutes=10)
    paused = replace(one.state, condition=Condition.UNKNOWN, resume=Condition.FIRING)
    told.put(replace(one, state=paused, doubted_source="desk"))
    assert told.look(hours=6).letters == 0
    told.put(one)
    assert [told.look(minutes=10).letters for _ in range(3)] == [0, 0, 0]
    told.resolve(one)
    told.look()
    told.look(minutes=10)
    assert told.said == [("sales", ["new"]), ("sales", ["resolved"])]


STEPS: dict[str, dict[str, Any]] = {
    "pending": {"condition": Condition.PENDING, "fired_at": None},
    "firing": {"condition": Condition.FIRING},
    "recovering": {"condition": Condition.RECOVERING, "false_since": MONDAY},
    "stale": {"condition": Condition.UNKNOWN, "resume": Condition.FIRING},
    "stale too soon": {
        "condition": Condition.UNKNOWN,
        "resume": Condition.PENDING,
        "fired_at": None,
    },
    "over": {"condition": Condition.RESOLVED, "ending": Ending.CONDITION},
    "never was": {"condition": Condition.INACTIVE, "fired_at": None},
    "rule removed": {"condition": Condition.RESOLVED, "ending": Ending.GONE},
}


@pytest.mark.parametrize(
    ("course", "said"),
    [
        (["firing", "stale", "firing", "over"], ["new", "resolved"]),
        (["firing", "recovering", "stale", "recovering", "over"], ["new", "resolved"]),
        (["firing", "recovering", "stale", "firing", "over"], ["new", "resolved"]),
        (["pending", "stale too soon", "firing", "over"], ["new", "resolved"]),
        (["pending", "stale too soon", "never was"], []),
        (["firing", "acknowledge", "stale", "over"], ["new", "resolved"]),
        (["firing", "silence", "stale", "firing", "over"], ["new", "resolved"]),
        (["silence", "firing", "stale", "over"], []),
        (["firing", "stale", "rule removed"], ["new", "resolved"]),
        (["firing", "clock back", "recovering", "over"], ["new", "resolved"]),
        (["firing", "clock back", "stale", "firing", "clock back", "over"], ["new", "resolved"]),
    ],
    ids=" ".join,
)
def test_whatever_comes_between_the_beginning_and_the_end_are_told_once(
    told: Told, course: list[str], said: list[str]
) -> None:
    one = firing("R07", 1)
    for step in course:
        at = instant_text(told.clock())
        if step == "clock back":
            told.clock.turn(hours=-5)
        elif step == "silence":
            muted = Silence("S", at, "2027-01-01T00:00:00.000Z", "why", "me", at, rule="R07")
            with told.db.transaction() as tx:
                silences.add(tx, muted)
        elif step == "acknowledge":
            with told.db.transaction() as tx:
                handling.put(tx, one.id, Handled(Handling.ACKNOWLEDGED, "me", updated_at=at))
        else:
            over: dict[str, Any] = {"resolved_at": at} if step in ("over", "rule removed") else {}
            told.put(replace(one, state=replace(one.state, **STEPS[step], **over)))
        for minutes in (0, 11):
            told.look(minutes=minutes)
    for hours in (4, 1, 24, 4):  # two notices of a customer are four hours apart; nights are quiet
        told.look(hours=hours)
    assert [reason for _, reasons in told.said for reason in reasons] == said


def test_two_that_decide_at_once_tell_once(told: Told) -> None:
    told.put(*(firing("R07", n, f"01{n}") for n in range(5)))
    told.look()
    told.clock.turn(minutes=10)
    threads = [threading.Thread(target=told.look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told.letters) == 5


def test_a_stuck_case_is_not_told_where_its_deal_says_why(told: Told) -> None:
    won = firing("R07", 7)
    stuck = replace(firing("R19", 7), subject=Subject("vorgang", "01V"))
    other = replace(stuck, subject=Subject("vorgang", "01W"))
    told.put(won, stuck, other)
    told.belongs(won.subject.id, "01V")
    speaking = replace(ROUTING, inhibits={"R07": frozenset({"R19"})})
    announce(told.db, speaking, Company(), told.clock())
    with told.db.reading() as tx:
        gates = {one.id: gate_of(tx, one.id) for one in (won, stuck, other)}
    assert gates[stuck.id].state is Delivery.INHIBITED
    assert gates[stuck.id].because == won.id
    assert gates[won.id].state is not Delivery.INHIBITED
    assert gates[other.id].state is not Delivery.INHIBITED
