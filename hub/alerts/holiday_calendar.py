"""Public holidays, loaded when a day is asked for."""

from datetime import date
from functools import lru_cache
from importlib import import_module
from types import ModuleType

STATES = {
    country: frozenset(states.split())
    for country, states in {
        "DE": "BB BE BW BY HB HE HH MV NI NW RP SH SL SN ST TH",
        "AT": "1 2 3 4 5 6 7 8 9",
        "CH": "AG AI AR BE BL BS FR GE GL GR JU LU NE NW OW SG SH SO SZ TG TI UR VD VS ZG ZH",
    }.items()
}
"""Country -> states the package is known to know, so that a start need not load it to ask."""


def has_calendar(country: str, state: str | None) -> bool:
    """Say whether the public holidays of a country, or of a state in it, are known."""
    known = STATES.get(country)
    if known is not None and (state is None or state in known):
        return True
    return bool(_free_days().is_known(country, state))


@lru_cache(maxsize=4_096)
def free_days(country: str, state: str | None, year: int) -> frozenset[date]:
    """Return the public holidays of a year in a known country, or in a state of it."""
    days: frozenset[date] = _free_days().free_days(country, state, year)
    return days


def _free_days() -> ModuleType:
    return import_module("hub.alerts.free_days")
