"""`hub links`: papers that may belong together, and a person's word on them."""

import getpass
from typing import Annotated

import msgspec
import typer
from rich.console import Console

from hub.cli.opening import Config, runtime_of
from hub.cli.progress import say
from hub.cli.sync import walk_all
from hub.clock import instant_text
from hub.errors import ConflictError
from hub.pipeline import case_view
from hub.store import link_decisions

From = Annotated[str, typer.Argument(metavar="FROM", help="A record: connection:stream:key.")]
To = Annotated[str, typer.Argument(metavar="TO", help="Another record, or an entity's id.")]
Reason = Annotated[str, typer.Option(help="Why; kept with your word.")]
Limit = Annotated[int, typer.Option(min=1, max=1000, help="How many at most.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    links = typer.Typer(help="Say which papers belong together.", no_args_is_help=True)
    links.command("list")(show)
    links.command("decisions")(decisions)
    links.command("accept")(accept)
    links.command("reject")(reject)
    links.command("undo")(undo)
    app.add_typer(links, name="links")


def show(
    customer: Annotated[str | None, typer.Option(help="Only those of this customer's id.")] = None,
    limit: Limit = 20,
    as_json: AsJson = False,
    config: Config = None,
) -> None:
    """List links that wait for a word, the strongest first."""
    with runtime_of(config) as runtime, runtime.database.reading() as tx:
        found, following = case_view.waiting(
            tx, runtime.currency, after=None, customer=customer, limit=limit
        )
    if as_json:
        for one in found:
            print(msgspec.json.encode(one).decode())
        return
    console = Console()
    for one in found:
        whose = one["customer"]["name"] or one["customer"]["id"]
        say(console, f"{one['from_ref']}  {one['target']}  {one['score']:.0%}  {whose}")
        for end in one["ends"]:
            named = "  ".join(str(end[name]) for name in ("number", "title") if end[name])
            say(console, f"    {end['kind']}  {named}".rstrip())
        say(console, f"    {one['method']}: {msgspec.json.encode(one['evidence']).decode()}")
    if not found:
        say(console, "nothing waits for an answer")
    if following:
        say(console, f"... and more: --limit {limit * 2}")


def decisions(
    undone: Annotated[bool, typer.Option(help="Those taken back, too.")] = False,
    limit: Limit = 100,
    as_json: AsJson = False,
    config: Config = None,
) -> None:
    """List people's words on links, oldest first."""
    with runtime_of(config) as runtime, runtime.database.reading() as tx:
        found = link_decisions.page(tx, limit=limit, undone=undone)
    console = Console()
    for one in found:
        if as_json:
            print(msgspec.json.encode(one).decode())
            continue
        back = f", taken back {one.deleted_at}" if one.deleted_at else ""
        said = f"{one.verdict}  {one.from_ref}  {one.target_ref}"
        say(console, f"{one.id}  {said}  {one.author}: {one.reason}{back}")


def accept(left: From, right: To, reason: Reason = "", config: Config = None) -> None:
    """Say that two records belong together."""
    _decide(left, right, "link", reason, config)


def reject(left: From, right: To, reason: Reason = "", config: Config = None) -> None:
    """Say that two records do not belong together; a link that stands goes."""
    _decide(left, right, "no_link", reason, config)


def _decide(
    left: str, right: str, verdict: link_decisions.Verdict, reason: str, config: Config
) -> None:
    with runtime_of(config) as runtime:
        now, author = instant_text(runtime.clock()), getpass.getuser()
        try:
            with runtime.database.transaction() as tx:
                made = link_decisions.add(
                    tx, left, right, verdict, author=author, reason=reason, now=now
                )
        except ValueError as error:
            raise ConflictError(str(error)) from error
        console = Console()
        say(console, f"decision {made.id}: `hub links undo {made.id}` takes it back")
        walk_all(runtime, console)


def undo(
    decision_id: Annotated[int, typer.Argument(metavar="ID", help="The decision's number.")],
    config: Config = None,
) -> None:
    """Take a word on a link back: the evidence speaks again."""
    with runtime_of(config) as runtime:
        with runtime.database.transaction() as tx:
            link_decisions.undo(tx, decision_id, instant_text(runtime.clock()))
        walk_all(runtime, Console())
