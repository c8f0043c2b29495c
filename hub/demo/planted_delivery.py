"""Cases that start from a ticket, a project or an invoice: R02 to R05 and R08, with near misses."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from hub.demo.billing import add_contract, add_invoice, pay
from hub.demo.draft import Draft
from hub.demo.model import Company, Project
from hub.demo.planting import Planter, note, open_ticket
from hub.demo.trading import add_order, add_project, add_won_deal, offer_reference


def _delivery(
    draft: Draft, company: Company, *, euros: int, won_ago: int, ends_ago: int
) -> Project:
    """Add a won deal, its order and its project, with nothing invoiced; return the project."""
    deal = add_won_deal(draft, company, won_ago=won_ago, amount_minor=euros * 100)
    order = add_order(draft, deal, ends_ago=ends_ago, reference=offer_reference(draft, deal))
    return add_project(draft, deal, order, ends_ago=ends_ago)


def _amend(draft: Draft, project: Project) -> Project:
    """Put the amended project in the place of the latest one."""
    draft.projects[-1] = project
    return project


@dataclass(frozen=True, slots=True)
class _GoldTicket:
    """A ticket under a contract that asks for high priority."""

    priority: str
    look_for: str

    def __call__(self, draft: Draft, part: str, company: Company) -> None:
        contract = add_contract(
            draft, company, annual_minor=1_440_000, sla_class="Gold", sla_floor="high"
        )
        ticket = open_ticket(draft, company, "incident", self.priority, days_ago=3)
        note(draft, part, company, self.look_for, ticket, contract)


def _golive(draft: Draft, part: str, company: Company) -> None:
    project = _delivery(draft, company, euros=48_000, won_ago=95, ends_ago=-9)
    ticket = open_ticket(draft, company, "incident", "normal", days_ago=2)
    note(draft, part, company, "normal ticket, but a project goes live in 9 days", ticket, project)


@dataclass(frozen=True, slots=True)
class _Turnover:
    """Twelve months of service at about 4,800 EUR, then the latest whole one, and a complaint."""

    latest_minor: int
    look_for: str

    def __call__(self, draft: Draft, part: str, company: Company) -> None:
        for month in range(13, 1, -1):
            net = 480_000 + draft.rng.randrange(-150, 151) * 100
            issued = draft.month_day(month, 8)
            pay(draft, add_invoice(draft, company, net_minor=net, issued=issued))
        latest = add_invoice(
            draft, company, net_minor=self.latest_minor, issued=draft.month_day(1, 8)
        )
        pay(draft, latest)
        ticket = open_ticket(draft, company, "complaint", "high", days_ago=25)
        note(draft, part, company, self.look_for, company, ticket, latest)


@dataclass(frozen=True, slots=True)
class _Burn:
    """A running project: share of planned hours used, and how far its end has slipped."""

    burn_pct: int
    slipped_days: int
    unbilled_minor: int
    look_for: str

    def __call__(self, draft: Draft, part: str, company: Company) -> None:
        project = _delivery(draft, company, euros=86_000, won_ago=80, ends_ago=-45)
        project = _amend(
            draft,
            replace(
                project,
                hours_planned=800,
                hours_actual=8 * self.burn_pct,
                cost_minor=project.budget_minor * self.burn_pct // 100,
                progress_pct=55,
                first_planned_end=draft.day(self.slipped_days - 45),
                unbilled_minor=self.unbilled_minor,
                unbilled_since=draft.day(25),
            ),
        )
        note(draft, part, company, self.look_for, project)


@dataclass(frozen=True, slots=True)
class _Dispute:
    """A disputed invoice whose project ended 45 days ago, with or without a wild fortnight."""

    wild: bool
    look_for: str

    def __call__(self, draft: Draft, part: str, company: Company) -> None:
        project = _delivery(draft, company, euros=31_000, won_ago=150, ends_ago=45)
        even = [20 + draft.rng.randint(0, 1) for _ in range(12)]
        hours = [*even, 74, 81] if self.wild else [*even, 20, 21]
        project = _amend(
            draft,
            replace(
                project,
                weekly_hours=tuple(hours),
                hours_planned=280,
                hours_actual=sum(hours),
            ),
        )
        order = draft.orders[-1]
        invoice = add_invoice(
            draft, company, net_minor=order.net_minor, issued=draft.day(40), order=order
        )
        reminded = draft.at(draft.day(9))  # sooner than anybody pays: disputed, but not stuck
        invoice = replace(invoice, disputed=True, dunning_level=1, updated_at=reminded)
        draft.invoices[-1] = invoice
        note(draft, part, company, self.look_for, invoice, project)


@dataclass(frozen=True, slots=True)
class _Unbilled:
    """Work done and not invoiced. ends_ago: negative for a project that still runs."""

    euros: int
    ends_ago: int
    unbilled_minor: int
    since_days: int
    look_for: str

    def __call__(self, draft: Draft, part: str, company: Company) -> None:
        project = _delivery(draft, company, euros=self.euros, won_ago=190, ends_ago=self.ends_ago)
        rest = self.euros * 100 - self.unbilled_minor
        if rest and self.ends_ago >= 0:
            order, issued = draft.orders[-1], draft.day(self.ends_ago - 3)
            invoice = add_invoice(draft, company, net_minor=rest, issued=issued, order=order)
            pay(draft, invoice)
        project = _amend(
            draft,
            replace(
                project,
                billing="Aufwand",
                unbilled_minor=self.unbilled_minor,
                unbilled_since=draft.day(self.since_days),
            ),
        )
        note(draft, part, company, self.look_for, project)


DELIVERY_CASES: Mapping[str, Planter] = {
    "R02-contract": _GoldTicket("low", "low priority although the Gold contract asks for high"),
    "R02-golive": _golive,
    "R02-near": _GoldTicket("high", "the priority is what the Gold contract asks for"),
    "R03": _Turnover(150_000, "turnover fell from 4,800 to 1,500 EUR, and a complaint is open"),
    "R03-near": _Turnover(478_000, "a complaint is open, but the turnover is steady"),
    "R04": _Burn(82, 14, 1_420_000, "82 % of the hours for 55 % of the work, 14 days late"),
    "R04-near": _Burn(74, 0, 1_200_000, "74 % of the hours for 55 % of the work: 19 points"),
    "R05": _Dispute(True, "disputed invoice; the project's last fortnight took fourfold hours"),
    "R05-near": _Dispute(False, "disputed invoice, but the project ran evenly"),
    "R08-completed": _Unbilled(
        18_300, 20, 1_830_000, 40, "completed 20 days ago, 18,300 EUR not invoiced: warning"
    ),
    "R08-old": _Unbilled(
        52_000, -40, 690_000, 160, "6,900 EUR of work lie uninvoiced for 160 days: critical"
    ),
    "R08-near": _Unbilled(9_680, 25, 48_000, 40, "only 480 EUR are not invoiced"),
}
"""Part of the cast -> what happens to it."""
