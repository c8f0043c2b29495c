"""The ordinary course of business of every customer that no case is planted on.

A family (a company with its sisters and namesakes) either sells or complains, never both, so that
no deal without a planted case meets a rule, not even where two of a family are taken for one.
"""

from dataclasses import replace
from typing import Literal

from hub.demo.billing import add_contract, dun
from hub.demo.draft import Draft
from hub.demo.filing import file_customer
from hub.demo.helpdesk import add_settled_tickets, add_ticket
from hub.demo.model import Company
from hub.demo.trading import Case, add_deal, run_case

Mood = Literal["prospect", "selling", "troubled", "calm"]
LONGEST_SILENT = 60
"""Days for which a running order without a project tells nothing: were it longer, R19 would."""


def run_families(draft: Draft, companies: list[Company]) -> None:
    """Give every company of the list its files and its history."""
    moods: dict[int, Mood] = {}
    for company in companies:
        mood = moods.get(company.family) or _draw_mood(draft)
        moods[company.family] = mood
        file_customer(draft, company, debtor=mood != "prospect", doubled=draft.chance(0.04))
        _RUN[mood](draft, company)


def _draw_mood(draft: Draft) -> Mood:
    moods: tuple[Mood, ...] = ("prospect", "selling", "troubled", "calm")
    return draft.rng.choices(moods, (10, 25, 8, 57))[0]


def _prospect(draft: Draft, company: Company) -> None:
    if draft.chance(0.6):
        _offer(draft, company)
    if draft.chance(0.3):
        _lose(draft, company)


def _selling(draft: Draft, company: Company) -> None:
    settle(draft, company, cases=draft.rng.randint(0, 3))
    for _ in range(draft.rng.choice((1, 1, 2))):
        _offer(draft, company)


def _troubled(draft: Draft, company: Company) -> None:
    """Bill only a flat contract, so that no dip of the turnover meets the complaint."""
    add_contract(draft, company, annual_minor=draft.rng.randrange(24, 160) * 12_000)
    add_settled_tickets(draft, company, draft.rng.randint(1, 6))
    opened = draft.at(draft.day(draft.rng.randint(3, 20)))
    kind, priority = draft.rng.choice(
        (
            ("complaint", "normal"),
            ("complaint", "high"),
            ("incident", "high"),
            ("incident", "urgent"),
        )
    )
    add_ticket(draft, company, kind=kind, priority=priority, opened=opened)


def _calm(draft: Draft, company: Company) -> None:
    settle(draft, company, cases=draft.rng.randint(0, 3))
    if draft.chance(0.3):
        opened = draft.at(draft.day(draft.rng.randint(1, 6)))
        add_ticket(draft, company, kind="request", priority="normal", opened=opened)
    if draft.chance(0.3):
        _lose(draft, company)
    if draft.chance(0.12):
        _overdue(draft, company)


_RUN = {"prospect": _prospect, "selling": _selling, "troubled": _troubled, "calm": _calm}


def settle(draft: Draft, company: Company, *, cases: int) -> None:
    """Add business cases that went as they should, perhaps a contract, and answered tickets."""
    rng, terms = draft.rng, draft.rng.choice((14, 30))
    for _ in range(cases):
        won_ago = rng.randint(12, 700)
        ends_ago = max(won_ago - rng.randint(25, 120), 0)
        case = Case(
            won_ago=won_ago,
            ends_ago=ends_ago if ends_ago >= 5 else -rng.randint(30, 90),
            net_minor=draw_amount(draft),
            project=draft.chance(0.65),
            pays_after_due=rng.randint(-4, 5),
            terms=terms,
        )
        if case.ends_ago < 0 and not case.project:
            case = replace(case, won_ago=min(won_ago, LONGEST_SILENT))
        run_case(draft, company, case)
    if draft.chance(0.35):
        sla_class, floor = rng.choice((("Bronze", ""), ("Silber", "normal")))
        annual = rng.randrange(12, 180) * 12_000
        add_contract(draft, company, annual_minor=annual, sla_class=sla_class, sla_floor=floor)
    add_settled_tickets(draft, company, rng.choice((0, 1, 2, 3, 5, 8)))


def draw_amount(draft: Draft) -> int:
    """Return a net amount in cents: 2,200 to 180,000 EUR, small ones more often."""
    euros = min(max(draft.rng.lognormvariate(9.4, 0.9), 2_200), 180_000)
    return round(euros / 10) * 1000


def _offer(draft: Draft, company: Company) -> None:
    add_deal(
        draft,
        company,
        amount_minor=draw_amount(draft),
        stage=draft.rng.randint(1, 5),
        closes_in=draft.rng.randint(12, 120),
        silent_days=draft.rng.randint(1, 14),
        age_days=draft.rng.randint(20, 60),
    )


def _lose(draft: Draft, company: Company) -> None:
    lost_ago = draft.rng.randint(20, 500)
    add_deal(
        draft,
        company,
        amount_minor=draw_amount(draft),
        stage=draft.rng.randint(2, 4),
        status="Verloren",
        closes_in=-lost_ago,
        silent_days=lost_ago,
        age_days=lost_ago + 40,
    )


def _overdue(draft: Draft, company: Company) -> None:
    case = Case(
        won_ago=draft.rng.randint(120, 160),
        ends_ago=draft.rng.randint(40, 70),
        net_minor=draw_amount(draft),
        project=False,
        paid=False,
    )
    run_case(draft, company, case)
    dun(draft, draft.invoices[-1], level=draft.rng.choice((1, 2)))
