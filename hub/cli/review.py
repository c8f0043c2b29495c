"""`hub review`: what the hub is not sure of, and a person's word on it."""

import getpass
from dataclasses import asdict
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.table import Table

from hub.assembly import RESOLVED_KINDS
from hub.cli import tables
from hub.cli.counting import counted
from hub.cli.opening import Config, runtime_of
from hub.cli.progress import say
from hub.cli.sync import walk_all
from hub.clock import instant_text
from hub.errors import ConflictError
from hub.model.resolution import Verdict
from hub.pipeline.questions import Side, Told, questions
from hub.runtime import Runtime
from hub.store import entities, judgements

Ref = Annotated[str, typer.Argument(help="A record: connection:stream:key.")]
Reason = Annotated[str, typer.Option(help="Why; kept with your word.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    review = typer.Typer(help="Answer what the hub is not sure of.", no_args_is_help=True)
    review.command("list")(show)
    review.command("same")(same)
    review.command("different")(different)
    review.command("unsure")(unsure)
    review.command("undo")(undo)
    app.add_typer(review, name="review")


def show(
    kind: Annotated[
        list[str] | None, typer.Option(help=f"Only these: {', '.join(RESOLVED_KINDS)}.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many at most.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    config: Config = None,
) -> None:
    """List what a word would settle, the weightiest first."""
    for one in kind or ():
        if one not in RESOLVED_KINDS:
            raise typer.BadParameter(f"{one} is none of {', '.join(RESOLVED_KINDS)}")
    with runtime_of(config) as runtime, runtime.database.reading() as tx:
        found, following = questions(tx, kind or RESOLVED_KINDS, limit=limit)
    if as_json:
        for each in found:
            print(msgspec.json.encode(asdict(each)).decode())
        return
    console = Console()
    for each in found:
        _tell(console, each)
    if not found:
        say(console, "nothing waits for an answer")
    if following:
        say(console, f"... and more: --limit {limit * 2}")


def _tell(console: Console, each: Told) -> None:
    asked = "one?" if each.task == "merge" else "one after all?"
    say(console, f"{each.kind}: {asked}  {each.bits:+.2f} bits, {each.probability:.0%}")
    tables.show(console, _beside(each.left, each.right), none="")
    words = f"{each.left.ref} {each.right.ref}"
    say(console, f"  `hub review same {words}`; or `different`, or `unsure`\n")


def _beside(left: Side, right: Side) -> Table:
    """Return both sides, a row for each field, with a star where they contradict each other."""
    table = Table("", "", box=None, pad_edge=False)
    for side in (left, right):
        held = f"{counted(side.records, 'record')}, {counted(side.documents, 'document')}"
        table.add_column(f"{side.ref}\n{side.name} ({held})", overflow="fold")
    for name in sorted(left.values | right.values):
        texts = [_text(side.values[name]) if name in side.values else "" for side in (left, right)]
        table.add_row("*" if all(texts) and texts[0] != texts[1] else " ", name, *texts)
    return table


def _text(value: object) -> str:
    return "; ".join(map(str, value)) if isinstance(value, list) else str(value)


def same(left: Ref, right: Ref, reason: Reason = "", config: Config = None) -> None:
    """Say that two records mean the same."""
    _judge(left, right, "same", reason, config)


def different(left: Ref, right: Ref, reason: Reason = "", config: Config = None) -> None:
    """Say that two records do not mean the same."""
    _judge(left, right, "different", reason, config)


def unsure(left: Ref, right: Ref, reason: Reason = "", config: Config = None) -> None:
    """Say that nobody can tell: the scores go on deciding, and the question is gone."""
    _judge(left, right, "unsure", reason, config)


def _judge(left: str, right: str, verdict: Verdict, reason: str, config: Config) -> None:
    with runtime_of(config) as runtime:
        now = instant_text(runtime.clock())
        author = getpass.getuser()
        try:
            with runtime.database.transaction() as tx:
                word = judgements.add(
                    tx, left, right, verdict, author=author, reason=reason, now=now
                )
        except ValueError as error:
            raise ConflictError(str(error)) from error
        say(Console(), f"judgement {word.id}: `hub review undo {word.id}` takes it back")
        _apply(runtime, word)


def undo(
    judgement_id: Annotated[int, typer.Argument(metavar="ID", help="The judgement's number.")],
    config: Config = None,
) -> None:
    """Take a judgement back: the scores speak again."""
    with runtime_of(config) as runtime:
        with runtime.database.transaction() as tx:
            word = judgements.undo(tx, judgement_id, instant_text(runtime.clock()))
        _apply(runtime, word)


def _apply(runtime: Runtime, word: judgements.Judged) -> None:
    console = Console()
    walk_all(runtime, console)
    with runtime.database.reading() as tx:
        stand = entities.current(tx, (word.left, word.right))
    for ref in (word.left, word.right):
        say(console, f"{ref} is {stand[ref].entity_id if ref in stand else 'not resolved'}")
