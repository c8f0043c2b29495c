"""Tells what a stored view means to whoever asks: alerts, cases, open papers, in words.

`hub show` prints it, the console shows it: one way of telling.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any, Final

from hub.alerts.reasons import money
from hub.model.money import base_name
from hub.model.notice import Gate
from hub.model.words import WORDS
from hub.vorgang.view import LISTS

_PAPERS: Final = {
    "deals": ("deal", "amount_minor", "expected_close"),
    "orders": ("order", "net_minor", "ordered_on"),
    "projects": ("project", "budget_minor", "planned_end"),
    "tickets": ("ticket", "", "resolution_due_at"),
    "invoices": ("invoice", "balance_minor", "due_on"),
    "contracts": ("contract", "annual_value_minor", "ends_on"),
}
"""Lists of a view that are work: what each is called, what it is worth, the day that matters."""
_BEGUN: Final = frozenset(("ordered_on",))
"""Days since when something is open; the others are those until when."""
_OVER: Final = frozenset(
    (
        *("won", "lost", "abandoned", "closed", "cancelled", "completed", "solved", "paid"),
        *("void", "written_off", "ended", "expired", "rejected", "delivered", "finished"),
    )
)
_STATE_BY: Final = {"started": "in_progress"}
"""Actions of people that are called otherwise than what is so by them."""
_SHOWN = 5
"""Papers of a kind, contacts and past events that are listed."""
_TEXTS: Final = {
    "de": {
        "alerts": "Alarme",
        "cases": "Laufende Vorgänge",
        "open": "Offen",
        "contacts": "Ansprechpartner",
        "last": "Zuletzt",
        "sources": "Zuletzt gelesen",
        "records": "Datensätze",
        "record": "Datensatz",
        "until": "bis",
        "since": "seit",
        "owner": "betreut von",
        "more": "weitere",
        "quiet": "Keine Alarme.",
        "late": "überfällig seit",
        "no_rate": "ohne Kurs",
        "feedback": "bewertet",
        "outgoing": "ausgehend",
        "returned": "zurückgebucht",
        "held": "wird nicht gemeldet",
    },
    "en": {
        "alerts": "Alerts",
        "cases": "Business cases under way",
        "open": "Open",
        "contacts": "Contacts",
        "last": "Latest",
        "sources": "Last read",
        "records": "records",
        "record": "record",
        "until": "until",
        "since": "since",
        "owner": "looked after by",
        "more": "more",
        "quiet": "No alerts.",
        "late": "overdue since",
        "no_rate": "no rate known",
        "feedback": "rated",
        "outgoing": "outgoing",
        "returned": "returned",
        "held": "held back from being told",
    },
}
LANGUAGES: Final = tuple(_TEXTS)


@dataclass(frozen=True, slots=True)
class Note:
    """A line below another. mark: `!` for what is missing, `->` for what ends it."""

    text: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """A thing in a line. tone: an alert's severity, or `late`; id: of an alert, case, entity."""

    text: str
    notes: tuple[Note, ...] = ()
    tone: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A heading and what stands below it. name: the code of the heading."""

    name: str
    heading: str
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Telling:
    """What is going on with somebody. known: where they are, and whose they are."""

    id: str
    name: str
    kind: str
    known: str
    parts: tuple[Part, ...]


def spoken(language: str | None) -> str:
    """Return the language that is told in: the one wished for, where the hub knows it."""
    return language if language in _TEXTS else "en"


def tell(view: Mapping[str, Any], language: str, now: datetime) -> Telling:
    """Return what a view's document says, in words. now: in the company's time zone."""
    texts, golden = _TEXTS[language], view.get("golden", {})
    place = " ".join(str(golden[n]["value"]) for n in ("postcode", "city") if n in golden)
    known = [place] if place else []
    if "owner" in golden:
        known.append(f"{texts['owner']} {golden['owner']['value']}")
    found = {
        "alerts": _alerts(view.get("alerts") or [], language),
        "cases": _cases(view.get("vorgaenge", {}).get("items", []), language, now),
        "open": _papers(view, language, now),
        "contacts": _contacts(view.get("contacts", {}).get("items", [])),
        "last": _last(view, language),
        "sources": _sources(view, language, now.tzinfo),
    }
    parts = [Part(name, texts[name], items) for name, each in found.items() if (items := (*each,))]
    if not view.get("alerts"):
        parts.insert(0, Part("quiet", texts["quiet"]))
    kind = word("record_kinds", view["kind"], language)
    return Telling(view["id"], view["name"], kind, ", ".join(known), tuple(parts))


def _alerts(alerts: list[dict[str, Any]], language: str) -> Iterator[Item]:
    for one in alerts:
        severity = word("severities", one["severity"], language)
        name = (one.get("name") or {}).get(language) or one["rule"]
        notes = [Note(line) for line in (one.get("reasons") or {}).get(language, [])]
        if clears := (one.get("clears_when") or {}).get(language):
            notes.append(Note(clears, "->"))
        yield Item(f"{severity}: {name}", tuple(notes), one["severity"], one.get("id", ""))


def _cases(cases: list[dict[str, Any]], language: str, now: datetime) -> Iterator[Item]:
    """Tell cases that run; a gap whose day is still to come is none yet."""
    since = _TEXTS[language]["since"]
    for one in cases:
        if one.get("closed_at") or one["phase"] == "closed":  # on a day that no paper tells
            continue
        kind = word("vorgang_kinds", one["kind"], language)
        phase = word("phases", one["phase"], language)
        gaps = tuple(
            Note(
                f"{word('gaps', gap['type'], language)}, {since} {day(gap['since'], language)}"
                f" → {word('departments', gap['department'], language)}",
                "!",
            )
            for gap in one.get("gaps", [])
            if (gap["since"] or "") <= now.date().isoformat()
        )
        begun = f"{since} {day(one['phase_since'], language)}"
        yield Item(f"{kind} {one['title']}: {phase} {begun}", gaps, id=one.get("id", ""))


def _papers(view: Mapping[str, Any], language: str, now: datetime) -> Iterator[Item]:
    for name, (kind, worth, until) in _PAPERS.items():
        items = view.get(name, {}).get("items", [])
        live = [one for one in items if one.get("status") and one["status"] not in _OVER]
        for one in live[:_SHOWN]:
            due, is_late = _until(one.get(until), language, now, begun=until in _BEGUN)
            price = amount(one, worth, language, view.get("base_currency") or "")
            label = paper_name(kind, one, language)
            text = f"{label} {_title(one)}{price and f', {price}'}{due}"
            yield Item(text, tone="late" if is_late else "", id=one.get("id", ""))
        if len(live) > _SHOWN:
            yield Item(f"... {len(live) - _SHOWN} {_TEXTS[language]['more']}")


def _contacts(contacts: list[dict[str, Any]]) -> Iterator[Item]:
    for one in contacts[:_SHOWN]:
        ways = [*(one.get("phones") or [])[:1], *(one.get("emails") or [])[:1]]
        said = ", ".join(each for each in (one["name"], one.get("position")) if each)
        yield Item(said, (Note(", ".join(ways)),) if ways else (), id=one.get("id", ""))


def _last(view: Mapping[str, Any], language: str) -> Iterator[Item]:
    papers = {
        one["ref"]: one
        for name in LISTS.values()
        for one in view.get(name, {}).get("items", [])
        if "ref" in one
    }
    for one in view.get("timeline", {}).get("items", [])[:_SHOWN]:
        paper = papers.get(one.get("ref"), {})
        kind = paper_name(one["kind"], paper, language)
        worth = "amount_minor" if one["kind"] == "payment" else ""  # else nothing tells it apart
        price = amount(paper, worth, language, view.get("base_currency") or "")
        yield Item(f"{day(one['at'], language)}  {kind}: {_title(one)}{price and f', {price}'}")


def paper_name(kind: str, paper: Mapping[str, Any], language: str) -> str:
    """Return what people call a paper: not all invoices ask for money, not all payments bring any.

    paper: its main fields, as far as they are known.
    """
    if kind == "invoice" and paper.get("kind") == "credit_note":
        kind = "credit_note"
    beside = []
    if kind == "payment":
        beside = [_TEXTS[language]["outgoing"]] if paper.get("direction") == "outgoing" else []
        beside += [_TEXTS[language]["returned"]] if paper.get("returned") else []
    return " ".join((word("record_kinds", kind, language), *(f"({one})" for one in beside)))


def _sources(view: Mapping[str, Any], language: str, zone: tzinfo | None) -> Iterator[Item]:
    """Tell when each source was last read, and how many records of it are this one."""
    texts, records = _TEXTS[language], view.get("records") or []
    for name, at in sorted((view.get("freshness") or {}).items()):
        count = sum(one["connection"] == name for one in records)
        own = f", {count} {texts['record' if count == 1 else 'records']}" if count else ""
        yield Item(f"{name}: {moment(at, language, zone)}{own}")


def _title(one: Mapping[str, Any]) -> str:
    named = (one.get("number"), one.get("title") or one.get("name"))
    return "  ".join(str(each) for each in named if each) or str(one.get("ref", ""))


def amount(one: Mapping[str, Any], field: str, language: str, base_currency: str) -> str:
    """Return an amount in words, a foreign one with what it is in the company's currency."""
    minor, own = one.get(field), one.get("currency") or ""
    if minor is None:
        return ""
    said = money(minor, language, own).strip()
    if not base_currency or own in ("", base_currency):
        return said
    base = one.get(base_name(field))
    told = _TEXTS[language]["no_rate"] if base is None else money(base, language, base_currency)
    return f"{said} ({told})"


