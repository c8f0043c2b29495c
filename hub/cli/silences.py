"""`hub alerts silences` and `unsilence`: what is muted, and what is so no more."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Column, Table

from hub.cli import tables
from hub.cli.opening import Config, runtime_of
from hub.clock import instant_text
from hub.model.notice import Silence
from hub.pipeline.muted import matched
from hub.store import silences

SHOWN = 50


def show(
    every: Annotated[bool, typer.Option("--all", help="Those that are over, too.")] = False,
    config: Config = None,
) -> None:
    """List silences: what they mute, how many alerts that is now, until when, and why."""
    with runtime_of(config) as runtime, runtime.database.reading() as tx:
        now = runtime.clock()
        at, zone = instant_text(now), runtime.loaded.config.company.zone
        found = silences.page(tx, limit=SHOWN) if every else silences.not_over(tx, at)
        counts = [len(alerts) for alerts in matched(tx, found, now)]
    columns = ("state", "mutes", "alerts", "until", "why", "by")
    table = Table(Column("id", no_wrap=True), *columns, box=None)
    for one, count in zip(found, counts, strict=True):
        row = (
            one.state(at),
            _said(one),
            str(count),
            tables.local(one.until, zone),
            one.why,
            one.author,
        )
        table.add_row(one.id, *row)
    tables.show(Console(), table, none="no silences")


def end(
    silence_id: Annotated[str, typer.Argument(metavar="ID", help="As `silences` shows it.")],
    config: Config = None,
) -> None:
    """End a silence now; what it kept back is told if it still holds."""
    with runtime_of(config) as runtime:
        with runtime.database.transaction() as tx:
            silences.end(tx, silence_id, instant_text(runtime.clock()))
        runtime.announce()
        print(f"silence {silence_id} is over")


def _said(one: Silence) -> str:
    """Return what a silence asks for."""
    subject = one.subject.item if one.subject else None
    customer = f"customer {one.customer}" if one.customer else None
    severity = one.severity.value if one.severity else None
    return ", ".join(part for part in (one.rule, subject, customer, severity) if part)
