"""`hub sync`: reads connections now, and works off what changed."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from types import FrameType
from typing import Annotated

import typer
from rich.console import Console

from connectors.sdk.transport import Transport
from hub.cli.ending import Exit
from hub.cli.opening import Config, runtime_of
from hub.cli.options import Full, Since, Streams, require_full
from hub.cli.progress import Shown, say, shown, tell_stages
from hub.errors import BusyError
from hub.model.run import Run
from hub.runtime import Again, Runtime
from hub.store import overview


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("sync")(sync)


def sync(
    names: Annotated[list[str] | None, typer.Argument(help="Connections; all without any.")] = None,
    accept_deletes: Annotated[
        bool,
        typer.Option("--accept-deletes", help="Believe it even where most records are gone."),
    ] = False,
    full: Full = False,
    stream: Streams = None,
    since: Since = None,
    config: Config = None,
) -> None:
    """Read connections now, work off what changed, let the rules look at it.

    With --full what is listed again shows what is gone, too; nothing that stands is lost meanwhile.
    """
    streams = require_full(full, stream, since)
    if streams and len(names or ()) != 1:
        raise typer.BadParameter("--stream goes with one connection")
    console = Console()
    with runtime_of(config) as runtime:
        chosen = names or [name for name, one in runtime.connections.items() if one.enabled]
        for name in chosen:
            runtime.connection(name)
        assert runtime.street  # what is wrong with mappings and rules is said before any reading
        how = How(accept_deletes, full, tuple(streams), since)
        outcomes = [sync_one(runtime, name, console, how) for name in chosen]
        if walk_all(runtime, console):
            runtime.sweep()  # what time alone, or a changed rule, makes true
    raise typer.Exit(exit_code(outcomes))


@dataclass(frozen=True, slots=True)
class How:
    """What a call of a sync asks for. streams: with full, those alone; all without any.

    since: with full, by the company's clock.
    """

    accept_deletes: bool = False
    full: bool = False
    streams: tuple[str, ...] = ()
    since: datetime | None = None

    def again(self, runtime: Runtime) -> Again | None:
        """Return what is to be read once more, if anything is."""
        zone = runtime.loaded.config.company.zone
        since = self.since.replace(tzinfo=zone) if self.since else None
        return Again(self.streams, since) if self.full else None


def sync_one(
    runtime: Runtime,
    name: str,
    console: Console,
    how: How = How(),  # frozen
    transport: Transport | None = None,
) -> Exit:
    """Read one connection, say how it went, and return that as an exit code.

    An interrupt (Ctrl-C, SIGTERM) ends it after its present page; a second one ends the process.
    """
    began = monotonic()
    with runtime.database.reading() as tx:
        known = overview.records_by_stream(tx)
    try:
        with shown(console) as show, stopped_by_signals() as cancel:
            run = runtime.sync(
                name,
                accept_deletes=how.accept_deletes,
                again=how.again(runtime),
                cancel=cancel,
                transport=transport,
                on_progress=lambda run: _tell(show, run, known),
            )
    except BusyError as error:
        say(console, f"{name}: {error}")
        return Exit.BUSY
    say(console, outcome(run, monotonic() - began))
    return Exit.OK if run.state == "succeeded" else Exit.FAILED


@contextmanager
def stopped_by_signals() -> Iterator[threading.Event]:
    """Let the first interrupt set an event while the block lasts; the second interrupts."""
    cancel = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield cancel
        return
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def stop(number: int, _: FrameType | None) -> None:
        cancel.set()
        signal.signal(number, before[signal.Signals(number)])

    for number in before:
        signal.signal(number, stop)
    try:
        yield cancel
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _tell(show: Shown, run: Run, known: dict[tuple[str, str], int]) -> None:
    for name, stream in run.streams.items():
        before = known.get((run.connection, name))
        total = stream.read if stream.state == "succeeded" else before
        show.tell(f"{run.connection} {name}", stream.read, total)


def outcome(run: Run, took_s: float) -> str:
    """Return how a run went, in one line and one more for each stream that failed."""
    counts = ", ".join(
        f"{run.total(count):,} {word}"
        for count, word in (
            ("created", "new"),
            ("changed", "changed"),
            ("unchanged", "unchanged"),
            ("deleted", "deleted"),
            ("quarantined", "in quarantine"),
            ("kept_out", "kept out (erased)"),
        )
        if run.total(count)
    )
    line = f"{run.connection}: {run.state}: {counts or 'nothing read'} in {took_s:.1f} s"
    errors = dict.fromkeys(one.error for one in run.streams.values() if one.error)
    return "\n  ".join([line, *errors, *([run.error] if run.error and not errors else [])])


def walk_all(runtime: Runtime, console: Console) -> bool:
    """Let what is due walk the street, and say what was done.

    False where another process is at it.
    """
    began = monotonic()
    with shown(console) as show:
        summary = runtime.walk(on_progress=lambda done, due: tell_stages(show, done.items, due))
    if summary.handed_over:
        say(console, "another process is working off what changed")
        return False
    done = ", ".join(f"{count:,} {_DONE[stage]}" for stage, count in summary.items.items() if count)
    took_s = monotonic() - began
    say(console, f"worked off: {done or 'nothing was due'} in {took_s:.1f} s")
    return True


_DONE = {
    "canonicalize": "mapped",
    "resolve": "resolved",
    "thread": "linked",
    "propose": "searched for links by customer",
    "vorgang": "followed to their business cases",
    "alert": "judged by the rules",
    "render": "written as views",
    "review": "looked over for review",
}


def exit_code(outcomes: list[Exit]) -> Exit:
    """Return one exit code for all connections of a call."""
    kinds = set(outcomes)
    if kinds <= {Exit.OK}:
        return Exit.OK
    return Exit.PARTLY if len(kinds) > 1 else kinds.pop()
