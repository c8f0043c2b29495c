"""Invented histories that foresight is fitted on and judged by.

How they are made is what they assume. Each customer has a hidden strain between 0 and 1, most often
small; complaints, urgent tickets, broken service levels, late projects, late and slower payment
are all likelier under strain, each with its own chance. What follows of them is set by hand, in
steps where the models are smooth, beside what nobody records (price, rivals, mood):

- a deal is lost more often when its stage is early, it stands still, its closing day is over or
  nobody spoke with the customer; and, by `strength`, with a complaint, two urgent tickets, two
  broken service levels, a late project, an invoice a month overdue or payments 15 days slower;
- an invoice is paid after its customer's habit, with a spread of its own and one very late in
  twenty; later when disputed or dunned; and, by `strength`, with a complaint or a late project;
- a ticket is afterwards called as urgent as it was filed, as its deadline and, mostly, its contract
  say; and, by `strength`, as high as a go-live within 10 days or a deal to close within 21 asks;
- a customer leaves more often after a long silence; and, by `strength`, with each such trouble.

At strength 0 no department's trouble moves another's business: knowing it then adds nothing
but contracts, which hold in any world, and weights that expect trouble to tell do some harm.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import exp

from hub.alerts.facts import Facts
from hub.alerts.signs import Beside, Told
from hub.model.fact import Fact, FactValue, Subject

DEALS_A_CUSTOMER, INVOICES_A_CUSTOMER, TICKETS_A_CUSTOMER = 6, 4, 4


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer as its departments know it, and whether it left."""

    beside: Beside
    trouble: float
    paid_days: list[int]
    left: bool


@dataclass(slots=True)
class History:
    """What was known, and what came of it. invoices: with the days after due they were paid."""

    customers: list[Customer] = field(default_factory=list)
    deals: list[tuple[Told, Beside, bool]] = field(default_factory=list)
    invoices: list[tuple[Told, Customer, int]] = field(default_factory=list)
    tickets: list[tuple[Told, Beside, int]] = field(default_factory=list)


def history(seed: int, strength: float, customers: int) -> History:
    """Return one history. strength: how far departments' troubles move each other's business."""
    rng = random.Random(seed)
    made = History()
    for number in range(customers):
        customer = _customer(rng, strength, number)
        made.customers.append(customer)
        made.deals += _deals(rng, strength, customer)
        made.invoices += _invoices(rng, strength, customer)
        made.tickets += _tickets(rng, strength, customer)
    return made


def clientele(seed: int, strength: float, customers: int) -> list[Customer]:
    """Return customers alone, without what was done with them."""
    rng = random.Random(seed)
    return [_customer(rng, strength, number) for number in range(customers)]


def subject(subject_kind: str, subject_id: str, /, **values: FactValue | None) -> Told:
    """Return a subject with these facts; None for one that is not known."""
    facts: Facts = {
        name: Fact(name, value, ()) for name, value in values.items() if value is not None
    }
    return Told(Subject(subject_kind, subject_id), facts)


def _happens(rng: random.Random, log_odds: float) -> bool:
    return rng.random() < 1 / (1 + exp(-log_odds))


def _count(rng: random.Random, mean: float) -> int:
    return sum(rng.random() < mean / 6 for _ in range(6))


def _customer(rng: random.Random, strength: float, number: int) -> Customer:
    strain = rng.betavariate(1.2, 4)
    beside = Beside(
        told := _strained(rng, number, strain),
        list(_projects(rng, number, strain)),
        [_open_deal(rng, number) for _ in range(rng.choice((0, 0, 1)))],
        [_contract(rng, number) for _ in range(rng.choice((0, 1)))],
    )
    trouble = _trouble(beside)
    silent = (told.number("days_since_human_contact") or 0) > 60
    left = _happens(rng, -2.4 + 0.9 * silent + 1.3 * strength * trouble + rng.gauss(0, 0.8))
    habit, spread = rng.gauss(8, 10), 3 + abs(rng.gauss(0, 5))
    paid = [_paid(rng, habit, spread) for _ in range(int(rng.expovariate(1 / 9)))]
    return Customer(beside, trouble, paid, left)


def _strained(rng: random.Random, number: int, strain: float) -> Told:
    """Return what is known of a customer; strain: how hard times are for it, 0 to 1."""
    overdue = int(rng.expovariate(1 / 40)) if rng.random() < 0.1 + 0.5 * strain else 0
    before = rng.uniform(15, 45)
    return subject(
        "customer",
        f"C{number}",
        open_complaints=_count(rng, 1.2 * strain),
        open_high_tickets=_count(rng, 1.8 * strain),
        sla_breaches_90d=_count(rng, 2 * strain),
        oldest_overdue_days=overdue,
        dunning_level=sum(overdue > limit for limit in (14, 30, 45)),
        days_to_pay_median_180d=max(1.0, before + rng.gauss(25 * strain - 3, 8)),
        days_to_pay_median_prev_180d=before,
        days_since_human_contact=int(rng.expovariate(1 / 35)),
    )


