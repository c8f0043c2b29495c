"""How fast a list endpoint is read into a store: the hub beside other tools, one loopback server.

Run:  .venv/bin/python -m benchmarks.sync [records ...]       (10000 100000 without any)

Each tool is a process of its own, measured from its start to its end: wall time, processor time of
its own, peak memory. The others are installed into environments below ~/.cache/verbund-benchmarks;
one that cannot be installed is left out with a word. "all again" lists all records a second time,
"what changed" asks from the cursor on, as every run after the first does: nothing has changed.

"Warm" is the same work in a process whose imports are done, measured from within: whoever runs in a
service has a start behind them. Nobody's file is changed for it: `sync_warm` learns from a run of
one record what a tool loads, loads that in a new process, and times the author's file as it stands;
of a pipe, from when all its programs are ready until the last has ended. "Hub in a server" is the
hub's, as the scheduler of `hub serve` runs it, loaded beforehand in the same way.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from connectors.sdk.errors import ConnectorError
from connectors.sdk.isolation.environment import environment

ROOT = Path(__file__).resolve().parents[1]
AUTHORS = ROOT / "benchmarks" / "authors"
KEPT = Path.home() / ".cache" / "verbund-benchmarks"
ROUNDS = 2
"""Of small numbers, where the start weighs much; large ones run once."""
WARM = Path(__file__).with_name("sync_warm.py")
RUNS = ("", ", all again", ", what changed")
SMALL = 20_000
TOOK = "took"
"""What the files are called in which processes say themselves what they took."""
QUIET = {"RUNTIME__DLTHUB_TELEMETRY": "false", "DO_NOT_TRACK": "1"}
CATALOG = {
    "streams": [
        {
            "stream": {
                "name": "contacts",
                "json_schema": {},
                "supported_sync_modes": ["full_refresh"],
            },
            "sync_mode": "full_refresh",
            "destination_sync_mode": "append",
        }
    ]
}


@dataclass(frozen=True)
class Measured:
    """One run; memory is the peak of all its processes together."""

    wall_s: float
    cpu_s: float
    memory_mb: float


@dataclass(frozen=True)
class Tool:
    """One row. author: the file an author writes; steps: commands by address and folder.

    within: its figures are those of the work alone, not of a process.
    """

    name: str
    author: str
    steps: Callable[[str, Path], list[list[str]]]
    again: bool = False
    within: bool = False


def run(commands: Sequence[Sequence[str]], folder: Path) -> Measured:
    """Run commands as a pipe and measure them until the last has ended."""
    env = {**os.environ, **QUIET, "PYTHONPATH": str(ROOT), "HOME": str(folder)}
    env.pop("PYTHONDONTWRITEBYTECODE", None)  # what is installed is compiled once for all starts
    began, children = time.monotonic(), []
    source: Any = subprocess.DEVNULL
    with (folder / "said").open("wb") as said:
        for at, command in enumerate(commands):
            last = at == len(commands) - 1
            sink = subprocess.DEVNULL if last else subprocess.PIPE
            child = subprocess.Popen(
                command, stdin=source, stdout=sink, stderr=said, cwd=folder, env=env
            )
            if source is not subprocess.DEVNULL:
                source.close()
            source = child.stdout
            children.append(child)
        cpu_s = memory_mb = 0.0
        for child, command in zip(children, commands, strict=True):
            _, status, used = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
            if child.returncode:
                tail = (folder / "said").read_text("utf-8", "replace")[-600:]
                raise RuntimeError(f"{Path(command[0]).name} ended with {child.returncode}: {tail}")
            cpu_s += used.ru_utime + used.ru_stime
            memory_mb += used.ru_maxrss / 1024
    wall_s = time.monotonic() - began
    return _within(folder, memory_mb) or Measured(wall_s, cpu_s, memory_mb)


def _within(folder: Path, memory_mb: float) -> Measured | None:
    """Return what processes say themselves, None where they say nothing.

    Of a pipe the time goes from when its last program was ready.
    """
    told = []
    for took in folder.glob(f"{TOOK}*"):
        told.append([float(word) for word in took.read_text().split()])
        took.unlink()
    if not told:
        return None
    began, ended, cpu_s = zip(*told, strict=True)
    return Measured(max(ended) - max(began), sum(cpu_s), memory_mb)


@contextmanager
def server(count: int) -> Any:
    """Serve so many contacts in a process of their own."""
    command = [sys.executable, "-m", "benchmarks.contacts_server", str(count)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.kill()
        process.wait()


def author_lines(name: str) -> int:
    """Return how many lines of an author's file hold anything."""
    lines = (AUTHORS / name).read_text().splitlines()
    return sum(bool(line.strip()) for line in lines)


def _hub(url: str, folder: Path) -> list[list[str]]:
    return [[sys.executable, "-m", "benchmarks.sync_hub", url, str(folder / "hub.db")]]


def _in_a_server(url: str, folder: Path) -> list[list[str]]:
    return [[*_hub(url, folder)[0], f"took={folder / TOOK}"]]


def _httpx(url: str, folder: Path) -> list[list[str]]:
    return [[sys.executable, str(AUTHORS / "with_httpx.py"), url, str(folder / "out.jsonl")]]