def _until(
    at: str | None, language: str, now: datetime, *, begun: bool = False
) -> tuple[str, bool]:
    """Return a day in words, and whether it is overdue. begun: it is the first, not the last."""
    if not at:
        return "", False
    if len(at) > len("2026-11-23"):
        exact = datetime.fromisoformat(at).astimezone(now.tzinfo)
        at, over = exact.date().isoformat(), exact < now
    else:
        over = at < now.date().isoformat()
    is_late = over and not begun
    said = _TEXTS[language]["since" if begun else "late" if is_late else "until"]
    return f", {said} {day(at, language)}", is_late


def handling_told(what: str, detail: Mapping[str, Any], language: str, zone: tzinfo | None) -> str:
    """Return what people do about an alert, in words. what: a state of handling, or an action.

    detail: its owner, until, reason and feedback, as far as there are any.
    """
    texts, said = _TEXTS[language], []
    if what != "feedback":
        said.append(word("handling", _STATE_BY.get(what, what), language))
    if owner := detail.get("owner"):
        said.append(owner)
    if until := detail.get("until"):
        said.append(f"{texts['until']} {moment(until, language, zone)}")
    if value := detail.get("feedback"):
        said.append(f"{texts['feedback']}: {word('feedback', value, language)}")
    reason = detail.get("reason")
    return ", ".join(said) + (f": {reason}" if reason else "")