def _projects(rng: random.Random, number: int, strain: float) -> Iterator[Told]:
    for at in range(rng.choice((0, 1, 1, 2))):
        late = rng.random() < 0.1 + 0.5 * strain
        days = int(rng.expovariate(1 / 20) if late else -rng.uniform(1, 90))
        yield subject("project", f"C{number}-P{at}", status="active", days_past_planned_end=days)


def _open_deal(rng: random.Random, number: int) -> Told:
    return subject("deal", f"C{number}-O0", status="open", days_to_close=rng.randint(-10, 120))


def _contract(rng: random.Random, number: int) -> Told:
    floor = rng.choice((2, 3, 3))
    return subject("contract", f"C{number}-V", status="active", sla_priority_floor=floor)


def _trouble(beside: Beside) -> float:
    """Return what trouble outside sales weighs, in log-odds at strength 1."""
    c = beside.customer
    lately, before = (c.number(f"days_to_pay_median_{half}") or 0 for half in ("180d", "prev_180d"))
    slower = lately - before
    return (
        0.9 * ((c.number("open_complaints") or 0) >= 1)
        + 0.6 * ((c.number("open_high_tickets") or 0) >= 2)
        + 0.4 * ((c.number("sla_breaches_90d") or 0) >= 2)
        + 0.4 * (slower > 15)
        + 0.6 * _is_late(beside)
        + 0.5 * ((c.number("oldest_overdue_days") or 0) > 30)
    )


def _is_late(beside: Beside) -> bool:
    return any((one.number("days_past_planned_end") or 0) > 0 for one in beside.projects)


def _deals(
    rng: random.Random, strength: float, customer: Customer
) -> Iterator[tuple[Told, Beside, bool]]:
    for _ in range(DEALS_A_CUSTOMER):
        chance = rng.choice((10, 25, 50, 70, 90))
        still, close = int(rng.expovariate(1 / 30)), int(rng.gauss(20, 35))
        told = subject(
            "deal", "D", probability=float(chance), days_in_stage=still, days_to_close=close
        )
        quiet = (customer.beside.customer.number("days_since_human_contact") or 0) > 45
        log_odds = (
            -0.6
            + 2.2 * (0.5 - chance / 100)
            + 0.6 * (still > 60)
            + 0.7 * (close < 0)
            + 0.4 * quiet
            + 1.5 * strength * customer.trouble
            + rng.gauss(0, 0.9)
        )
        yield told, customer.beside, _happens(rng, log_odds)


def _paid(rng: random.Random, habit: float, spread: float) -> int:
    late = rng.expovariate(1 / 40) if rng.random() < 0.05 else 0.0
    return round(rng.gauss(habit, spread) + late)


def _invoices(
    rng: random.Random, strength: float, customer: Customer
) -> Iterator[tuple[Told, Customer, int]]:
    known = customer.paid_days or [8]
    habit = sorted(known)[len(known) // 2]
    complains = (customer.beside.customer.number("open_complaints") or 0) >= 1
    for _ in range(INVOICES_A_CUSTOMER):
        disputed = rng.random() < 0.05
        days = _paid(rng, habit, 6)
        if disputed:
            days += round(rng.expovariate(1 / 25))
        if complains:
            days += round(strength * rng.expovariate(1 / 24))
        if _is_late(customer.beside):
            days += round(strength * rng.expovariate(1 / 16))
        asked = rng.choice((-20, -7, 0, 10))
        if days > asked:
            level = 1 if asked >= 10 else 0
            told = subject(
                "invoice", "I", days_overdue=asked, disputed=disputed, dunning_level=level
            )
            yield told, customer, days


def _tickets(
    rng: random.Random, strength: float, customer: Customer
) -> Iterator[tuple[Told, Beside, int]]:
    beside = customer.beside
    for _ in range(TICKETS_A_CUSTOMER):
        filed = rng.choice((1, 2, 2, 2, 3, 4))
        kind = rng.choice(("incident", "incident", "complaint", "request", "billing"))
        left = int(rng.uniform(-4, 60))
        project = rng.choice(beside.projects) if beside.projects else None
        told = subject(
            "ticket",
            "T",
            priority_rank=filed,
            kind=kind,
            sla_remaining_bh=left,
            project_id=project.subject.id if project else None,
        )
        asked = [filed, 4 if left < 0 else 3 if left < 6 else 1]
        asked += [
            int(one.number("sla_priority_floor") or 1)
            for one in beside.contracts
            if rng.random() < 0.9
        ]
        hurts = kind in ("incident", "complaint")
        past = project.number("days_past_planned_end") if project else None
        if hurts and past is not None and past >= -10 and rng.random() < strength:
            asked.append(3)
        closing = any(0 <= (one.number("days_to_close") or -1) <= 21 for one in beside.deals)
        if hurts and closing and rng.random() < strength:
            asked.append(3)
        judged = max(asked) + (rng.choice((-1, 1)) if rng.random() < 0.1 else 0)
        yield told, beside, min(4, max(1, judged))
