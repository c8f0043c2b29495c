"""Puts a notice into words: subject, plain text and HTML, in German and English."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

from hub.model.words import WORDS as SAID

WORDS: Mapping[str, Mapping[str, str]] = {
    "de": {
        "new": "Neu",
        "reopened": "Wieder da",
        "worse": "Verschärft",
        "repeat": "Erinnerung",
        "resolved": "Erledigt",
        "since": "seit",
        "clears": "Erledigt sich, wenn",
        "records": "Belege",
        "facts": "Grundlage",
        "more": "und {count} weitere",
        "alerts": "{count} Meldungen",
        "one": "{reason}: {name}",
        "rule_quarantined": "Regel {rule} ist außer Betrieb",
        "rule_quarantined_text": "Die Regel {rule} ist dreimal hintereinander gescheitert und wird "
        "erst wieder ausgewertet, wenn sie geändert ist: {detail}",
        "rule_held": "Regel {rule} ist angehalten",
        "rule_held_text": "Die Regel {rule} schlägt plötzlich viel öfter an als sonst. Ihre neuen "
        "Meldungen werden nicht verschickt, bis jemand sie freigibt: hub alerts release {rule}",
        "source_unknown": "Quelle {source}: {count} Meldungen sind unbekannt",
        "source_unknown_text": "Wegen der Quelle {source} lässt sich seit {since} zu {count} "
        "Meldungen ({rules}) nichts sagen. Keine davon gilt als erledigt.",
        "test": "Probe: Meldungen des Hubs kommen hier an",
        "test_text": "Jemand hat geprüft, ob Meldungen an {target} ankommen. Zu tun ist nichts.",
        "footer": "Diese Nachricht kommt vom Hub. Bestätigen, schließen, stummschalten: mit "
        "hub alerts oder über seine API.",
    },
    "en": {
        "new": "New",
        "reopened": "Back again",
        "worse": "Worse",
        "repeat": "Reminder",
        "resolved": "Resolved",
        "since": "since",
        "clears": "Clears when",
        "records": "Records",
        "facts": "Based on",
        "more": "and {count} more",
        "alerts": "{count} alerts",
        "one": "{reason}: {name}",
        "rule_quarantined": "Rule {rule} is out of use",
        "rule_quarantined_text": "The rule {rule} failed three times in a row and is not run again "
        "until it is changed: {detail}",
        "rule_held": "Rule {rule} is held",
        "rule_held_text": "The rule {rule} suddenly fires far more often than usual. Its new "
        "alerts are not sent until somebody lets it go: hub alerts release {rule}",
        "source_unknown": "Source {source}: {count} alerts are unknown",
        "source_unknown_text": "Because of the source {source} nothing can be said since {since} "
        "of {count} alerts ({rules}). None of them counts as resolved.",
        "test": "Test: notices of the hub arrive here",
        "test_text": "Somebody tried whether notices to {target} arrive. There is nothing to do.",
        "footer": "This message comes from the hub. Acknowledge, close and silence alerts by "
        "hub alerts or its API.",
    },
}
WORTH_SAYING = ("by_hand", "gone", "subject_erased")
"""Endings of an alert that a letter tells; the condition's own end is what is expected."""


@dataclass(frozen=True, slots=True)
class Written:
    """A notice in words."""

    subject: str
    text: str
    html: str


def write(body: Mapping[str, Any], language: str) -> Written:
    """Return a notice in words of one language."""
    words = WORDS[language]
    kind = str(body["type"])
    if kind == "alerts":
        return _alerts(body, words, language)
    values = {
        "rule": body.get("rule", ""),
        "detail": body.get("detail", ""),
        "target": body.get("target", ""),
        "source": body.get("source", ""),
        "since": _moment(body.get("since"), language, _zone(body)),
        "count": body.get("alerts", 0),
        "rules": ", ".join(body.get("rules", ())),
    }
    subject = words[kind].format(**values)
    text = words[f"{kind}_text"].format(**values)
    return _written(subject, [(subject, [text], _page(body))], words)


