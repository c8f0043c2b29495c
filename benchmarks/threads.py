"""Business cases known beforehand, in four systems that share no key: which links are found.

    python -m benchmarks.threads [--cases N] [--documents N] [--database URL]

The cases are those of `benchmarks.cases`; customers are told apart already. Prints precision and
recall of the links by method, then the time for many documents, at once and after one in a hundred
has changed.
"""

import argparse
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from rich.console import Console
from rich.table import Table

from benchmarks.cases import Row, World, world
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

SEEN = "2026-01-01T00:00:00.000Z"
NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
DOCUMENTS_A_CASE = 5


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
            replace(row, fields={k: v + 1 if k in amounts else v for k, v in row.fields.items()})
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
