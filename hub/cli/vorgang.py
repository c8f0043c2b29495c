"""`hub vorgang`: one business case, across departments."""

from typing import Annotated, Any

import msgspec
import typer
from rich.console import Console
from rich.table import Table

from hub.cli import tables
from hub.cli.opening import Config, runtime_of
from hub.cli.progress import say
from hub.pipeline import case_view
from hub.pipeline.telling import amount, spoken, word


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
        company = runtime.loaded.config.company
        today = runtime.clock().astimezone(company.zone).date()
        told = case_view.whole(tx, case_view.living(tx, vorgang_id), today, company.currency)
    if as_json:
        print(msgspec.json.encode(told).decode())
        return
    _show(Console(), told, spoken(company.language))


def _show(console: Console, told: dict[str, Any], language: str) -> None:
    customer = (told["customer"] or {}).get("name") or "no customer"
    kind = word("vorgang_kinds", told["kind"], language)
    say(console, f"{told['id']}  {kind}  {told['title']}  ({customer})")
    base = told["base_currency"]
    worth = amount(told, "value_minor", language, base)
    health = told["health"]
    phase, state = word("phases", told["phase"], language), health["state"]
    say(
        console,
        f"{phase} since {told['phase_since'] or '?'}  {worth}  {word('health', state, language)}",
    )
    for gap in told["gaps"]:
        if gap["open"]:
            lacks = word("gaps", gap["type"], language)
            owner = word("departments", gap["department"], language)
            say(console, f"missing: {lacks} since {gap['since'] or '?'} -> {owner}")
    for wrong in told["contradictions"]:
        say(console, f"contradiction: {wrong['type']}: {', '.join(wrong['refs'])}")
    table = Table("phase", "from", "until", "days", "9 in 10", box=None, pad_edge=False)
    for one in told["phases"]:
        days = ("" if one[name] is None else str(one[name]) for name in ("days", "p90_days"))
        phase = word("phases", one["phase"], language)
        table.add_row(phase, one["entered_at"], one["left_at"] or "", *days)
    tables.show(console, table, none="no phases")
    table = Table("kind", "number", "status", "amount", "share", box=None, pad_edge=False)
    table.add_column("ref", no_wrap=True)
    for one in told["members"]:
        price = amount(one, "amount_minor", language, base)
        share = f"{one['share_pct']:g} %"
        shown = (one["number"] or "", one["status"] or "", price, share, one["ref"])
        table.add_row(word("record_kinds", one["kind"], language), *shown)
    tables.show(console, table, none="no members")
