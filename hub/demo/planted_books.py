"""Cases at the border of bookkeeping and service: R09 to R14, R16 and R18, with near misses."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from hub.demo import numbers, people_names
from hub.demo.billing import add_contract, add_invoice, dun, pay
from hub.demo.draft import Draft
from hub.demo.helpdesk import add_ticket
from hub.demo.model import Company
from hub.demo.planting import Planter, note, open_ticket
from hub.demo.reach import Lead
from hub.demo.trading import add_deal, add_order, add_project, add_won_deal, offer_reference


@dataclass(frozen=True, slots=True)
class _Drift:
    """An order over another amount than the offer it follows, delivered and paid as ordered."""

    offered_euros: int
    ordered_euros: int
    look_for: str

    def __call__(self, draft: Draft, part: str, company: Company) -> None:
        deal = add_won_deal(draft, company, won_ago=70, amount_minor=self.offered_euros * 100)
        reference = offer_reference(draft, deal)
        order = replace(
            add_order(draft, deal, ends_ago=30, reference=reference),
            net_minor=self.ordered_euros * 100,
        )
        draft.orders[-1] = order
        add_project(draft, deal, order, ends_ago=30)
        invoice = add_invoice(
            draft, company, net_minor=order.net_minor, issued=draft.day(28), order=order
        )
        pay(draft, invoice)
        note(draft, part, company, self.look_for, deal, order)


@dataclass(frozen=True, slots=True)
class _Reminder:
    """An invoice that is to be dunned while a ticket about billing is open, or was until now."""

    settled: bool
    look_for: str

    def __call__(self, draft: Draft, part: str, company: Company) -> None:
        invoice = add_invoice(draft, company, net_minor=278_000, issued=draft.day(33))
        invoice = dun(draft, invoice, level=1, next_in=2)
        if self.settled:
            opened = draft.at(draft.day(9))
            closed = opened + timedelta(days=3)
            ticket = add_ticket(
                draft, company, kind="billing", priority="normal", opened=opened, closed=closed
            )
        else:
            ticket = open_ticket(draft, company, "billing", "normal", days_ago=6)
        note(draft, part, company, self.look_for, invoice, ticket)


@dataclass(frozen=True, slots=True)
class _Default:
    """A deal with a customer who has owed 4,760 EUR for so many days."""

    overdue_days: int
    look_for: str

    def __call__(self, draft: Draft, part: str, company: Company) -> None:
        invoice = add_invoice(
            draft, company, net_minor=400_000, issued=draft.day(self.overdue_days + 14)
        )
        if self.overdue_days > 30:
            invoice = dun(draft, invoice, level=1)
        deal = add_deal(draft, company, amount_minor=1_800_000, stage=4, closes_in=50)
        note(draft, part, company, self.look_for, deal, invoice)


@dataclass(frozen=True, slots=True)
class _Unpaid:
    """Hours of service that nobody pays, with or without a contract that covers them."""

    covered: bool
    look_for: str

    def __call__(self, draft: Draft, part: str, company: Company) -> None:
        if self.covered:
            add_contract(draft, company, annual_minor=480_000)
        ticket = add_ticket(
            draft,
            company,
            kind="incident",
            priority="normal",
            opened=draft.at(draft.day(5)),
            hours=3.5,
        )
        note(draft, part, company, self.look_for, ticket)


@dataclass(frozen=True, slots=True)
class _Notice:
    """A contract over 24,000 EUR a year near its notice deadline, and an open complaint."""

    notice_in: int
    look_for: str

    def __call__(self, draft: Draft, part: str, company: Company) -> None:
        contract = add_contract(draft, company, annual_minor=2_400_000, notice_in=self.notice_in)
        ticket = open_ticket(draft, company, "complaint", "normal", days_ago=7)
        note(draft, part, company, self.look_for, contract, ticket)


@dataclass(frozen=True, slots=True)
class _Quota:
    """A contract of 100 hours, half of whose year is over."""

    used: int
    look_for: str

    def __call__(self, draft: Draft, part: str, company: Company) -> None:
        contract = add_contract(draft, company, annual_minor=900_000, hours=(100, self.used))
        note(draft, part, company, self.look_for, contract)


@dataclass(frozen=True, slots=True)
class _Enquiry:
    """A lead of a company that is a customer already; own: its own account owner has it."""

    own: bool
    look_for: str

    def __call__(self, draft: Draft, part: str, company: Company) -> None:
        accounts = [account for account in draft.accounts if account.company == company.id]
        others = [name for name in people_names.STAFF if name != accounts[0].owner]
        owner = accounts[0].owner if self.own else others[0]
        lead = add_lead(draft, company, owner=owner)
        note(draft, part, company, self.look_for, lead)


def add_lead(draft: Draft, company: Company, *, owner: str) -> Lead:
    """Add a new enquiry of a company's first contact and return it."""
    person = draft.people_of[company.id][0]
    created = draft.at(draft.day(2))
    lead = Lead(
        id=f"L-{60000 + len(draft.leads) + 1}",
        company=company.id,
        company_name=company.name,
        city=company.address.city,
        name=f"{person.given_name} {person.family_name}",
        email=person.email,
        status="Neu",
        source="Messe",
        owner=owner,
        created_at=created,
        updated_at=created,
    )
    draft.leads.append(lead)
    return lead


