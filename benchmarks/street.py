"""The whole street on other people's data: records a second and peak memory, move by move.

    python -m benchmarks.street [--shared ../shared] [--database URL]

Reads the departments' data by the configuration of the flow tests, in one process, into a new
SQLite file unless told otherwise: sync, mapping, resolution, links, facts and rules, views, search.
"""

import argparse
import os
import resource
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from rich.console import Console
from rich.table import Table

from hub.pipeline.street import WalkSummary
from hub.runtime import Runtime, opened
from hub.store.migrations import migrate

ROOT = Path(__file__).resolve().parents[1]
CONFIG = ROOT / "tests/flow/real/hub.yaml"


class Stopwatch:
    """Seconds by move, told by a walk's progress."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = time.perf_counter()
        self._done: dict[str, int] = {}

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self.seconds[name] = self.seconds.get(name, 0.0) + now - self._last
        self._last = now

    def told(self, summary: WalkSummary, _due: Mapping[str, int]) -> None:
        for stage, count in summary.items.items():
            if count != self._done.get(stage, 0):
                self.lap(stage)
        self._done = dict(summary.items)


def measure(runtime: Runtime) -> tuple[int, Stopwatch]:
    """Walk everything once; return how many records were read, and where the time went."""
    migrate(runtime.database)
    watch = Stopwatch()
    runs = [runtime.sync(name) for name in runtime.connections]
    watch.lap("sync")
    runtime.walk(on_progress=watch.told)
    return sum(run.total("read") for run in runs), watch


def report(title: str, records: int, watch: Stopwatch) -> Table:
    table = Table("move", "seconds", "records a second", title=title)
    for name, seconds in watch.seconds.items():
        table.add_row(name, f"{seconds:.2f}", f"{records / seconds:,.0f}")
    total = sum(watch.seconds.values())
    table.add_section()
    table.add_row("all", f"{total:.2f}", f"{records / total:,.0f}")
    return table


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--database", help="a new, empty database; a SQLite file by default")
    args = parser.parse_args()
    folder = args.shared / "data/departments"
    with tempfile.TemporaryDirectory() as scratch:
        env = os.environ | {
            "DEPARTMENTS": str(folder),
            "NORTHWIND_URL": f"sqlite:///{folder / 'northwind.sqlite'}",
            "HUB_DATABASE_URL": args.database or f"sqlite:///{scratch}/hub.db",
        }
        with opened(CONFIG, env) as runtime:
            records, watch = measure(runtime)
    console = Console()
    console.print(report("The whole street, real input", records, watch))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    console.print(f"{records:,} records, peak memory {peak} MB")


if __name__ == "__main__":
    main()
