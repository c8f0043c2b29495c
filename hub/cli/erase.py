"""`hub erase`: a person leaves the hub, and does not come back with the next sync."""

import getpass
from collections import Counter
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console

from hub import eraser
from hub.cli.counting import counted
from hub.cli.opening import Config, runtime_of
from hub.cli.progress import say
from hub.errors import ConfigError
from hub.model.erasure import Erasure, Plan
from hub.runtime import Runtime

SHOWN = 20
"""Records of one fate that are shown line by line; --json shows all."""

Target = Annotated[
    str | None,
    typer.Argument(
        metavar="WHO", help="An entity's id, CONNECTION/STREAM/KEY, or an e-mail address."
    ),
]
Lift = Annotated[str | None, typer.Option(metavar="ID", help="Take an erasure off the list again.")]
Export = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Write the list of who was erased.")
]
Import = Annotated[
    Path | None,
    typer.Option("--import", metavar="FILE", help="Do again what the list tells, after a restore."),
]
Reason = Annotated[str, typer.Option(help="Why, without a name: it is kept as proof.")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("erase")(erase)


def erase(
    who: Target = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do it; without, it is only shown.")] = False,
    reason: Reason = "",
    show: Annotated[bool, typer.Option("--list", help="Show what was erased.")] = False,
    lift: Lift = None,
    export: Export = None,
    bring: Import = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    config: Config = None,
) -> None:
    """Erase a person, and keep them out.

    A sole trader is a person, too. Without --yes nothing changes: it shows what would go, what the
    law keeps and until when.
    """
    if sum((who is not None, show, lift is not None, export is not None, bring is not None)) != 1:
        raise ConfigError("say one of: whom to erase, --list, --lift ID, --export, --import FILE")
    with runtime_of(config) as runtime:
        if show:
            _list(runtime, as_json)
        elif export is not None:
            _say(f"{counted(eraser.export(runtime, export), 'erasure')} written to {export}")
        elif bring is not None:
            _bring(runtime, bring, yes=yes)
        elif lift is not None:
            found = eraser.lift(runtime, lift, reason=reason, author=getpass.getuser())
            _say(f"erasure {found.id} is lifted: its sources are read whole at the next sync")
        elif who is not None and yes:
            done = eraser.carry_out(runtime, who, reason=reason, author=getpass.getuser())
            print(msgspec.json.encode(done).decode()) if as_json else _receipt(runtime, done)
        elif who is not None:
            plan = eraser.preview(runtime, who)
            print(msgspec.json.encode(eraser.told(plan)).decode()) if as_json else _plan(plan)


def _bring(runtime: Runtime, path: Path, *, yes: bool) -> None:
    """Show what a list tells and this database does not know, or do it again."""
    if yes:
        for done in eraser.bring_back(runtime, path):
            _receipt(runtime, done)
        _say("this database knows of everybody on the list")
        return
    found = eraser.unknown(runtime, path)
    for one in found:
        _say(f"{one.id}  {one.kind}  {'lifted' if one.lifted else 'in force'}  {one.reason}")
    more = ": the same with --yes" if found else ""
    _say(f"not known to this database: {counted(len(found), 'erasure')} on the list{more}")


def _say(*lines: str) -> None:
    console = Console()
    for line in lines:
        say(console, line)


def _plan(plan: Plan) -> None:
    _say(f"{plan.kind} {' '.join(plan.entities) or '(not held here)'}")
    for fate, words in (
        ("goes", "would go, every version"),
        ("kept", "the law keeps, unread: in no view, search, rule, export"),
        ("person taken out", "would stay without the person"),
    ):
        some = [one for one in plan.records if one.fate == fate]
        if not some:
            continue
        kinds = Counter(one.kind for one in some)
        told = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
        _say(f"{counted(len(some), 'record')} {words}: {told}")
        for one in some[:SHOWN]:
            until = f"  until {one.until} ({one.why})" if one.until else ""
            _say(f"    {one.kind:<12} {one.ref}{until}")
        if len(some) > SHOWN:
            _say(f"    ... and {len(some) - SHOWN} more: --json")
    for name, count in sorted(plan.other.items()):
        _say(f"{counted(count, 'row')} of {name}")
    for shared in plan.shared:
        _say(f"{shared.value} stays, others have it, too: {', '.join(shared.refs[:5])}")
    _say(
        "Recordings (`hub run --record`), exports and backups are files of yours: not touched.",
        "Nothing was changed. To do it: the same with --yes --reason WHY",
    )


def _receipt(runtime: Runtime, done: Erasure) -> None:
    _say(f"erasure {done.id}: {done.state}, kept out by {counted(done.marks, 'mark')}")
    for name, count in sorted(done.receipt.items()):
        if count or name == "found afterwards":
            _say(f"    {name}: {count}")
    if not runtime.database.is_sqlite:
        _say("PostgreSQL keeps deleted rows in its files for a while: docs/erasing.md")


def _list(runtime: Runtime, as_json: bool) -> None:
    found = eraser.page(runtime, limit=1000)
    if as_json:
        for one in found:
            print(msgspec.json.encode(one).decode())
        return
    for one in found:
        met = f", kept out {counted(one.met, 'time')}, last {one.met_at}" if one.met else ""
        lifted = f", lifted {one.lifted_at}: {one.lift_reason}" if one.lifted_at else ""
        _say(f"{one.id}  {one.kind}  {one.state}  {one.asked_at[:10]}  {one.reason}{met}{lifted}")
    if not found:
        _say("nobody was erased")
