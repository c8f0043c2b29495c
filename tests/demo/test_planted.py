"""The planted cases: reckoned on the truth, each starred rule fires on them and on nobody else."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.demo.cast import ROLES
from hub.demo.draft import LOCAL
from hub.demo.model import World
from hub.demo.world import SMALLEST, world
from tests.demo.conditions import Conditions, business_hours

RULES = (*(f"R{number:02}" for number in range(1, 20)),)
DAYS = (date(2026, 11, 23), date(2024, 2, 29), date(2027, 1, 3))


def planted_on(company: World, rule: str) -> set[str]:
    return {case.refs[0] for case in company.planted if case.rule == rule}


@pytest.fixture(scope="module", params=DAYS, ids=str)
def company(request: pytest.FixtureRequest) -> World:
    return world(7, request.param)


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_fires_exactly_on_its_planted_subjects(company: World, rule: str) -> None:
    assert planted_on(company, rule)
    assert Conditions(company).fired(rule) == planted_on(company, rule)


@settings(max_examples=15, deadline=None)
@given(
    seed=st.integers(0, 2**31),
    today=st.dates(date(2020, 1, 1), date(2035, 12, 31)),
    customers=st.integers(SMALLEST, 260),
)
def test_so_it_is_for_every_seed_and_day(seed: int, today: date, customers: int) -> None:
    company = world(seed, today, customers)
    conditions = Conditions(company)
    for rule in RULES:
        assert conditions.fired(rule) == planted_on(company, rule), rule


def test_relatives_taken_for_one_another_raise_no_alarm_unless_planted_so() -> None:
    company = world(5, DAYS[0], 1500)
    family = {member.id: member.family for member in company.companies}
    troubled = {
        family[t.company]
        for t in company.tickets
        if t.closed_at is None and (t.kind == "complaint" or t.priority in ("high", "urgent"))
    }
    named = {ref for case in (*company.planted, *company.near_misses) for ref in case.refs}
    for deal in company.deals:
        weighty = deal.stage >= 3 and deal.amount_minor >= 500_000
        if deal.status == "Offen" and weighty and f"crm:deals:{deal.id}" not in named:
            assert family[deal.company] not in troubled


def test_every_won_deal_is_cited_by_its_order_or_project(company: World) -> None:
    lost = {ref for case in (*company.planted, *company.near_misses) for ref in case.refs[:1]}
    texts = {o.vorgang: o.reference for o in company.orders}
    for project in company.projects:
        texts[project.vorgang] = texts.get(project.vorgang, "") + project.name
    for deal in company.deals:
        if deal.status == "Gewonnen" and f"crm:deals:{deal.id}" not in lost:
            assert deal.number in texts[deal.vorgang]


def test_every_starred_rule_has_a_case_and_names_its_customer(company: World) -> None:
    names = {member.name for member in company.companies}
    assert {case.rule for case in company.planted} == {*RULES, "R20"}
    for case in (*company.planted, *company.near_misses, *company.identities):
        assert case.look_for
        assert case.refs
        assert case.rule == "R20" or case.customer in names
    assert all(case.fires for case in company.planted)
    assert not any(case.fires for case in company.near_misses)
    near = {case.rule for case in company.near_misses}
    assert near == {*RULES}


def test_the_cast_is_the_same_for_every_seed() -> None:
    first, second = world(1, DAYS[0], SMALLEST), world(99, DAYS[1], 200)
    assert [c.customer for c in first.planted] == [c.customer for c in second.planted]
    assert [c.core for c in first.companies[: len(ROLES)]] == [r.core for r in ROLES.values()]


def test_near_misses_lie_just_below_the_threshold(company: World) -> None:
    near = {case.case: case for case in company.near_misses}
    deals = {f"crm:deals:{d.id}": d for d in company.deals}
    tickets = {f"helpdesk:tickets:{t.id}": t for t in company.tickets}
    assert deals[near["R01-near-small"].refs[0]].amount_minor == 490_000
    assert deals[near["R01-near-early"].refs[0]].stage == 2
    closed = tickets[near["R01-near-solved"].refs[1]].closed_at
    assert closed is not None
    assert closed.astimezone(LOCAL).date() == company.today - timedelta(days=1)
    young = tickets[near["R01-near-new"].refs[1]]
    assert young.priority == "high"
    end = datetime.combine(company.today, datetime.max.time(), LOCAL)
    assert 0 < business_hours(young.opened_at, end) < 16
    assert deals[near["R07-near-small"].refs[0]].amount_minor == 190_000
    won = deals[near["R07-near-new"].refs[0]].closed_on
    assert won == company.today - timedelta(days=3)


def test_the_other_sister_and_the_other_namesake_complain(company: World) -> None:
    near = {case.case: case for case in company.near_misses}
    deals = {f"crm:deals:{d.id}": d.company for d in company.deals}
    tickets = {f"helpdesk:tickets:{t.id}": t.company for t in company.tickets}
    family = {member.id: member.family for member in company.companies}
    for case in ("R01-near-sister", "R01-near-namesake"):
        seller, other = deals[near[case].refs[0]], tickets[near[case].refs[1]]
        assert seller != other
        assert family[seller] == family[other]


def test_business_hours_skip_nights_and_weekends() -> None:
    friday = datetime(2026, 11, 20, 16, 0, tzinfo=LOCAL)
    monday = datetime(2026, 11, 23, 9, 30, tzinfo=LOCAL)
    assert business_hours(friday, monday.astimezone(UTC)) == 3.5
