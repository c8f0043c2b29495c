"""Decides what is to be told of each alert, and what keeps it from being told; level by level.

Nothing here remembers events: what an alert is now is held against what was told of it, so that a
lost step, a restart or a clock that jumps cannot lose a message or send one twice.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hub.alerts.business_time import CLOSES, OPENS, BusinessTime
from hub.clock import instant_text
from hub.model.alert import Condition, rank
from hub.model.fact import Subject
from hub.model.notice import (
    Delivery,
    Gate,
    Item,
    Reason,
    Route,
    Routing,
    Silence,
    Standing,
    Telling,
    instant,
)

OVER = (Condition.INACTIVE, Condition.RESOLVED)
LONGEST_DOUBLING = 5
"""Reminders come after 3, 6, 12, 24, 48, 96 business days, then every 96."""


@dataclass(frozen=True, slots=True)
class World:
    """What holds for all alerts at one instant. at: now as text; held: rules a storm holds."""

    now: datetime
    at: str
    routing: Routing
    silences: Sequence[Silence] = ()
    held: Collection[str] = ()
    firing: Sequence[Standing] = ()


def world(
    now: datetime,
    routing: Routing,
    standing: Iterable[Standing],
    *,
    silences: Sequence[Silence] = (),
    held: Collection[str] = (),
) -> World:
    """Return the world with the alerts that fire in it, which may speak for others."""
    firing = [one for one in standing if one.condition is Condition.FIRING]
    return World(now, instant_text(now), routing, silences, held, firing)


@dataclass(slots=True)
class Speakers:
    """Firing alerts by what they speak for; made once for all alerts of a world."""

    of_source: dict[str, list[Standing]] = field(default_factory=dict)  # by kind of system
    of_subject: dict[str, list[Standing]] = field(default_factory=dict)
    of_rule: dict[tuple[str, str], list[Standing]] = field(default_factory=dict)


def speakers(world: World) -> Speakers:
    """Sort the alerts that fire and are not silenced themselves by what they speak for."""
    found = Speakers()
    for one in world.firing:
        if silence_of(one, world) is not None:
            continue
        if one.subject.kind == "source" and one.source == one.subject.id:
            for system in world.routing.connections.get(one.subject.id, ()):
                found.of_source.setdefault(system, []).append(one)
        found.of_subject.setdefault(one.subject.item, []).append(one)
        for rule in world.routing.inhibits.get(one.rule, ()):
            cases = {Subject("vorgang", case).item for case in one.cases}
            for place in {one.subject.item, one.customer or one.subject.item, *cases}:
                found.of_rule.setdefault((rule, place), []).append(one)
    return found


def silence_of(alert: Standing, world: World) -> Silence | None:
    """Return the active silence that matches an alert and ends last, if any does."""
    matching = [
        one
        for one in world.silences
        if one.state(world.at) == "active"
        and one.rule in (None, alert.rule)
        and one.subject in (None, alert.subject)
        and one.customer in (None, alert.customer)
        and one.severity in (None, alert.severity)
    ]
    return max(matching, key=lambda one: (one.until, one.id), default=None)


def gate(alert: Standing, world: World, speaking: Speakers) -> Gate:
    """Return what keeps an alert from being told now; a silence keeps back no end of one."""
    if alert.rule in world.held:
        return Gate(Delivery.INHIBITED, f"storm:{alert.rule}")
    other = _inhibitor(alert, world, speaking)
    if other is not None:
        return Gate(Delivery.INHIBITED, other.id)
    silence = silence_of(alert, world)
    if silence is not None:
        return Gate(Delivery.SILENCED, silence.id, silence.until)
    return Gate()


def doubted(alert: Standing, world: World, speaking: Speakers) -> Standing | None:
    """Return the alert that says that a source this one was made from is not reliable."""
    if alert.subject.kind == "source":
        return None
    for system in sorted(world.routing.systems.get(alert.rule, ())):
        for one in speaking.of_source.get(system, ()):
            return one
    return None


def _inhibitor(alert: Standing, world: World, speaking: Speakers) -> Standing | None:
    """Return the alert that speaks for another.

    For a case speaks what belongs to it: other cases of the same customer have their own trouble.
    """
    source = doubted(alert, world, speaking)
    if source is not None:
        return source
    for one in speaking.of_subject.get(alert.subject.item, ()):
        if rank(one.severity) > rank(alert.severity):
            return one
    places = [alert.subject.item]
    if alert.subject.kind != "vorgang" and alert.customer:
        places.append(alert.customer)
    for place in places:
        for one in speaking.of_rule.get((alert.rule, place), ()):
            if one.id != alert.id:
                return one
    return None


def targets_of(alert: Standing, routing: Routing) -> frozenset[str]:
    """Return who is to hear of an alert: the targets of every route that takes it."""
    department = routing.departments.get(alert.rule, "")
    return addressed(routing.routes, department, alert.rule, rank(alert.severity))


def addressed(
    routes: Iterable[Route], department: str, rule: str | None, weight: int
) -> frozenset[str]:
    """Return the targets of all routes that take what a department, rule and weight name."""
    return frozenset(
        target
        for route in routes
        if (not route.departments or department in route.departments)
        and (not route.rules or rule in route.rules)
        and weight >= rank(route.severity)
        for target in route.to
    )


def wanted(
    alert: Standing,
    told: Mapping[str, Telling],
    gate: Gate,
    *,
    source_doubted: bool,
    world: World,
    business: BusinessTime,
) -> list[Item]:
    """Return what is to be told of one alert to whom. told: target -> what it was told."""
    if alert.condition in OVER:
        if source_doubted:
            return []
        return [Item(alert.id, target, Reason.RESOLVED) for target in sorted(told)]
    if alert.condition is not Condition.FIRING:
        return []
    items = []
    for target in sorted(targets_of(alert, world.routing) | told.keys()):
        before = told.get(target)
        if before is None:
            if alert.handled.is_acknowledged(world.at):
                items.append(Item(alert.id, target, None))
            elif gate.state is Delivery.OPEN:
                reason = Reason.REOPENED if alert.reopened else Reason.NEW
                items.append(Item(alert.id, target, reason))
        elif before.last_at > world.at:  # the clock has jumped back: count from now on
            items.append(Item(alert.id, target, None))
        elif gate.state is Delivery.OPEN:
            reminder = _reminder(alert, before, world, business)
            if reminder is not None:
                items.append(Item(alert.id, target, reminder))
    return items


def _reminder(
    alert: Standing, told: Telling, world: World, business: BusinessTime
) -> Reason | None:
    if rank(alert.severity) > rank(told.severity):
        return Reason.WORSE
    if alert.handled.is_acknowledged(world.at):
        return None
    days = world.routing.pace.repeat_days << min(told.repeats, LONGEST_DOUBLING)
    since = instant(told.last_at)
    if world.now - since < timedelta(days=days - 1):  # sooner than any calendar could have it
        return None
    hours = business.hours_between(since, world.now)
    return Reason.REPEAT if hours >= days * (CLOSES - OPENS) else None


def told_after(alert: Standing, reason: Reason | None, before: Telling | None, now: str) -> Telling:
    """Return what stands told of an alert that fires once `reason` was told."""
    if before is None:
        return Telling(alert.severity, now, now)
    repeats = before.repeats + 1 if reason is Reason.REPEAT else before.repeats
    severity = alert.severity if reason is Reason.WORSE else before.severity
    return Telling(severity, before.told_at, now, repeats)
