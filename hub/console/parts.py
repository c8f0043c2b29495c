"""The parts of pages: the head of each, alerts, what is told of somebody, sources."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from urllib.parse import urlencode

from hub.alerts import reasons
from hub.console.door import HOME
from hub.console.html import Html, el, joined
from hub.console.words import WORDS
from hub.model.alert import Alert
from hub.model.notice import Handled
from hub.pipeline.telling import Item, Note, Part, handling_told, moment, word
from hub.status import ConnectionState

_NOTES = {"": None, "!": "gap", "->": "ends"}


@dataclass(frozen=True, slots=True)
class Voice:
    """How a page speaks. company: whose hub it is; chosen: the language stands in the address."""

    language: str
    zone: tzinfo
    company: str
    chosen: bool

    def __getitem__(self, phrase: str) -> str:
        return WORDS[self.language][phrase]

    def word(self, table: str, code: str) -> str:
        """Return what people call a code."""
        return word(table, code, self.language)

    def at(self, instant: str | None) -> str:
        """Return an instant in the company's time zone."""
        return moment(instant, self.language, self.zone)

    def count(self, number: float) -> str:
        """Return a number with the language's signs between thousands and before decimals."""
        return reasons.number(number, self.language)

    def to(self, path: str = "", **query: str) -> str:
        """Return the address of a page, in the language that was chosen."""
        if self.chosen:
            query = {**query, "language": self.language}
        return HOME + path + (f"?{urlencode(query)}" if query else "")


def head(voice: Voice, path: str, **query: str) -> Html:
    """Return what stands above each page. path, query: where it is, to show it in the other
    language."""
    other = "en" if voice.language == "de" else "de"
    asked = {name: value for name, value in query.items() if value} | {"language": other}
    kept = el("input", type="hidden", name="language", value=voice.language) if voice.chosen else ""
    return el(
        "header",
        el("a", voice.company or "Verbund", class_="home", href=voice.to()),
        el(
            "form",
            el("input", name="q", value=query.get("q", ""), type="search", maxlength="200",
               placeholder=voice["find"], aria_label=voice["find"]),
            kept,
            el("button", voice["search"]),
            class_="find",
            action=HOME,
        ),
        el("a", voice["other"], href=f"{HOME}{path}?{urlencode(asked)}", hreflang=other),
        el("form", el("button", voice["leave"]), method="post", action=f"{HOME}/leave"),
    )  # fmt: skip


def alert_card(voice: Voice, alert: Alert, names: Mapping[str, str], done: Handled | None) -> Html:
    """Return an alert in a few lines: how grave, what, of whom, since when, why, what ends it."""
    texts, severity = alert.texts, str(alert.state.severity)
    name = (texts.get("name") or {}).get(voice.language) or alert.rule
    about = reasons.about(alert, names, voice.language)
    known = alert.entity_id in names
    whose = [" · ", el("a", about, href=voice.to(f"/of/{alert.entity_id}")) if known else about]
    since = el("time", f"{voice['since']} {voice.at(alert.state.fired_at or alert.state.since)}")
    taken = _taken(voice, done) if done else ""
    why = reasons.told(alert.evidence.get("current", {}))[voice.language]
    clears = (texts.get("clears_when") or {}).get(voice.language)
    return el(
        "article",
        el(
            "h3",
            el("b", voice.word("severities", severity)),
            " ",
            el("a", name, href=voice.to(f"/alerts/{alert.id}")),
            whose,
        ),
        since,
        [el("p", line) for line in why],
        el("p", f"{voice['ends']}: {clears}", class_="quiet") if clears else "",
        taken,
        class_=severity,
    )


def _taken(voice: Voice, done: Handled) -> Html | str:
    """Return who is at it, until when, and what it was worth."""
    told = {"owner": done.owner, "until": done.until, "feedback": done.feedback}
    said = handling_told(done.state, told, voice.language, voice.zone)
    return el("p", said, class_="quiet") if any(told.values()) else ""


def part(voice: Voice, one: Part) -> Html:
    """Return a heading and what stands below it."""
    if not one.items:
        return el("p", one.heading, class_="quiet")
    rows = [_item(voice, one, item) for item in one.items]
    return el("section", el("h2", one.heading), el("ul", rows, class_="lines"))


def _item(voice: Voice, of: Part, item: Item) -> Html:
    text: Iterable[str] = [el("b", item.text) if item.tone == "late" else item.text]
    if item.id:
        where = of.name if of.name in ("alerts", "cases") else "of"
        text = [el("a", *text, href=voice.to(f"/{where}/{item.id}"))]
    graded = f"tone {item.tone}" if of.name == "alerts" else item.tone or None
    return el("li", text, [_note(note) for note in item.notes], class_=graded)


def _note(note: Note) -> Html:
    return el("p", note.text, class_=_NOTES[note.mark])


def table(rows: Iterable[tuple[str, str | Html]]) -> Html:
    """Return names beside values; what has no value is left out."""
    shown = [el("tr", el("th", name), el("td", value)) for name, value in rows if value]
    return el("table", shown, class_="about")


def sources(voice: Voice, states: Iterable[ConnectionState]) -> Html:
    """Return how each source is."""
    titles = (("source", ""), ("system", "wide"), ("state", ""), ("read", ""), ("records", "wide"))
    names = [el("th", voice[title], class_=cls or None) for title, cls in titles]
    rows = [
        el(
            "tr",
            el("td", one.name),
            el("td", one.system, class_="wide"),
            el("td", _state(voice, one)),
            el("td", voice.at(one.freshness.last_success) if one.freshness.last_success else ""),
            el("td", voice.count(one.records), class_="wide"),
        )
        for one in states
    ]
    listed = el("table", el("tr", names), rows)
    return el("section", el("h2", voice["sources"]), listed, id="sources")


def _state(voice: Voice, one: ConnectionState) -> Html:
    fresh = one.freshness
    if not one.enabled:
        said = voice["off"]
    elif fresh.last_success is None:
        said = el("b", voice["never"], class_="late")
    elif fresh.late is None:
        said = voice["any"]
    else:
        said = el("b", voice["late"], class_="late") if fresh.late else voice["fresh"]
    waits = f", {voice['waiting']}: {voice.count(one.quarantined)}" if one.quarantined else ""
    return joined([said, waits])
