"""Alerts and their events: what fires, what did, and why."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from hub.model.alert import (
    Alert,
    AlertEvent,
    AlertState,
    Condition,
    Ending,
    Severity,
    alert_id,
    rank,
)
from hub.model.fact import Subject
from hub.model.view import Page, page_of
from hub.store import changes
from hub.store.database import Row, Tx, among, chunks, upsert
from hub.store.tables import alert_events as events
from hub.store.tables import alert_handling as handled
from hub.store.tables import alerts

_json = msgspec.json.Decoder(dict[str, Any])
_encode = msgspec.json.Encoder(order="sorted").encode
LIVE = (
    Condition.PENDING,
    Condition.FIRING,
    Condition.RECOVERING,
    Condition.UNKNOWN,
    Condition.ERROR,
)
"""Conditions of an alert that is not over."""


def get(tx: Tx, wanted: str, *, to_change: bool = False) -> Alert | None:
    """Return one alert by its public id, or None. to_change: nobody else may meanwhile."""
    select = sa.select(alerts).where(alerts.c.id == wanted)
    row = tx.execute(select.with_for_update() if to_change else select).one_or_none()
    return _alert(row) if row else None


def beginning(tx: Tx, letters: str) -> list[str]:
    """Return the public ids that begin with `letters`: two at most."""
    like = alerts.c.id.startswith(letters, autoescape=True)
    return list(tx.execute(sa.select(alerts.c.id).where(like).limit(2)).scalars())


def many(tx: Tx, wanted: Collection[str]) -> dict[str, Alert]:
    """Return alerts by their public ids."""
    found: dict[str, Alert] = {}
    for chunk in chunks(wanted):
        rows = tx.execute(sa.select(alerts).where(among(alerts.c.id, chunk)))
        found.update((row.id, _alert(row)) for row in rows)
    return found


def moved_into(tx: Tx, wanted: Collection[str]) -> dict[str, list[Alert]]:
    """Return the alerts that each of these carries on, oldest first."""
    found: dict[str, list[Alert]] = {}
    select = sa.select(alerts).order_by(alerts.c.opened_at, alerts.c.id)
    for chunk in chunks(wanted):
        for row in tx.execute(select.where(among(alerts.c.moved_to, chunk))):
            found.setdefault(row.moved_to, []).append(_alert(row))
    return found


def events_of(tx: Tx, wanted: str) -> list[AlertEvent]:
    """Return an alert's changes, oldest first."""
    rows = tx.execute(sa.select(events).where(events.c.alert_id == wanted).order_by(events.c.seq))
    return [
        AlertEvent(
            row.at,
            Condition(row.before) if row.before else None,
            Condition(row.after),
            Severity(row.severity),
            row.reason,
            _json.decode(row.evidence),
        )
        for row in rows
    ]


def page(
    tx: Tx,
    *,
    conditions: Collection[str] = LIVE,
    rule: str | None = None,
    severity: str | None = None,
    entity_id: str | None = None,
    subject: Subject | None = None,
    subject_kind: str | None = None,
    rules: Collection[str] | None = None,
    handling: Collection[str] | None = None,
    after: tuple[str, ...] | None = None,
    limit: int = 50,
) -> Page[Alert]:
    """Return alerts, last opened first. after: the `next` of the page before, (opened_at, id).

    rules: only of these; handling: only where people are so far.
    """
    where: list[sa.ColumnElement[bool]] = [alerts.c.condition.in_(sorted(map(str, conditions)))]
    equal = (
        (alerts.c.rule, rule),
        (alerts.c.severity, severity),
        (alerts.c.entity_id, entity_id),
        (alerts.c.subject_kind, subject_kind),
    )
    where += [column == value for column, value in equal if value is not None]
    if rules is not None:
        where.append(alerts.c.rule.in_(sorted(rules)))
    if handling is not None:
        where.append(_handled_as(handling))
    if subject is not None:
        where += [alerts.c.subject_kind == subject.kind, alerts.c.subject == subject.id]
    if after is not None:
        same = sa.and_(alerts.c.opened_at == after[0], alerts.c.id > after[1])
        where.append(sa.or_(alerts.c.opened_at < after[0], same))
    select = sa.select(alerts).where(*where).order_by(alerts.c.opened_at.desc(), alerts.c.id)
    found = [_alert(row) for row in tx.execute(select.limit(limit + 1))]
    return page_of(found, limit, lambda one: (one.state.opened_at, one.id))


