"""The demo company's world: what is true, and beside it what each department has on file.

Money is integer cents (EUR). Instants are aware, dates are local to Europe/Berlin.
`company`, `person` and `vorgang` are the true ids, whatever a department wrote.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from hub.demo.papers import Papers
from hub.demo.reach import Campaign, Lead, Recipient

COMPANY_NAME = "Quendel & Raabe Automation GmbH"
"""The fictional company whose departments are exported."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a company sits."""

    street: str
    house_number: str
    postcode: str
    city: str


@dataclass(frozen=True, slots=True)
class Company:
    """One customer as it really is.

    family: companies that could be taken for one another (sisters, namesakes) share it.
    core: the name without its legal form. moved_from: the address some department still knows.
    """

    id: int
    family: int
    core: str
    form: str
    address: Address
    domain: str
    email: str
    phone: str
    vat_id: str
    iban: str
    trade: str
    moved_from: Address | None = None

    @property
    def name(self) -> str:
        """The full legal name."""
        return f"{self.core} {self.form}"


@dataclass(frozen=True, slots=True)
class Person:
    """One contact person as she or he really is."""

    id: int
    company: int
    salutation: str
    title: str
    given_name: str
    family_name: str
    email: str
    phone: str
    mobile: str
    position: str


@dataclass(frozen=True, slots=True)
class Account:
    """A row of the CRM's account list; two rows of one company are a duplicate."""

    id: str
    company: int
    name: str
    address: Address
    phone: str
    email: str
    website: str
    vat_id: str
    debtor: str
    trade: str
    status: str
    owner: str
    contact: str
    contact_email: str
    created_at: datetime
    updated_at: datetime
    iban: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """A row of the CRM's contact list."""

    id: str
    account: str
    company: int
    person: int
    name: str
    salutation: str
    title: str
    email: str
    phone: str
    mobile: str
    position: str
    is_primary: bool
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Debtor:
    """A customer account in bookkeeping."""

    number: int
    company: int
    name: str
    address: Address
    vat_id: str
    iban: str
    email: str
    phone: str
    credit_limit_minor: int
    updated_at: datetime
    iban_changed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Deal:
    """A sales opportunity of the CRM; status as the CRM spells it: Offen, Gewonnen, Verloren."""

    id: str
    number: str
    account: str
    contact: str
    company: int
    vorgang: int
    name: str
    amount_minor: int
    stage: int
    status: str
    probability: int
    expected_close: date
    closed_on: date | None
    created_at: datetime
    last_activity_at: datetime
    updated_at: datetime
    owner: str

    @property
    def offered_on(self) -> date | None:
        """The day of the offer, from stage 3 on: after a third of the time to the last activity."""
        if self.stage < 3:
            return None
        return (self.created_at + (self.last_activity_at - self.created_at) / 3).date()


@dataclass(frozen=True, slots=True)
class Order:
    """A confirmed order in bookkeeping; reference: what its clerk typed about the offer."""

    number: str
    debtor: int
    company: int
    vorgang: int
    name: str
    net_minor: int
    status: str
    ordered_on: date
    delivered_on: date | None
    customer_po_number: str
    reference: str
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Invoice:
    """An outgoing invoice; open_minor: what is still to be paid of the gross amount."""

    number: str
    debtor: int
    company: int
    vorgang: int | None
    order: str | None
    contract: str | None
    subject: str
    net_minor: int
    open_minor: int
    status: str
    issued_on: date
    due_on: date
    paid_on: date | None
    dunning_level: int
    disputed: bool
    updated_at: datetime
    next_dunning_on: date | None = None

    @property
    def tax_minor(self) -> int:
        """19 % VAT, rounded half up."""
        return (self.net_minor * 19 + 50) // 100

    @property
    def gross_minor(self) -> int:
        """Net and tax."""
        return self.net_minor + self.tax_minor


