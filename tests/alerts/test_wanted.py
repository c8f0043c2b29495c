"""What is to be told of one alert, to whom and why, and what stands told of it afterwards."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from hub.alerts.business_time import BusinessTime
from hub.alerts.delivery import gate, speakers, told_after, wanted, world
from hub.clock import instant_text
from hub.model.alert import Condition, Severity
from hub.model.fact import Subject
from hub.model.notice import (
    Delivery,
    Gate,
    Handled,
    Handling,
    Reason,
    Route,
    Routing,
    Silence,
    Standing,
    Telling,
)
from hub.model.setting import Company

TOLD = datetime(2026, 11, 23, 10, tzinfo=UTC)
"""A Monday, at eleven in Berlin."""
AT = instant_text(TOLD)
INFO, WARNING, CRITICAL = Severity.INFO, Severity.WARNING, Severity.CRITICAL
ALERT = Standing("A", "R01", Subject("deal", "d1"), "01A", Condition.FIRING, WARNING, AT)
ROUTING = Routing(
    routes=(
        Route(("sales",), departments=frozenset({"sales"})),
        Route(("boss",), severity=CRITICAL),
        Route(("author",), rules=frozenset({"R02"})),
    ),
    departments={"R01": "sales", "R02": "service"},
)
CLOSED = Gate(Delivery.SILENCED, "S")


def items(
    alert: Standing,
    told: dict[str, Telling],
    *,
    after: timedelta = timedelta(),
    closed: bool = False,
    source_doubted: bool = False,
) -> list[tuple[str, str | None]]:
    found = wanted(
        alert,
        told,
        CLOSED if closed else Gate(),
        source_doubted=source_doubted,
        world=world(TOLD + after, ROUTING, [alert]),
        business=BusinessTime(Company()),
    )
    return [(one.target, one.reason and str(one.reason)) for one in found]


def acknowledged(until: timedelta) -> Handled:
    return Handled(Handling.ACKNOWLEDGED, "me", instant_text(TOLD + until))


@pytest.mark.parametrize(
    ("changes", "hears"),
    [
        ({}, [("sales", "new")]),
        ({"severity": CRITICAL}, [("boss", "new"), ("sales", "new")]),
        ({"rule": "R02"}, [("author", "new")]),
        ({"rule": "R03"}, []),
        ({"reopened": 1}, [("sales", "reopened")]),
        ({"condition": Condition.PENDING}, []),
        ({"condition": Condition.RECOVERING}, []),
        ({"condition": Condition.UNKNOWN}, []),
        ({"condition": Condition.RESOLVED}, []),
        ({"handled": acknowledged(timedelta(hours=1))}, [("sales", None)]),
        ({"handled": acknowledged(timedelta())}, [("sales", "new")]),
        ({"handled": Handled(Handling.IN_PROGRESS)}, [("sales", None)]),
    ],
)
def test_who_was_told_nothing_hears_of_what_fires(
    changes: dict[str, object], hears: list[tuple[str, str | None]]
) -> None:
    alert = replace(ALERT, **changes)  # type: ignore[arg-type]  # a table of cases
    assert items(alert, {}) == hears
    assert items(alert, {}, closed=True) == [one for one in hears if one[1] is None]


DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("telling", "changes", "after", "reason"),
    [
        (Telling(WARNING, AT, AT), {}, 3 * DAY - timedelta(minutes=1), None),
        (Telling(WARNING, AT, AT), {}, 3 * DAY, "repeat"),
        (Telling(WARNING, AT, AT, 1), {}, 7 * DAY, None),  # six business days: a week and one
        (Telling(WARNING, AT, AT, 1), {}, 8 * DAY, "repeat"),
        (Telling(WARNING, AT, AT, 9), {}, 96 * DAY, None),
        (Telling(WARNING, AT, AT, 9), {}, 145 * DAY, "repeat"),
        (Telling(INFO, AT, AT), {}, timedelta(), "worse"),
        (Telling(CRITICAL, AT, AT), {}, timedelta(), None),
        (Telling(WARNING, AT, AT), {"handled": acknowledged(9 * DAY)}, 3 * DAY, None),
        (Telling(INFO, AT, AT), {"handled": acknowledged(9 * DAY)}, 3 * DAY, "worse"),
        (Telling(WARNING, AT, AT), {"condition": Condition.RECOVERING}, 3 * DAY, None),
        (Telling(WARNING, AT, AT), {"condition": Condition.ERROR}, 3 * DAY, None),
    ],
)
def test_who_was_told_is_reminded_or_told_that_it_is_worse(
    telling: Telling, changes: dict[str, object], after: timedelta, reason: str | None
) -> None:
    alert = replace(ALERT, **changes)  # type: ignore[arg-type]  # a table of cases
    hears = [("sales", reason)] if reason else []
    assert items(alert, {"sales": telling}, after=after) == hears
    assert items(alert, {"sales": telling}, after=after, closed=True) == []


@pytest.mark.parametrize("closed", [False, True])
def test_who_was_told_hears_of_the_end_whatever_keeps_it_back_but_a_source_in_doubt(
    closed: bool,
) -> None:
    over = replace(ALERT, condition=Condition.RESOLVED)
    told = {"sales": Telling(WARNING, AT, AT), "left": Telling(INFO, AT, AT)}
    ends = [("left", "resolved"), ("sales", "resolved")]
    assert items(over, told, closed=closed) == ends
    assert items(over, told, closed=closed, source_doubted=True) == []


def test_a_clock_that_was_put_back_counts_from_now_on() -> None:
    told = {"sales": Telling(INFO, AT, AT)}
    assert items(ALERT, told, after=-timedelta(hours=1)) == [("sales", None)]


def test_what_stands_told_is_the_worst_that_was_said_and_how_often_it_was_repeated() -> None:
    later = instant_text(TOLD + DAY)
    first = told_after(ALERT, Reason.NEW, None, AT)
    assert first == Telling(WARNING, AT, AT, 0)
    assert told_after(ALERT, Reason.REPEAT, first, later) == Telling(WARNING, AT, later, 1)
    worse = replace(ALERT, severity=CRITICAL)
    assert told_after(worse, Reason.WORSE, first, later) == Telling(CRITICAL, AT, later, 0)
    assert told_after(worse, None, first, later) == Telling(WARNING, AT, later, 0)


def silence(name: str, hours: int) -> Silence:
    return Silence(name, AT, instant_text(TOLD + timedelta(hours=hours)), "", "", AT)


def test_of_several_silences_the_one_that_ends_last_is_named() -> None:
    here = world(TOLD, ROUTING, [ALERT], silences=[silence("S1", 2), silence("S2", 9)])
    found = gate(ALERT, here, speakers(here))
    assert (found.because, found.until) == ("S2", silence("S2", 9).until)


def test_a_rule_that_storms_is_held_before_all_else() -> None:
    here = world(TOLD, ROUTING, [ALERT], silences=[silence("S1", 2)], held={"R01"})
    assert gate(ALERT, here, speakers(here)) == Gate(Delivery.INHIBITED, "storm:R01")
