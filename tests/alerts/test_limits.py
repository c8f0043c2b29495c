"""The credit limit of a customer that several records state."""

from typing import Any

import pytest

from hub.alerts.entities import customer


@pytest.mark.parametrize(
    ("limits", "told"),
    [
        ([], None),
        ([(0, "EUR", None)], None),
        ([(900, "EUR", None), (500, None, None)], 500),
        ([(900, "EUR", None), (500, "CHF", 1.1)], 550),
        ([(900, "EUR", None), (500, "CHF", None)], None),
        ([(500, "CHF", None)], None),
    ],
)
def test_the_strictest_limit_counts_where_all_are_known(
    limits: list[tuple[int, str | None, float | None]], told: int | None
) -> None:
    names = ("credit_limit_minor", "currency", "exchange_rate")
    records: list[dict[str, Any]] = [dict(zip(names, one, strict=True)) for one in limits]
    assert customer({}, records, 1.0, "EUR").get("credit_limit") == told
