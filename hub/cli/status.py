"""`hub status`: how each connection is, what waits in quarantine, what the hub holds."""

from collections.abc import Iterator
from datetime import tzinfo
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.table import Table

from hub.cli import tables
from hub.cli.counting import counted
from hub.cli.opening import Config, runtime_of
from hub.cli.progress import say
from hub.cli.stream_status import show_streams
from hub.status import ConnectionState, HubState, hub_state
from hub.store import canonical, drift, quarantine
from hub.store.database import Row, Tx

WORTH_TRAINING = 500
"""Entities of a kind from which on a model of the hub's own has enough to learn from."""
ADVICE = (
    "the shipped model is in use; hub train --hub --kind {kind} --out {kind}.json learns what your "
    "sources are like, and hub resolve --dry-run --model {kind}.json shows what would change"
)
GIVEN_UP = "hub notices list --state dead says why, hub notices replay sends them again"
SHOWN = 5
"""Entries of quarantine shown for each connection."""

NO_CONNECTIONS = "no connections: describe your sources in the configuration, then `hub check`"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("status")(status)


def status(
    connection: Annotated[
        str | None, typer.Argument(help="Show the streams of this one instead.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
    config: Config = None,
) -> None:
    """Show how each connection is and what the hub holds; of one, how far each stream is."""
    console = Console()
    with runtime_of(config) as runtime, runtime.database.reading() as tx:
        if connection is not None:
            show_streams(console, runtime, tx, connection, as_json=as_json)
            return
        state = hub_state(runtime, tx)
        if as_json:
            print(msgspec.json.encode(state).decode())
            return
        zone = runtime.loaded.config.company.zone
        tables.show(console, _connections(state, zone), none=NO_CONNECTIONS)
        for found in state.connections:
            _failure(console, found)
            _quarantine(console, tx, found)
            for one in drift.listed(tx, found.name):
                say(console, f"{found.name} {one.stream} differs: {one.field}: {one.text}")
        for issue in canonical.issue_counts(tx):
            say(console, _issue(issue))
        for title, counts in (
            ("entities", state.entities),
            ("alerts", state.alerts),
            ("still to be worked off", state.work),
        ):
            listed = ", ".join(f"{count:,} {name}" for name, count in sorted(counts.items()))
            say(console, f"{title}: {listed or 'none'}")
        if given_up := state.notices.get("dead"):
            say(console, f"notices: {given_up:,} given up; {GIVEN_UP}")
        for line in advice(state):
            say(console, line)


def advice(state: HubState) -> Iterator[str]:
    """Yield a line for each kind of which there is enough to train a model of the hub's own."""
    for kind, model in state.models.items():
        if "#" not in model and state.entities.get(kind, 0) >= WORTH_TRAINING:
            yield f"{kind}: {ADVICE.format(kind=kind)}"


def _connections(state: HubState, zone: tzinfo) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("connection", "source", "last run", "state", "fresh"):
        table.add_column(heading)
    for heading in ("records", "quarantine"):
        table.add_column(heading, justify="right")
    for one in state.connections:
        run = one.run
        table.add_row(
            one.name,
            one.source,
            tables.local(run.started_at if run else None, zone, absent="never"),
            (run.state if run else "-") if one.enabled else "switched off",
            {None: "-", True: "late", False: "yes"}[one.freshness.late],
            f"{one.records:,}",
            f"{one.quarantined:,}",
        )
    return table


def _failure(console: Console, connection: ConnectionState) -> None:
    if connection.run and connection.run.error:
        say(console, f"{connection.name}: {connection.run.error}")


def _quarantine(console: Console, tx: Tx, connection: ConnectionState) -> None:
    for entry in quarantine.page(tx, connection.name, limit=SHOWN):
        key = f" {entry.key}" if entry.key else ""
        say(
            console,
            f"{connection.name} {entry.stream}{key}, in quarantine: {entry.place}: {entry.reason}",
        )
    if connection.quarantined > SHOWN:
        say(
            console,
            f"{connection.name}, in quarantine: {connection.quarantined - SHOWN:,} more; "
            f"GET /v1/connections/{connection.name}/quarantine lists all, whole",
        )


def _issue(issue: Row) -> str:
    place = f"{issue.connection} {issue.stream}, {issue.field}"
    return f"{place}: {issue.reason}: {issue.example!r} (in {counted(issue.records, 'record')})"