def gravest(
    tx: Tx,
    *,
    conditions: Collection[Condition],
    rules: Collection[str] | None = None,
    severity: Severity | None = None,
    after: str | None = None,
    limit: int,
) -> Page[Alert]:
    """Return alerts, the gravest first, then last opened first. after: the id of the last one seen.

    rules, severity: only of these. Where an alert is gone meanwhile, it begins with the first.
    """
    where: list[sa.ColumnElement[bool]] = [alerts.c.condition.in_(sorted(map(str, conditions)))]
    if rules is not None:
        where.append(alerts.c.rule.in_(sorted(rules)))
    if severity is not None:
        where.append(alerts.c.severity == severity)
    if after and (last := get(tx, after)):
        opened = last.state.opened_at
        same = sa.and_(alerts.c.opened_at == opened, alerts.c.id > last.id)
        later = sa.or_(alerts.c.opened_at < opened, same)
        weight = rank(last.state.severity)
        where.append(sa.or_(_weight < weight, sa.and_(_weight == weight, later)))
    select = sa.select(alerts).where(*where)
    select = select.order_by(_weight.desc(), alerts.c.opened_at.desc(), alerts.c.id)
    found = [_alert(row) for row in tx.execute(select.limit(limit + 1))]
    return page_of(found, limit, lambda one: (one.id,))


_weight = sa.case({one: rank(one) for one in Severity}, value=alerts.c.severity, else_=-1)


def _handled_as(states: Collection[str]) -> sa.ColumnElement[bool]:
    """Return whether people are so far with an alert; whom nobody touched is new."""
    state = sa.select(handled.c.state).where(handled.c.alert_id == alerts.c.id).scalar_subquery()
    return sa.func.coalesce(state, "new").in_(sorted(states))


def moved_last(tx: Tx, conditions: Collection[Condition], limit: int) -> list[Alert]:
    """Return the alerts that came last into one of these conditions, once they ever fired."""
    select = (
        sa.select(alerts)
        .where(alerts.c.condition.in_(sorted(map(str, conditions))), alerts.c.fired_at.is_not(None))
        .order_by(alerts.c.since.desc(), alerts.c.id)
    )
    return [_alert(row) for row in tx.execute(select.limit(limit))]


def counts(tx: Tx) -> dict[tuple[str, str], int]:
    """Return how many alerts stand in each (rule, condition)."""
    select = sa.select(alerts.c.rule, alerts.c.condition, sa.func.count())
    rows = tx.execute(select.group_by(alerts.c.rule, alerts.c.condition))
    return {(rule, condition): count for rule, condition, count in rows}


def latest(
    tx: Tx, subjects: Collection[Subject] | None, *, to_change: bool = False
) -> dict[str, Alert]:
    """Return the last alert of each fingerprint of these subjects, None for all, by fingerprint.

    to_change: nobody else may change them meanwhile, such as a person who closes one.
    """
    select = sa.select(alerts).order_by(alerts.c.generation, alerts.c.id)
    if to_change:
        select = select.with_for_update()
    if subjects is None:
        return {row.fingerprint: _alert(row) for row in tx.execute(select)}
    found: dict[str, Alert] = {}
    for chunk in chunks({subject.id for subject in subjects}):
        for row in tx.execute(select.where(among(alerts.c.subject, chunk))):
            if Subject(row.subject_kind, row.subject) in subjects:
                found[row.fingerprint] = _alert(row)
    return found


def without_rule(tx: Tx, rules: Collection[str]) -> list[Alert]:
    """Return the alerts that are not over and were opened by other rules than these."""
    live = alerts.c.condition.in_(sorted(map(str, LIVE)))
    where = live, alerts.c.rule.not_in(sorted(rules))
    return [_alert(row) for row in tx.execute(sa.select(alerts).where(*where))]


def concerning(tx: Tx, subjects: Collection[Subject], *, to_change: bool = True) -> list[Alert]:
    """Return every alert about these subjects or of these customers, those that are over, too.

    to_change: nobody else may change them meanwhile.
    """
    ids = {subject.id for subject in subjects}
    customers = {subject.id for subject in subjects if subject.kind == "customer"}
    found: dict[str, Alert] = {}
    select = sa.select(alerts)
    select = select.with_for_update() if to_change else select
    for chunk in chunks(ids):
        where = sa.or_(among(alerts.c.subject, chunk), among(alerts.c.entity_id, chunk))
        for row in tx.execute(select.where(where)):
            if Subject(row.subject_kind, row.subject) in subjects or row.entity_id in customers:
                found[row.id] = _alert(row)
    return [found[name] for name in sorted(found)]


def subjects_among(tx: Tx, ids: Collection[str]) -> set[Subject]:
    """Return the subjects of alerts, also of those that are over, whose id is one of these."""
    found: set[Subject] = set()
    select = sa.select(alerts.c.subject_kind, alerts.c.subject).distinct()
    for chunk in chunks(ids):
        found |= {Subject(*row) for row in tx.execute(select.where(among(alerts.c.subject, chunk)))}
    return found


