"""What is going on: the alerts that fire, by the department whose step is next, and the sources."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress

from hub.console.html import Html, el
from hub.console.parts import Voice, alert_card, sources
from hub.errors import ConfigError
from hub.model.alert import Alert, Condition, rank
from hub.runtime import Runtime
from hub.status import connection_states
from hub.store import alerts, handling, views
from hub.store import overview as counted
from hub.store.database import Tx

MOST = 200
"""Alerts that are shown; beyond, they are counted."""
FIRING = (Condition.FIRING, Condition.RECOVERING)


def overview(hub: Runtime, tx: Tx, voice: Voice) -> Html:
    """Return the page's body."""
    found = alerts.page(tx, conditions=FIRING, limit=MOST).items
    counts = counted.alerts_by_condition(tx)
    firing = sum(counts.get(one, 0) for one in FIRING)
    departments = by_department(found, departments_of(hub))
    names = views.names(tx, {one.entity_id for one in found if one.entity_id})
    handled = handling.of(tx, [one.id for one in found])
    sections = [
        el(
            "section",
            el("h2", voice.word("departments", department)),
            [alert_card(voice, one, names, handled.get(one.id)) for one in those],
            id=department,
        )
        for department, those in departments.items()
    ]
    more = el("p", voice["more"].format(count=firing - len(found))) if firing > len(found) else ""
    states = connection_states(hub, tx)
    return el(
        "main",
        el("h1", _count(voice, firing)),
        [_aside(voice, name, counts.get(name, 0)) for name in ("pending", "unknown")],
        _chips(voice, departments),
        sections,
        more,
        sources(voice, states),
    )


def departments_of(hub: Runtime) -> Mapping[str, str]:
    """Return rule -> the department whose step is next; nothing where the rules cannot be read."""
    with suppress(ConfigError):
        return hub.routing.departments
    return {}


def by_department(found: Sequence[Alert], of_rule: Mapping[str, str]) -> dict[str, list[Alert]]:
    """Return department -> its alerts, the gravest first, then the newest; the gravest's first."""
    grouped: dict[str, list[Alert]] = defaultdict(list)
    for one in found:
        grouped[of_rule.get(one.rule, "it")].append(one)
    for those in grouped.values():
        those.sort(key=lambda one: -rank(one.state.severity))
    order = sorted(grouped, key=lambda name: (*_weights(grouped[name]), name))
    return {name: grouped[name] for name in order}


def _weights(those: Sequence[Alert]) -> tuple[int, ...]:
    counts = Counter(str(one.state.severity) for one in those)
    return tuple(-counts[severity] for severity in ("critical", "warning", "info"))


def _count(voice: Voice, firing: int) -> str:
    if not firing:
        return voice["quiet"]
    return voice["fires_one"] if firing == 1 else voice["fires"].format(count=firing)


def _aside(voice: Voice, condition: str, count: int) -> Html | str:
    phrase = "unsure" if condition == "unknown" else condition
    return el("p", voice[phrase].format(count=count), class_="quiet") if count else ""


def _chips(voice: Voice, departments: dict[str, list[Alert]]) -> Html:
    links = [
        el("li", el("a", f"{voice.word('departments', name)} {len(those)}", href=f"#{name}"))
        for name, those in departments.items()
    ]
    links.append(el("li", el("a", voice["sources"], href="#sources")))
    return el("ul", links, class_="chips")
