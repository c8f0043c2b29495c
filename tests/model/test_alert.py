"""Alerts and links: ids that depend on nothing but what makes them the same."""

import re

import pytest

from hub.model.alert import (
    Alert,
    AlertState,
    Condition,
    Severity,
    alert_id,
    fingerprint,
)
from hub.model.fact import Subject, parse_subject
from hub.model.link import Link, link_id

AT = "2026-11-23T10:00:00.000Z"


def alert(rule: str = "R01", subject: tuple[str, str] = ("deal", "crm:d:1"), n: int = 1) -> Alert:
    state = AlertState(Condition.FIRING, Severity.WARNING, AT, AT, generation=n)
    return Alert(rule, Subject(*subject), None, state, AT)


def test_an_alert_is_the_same_through_all_its_states() -> None:
    one = alert()
    other = Alert(
        "R01",
        Subject("deal", "crm:d:1"),
        "01A",
        AlertState(Condition.RESOLVED, Severity.CRITICAL, "later", "later"),
        "later",
        {"current": {"amount": 7}},
        {"name": "x"},
    )
    assert (one.fingerprint, one.id) == (other.fingerprint, other.id)
    assert re.fullmatch(r"[0-9a-f]{32}", one.fingerprint)
    assert re.fullmatch(r"[0-9a-f]{24}", one.id)


@pytest.mark.parametrize(
    ("rule", "subject"),
    [
        ("R02", ("deal", "crm:d:1")),
        ("R01", ("deal", "crm:d:2")),
        ("R01", ("customer", "crm:d:1")),
        ("R01d", ("eal", "crm:d:1")),
        ("R0", ("1deal", "crm:d:1")),
    ],
)
def test_another_rule_or_subject_is_another_alert(rule: str, subject: tuple[str, str]) -> None:
    assert alert(rule, subject).fingerprint != alert().fingerprint
    assert alert(rule, subject).id != alert().id


def test_generations_follow_each_other() -> None:
    first, second, third = (alert(n=n) for n in (1, 2, 3))
    assert first.previous_id is None
    assert (second.previous_id, third.previous_id) == (first.id, second.id)
    assert len({first.id, second.id, third.id}) == 3
    assert first.fingerprint == third.fingerprint


def test_ids_are_the_same_in_every_version_of_the_hub() -> None:
    # People and other systems keep them.
    print_ = fingerprint("R01", Subject("deal", "crm:d:1"))
    assert print_ == "7254ca325ebfcad4d47fc46a2076bc7f"
    assert alert_id(print_, 1) == "fd78be7d4c9ef72482a5e8d6"
    assert link_id("crm:d:1", "organization", "01A") == "e71a5de40ca2b14d3eef467a"


def test_a_link_is_its_two_ends_and_its_role() -> None:
    one = Link("crm:d:1", "organization", "01A", "key", 1.0, {})
    assert one.id == Link("crm:d:1", "organization", "01A", "number", 0.5, {"a": 1}).id
    others = [
        link_id("crm:d:2", "organization", "01A"),
        link_id("crm:d:1", "person", "01A"),
        link_id("crm:d:1", "organization", "01B"),
        link_id("crm:d:1o", "rganization", "01A"),
    ]
    assert len({one.id, *others}) == 5
    assert re.fullmatch(r"[0-9a-f]{24}", one.id)


@pytest.mark.parametrize(
    ("subject", "item"),
    [
        (Subject("deal", "crm:deals:D-1"), "deal:crm:deals:D-1"),
        (Subject("customer", "01A"), "customer:01A"),
        (Subject("source", "crm"), "source:crm"),
        (Subject("deal", "crm:deals:a:b%23#x"), "deal:crm:deals:a:b%23#x"),
        (Subject("source", ""), "source:"),
    ],
)
def test_a_subject_is_one_text_and_back(subject: Subject, item: str) -> None:
    assert subject.item == item
    assert parse_subject(item) == subject


def test_severities_and_conditions_are_the_words_of_the_api() -> None:
    assert [str(one) for one in Severity] == ["info", "warning", "critical"]
    assert {str(one) for one in Condition} == {
        "inactive",
        "pending",
        "firing",
        "recovering",
        "resolved",
        "unknown",
        "error",
    }