def live_subjects(tx: Tx, conditions: Collection[Condition] = LIVE) -> set[Subject]:
    """Return the subjects of alerts that stand in one of `conditions`."""
    select = sa.select(alerts.c.subject_kind, alerts.c.subject).distinct()
    rows = tx.execute(select.where(alerts.c.condition.in_(sorted(map(str, conditions)))))
    return {Subject(kind, name) for kind, name in rows}


def told_otherwise(tx: Tx, idle: Collection[str], now: str) -> set[Subject]:
    """Return the subjects of alerts that go on though their rules are not asked now, or that
    stand as they do since an instant that is not yet."""
    select = sa.select(alerts.c.subject_kind, alerts.c.subject).distinct()
    going = (Condition.PENDING, Condition.FIRING, Condition.RECOVERING)
    goes_on = alerts.c.condition.in_([one.value for one in going])
    otherwise = sa.or_(alerts.c.rule.in_(sorted(idle)), alerts.c.since > now)
    rows = tx.execute(select.where(goes_on, otherwise, alerts.c.subject_kind != "source"))
    return {Subject(kind, name) for kind, name in rows}


def around(
    tx: Tx, entity_ids: Collection[str], subjects: Collection[str]
) -> tuple[dict[str, list[Alert]], dict[str, list[Alert]]]:
    """Return alerts that are not over: by the customer concerned, and by the subject's id."""
    by_entity: dict[str, list[Alert]] = {}
    by_subject: dict[str, list[Alert]] = {}
    live = alerts.c.condition.in_(sorted(map(str, LIVE)))
    select = sa.select(alerts).where(live).order_by(alerts.c.opened_at.desc(), alerts.c.id)
    for chunk in chunks(entity_ids):
        for row in tx.execute(select.where(among(alerts.c.entity_id, chunk))):
            by_entity.setdefault(row.entity_id, []).append(_alert(row))
    for chunk in chunks(subjects):
        for row in tx.execute(select.where(among(alerts.c.subject, chunk))):
            by_subject.setdefault(row.subject, []).append(_alert(row))
    return by_entity, by_subject


def put(tx: Tx, changed: Sequence[Alert]) -> None:
    """Store alerts, replacing those that stand under the same id."""
    upsert(tx, alerts, [_row(alert) for alert in changed])
    if changed:
        now = max(alert.updated_at for alert in changed)
        changes.note(tx, "alert", [alert.id for alert in changed], now)


def append(tx: Tx, happened: Iterable[tuple[str, AlertEvent]]) -> None:
    """Add (alert id, event) pairs to the history."""
    rows = [
        {
            "alert_id": of,
            "at": event.at,
            "before": event.before,
            "after": event.after,
            "severity": event.severity,
            "reason": event.reason,
            "evidence": _encode(event.evidence).decode(),
        }
        for of, event in happened
    ]
    if rows:
        tx.execute(sa.insert(events), rows)


def forget_evidence(tx: Tx, of: Collection[str]) -> None:
    """Empty the evidence of all events of these alerts."""
    for chunk in chunks(of):
        tx.execute(sa.update(events).where(among(events.c.alert_id, chunk)).values(evidence="{}"))


def _row(alert: Alert) -> dict[str, Any]:
    state = alert.state
    return {
        "id": alert_id(alert.fingerprint, state.generation),
        "fingerprint": alert.fingerprint,
        "generation": state.generation,
        "rule": alert.rule,
        "subject_kind": alert.subject.kind,
        "subject": alert.subject.id,
        "entity_id": alert.entity_id,
        "condition": state.condition,
        "resume": state.resume,
        "severity": state.severity,
        "since": state.since,
        "true_since": state.true_since,
        "false_since": state.false_since,
        "opened_at": state.opened_at,
        "fired_at": state.fired_at,
        "resolved_at": state.resolved_at,
        "updated_at": alert.updated_at,
        "reopened": state.reopened,
        "ending": state.ending,
        "rearm_at": state.rearm_at,
        "moved_to": alert.moved_to,
        "doubted_source": alert.doubted_source,
        "evidence": _encode(alert.evidence).decode(),
        "texts": _encode(alert.texts).decode(),
    }


def _alert(row: Row) -> Alert:
    state = AlertState(
        condition=Condition(row.condition),
        severity=Severity(row.severity),
        since=row.since,
        opened_at=row.opened_at,
        resume=Condition(row.resume) if row.resume else None,
        true_since=row.true_since,
        false_since=row.false_since,
        fired_at=row.fired_at,
        resolved_at=row.resolved_at,
        reopened=row.reopened,
        generation=row.generation,
        ending=Ending(row.ending) if row.ending else None,
        rearm_at=row.rearm_at,
    )
    return Alert(
        rule=row.rule,
        subject=Subject(row.subject_kind, row.subject),
        entity_id=row.entity_id,
        state=state,
        updated_at=row.updated_at,
        evidence=_json.decode(row.evidence),
        texts=_json.decode(row.texts),
        moved_to=row.moved_to,
        doubted_source=row.doubted_source,
    )
