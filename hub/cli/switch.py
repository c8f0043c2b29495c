"""Another model or threshold: what it would change, and switching it on."""

import json
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
from hub.errors import ConfigError
from hub.pipeline.model_file import read_model
from hub.pipeline.switch import Change, preview
from hub.pipeline.train import write_model
from hub.resolution.model import Model, default_model, grained
from hub.runtime import Runtime
from hub.store import evidence, rebuild

SHIPPED = "shipped"
MOST = 50
"""Changes that are listed on a terminal; `--json` lists them all."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for. model: a file, `shipped`, or None for the one in use."""

    kind: str | None
    model: str | None
    merge: float | None


def dry_run(runtime: Runtime, wish: Wish, console: Console, as_json: bool) -> None:
    """Say what would change."""
    kind, model = _chosen(runtime, wish)
    with runtime.database.reading() as tx:
        changes = preview(tx, kind, model)
    _tell(console, kind, changes, as_json, "would change")


def activate(runtime: Runtime, wish: Wish, console: Console, as_json: bool) -> None:
    """Switch a model on: work off what is due with the old one, then change what it changes."""
    kind, model = _chosen(runtime, wish)
    before = runtime.street.models[kind]
    runtime.walk()
    with runtime.database.reading() as tx:
        changes = preview(tx, kind, model)
    path = model_path(runtime.loaded, kind)
    if wish.model == SHIPPED and wish.merge is None:
        path.unlink(missing_ok=True)
    else:
        write_model(path, model)
    with runtime.database.transaction() as tx:
        if before.vetoes != model.vetoes:  # which values exclude each other is kept per profile
            rebuild.start_over(tx)
        else:
            evidence.make_all_due(tx)
    _tell(console, kind, changes, as_json, "change")
    if as_json:
        runtime.walk()
    else:
        walk_all(runtime, console)


def _chosen(runtime: Runtime, wish: Wish) -> tuple[str, Model]:
    """Return the kind and the model that are asked for."""
    if wish.model in (None, SHIPPED):
        if wish.kind is None:
            raise typer.BadParameter(f"--kind is needed: one of {', '.join(RESOLVED_KINDS)}")
        kind = wish.kind
        used = runtime.street.models.get(kind)
        if used is None:
            raise typer.BadParameter(f"{kind} is none of {', '.join(RESOLVED_KINDS)}")
        mappings = runtime.street.mappings.values()
        shipped = wish.model == SHIPPED
        model = shipped_model(kind, mappings) if shipped else _unmarked(runtime, kind, used)
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


def _unmarked(runtime: Runtime, kind: str, used: Model) -> Model:
    """Return the model in use under the name it has in its file."""
    path = model_path(runtime.loaded, kind)
    return read_model(path) if path.exists() else used


def _tell(console: Console, kind: str, changes: list[Change], as_json: bool, verb: str) -> None:
    if as_json:
        told: dict[str, Any] = {"kind": kind, "changes": [asdict(each) for each in changes]}
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
