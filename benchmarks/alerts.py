"""Twenty rules over many customers: a full sweep, a sweep again, and what 1 % of changes costs.

    python -m benchmarks.alerts --customers 100000

The world is written straight into an SQLite database as resolution and linking leave it, with
planted cases for ten of the rules; nothing else in it may fire. benchmarks.planted asks for all
rules that the demo company has cases for.
"""

import argparse
import json
import resource
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.planted import report
from benchmarks.rule_cases import AT, NOW, entity, papers
from hub.alerts.rule_files import load_rules
from hub.clock import instant_text
from hub.model.alert import Condition
from hub.model.setting import Company, ConnectionInfo
from hub.pipeline.alert import alert, evaluate
from hub.pipeline.watch import Watch
from hub.store import alerts, work
from hub.store.database import Database
from hub.store.migrations import migrate

DAY = timedelta(days=1)
SYSTEMS = {
    "crm": ("crm", {"organization", "deal"}),
    "desk": ("ticketing", {"ticket"}),
    "books": ("accounting", {"order", "invoice"}),
    "pm": ("projects", {"project", "milestone"}),
    "deeds": ("contracts", {"contract"}),
}
CONNECTION = {kind: name for name, (_, kinds) in SYSTEMS.items() for kind in kinds}
_RENAME = "UPDATE canonical_records SET fields = json_set(fields, '$.name', 'neu') WHERE ref = ?"
_READ = "SELECT fields FROM canonical_records WHERE ref = ?"
_WRITE = "UPDATE canonical_records SET fields = ? WHERE ref = ?"


def write(path: Path, customers: int) -> tuple[int, set[tuple[str, str]]]:
    """Write the world; return how many records it has, and what is planted."""
    planted: set[tuple[str, str]] = set()
    count = 0
    db = sqlite3.connect(path)
    record = (
        "INSERT INTO canonical_records (ref, source_id, kind, connection, stream, fields, raw,"
        " version, first_seen_at, fetched_at, status, number) VALUES (?,1,?,?,'s',?,'{}',1,?,?,?,?)"
    )
    for first in range(0, customers, 2_000):
        rows: list[Any] = []
        links: list[Any] = []
        stand: list[Any] = []
        homes: list[Any] = []
        for n in range(first, min(customers, first + 2_000)):
            found, cases = papers(n)
            planted.update(cases)
            name = {"name": f"Firma {n}", "lifecycle": "customer"}
            for ref, kind, fields, to in [(f"crm:a:{n}", "organization", name, {}), *found]:
                text = json.dumps(
                    {key: value for key, value in fields.items() if value is not None}
                )
                of = CONNECTION[kind]
                rows.append((ref, kind, of, text, AT, AT, fields.get("status"), None))
                links += [
                    (ref, role, at, f"{ref}/{role}", "key", 1.0, "{}") for role, at in to.items()
                ]
                if kind in ("organization", "project"):
                    one = entity("C" if kind == "organization" else "P", n)
                    stand.append((ref, one, "single", None, AT))
                    homes.append((one, kind, AT))
        count += len(rows)
        db.executemany(record, rows)
        db.executemany("INSERT INTO links VALUES (?,?,?,?,?,?,?)", links)
        db.executemany("INSERT INTO crosswalk VALUES (?,?,?,?,?)", stand)
        db.executemany("INSERT INTO entities (id, kind, created_at) VALUES (?,?,?)", homes)
    db.commit()
    db.execute("ANALYZE")
    db.close()
    return count, planted


def read(path: Path, at: datetime) -> None:
    """Let every system be read to its end at a moment."""
    run = (
        "INSERT INTO runs (connection, state, started_at, finished_at, progress) VALUES (?,?,?,?,?)"
    )
    with closing(sqlite3.connect(path)) as db:
        text = instant_text(at)
        db.executemany(run, [(name, "succeeded", text, text, "{}") for name in SYSTEMS])
        db.commit()


def rename(db: sqlite3.Connection, ref: str) -> None:
    """Change a record in a way that moves the facts of deals and projects alone."""
    db.execute(_RENAME, (ref,))


def reprice(db: sqlite3.Connection, ref: str) -> None:
    """Change all amounts of a record, which moves the facts of most kinds."""
    fields = json.loads(db.execute(_READ, (ref,)).fetchone()[0])
    more = {name: value + 100 for name, value in fields.items() if name.endswith("_minor")}
    db.execute(_WRITE, (json.dumps(fields | more), ref))


def change(
    path: Path, share: float, customers: int, how: Callable[[sqlite3.Connection, str], None]
) -> list[str]:
    """Change a share of the records, those of some customers; return what that makes due."""
    db = sqlite3.connect(path)
    items: list[str] = []
    for n in range(0, customers, round(1 / share)):
        found, _ = papers(n)
        for ref, kind, _, to in found:
            how(db, ref)
            if kind == "project":
                items.append(f"project:{entity('P', n)}")
            elif kind != "milestone":
                items.append(f"{kind}:{ref}")
            items += [f"customer:{one}" for role, one in to.items() if role == "organization"]
    db.commit()
    db.close()
    return items


def timed(what: Callable[[], Any]) -> float:
    began = time.process_time()
    what()
    return time.process_time() - began


def walk(db: Database, watch: Watch, at: datetime) -> None:
    while alert(db, watch, at):
        pass


def firing(db: Database) -> Iterator[tuple[str, str]]:
    after = None
    while True:
        with db.reading() as tx:
            conditions = (Condition.FIRING, Condition.PENDING)
            page = alerts.page(tx, conditions=conditions, after=after, limit=1_000)
        yield from ((one.rule, one.subject.id) for one in page.items)
        after = page.next
        if after is None:
            return


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=100_000)
    customers = parser.parse_args().customers
    folder = Path(__file__).parents[1] / "configs/rules"
    rules = load_rules({path.name: path.read_text() for path in folder.glob("*.yaml")})
    infos = [ConnectionInfo(name, of, frozenset(kinds)) for name, (of, kinds) in SYSTEMS.items()]
    watch = Watch(rules, Company(), infos)
    with tempfile.TemporaryDirectory() as home:
        path = Path(home) / "hub.db"
        db = Database(f"sqlite:///{path}")
        migrate(db)
        records, planted = write(path, customers)
        read(path, NOW)
        print(f"{customers:,} customers, {records:,} records, {len(rules)} rules, one process")
        full = timed(lambda: evaluate(db, watch, NOW))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"first sweep, nothing observed yet: {full:.1f} s of CPU, at most {peak:.0f} MiB")
        again = timed(lambda: evaluate(db, watch, NOW + timedelta(minutes=5)))
        print(f"sweep five minutes later: {again:.1f} s, {again / full:.0%} of the first")
        for minutes, name, how in ((6, "renamed", rename), (7, "repriced", reprice)):
            items = change(path, 0.01, customers, how)
            with db.transaction() as tx:
                work.add(tx, "alert", items)
            part = timed(partial(walk, db, watch, NOW + timedelta(minutes=minutes)))
            print(f"after 1 % {name}: {part:.2f} s, {part / full:.2%} of the first sweep")
        report(set(firing(db)), planted)
        read(path, NOW + DAY)
        day_later = timed(lambda: evaluate(db, watch, NOW + DAY))
        print(f"sweep a day later: {day_later:.1f} s, {day_later / full:.0%} of the first")
        db.close()


if __name__ == "__main__":
    main()
