"""The public holidays of the world, by the package that knows them.

A module of its own, named at run time in `hub.alerts.holiday_calendar`: asked for one country, the
package loads every country there is, three hundred modules.
"""

from datetime import date

import holidays


def is_known(country: str, state: str | None) -> bool:
    """Say whether the package knows a country, and that state in it."""
    try:
        holidays.country_holidays(country, subdiv=state)
    except NotImplementedError:
        return False
    return True


def free_days(country: str, state: str | None, year: int) -> frozenset[date]:
    """Return the public holidays of a year. Raises NotImplementedError where none are known."""
    return frozenset(holidays.country_holidays(country, subdiv=state, years=year))
