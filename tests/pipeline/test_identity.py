"""Alerts follow merged and parted customers, end by hand, and rules that fail are put aside."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
import sqlalchemy as sa

from hub.alerts.lifecycle import closed_by_hand
from hub.alerts.rule_files import load_rules
from hub.clock import instant_text
from hub.model.alert import Alert, AlertEvent, Condition, Ending, Severity
from hub.model.fact import Subject
from hub.model.notice import Handled, Letter, Route, Routing, Silence, Telling
from hub.model.setting import Company, ConnectionInfo
from hub.pipeline.alert import evaluate
from hub.pipeline.announce import announce
from hub.pipeline.identity import erase
from hub.pipeline.thread import thread
from hub.pipeline.watch import Watch
from hub.store import alerts, handling, outbox, rule_states, silences, tables, tellings
from hub.store.database import Database
from tests.conftest import HandClock
from tests.pipeline.alerting import Hub
from tests.street_rows import Row, all_of, lay, work_off

RULE = """\
id: X01
name: {de: Offene Posten, en: Money owed}
subject: customer
when: customer.open_ar > params.most
params: {most: 1000}
severity: warning
"""
BOOKS = [ConnectionInfo("crm", "crm"), ConnectionInfo("erp", "accounting")]
WATCH = Watch(load_rules({"x.yaml": RULE}), Company(), BOOKS)


def customer(number: int, entity: str) -> Row:
    return Row(
        f"erp:customers:{number}", "organization", {"name": f"Weber {number}"}, entity=entity
    )


def invoice(number: int, of: int, balance: int = 5_000) -> Row:
    fields = {"number": f"R-{number}", "status": "open", "kind": "receivable", "currency": "EUR"}
    return Row(
        f"erp:invoices:{number}",
        "invoice",
        {**fields, "total_minor": balance, "balance_minor": balance, "due_on": "2026-11-01"},
        [("organization", f"erp:customers:{of}")],
    )


class Customers(Hub):
    """Two customers with money owed, and what resolution does to them."""

    def lay(self, *rows: Row) -> None:
        self.bring(*rows)
        self.look()

    def bring(self, *rows: Row) -> None:
        lay(self.db, rows)
        work_off(self.db, "thread", lambda: thread(self.db))

    def look(self, watch: Watch = WATCH) -> None:
        evaluate(self.db, watch, self.clock())

    def all(self) -> dict[str, Alert]:
        with self.db.reading() as tx:
            found = alerts.latest(tx, None).values()
        return {f"{one.subject.id}": one for one in found}

    def merge(self, old: str, into: str) -> None:
        self._change(old, ended_at="2026-11-23T10:00:00.000Z", merged_into=into)

    def part(self, new: str, origin: str) -> None:
        self._change(new, split_from=origin)

    def _change(self, entity: str, **values: str) -> None:
        e = tables.entities
        with self.db.transaction() as tx:
            tx.execute(sa.update(e).where(e.c.id == entity).values(**values))

    def told(self) -> set[str]:
        with self.db.reading() as tx:
            return set(tellings.all_of(tx))

    def tell(self, *found: Alert) -> None:
        at = instant_text(self.clock())
        with self.db.transaction() as tx:
            one = Telling(found[0].state.severity, at, at)
            tellings.put(tx, {(alert.id, "mail"): one for alert in found})


@pytest.fixture
def hub(database: Database, clock: HandClock) -> Customers:
    hub = Customers(database, clock)
    hub.sync("crm", "erp")
    return hub


def conditions(found: Sequence[Alert]) -> list[str]:
    return [one.state.condition.value for one in found]


def test_two_customers_that_become_one_have_one_alert_and_get_theirs_back(hub: Customers) -> None:
    hub.lay(customer(1, "01A"), customer(2, "01B"), invoice(1, 1), invoice(2, 2))
    first, second = hub.all()["01A"], hub.all()["01B"]
    hub.tell(first, second)
    hub.clock.turn(hours=1)
    hub.merge("01B", "01A")
    hub.lay(customer(2, "01A"))
    merged = hub.all()
    assert conditions([merged["01A"], merged["01B"]]) == ["firing", "resolved"]
    assert (merged["01B"].state.ending, merged["01B"].moved_to) == (
        Ending.IDENTITY_CHANGED,
        first.id,
    )
    assert merged["01A"].id == first.id
    assert hub.told() == {first.id}
    hub.clock.turn(hours=1)
    hub.bring(customer(2, "01C"))
    hub.part("01C", "01A")
    hub.look()
    parted = hub.all()
    assert conditions([parted["01A"], parted["01C"]]) == ["firing", "firing"]
    assert parted["01A"].id == first.id
    assert parted["01C"].state.fired_at == second.state.fired_at  # its own clock went on
    assert parted["01B"].moved_to == parted["01C"].id
    assert hub.told() == {first.id, parted["01C"].id}


def test_nobody_hears_news_of_customers_that_become_one_and_part(hub: Customers) -> None:
    routing = Routing((Route(("mail",)),), frozenset({"mail"}), departments={"X01": "sales"})

    def heard(**turn: float) -> int:
        letters = announce(hub.db, routing, Company(), hub.clock()).letters
        hub.clock.turn(**turn)
        return letters + announce(hub.db, routing, Company(), hub.clock()).letters

    hub.lay(customer(1, "01A"), customer(2, "01B"), invoice(1, 1), invoice(2, 2))
    assert heard(minutes=10) == 2
    hub.merge("01B", "01A")
    hub.lay(customer(2, "01A"))
    assert heard(hours=5) == 0
    hub.bring(customer(2, "01C"))
    hub.part("01C", "01A")
    hub.look()
    assert conditions([hub.all()["01A"], hub.all()["01C"]]) == ["firing", "firing"]
    assert heard(hours=5) == 0
    hub.lay(invoice(1, 1, 0), invoice(2, 2, 0))
    assert heard(minutes=10) == 2  # and of each its end


def test_a_silence_holds_for_what_its_customer_has_become(hub: Customers) -> None:
    routing = Routing((Route(("mail",)),), frozenset({"mail"}), departments={"X01": "sales"})

    def told() -> set[str]:
        with hub.db.reading() as tx:
            found = {one for one, some in tellings.all_of(tx).items() if some}
        return {one.subject.id for one in hub.all().values() if one.id in found}

    def heard(**turn: float) -> int:
        hub.clock.turn(**turn)
        return announce(hub.db, routing, Company(), hub.clock()).letters

    hub.lay(customer(1, "01A"), customer(2, "01B"), invoice(2, 2))
    at = instant_text(hub.clock())
    for of in ({"customer": "01B"}, {"subject": Subject("customer", "01B")}):
        silence = Silence(f"s{len(of)}{next(iter(of))}", at, "2028", "w", "me", at, **of)
        with hub.db.transaction() as tx:
            silences.add(tx, silence)
        assert (heard(), heard(minutes=15), told()) == (0, 0, set())
    hub.merge("01B", "01A")
    hub.lay(customer(2, "01A"))
    assert (heard(), heard(hours=5), told()) == (0, 0, set())
    hub.clock.turn(hours=1)
    hub.bring(customer(2, "01C"))
    hub.part("01C", "01A")
    hub.lay(invoice(1, 1))
    assert (heard(), heard(hours=5), told()) == (0, 1, {"01A"})  # whom nobody ever silenced


def test_the_survivor_carries_on_what_only_the_other_had(hub: Customers) -> None:
    hub.lay(customer(1, "01A"), customer(2, "01B"), invoice(2, 2))
    only = hub.all()["01B"]
    hub.tell(only)
    hub.clock.turn(hours=1)
    hub.merge("01B", "01A")
    hub.lay(customer(2, "01A"))
    heir = hub.all()["01A"]
    assert conditions([heir]) == ["firing"]
    assert heir.state.fired_at == only.state.fired_at
    assert hub.told() == {heir.id}


def test_what_is_closed_by_hand_stays_closed_until_a_record_joins_or_a_month_has_passed(
    hub: Customers,
) -> None:
    def close() -> None:
        with hub.db.transaction() as tx:
            one = hub_alert()
            alerts.put(tx, [replace(one, state=closed_by_hand(one.state, hub.clock()))])

    def hub_alert() -> Alert:
        return hub.all()["01A"]

    hub.lay(customer(1, "01A"), invoice(1, 1))
    close()
    hub.clock.turn(days=13)
    hub.sync("crm", "erp")
    hub.look()
    assert conditions([hub_alert()]) == ["resolved"]
    hub.lay(invoice(2, 1))
    assert (conditions([hub_alert()]), hub_alert().state.reopened) == (["firing"], 1)
    close()
    hub.clock.turn(days=31)
    hub.sync("crm", "erp")
    hub.look()
    assert (conditions([hub_alert()]), hub_alert().state.generation) == (["firing"], 2)


CANARY = "Kanarienvogel"


def test_erasure_leaves_no_trace_in_alerts_and_notices(hub: Customers) -> None:
    hub.lay(customer(1, "01A"), customer(2, "01B"), invoice(1, 1), invoice(2, 2))
    mine, other = hub.all()["01A"], hub.all()["01B"]
    at, later = instant_text(hub.clock()), "2027-01-01T00:00:00.000Z"
    evidence = {"current": {"facts": {"customer.name": {"value": CANARY}}}}
    deal = replace(mine, subject=Subject("deal", "crm:deals:1"), evidence=evidence)
    older = replace(
        mine,
        state=replace(mine.state, generation=0, condition=Condition.RESOLVED, resolved_at=at),
        evidence=evidence,
    )
    reason = f"{CANARY} rang"
    item = {"id": mine.id, "customer": {"name": CANARY}}
    letters = [
        Letter("msg_1", "mail", at, 0, {"type": "alerts", "total": 1, "items": [item]}),
        Letter(
            "msg_2",
            "mail",
            at,
            0,
            {"type": "alerts", "total": 2, "items": [item, {"id": other.id}]},
        ),
        Letter("msg_3", "mail", at, 0, {"type": "rule_held", "rule": "X1"}),
    ]
    with hub.db.transaction() as tx:
        alerts.put(tx, [replace(mine, evidence=evidence), older, deal])
        event = AlertEvent(at, None, Condition.FIRING, Severity.WARNING, "true", evidence)
        alerts.append(tx, [(one.id, event) for one in (mine, older, deal)])
        handling.put(tx, mine.id, Handled(reason=reason, updated_at=at))
        handling.note(tx, mine.id, at=at, author="me", action="done", detail={"reason": reason})
        silences.add(tx, Silence("S-1", at, later, reason, "me", at, customer="01A"))
        silences.add(tx, Silence("S-2", at, later, reason, "me", at, subject=mine.subject))
        silences.add(tx, Silence("S-other", at, later, "why", "me", at, customer="01B"))
        outbox.add(tx, letters)
    hub.tell(mine)
    with hub.db.transaction() as tx:
        assert erase(tx, {Subject("customer", "01A")}, hub.clock()) == 3
        assert [(place.id, place.body.get("total")) for _, place in outbox.page(tx)] == [
            ("msg_3", None),
            ("msg_2", 1),
        ]
        assert [one.id for one in silences.page(tx)] == ["S-other"]
        kept = alerts.get(tx, deal.id)
    assert kept is not None
    assert kept.state == deal.state  # it may still be true of the deal
    assert hub.all()["01A"].state.ending is Ending.SUBJECT_ERASED
    assert hub.all()["01B"] == other
    assert mine.id in hub.told()  # whoever heard of it hears its end, without a name
    for table in (
        tables.alerts,
        tables.alert_events,
        tables.alert_handling,
        tables.alert_actions,
        tables.silences,
        tables.outbox,
    ):
        assert CANARY not in str(all_of(hub.db, table)), table.name


def test_a_rule_that_fails_three_times_is_put_aside_until_it_is_changed(hub: Customers) -> None:
    text = RULE.replace("customer.open_ar > params.most", "1 / (customer.open_ar - 5000) > 0")
    broken = Watch(load_rules({"x.yaml": text}), Company(), BOOKS)
    hub.lay(customer(1, "01A"), invoice(1, 1))
    for expected in (None, None, "set"):
        hub.clock.turn(minutes=5)
        hub.look(broken)
        hub.look(broken)  # at the same instant it is the same failure
        with hub.db.reading() as tx:
            assert bool(rule_states.all_of(tx)["X01"].quarantined_at) == bool(expected)
    assert conditions([hub.all()["01A"]]) == ["error"]
    hub.look(WATCH)
    assert conditions([hub.all()["01A"]]) == ["firing"]


def test_evidence_names_the_version_of_each_record(hub: Customers) -> None:
    hub.lay(customer(1, "01A"), invoice(1, 1))
    (record,) = hub.all()["01A"].evidence["first"]["records"]["invoices"]
    assert (record["ref"], record["version"]) == ("erp:invoices:1", 1)
    assert hub.all()["01A"].evidence["worst"]["severity"] == "warning"