def gate_told(gate: Gate, language: str, zone: tzinfo | None) -> str:
    """Return what keeps an alert from being told, and until when."""
    until = f" {_TEXTS[language]['until']} {moment(gate.until, language, zone)}"
    told = word("notification", gate.state, language)
    return f"{_TEXTS[language]['held']}: {told}{until if gate.until else ''}"


def deed_told(deed: Mapping[str, Any], language: str, zone: tzinfo | None) -> str:
    """Return who did what about an alert; who takes it on alone is named once.

    deed: author, action and detail.
    """
    author, detail = deed["author"], deed["detail"]
    rest = {name: value for name, value in detail.items() if (name, value) != ("owner", author)}
    return f"{author}: {handling_told(deed['action'], rest, language, zone)}"


def day(at: str | None, language: str) -> str:
    """Return a date, or an instant's date, as people of the language write it."""
    if not at:
        return "?"
    return ".".join(reversed(at[:10].split("-"))) if language == "de" else at[:10]


def moment(at: str | None, language: str, zone: tzinfo | None) -> str:
    """Return an instant to the minute, in a time zone."""
    if not at:
        return "?"
    local = datetime.fromisoformat(at).astimezone(zone)
    return f"{day(local.date().isoformat(), language)} {local:%H:%M}"


def word(table: str, code: str, language: str) -> str:
    """Return what people call a code; the code where nobody said."""
    return WORDS[table].get(code, {}).get(language, code)
