"""One business case: how far it is, what it lacks, its phases and the papers that are it."""

from collections.abc import Mapping
from typing import Any

from hub.console.html import Html, el, joined
from hub.console.parts import Voice, table
from hub.pipeline import case_view
from hub.pipeline.telling import amount, day
from hub.runtime import Runtime
from hub.store.database import Tx

MOST = 200
"""Papers that are shown."""


def case_page(hub: Runtime, tx: Tx, voice: Voice, wanted: str) -> tuple[str, Html]:
    """Return title and body. Raises NotFoundError."""
    now = hub.clock().astimezone(voice.zone)
    told = case_view.whole(tx, case_view.living(tx, wanted), now.date(), hub.currency)
    title = f"{voice.word('vorgang_kinds', told['kind'])} {told['title']}"
    links = hub.deep_links.among(one["ref"] for one in told["members"])
    body = el(
        "main",
        el("h1", title),
        table(_about(voice, told)),
        _lacks(voice, told),
        _phases(voice, told["phases"]),
        _papers(voice, told, links),
    )
    return title, body


def _about(voice: Voice, told: Mapping[str, Any]) -> list[tuple[str, str | Html]]:
    customer = told["customer"] or {}
    since = f"{voice['since']} {day(told['phase_since'], voice.language)}"
    health = told["health"]
    state = voice.word("health", health["state"])
    reasons = (voice.word("gaps", voice.word("health_reasons", one)) for one in health["reasons"])
    why = ", ".join(reasons)
    name = customer.get("name") or ""
    return [
        (voice["of"], el("a", name, href=voice.to(f"/of/{customer['id']}")) if name else ""),
        (voice["phase"], f"{voice.word('phases', told['phase'])}, {since}"),
        (voice["worth"], amount(told, "value_minor", voice.language, told["base_currency"])),
        (voice["health"], ": ".join(one for one in (state, why) if one)),
    ]


def _lacks(voice: Voice, told: Mapping[str, Any]) -> Html | str:
    """Return what is missing, by whose step it is, and what cannot all be right."""
    rows = [
        el(
            "li",
            f"{voice.word('gaps', one['type'])}, {voice['since']} "
            f"{day(one['since'], voice.language)} → {voice.word('departments', one['department'])}",
            class_="gap",
        )
        for one in told["gaps"]
        if one["open"]
    ]
    wrong = voice.word("health_reasons", "contradiction")
    rows += [
        el("li", f"{wrong}: {', '.join(one['refs'])}", class_="gap")
        for one in told["contradictions"]
    ]
    listed = el("ul", rows, class_="lines")
    return el("section", el("h2", voice["lacks"]), listed) if rows else ""


def _phases(voice: Voice, phases: list[dict[str, Any]]) -> Html:
    names = [el("th", voice[name]) for name in ("phase", "begun", "days", "usual")]
    rows = [
        el(
            "tr",
            el("td", voice.word("phases", one["phase"])),
            el("td", day(one["entered_at"], voice.language)),
            el("td", _count(voice, one["days"])),
            el("td", _count(voice, one["p90_days"])),
        )
        for one in phases
    ]
    return el("section", el("h2", voice["phases"]), el("table", el("tr", names), rows))


def _papers(voice: Voice, told: Mapping[str, Any], links: Mapping[str, str]) -> Html:
    rows = []
    for one in told["members"][:MOST]:
        named = "  ".join(each for each in (one["number"], one["title"]) if each) or one["ref"]
        href = links.get(one["ref"], "")
        shown = el("a", named, href=href) if href.startswith(("https://", "http://")) else named
        status = voice.word("values", one["status"] or "")
        said = [status, amount(one, "amount_minor", voice.language, told["base_currency"])]
        beside = "".join(f", {each}" for each in said if each)
        kind = f"{voice.word('record_kinds', one['kind'])} "
        rows.append(el("li", kind, shown, beside, el("span", f" · {one['ref']}", class_="quiet")))
    return el("section", el("h2", voice["papers"]), el("ul", joined(rows), class_="lines"))


def _count(voice: Voice, number: float | None) -> str:
    return "" if number is None else voice.count(number)
