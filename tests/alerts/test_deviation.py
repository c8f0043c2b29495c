"""How far a month strays from the twelve before it, and a week of work from a first half."""

from datetime import date, timedelta
from typing import Any

import pytest

from hub.alerts.course import anomaly, costs_seen
from hub.alerts.deviation import FEWEST_PERIODS, deviation
from hub.alerts.observation import robust_z

LAST = date(2026, 10, 31)
MONTHS = [f"{2025 + (9 + n) // 12}-{(9 + n) % 12 + 1:02}" for n in range(13)]
"""October 2025 to October 2026."""


def series(*values: float | None) -> dict[str, float]:
    """Return the last months of the thirteen with these values, the judged one last."""
    months = MONTHS[-len(values) :]
    return {month: value for month, value in zip(months, values, strict=True) if value is not None}


def test_the_robust_z_is_of_the_median_and_its_mad() -> None:
    assert robust_z(10.0, [1.0, 2.0, 3.0, 4.0, 5.0]) == pytest.approx(0.6745 * 7)
    assert robust_z(104.0, [100.0] * 5) == pytest.approx(0.6745 * 2)  # the MAD is 2 % at least
    assert robust_z(104.0, [100.0] * 5, 4.0) == pytest.approx(0.6745)


@pytest.mark.parametrize("metric", ["revenue", "receipts"])
def test_a_month_of_money(metric: str) -> None:
    steady = [480_000.0, 470_000.0, 490_000.0] * 4
    found = deviation(metric, series(*steady, 150_000.0), LAST)
    assert found is not None
    assert (found["metric"], found["deviation_net"], found["usual"]) == (metric, -330_000, 480_000)
    assert found["deviation_pct"] == pytest.approx(-68.75)
    assert found["robust_z"] == pytest.approx(0.6745 * -330_000 / 10_000)
    assert found["ended_on"] == "2026-10-31"
    assert deviation(metric, series(*steady, 478_000.0), LAST) is None
    silent = deviation(metric, series(*steady, None), LAST)
    assert silent is not None
    assert silent["value"] == 0.0  # nothing came in: that is what there is to tell
    just_enough, too_few = steady[:FEWEST_PERIODS], steady[: FEWEST_PERIODS - 1]
    assert deviation(metric, series(*just_enough, 150_000.0), LAST) is not None
    assert deviation(metric, series(*too_few, 150_000.0), LAST) is None
    assert deviation(metric, {}, LAST) is None


def test_a_month_of_days_to_pay() -> None:
    usual: list[float | None] = [14.0, 15.0, None, 14.0, 13.0, None, 14.0, 15.0, 14.0]
    found = deviation("days_to_pay", series(*usual, 30.0), LAST)
    assert found is not None
    assert (found["value"], found["usual"]) == (30.0, 14.0)  # a month without one is no zero
    assert found["robust_z"] == pytest.approx(0.6745 * 16)  # the MAD is a day at least
    assert "deviation_net" not in found  # days are no money
    assert deviation("days_to_pay", series(*usual, None), LAST) is None
    assert deviation("days_to_pay", series(*usual, 15.0), LAST) is None
    assert deviation("days_to_pay", series(14.0, 14.0, None, None, None, 30.0), LAST) is None


def test_a_week_of_work_against_the_projects_first_half() -> None:
    start = date(2026, 8, 31)  # a Monday
    hours = [20.0, 22.0, 18.0, 20.0, 21.0, 60.0, 20.0, 19.0]
    days = {(start + timedelta(weeks=n)).isoformat(): value for n, value in enumerate(hours)}
    found = anomaly(days)
    assert found["anomaly_on"] == "2026-10-05"
    assert found["anomaly_score"] == pytest.approx(0.6745 * 40 / 1)
    del days["2026-10-05"]  # a week without any work strays as well, downwards: that is no burn
    assert anomaly(days)["anomaly_score"] < 1
    assert anomaly(dict(list(days.items())[:5])) == {"anomaly_score": 0.0}


START = date(2026, 6, 1)  # a Monday


def on(week: int) -> str:
    return (START + timedelta(weeks=week)).isoformat()


def test_changes_asked_for_are_held_against_the_first_half() -> None:
    hours = {on(week): 20.0 for week in range(12)}
    found = anomaly(hours, {on(1): 1, on(9): 8})
    assert found["anomaly_on"] == on(9)
    assert found["anomaly_score"] == pytest.approx(0.6745 * 8)  # the MAD is a request at least
    assert found["anomaly"]["en"] == "change requests of a week, against its own first half"
    assert found["anomaly"]["de"].startswith("Änderungswünsche einer Woche, gegen die eigene")
    assert anomaly(hours, {on(1): 1, on(9): 2})["anomaly_score"] < 3.5
    early = anomaly(hours, {on(1): 8})  # at the start: that is how it was planned
    assert early["anomaly_score"] == 0.0
    # Without hours the project's start says how long nobody asked for anything.
    assert anomaly({}, {on(9): 8})["anomaly_score"] == 0.0
    assert anomaly({}, {on(9): 8}, starts_on=on(0))["anomaly_score"] == pytest.approx(0.6745 * 8)
    assert anomaly({}, {on(9): 8}, starts_on="1990-01-01")["anomaly_score"] == 0.0  # a mistake


def seen(*costs: int | None) -> list[list[Any]]:
    told: list[list[Any]] = []
    for week, cost in enumerate(costs):
        told = costs_seen(told, START + timedelta(weeks=week, days=3), cost)
    return told


def test_a_weeks_cost_is_held_against_the_first_half() -> None:
    weekly = [900_000, 100_000, 110_000, 90_000, 100_000, 105_000, 600_000, 100_000, 95_000]
    costs = seen(*[sum(weekly[:until]) for until in range(1, 10)])
    found = anomaly({}, None, costs)
    assert found["anomaly_on"] == on(6)
    assert found["anomaly_score"] == pytest.approx(0.6745 * 500_000 / 10_000)
    assert found["anomaly"]["de"] == "Kosten einer Woche, gegen die eigene erste Hälfte"
    assert anomaly({}, None, costs[:8]) == {"anomaly_score": 0.0}  # seven weeks tell nothing
    hours = {on(week): 20.0 + week % 2 for week in range(9)} | {on(7): 90.0}
    both = anomaly(hours, None, costs)
    assert both["anomaly_score"] > found["anomaly_score"]  # the greatest of what strays stands
    assert (both["anomaly_on"], both["week_hours"]) == (on(7), 90.0)


def test_cost_in_lumps_is_spread_over_the_weeks_between() -> None:
    monthly = [n // 4 * 400_000 for n in range(21)]
    costs = seen(*monthly)
    assert costs[1] == [on(4), 400_000]
    assert anomaly({}, None, costs)["anomaly_score"] == 0.0
    assert anomaly({}, None, seen(*monthly, None, 0))["anomaly_score"] == 0.0  # a correction
    nothing_yet = seen(*[0] * 10, 50_000, 100_000, 900_000)
    assert anomaly({}, None, nothing_yet)["anomaly_score"] == pytest.approx(0.6745 * 79.5)
    assert len(seen(*range(300))) == 104
    assert seen(1, 2, 3)[:1] == costs_seen(seen(0, 2, 3), START, 1)  # a clock put back
    assert costs_seen([[on(0), 5]], START + timedelta(days=6), 9) == [[on(0), 9]]
