"""`hub demo`: a fictional company, from its departments' exports to a served view."""

import os
from pathlib import Path
from time import monotonic
from typing import Annotated

import typer
from rich.console import Console

from hub.cli.counting import counted
from hub.cli.ending import Exit
from hub.cli.init import SHIPPED
from hub.cli.progress import say
from hub.cli.serve import Host, Port
from hub.cli.serving import listening_socket, log_to_stderr, serve_app
from hub.cli.sync import sync_one, walk_all
from hub.clock import instant_text
from hub.demo.repair import repair as mend
from hub.demo.world import world
from hub.demo.write import write
from hub.model.access import Scope
from hub.runtime import Runtime, opened
from hub.store import api_keys, overview, search
from hub.store.migrations import migrate

CONFIG = SHIPPED / "demo" / "hub.yaml"
FOLDER = "data/demo"
KEY_FILE = "api-key"
MADE_FILE = "made-for"
SEED = 2026
SHOWN = "Hallwandt"
"""A customer with a case of rule R01; docs/demo.md tells of the others."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("demo")(demo)


def demo(
    serve: Annotated[bool, typer.Option("--serve", help="Serve the API afterwards.")] = False,
    size: Annotated[int, typer.Option(min=80, max=100_000, help="How many customers.")] = 300,
    repair: Annotated[
        str | None,
        typer.Option(help="Mend a planted case in the exports, e.g. R07-warning, and do no more."),
    ] = None,
    host: Host = "127.0.0.1",
    port: Port = 8000,
) -> None:
    """Load a fictional company and, with --serve, show it."""
    console = Console()
    with opened(CONFIG, os.environ) as runtime:
        folder = runtime.loaded.home / FOLDER
        if repair is not None:
            mended = mend(folder, repair, runtime.clock())
            print(f"mended in {folder}: {', '.join(mended)}; `hub sync` brings it in")
            return
        if not serve:
            load(runtime, folder, size, console)
            return
        with listening_socket(host, port) as listening:
            token = load(runtime, folder, size, console)
            address, bound = listening.getsockname()[:2]
            say_where(runtime, console, f"http://{address}:{bound}", token)
            log_to_stderr()
            serve_app(runtime, listening, with_scheduler=True)


def load(runtime: Runtime, folder: Path, size: int, console: Console) -> str:
    """Bring the hub to where the demo company is today; return the token of its API key."""
    migrate(runtime.database)
    _write_exports(runtime, folder, size, console)
    outcomes = {name: sync_one(runtime, name, console) for name in runtime.connections}
    for name, outcome in outcomes.items():
        if outcome is not Exit.OK:  # as the schedule would have tried by now: see rule R20
            say(console, f"{name}: so planted, see R20 in docs/demo.md; tried twice more")
            runtime.sync(name)
            runtime.sync(name)
    walk_all(runtime, console)
    runtime.sweep()
    _say_what_is_there(runtime, console)
    return _token(runtime, folder / KEY_FILE)


def _write_exports(runtime: Runtime, folder: Path, size: int, console: Console) -> None:
    """Write the exports, once a day: their dates count back from today."""
    zone = runtime.loaded.config.company.zone
    today = runtime.clock().astimezone(zone).date()
    made, asked = folder / MADE_FILE, f"{today} {size}\n"
    if made.exists() and made.read_text() == asked:
        return
    began = monotonic()
    write(world(SEED, today, size), folder)
    made.write_text(asked)
    took_s = monotonic() - began
    say(console, f"wrote the exports of four departments to {folder} in {took_s:.1f} s")


def _say_what_is_there(runtime: Runtime, console: Console) -> None:
    with runtime.database.reading() as tx:
        entities, alerts = overview.entities_by_kind(tx), overview.alerts_by_condition(tx)
    say(
        console,
        f"{counted(entities.get('organization', 0), 'customer')}, "
        f"{counted(entities.get('person', 0), 'person')}, "
        f"{counted(entities.get('project', 0), 'project')}; "
        f"{counted(alerts.get('firing', 0), 'alert fires', 'alerts fire')}",
    )


def _token(runtime: Runtime, path: Path) -> str:
    """Return the demo's token: from its file while it is good, else a new one kept there."""
    with runtime.database.transaction() as tx:
        token = path.read_text().strip() if path.exists() else ""
        if api_keys.find(tx, token):
            return token
        now = instant_text(runtime.clock())
        _, token = api_keys.create(tx, "demo", [Scope.ADMIN], now)
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(f"{token}\n")
    return token


def say_where(runtime: Runtime, console: Console, address: str, token: str) -> None:
    """Say where the demo is served, and give a line that works."""
    with runtime.database.reading() as tx:
        hits = search.search(tx, SHOWN, kinds=["organization"], limit=1)
    place = f"customers/{hits[0].item}" if hits else "customers"
    lines = (
        "",
        f"API key   {token}",
        f"Look      {address}/console asks for that key: what fires, by department",
        f"OpenAPI   {address}/openapi.json",
        "Try       a customer from four departments, with the source of every value:",
        f"          curl -H 'Authorization: Bearer {token}' {address}/v1/{place}",
        "          what the rules say:",
        f"          curl -H 'Authorization: Bearer {token}' {address}/v1/alerts",
        "Read      docs/demo.md: what is hidden in this company's data",
        "Stop      Ctrl-C",
        "",
    )
    for line in lines:
        say(console, line)
