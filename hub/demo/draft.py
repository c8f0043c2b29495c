"""The world while it is being written: lists to add to, one source of chance, one calendar."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from hub.demo.model import (
    Account,
    Company,
    Contact,
    Contract,
    Deal,
    Debtor,
    Invoice,
    Order,
    Payment,
    Person,
    Planted,
    Project,
    Ticket,
    World,
)
from hub.demo.papers import Papers
from hub.demo.reach import Campaign, Lead, Recipient

LOCAL = ZoneInfo("Europe/Berlin")
ACCESS_LEFT = 5
"""Days for which the hub may still read the project office's files."""


@dataclass(slots=True)
class Draft:
    """A world under construction; only this package's builders write to it.

    legible: companies whose departments must spell them legibly, because a case hangs on it.
    """

    seed: int
    today: date
    rng: Random
    companies: list[Company] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    accounts: list[Account] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    debtors: list[Debtor] = field(default_factory=list)
    deals: list[Deal] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    invoices: list[Invoice] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)
    contracts: list[Contract] = field(default_factory=list)
    tickets: list[Ticket] = field(default_factory=list)
    projects: list[Project] = field(default_factory=list)
    recipients: list[Recipient] = field(default_factory=list)
    campaigns: list[Campaign] = field(default_factory=list)
    leads: list[Lead] = field(default_factory=list)
    planted: list[Planted] = field(default_factory=list)
    identities: list[Planted] = field(default_factory=list)
    dirt: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    people_of: defaultdict[int, list[Person]] = field(default_factory=lambda: defaultdict(list))
    contacts_of: defaultdict[int, list[Contact]] = field(default_factory=lambda: defaultdict(list))
    debtor_of: dict[int, Debtor] = field(default_factory=dict)
    legible: set[int] = field(default_factory=set)
    vorgaenge: int = 0

    def chance(self, share: float) -> bool:
        """Return True in `share` of all calls."""
        return self.rng.random() < share

    def day(self, days_ago: int) -> date:
        """Return the day that many days before today (negative: after it)."""
        return self.today - timedelta(days=days_ago)

    def month_day(self, months_ago: int, day: int) -> date:
        """Return a day of the calendar month so many months before this one."""
        months = self.today.year * 12 + self.today.month - 1 - months_ago
        return date(months // 12, months % 12 + 1, day)

    def at(self, day: date) -> datetime:
        """Return an instant in the office hours of a day, never later than yesterday's."""
        minute = self.rng.randrange(8 * 60, 17 * 60)
        last = min(day, self.today - timedelta(days=1))
        return datetime.combine(last, time(minute // 60, minute % 60), LOCAL)

    def next_vorgang(self) -> int:
        """Return the id of a new business case."""
        self.vorgaenge += 1
        return self.vorgaenge

    def account_of(self, company: int) -> str:
        """Return the CRM account of a company's first contact, "" if the CRM does not know it."""
        contacts = self.contacts_of.get(company)
        return contacts[0].account if contacts else ""

    def finished(self, papers: Papers) -> World:
        """Return the world with what goes with its papers, from now on unchangeable."""
        return World(
            seed=self.seed,
            today=self.today,
            companies=tuple(self.companies),
            people=tuple(self.people),
            accounts=tuple(self.accounts),
            contacts=tuple(self.contacts),
            debtors=tuple(self.debtors),
            deals=tuple(self.deals),
            orders=tuple(self.orders),
            invoices=tuple(self.invoices),
            payments=tuple(self.payments),
            contracts=tuple(self.contracts),
            tickets=tuple(self.tickets),
            projects=tuple(self.projects),
            recipients=tuple(self.recipients),
            campaigns=tuple(self.campaigns),
            leads=tuple(self.leads),
            papers=papers,
            access_ends_on=self.day(-ACCESS_LEFT),
            planted=tuple(case for case in self.planted if case.fires),
            near_misses=tuple(case for case in self.planted if not case.fires),
            identities=tuple(self.identities),
            dirt={kind: tuple(refs) for kind, refs in sorted(self.dirt.items())},
        )