def _dlt(url: str, folder: Path) -> list[list[str]]:
    python = _bin("duckdb==1.4.1", "dlt==1.31.0") / "python"
    return [[str(python), str(AUTHORS / "with_dlt.py"), url, str(folder / "dlt.duckdb")]]


def _singer(url: str, folder: Path) -> list[list[str]]:
    config = _written(folder / "tap.json", {"url": url})
    target = _written(folder / "target.json", {"destination_path": str(folder)})
    tap = [str(_bin("singer-sdk==0.54.9") / "python"), str(AUTHORS / "with_singer_sdk.py")]
    return [
        [*tap, "--config", config],
        [str(_bin("target-jsonl==0.1.4") / "target-jsonl"), "--config", target],
    ]


def _airbyte(url: str, folder: Path) -> list[list[str]]:
    config = _written(folder / "source.json", {"url": url})
    catalog = _written(folder / "catalog.json", CATALOG)
    python = str(_bin("airbyte-cdk==7.39.1") / "python")
    author = str(AUTHORS / "with_airbyte_cdk.py")
    return [[python, author, "read", "--config", config, "--catalog", catalog]]


def _bin(*requirements: str) -> Path:
    return environment(KEPT, requirements, base_dir=ROOT)


def _written(path: Path, content: Any) -> str:
    path.write_text(json.dumps(content))
    return str(path)


TOOLS = (
    Tool("httpx to a file", "with_httpx.py", _httpx),
    Tool("hub to SQLite", "with_hub.py", _hub, again=True),
    Tool("hub in a server", "with_hub.py", _in_a_server, again=True, within=True),
    Tool("singer-sdk to target-jsonl", "with_singer_sdk.py", _singer),
    Tool("airbyte-cdk to nothing", "with_airbyte_cdk.py", _airbyte),
    Tool("dlt to DuckDB", "with_dlt.py", _dlt),
)


def measure(tool: Tool, url: str, rounds: int) -> list[Measured]:
    """Return the quickest of a few first runs, and of the further ones of RUNS where asked."""
    best: list[Measured | None] = [None] * len(RUNS)
    for _ in range(rounds):
        with _folder() as folder:
            commands = tool.steps(url, folder)
            runs = [run(commands, folder)]
            if tool.again:
                runs += [run([[*commands[0], "whole"]], folder), run(commands, folder)]
        for at, one in enumerate(runs):
            known = best[at]
            best[at] = one if known is None or one.cpu_s < known.cpu_s else known
    return [one for one in best if one is not None]


def measure_warm(tool: Tool, url: str, rounds: int) -> Measured:
    """Return the quickest of a few first runs in processes whose imports are done."""
    with _folder() as known:
        with server(1) as small, _folder() as folder:
            commands = tool.steps(small, folder)
            run([_warm(one, "learn", known / str(at)) for at, one in enumerate(commands)], folder)
        runs = []
        for _ in range(rounds):
            with _folder() as folder:
                commands = tool.steps(url, folder)
                warm = [
                    _warm(one, known / str(at), folder / f"{TOOK}{at}")
                    for at, one in enumerate(commands)
                ]
                runs.append(run(warm, folder))
    return min(runs, key=lambda one: one.cpu_s)


def _warm(command: Sequence[str], *asked: Path | str) -> list[str]:
    """Return the command that has `sync_warm` run the script of another."""
    program, *rest = command
    if Path(program).name.startswith("python"):
        return [program, str(WARM), *map(str, asked), *rest]
    return [str(Path(program).with_name("python")), str(WARM), *map(str, asked), *command]


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="verbund-sync-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    """Print one table for each number of records."""
    counts = [int(one) for one in sys.argv[1:]] or [10_000, 100_000]
    for count in counts:
        print(f"\n{count:,} records: lines of the author; records a second by the clock and by the")
        print("processor's time, of a whole process and of the work in a warm one; peak memory\n")
        print(f"{'':<28}{'lines':>6}{'process':>12}{'its cpu':>12}{'warm':>12}{'its cpu':>12}")
        with server(count) as url:
            for tool in TOOLS:
                with suppress(ConnectorError):
                    show(tool, count, url)
                    continue
                print(f"{tool.name:<28} left out: it cannot be installed here")


def show(tool: Tool, count: int, url: str) -> None:
    """Measure one tool and print its row, or why it has none."""
    rounds = ROUNDS if count <= SMALL else 1
    try:
        runs = measure(tool, url, rounds)
        warm = None if tool.again else measure_warm(tool, url, rounds)
    except RuntimeError as error:
        print(f"{tool.name:<28} failed: {error}")
        return
    for at, one in enumerate(runs):
        name, lines = f"{tool.name}{RUNS[at]}", "" if at else author_lines(tool.author)
        whole, within = (None, one) if tool.within else (one, warm)
        print(
            f"{name:<28}{lines:>6}{_speed(count, whole)}{_speed(count, within)}"
            f"{one.memory_mb:>8,.0f} MB",
            flush=True,
        )


def _speed(count: int, one: Measured | None) -> str:
    """Return records a second by the clock and by the processor's time, as two columns."""
    if one is None:
        return " " * 24
    return f"{count / one.wall_s:>10,.0f}/s{count / one.cpu_s:>10,.0f}/s"


if __name__ == "__main__":
    main()
