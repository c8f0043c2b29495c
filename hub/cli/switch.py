"""Another model or threshold: what it would change, and switching it on."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.table import Table

from hub.assembly import RESOLVED_KINDS, model_path, shipped_model
from hub.cli import tables
from hub.cli.progress import say
from hub.cli.sync import walk_all
from hub.errors import BusyError, ConfigError
from hub.pipeline.model_file import content_mark, marked, model_text, read_model, write_model
from hub.pipeline.switch import Change, list_name, preview, switch_on
from hub.resolution.model import Model, default_model, grained, shipped_text
from hub.runtime import Runtime

SHIPPED = "shipped"
MOST = 50
"""Changes that are listed on a terminal; `--json` lists them all."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for. model: a file, `shipped`, or None for the one in use; listed: the name of
    the list that was looked at."""

    kind: str | None
    model: str | None
    merge: float | None
    listed: str | None = None


def dry_run(runtime: Runtime, wish: Wish, console: Console, as_json: bool) -> None:
    """Say what would change."""
    kind, model = _chosen(runtime, wish)
    with runtime.database.reading() as tx:
        changes = preview(tx, kind, model)
    _tell(console, kind, changes, as_json, "would change")
    if not as_json:
        say(console, f"to switch on just that: --activate --list {list_name(kind, changes)}")


def activate(runtime: Runtime, wish: Wish, console: Console, as_json: bool) -> None:
    """Switch a model on: work off what is due with the old one, then change what it changes."""
    kind, model = _chosen(runtime, wish)
    if runtime.walk().handed_over:
        raise BusyError("another process is working off what changed; nothing was switched on")
    path = model_path(runtime.loaded, kind)
    text = None if wish.model == SHIPPED and wish.merge is None else model_text(model)
    former: list[Path] = []
    with ExitStack() as switched:

        def keep() -> None:
            former.extend(switched.enter_context(_switched(path, text)))

        named = marked(model, text or shipped_text(kind))
        changes = switch_on(
            runtime.database, runtime.clock, kind, named, keep, expected=wish.listed
        )
    _tell(console, kind, changes, as_json, "changed")
    if as_json:
        runtime.walk()
        return
    walk_all(runtime, console)
    back = f"--model {former[0]}" if former else f"--kind {kind} --model {SHIPPED}"
    say(console, f"to go back: hub resolve --activate {back}")


def _put(path: Path, text: bytes | None) -> None:
    """Let a model's file hold this; None: let there be none."""
    if text is None:
        path.unlink(missing_ok=True)
    else:
        write_model(path, text)


@contextmanager
def _switched(path: Path, text: bytes | None) -> Iterator[list[Path]]:
    """Put another model in the place of the one in use, and yield where that is kept, under the
    name of its content; where the block fails, it is in use again."""
    before = path.read_bytes() if path.exists() else None
    former = [path.with_stem(f"{path.stem}.{content_mark(before)}")] if before else []
    for one in former:
        write_model(one, before or b"")
    _put(path, text)
    try:
        yield former
    except BaseException:
        _put(path, before)
        raise


def _chosen(runtime: Runtime, wish: Wish) -> tuple[str, Model]:
    """Return the kind and the model that are asked for."""
    if wish.model in (None, SHIPPED):
        if wish.kind is None:
            raise typer.BadParameter(f"--kind is needed: one of {', '.join(RESOLVED_KINDS)}")
        kind = wish.kind
        if kind not in runtime.street.models:
            raise typer.BadParameter(f"{kind} is none of {', '.join(RESOLVED_KINDS)}")
        mappings = runtime.street.mappings.values()
        shipped = wish.model == SHIPPED
        path = model_path(runtime.loaded, kind)
        plain = shipped or not path.exists()
        model = shipped_model(kind, mappings) if plain else read_model(path)
    else:
        assert wish.model is not None
        model = read_model(Path(wish.model))
        fitting = [one for one in RESOLVED_KINDS if default_model(one).kind == model.kind]
        if not fitting or wish.kind not in (None, *fitting):
            raise ConfigError(f"{wish.model}: this is a model of {model.kind}, not of {wish.kind}")
        kind = fitting[0]
    if wish.merge is None:
        return kind, model
    merge = grained(wish.merge)
    if merge <= model.review:
        raise typer.BadParameter(f"--merge must be above {model.review}, where review begins")
    return kind, replace(model, merge=merge)


def _tell(console: Console, kind: str, changes: list[Change], as_json: bool, verb: str) -> None:
    if as_json:
        told: dict[str, Any] = {"kind": kind, "list": list_name(kind, changes)}
        told["changes"] = [asdict(each) for each in changes]
        print(json.dumps(told, ensure_ascii=False))
        return
    if changes:
        table = Table("what", "entity", "", "becomes", "", "records", box=None, pad_edge=False)
        for each in changes[:MOST]:
            shown = "\n".join(each.records)
            table.add_row(
                each.what, each.source, each.source_name, each.target, each.target_name, shown
            )
        tables.show(console, table, none="no changes")
    if len(changes) > MOST:
        say(console, f"... and {len(changes) - MOST:,} more: --json lists them all")
    counts = {word: sum(each.what == word for each in changes) for word in _WORDS}
    summed = ", ".join(f"{counts[word]:,} {text}" for word, text in _WORDS.items())
    say(console, f"{kind}: {len(changes):,} {verb}: {summed}")


_WORDS = {"merge": "merged", "split": "split off", "move": "moved over"}
