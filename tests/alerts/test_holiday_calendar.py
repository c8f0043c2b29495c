"""Which calendars of public holidays are known: what is known by heart holds, the rest is asked."""

from datetime import date

import pytest

from hub.alerts import free_days
from hub.alerts.holiday_calendar import STATES, has_calendar
from hub.alerts.holiday_calendar import free_days as days_of


def test_what_is_known_by_heart_is_known_to_the_package() -> None:
    places: list[tuple[str, str | None]] = [
        (country, state) for country, states in STATES.items() for state in states
    ]
    places += [(country, None) for country in STATES]
    assert [place for place in places if not free_days.is_known(*place)] == []


@pytest.mark.parametrize(
    ("country", "state", "known"),
    [
        ("DE", None, True),
        ("DE", "BY", True),
        ("DE", "Augsburg", True),  # the package knows more than is known by heart
        ("DE", "XX", False),
        ("FR", None, True),
        ("US", "CA", True),
        ("US", "XX", False),
        ("ZZ", None, False),
    ],
)
def test_every_calendar_of_the_package_is_known(
    country: str, state: str | None, known: bool
) -> None:
    assert has_calendar(country, state) is known


def test_a_holiday_of_one_state_is_none_of_another() -> None:
    all_saints = date(2026, 11, 1)
    assert all_saints in days_of("DE", "BY", 2026)
    assert all_saints not in days_of("DE", "BE", 2026)
