"""Progress of long work: bars with rate and remaining time on a terminal, plain lines elsewhere."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from time import monotonic
from typing import Protocol

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

EVERY_S = 2.0
"""How often a plain line is written at most."""


class Shown(Protocol):
    """Where progress is told."""

    def tell(self, name: str, done: int, total: int | None) -> None:
        """Say that `done` of `total` items of `name` are done; None where nobody knows."""


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:,.0f}/s" if task.speed else "", style="dim")


class Bars:
    """On a terminal: a bar for each name."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._tasks: dict[str, TaskID] = {}

    def tell(self, name: str, done: int, total: int | None) -> None:
        """Move the bar of `name`."""
        if name not in self._tasks:
            self._tasks[name] = self._progress.add_task(name, total=total)
        self._progress.update(self._tasks[name], completed=done, total=total)


class Lines:
    """Elsewhere: a line for each name, every other second at most."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._said = monotonic()
        self._told: dict[str, tuple[int, float]] = {}
        self._took: dict[str, float] = {}

    def tell(self, name: str, done: int, total: int | None) -> None:
        """Write a line where something has moved and it is time for one."""
        now = monotonic()
        before, at = self._told.get(name, (done, now))
        self._told[name] = done, now
        if done == before:
            return
        # All names are told of at each step: only steps that moved this one took its time.
        took = self._took[name] = self._took.get(name, 0.0) + now - at
        if now - self._said < EVERY_S or not took:
            return
        self._said = now
        rate = done / took
        left = f", {(total - done) / rate:,.0f} s left" if total and rate else ""
        of = f" of {total:,}" if total else ""
        say(self._console, f"{name}: {done:,}{of} ({rate:,.0f}/s{left})")


def say(console: Console, text: str) -> None:
    """Write a line as it is, however long."""
    console.print(text, highlight=False, markup=False, soft_wrap=True)


@contextmanager
def shown(console: Console) -> Iterator[Shown]:
    """Show progress for as long as the work lasts."""
    if not console.is_terminal:
        yield Lines(console)
        return
    columns = (TextColumn("{task.description:<24}"), BarColumn(), MofNCompleteColumn())
    with Progress(
        *columns, _Rate(), TimeRemainingColumn(), console=console, transient=True
    ) as progress:
        yield Bars(progress)


def tell_stages(show: Shown, done: Mapping[str, int], due: Mapping[str, int]) -> None:
    """Tell how far a walk of the street has come, stage by stage."""
    for stage in done:
        total = done[stage] + due.get(stage, 0)
        if total:
            show.tell(stage, done[stage], total)
