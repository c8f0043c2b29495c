"""Invented business cases in four systems that share no key, and what really follows from what.

A case is a deal of the CRM, an order and an invoice of the bookkeeping, a project, and payments
from the bank's file. What clerks and customers write ties them together: a number, spelt anyhow, an
order number of the customer, a name, an amount, or nothing at all. Pure and seeded.
"""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from mapping.nouns import Kind

TODAY = date(2026, 11, 23)
CASES_A_CUSTOMER = 5
SYSTEMS = ("crm", "books", "office", "bank")
WORKS = (
    "Retrofit Anlage",
    "Steuerung Förderband",
    "Schaltschrank Halle",
    "Roboterzelle",
    "Wartung",
)
WHERE = ("Nord", "Süd", "Halle 2", "Werk Ost", "Linie 3", "Prüffeld", "Lager")


@dataclass(frozen=True, slots=True)
class Row:
    """One canonical record. entity: where it is resolved to."""

    ref: str
    kind: Kind
    fields: dict[str, Any]
    refs: tuple[tuple[str, str], ...] = ()
    entity: str | None = None


@dataclass(slots=True)
class World:
    """What is on file, and which records really follow from which: (upper, lower) -> how told."""

    rows: list[Row] = field(default_factory=list)
    truth: dict[frozenset[str], str] = field(default_factory=dict)
    case_of: dict[str, set[int]] = field(default_factory=dict)

    def follows(self, case: int, upper: str, lower: str, told: str) -> None:
        """Note that one record follows from another, and in what way that is told."""
        self.truth[frozenset((upper, lower))] = told
        for ref in (upper, lower):
            self.case_of.setdefault(ref, set()).add(case)


@dataclass(frozen=True, slots=True)
class _Case:
    """What the papers of a case have in common. po: the customer's own number of the order."""

    number: int
    customer: int
    begins: date
    net_minor: int
    name: str
    po: str | None

    @property
    def ordered(self) -> date:
        """Return the day of the order."""
        return self.begins + timedelta(days=33)

    def paper(self, kind: str) -> str:
        """Return the number that a paper of the case bears."""
        year = self.begins.year
        if kind == "invoice":
            return f"RE-{year}-{30000 + self.number:06d}"
        first = {"deal": f"AN-{year}-{10000 + self.number}"}
        return first.get(kind) or f"AU-{year}-{20000 + self.number}"

    def of(self, system: str) -> tuple[tuple[str, str], ...]:
        """Return whose its papers are in one of the systems."""
        return (("organization", f"{system}:customers:{self.customer}"),)

    def own_number(self) -> dict[str, str]:
        """Return the field of the customer's own number, where there is one."""
        return {"customer_po_number": self.po} if self.po else {}


