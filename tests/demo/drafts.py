"""A draft with a single company, to try one builder on."""

from datetime import date
from random import Random

from hub.demo import (
    filing,
    founding,
    trading,
)
from hub.demo.draft import Draft
from hub.demo.model import Address, Company, Deal, Order

TODAY = date(2026, 11, 23)


CHARTER = founding.Charter(
    "Hallwandt Fördertechnik",
    "GmbH",
    "Fördertechnik",
    1,
    Address("Werkstraße", "7", "86167", "Augsburg"),
)


def drafted(seed: int = 1) -> tuple[Draft, Company]:
    """Return a draft with one company that is filed everywhere."""
    draft = Draft(seed, TODAY, Random(seed))
    company = founding.found(draft, CHARTER)
    filing.file_customer(draft, company, debtor=True, doubled=False)
    return draft, company


def won(draft: Draft, company: Company) -> tuple[Deal, Order]:
    deal = trading.add_won_deal(draft, company, won_ago=60, amount_minor=5_000_000)
    return deal, trading.add_order(draft, deal, ends_ago=30, reference=f"Angebot {deal.number}")
