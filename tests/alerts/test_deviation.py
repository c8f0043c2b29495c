"""How far a month strays from the twelve before it, and a week of work from a first half."""

from datetime import date, timedelta

import pytest

from hub.alerts.deviation import deviation
from hub.alerts.entities import anomaly
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
    assert deviation(metric, series(480_000.0, 470_000.0, 490_000.0, 480_000.0, 9.0), LAST) is None
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
