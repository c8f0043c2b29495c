"""`hub show`: what is going on with a customer, person or project, on one page of words."""

from collections.abc import Iterator
from typing import Annotated, Final

import msgspec
import typer
from rich.console import Console

from hub.cli.opening import Config, runtime_of
from hub.cli.progress import say
from hub.errors import NotFoundError
from hub.model.view import StoredView
from hub.pipeline.telling import Telling, spoken, tell
from hub.store import search, views
from hub.store.database import Tx

_KINDS: Final = ("organization", "person", "project")
_ALIKE: Final = {"de": "Ähnlich heißen", "en": "Alike"}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("show")(show)


def show(
    who: Annotated[list[str], typer.Argument(metavar="WHO", help="An id, or words of a name.")],
    as_json: Annotated[bool, typer.Option("--json", help="All that is known, as JSON.")] = False,
    config: Config = None,
) -> None:
    """Show what is going on with a customer, person or project.

    Alerts and what ends them, business cases and what they lack, open papers, contacts, what
    happened last and when each source was read, in the company's language.
    """
    console, wanted = Console(), " ".join(who)
    with runtime_of(config) as runtime, runtime.database.reading() as tx:
        view, others = _found(tx, wanted)
        company = runtime.loaded.config.company
        language = spoken(company.language)
        now = runtime.clock().astimezone(company.zone)
    if as_json:
        print(view.document)
        return
    for line in _lines(tell(msgspec.json.decode(view.document), language, now)):
        say(console, line)
    if others:
        alike = ", ".join(f"{name} ({entity_id})" for entity_id, name in others)
        say(console, f"\n{_ALIKE[language]}: {alike}")


def _found(tx: Tx, wanted: str) -> tuple[StoredView, list[tuple[str, str]]]:
    """Return the view that is meant, and what else the words may mean."""
    view = views.get(tx, views.successor(tx, wanted) or wanted)
    if view:
        return view, []
    hits = search.search(tx, wanted, _KINDS, 4)
    view = views.get(tx, hits[0].item) if hits else None
    if view is None:
        raise NotFoundError(f"nobody is called like {wanted!r}: say other words, or an id")
    return view, [(hit.item, hit.title) for hit in hits[1:]]


def _lines(told: Telling) -> Iterator[str]:
    yield f"{told.name}  ({told.kind} {told.id})"
    if told.known:
        yield f"  {told.known}"
    for part in told.parts:
        yield f"\n{part.heading}"
        for item in part.items:
            yield f"  {item.text}"
            yield from (f"    {f'{note.mark} {note.text}'.lstrip()}" for note in item.notes)