def _alerts(body: Mapping[str, Any], words: Mapping[str, str], language: str) -> Written:
    items = body["items"]
    parts = [_part(item, words, language, _zone(body)) for item in items]
    if len(items) == 1:
        subject = parts[0][0]
    else:
        subject = words["alerts"].format(count=body["total"])
        names = {item["customer"]["name"] for item in items if item.get("customer")}
        if len(names) == 1 and None not in names:
            subject = f"{subject}: {names.pop()}"
    if body["total"] > len(items):
        more = words["more"].format(count=body["total"] - len(items))
        parts.append((more, [], None))
    return _written(subject, parts, words)


def alert_title(item: Mapping[str, Any], language: str) -> str:
    """Return one alert in a line: why it is told, what it is, of whom."""
    words = WORDS[language]
    reason = words[str(item["reason"])]
    severity = SAID["severities"][str(item["severity"])][language].capitalize()
    customer = item.get("customer") or {}
    called = _in(item.get("about"), language) or item["subject"]["id"]
    about = customer.get("name") or called
    name = _in(item.get("name"), language) or item["rule"]
    return f"{reason} ({severity}): {name} – {about}"


def _part(
    item: Mapping[str, Any], words: Mapping[str, str], language: str, zone: tzinfo
) -> tuple[str, list[str], str | None]:
    lines = []
    if item["reason"] == "resolved":
        over, ended = _moment(item.get("resolved_at"), language, zone), str(item.get("ending"))
        ending = SAID["endings"][ended][language] if ended in WORTH_SAYING else None
        lines.append(f"{over} – {ending}" if ending else over)
    else:
        lines.append(f"{words['since']} {_moment(item.get('fired_at'), language, zone)}")
        if why := (item.get("reasons") or {}).get(language):
            lines += why
        elif item.get("facts"):
            facts = ", ".join(f"{name} = {value}" for name, value in item["facts"].items())
            lines.append(f"{words['facts']}: {facts}")
        if clears := _in(item.get("clears_when"), language):
            lines.append(f"{words['clears']}: {clears}")
    records = item.get("records", ())[:20]
    if shown := [name for one in records if (name := str(one.get("number") or one.get("ref", "")))]:
        lines.append(f"{words['records']}: {', '.join(shown)}")
    lines += [one["link"] for one in records if one.get("link")]
    return alert_title(item, language), lines, _page(item)


def _page(told: Mapping[str, Any]) -> str | None:
    """Return what people click on; in a letter of before there were pages, the API's address."""
    return told.get("page") or told.get("href")


def _written(
    subject: str, parts: list[tuple[str, list[str], str | None]], words: Mapping[str, str]
) -> Written:
    text, html = [], []
    for title, lines, href in parts:
        text += [title, *(f"  {line}" for line in lines), *([f"  {href}"] if href else []), ""]
        heading = escape(title)
        if href and href.startswith(("https://", "http://")):
            heading = f'<a href="{escape(href)}">{heading}</a>'
        html.append(f"<h3>{heading}</h3>" + "".join(f"<p>{_linked(line)}</p>" for line in lines))
    text.append(words["footer"])
    html.append(f"<p><small>{escape(words['footer'])}</small></p>")
    body = "\n".join(html)
    one_line = " ".join(subject.split())[:200]
    page = f'<!DOCTYPE html>\n<html><meta charset="utf-8"><body>\n{body}\n</body></html>\n'
    return Written(one_line, "\n".join(text) + "\n", page)


def _linked(line: str) -> str:
    """Return a line as HTML, an address as something to click on."""
    text = escape(line)
    return f'<a href="{text}">{text}</a>' if line.startswith(("https://", "http://")) else text


def _in(texts: Any, language: str) -> str:
    if isinstance(texts, Mapping):
        return str(texts.get(language) or next(iter(texts.values()), ""))
    return str(texts or "")


def _zone(body: Mapping[str, Any]) -> tzinfo:
    """Return the company's time zone; UTC in a notice of before it was told."""
    return ZoneInfo(body["time_zone"]) if "time_zone" in body else UTC


def _moment(at: Any, language: str, zone: tzinfo) -> str:
    if not at:
        return "?"
    moment = datetime.fromisoformat(str(at)).replace(tzinfo=UTC).astimezone(zone)
    day = "%d.%m.%Y" if language == "de" else "%Y-%m-%d"
    return moment.strftime(f"{day} %H:%M %Z")
