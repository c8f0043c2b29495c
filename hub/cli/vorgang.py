"""`hub vorgang`: one business case, across departments."""

from typing import Annotated, Any
from zoneinfo import ZoneInfo

import msgspec
import typer
from rich.console import Console
from rich.table import Table

from hub.cli import tables
from hub.cli.opening import Config, runtime_of
from hub.cli.progress import say
from hub.errors import NotFoundError
from hub.pipeline import case_view
from hub.store import vorgang_lists
from hub.store.database import Row, Tx


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("vorgang")(tell)


def tell(
    vorgang_id: Annotated[str, typer.Argument(metavar="ID", help="The case's id.")],
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    config: Config = None,
) -> None:
    """Show a business case: how far it is, what is missing, what belongs to it."""
    with runtime_of(config) as runtime, runtime.database.reading() as tx:
        zone = ZoneInfo(runtime.loaded.config.company.time_zone)
        told = case_view.whole(tx, _living(tx, vorgang_id), runtime.clock().astimezone(zone).date())
    if as_json:
        print(msgspec.json.encode(told).decode())
        return
    _show(Console(), told)


def _living(tx: Tx, vorgang_id: str) -> Row:
    row = vorgang_lists.get(tx, vorgang_id)
    if row is not None and row.merged_into is not None:
        row = vorgang_lists.get(tx, row.merged_into)
    if row is None or row.state != "living":
        raise NotFoundError(f"there is no business case {vorgang_id}")
    return row


def _show(console: Console, told: dict[str, Any]) -> None:
    customer = (told["customer"] or {}).get("name") or "no customer"
    say(console, f"{told['id']}  {told['kind']}  {told['title']}  ({customer})")
    worth = _money(told["value_minor"], told["currency"])
    health = told["health"]
    say(console, f"{told['phase']} since {told['phase_since'] or '?'}  {worth}  {health['state']}")
    for gap in told["gaps"]:
        if gap["open"]:
            say(console, f"missing: {gap['type']} since {gap['since']} -> {gap['department']}")
    for wrong in told["contradictions"]:
        say(console, f"contradiction: {wrong['type']}: {', '.join(wrong['refs'])}")
    table = Table("phase", "from", "until", "days", "9 in 10", box=None, pad_edge=False)
    for one in told["phases"]:
        days = ("" if one[name] is None else str(one[name]) for name in ("days", "p90_days"))
        table.add_row(one["phase"], one["entered_at"], one["left_at"] or "", *days)
    tables.show(console, table, none="no phases")
    table = Table("kind", "number", "status", "amount", "share", box=None, pad_edge=False)
    table.add_column("ref", no_wrap=True)
    for one in told["members"]:
        amount = _money(one["amount_minor"], one["currency"])
        share = f"{one['share_pct']:g} %"
        shown = (one["number"] or "", one["status"] or "", amount, share, one["ref"])
        table.add_row(one["kind"], *shown)
    tables.show(console, table, none="no members")


def _money(minor: int | None, currency: str | None) -> str:
    return "" if minor is None else f"{minor / 100:,.2f} {currency or ''}".strip()
