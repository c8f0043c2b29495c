"""What may come is judged mildly of the untroubled, never more mildly for more trouble."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.alerts import foresight
from hub.alerts.facts import Facts
from hub.alerts.foresight_weights import shipped_weights
from hub.alerts.signs import Beside, Told, is_natural, months, share
from hub.model.fact import Fact, Subject

WEIGHTS = shipped_weights()
TODAY = date(2026, 11, 23)
NO_TROUBLE = {
    "open_complaints": 0,
    "open_high_tickets": 0,
    "sla_breaches_90d": 0,
    "oldest_overdue_days": 0,
    "dunning_level": 0,
    "days_since_human_contact": 0,
    "days_to_pay_median_180d": 20.0,
    "days_to_pay_median_prev_180d": 20.0,
}
TROUBLE = {
    "open_complaints": st.integers(0, 5),
    "open_high_tickets": st.integers(0, 5),
    "sla_breaches_90d": st.integers(0, 9),
    "oldest_overdue_days": st.integers(0, 900),
    "dunning_level": st.integers(0, 4),
    "days_since_human_contact": st.integers(0, 900),
    "days_to_pay_median_180d": st.floats(1, 200),
}
customers = st.fixed_dictionaries(TROUBLE)


def _told(subject: Subject, **values: Any) -> Told:
    facts: Facts = {name: Fact(name, value, ("crm",), "2026") for name, value in values.items()}
    return Told(subject, facts)


def _beside(values: dict[str, Any], late_days: int = -1, **more: list[Told]) -> Beside:
    customer = _told(Subject("customer", "C"), **{**NO_TROUBLE, **values})
    past = {"status": "active", "days_past_planned_end": late_days}
    return Beside(customer, more.pop("projects", [_told(Subject("project", "P"), **past)]), **more)


def _deal(**values: Any) -> Told:
    known = {"probability": 50.0, "days_in_stage": 10, "days_to_close": 20}
    return _told(Subject("deal", "crm:deals:D"), **{**known, **values})


def _ticket(**values: Any) -> Told:
    known = {"priority_rank": 2, "kind": "incident", "project_id": "P", "contract_id": "V"}
    return _told(Subject("ticket", "desk:tickets:T"), **{**known, **values})


def _contract(name: str, floor: int, status: str = "active") -> Told:
    return _told(Subject("contract", name), status=status, sla_priority_floor=floor)


def _worse(one: dict[str, Any], by: dict[str, Any]) -> dict[str, Any]:
    return {name: max(value, by[name]) for name, value in one.items()}


@given(customers, customers, st.integers(-90, 90), st.integers(0, 90))
def test_more_trouble_never_lowers_risk_nor_raises_health(
    one: dict[str, Any], other: dict[str, Any], late: int, later: int
) -> None:
    before, after = _beside(one, late), _beside(_worse(one, other), late + later)
    risks = [foresight.deal_risk(_deal(), beside, WEIGHTS) for beside in (before, after)]
    assert risks[0].probability <= risks[1].probability
    healths = [foresight.customer_health(one, WEIGHTS.health) for one in (before, after)]
    assert healths[0].score is not None
    assert healths[1].score is not None
    assert 100 >= healths[0].score >= healths[1].score >= 0


@given(st.integers(0, 400), st.integers(0, 400), st.integers(-200, 200), st.integers(0, 200))
def test_a_deal_that_stands_still_longer_is_at_no_less_risk(
    still: int, longer: int, close: int, sooner: int
) -> None:
    before = _deal(days_in_stage=still, days_to_close=close)
    after = _deal(days_in_stage=still + longer, days_to_close=close - sooner)
    risks = [
        foresight.deal_risk(deal, _beside({}), WEIGHTS).probability for deal in (before, after)
    ]
    assert risks[0] <= risks[1]


def test_a_risk_names_what_other_departments_know_and_what_nobody_does() -> None:
    troubled = _beside({"open_complaints": 2}, late_days=30)
    risk = foresight.deal_risk(_deal(), troubled, WEIGHTS)
    calm = foresight.deal_risk(_deal(), _beside({}), WEIGHTS)
    assert risk.probability > calm.probability + 0.1
    assert risk.alone == calm.alone
    reasons = {reason.name: reason for reason in risk.reasons}
    complaint = reasons["complaints"]
    assert (complaint.department, complaint.text["de"]) == ("service", "offene Beschwerden: 2")
    (evidence,) = complaint.evidence
    assert (evidence.fact, evidence.value, evidence.sources) == ("open_complaints", 2, ("crm",))
    assert evidence.as_of == "2026"
    assert reasons["late_projects"].evidence[0].subject == Subject("project", "P")
    unknown = foresight.deal_risk(_deal(), Beside(_told(Subject("customer", "C"))), WEIGHTS)
    assert {"complaints", "silence", "overdue"} <= set(unknown.unknown)


CASES = [
    ({}, {}, "normal"),
    ({"priority_rank": 1}, {}, "low"),
    ({"sla_remaining_bh": 1}, {}, "high"),
    ({"sla_remaining_bh": -1}, {}, "urgent"),
    ({}, {"contracts": [_contract("V", 4)]}, "urgent"),
    ({}, {"contracts": [_contract("V", 4, "ended")]}, "normal"),
    ({}, {"contracts": [_contract("W", 3)]}, "high"),
    ({}, {"contracts": [_contract("W", 3), _contract("X", 4)]}, "normal"),
    ({"priority_rank": 4}, {"contracts": [_contract("V", 2)]}, "urgent"),
    ({}, {"late_days": 3}, "high"),
    ({"project_id": "Q"}, {"late_days": 3}, "normal"),
    ({"kind": "request"}, {"late_days": 3}, "normal"),
    (
        {},
        {"deals": [_told(Subject("deal", "D"), status="open", days_to_close=5)]},
        "high",
    ),
    (
        {},
        {"deals": [_told(Subject("deal", "D"), status="won", days_to_close=5)]},
        "normal",
    ),
]


@pytest.mark.parametrize(("ticket", "beside", "proposed"), CASES)
def test_priorities(ticket: dict[str, Any], beside: dict[str, Any], proposed: str) -> None:
    around = {"late_days": -60, **beside}
    found = foresight.ticket_priority(_ticket(**ticket), _beside({}, **around), WEIGHTS.ticket)
    assert found.proposed == proposed
    if found.proposed != found.alone:
        assert foresight.RANKS[int(found.reasons[0].effect) - 1] == proposed
        assert found.reasons[0].department != "service"


@given(st.integers(1, 4), st.integers(1, 4), st.integers(-50, 50), st.sampled_from(["billing", ""]))
def test_a_priority_is_never_below_the_contract(
    filed: int, floor: int, left: int, kind: str
) -> None:
    ticket = _ticket(priority_rank=filed, sla_remaining_bh=left, kind=kind)
    beside = _beside({}, contracts=[_contract("V", floor)])
    found = foresight.ticket_priority(ticket, beside, WEIGHTS.ticket)
    assert foresight.RANKS.index(found.proposed) + 1 >= max(filed, floor)


histories = st.lists(st.integers(-30, 120), min_size=5, max_size=30)


@given(histories, histories, st.integers(-40, 60), st.integers(0, 40), customers, customers)
def test_trouble_and_time_never_make_a_payment_sooner(
    own: list[int],
    everybody: list[int],
    overdue: int,
    longer: int,
    one: dict[str, Any],
    other: dict[str, Any],
) -> None:
    def expected(late: int, values: dict[str, Any], disputed: bool) -> Any:
        told = _told(Subject("invoice", "I"), days_overdue=late, disputed=disputed)
        found = foresight.payment_signs(told, _beside(values))
        return foresight.expected_days(own, everybody, late, found, WEIGHTS.payment)

    before = expected(overdue, one, False)
    for after in (
        expected(overdue + longer, one, False),
        expected(overdue, _worse(one, other), True),
    ):
        if before and after:
            assert all(a <= b for a, b in zip(before, after, strict=True))
    if before:
        assert overdue <= before[0] <= before[1] <= before[2]


def _payment(own: list[int], overdue: int, **values: Any) -> foresight.Payment | None:
    told = _told(Subject("invoice", "I"), days_overdue=overdue, **values)
    everybody = list(range(30))
    return foresight.payment_day(told, _beside({}), own, everybody, today=TODAY, weights=WEIGHTS)


def test_a_payment_follows_the_customers_own_history() -> None:
    slow = _payment([40] * 30, 0)
    assert slow is not None
    assert (slow.expected_on, slow.own_invoices) == (date(2027, 1, 2), 30)
    new = _payment([], 0)
    assert new is not None
    assert new.expected_on == date(2026, 12, 7)  # everybody's middle day
    assert new.earliest_on < new.expected_on < new.latest_on
    disputed = _payment([], 0, disputed=True)
    assert disputed is not None
    assert disputed.expected_on > new.expected_on
    assert disputed.reasons[0].name == "disputed"


def test_what_was_never_paid_so_late_has_no_day() -> None:
    assert _payment([5] * 30, 400) is None
    assert (
        foresight.payment_day(
            _told(Subject("invoice", "I"), days_overdue=0),
            _beside({}),
            [1, 2],
            [3, 4],
            today=TODAY,
            weights=WEIGHTS,
        )
        is None
    )


def test_health_is_a_hundred_without_trouble_and_unknown_without_facts() -> None:
    assert foresight.customer_health(_beside({}), WEIGHTS.health).score == 100
    nothing = foresight.customer_health(Beside(_told(Subject("customer", "C"))), WEIGHTS.health)
    assert nothing.score is None
    assert "complaints" in nothing.unknown
    hurt = foresight.customer_health(_beside({"open_complaints": 3}), WEIGHTS.health)
    (part,) = [part for part in hurt.parts if part.name == "complaints"]
    assert (part.points, hurt.score) == (0, round(100 - part.of))


def test_shipped_weights_never_reward_trouble() -> None:
    for model in (WEIGHTS.deal, WEIGHTS.deal_alone):
        assert all(weight >= 0 for weight in model.weight.values())
        assert model.weight.keys() == model.mean.keys()
    assert sum(WEIGHTS.health.values()) == pytest.approx(100, abs=0.5)
    assert set(WEIGHTS.deal_alone.weight) == {"early", "stuck", "past_close", "silence"}
    assert set(WEIGHTS.payment_alone.shift_days) == {"disputed", "dunning"}


@pytest.mark.parametrize(
    ("forms", "natural"),
    [
        ([], True),
        ([None, None], True),
        (["GmbH"], False),
        ([None, "AG"], False),
        (["e.K."], True),
        (["GmbH", "e.K."], True),
    ],
)
def test_who_may_be_a_person(forms: list[str | None], natural: bool) -> None:
    assert is_natural(forms) is natural


def test_scales() -> None:
    assert [share(value, 4) for value in (-1, 1, 9)] == [0, 0.25, 1]
    assert months(0) == 0
    assert months(360) == pytest.approx(1)
    assert months(9999) == 1
    assert share(None, 3) is months(None) is None
