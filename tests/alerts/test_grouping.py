"""What is told together, and when: groups wait, and longer at night or for a digest."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from hub.alerts.grouping import DIGEST, Gathered, Key, gather, key_of
from hub.alerts.quiet import QuietTime
from hub.clock import instant_text
from hub.model.alert import Condition, Severity
from hub.model.fact import Subject
from hub.model.notice import (
    Delivery,
    Gate,
    Group,
    Item,
    Pace,
    Quiet,
    Reason,
    Routing,
    Standing,
)
from hub.model.setting import Company

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
"""A Monday, at eleven in Berlin."""
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
QUIET = Quiet(time(18), time(7, 30))
ROUTING = Routing(
    targets=frozenset({"mail", "boss"}), digests={"boss": time(8)}, pace=Pace(quiet=QUIET)
)
DEAL = Subject("deal", "d1")
WARNING = Standing("W", "R01", DEAL, "01A", Condition.FIRING, Severity.WARNING, "")
CRITICAL = replace(WARNING, id="C", severity=Severity.CRITICAL)
OTHERS = replace(WARNING, id="O", customer="01B")
KEY: Key = ("mail", "customer:01A")


def text(after: timedelta) -> str:
    return instant_text(NOW + after)


def gathered(
    *alerts: Standing,
    at: timedelta = timedelta(),
    groups: dict[Key, Group] | None = None,
    target: str = "mail",
) -> Gathered:
    items = [Item(one.id, target, Reason.NEW) for one in alerts]
    return gather(
        items,
        {one.id: one for one in alerts},
        groups or {},
        routing=ROUTING,
        quiet=QuietTime(Company(), QUIET),
        now=NOW + at,
    )


def told(found: Gathered) -> list[tuple[str, str, list[str]]]:
    return [(target, name, [one.alert for one in some]) for target, name, some in found.notices]


@pytest.mark.parametrize(
    ("changes", "target", "name"),
    [
        ({}, "mail", "customer:01A"),
        ({}, "boss", DIGEST),
        ({"cases": frozenset({"01W", "01V"})}, "mail", "vorgang:01V"),
        ({"cases": frozenset({"01W", "01V"})}, "boss", DIGEST),
        ({"customer": None}, "mail", "deal:d1"),
        ({"subject": Subject("vorgang", "01V")}, "mail", "vorgang:01V"),
    ],
)
def test_the_group_is_the_case_else_the_customer_else_the_subject(
    changes: dict[str, object], target: str, name: str
) -> None:
    alert = replace(WARNING, **changes)  # type: ignore[arg-type]  # a table of cases
    assert key_of(alert, target, ROUTING) == (target, name)


def waits(since: timedelta, flushed: timedelta | None = None) -> dict[Key, Group]:
    return {KEY: Group(text(since), text(flushed) if flushed is not None else None)}


FLUSHED = waits(-5 * MINUTE, -HOUR)
"""A group that was told an hour ago and waits again."""


@pytest.mark.parametrize(
    ("alert", "groups", "due"),
    [
        (WARNING, {}, 10 * MINUTE),
        (WARNING, waits(-9 * MINUTE), MINUTE),
        (WARNING, waits(-10 * MINUTE), timedelta()),
        (WARNING, FLUSHED, 3 * HOUR),
        (WARNING, waits(-5 * MINUTE, -4 * HOUR), 5 * MINUTE),
        (WARNING, waits(-20 * MINUTE, -4 * HOUR), timedelta()),
        (CRITICAL, {}, 10 * MINUTE),
        (CRITICAL, FLUSHED, 5 * MINUTE),
        (WARNING, waits(HOUR), 10 * MINUTE),  # written before the clock was put back
        (WARNING, waits(-10 * MINUTE, HOUR), timedelta()),
    ],
)
def test_a_group_waits_for_what_belongs_together_and_then_for_hours(
    alert: Standing, groups: dict[Key, Group], due: timedelta
) -> None:
    if due:
        found = gathered(alert, groups=groups)
        assert told(found) == []
        if alert is WARNING:
            assert found.waiting == {"W": Gate(Delivery.GROUPED, "customer:01A", text(due))}
        groups = {key: group for key, group in found.groups.items() if group is not None}
        assert told(gathered(alert, at=due - MINUTE, groups=groups)) == []
    assert told(gathered(alert, at=due, groups=groups)) == [(*KEY, [alert.id])]


def test_what_is_urgent_goes_ahead_of_its_group() -> None:
    found = gathered(WARNING, CRITICAL, at=5 * MINUTE, groups=FLUSHED)
    assert told(found) == [(*KEY, ["C"])]
    assert found.groups == {KEY: Group(text(-5 * MINUTE), text(5 * MINUTE))}
    assert found.waiting == {"W": Gate(Delivery.GROUPED, "customer:01A", text(3 * HOUR))}
    whole = gathered(WARNING, CRITICAL, at=3 * HOUR, groups=FLUSHED)
    assert told(whole) == [(*KEY, ["W", "C"])]
    assert whole.groups == {KEY: Group(None, text(3 * HOUR))}


def test_each_customer_is_told_of_apart() -> None:
    found = gathered(OTHERS, WARNING, at=10 * MINUTE, groups=waits(timedelta()))
    assert told(found) == [(*KEY, ["W"])]
    assert set(found.waiting) == {"O"}
    both = waits(timedelta()) | {("mail", "customer:01B"): Group(text(timedelta()))}
    found = gathered(OTHERS, WARNING, at=10 * MINUTE, groups=both)
    assert told(found) == [(*KEY, ["W"]), ("mail", "customer:01B", ["O"])]


@pytest.mark.parametrize(
    ("at", "until"),
    [
        (8 * HOUR, 20 * HOUR + 30 * MINUTE),
        (4 * 24 * HOUR + 7 * HOUR, 6 * 24 * HOUR + 20 * HOUR + 30 * MINUTE),  # over a weekend
    ],
)
def test_in_quiet_hours_what_is_not_urgent_waits_for_the_morning(
    at: timedelta, until: timedelta
) -> None:
    groups = waits(-10 * MINUTE)
    found = gathered(WARNING, CRITICAL, at=at, groups=groups)
    assert told(found) == [(*KEY, ["C"])]
    assert found.waiting == {"W": Gate(Delivery.MUTED, "calendar", text(until))}
    assert told(gathered(WARNING, at=until, groups=groups)) == [(*KEY, ["W"])]


def test_a_group_that_is_due_after_the_quiet_hours_says_when() -> None:
    groups = waits(timedelta(), 18 * HOUR)  # told at five in the morning, as it was urgent
    found = gathered(WARNING, at=19 * HOUR, groups=groups)
    assert found.waiting == {"W": Gate(Delivery.MUTED, "calendar", text(22 * HOUR))}


def test_a_digest_comes_at_its_time_with_all_customers() -> None:
    key: Key = ("boss", DIGEST)
    early = gathered(WARNING, OTHERS, target="boss")
    assert told(early) == []
    assert early.groups == {key: Group(text(timedelta()), None)}
    morning = 21 * HOUR
    assert early.waiting["W"] == Gate(Delivery.GROUPED, DIGEST, text(morning))
    groups = {key: Group(text(timedelta()), None)}
    assert told(gathered(WARNING, at=morning - MINUTE, groups=groups, target="boss")) == []
    whole = gathered(WARNING, OTHERS, at=morning, groups=groups, target="boss")
    assert told(whole) == [(*key, ["W", "O"])]


def test_a_group_with_nothing_left_to_tell_waits_no_more() -> None:
    kept = {("mail", "customer:01C"): Group(None, text(-HOUR))}
    found = gathered(groups=waits(-MINUTE, -HOUR) | kept)
    assert found.groups == {KEY: Group(None, text(-HOUR))}
