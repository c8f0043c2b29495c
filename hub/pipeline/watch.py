"""What alerts are made by, what can be known now, and which rules may not be asked."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from hub.alerts.business_time import BusinessTime
from hub.alerts.facts import Knowledge, knowledge
from hub.alerts.moment import Moment, moment
from hub.alerts.rules import CompiledRule
from hub.clock import instant_text
from hub.model.alert import Condition
from hub.model.setting import Company, ConnectionInfo
from hub.pipeline.scene import successes
from hub.store import alerts
from hub.store.database import Tx


@dataclass(frozen=True, slots=True)
class Watch:
    """What alerts are made by: rules, the company's calendar, and the connections in use."""

    rules: Sequence[CompiledRule]
    company: Company = field(default_factory=Company)
    connections: Sequence[ConnectionInfo] = ()


def known_now(tx: Tx, watch: Watch, now: datetime) -> tuple[Knowledge, Moment]:
    """Return what can be known now, and the moment facts are told of."""
    return knowledge(watch.connections, successes(tx)), moment(now, BusinessTime(watch.company))


def stale_rules(tx: Tx, watch: Watch, now: datetime) -> dict[str, tuple[str, str]]:
    """Return the rules that may not be run now, by which source and why: it is too old, or not
    reliable."""
    read_at = successes(tx)
    doubted = {
        alert.subject.id: alert.rule
        for alert in alerts.page(
            tx, conditions=(Condition.FIRING,), subject_kind="source", limit=1_000
        ).items
        if alert.doubted_source == alert.subject.id
    }
    found: dict[str, tuple[str, str]] = {}
    for rule in watch.rules:
        for one in sorted(watch.connections, key=lambda one: one.name):
            limits = [rule.rule.fresh[name] for name in one.systems & rule.rule.fresh.keys()]
            if not limits or rule.id in found or rule.rule.subject == "source":
                continue
            last = read_at.get(one.name)
            if one.name in doubted:
                why = f"is not reliable ({doubted[one.name]})"
            elif last is None:
                why = "has never been read to its end"
            elif now - last > min(limits):
                why = f"was last read {instant_text(last)}"
            else:
                continue
            found[rule.id] = (one.name, f"source {one.name} {why}")
    return found
