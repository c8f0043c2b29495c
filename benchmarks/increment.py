"""One changed record in a full hub: from canonical record to committed entity, in milliseconds.

Beside the clock's milliseconds stand those of the processor, which other work on it lengthens less.

    python -m benchmarks.increment [RECORDS ...] [--changes N] [--a-step N] [--database URL]
        [--kept FOLDER] [--profile]

Puts that many records of invented companies straight in as canonical records, resolves them all
once, then single records that are new, changed or deleted, each in a transaction of its own
(`--a-step` many in one). `--kept` keeps the full hub, a SQLite file, and begins with a copy of it.
"""

import argparse
import cProfile
import gc
import pstats
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import make_url

from benchmarks.worlds import world
from connectors.sdk.record import parse_ref
from hub.collection import rare_collection
from hub.model.resolution import Profile
from hub.pipeline.changes import announce
from hub.pipeline.resolve import resolve, resolve_due, reweigh_some
from hub.resolution.model import default_model
from hub.store import canonical, work
from hub.store.canonical import Made
from hub.store.database import Database, chunks
from hub.store.migrations import migrate
from hub.store.tables import source_records
from mapping.canonical import CanonicalRecord

RECORDS_A_COMPANY = 2.6
SEEN = "2026-01-01T00:00:00.000Z"
NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
MODELS = {"organization": default_model("organization")}
Milliseconds = tuple[float, float]
"""Of the clock, and of the processor."""
FIELDS = {
    "org_name": "name",
    "vat": "vat_id",
    "email": "emails",
    "phone": "phones",
    "website": "websites",
}


