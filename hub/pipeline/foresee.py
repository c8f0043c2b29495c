"""Answers what may come of one subject: reads its facts and those beside it, and judges."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from hub.alerts import foresight
from hub.alerts.business_time import BusinessTime
from hub.alerts.foresight_weights import Weights, shipped_weights
from hub.alerts.model import MOST_ELEMENTS
from hub.alerts.signs import Beside, Told, is_natural
from hub.clock import instant_text
from hub.errors import NotFoundError
from hub.model.fact import Subject
from hub.model.setting import Company, ConnectionInfo
from hub.pipeline.insight import Insight
from hub.store import fact_papers, facts, payment_history
from hub.store.database import Tx
from hub.store.facts import Stored

BESIDE = ("project", "deal", "contract")
NATURAL_PERSON, NO_CUSTOMER = "natural_person", "no_customer"
NOT_OPEN = "not_open"
TOO_LITTLE_KNOWN, NEVER_SO_LATE = "too_little_known", "never_so_late"
J = TypeVar("J")


@dataclass(frozen=True, slots=True)
class Foreseen(Generic[J]):
    """A judgement, or why there is none."""

    subject: Subject
    customer: str | None
    at: str
    weights: str
    judgement: J | None
    withheld: str | None


@dataclass(frozen=True, slots=True)
class Foresight:
    """Who judges. natural_persons: whether customers who may be persons are judged, too."""

    company: Company
    connections: tuple[ConnectionInfo, ...]
    natural_persons: bool = False
    weights: Weights | None = None

    def deal(self, tx: Tx, ref: str, now: datetime) -> Foreseen[foresight.Risk]:
        """Return how likely an open deal is lost. Raises NotFoundError."""

        def judge(deal: Told, beside: Beside) -> foresight.Risk | str:
            if deal.text("status") != "open":
                return NOT_OPEN
            return foresight.deal_risk(deal, beside, self._weights)

        return self._foreseen(tx, Subject("deal", ref), now, judge)

    def ticket(self, tx: Tx, ref: str, now: datetime) -> Foreseen[foresight.Priority]:
        """Return the priority an open ticket should have. Raises NotFoundError."""

        def judge(ticket: Told, beside: Beside) -> foresight.Priority | str:
            if ticket.text("status_group") != "open":
                return NOT_OPEN
            return foresight.ticket_priority(ticket, beside, self._weights.ticket)

        return self._foreseen(tx, Subject("ticket", ref), now, judge)

    def invoice(self, tx: Tx, ref: str, now: datetime) -> Foreseen[foresight.Payment]:
        """Return when an open invoice is paid. Raises NotFoundError."""

        def judge(invoice: Told, beside: Beside) -> foresight.Payment | str:
            kind, balance = invoice.text("kind"), invoice.number("balance")
            if kind != "receivable" or not balance or "days_overdue" not in invoice.facts:
                return NOT_OPEN
            own = payment_history.days_of_customer(tx, beside.customer.subject.id)
            everybody = payment_history.days_of_all(tx)
            if len(own) + len(everybody) < foresight.FEWEST_PAYMENTS:
                return TOO_LITTLE_KNOWN
            today = BusinessTime(self.company).today(now)
            found = foresight.payment_day(
                invoice, beside, own, everybody, today=today, weights=self._weights
            )
            return found or NEVER_SO_LATE

        return self._foreseen(tx, Subject("invoice", ref), now, judge)

    def customer(self, tx: Tx, entity: str, now: datetime) -> Foreseen[foresight.Health]:
        """Return a customer's health. Raises NotFoundError."""

        def judge(_: Told, beside: Beside) -> foresight.Health | str:
            return foresight.customer_health(beside, self._weights.health)

        return self._foreseen(tx, Subject("customer", entity), now, judge)

    @property
    def _weights(self) -> Weights:
        return self.weights or shipped_weights()

    def _foreseen(
        self, tx: Tx, subject: Subject, now: datetime, judge: Callable[[Told, Beside], J | str]
    ) -> Foreseen[J]:
        one = facts.of_subjects(tx, [subject]).get(subject)
        if one is None:
            raise NotFoundError(f"Nothing is known of a {subject.kind} {subject.id}.")
        found: J | str = NO_CUSTOMER
        if one.customer is not None:
            found = NATURAL_PERSON
            if self.natural_persons or not _is_natural(tx, one.customer):
                found = judge(*self._told(tx, one, one.customer, now))
        withheld = found if isinstance(found, str) else None
        judgement = None if isinstance(found, str) else found
        at = instant_text(now)
        return Foreseen(subject, one.customer, at, self._weights.version, judgement, withheld)

    def _told(self, tx: Tx, one: Stored, customer: str, now: datetime) -> tuple[Told, Beside]:
        insight = Insight(self.company, self.connections)
        known = insight.known(tx, None)

        def tell(some: Iterable[Stored]) -> list[Told]:
            return [Told(each.subject, insight.told(each, known, now)) for each in some]

        subject = Subject("customer", customer)
        standing = facts.of_subjects(tx, [subject]).values()
        (whole,) = tell(standing) or [Told(subject, {})]
        near: dict[str, list[Stored]] = {kind: [] for kind in BESIDE}
        for each in facts.of_customers(tx, [customer], BESIDE):
            near[each.subject.kind].append(each)
        told = {kind: tell(some[:MOST_ELEMENTS]) for kind, some in near.items()}
        beside = Beside(whole, told["project"], told["deal"], told["contract"])
        return tell([one])[0], beside


def _is_natural(tx: Tx, customer: str) -> bool:
    records = fact_papers.organizations(tx, [customer]).get(customer, ())
    return is_natural(record.fields.get("legal_form") for record in records)
