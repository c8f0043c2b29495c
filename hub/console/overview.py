"""What is going on: the alerts that fire, by the department whose step is next, and the sources."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress

from hub.clock import instant_text
from hub.console.html import Html, el
from hub.console.parts import Voice, alert_card, sources
from hub.errors import ConfigError
from hub.model.alert import Alert, Condition, Severity
from hub.pipeline import handle
from hub.runtime import Runtime
from hub.status import connection_states
from hub.store import alerts, handling, views
from hub.store import overview as counted
from hub.store.database import Tx

MOST = 200
"""Alerts on a page: the gravest of all, or the next of one department."""
FIRING = (Condition.FIRING, Condition.RECOVERING)
Counts = Mapping[tuple[str, Severity], int]
"""How many alerts fire of each (rule, severity)."""


def overview(hub: Runtime, tx: Tx, voice: Voice) -> Html:
    """Return the body of the page with the gravest alerts of all departments."""
    counts, of_rule = counted.alerts_by_rule(tx, FIRING), departments_of(hub)
    conditions = counted.alerts_by_condition(tx)
    totals = by_department(counts, of_rule)
    shown: dict[str, list[Alert]] = defaultdict(list)
    found = alerts.gravest(tx, conditions=FIRING, limit=MOST).items
    for one in found:
        shown[_department(one.rule, of_rule)].append(one)
    cards = _cards(hub, tx, voice, found)
    sections = [
        el(
            "section",
            el("h2", voice.word("departments", name)),
            [cards[one.id] for one in shown[name]],
            _all_of(voice, name, total) if total > len(shown[name]) else "",
            id=name,
        )
        for name, total in totals.items()
    ]
    return el(
        "main",
        el("h1", _count(voice, sum(totals.values()))),
        [_aside(voice, name, conditions.get(name, 0)) for name in ("pending", "unknown")],
        _chips(voice, totals),
        sections,
        sources(voice, connection_states(hub, tx)),
    )


def department_page(
    hub: Runtime, tx: Tx, voice: Voice, department: str, after: str
) -> tuple[str, Html]:
    """Return title and body of a page with one department's alerts. after: the last one seen."""
    of_rule = departments_of(hub)
    counts = {
        key: count
        for key, count in counted.alerts_by_rule(tx, FIRING).items()
        if _department(key[0], of_rule) == department
    }
    rules = {rule for rule, _ in counts}
    page = alerts.gravest(tx, conditions=FIRING, rules=rules, after=after, limit=MOST)
    following = voice.to(department=department, after=page.items[-1].id) if page.next else None
    title = voice.word("departments", department)
    return title, el(
        "main",
        el("h1", title),
        el("p", _count(voice, sum(counts.values())), class_="quiet"),
        list(_cards(hub, tx, voice, page.items).values()),
        el("p", el("a", voice["next"], href=following, rel="next")) if following else "",
    )


def departments_of(hub: Runtime) -> Mapping[str, str]:
    """Return rule -> the department whose step is next; nothing where the rules cannot be read."""
    with suppress(ConfigError):
        return hub.routing.departments
    return {}


def _department(rule: str, of_rule: Mapping[str, str]) -> str:
    return of_rule.get(rule, "it")


def by_department(counts: Counts, of_rule: Mapping[str, str]) -> dict[str, int]:
    """Return department -> how many alerts wait for it; where there are more grave ones first."""
    weights: dict[str, Counter[Severity]] = defaultdict(Counter)
    for (rule, severity), count in counts.items():
        weights[_department(rule, of_rule)][severity] += count
    gravest_first = list(Severity)[::-1]

    def order(name: str) -> tuple[list[int], str]:
        return [-weights[name][one] for one in gravest_first], name

    return {name: weights[name].total() for name in sorted(weights, key=order)}


def _cards(hub: Runtime, tx: Tx, voice: Voice, found: Sequence[Alert]) -> dict[str, Html]:
    """Return each alert in a few lines, by its id."""
    now = instant_text(hub.clock())
    names = views.names(tx, {one.entity_id for one in found if one.entity_id})
    handled = {
        name: handle.effective(one, now)
        for name, one in handling.of(tx, [one.id for one in found]).items()
    }
    return {one.id: alert_card(voice, one, names, handled.get(one.id)) for one in found}


def _count(voice: Voice, firing: int) -> str:
    if not firing:
        return voice["quiet"]
    return voice["fires_one"] if firing == 1 else voice["fires"].format(count=voice.count(firing))


def _aside(voice: Voice, condition: str, count: int) -> Html | str:
    phrase = "unsure" if condition == "unknown" else condition
    return el("p", voice[phrase].format(count=voice.count(count)), class_="quiet") if count else ""


def _all_of(voice: Voice, department: str, total: int) -> Html:
    said = voice["all_of"].format(count=voice.count(total))
    return el("p", el("a", said, href=voice.to(department=department)))


def _chips(voice: Voice, totals: Mapping[str, int]) -> Html:
    links = [
        el(
            "li",
            el("a", f"{voice.word('departments', name)} {voice.count(total)}", href=f"#{name}"),
        )
        for name, total in totals.items()
    ]
    links.append(el("li", el("a", voice["sources"], href="#sources")))
    return el("ul", links, class_="chips")
