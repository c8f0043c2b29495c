"""Makes the demo company's world: `world(seed, today)` is a pure function of its arguments."""

from datetime import date
from random import Random

from hub.demo.accompany import accompany
from hub.demo.draft import Draft
from hub.demo.filing import keep_master_data
from hub.demo.founding import found_random
from hub.demo.model import World
from hub.demo.ordinary import run_families
from hub.demo.planted import plant

SMALLEST = 80
"""Customers that the planted cases and one of each kind of relative need."""


def world(seed: int, today: date, customers: int = 300) -> World:
    """Return the company's world as of the morning of `today`, with so many customers.

    The same arguments give the same world. Nothing in it is later than yesterday evening but
    plans. Raises ValueError for fewer customers than the planted cases need.
    """
    if customers < SMALLEST:
        raise ValueError(f"the demo needs at least {SMALLEST} customers, got {customers}")
    draft = Draft(seed, today, Random(seed))
    plant(draft)
    cast = len(draft.companies)
    found_random(draft, customers)
    run_families(draft, draft.companies[cast:])
    keep_master_data(draft)
    return draft.finished(accompany(draft))
