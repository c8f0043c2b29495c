"""Evidence: what the rule read, the records behind it, never their texts."""

from datetime import UTC, datetime
from types import SimpleNamespace

from hub.alerts.business_time import BusinessTime
from hub.alerts.evidence import (
    LONGEST,
    MOST_RECORDS,
    Ground,
    evidence,
    named,
    needed,
    ticket_record,
    was_changed,
)
from hub.alerts.rule_files import load_rules
from hub.model.alert import Alert, AlertState, Condition, Severity, alert_id, fingerprint
from hub.model.fact import Fact, Subject
from hub.model.setting import Company

RULE = """\
id: X1
name: Overdue
subject: deal
when: deal.amount > params.least && customer.overdue_ar > 0 && customer.open_complaints == 0
params: {least: 5}
severity: info
escalate: {to: critical, if: deal.days_to_close < 3}
"""
(OVERDUE,) = load_rules({"x.yaml": RULE})
FACTS = {
    "deal": {
        "amount": Fact("amount", 7, ("crm",), "t1"),
        "stage": Fact("stage", "unread", ("crm",), "t1"),
        "days_to_close": Fact("days_to_close", 2, ("crm",), "t2"),
    },
    "customer": {"overdue_ar": Fact("overdue_ar", 9, ("erp", "old"), "t3")},
}


def test_it_holds_the_facts_the_rule_reads_and_no_others() -> None:
    found = evidence(OVERDUE, Ground(FACTS, {}))
    assert found["facts"] == {
        "customer.overdue_ar": {"value": 9, "sources": ["erp", "old"], "as_of": "t3"},
        "deal.amount": {"value": 7, "sources": ["crm"], "as_of": "t1"},
        "deal.days_to_close": {"value": 2, "sources": ["crm"], "as_of": "t2"},
    }
    assert found["params"] == {"least": 5}
    assert found["records"] == {}


def test_it_names_the_records_behind_those_facts_up_to_a_number() -> None:
    assert needed(OVERDUE) == {"invoices", "tickets"}
    invoices = [{"ref": f"erp:i:{n}"} for n in range(MOST_RECORDS + 5)]
    ground = Ground(
        FACTS, {"invoices": invoices, "tickets": [], "subject": [{"ref": "d"}], "other": invoices}
    )
    found = evidence(OVERDUE, ground)
    assert set(found["records"]) == {"invoices", "subject"}
    assert len(found["records"]["invoices"]) == MOST_RECORDS
    assert named(found) == {"d", *(f"erp:i:{n}" for n in range(MOST_RECORDS))}
    assert named({}) == set()


def test_what_the_reasons_name_stands_beside_it_once() -> None:
    found = evidence(
        OVERDUE,
        Ground(
            FACTS,
            {"invoices": [{"ref": "erp:i:1", "number": "RE-1"}]},
            beside={
                "invoices": [{"ref": "erp:i:1"}, {"ref": "erp:i:2"}, {"month": "2026-10"}],
                "deals": [{"ref": f"crm:d:{n}"} for n in range(MOST_RECORDS + 1)],
            },
        ),
    )["records"]
    assert found["invoices"] == [
        {"ref": "erp:i:1", "number": "RE-1"},
        {"ref": "erp:i:2"},
        {"month": "2026-10"},
    ]
    assert [one["ref"] for one in found["deals"]] == [f"crm:d:{n}" for n in range(MOST_RECORDS)]
    assert named({"records": found}) == {"erp:i:1", "erp:i:2"} | {
        f"crm:d:{n}" for n in range(MOST_RECORDS)
    }


def test_texts_are_cut_and_refs_are_not() -> None:
    long = "x" * (LONGEST + 1)
    ground = Ground(FACTS, {"invoices": [{"ref": long, "subject": long, "net_minor": 10**9}]})
    (record,) = evidence(OVERDUE, ground)["records"]["invoices"]
    assert record == {"ref": long, "subject": long[:LONGEST], "net_minor": 10**9}


def test_what_may_belong_to_it_is_named_where_there_is_any() -> None:
    assert "candidates" not in evidence(OVERDUE, Ground(FACTS, {}))
    ground = Ground(FACTS, {}, candidates=[{"ref": f"o:{n}"} for n in range(5)])
    assert [one["ref"] for one in evidence(OVERDUE, ground)["candidates"]] == ["o:0", "o:1", "o:2"]


def test_a_rule_that_asks_something_else_than_it_did_was_changed() -> None:
    before = evidence(OVERDUE, Ground(FACTS, {}))
    (stricter,) = load_rules({"x.yaml": RULE.replace("least: 5", "least: 6")})
    assert not was_changed(OVERDUE, before)
    assert was_changed(stricter, before)
    assert not was_changed(stricter, {})  # from before versions were kept


def test_evidence_is_frozen() -> None:
    record = {"ref": "erp:i:1", "balance_minor": 5}
    found = evidence(OVERDUE, Ground(FACTS, {"invoices": [record]}))
    record["balance_minor"] = 0
    assert found["records"]["invoices"][0]["balance_minor"] == 5


def test_a_ticket_is_named_with_both_its_ages() -> None:
    row = SimpleNamespace(
        ref="desk:t:1",
        number="T-1",
        status="open",
        priority="high",
        kind="complaint",
        opened_at="2026-11-20T15:30:00Z",
        last_message_at=None,
        text="geheim",
    )
    now = datetime(2026, 11, 23, 10, tzinfo=UTC)
    found = ticket_record(row, BusinessTime(Company()), now)
    assert (found["age_hours"], found["age_bh"]) == (66, 2)
    assert "text" not in found
    row.opened_at = None
    assert ticket_record(row, BusinessTime(Company()), now)["age_hours"] is None
    row.opened_at = "2027-01-01T00:00:00Z"  # in the future
    found = ticket_record(row, BusinessTime(Company()), now)
    assert (found["age_hours"], found["age_bh"]) == (0, 0)


def test_an_alert_is_known_by_its_rule_and_subject_alone() -> None:
    def alert(rule: str = "R01", one: str = "d:1", severity: Severity = Severity.INFO) -> Alert:
        state = AlertState(Condition.FIRING, severity, "t", "t")
        return Alert(rule, Subject("deal", one), None, state, "t")

    assert alert().id == alert(severity=Severity.CRITICAL).id
    assert len({alert().id, alert("R02").id, alert(one="d:2").id}) == 3
    print_ = fingerprint("R01", Subject("deal", "d:1"))
    assert alert().fingerprint == print_
    assert alert().previous_id is None
    second = AlertState(Condition.FIRING, Severity.INFO, "t", "t", generation=2)
    later = Alert("R01", Subject("deal", "d:1"), None, second, "t")
    assert later.previous_id == alert().id == alert_id(print_, 1)
    assert later.id != alert().id
    # The parts of a fingerprint cannot run into each other.
    assert fingerprint("R0", Subject("1deal", "x")) != fingerprint("R01", Subject("deal", "x"))
