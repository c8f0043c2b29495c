"""What each shipped rule says it 'clears when' ends its alert, each way it names, one by one."""

from copy import deepcopy
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from hub.alerts.lifecycle import next_state
from hub.alerts.rule_files import load_rules
from hub.alerts.rules import CompiledRule, given_facts
from hub.model.alert import AlertState, Condition, Verdict
from tests.conftest import ROOT, HandClock

SHIPPED = {path.name: path.read_text() for path in Path(ROOT / "configs/rules").glob("*.yaml")}
RULES = {rule.id: rule for rule in load_rules(SHIPPED)}
SOLVED: dict[str, Any] = {"tickets": [{"status_group": "closed"}]}
Way = tuple[str, str, dict[str, Any]]
WAYS: list[Way] = [
    ("R01", "urgent tickets are solved", {"customer": {"open_high_tickets": 0}}),
    ("R01", "the deal is decided", {"deal": {"status": "won"}}),
    ("R02", "the priority is raised", {"ticket": {"priority_rank": 3}}),
    ("R02", "the ticket is solved", {"ticket": {"status_group": "closed"}}),
    ("R02", "the occasion is over", {"contract": {"status": "ended"}}),
    ("R03", "the service cases are solved", SOLVED),
    ("R03", "the deviation lies more than 30 days back", {"deviation": {"age_days": 32}}),
    ("R04", "progress and effort agree again", {"project": {"progress_pct": 53.0}}),
    ("R04", "no invoice is ahead", {"project": {"next_invoice_in_days": None}}),
    ("R05", "settled and paid", {"invoice": {"credit_note_pct": 0.0, "disputed": False}}),
    ("R06", "the warning signs are gone", {"customer": {"sla_breaches_90d": 2}}),
    ("R06", "the forecast is below the threshold", {"customer": {"forecast_open_amount": 1}}),
    ("R07", "an order is linked", {"deal": {"orders": 1}}),
    ("R07", "a project is linked", {"deal": {"projects": 1}}),
    ("R07", "it is no longer won", {"deal": {"status": "lost"}}),
    ("R08", "the work is invoiced", {"project": {"unbilled_net": 0, "oldest_unbilled_days": None}}),
    (
        "R09",
        "the totals agree again",
        {"vorgang": {"invoiced_net": 1_050_000}},
    ),
    ("R10", "the ticket is solved", SOLVED),
    ("R10", "the invoice is paid", {"invoice": {"balance": 0}}),
    (
        "R11",
        "the customer has paid",
        {"customer": {"overdue_ar": 0, "oldest_overdue_days": 0, "dunning_level": 0, "open_ar": 0}},
    ),
    ("R12", "a contract is in force", {"contracts": [{"status": "active", "days_to_end": 30}]}),
    ("R12", "one runs out", {"contracts": [{"status": "notice_given", "days_to_end": 30}]}),
    ("R12", "the ticket is billable", {"ticket": {"billable": True}}),
    ("R12", "the ticket is closed", {"ticket": {"status_group": "closed"}}),
    ("R13", "the deadline has passed", {"contract": {"days_to_notice_deadline": -1}}),
    ("R13", "service has calmed down", {"customer": {"tickets_30d": 4}}),
    ("R14", "use fits the period again", {"contract": {"period_elapsed_pct": 60.0}}),
    (
        "R14",
        "a new period has begun",
        {"contract": {"hours_used": 0.0, "period_elapsed_pct": 0.0}},
    ),
    ("R15", "they are taken off the campaign", {"campaign": {"audience_open_complaint": 0}}),
    ("R16", "the lead is handed over", {"lead": {"owner_id": "u2"}}),
    ("R16", "the lead is closed", {"lead": {"status": "disqualified"}}),
    ("R17", "another primary contact is named", {"contact": {"is_primary": False}}),
    ("R17", "the address is right again", {"contact": {"hard_bounced": False}}),
    ("R18", "the systems name the same value", {"conflict": None}),
    ("R19", "it goes on", {"vorgang": {"days_since_last_event": 0}}),
    ("R19", "the case is closed", {"vorgang": {"phase": "closed"}}),
    ("R20", "the source is read in time again", {"source": {"minutes_since_success": 0}}),
]


def cleared(given: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    """Return a fixture's facts with a change laid over; a fact that is None is not there."""
    facts = deepcopy(given)
    for variable, some in change.items():
        if not isinstance(some, dict):
            facts[variable] = some
            continue
        merged = {**facts[variable], **some}
        facts[variable] = {name: value for name, value in merged.items() if value is not None}
    return facts


def verdict(rule: CompiledRule, facts: dict[str, Any]) -> Verdict:
    """Say what a rule says of facts; nothing stands where its subject is gone."""
    if facts[rule.rule.subject] is None:
        return Verdict.GONE
    return rule.run(given_facts(facts))[0].verdict


def test_every_rule_has_its_ways() -> None:
    assert sorted({rule for rule, _, _ in WAYS}) == sorted(RULES)


@pytest.mark.parametrize(("name", "way", "change"), WAYS, ids=[f"{r}-{w}" for r, w, _ in WAYS])
def test_what_clears_a_rule_ends_its_alert(
    name: str, way: str, change: dict[str, Any], clock: HandClock
) -> None:
    rule = RULES[name]
    assert rule.rule.pos is not None
    state: AlertState | None = None
    seen: list[str] = []

    def evaluate(facts: dict[str, Any], turn: timedelta = timedelta()) -> None:
        nonlocal state
        clock.turn(seconds=turn.total_seconds())
        said = verdict(rule, facts)
        state = next_state(state, said, rule.rule.severity, now=clock(), timing=rule.timing)
        assert state is not None
        seen.append(state.condition)

    evaluate(rule.rule.pos)
    evaluate(rule.rule.pos, rule.timing.hold_for)
    assert seen[-1] == Condition.FIRING
    after = cleared(rule.rule.pos, change)
    evaluate(after)
    if verdict(rule, after) is not Verdict.GONE and rule.timing.keep:
        assert seen[-1] == Condition.RECOVERING
        evaluate(after, rule.timing.keep - timedelta(seconds=1))
        assert seen[-1] == Condition.RECOVERING
        evaluate(after, timedelta(seconds=1))
    assert seen[-1] == Condition.RESOLVED, way
