"""`hub why`: why two records are one or not, and how an entity came together."""

from dataclasses import asdict
from typing import Annotated, Any

import msgspec
import typer
from rich.console import Console
from rich.table import Table

from hub.cli import tables
from hub.cli.counting import counted
from hub.cli.opening import Config, runtime_of
from hub.cli.progress import say
from hub.errors import NotFoundError
from hub.model.resolution import Explanation
from hub.pipeline.why import PairTold, Step, how, why
from hub.runtime import Runtime
from hub.store import entities, evidence, views
from hub.store.database import Tx

WIDTH, NARROW = 36, 10
"""Characters that the longest way of a waterfall takes, on a wide terminal and on a narrow one."""

_WORDS = 84
"""Characters that comparisons, values, levels and bits want beside the bars."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("why")(tell)


def tell(
    what: Annotated[
        list[str], typer.Argument(metavar="REF REF | ENTITY", help="Two records, or one entity.")
    ],
    negated: Annotated[
        bool, typer.Option("--not", help="Say what keeps the two records apart.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    config: Config = None,
) -> None:
    """Say why two records are one or not, or how an entity came together."""
    if len(what) > 2 or (negated and len(what) != 2):
        raise typer.BadParameter("expected two records, or one entity")
    console = Console()
    with runtime_of(config) as runtime, runtime.database.reading() as tx:
        if len(what) == 1:
            _tell_entity(console, runtime, tx, what[0], as_json)
            return
        told = why(tx, runtime.street.models, what[0], what[1])
    if as_json:
        print(msgspec.json.encode(asdict(told)).decode())
    elif negated:
        _tell_apart(console, told)
    else:
        _tell_pair(console, told)


def _tell_entity(console: Console, runtime: Runtime, tx: Tx, entity_id: str, as_json: bool) -> None:
    living = views.successor(tx, entity_id) or entity_id
    kind = evidence.kind_of(tx, living)
    if kind is None:
        raise NotFoundError(f"there is no entity {entity_id}; two records are asked for as two")
    refs = entities.records_of(tx, [living]).get(living, [])
    steps = how(tx, kind, runtime.street.models[kind], refs)
    if as_json:
        told = {"id": living, "kind": kind, "records": refs, "steps": [asdict(s) for s in steps]}
        print(msgspec.json.encode(told).decode())
        return
    if living != entity_id:
        say(console, f"{entity_id} was merged into {living}")
    view = views.get(tx, living)
    say(console, f"{living}  {kind}  {view.name if view else ''}")
    say(console, f"{counted(len(refs), 'record')}: {', '.join(refs)}")
    if steps:
        tables.show(console, _steps_table(steps), none="one record alone")


def _steps_table(steps: tuple[Step, ...]) -> Table:
    told = any(step.sources for step in steps)
    heads = ("step", "bits", *(["of them sources"] if told else []), "by", "these", "and these")
    table = Table(*heads, box=None, pad_edge=False)
    for number, step in enumerate(steps, start=1):
        bits = (f"{step.bits:+.2f}", *([f"{step.sources:+.2f}"] if told else []))
        table.add_row(str(number), *bits, step.reason, "\n".join(step.left), "\n".join(step.right))
    return table


def _tell_pair(console: Console, told: PairTold) -> None:
    _tell_heading(console, told)
    tables.show(console, waterfall(told.explanation, _bar(console)), none="no evidence")
    for rival in told.rivals:
        say(console, f"rival: {rival.beside} also resembles {_some(rival.refs)} {rival.bits:+.2f}")
    for reason in told.obstacles:
        say(console, f"apart because {reason}")
    _tell_rest(console, told)


def _tell_apart(console: Console, told: PairTold) -> None:
    _tell_heading(console, told)
    if told.one:
        say(console, "nothing keeps them apart: they are one")
    for reason in told.obstacles:
        say(console, f"apart because {reason}")
    tables.show(console, waterfall(told.explanation, _bar(console)), none="no evidence")
    if told.second:
        bits, chance = told.second.bits, told.second.probability
        say(console, f"second round, group by group: {bits:+.2f} bits, {chance:.1%}")
        tables.show(console, waterfall(told.second, _bar(console)), none="no evidence")
    _tell_rest(console, told)


def _tell_heading(console: Console, told: PairTold) -> None:
    for side in (told.left, told.right):
        say(console, f"{side.ref}  {side.name}  ({told.kind} {side.entity_id or 'not resolved'})")
    bits, chance = told.explanation.bits, told.explanation.probability
    verdict = told.explanation.verdict
    say(console, f"{'one' if told.one else 'two'}; {verdict}: {bits:+.2f} bits, {chance:.1%}")


def _tell_rest(console: Console, told: PairTold) -> None:
    if told.judgement:
        word = told.judgement
        say(console, f"judged {word.verdict} by {word.author}: {word.reason or 'no reason given'}")
    if told.joined:
        step = told.joined
        sides = f"{len(step.left)} and {len(step.right)} records"
        bits = f"{step.bits - step.sources:+.2f} bits on average"
        bits += f", {step.sources:+.2f} for their sources" if step.sources else ""
        if step.reason == "domain":
            bits = f"{step.bits:+.2f} bits: all that is known of the domain is one company's"
        say(console, f"joined by {step.reason}: {sides}, {bits}")
    if told.explanation.turning:
        say(console, f"would turn it: {', '.join(told.explanation.turning)}")


def _some(refs: tuple[str, ...]) -> str:
    return refs[0] if len(refs) == 1 else f"{refs[0]} and {len(refs) - 1} more"


def _bar(console: Console) -> int:
    return min(WIDTH, max(NARROW, console.width - _WORDS)) if console.is_terminal else WIDTH


def waterfall(told: Explanation, width: int = WIDTH) -> Table:
    """Return an explanation as a table: each bar begins where the sum before it ended."""
    rows: list[tuple[Any, ...]] = [("prior", (), (), "", told.prior)]
    rows += [(e.comparison, e.left, e.right, e.level, e.bits) for e in told.evidence]
    ends = [0.0]
    for row in rows:
        ends.append(ends[-1] + row[-1])
    low, high = min(ends), max(ends)
    scale = width / ((high - low) or 1.0)
    table = Table("comparison", "left", "right", "level", box=None, pad_edge=False)
    table.add_column("bits", justify="right", no_wrap=True)
    table.add_column("sum", justify="right", no_wrap=True)
    table.add_column(no_wrap=True, min_width=width)
    for row, begin, end in zip(rows, ends, ends[1:], strict=False):
        start = round((min(begin, end) - low) * scale)
        stop = max(round((max(begin, end) - low) * scale), start + 1 if row[-1] else start)
        bar = " " * start + ("+" if row[-1] > 0 else "-") * (stop - start)
        values = (" | ".join(row[1]), " | ".join(row[2]))
        table.add_row(row[0], *values, row[3], f"{row[-1]:+.2f}", f"{end:+.2f}", bar)
    return table
