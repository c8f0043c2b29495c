"""Business cases known beforehand, in four systems that share no key: which links are found.

    python -m benchmarks.threads [--cases N] [--documents N] [--database URL]

A case is a deal of the CRM, an order and an invoice of the bookkeeping, a project, and payments
from the bank's file. What clerks and customers write ties them together: a number, spelt anyhow, an
order number of the customer, a name, an amount, or nothing at all. Customers are told apart
already. Prints precision and recall of the links by method, then the time for many documents, at
once and after one in a hundred has changed.
"""

import argparse
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from rich.console import Console
from rich.table import Table

from connectors.sdk.record import parse_ref
from hub.pipeline.changes import announce
from hub.pipeline.propose import propose
from hub.pipeline.thread import thread
from hub.pipeline.vorgang import Telling, tell
from hub.store import canonical, tables, work
from hub.store.canonical import Made
from hub.store.database import Database, chunks, insert_new
from hub.store.migrations import migrate
from mapping.canonical import CanonicalRecord, Reference
from mapping.nouns import Kind

SEEN = "2026-01-01T00:00:00.000Z"
NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
TODAY = date(2026, 11, 23)
CASES_A_CUSTOMER = 5
DOCUMENTS_A_CASE = 5
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


def world(cases: int, seed: int) -> World:
    """Return so many cases. Two in a hundred numbers are cited wrongly: that of a neighbour."""
    rng, made = random.Random(seed), World()
    for customer in range(max(1, cases // CASES_A_CUSTOMER)):
        for system in ("crm", "books", "office", "bank"):
            ref = f"{system}:customers:{customer}"
            made.rows.append(
                Row(ref, "organization", {"name": f"Kunde {customer}"}, entity=_customer(customer))
            )
    for case in range(cases):
        _case(made, rng, case, case % max(1, cases // CASES_A_CUSTOMER))
    _collective_payments(made, rng)
    return made


def _customer(number: int) -> str:
    return f"01CUST{number:020d}"


def _case(made: World, rng: random.Random, case: int, customer: int) -> None:
    begins = TODAY - timedelta(days=rng.randint(120, 900))
    net = rng.randrange(50_000, 9_000_000, 50)
    name = f"{rng.choice(WORKS)} {rng.choice(WHERE)}"
    po = f"45{rng.randrange(10**8):08d}" if rng.random() < 0.6 else None
    of = {system: (("organization", f"{system}:customers:{customer}"),) for system in SYSTEMS}
    deal, order, invoice = f"crm:deals:{case}", f"books:orders:{case}", f"books:invoices:{case}"
    payment, project = f"bank:lines:{case}", f"office:projects:{case}"
    year = begins.year
    numbers = {
        "deal": f"AN-{year}-{10000 + case}",
        "order": f"AU-{year}-{20000 + case}",
        "invoice": f"RE-{year}-{30000 + case:06d}",
    }
    cite, told = _citing(rng, numbers["deal"])
    made.rows.append(
        Row(
            deal,
            "deal",
            {
                "number": numbers["deal"],
                "name": name,
                "amount_minor": net,
                "currency": "EUR",
                "status": "won",
                "created_at": f"{begins}T08:00:00Z",
                "closed_on": str(begins + timedelta(days=30)),
            },
            of["crm"],
        )
    )
    ordered = begins + timedelta(days=33)
    agreed = net if rng.random() < 0.93 else net * rng.randint(85, 115) // 100
    made.rows.append(
        Row(
            order,
            "order",
            {
                "number": numbers["order"],
                "name": name if rng.random() < 0.8 else rng.choice(WORKS),
                "net_minor": agreed,
                "currency": "EUR",
                "status": "closed",
                "ordered_on": str(ordered),
                "delivered_on": str(ordered + timedelta(days=40)),
                "reference": cite,
                **({"customer_po_number": po} if po else {}),
            },
            of["books"],
        )
    )
    _true(made, case, deal, order, told)
    if rng.random() < 0.6:
        cite, told = _citing(rng, numbers["order"])
        made.rows.append(
            Row(
                project,
                "project",
                {
                    "name": f"{name} {cite}".strip(),
                    "budget_minor": agreed,
                    "currency": "EUR",
                    "status": "completed",
                    "starts_on": str(ordered + timedelta(days=3)),
                    "ended_on": str(ordered + timedelta(days=40)),
                },
                of["office"],
                entity=f"01PROJ{case:020d}",
            )
        )
        _true(made, case, order, f"01PROJ{case:020d}", told)
    cite, told = _citing(rng, numbers["order"])
    issued = ordered + timedelta(days=42)
    gross = agreed * 119 // 100
    made.rows.append(
        Row(
            invoice,
            "invoice",
            {
                "number": numbers["invoice"],
                "kind": "receivable",
                "subject": f"{name} {cite}".strip(),
                "net_minor": agreed,
                "gross_minor": gross,
                "balance_minor": 0,
                "currency": "EUR",
                "status": "paid",
                "issued_on": str(issued),
                "due_on": str(issued + timedelta(days=14)),
                **({"customer_po_number": po} if po else {}),
            },
            of["books"],
        )
    )
    _true(made, case, order, invoice, told)
    if rng.random() < 0.9:
        text, told = _bank_text(rng, numbers["invoice"])
        paid = gross if rng.random() < 0.85 else gross * 98 // 100
        fields = {
            "amount_minor": paid,
            "currency": "EUR",
            "booked_on": str(issued + timedelta(days=rng.randint(5, 40))),
            "reference": text,
        }
        made.rows.append(Row(payment, "payment", fields, of["bank"]))
        _true(made, case, invoice, payment, told)


SYSTEMS = ("crm", "books", "office", "bank")


def _true(made: World, case: int, upper: str, lower: str, told: str) -> None:
    made.truth[frozenset((upper, lower))] = told
    for ref in (upper, lower):
        made.case_of.setdefault(ref, set()).add(case)


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
            _true(made, case, row.ref, ref, "number" if named else "no number")


class Hub:
    """A store with the stages from links to cases alone."""

    def __init__(self, url: str) -> None:
        self.db = Database(url)
        migrate(self.db)
        self._sources: dict[tuple[str, str, str], int] = {}

    def put(self, rows: Sequence[Row]) -> None:
        """Write records as mapping and resolution leave them, with what they make due."""
        for chunk in chunks(rows):
            with self.db.transaction() as tx:
                insert_new(tx, tables.source_records, list(self._new_sources(chunk)))
                made = [self._made(row) for row in chunk]
                announce(tx, canonical.replace(tx, [one.source_id for one in made], made))
                resolved = [row for row in chunk if row.entity]
                insert_new(tx, tables.entities, [_entity(row) for row in resolved])
                insert_new(tx, tables.crosswalk, [_membership(row) for row in resolved])
                work.done(tx, "resolve", work.take(tx, "resolve", 10_000_000))

    def _new_sources(self, rows: Sequence[Row]) -> Iterator[dict[str, Any]]:
        for row in rows:
            key, _ = parse_ref(row.ref)
            place = (key.connection, key.stream, key.key)
            if place not in self._sources:
                self._sources[place] = len(self._sources) + 1
                yield {
                    "id": self._sources[place],
                    "connection": key.connection,
                    "stream": key.stream,
                    "key": key.key,
                    "version": 1,
                    "hash": b"",
                    "deleted": False,
                    "first_seen_at": SEEN,
                    "fetched_at": SEEN,
                }

    def _made(self, row: Row) -> Made:
        key, part = parse_ref(row.ref)
        refs = tuple(Reference(role, target) for role, target in row.refs)
        record = CanonicalRecord(key, part, row.kind, row.fields, {}, refs, (), {})
        source = self._sources[key.connection, key.stream, key.key]
        title = row.fields.get("name") or row.fields.get("subject")
        return Made(record, source, 1, SEEN, SEEN, None, title)

    def walk(self) -> dict[str, float]:
        """Work everything off; return the seconds of each stage."""
        moves: dict[str, Callable[[], object]] = {
            "thread": lambda: thread(self.db),
            "propose": lambda: propose(self.db),
            "vorgang": lambda: tell(self.db, NOW, Telling()),
        }
        seconds = dict.fromkeys(moves, 0.0)
        while any(self._due(stage) for stage in moves):
            for stage, move in moves.items():
                began = time.perf_counter()
                while move():
                    pass
                seconds[stage] += time.perf_counter() - began
        return seconds

    def _due(self, stage: str) -> bool:
        with self.db.reading() as tx:
            return bool(work.take(tx, stage, 1))


def _entity(row: Row) -> dict[str, Any]:
    none = dict.fromkeys(("ended_at", "merged_into", "split_from"))
    return {"id": row.entity, "kind": row.kind, "created_at": SEEN, **none}


def _membership(row: Row) -> dict[str, Any]:
    of = {"ref": row.ref, "entity_id": row.entity, "method": "single", "score": None}
    return {**of, "valid_from": SEEN}


FLOW = ("deal", "order", "project", "invoice", "payment")


def found(hub: Hub, made: World) -> tuple[dict[frozenset[str], str], dict[frozenset[str], str]]:
    """Return the pairs linked by themselves, and those that wait for a person, with the method."""
    of_record = {row.ref: row.entity for row in made.rows if row.kind == "project" and row.entity}
    pairs = []
    with hub.db.reading() as tx:
        for table in (tables.links, tables.link_candidates):
            c = table.c
            select = sa.select(c.from_ref, c.target, c.method).where(c.role.in_(FLOW))
            pairs.append(
                {
                    frozenset((of_record.get(one, one), other)): method
                    for one, other, method in tx.execute(select)
                }
            )
    return pairs[0], pairs[1]


def accuracy(cases: int, seed: int, url: str, console: Console) -> None:
    """Print how many links are right, and how many of the right ones are found."""
    made = world(cases, seed)
    hub = Hub(url)
    hub.put(made.rows)
    hub.walk()
    linked, waiting = found(hub, made)
    same = {pair for pair in linked if len(set.intersection(*map(made.case_of.__getitem__, pair)))}
    table = Table("told by", "true links", "linked", "waiting", "missed", title=f"{cases} cases")
    for told, total in Counter(made.truth.values()).most_common():
        true = [pair for pair, how in made.truth.items() if how == told]
        by = sum(pair in linked for pair in true)
        wait = sum(pair in waiting for pair in true)
        table.add_row(told, str(total), str(by), str(wait), str(total - by - wait))
    console.print(table)
    held = sum(pair in linked for pair in made.truth)
    reached = sum(pair in linked or pair in waiting for pair in made.truth)
    right = sum(pair in made.truth for pair in waiting)
    console.print(f"linked by themselves: precision {len(same) / len(linked):.4f} ({len(linked)})")
    console.print(
        f"recall {held / len(made.truth):.4f}, with candidates {reached / len(made.truth):.4f}"
    )
    console.print(f"candidates that are right: {right} of {len(waiting)}")
    hub.db.close()


def speed(documents: int, url: str, console: Console) -> None:
    """Print the seconds for so many documents at once, and after one in a hundred has changed."""
    made = world(documents // DOCUMENTS_A_CASE + 1, seed=3)
    hub = Hub(url)
    hub.put(made.rows)
    whole = hub.walk()
    rng = random.Random(5)
    papers = [row for row in made.rows if row.kind != "organization"]
    some = rng.sample(papers, len(papers) // 100)
    amounts = ("net_minor", "amount_minor", "budget_minor")
    hub.put(
        [
            Row(
                row.ref,
                row.kind,
                {k: v + 1 if k in amounts else v for k, v in row.fields.items()},
                row.refs,
                row.entity,
            )
            for row in some
        ]
    )
    part = hub.walk()
    title = f"{len(papers):,} documents, seconds"
    table = Table("stage", "all", f"{len(some):,} changed", "share", title=title)
    for stage in whole:
        share = f"{part[stage] / whole[stage]:.1%}"
        table.add_row(stage, f"{whole[stage]:.1f}", f"{part[stage]:.2f}", share)
    total, changed = sum(whole.values()), sum(part.values())
    table.add_row("together", f"{total:.1f}", f"{changed:.2f}", f"{changed / total:.1%}")
    console.print(table)
    hub.db.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--documents", type=int, default=100_000, help="0 for no timing")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    console = Console()
    with tempfile.TemporaryDirectory() as scratch:
        accuracy(args.cases, args.seed, f"sqlite:///{scratch}/few.db", console)
        if args.documents:
            speed(args.documents, f"sqlite:///{scratch}/many.db", console)


if __name__ == "__main__":
    main()
