"""Decides who is told what of which alert, and writes it to the outbox; one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from ulid import ULID

from hub.alerts.business_time import BusinessTime
from hub.alerts.delivery import (
    OVER,
    Speakers,
    World,
    addressed,
    doubted,
    gate,
    speakers,
    told_after,
    wanted,
    world,
)
from hub.alerts.grouping import Gathered, gather
from hub.alerts.quiet import QuietTime
from hub.alerts.storm import DAY, HISTORY_DAYS, is_storm
from hub.clock import instant_text
from hub.model.alert import Condition, Severity, rank
from hub.model.notice import (
    Delivery,
    Gate,
    Item,
    Letter,
    Reason,
    Routing,
    Silence,
    Standing,
    Telling,
    instant,
)
from hub.model.setting import Company
from hub.pipeline.notice import Told, alerts_body, rule_body, source_body
from hub.store import entities, outbox, rule_states, silences, standing, tellings
from hub.store.database import Database, Tx

AUTHORS, SOURCES = "rules", "it"
"""Departments that hear of a rule that fails or storms, and of a source that stays away."""
UNKNOWN_FRESH = 3
"""An alert unknown for so many times the age its facts may have goes to its source's owner."""
KEPT = timedelta(days=30)
"""Sent letters and quiet groups are remembered for so long."""


@dataclass(slots=True)
class Announced:
    """What one look came to. letters: how many were written; gates: what keeps alerts back."""

    letters: int = 0
    gates: dict[str, Gate] = field(default_factory=dict)


def announce(db: Database, routing: Routing, company: Company, now: datetime) -> Announced:
    """Hold what alerts are against what was told of them, and write what is to be told.

    May run at any time and any number of times: it says nothing twice.
    """
    with db.transaction() as tx:
        tellings.lock(tx)
        return _announce(tx, routing, company, now)


def _announce(tx: Tx, routing: Routing, company: Company, now: datetime) -> Announced:
    at = instant_text(now)
    alerts = standing.all_of(tx)
    _brake(tx, now)
    held = {rule for rule, state in rule_states.all_of(tx).items() if state.held_at}
    muting = followed(tx, silences.not_over(tx, at))
    here = world(now, routing, alerts, silences=muting, held=held)
    speaking = speakers(here)
    told = tellings.all_of(tx)
    gates = {one.id: gate(one, here, speaking) for one in alerts if one.condition not in OVER}
    items = _items(here, speaking, alerts, told, gates, BusinessTime(company))
    items = [item for item in items if item.target in routing.targets]
    by_id = {one.id: one for one in alerts}
    gathered = gather(
        [item for item in items if item.reason is not None],
        by_id,
        standing.groups_of(tx),
        routing=routing,
        quiet=QuietTime(company, routing.pace.quiet),
        now=now,
    )
    flushed = [item for *_, some in gathered.notices for item in some]
    marks = [item for item in items if item.reason is None]
    _note_told(tx, by_id, told, [*flushed, *marks], at)
    # Who no longer exists as a target cannot be told of the end either.
    gone = [(one, to) for one, some in told.items() for to in some if to not in routing.targets]
    tellings.forget(tx, gone)
    standing.put_groups(tx, gathered.groups)
    for alert_id, waiting in gathered.waiting.items():
        if gates.get(alert_id, Gate()).state is Delivery.OPEN:
            gates[alert_id] = waiting
    _store_gates(tx, gates)
    letters = _of_alerts(tx, routing, gathered, now)
    letters += _of_rules(tx, routing, now) + _of_sources(tx, routing, alerts, now)
    outbox.add(tx, letters)
    outbox.forget(tx, instant_text(now - KEPT))
    standing.forget_groups(tx, instant_text(now - KEPT))
    return Announced(len(letters), gates)


def followed(tx: Tx, found: Sequence[Silence]) -> list[Silence]:
    """Return silences, each for what its entity has become."""
    named = {name for one in found for name in (one.customer, one.subject and one.subject.id)}
    heirs = entities.heirs(tx, {name for name in named if name and ":" not in name})
    told = []
    for one in found:
        for customer in heirs.get(one.customer or "", [one.customer]):
            subject = one.subject
            for name in heirs.get(subject.id, [subject.id]) if subject else [""]:
                of = subject._replace(id=name) if subject else None
                told.append(replace(one, customer=customer, subject=of))
    return told


