"""Alerts as an Atom feed (RFC 4287): an entry each, which changes as the alert does."""

from collections.abc import Mapping, Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from hub.model.alert import Alert, Condition
from hub.notify.letter import alert_title

MOST_ENTRIES = 100
_NAMESPACE = "http://www.w3.org/2005/Atom"
_TITLE = {"de": "Meldungen des Hubs", "en": "Alerts of the hub"}


def feed(
    alerts: Sequence[Alert],
    about: Mapping[str, str],
    reasons: Mapping[str, Sequence[str]],
    *,
    language: str,
    base_url: str,
    now: str,
) -> bytes:
    """Return the feed. alerts: newest first; about, reasons: alert's id -> whom it is about, why it
    is there; base_url: of the API."""
    base = base_url.rstrip("/")
    root = Element("feed", {"xmlns": _NAMESPACE, "xml:lang": language})
    SubElement(root, "id").text = "urn:verbund:alerts"
    SubElement(root, "title").text = _TITLE[language]
    SubElement(root, "updated").text = alerts[0].state.since if alerts else now
    SubElement(SubElement(root, "author"), "name").text = "Verbund"
    SubElement(root, "link", {"rel": "self", "href": f"{base}/v1/alerts.atom"})
    for alert in alerts:
        entry = _entry(root, alert, about[alert.id], language, base)
        over = alert.state.condition is Condition.RESOLVED
        clears = (alert.texts.get("clears_when") or {}).get(language)
        lines = [*(() if over else reasons.get(alert.id, ())), *([clears] if clears else [])]
        SubElement(entry, "summary").text = _printable("\n".join(lines))
    indent(root)
    text: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return text


def _entry(root: Element, alert: Alert, about: str, language: str, base: str) -> Element:
    state = alert.state
    over = state.condition is Condition.RESOLVED
    again = "reopened" if state.reopened else "new"
    item = {
        "reason": "resolved" if over else again,
        "severity": state.severity.value,
        "rule": alert.rule,
        "name": alert.texts.get("name"),
        "subject": {"id": alert.subject.id},
        "about": {language: about},
    }
    entry = SubElement(root, "entry")
    SubElement(entry, "id").text = f"urn:verbund:alert:{alert.id}"
    SubElement(entry, "title").text = _printable(alert_title(item, language))
    SubElement(entry, "updated").text = state.since
    SubElement(entry, "published").text = state.fired_at or state.opened_at
    SubElement(entry, "category", {"term": state.severity.value})
    SubElement(entry, "category", {"term": state.condition.value})
    SubElement(entry, "link", {"href": f"{base}/console/alerts/{alert.id}"})
    return entry


def _printable(text: str) -> str:
    """Leave out what XML cannot hold."""
    return "".join(one for one in text if one.isprintable() or one in "\n\t")
