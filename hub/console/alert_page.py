"""One alert: why it is there, what ends it, the records it rests on and what became of it."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from hub.alerts import reasons
from hub.clock import instant_text
from hub.console.html import Html, el
from hub.console.overview import departments_of
from hub.console.parts import Voice, table
from hub.errors import NotFoundError
from hub.model.alert import Alert, AlertEvent
from hub.model.notice import Handled
from hub.pipeline import handle
from hub.pipeline.deep_links import of_alerts
from hub.pipeline.telling import deed_told, handling_told
from hub.runtime import Runtime
from hub.store import alerts, handling, views
from hub.store.database import Tx

MOST = 50
"""Records and steps that are shown."""


def alert_page(hub: Runtime, tx: Tx, voice: Voice, wanted: str) -> tuple[str, Html]:
    """Return title and body. Raises NotFoundError."""
    alert = alerts.get(tx, wanted)
    if alert is None:
        raise NotFoundError(f"no alert {wanted}")
    name = (alert.texts.get("name") or {}).get(voice.language) or alert.rule
    names = views.names(tx, {alert.entity_id} if alert.entity_id else ())
    done = handle.effective(
        handling.of(tx, [alert.id]).get(alert.id, Handled()), instant_text(hub.clock())
    )
    links = of_alerts(tx, hub.deep_links, [alert]).get(alert.id, {})
    body = el(
        "main",
        el("h1", name),
        table(_about(hub, voice, alert, names, done)),
        _told(voice, alert),
        _papers(voice, alert, links),
        _course(voice, tx, alert.id),
    )
    return name, body


def _about(
    hub: Runtime, voice: Voice, alert: Alert, names: Mapping[str, str], done: Handled
) -> list[tuple[str, str | Html]]:
    about = reasons.about(alert, names, voice.language)
    state, severity = alert.state, str(alert.state.severity)
    since = f"{voice['since']} {voice.at(state.since)}"
    said = handling_told(done.state, asdict(done), voice.language, voice.zone)
    department = departments_of(hub).get(alert.rule, "it")
    return [
        (voice["severity"], el("b", voice.word("severities", severity), class_=severity)),
        (
            voice["of"],
            el("a", about, href=voice.to(f"/of/{alert.entity_id}"))
            if alert.entity_id in names
            else about,
        ),
        (voice["condition"], f"{voice.word('conditions', state.condition)}, {since}"),
        (voice["department"], voice.word("departments", department)),
        (voice["handling"], said),
    ]


def _told(voice: Voice, alert: Alert) -> list[Html]:
    why = reasons.told(alert.evidence.get("current", {}))[voice.language]
    clears = (alert.texts.get("clears_when") or {}).get(voice.language)
    found = []
    if why:
        found.append(el("section", el("h2", voice["why"]), [el("p", line) for line in why]))
    if clears:
        found.append(el("section", el("h2", voice["ends"]), el("p", clears)))
    return found


def _papers(voice: Voice, alert: Alert, links: Mapping[str, str]) -> Html | str:
    """Return the records it rests on, with their pages in the tools they come from."""
    kinds = alert.evidence.get("current", {}).get("records") or {}
    records = [
        (kind, one)
        for kind, those in kinds.items()
        for one in those
        if isinstance(one, Mapping) and (one.get("ref") or one.get("id"))
    ]
    rows = [el("li", _paper(voice, kind, one, links)) for kind, one in records[:MOST]]
    return el("section", el("h2", voice["papers"]), el("ul", rows, class_="lines")) if rows else ""


def _paper(voice: Voice, kind: str, one: Mapping[str, Any], links: Mapping[str, str]) -> list[str]:
    ref = str(one.get("ref") or one.get("id"))
    named = [one.get("number"), one.get("title") or one.get("name")]
    title = "  ".join(str(each) for each in named if each) or ref
    href = links.get(ref, "")
    shown = el("a", title, href=href) if href.startswith(("https://", "http://")) else title
    beside = f" · {ref}" if title != ref else ""
    return [shown, el("span", beside, class_="quiet")]


def _course(voice: Voice, tx: Tx, wanted: str) -> Html:
    """Return what became of it and what people did, newest first."""
    steps = [(one.at, _step(voice, one)) for one in alerts.events_of(tx, wanted)]
    steps += [
        (done["at"], deed_told(done, voice.language, voice.zone))
        for done in handling.actions_of(tx, wanted)
    ]
    steps.sort(key=lambda step: step[0], reverse=True)
    rows = [(voice.at(at), said) for at, said in steps[:MOST]]
    return el("section", el("h2", voice["course"]), table(rows))


def _step(voice: Voice, one: AlertEvent) -> str:
    severity = voice.word("severities", one.severity)
    return f"{voice.word('conditions', one.after)} ({severity})"
