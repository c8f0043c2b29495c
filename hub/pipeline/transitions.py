"""Moves alerts on by what their rules said, freezes the evidence, and remembers what changed."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from hub.alerts.business_time import BusinessTime
from hub.alerts.cel import Outcome
from hub.alerts.evidence import (
    CLAIMS,
    Ground,
    evidence,
    lacks_links,
    named,
    needed,
    ticket_record,
    was_changed,
)
from hub.alerts.facts import Facts
from hub.alerts.lifecycle import Timing, next_state
from hub.alerts.rules import CompiledRule
from hub.clock import instant_text
from hub.model.alert import Alert, AlertEvent, Condition, Severity, Verdict, rank
from hub.model.fact import Subject
from hub.model.setting import Company
from hub.pipeline.because import Because
from hub.pipeline.competing import Claims, competing
from hub.pipeline.scene import Scene
from hub.store import alert_records, alerts, handling, links, work
from hub.store.database import Tx


@dataclass(slots=True)
class Turn:
    """One alert at one evaluation: what it was, what the rule says now, and what it is then."""

    rule: CompiledRule
    subject: Subject
    before: Alert | None
    outcome: Outcome
    severity: Severity
    facts: Mapping[str, Facts]
    because: Because
    customer: str | None
    doubted_source: str | None = None
    after: Alert | None = None


def move_on(tx: Tx, company: Company, now: datetime, turns: Sequence[Turn], scene: Scene) -> int:
    """Move the alerts of these turns on; return how many events that made."""
    seen = _seen(tx, company, now, turns, scene)
    changed: list[Alert] = []
    events: list[tuple[str, AlertEvent]] = []
    for turn in turns:
        moved = turn.after = _next(turn, now, seen)
        if moved is None or (turn.before and _same(turn.before, moved)):
            continue
        changed.append(moved)
        event = _event(turn.before, moved, turn.outcome, now, turn.rule)
        if event is not None:
            events.append((moved.id, event))
    alerts.put(tx, changed)
    alerts.append(tx, events)
    back = [one for one, event in events if event.before is Condition.RESOLVED]
    handling.start_over(tx, back, instant_text(now))
    moved_away = [
        turn.before for turn in turns if turn.before and turn.before.entity_id != turn.customer
    ]
    show(tx, [*changed, *moved_away])
    return len(events)


def _records_behind(
    tx: Tx, clock: BusinessTime, now: datetime, turns: Iterable[Turn]
) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """Return list name -> customer -> the records that true rules name in their evidence."""
    wanted: dict[str, set[str]] = {"tickets": set(), "invoices": set()}
    for turn in turns:
        if turn.outcome.verdict is Verdict.TRUE and turn.customer:
            for name in needed(turn.rule):
                wanted[name].add(turn.customer)
    found: dict[str, dict[str, list[dict[str, Any]]]] = {"tickets": {}, "invoices": {}}
    for row in alert_records.urgent_tickets(tx, wanted["tickets"]):
        record = ticket_record(row, clock, now)
        found["tickets"].setdefault(row.customer, []).append(record)
    for row in alert_records.owed_invoices(tx, wanted["invoices"]):
        record = {name: value for name, value in row._mapping.items() if name != "customer"}
        found["invoices"].setdefault(row.customer, []).append(record)
    return found


def _versions(
    tx: Tx,
    turns: Iterable[Turn],
    behind: Mapping[str, Mapping[str, list[dict[str, Any]]]],
    scene: Scene,
) -> dict[str, int]:
    """Return which version of each record was seen that evidence may name."""
    refs = {
        record["ref"]
        for customers in behind.values()
        for records in customers.values()
        for record in records
    }
    for turn in turns:
        subject = scene.records.get(turn.subject) if turn.outcome.verdict is Verdict.TRUE else None
        beside = [one for records in turn.because.beside.values() for one in records]
        refs |= {one["ref"] for one in (subject, *beside) if one and "ref" in one}
    return alert_records.versions(tx, refs) if refs else {}


@dataclass(frozen=True, slots=True)
class _Seen:
    """What evidence is made of: records by list and customer, their versions, what may belong to
    a subject, which values compete, the scene, money."""

    behind: Mapping[str, Mapping[str, list[dict[str, Any]]]]
    versions: Mapping[str, int]
    candidates: Mapping[str, list[dict[str, Any]]]
    claims: Claims
    scene: Scene
    currency: str


def _seen(tx: Tx, company: Company, now: datetime, turns: Sequence[Turn], scene: Scene) -> _Seen:
    behind = _records_behind(tx, BusinessTime(company), now, turns)
    true = [turn for turn in turns if turn.outcome.verdict is Verdict.TRUE]
    alone = {turn.subject.id for turn in true if lacks_links(turn.rule)}
    apart = {turn.subject for turn in true if turn.subject.kind == "conflict"}
    return _Seen(
        behind,
        _versions(tx, turns, behind, scene),
        alert_records.candidates(tx, alone) if alone else {},
        competing(tx, apart) if apart else {},
        scene,
        company.currency,
    )


def _next(turn: Turn, now: datetime, seen: _Seen) -> Alert | None:
    """Return the alert after this turn, with its evidence frozen; None where there is none."""
    before = turn.before
    current = _current(turn, seen) if turn.outcome.verdict is Verdict.TRUE else None
    known = before.evidence.get("current", {}) if before else {}
    state = next_state(
        before.state if before else None,
        turn.outcome.verdict,
        turn.severity,
        now=now,
        timing=turn.rule.timing,
        joined=current is not None and bool(named(current) - named(known)),
    )
    if state is None:
        return None
    again = before is not None and state.generation == before.state.generation
    held = dict(before.evidence) if before and again else {}
    if current is not None and state.condition is not Condition.RESOLVED:
        held["current"] = current
        held.setdefault("first", current)
        if "worst" not in held or rank(state.severity) > rank(held["worst"]["severity"]):
            held["worst"] = {"severity": state.severity.value, **current}
    is_source = turn.subject.kind == "source"
    doubted = turn.doubted_source if is_source or state.condition is Condition.UNKNOWN else None
    return Alert(
        rule=turn.rule.id,
        subject=turn.subject,
        entity_id=turn.customer or (before.entity_id if before else None),
        state=state,
        updated_at=instant_text(now),
        evidence=held,
        texts=turn.rule.texts,
        moved_to=before.moved_to if before and again else None,
        doubted_source=doubted,
    )


def _current(turn: Turn, seen: _Seen) -> dict[str, Any]:
    customer = turn.customer or ""
    records = {name: customers.get(customer, ()) for name, customers in seen.behind.items()}
    subject = seen.scene.records.get(turn.subject)
    ground = Ground(
        turn.facts,
        {
            **records,
            CLAIMS: seen.claims.get(turn.subject, ()),
            "subject": [subject] if subject else [],
        },
        turn.because.parts,
        turn.because.beside,
        seen.candidates.get(turn.subject.id, ()),
        seen.currency,
    )
    found = evidence(turn.rule, ground)
    for named_records in found["records"].values():
        for record in named_records:
            if record.get("ref") in seen.versions:
                record["version"] = seen.versions[record["ref"]]
    return found


def _same(before: Alert, after: Alert) -> bool:
    return replace(after, updated_at=before.updated_at) == before


def _event(
    before: Alert | None,
    after: Alert,
    outcome: Outcome,
    now: datetime,
    rule: CompiledRule | None = None,
) -> AlertEvent | None:
    """Return what is worth remembering: a new condition or weight, a record that joined, or that
    it is so by another rule than it was."""
    was = before.state if before and before.id == after.id else None
    state = after.state
    current = after.evidence.get("current", {})
    known = before.evidence.get("current", {}) if before and was else {}
    changed = rule is not None and was_changed(rule, known)
    news = named(current) - named(known) or (changed and current.get("rule") != known["rule"])
    if was and (was.condition, was.severity) == (state.condition, state.severity) and not news:
        return None
    told = "the rule was changed, and is" if changed else "the rule is"
    return AlertEvent(
        at=instant_text(now),
        before=was.condition if was else None,
        after=state.condition,
        severity=state.severity,
        reason=outcome.detail or f"{told} {outcome.verdict}",
        evidence=current if outcome.verdict is Verdict.TRUE else {},
    )


def show(tx: Tx, changed: Sequence[Alert]) -> None:
    """Make due the views that show these alerts: the customer's, and what else hangs on a deal."""
    due = {alert.entity_id for alert in changed if alert.entity_id}
    deals = [alert.subject.id for alert in changed if alert.subject.kind == "deal"]
    for found in links.of_records(tx, deals).values():
        due |= {link.target for link in found if ":" not in link.target}
    work.add(tx, "render", sorted(due))


def close_ruleless(tx: Tx, rules: Collection[str], now: datetime) -> int:
    """End the alerts of rules that are no longer there; return how many there were."""
    changed, events = [], []
    for before in alerts.without_rule(tx, rules):
        state = next_state(
            before.state, Verdict.GONE, before.state.severity, now=now, timing=Timing()
        )
        assert state is not None
        after = replace(before, state=state, updated_at=instant_text(now))
        event = _event(before, after, Outcome(Verdict.GONE, "the rule was removed"), now)
        changed.append(after)
        events += [(after.id, event)] if event else []
    alerts.put(tx, changed)
    alerts.append(tx, events)
    show(tx, changed)
    return len(events)
