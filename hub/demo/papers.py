"""What goes with the great papers: deliveries, reminders, milestones, lines, assets, messages."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Delivery:
    """A delivery note, or the acceptance of what a project delivered: Lieferung, Abnahme."""

    number: str
    order: str
    kind: str
    delivered_on: date
    accepted_on: date | None


@dataclass(frozen=True, slots=True)
class Reminder:
    """A reminder of an invoice; stopped_until: no further one goes out before, for a reason."""

    number: int
    invoice: str
    level: int
    sent_on: date
    due_on: date
    stopped_until: date | None = None
    stop_reason: str = ""


@dataclass(frozen=True, slots=True)
class CreditNote:
    """A credit note on an invoice; net_minor: what it takes off, above 0."""

    number: str
    invoice: str
    debtor: int
    net_minor: int
    issued_on: date


@dataclass(frozen=True, slots=True)
class Article:
    """What the company sells by number."""

    number: str
    name: str
    price_minor: int


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an invoice or of an offer; paper: the invoice's number, or the deal's id."""

    paper: str
    position: int
    article: Article
    quantity: float
    net_minor: int


@dataclass(frozen=True, slots=True)
class Asset:
    """An installation at a customer's."""

    serial: str
    debtor: int
    order: str
    article: Article
    name: str
    installed_on: date
    warranty_until: date


@dataclass(frozen=True, slots=True)
class Milestone:
    """A milestone of a project with a fixed price; amount_minor: what is billed at it."""

    project: str
    position: int
    name: str
    due_on: date
    reached_on: date | None
    amount_minor: int
    billed: bool


@dataclass(frozen=True, slots=True)
class Task:
    """A task of a running project."""

    number: str
    project: str
    name: str
    status: str
    starts_on: date
    due_on: date


@dataclass(frozen=True, slots=True)
class Activity:
    """A seller's call, mail or visit about an open deal."""

    id: str
    deal: str
    type: str
    direction: str
    at: datetime
    subject: str


@dataclass(frozen=True, slots=True)
class Message:
    """A mail of an open ticket; answers: the id of the mail it replies to, "" for the first."""

    id: str
    ticket: int
    at: datetime
    by: str
    subject: str
    answers: str


@dataclass(frozen=True, slots=True)
class Seller:
    """Somebody of the company's own, under the number the CRM knows her by."""

    number: str
    name: str
    department: str
    team: str


@dataclass(frozen=True, slots=True)
class Papers:
    """All of these in one world. opposed: contacts who do not want to be advertised to."""

    deliveries: tuple[Delivery, ...]
    reminders: tuple[Reminder, ...]
    credits: tuple[CreditNote, ...]
    articles: tuple[Article, ...]
    invoice_lines: tuple[Line, ...]
    offer_lines: tuple[Line, ...]
    assets: tuple[Asset, ...]
    milestones: tuple[Milestone, ...]
    tasks: tuple[Task, ...]
    activities: tuple[Activity, ...]
    messages: tuple[Message, ...]
    sellers: tuple[Seller, ...]
    opposed: tuple[str, ...]