def _moved(draft: Draft, part: str, company: Company) -> None:
    """Bill a customer at the new address, of which the CRM has not heard."""
    invoice = add_invoice(draft, company, net_minor=512_000, issued=draft.day(8))
    text = "the CRM has another address than the books, and an invoice is open"
    (account,) = (one for one in draft.accounts if one.company == company.id)
    note(draft, part, company, text, company, invoice, account)


@dataclass(frozen=True, slots=True)
class _NewAccount:
    """The books have another IBAN than the CRM since so many days, and a payment is due in nine."""

    changed_ago: int
    look_for: str

    def __call__(self, draft: Draft, part: str, company: Company) -> None:
        changed = draft.day(self.changed_ago)
        debtor = replace(
            draft.debtor_of[company.id],
            iban=numbers.iban((50_000 + company.id) * 97),
            iban_changed_on=changed,
            updated_at=draft.at(changed),
        )
        draft.debtors[[one.number for one in draft.debtors].index(debtor.number)] = debtor
        draft.debtor_of[company.id] = debtor
        (place,) = (n for n, one in enumerate(draft.accounts) if one.company == company.id)
        account = draft.accounts[place] = replace(draft.accounts[place], iban=company.iban)
        invoice = add_invoice(draft, company, net_minor=620_000, issued=draft.day(5))
        note(draft, part, company, self.look_for, company, invoice, account)


BOOKS_CASES: Mapping[str, Planter] = {
    "R09": _Drift(24_000, 18_000, "24,000 EUR offered, 18,000 EUR ordered"),
    "R09-near": _Drift(24_000, 23_000, "1,000 EUR less ordered than offered: 4 %"),
    "R10": _Reminder(False, "the second reminder goes out in 2 days; a billing ticket is open"),
    "R10-near": _Reminder(True, "the billing ticket was settled"),
    "R11": _Default(47, "18,000 EUR in stage 4; 4,760 EUR have been overdue for 47 days"),
    "R11-near": _Default(12, "the same, overdue for 12 days only"),
    "R12": _Unpaid(False, "3.5 hours worked, neither billable nor under contract"),
    "R12-near": _Unpaid(True, "the same hours, covered by a contract"),
    "R13": _Notice(40, "notice is due in 40 days, 24,000 EUR a year, a complaint is open"),
    "R13-near": _Notice(75, "the same, with 75 days left"),
    "R14": _Quota(85, "85 of 100 hours used in half of the year"),
    "R14-near": _Quota(70, "70 of 100 hours used in half of the year"),
    "R18-address": _moved,
    "R18-iban": _NewAccount(6, "another IBAN for six days, and a payment is due in nine: critical"),
    "R18-near": _NewAccount(40, "another IBAN, but for 40 days"),
    "R16": _Enquiry(False, "a new lead of an old customer, with another seller"),
    "R16-near": _Enquiry(True, "the lead is with the customer's own seller"),
}
"""Part of the cast -> what happens to it."""
