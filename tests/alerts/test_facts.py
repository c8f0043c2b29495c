"""Facts from sums: unknown is a value, foreign money is none, runs tell what a source is worth."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from hub.alerts import entities, papers
from hub.alerts.business_time import BusinessTime
from hub.alerts.facts import (
    KINDS,
    Knowledge,
    derive,
    knowledge,
    sources_of,
)
from hub.alerts.moment import moment
from hub.alerts.source_health import source_observation
from hub.model.run import Run, RunState, StreamProgress
from hub.model.setting import Company, ConnectionInfo

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)  # a Monday, 11 o'clock in Berlin
CLOCK = BusinessTime(Company())
ALL = Knowledge({kind: (f"{kind}s",) for kind in KINDS})
DEAL: dict[str, Any] = {
    "ref": "crm:deals:1",
    "connection": "crm",
    "status": "open",
    "stage": "Angebot",
    "stage_order": 3,
    "amount_minor": 500000,
    "currency": None,
    "probability": 60.5,
    "expected_close": "2026-12-01",
    "closed_on": None,
}


AT = moment(NOW, CLOCK)


def told(subject: str, found: dict[str, Any], known: Knowledge = ALL) -> dict[str, Any]:
    return dict(derive(subject, "1", found, known, AT))


def customer(known: Knowledge = ALL, **sums: object) -> dict[str, Any]:
    return told("customer", sums, known)


def deal(*, orders: int = 0, **changes: object) -> dict[str, Any]:
    return told("deal", papers.deal({**DEAL, **changes}, "EUR", orders=orders, projects=0))


def test_a_customer_without_papers_has_zeros_where_sources_were_read() -> None:
    facts = customer()
    assert facts["open_tickets"] == facts["open_ar"] == facts["active_contracts"] == 0
    assert "oldest_open_high_ticket_bh" not in facts


def test_what_no_source_tells_is_absent() -> None:
    nothing = Knowledge({})
    assert set(customer(nothing)) == {"id", "kind"}
    only = Knowledge({"ticket": ("desk",)})
    assert "open_ar" not in customer(only)
    assert customer(only)["open_complaints"] == 0
    assert sources_of("customer", "open_complaints", only, None) == ("desk",)
    assert sources_of("deal", "amount", only, "crm") == ("crm",)


@pytest.mark.parametrize(
    ("unclear", "absent"),
    [
        ("ar_unclear", {"open_ar", "overdue_ar"}),
        ("due_unclear", {"overdue_ar", "oldest_overdue_days"}),
        ("tickets_unclear", {"open_tickets", "open_complaints", "open_high_tickets"}),
        ("priority_unclear", {"open_high_tickets"}),
        ("high_undated", {"oldest_open_high_ticket_bh"}),
        ("tickets_undated", {"tickets_30d", "tickets_30d_baseline"}),
        ("deals_unclear", {"open_deals_amount", "forecast_open_amount"}),
        ("probability_unclear", {"forecast_open_amount"}),
        ("contracts_unclear", {"active_contracts"}),
    ],
)
def test_one_unclear_paper_leaves_a_sum_unknown(unclear: str, absent: set[str]) -> None:
    full: dict[str, Any] = {"oldest_open_high": "2026-11-23T08:00:00Z"}
    assert set(customer(**full)) - set(customer(**full | {unclear: 1})) == absent


@pytest.mark.parametrize(
    ("members", "known", "left", "bounced"),
    [
        ({}, ALL, False, False),
        ({"valid_to": "2026-11-23"}, ALL, False, False),  # the last day
        ({"valid_to": "2026-11-22"}, ALL, True, False),
        ({}, Knowledge({}), None, None),
        ({"valid_to": "2026-11-22"}, Knowledge({}), True, None),
        ({"email_status": "hard_bounce"}, Knowledge({}), None, True),
    ],
)
def test_who_has_left_is_told_whoever_says_so_and_who_has_not_once_all_were_read(
    members: dict[str, Any], known: Knowledge, left: bool | None, bounced: bool | None
) -> None:
    facts = told("contact", entities.contact([members], {}, {}), known)
    assert (facts.get("left_company"), facts.get("hard_bounced")) == (left, bounced)


def test_ages_are_counted_by_the_companys_calendar() -> None:
    facts = customer(oldest_due="2026-11-01", oldest_open_high="2026-11-20T15:00:00Z", overdue_ar=5)
    assert facts["oldest_overdue_days"] == 22
    assert facts["oldest_open_high_ticket_bh"] == 3  # Friday 16 to 17, Monday 9 to 11
    assert "oldest_open_high_ticket_bh" not in customer(oldest_open_high="yesterday")


def test_a_deal_tells_what_it_knows() -> None:
    facts = deal(orders=2)
    assert (facts["stage_order"], facts["amount"], facts["probability"]) == (3, 500000, 60.5)
    assert (facts["days_to_close"], facts["orders"], facts["projects"]) == (8, 2, 0)
    assert "days_since_won" not in facts


@pytest.mark.parametrize(
    ("changes", "absent"),
    [
        ({"status": "unknown"}, "status"),
        ({"status": None}, "status"),
        ({"currency": "USD"}, "amount"),
        ({"amount_minor": None}, "amount"),
        ({"amount_minor": 10**30}, "amount"),
        ({"expected_close": "soon"}, "days_to_close"),
        ({"status": "won", "closed_on": None}, "days_since_won"),
        ({"closed_on": "2026-11-01"}, "days_since_won"),
        ({"probability": "x"}, "probability"),
    ],
)
def test_what_a_deal_does_not_say_is_not_guessed(changes: dict[str, Any], absent: str) -> None:
    assert absent not in deal(**changes)


def test_a_won_deal_counts_its_days_and_the_year_9999_is_none() -> None:
    assert deal(status="won", closed_on="2026-11-10")["days_since_won"] == 13
    for placeholder in ("9999-12-31", "1900-01-01"):
        assert "days_to_close" not in deal(expected_close=placeholder)


def test_a_kind_is_known_when_every_source_of_it_was_read() -> None:
    crm, desk = ConnectionInfo("crm", "crm"), ConnectionInfo("desk", "ticketing")
    shop = ConnectionInfo("shop", "erp", kinds=frozenset({"order"}))
    old = ConnectionInfo("old", "erp")
    known = knowledge([crm, desk, shop], {"crm": NOW, "shop": NOW})
    assert known.of("deal") == ("crm",)
    assert known.of("order") == ("shop",)
    assert known.of("ticket") is None  # never read
    assert known.of("project") is None  # nobody to ask
    assert known.of("deal", "order") == ("crm", "shop")
    assert knowledge([shop, old], {"shop": NOW}).of("order") is None


def run(state: RunState, minutes: int, **counts: Any) -> Run:
    at = (NOW - timedelta(minutes=minutes)).isoformat()
    return Run(1, "crm", state, at, at, {"accounts": StreamProgress(state, **counts)})


CRM = ConnectionInfo("crm", "crm", expected_every=timedelta(minutes=15))


def source(history: list[Run], living: int | None = None) -> dict[str, object]:
    return told("source", source_observation(CRM, history, living))


def test_a_source_is_judged_by_its_runs() -> None:
    facts = source([run("running", 0), run("failed", 5), run("partial", 20), run("succeeded", 50)])
    assert facts == {
        "id": "1",
        "feeds_rules": 0,
        "system": "crm",
        "minutes_since_success": 50,
        "expected_interval_minutes": 15,
        "consecutive_errors": 2,
        "delete_ratio": 0.0,
    }
    assert source([]) == {
        "id": "1",
        "feeds_rules": 0,
        "system": "crm",
        "expected_interval_minutes": 15,
    }


def test_deletions_done_or_held_back_are_a_share_of_what_there_was() -> None:
    assert source([run("succeeded", 1, deleted=25)], living=75)["delete_ratio"] == 0.25
    assert source([run("failed", 1, held=30)], living=100)["delete_ratio"] == 0.3
    assert "delete_ratio" not in source([run("succeeded", 1, deleted=25)])


def test_the_volume_is_compared_only_where_the_source_states_it() -> None:
    stated = [run("succeeded", n, total=100 - 10 * n) for n in range(3)]
    facts = source(stated)
    assert (facts["records_last"], facts["records_median"]) == (100, 85.0)
    assert "records_last" not in source([run("succeeded", 1)])
    assert "records_median" not in source(stated[:1])
    assert source(stated[:2])["records_median"] == 90.0
    two = run("succeeded", 1, total=5)
    two.streams["contacts"] = StreamProgress("succeeded", total=0)
    assert source([two])["records_last"] == 5
    two.streams["contacts"].total = None
    assert "records_last" not in source([two])


@pytest.mark.parametrize(
    ("said", "told_by_source", "ends_on"),
    [
        (None, None, None),
        (date(2026, 12, 31), None, "2026-12-31"),
        (None, "2026-12-24T09:00:00Z", "2026-12-24"),
        (date(2026, 12, 31), "2026-12-24T09:00:00Z", "2026-12-24"),
        (date(2026, 12, 1), "2026-12-24T09:00:00Z", "2026-12-01"),
    ],
)
def test_access_ends_when_the_first_says_so(
    said: date | None, told_by_source: str | None, ends_on: str | None
) -> None:
    named = replace(CRM, access_ends_on=said)
    found = source_observation(named, [], None, credential_ends_at=told_by_source)
    assert found.get("auth_expires_on") == ends_on


@pytest.mark.parametrize(
    ("expected", "minutes"),
    [(None, None), (timedelta(seconds=20), 1), (timedelta(minutes=90), 90)],
)
def test_a_source_is_expected_every_minute_at_the_most(
    expected: timedelta | None, minutes: int | None
) -> None:
    found = source_observation(replace(CRM, expected_every=expected), [], None)
    assert found.get("expected_interval_minutes") == minutes


def test_facts_of_a_case_come_from_whoever_gives_its_papers() -> None:
    known = Knowledge({"deal": ("crm",), "invoice": ("books",), "organization": ("crm", "web")})
    assert sources_of("vorgang", "value", known, None) == ("books", "crm")
    assert sources_of("deal", "amount", known, "crm") == ("crm",)
    assert sources_of("customer", "name", known, None) == ("crm", "web")


def test_what_is_told_of_a_kind_that_is_not_wholly_known_has_its_sources() -> None:
    crm = ConnectionInfo("crm", "crm", frozenset({"organization"}))
    web = ConnectionInfo("web", "marketing", frozenset({"organization"}))
    known = knowledge([crm, web], {"crm": NOW})
    assert known.of("organization") is None  # of those who are not there nothing is known
    assert sources_of("customer", "name", known, None) == ("crm",)
    assert sources_of("customer", "open_ar", known, None) == ()


def test_what_a_project_says_is_unbilled_is_unknown_without_a_rate() -> None:
    foreign = {"unbilled_minor": 690_000, "currency": "USD", "billing": "time"}
    assert "unbilled_net" not in told("project", entities.project(foreign, "EUR", {}))
    rated = entities.project({**foreign, "exchange_rate": 0.9}, "EUR", {})
    assert told("project", rated)["unbilled_net"] == 621_000
    assert told("project", entities.project({}, "EUR", {}))["unbilled_net"] == 0


def test_leads_and_campaigns_are_named() -> None:
    assert papers.lead({"number": "L-1"}, None)["number"] == "L-1"
    assert papers.campaign({"number": "K-1", "name": "Messe"}, None)["title"] == "Messe"
