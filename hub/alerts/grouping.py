"""Gathers what is to be told into one notice for each target and case, at the right time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from hub.alerts.quiet import QuietTime
from hub.clock import instant_text
from hub.model.fact import Subject
from hub.model.notice import Delivery, Gate, Group, Item, Routing, Standing, instant

DIGEST = "digest"
Key = tuple[str, str]
"""A target, and what it hears about together."""


@dataclass(slots=True)
class Gathered:
    """notices: what goes out now. groups: how each group stands after it, None for none.
    waiting: why an alert is not told yet though nothing else keeps it."""

    notices: list[tuple[str, str, tuple[Item, ...]]] = field(default_factory=list)
    groups: dict[Key, Group | None] = field(default_factory=dict)
    waiting: dict[str, Gate] = field(default_factory=dict)


def key_of(alert: Standing, target: str, routing: Routing) -> Key:
    """Return the group an alert is told in: a Vorgang's, a customer's, or its subject's.

    What stands in several Vorgänge, such as a collective invoice, is told with the oldest.
    """
    if target in routing.digests:
        return (target, DIGEST)
    if alert.cases:
        return (target, Subject("vorgang", min(alert.cases)).item)
    if alert.subject.kind == "vorgang" or alert.customer is None:
        return (target, alert.subject.item)
    return (target, Subject("customer", alert.customer).item)


def gather(
    items: Sequence[Item],
    alerts: Mapping[str, Standing],
    groups: Mapping[Key, Group],
    *,
    routing: Routing,
    quiet: QuietTime,
    now: datetime,
) -> Gathered:
    """Return which groups are told now. items: all that is to be told, of every group."""
    by_key: dict[Key, list[Item]] = {}
    for item in items:
        by_key.setdefault(key_of(alerts[item.alert], item.target, routing), []).append(item)
    found = Gathered()
    for key, group in groups.items():
        if key not in by_key and group.waiting_since is not None:
            found.groups[key] = Group(None, group.flushed_at)
    quiet_until = quiet.until(now) if by_key else None
    for key in sorted(by_key):
        due, group = _due(key, groups.get(key, Group()), now, routing, quiet)
        found.groups[key] = group
        urgent = routing.pace.quiet.urgent
        told = [
            item
            for item in by_key[key]
            if due[alerts[item.alert].severity in urgent] <= now
            and (quiet_until is None or alerts[item.alert].severity in urgent)
        ]
        left = [item for item in by_key[key] if item not in told]
        if told:
            found.notices.append((*key, tuple(told)))
            since = group.waiting_since if left else None
            found.groups[key] = Group(since, instant_text(now))
        for item in left:
            muted = quiet_until is not None and alerts[item.alert].severity not in urgent
            until = max(due[False], quiet_until) if muted and quiet_until else due[False]
            state = Delivery.MUTED if muted else Delivery.GROUPED
            because = "calendar" if muted else key[1]
            found.waiting.setdefault(item.alert, Gate(state, because, instant_text(until)))
    return found


def _due(
    key: Key, group: Group, now: datetime, routing: Routing, quiet: QuietTime
) -> tuple[dict[bool, datetime], Group]:
    """Return when a group is due, for what is not urgent and what is, and since when it waits."""
    pace = routing.pace
    at = instant_text(now)
    # An instant that lies ahead was written before the clock jumped back.
    since = group.waiting_since if group.waiting_since and group.waiting_since <= at else at
    flushed = group.flushed_at if group.flushed_at and group.flushed_at <= at else None
    soon = instant(since) + pace.group_wait
    due = soon
    if flushed is not None:
        due = max(soon, instant(flushed) + pace.group_interval)
    if key[1] == DIGEST:
        due = quiet.next_at(routing.digests[key[0]], instant(since))
    return {False: due, True: soon}, Group(since, flushed)