@dataclass(frozen=True, slots=True)
class Payment:
    """A receipt booked against an invoice."""

    number: int
    debtor: int
    company: int
    vorgang: int | None
    invoice: str
    amount_minor: int
    booked_on: date
    reference: str
    payer: str
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Contract:
    """A service contract; sla_floor: the lowest priority its tickets may have ("" for none).

    hours_included, hours_used: of the `period` (first and last day), where it sells hours.
    """

    number: str
    debtor: int
    company: int
    name: str
    type: str
    status: str
    starts_on: date
    ends_on: date
    notice_on: date
    annual_value_minor: int
    sla_class: str
    sla_floor: str
    updated_at: datetime
    hours_included: int = 0
    hours_used: int = 0
    period: tuple[date, date] | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """One message of a ticket."""

    at: datetime
    by: str
    text: str


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket; the help desk knows its requester by the mail header, not by master data.

    due_at: when it has to be solved, where a contract says so; hours: worked on it.
    """

    id: int
    company: int
    person: int | None
    vorgang: int | None
    subject: str
    text: str
    kind: str
    status: str
    priority: str
    opened_at: datetime
    closed_at: datetime | None
    last_message_at: datetime
    updated_at: datetime
    channel: str
    tags: tuple[str, ...]
    requester_name: str
    requester_email: str
    requester_phone: str = ""
    company_name: str = ""
    company_city: str = ""
    replies: tuple[Reply, ...] = ()
    reopened: int = 0
    due_at: datetime | None = None
    hours: float | None = None
    billable: bool | None = None


@dataclass(frozen=True, slots=True)
class Project:
    """A row of the project list; client and contact are free text.

    unbilled_minor: work done and not invoiced; unbilled_since: its oldest day.
    weekly_hours: hours booked in the weeks before `hours_until`, oldest first.
    """

    number: str
    company: int
    person: int | None
    vorgang: int
    name: str
    client: str
    city: str
    contact: str
    order: str
    offer: str
    status: str
    billing: str
    budget_minor: int
    hours_planned: int
    starts_on: date
    first_planned_end: date
    planned_end: date
    ended_on: date | None
    hours_until: date
    updated_at: datetime
    manager: str = ""
    progress_pct: int = 0
    cost_minor: int = 0
    hours_actual: int = 0
    weekly_hours: tuple[int, ...] = ()
    unbilled_minor: int = 0
    unbilled_since: date | None = None


@dataclass(frozen=True, slots=True)
class Planted:
    """A case put into the world on purpose.

    rule: the rule of the catalogue; fires: False for a near miss, which must stay silent.
    refs: the subject first, then what it hangs on, as record refs (connection:stream:key).
    """

    case: str
    rule: str
    fires: bool
    customer: str
    company: int | None
    refs: tuple[str, ...]
    look_for: str


@dataclass(frozen=True, slots=True)
class World:
    """One fictional company on one day, complete.

    identities: customers on which resolution can be watched (sisters, namesakes, duplicates).
    dirt: kind of dirt -> refs of the records that show it. papers: what goes with the others.
    access_ends_on: when the hub's access to the project office's files ends.
    """

    seed: int
    today: date
    companies: tuple[Company, ...]
    people: tuple[Person, ...]
    accounts: tuple[Account, ...]
    contacts: tuple[Contact, ...]
    debtors: tuple[Debtor, ...]
    deals: tuple[Deal, ...]
    orders: tuple[Order, ...]
    invoices: tuple[Invoice, ...]
    payments: tuple[Payment, ...]
    contracts: tuple[Contract, ...]
    tickets: tuple[Ticket, ...]
    projects: tuple[Project, ...]
    recipients: tuple[Recipient, ...]
    campaigns: tuple[Campaign, ...]
    leads: tuple[Lead, ...]
    papers: Papers
    access_ends_on: date
    planted: tuple[Planted, ...]
    near_misses: tuple[Planted, ...]
    identities: tuple[Planted, ...]
    dirt: Mapping[str, tuple[str, ...]]
