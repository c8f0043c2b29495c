"""Cases that start from a deal: R01, R06, R07 and R19, with their near misses."""

from collections.abc import Mapping
from dataclasses import dataclass

from hub.demo.billing import add_invoice, dun
from hub.demo.draft import Draft
from hub.demo.helpdesk import add_ticket
from hub.demo.model import Company, Deal
from hub.demo.planting import Planter, note, open_ticket
from hub.demo.trading import add_deal, add_project, add_won_deal


@dataclass(frozen=True, slots=True)
class _Meeting:
    """A deal and a ticket that meet at one customer; amounts in whole euros."""

    euros: int
    stage: int
    closes_in: int
    kind: str
    priority: str
    ticket_days_ago: int
    look_for: str

    def __call__(self, draft: Draft, part: str, company: Company) -> None:
        deal = self.deal(draft, company)
        ticket = open_ticket(
            draft, company, self.kind, self.priority, days_ago=self.ticket_days_ago
        )
        note(draft, part, company, self.look_for, deal, ticket)

    def deal(self, draft: Draft, company: Company) -> Deal:
        return add_deal(
            draft,
            company,
            amount_minor=self.euros * 100,
            stage=self.stage,
            closes_in=self.closes_in,
        )


@dataclass(frozen=True, slots=True)
class _Won:
    """A deal won so many days ago that no order follows."""

    euros: int
    won_ago: int
    look_for: str
    project: bool = False

    def __call__(self, draft: Draft, part: str, company: Company) -> None:
        deal = add_won_deal(draft, company, won_ago=self.won_ago, amount_minor=self.euros * 100)
        if not self.project:
            note(draft, part, company, self.look_for, deal)
            return
        project = add_project(draft, deal, None, ends_ago=-60)
        note(draft, part, company, self.look_for, deal, project)


@dataclass(frozen=True, slots=True)
class _Forecast:
    """Open deals of a customer that is being dunned; (euros, stage) each."""

    deals: tuple[tuple[int, int], ...]
    look_for: str

    def __call__(self, draft: Draft, part: str, company: Company) -> None:
        deals = [
            add_deal(draft, company, amount_minor=euros * 100, stage=stage, closes_in=55)
            for euros, stage in self.deals
        ]
        invoice = add_invoice(draft, company, net_minor=340_000, issued=draft.day(62))
        invoice = dun(draft, invoice, level=2)
        note(draft, part, company, self.look_for, company, invoice, *deals)
        for deal in deals:
            text = f"{deal.amount_minor // 100:,} EUR on offer; the second reminder is out"
            note(draft, "R11-reminded", company, text, deal, invoice)


@dataclass(frozen=True, slots=True)
class _Silent:
    """An offer that nobody has touched for so many days."""

    silent_days: int
    look_for: str

    def __call__(self, draft: Draft, part: str, company: Company) -> None:
        deal = add_deal(
            draft,
            company,
            amount_minor=1_850_000,
            stage=3,
            closes_in=30 - self.silent_days,
            silent_days=self.silent_days,
            age_days=self.silent_days + 60,
        )
        note(draft, part, company, self.look_for, deal)


def _solved_complaint(draft: Draft, part: str, company: Company) -> None:
    deal = add_deal(draft, company, amount_minor=5_200_000, stage=4, closes_in=35)
    closed = draft.at(draft.day(1))
    ticket = add_ticket(
        draft,
        company,
        kind="complaint",
        priority="high",
        opened=draft.at(draft.day(12)),
        closed=closed,
    )
    note(draft, part, company, "the complaint was settled yesterday", deal, ticket)


SALES_CASES: Mapping[str, Planter] = {
    "R01-ticket": _Meeting(
        64_000, 4, 9, "incident", "high", 15,
        "64,000 EUR close in 9 days while a high ticket is open for 15: critical",
    ),
    "R01-complaint": _Meeting(
        12_400, 3, 45, "complaint", "normal", 8,
        "12,400 EUR in stage 3 while a complaint is open: warning",
    ),
    "R01-near-new": _Meeting(
        38_000, 4, 40, "incident", "high", 0,
        "the high ticket is younger than 16 business hours (it fires two working days later)",
    ),
    "R01-near-small": _Meeting(
        4_900, 4, 40, "complaint", "normal", 10, "the deal is below 5,000 EUR"
    ),
    "R01-near-early": _Meeting(
        60_000, 2, 60, "complaint", "high", 9, "the deal has not reached stage 3"
    ),
    "R01-near-solved": _solved_complaint,
    "R06": _Forecast(
        ((30_000, 4), (24_000, 3)), "33,000 EUR weighted forecast, and the second reminder is out"
    ),
    "R06-near": _Forecast(((27_000, 4),), "18,900 EUR weighted forecast is below 20,000 EUR"),
    "R07-warning": _Won(38_400, 8, "won 8 days ago, neither order nor project: warning"),
    "R07-critical": _Won(22_750, 21, "won 21 days ago, neither order nor project: critical"),
    "R07-near-new": _Won(25_000, 3, "won 3 days ago only (it fires two days later)"),
    "R07-near-small": _Won(1_900, 30, "the deal is below 2,000 EUR"),
    "R07-near-project": _Won(16_800, 12, "no order, but a project cites the offer", project=True),
    "R19": _Silent(140, "an open offer over 18,500 EUR, untouched for 140 days"),
    "R19-near": _Silent(4, "the same offer, touched 4 days ago"),
}  # fmt: skip
"""Part of the cast -> what happens to it."""