def world(cases: int, seed: int) -> World:
    """Return so many cases. Two in a hundred numbers are cited wrongly: that of a neighbour."""
    rng, made = random.Random(seed), World()
    for customer in range(max(1, cases // CASES_A_CUSTOMER)):
        for system in ("crm", "books", "office", "bank"):
            ref = f"{system}:customers:{customer}"
            made.rows.append(
                Row(ref, "organization", {"name": f"Kunde {customer}"}, entity=_customer(customer))
            )
    for number in range(cases):
        _file(made, rng, _begun(rng, number, number % max(1, cases // CASES_A_CUSTOMER)))
    _collective_payments(made, rng)
    return made


def _customer(number: int) -> str:
    return f"01CUST{number:020d}"


def _begun(rng: random.Random, number: int, customer: int) -> _Case:
    begins = TODAY - timedelta(days=rng.randint(120, 900))
    net_minor = rng.randrange(50_000, 9_000_000, 50)
    name = f"{rng.choice(WORKS)} {rng.choice(WHERE)}"
    po = f"45{rng.randrange(10**8):08d}" if rng.random() < 0.6 else None
    return _Case(number, customer, begins, net_minor, name, po)


def _file(made: World, rng: random.Random, case: _Case) -> None:
    """Put the papers of a case on file, each with what it follows from."""
    cite, told = _citing(rng, case.paper("deal"))
    deal, order = _deal(case), _order(rng, case, cite)
    made.rows += [deal, order]
    made.follows(case.number, deal.ref, order.ref, told)
    if rng.random() < 0.6:
        cite, told = _citing(rng, case.paper("order"))
        project = _project(case, order, cite)
        made.rows.append(project)
        made.follows(case.number, order.ref, project.entity or "", told)
    cite, told = _citing(rng, case.paper("order"))
    invoice = _invoice(case, order, cite)
    made.rows.append(invoice)
    made.follows(case.number, order.ref, invoice.ref, told)
    if rng.random() < 0.9:
        text, told = _bank_text(rng, case.paper("invoice"))
        payment = _payment(rng, case, invoice, text)
        made.rows.append(payment)
        made.follows(case.number, invoice.ref, payment.ref, told)


def _deal(case: _Case) -> Row:
    fields = {
        "number": case.paper("deal"),
        "name": case.name,
        "amount_minor": case.net_minor,
        "currency": "EUR",
        "status": "won",
        "created_at": f"{case.begins}T08:00:00Z",
        "closed_on": str(case.begins + timedelta(days=30)),
    }
    return Row(f"crm:deals:{case.number}", "deal", fields, case.of("crm"))


def _order(rng: random.Random, case: _Case, cite: str) -> Row:
    net = case.net_minor
    agreed = net if rng.random() < 0.93 else net * rng.randint(85, 115) // 100
    fields = {
        "number": case.paper("order"),
        "name": case.name if rng.random() < 0.8 else rng.choice(WORKS),
        "net_minor": agreed,
        "currency": "EUR",
        "status": "closed",
        "ordered_on": str(case.ordered),
        "delivered_on": str(case.ordered + timedelta(days=40)),
        "reference": cite,
        **case.own_number(),
    }
    return Row(f"books:orders:{case.number}", "order", fields, case.of("books"))


def _project(case: _Case, order: Row, cite: str) -> Row:
    fields = {
        "name": f"{case.name} {cite}".strip(),
        "budget_minor": order.fields["net_minor"],
        "currency": "EUR",
        "status": "completed",
        "starts_on": str(case.ordered + timedelta(days=3)),
        "ended_on": str(case.ordered + timedelta(days=40)),
    }
    entity = f"01PROJ{case.number:020d}"
    return Row(f"office:projects:{case.number}", "project", fields, case.of("office"), entity)


def _invoice(case: _Case, order: Row, cite: str) -> Row:
    issued, net = case.ordered + timedelta(days=42), order.fields["net_minor"]
    fields = {
        "number": case.paper("invoice"),
        "kind": "receivable",
        "subject": f"{case.name} {cite}".strip(),
        "net_minor": net,
        "gross_minor": net * 119 // 100,
        "balance_minor": 0,
        "currency": "EUR",
        "status": "paid",
        "issued_on": str(issued),
        "due_on": str(issued + timedelta(days=14)),
        **case.own_number(),
    }
    return Row(f"books:invoices:{case.number}", "invoice", fields, case.of("books"))


def _payment(rng: random.Random, case: _Case, invoice: Row, text: str) -> Row:
    gross, issued = invoice.fields["gross_minor"], date.fromisoformat(invoice.fields["issued_on"])
    fields = {
        "amount_minor": gross if rng.random() < 0.85 else gross * 98 // 100,
        "currency": "EUR",
        "booked_on": str(issued + timedelta(days=rng.randint(5, 40))),
        "reference": text,
    }
    return Row(f"bank:lines:{case.number}", "payment", fields, case.of("bank"))


def _citing(rng: random.Random, number: str) -> tuple[str, str]:
    """Return how a clerk cites a paper, and in what way that tells."""
    chance = rng.random()
    if chance < 0.02:
        head, _, tail = number.rpartition("-")
        return f"zu {head}-{int(tail) + rng.choice((-1, 1))}", "wrong number"
    if chance < 0.75:
        spelt = (number, number.replace("-", ""), number.lower(), number.replace("-", "/"))
        form = rng.choice(("{}", "Ihr Angebot {}", "zu {}", "lt. {} vom Mai"))
        return form.format(rng.choice(spelt)), "number"
    return "", "no number"


def _bank_text(rng: random.Random, number: str) -> tuple[str, str]:
    chance = rng.random()
    if chance < 0.15:
        return rng.choice(("Rechnung", "Zahlung", "SVWZ+ UEBERWEISUNG", "")), "no number"
    noisy = rng.choice(
        (
            f"SVWZ+{number}",
            f"EREF+NOTPROVIDED SVWZ+ {number.replace('-', ' ')}",
            f"{number[:11]} {number[11:]} DANKE",
            f"RG {number}KDNR",
            f"Rechnung {number.replace('-', '')}",
        )
    )
    return noisy, "number"


def _collective_payments(made: World, rng: random.Random) -> None:
    """Let some customers pay two invoices at once, half of them without naming any."""
    paid = {one for pair in made.truth for one in pair if one.startswith("bank:")}
    held: dict[str, list[Row]] = {}
    for row in made.rows:
        if row.kind == "invoice" and f"bank:lines:{row.ref.split(':')[2]}" not in paid:
            held.setdefault(row.refs[0][1], []).append(row)
    for at, two in enumerate(rows[:2] for rows in held.values() if len(rows) > 1):
        customer = two[0].refs[0][1].split(":")[2]
        named = rng.random() < 0.5
        ref = f"bank:lines:both{at}"
        last = max(row.fields["issued_on"] for row in two)
        fields = {
            "amount_minor": sum(row.fields["gross_minor"] for row in two),
            "currency": "EUR",
            "booked_on": str(date.fromisoformat(last) + timedelta(days=20)),
            "reference": " ".join(row.fields["number"] for row in two)
            if named
            else "Sammelzahlung",
        }
        made.rows.append(
            Row(ref, "payment", fields, (("organization", f"bank:customers:{customer}"),))
        )
        for row in two:
            case = int(row.ref.split(":")[2])
            made.follows(case, row.ref, ref, "number" if named else "no number")
