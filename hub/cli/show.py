"""`hub show`: what is going on with a customer, person or project, on one page of words."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo

import msgspec
import typer
from rich.console import Console

from hub.alerts.reasons import money
from hub.cli.opening import Config, runtime_of
from hub.cli.progress import say
from hub.errors import NotFoundError
from hub.model.view import StoredView
from hub.model.words import WORDS
from hub.store import search, views
from hub.store.database import Tx

_KINDS: Final = ("organization", "person", "project")
_PAPERS: Final = {
    "deals": ("deal", "amount_minor", "expected_close"),
    "orders": ("order", "net_minor", "promised_on"),
    "projects": ("project", "budget_minor", "planned_end"),
    "tickets": ("ticket", "", "resolution_due_at"),
    "invoices": ("invoice", "balance_minor", "due_on"),
    "contracts": ("contract", "annual_value_minor", "ends_on"),
}
"""Lists of a view that are work: what each is called, what it is worth, until when."""
_OVER: Final = frozenset(
    (
        *("won", "lost", "abandoned", "closed", "cancelled", "completed", "solved", "paid"),
        *("void", "written_off", "ended", "expired", "rejected", "delivered", "finished"),
    )
)
_SHOWN = 5
"""Papers of a kind that are listed."""
_TEXTS: Final = {
    "de": {
        "alerts": "Alarme",
        "cases": "Laufende Vorgänge",
        "open": "Offen",
        "last": "Zuletzt",
        "until": "bis",
        "since": "seit",
        "more": "weitere",
        "quiet": "Keine Alarme.",
        "late": "überfällig seit",
        "alike": "Ähnlich heißen",
    },
    "en": {
        "alerts": "Alerts",
        "cases": "Business cases under way",
        "open": "Open",
        "last": "Last",
        "until": "until",
        "since": "since",
        "more": "more",
        "quiet": "No alerts.",
        "late": "overdue since",
        "alike": "Alike",
    },
}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("show")(show)


def show(
    who: Annotated[list[str], typer.Argument(metavar="WHO", help="An id, or words of a name.")],
    as_json: Annotated[bool, typer.Option("--json", help="All that is known, as JSON.")] = False,
    config: Config = None,
) -> None:
    """Show what is going on with a customer, person or project.

    For example `hub show Hallwandt`: alerts and what ends them, business cases and what they lack,
    open papers, and what happened last, in the company's language.
    """
    console, wanted = Console(), " ".join(who)
    with runtime_of(config) as runtime, runtime.database.reading() as tx:
        view, others = _found(tx, wanted)
        company = runtime.loaded.config.company
        language = company.language if company.language in _TEXTS else "en"
        today = runtime.clock().astimezone(ZoneInfo(company.time_zone)).date()
    if as_json:
        print(view.document)
        return
    for line in _lines(msgspec.json.decode(view.document), language, today):
        say(console, line)
    if others:
        alike = ", ".join(f"{name} ({entity_id})" for entity_id, name in others)
        say(console, f"\n{_TEXTS[language]['alike']}: {alike}")


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


def _lines(told: dict[str, Any], language: str, today: date) -> Iterator[str]:
    texts = _TEXTS[language]
    yield f"{told['name']}  ({_word('record_kinds', told['kind'], language)} {told['id']})"
    golden = told.get("golden", {})
    known = [golden[name]["value"] for name in ("postcode", "city", "owner") if name in golden]
    if known:
        yield f"  {', '.join(map(str, known))}"
    yield from _alerts(told.get("alerts") or [], texts, language)
    yield from _cases(told.get("vorgaenge", {}).get("items", []), texts, language)
    yield from _papers(told, texts, language, today)
    last = told.get("timeline", {}).get("items", [])[:_SHOWN]
    if last:
        yield f"\n{texts['last']}"
    for one in last:
        kind = _word("record_kinds", one["kind"], language)
        yield f"  {_day(one['at'], language)}  {kind}: {_title(one)}"


def _alerts(alerts: list[dict[str, Any]], texts: dict[str, str], language: str) -> Iterator[str]:
    yield f"\n{texts['alerts']}" if alerts else f"\n{texts['quiet']}"
    for one in alerts:
        severity = _word("severities", one["severity"], language)
        yield f"  {severity}: {(one.get('name') or {}).get(language) or one['rule']}"
        yield from (f"    {line}" for line in (one.get("reasons") or {}).get(language, []))
        if clears := (one.get("clears_when") or {}).get(language):
            yield f"    -> {clears}"


def _cases(cases: list[dict[str, Any]], texts: dict[str, str], language: str) -> Iterator[str]:
    living = [one for one in cases if not one.get("closed_at")]
    if living:
        yield f"\n{texts['cases']}"
    for one in living:
        kind = _word("vorgang_kinds", one["kind"], language)
        since = f"{texts['since']} {_day(one['phase_since'], language)}"
        phase = f"{_word('phases', one['phase'], language)} {since}"
        yield f"  {kind} {one['title']}: {phase}"
        for gap in one.get("gaps", []):
            owner = _word("departments", gap["department"], language)
            since = f"{texts['since']} {_day(gap['since'], language)}"
            yield f"    ! {_word('gaps', gap['type'], language)}, {since} -> {owner}"


def _papers(
    told: dict[str, Any], texts: dict[str, str], language: str, today: date
) -> Iterator[str]:
    begun = False
    for name, (kind, worth, until) in _PAPERS.items():
        items = told.get(name, {}).get("items", [])
        live = [one for one in items if one.get("status") and one["status"] not in _OVER]
        if live and not begun:
            begun = True
            yield f"\n{texts['open']}"
        for one in live[:_SHOWN]:
            label = _word("record_kinds", kind, language)
            yield f"  {label} {_title(one)}{_worth(one, worth, language)}" + _until(
                one.get(until), language, today
            )
        if len(live) > _SHOWN:
            yield f"  ... {len(live) - _SHOWN} {texts['more']}"


def _title(one: dict[str, Any]) -> str:
    named = (one.get("number"), one.get("title") or one.get("name"))
    return "  ".join(str(each) for each in named if each) or str(one.get("ref", ""))


def _worth(one: dict[str, Any], field: str, language: str) -> str:
    minor = one.get(field)
    return "" if minor is None else f", {money(minor, language, one.get('currency') or '').strip()}"


def _until(day: str | None, language: str, today: date) -> str:
    if not day:
        return ""
    word = _TEXTS[language]["late" if day[:10] < today.isoformat() else "until"]
    return f", {word} {_day(day, language)}"


def _day(day: str | None, language: str) -> str:
    """Return a date, or an instant's date, as people of the language write it."""
    if not day:
        return "?"
    return ".".join(reversed(day[:10].split("-"))) if language == "de" else day[:10]


def _word(table: str, code: str, language: str) -> str:
    return WORDS[table].get(code, {}).get(language, code)
