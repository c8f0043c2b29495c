"""`hub notices`: who hears of what, what is on its way to whom, and what could not be sent."""

from collections import Counter
from datetime import tzinfo
from typing import Annotated, Literal

import typer
from rich.console import Console
from rich.table import Column, Table

from hub.alerts.hearers import hearings
from hub.cli import tables
from hub.cli.ending import Exit
from hub.cli.opening import Config, runtime_of
from hub.clock import instant_text
from hub.errors import NotFoundError
from hub.model.notice import Delivery, Gate, Letter
from hub.notify.send import send as hand_over
from hub.notify.target import NotDeliveredError
from hub.pipeline.announce import AUTHORS, SOURCES, new_id
from hub.pipeline.notice import test_body
from hub.pipeline.telling import moment
from hub.runtime import Runtime
from hub.store import outbox, standing

State = Literal["due", "sent", "dead"]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(help="See who is told what, try targets, and send dead letters again.")
    group.command("list")(show)
    group.command("replay")(replay)
    group.command("send")(send)
    group.command("routes")(routes)
    group.command("test")(try_targets)
    app.add_typer(group, name="notices", no_args_is_help=True)


def show(
    state: Annotated[State | None, typer.Option(help="due, sent or dead.")] = None,
    target: Annotated[str | None, typer.Option(help="Only to this target.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many at most.")] = 50,
    config: Config = None,
) -> None:
    """List notices, newest first; dead ones were given up."""
    with runtime_of(config) as runtime, runtime.database.reading() as tx:
        found = outbox.page(tx, state=state, target=target, limit=limit)
        zone = runtime.loaded.config.company.zone
    table = Table(
        Column("id", no_wrap=True), "target", "state", "created", "attempts", "error", box=None
    )
    for _, letter in found:
        table.add_row(
            letter.id,
            letter.target,
            letter.state,
            tables.local(letter.created_at, zone),
            str(letter.attempts),
            letter.error or "",
        )
    tables.show(Console(), table, none="no notices")


def replay(
    ids: Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="Which.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Every dead letter.")] = False,
    target: Annotated[str | None, typer.Option(help="With --all: only this target's.")] = None,
    config: Config = None,
) -> None:
    """Make dead letters due again, in their old order."""
    if bool(ids) == every:
        raise typer.BadParameter("name the notices, or say --all")
    with runtime_of(config) as runtime, runtime.database.transaction() as tx:
        wanted = outbox.dead(tx, target) if every else ids or []
        for letter_id in wanted:
            outbox.replay(tx, letter_id, instant_text(runtime.clock()))
    print(f"{len(wanted)} due again")


def routes(config: Config = None) -> None:
    """Show who would hear of what: of each rule by severity, and of rules and sources that fail."""
    with runtime_of(config) as runtime:
        owners = set(runtime.routing.owners.values())
        found = hearings(runtime.watch.rules, runtime.routing, sorted({AUTHORS, SOURCES} | owners))
    table = Table("rule", "department", "severity", "told", box=None)
    for one in found:
        told = ", ".join(one.targets) or "nobody"
        table.add_row(one.rule or "-", one.department, one.severity.value, told)
    tables.show(Console(), table, none="no rules")


def try_targets(
    targets: Annotated[
        list[str] | None, typer.Argument(metavar="[TARGET]...", help="Which; else all.")
    ] = None,
    config: Config = None,
) -> None:
    """Send a notice to targets that says that it is a test, and say whether they took it."""
    with runtime_of(config) as runtime:
        known = sorted(runtime.post.targets)
        for name in targets or known:
            if name not in known:
                there = ", ".join(known) or "none"
                raise NotFoundError(f"there is no target {name!r}; there are: {there}")
        failed = {name: _tried(runtime, name) for name in targets or known}
    for name, error in failed.items():
        print(f"{name}: {error or 'took it'}")
    if not failed:
        print("no targets")
    if any(failed.values()):
        raise typer.Exit(Exit.FAILED)


def _tried(runtime: Runtime, target: str) -> str:
    """Return why a target did not take a test notice, "" where it did."""
    now = runtime.clock()
    at = instant_text(now)
    letter = Letter(new_id(now), target, at, 0, test_body(runtime.routing, target, at))
    try:
        hand_over(runtime.post, letter, now)
    except NotDeliveredError as error:
        return str(error)
    return ""


def send(config: Config = None) -> None:
    """Decide who is told what, and send what is due, now."""
    with runtime_of(config) as runtime:
        written = runtime.announce().letters
        print(f"{written} written, {runtime.deliver()} sent")
        if not runtime.loaded.config.notify.targets:
            print("nobody is told of alerts: the configuration names no `notify.targets`")
            return
        with runtime.database.reading() as tx:
            gates = standing.gates(tx).values()
        zone = runtime.loaded.config.company.zone
        told = Counter(f"{gate.state}{_until(gate, zone)}{_why(gate)}" for gate in gates)
        for line, count in sorted(told.items(), key=lambda each: (-each[1], each[0])):
            print(f"{count} held back: {line}")


def _why(gate: Gate) -> str:
    held_by, _, rule = (gate.because or "").partition("storm:")
    if rule and not held_by:
        return f" (too many at once: `hub alerts release {rule}` lets them go)"
    return _BY.get(gate.state, "")


_BY = {
    Delivery.INHIBITED: " (another alert speaks for it)",
    Delivery.MUTED: " (quiet hours, weekends or holidays: `notify.quiet`)",
    Delivery.GROUPED: " (waits for what belongs together: `notify.pace`)",
}


def _until(gate: Gate, zone: tzinfo) -> str:
    return f" until {moment(gate.until, 'en', zone)}" if gate.until else ""