class Hub:
    """A store of canonical records with the resolution stage alone."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.sources: dict[str, int] = {}

    def fill(self, profiles: Sequence[Profile]) -> None:
        """Put in records that are all new."""
        for chunk in chunks(profiles):
            with self.db.transaction() as tx:
                numbers = {one.ref: len(self.sources) + at for at, one in enumerate(chunk)}
                rows = [_source_row(ref, number) for ref, number in numbers.items()]
                tx.execute(sa.insert(source_records), rows)
                self.sources |= numbers
                made = [_made(one, self.sources[one.ref]) for one in chunk]
                changes = canonical.replace(tx, [one.source_id for one in made], made)
                announce(tx, changes)

    def begin_full(self) -> None:
        """Take over what an earlier run has filled."""
        s = source_records.c
        with self.db.reading() as tx:
            rows = tx.execute(sa.select(s.connection, s.stream, s.key, s.id))
            self.sources = {f"{one}:{stream}:{key}": at for one, stream, key, at in rows}

    def change(self, ref: str, profile: Profile | None) -> None:
        """Put in one record anew, or (None) delete it."""
        if ref not in self.sources:
            with self.db.transaction() as tx:
                self.sources[ref] = len(self.sources)
                tx.execute(sa.insert(source_records), [_source_row(ref, self.sources[ref])])
        with self.db.transaction() as tx:
            made = [_made(profile, self.sources[ref])] if profile else []
            announce(tx, canonical.replace(tx, [self.sources[ref]], made))

    def resolve(self) -> None:
        resolve(self.db, MODELS, NOW)

    def forget_due(self) -> None:
        """Strike what the stages after this one would do."""
        with self.db.transaction() as tx:
            for stage in ("thread", "render"):
                work.done(tx, stage, work.take(tx, stage, 10_000_000))


def _source_row(ref: str, number: int) -> dict[str, object]:
    key, _ = parse_ref(ref)
    return {
        "id": number,
        "connection": key.connection,
        "stream": key.stream,
        "key": key.key,
        "version": 1,
        "hash": b"",
        "deleted": False,
        "first_seen_at": SEEN,
        "fetched_at": SEEN,
    }


def _made(profile: Profile, source: int) -> Made:
    key, part = parse_ref(profile.ref)
    fields = {
        FIELDS.get(name, name): list(values) if name in ("email", "phone", "website") else values[0]
        for name, values in profile.features.items()
    }
    record = CanonicalRecord(key, part, "organization", fields, {}, (), ())
    return Made(record, source, 1, SEEN, SEEN, None, str(fields["name"]))


def changes(
    held: Sequence[Profile], new: Sequence[Profile], seed: int
) -> Iterator[tuple[str, str, Profile | None]]:
    """Yield (what, ref, record) for ever: new, another phone, another name, deleted, in turn."""
    pick = random.Random(seed)
    fresh = iter(new)
    victims = iter(pick.sample(held, len(held)))
    while True:
        one = next(fresh)
        yield "new", one.ref, one
        for what, feature in (("phone", "phone"), ("name", "org_name")):
            one = next(victims)
            told = {**one.features, feature: next(fresh).features.get(feature, ("030 5550101",))}
            yield what, one.ref, Profile(one.ref, one.kind, one.source, told)
        one = next(victims)
        yield "deleted", one.ref, None


def measure(records: int, url: str, asked: argparse.Namespace) -> None:
    """Print the seconds and memory of the first run, and milliseconds per change."""
    made = world(round(records / RECORDS_A_COMPANY * 1.1), seed=1, stock="test").profiles
    held = made[:records]
    beside = world(max(asked.changes, 100), seed=2, stock="test").profiles
    new = [Profile(f"{one.ref}-new", one.kind, one.source, one.features) for one in beside]
    kept = Path(asked.kept, f"{records}.db") if asked.kept else None
    if kept and kept.exists():
        shutil.copyfile(kept, str(make_url(url).database))
    hub = Hub(Database(url))
    migrate(hub.db)
    if kept and kept.exists():
        hub.begin_full()
    else:
        _first_run(hub, held, profiled=asked.profile)
    if kept and not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        with hub.db.engine.connect() as own:
            own.execute(sa.text("VACUUM INTO :place"), {"place": str(kept)})
    gc.freeze()  # the invented records, which no hub holds in memory, are none of its garbage
    wanted = list(islice(changes(held, new, 3), asked.changes))
    _increments(hub, wanted, asked.a_step, profiled=asked.profile)
    hub.db.close()


def _first_run(hub: Hub, held: Sequence[Profile], *, profiled: bool) -> None:
    hub.fill(held)
    before = _memory()
    watch = cProfile.Profile()
    started = time.perf_counter()
    if profiled:
        watch.enable()
    hub.resolve()
    watch.disable()
    seconds = time.perf_counter() - started
    print(
        f"{len(held):,} records: first run {seconds:.1f} s, peak memory {_memory()} MB"
        f" ({before} MB before)",
        flush=True,
    )
    hub.forget_due()
    if profiled:
        pstats.Stats(watch).sort_stats("tottime").print_stats(45)


def _increments(
    hub: Hub,
    wanted: Sequence[tuple[str, str, Profile | None]],
    a_step: int,
    *,
    profiled: bool,
) -> None:
    spent: dict[str, list[Milliseconds]] = {}
    after: list[Milliseconds] = []
    portions: list[Milliseconds] = []
    watch = cProfile.Profile()
    for some in chunks(wanted, a_step):
        for _, ref, profile in some:
            hub.change(ref, profile)
        what = some[0][0] if a_step == 1 else f"{a_step} a step, each"
        if profiled:
            watch.enable()
        with rare_collection():  # as whoever walks the street does
            spent.setdefault(what, []).append(
                timed(lambda: resolve_due(hub.db, MODELS, NOW), len(some))
            )
            first = len(portions)
            while _reweighed(hub, portions):
                pass
            clock, processor = map(sum, zip(*portions[first:], strict=True))
            after.append((clock / len(some), processor / len(some)))
        watch.disable()
    if a_step == 1:
        spent["all"] = [one for each in spent.values() for one in each]
    spent["weights that it moved"] = after
    spent["a portion of those"] = portions
    for what, each in spent.items():
        told = [ranked(column) for column in zip(*each, strict=True)]
        print(f"  {what:21} {len(each):4} steps: {told[0]}; processor {told[1]}", flush=True)
    if profiled:
        pstats.Stats(watch).sort_stats("tottime").print_stats(45)


def _reweighed(hub: Hub, portions: list[Milliseconds]) -> bool:
    """Score a portion of what a change moved elsewhere; return whether some is left."""
    left: list[bool] = []
    portions.append(timed(lambda: left.append(reweigh_some(hub.db, MODELS, NOW))))
    return left[0]


def timed(work: Callable[[], object], parts: int = 1) -> Milliseconds:
    """Return what each of the equal parts of some work takes."""
    started, busy = time.perf_counter(), time.process_time()
    work()
    return (
        (time.perf_counter() - started) * 1000 / parts,
        (time.process_time() - busy) * 1000 / parts,
    )


def ranked(taken: Sequence[float]) -> str:
    """Return the median, the 99th percentile and the longest of some milliseconds."""
    order = sorted(taken)
    median, late = order[len(order) // 2], order[int(len(order) * 0.99)]
    return f"median {median:6.1f} ms, 99th percentile {late:6.1f} ms, longest {order[-1]:6.1f} ms"


def _memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("records", type=int, nargs="*")
    parser.add_argument("--changes", type=int, default=300)
    parser.add_argument("--a-step", type=int, default=1, help="changes resolved at once")
    parser.add_argument("--database", help="a new, empty database; a SQLite file by default")
    parser.add_argument("--kept", help="folder of full hubs (SQLite), made where there is none")
    parser.add_argument("--profile", action="store_true")
    args = parser.parse_args()
    sizes = args.records or [10_000, 100_000]
    if len(sizes) > 1:  # a process of its own for each, so that memory is its own
        for size in sizes:
            again = ["-m", "benchmarks.increment", str(size), "--changes", str(args.changes)]
            subprocess.run([sys.executable, *again], check=True)
        return
    with tempfile.TemporaryDirectory() as scratch:
        measure(sizes[0], args.database or f"sqlite:///{scratch}/hub.db", args)


if __name__ == "__main__":
    main()