def _items(
    here: World,
    speaking: Speakers,
    alerts: Sequence[Standing],
    told: Mapping[str, Mapping[str, Telling]],
    gates: Mapping[str, Gate],
    business: BusinessTime,
) -> list[Item]:
    found: list[Item] = []
    for one in alerts:
        found += wanted(
            one,
            told.get(one.id, {}),
            gates.get(one.id, Gate()),
            source_doubted=bool(told.get(one.id)) and doubted(one, here, speaking) is not None,
            world=here,
            business=business,
        )
    return found


def _note_told(
    tx: Tx,
    alerts: Mapping[str, Standing],
    told: Mapping[str, Mapping[str, Telling]],
    items: Sequence[Item],
    at: str,
) -> None:
    over = [(one.alert, one.target) for one in items if one.reason is Reason.RESOLVED]
    tellings.forget(tx, over)
    tellings.put(
        tx,
        {
            (one.alert, one.target): told_after(
                alerts[one.alert], one.reason, told.get(one.alert, {}).get(one.target), at
            )
            for one in items
            if one.reason is not Reason.RESOLVED
        },
    )


def _store_gates(tx: Tx, gates: Mapping[str, Gate]) -> None:
    before = standing.gates(tx)
    changed = {one: gate for one, gate in gates.items() if before.get(one, Gate()) != gate}
    changed |= dict.fromkeys(before.keys() - gates.keys(), Gate())
    standing.put_gates(tx, changed)


def _brake(tx: Tx, now: datetime) -> None:
    """Hold the rules that storm; a person lets them go."""
    fired = rule_states.fired_since(tx, instant_text(now - (HISTORY_DAYS + 2) * DAY))
    states = rule_states.all_of(tx)
    for rule, instants in fired.items():
        state = states.get(rule)
        if state is not None and state.held_at:
            continue
        since = instant(state.released_at) if state and state.released_at else None
        if is_storm([instant(at) for at in instants], now, since):
            rule_states.put(tx, rule, held_at=instant_text(now))


def _of_alerts(tx: Tx, routing: Routing, gathered: Gathered, now: datetime) -> list[Letter]:
    at = instant_text(now)
    shown = Told(tx, routing, [some for *_, some in gathered.notices])
    return [
        Letter(new_id(now), target, at, 0, alerts_body(shown, key, some, at))
        for target, key, some in gathered.notices
    ]


def _of_rules(tx: Tx, routing: Routing, now: datetime) -> list[Letter]:
    """Tell the authors once of each rule that was put aside or is held."""
    at = instant_text(now)
    news: dict[str, tuple[str, str, str]] = {}
    for rule, state in rule_states.all_of(tx).items():
        if state.quarantined_at:
            key = f"quarantine:{rule}:{state.quarantined_at}"
            news[key] = (rule, "rule_quarantined", state.detail)
        if state.held_at:
            news[f"storm:{rule}:{state.held_at}"] = (rule, "rule_held", "")
    letters = []
    for key in sorted(tellings.first_time(tx, news, at)):
        rule, kind, detail = news[key]
        body = rule_body(routing, rule, kind, detail, at)
        letters += [
            Letter(new_id(now), target, at, 0, body)
            for target in _addressed(routing, AUTHORS, rule)
        ]
    return letters


def _of_sources(
    tx: Tx, routing: Routing, alerts: Sequence[Standing], now: datetime
) -> list[Letter]:
    """Tell a source's owner, not the business, of alerts that it leaves unknown for too long."""
    at = instant_text(now)
    waiting: dict[str, list[Standing]] = {}
    for one in alerts:
        fresh = routing.fresh.get(one.rule, DAY)
        late = now - instant(one.since) > UNKNOWN_FRESH * fresh
        if one.condition is Condition.UNKNOWN and one.source and late:
            waiting.setdefault(one.source, []).append(one)
    first = {
        f"unknown:{source}:{min(one.since for one in some)}": source
        for source, some in waiting.items()
    }
    letters = []
    for key in sorted(tellings.first_time(tx, first, at)):
        source = first[key]
        body = source_body(routing, source, waiting[source], at)
        letters += [
            Letter(new_id(now), target, at, 0, body)
            for target in _addressed(routing, routing.owners.get(source, SOURCES), None)
        ]
    return letters


def _addressed(routing: Routing, department: str, rule: str | None) -> list[str]:
    weight = rank(Severity.CRITICAL)
    found = addressed(routing.routes, department, rule, weight)
    return sorted(found & routing.targets)


def new_id(now: datetime) -> str:
    return f"msg_{ULID.from_datetime(now)}"
