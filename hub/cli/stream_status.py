"""`hub status CONNECTION`: how far each of its streams has been read, and how the last run went."""

from dataclasses import asdict
from datetime import tzinfo

import msgspec
from rich.console import Console
from rich.table import Table

from hub.cli import tables
from hub.cli.counting import counted
from hub.cli.progress import say
from hub.model.run import Run, StreamProgress
from hub.runtime import Runtime
from hub.status import StreamState, stream_states
from hub.store import runs
from hub.store.database import Tx


def show_streams(
    console: Console, runtime: Runtime, tx: Tx, connection: str, *, as_json: bool
) -> None:
    """Print the streams of a connection. Raises NotFoundError."""
    runtime.connection(connection)
    states, run = stream_states(tx, connection), runs.latest(tx).get(connection)
    if as_json:
        listed = [asdict(state) for state in states]
        print(msgspec.json.encode({"streams": listed, "run": run}).decode())
        return
    told = run.streams if run else {}
    zone = runtime.loaded.config.company.zone
    tables.show(console, _streams(states, told, zone), none=f"{connection}: nothing was read yet")
    for line in _last_run(run, told, zone):
        say(console, line)
    if any(state.position or state.parts for state in states):
        say(console, f"`hub sync {connection} --full --stream NAME` reads one from its beginning")


def _streams(states: list[StreamState], told: dict[str, StreamProgress], zone: tzinfo) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("stream", "goes on from", "listed whole", "last run"):
        table.add_column(heading)
    for heading in ("read", "new", "changed", "deleted", "records", "quarantine"):
        table.add_column(heading, justify="right")
    for one in states:
        progress = told.get(one.name)
        counts = ("read", "created", "changed", "deleted")
        table.add_row(
            one.name,
            _position(one),
            tables.local(one.listed_at, zone, absent="-"),
            progress.state if progress else "-",
            *(f"{getattr(progress, count):,}" if progress else "-" for count in counts),
            f"{one.records:,}",
            f"{one.quarantined:,}",
        )
    return table


def _position(state: StreamState) -> str:
    parts = (
        counted(state.parts, "position of a parent", "positions of parents") if state.parts else ""
    )
    return ", ".join(filter(None, (state.position, parts))) or "the beginning"


def _last_run(run: Run | None, told: dict[str, StreamProgress], zone: tzinfo) -> list[str]:
    if run is None:
        return []
    failed = [f"{name}: {one.error}" for name, one in told.items() if one.error]
    whole = [run.error] if run.error and not failed else []
    return [
        f"last run: {run.state}, begun {tables.local(run.started_at, zone)}",
        *failed,
        *whole,
    ]
