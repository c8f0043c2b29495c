"""Lets alerts follow their subjects when entities become one, part again, or are erased."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from hub.alerts.lifecycle import ended
from hub.clock import instant_text
from hub.model.alert import Alert, AlertEvent, Condition, Ending, fingerprint
from hub.model.fact import Subject
from hub.store import alerts, entities, handling, outbox, restless, silences, tellings
from hub.store.database import Tx

_OVER = (Condition.INACTIVE, Condition.RESOLVED)


@dataclass(slots=True)
class _Moves:
    """What following came to. carried, copied: pairs of alert ids, whose tellings go along."""

    alerts: dict[str, Alert] = field(default_factory=dict)
    events: list[tuple[str, AlertEvent]] = field(default_factory=list)
    carried: list[tuple[str, str]] = field(default_factory=list)
    copied: list[tuple[str, str]] = field(default_factory=list)


def follow(
    tx: Tx,
    subjects: Collection[Subject],
    latest: Mapping[str, Alert],
    true: Collection[tuple[str, Subject]],
    now: datetime,
) -> dict[str, Alert]:
    """Return `latest` with the alerts of merged and parted entities where they belong now.

    true: rule and subject wherever a rule is true. What was told of an alert stays told of the one
    that carries it on: nobody hears news of a change of names. Written at once; the evaluation
    goes on from there.
    """
    ids = {one.id for one in subjects if one.kind != "source" and ":" not in one.id}
    redirects = entities.redirects(tx, ids)
    origins = entities.origins(tx, {one.id for _, one in true if one.id in ids})
    ends = {*redirects, *redirects.values(), *origins, *origins.values()}
    if not ends:
        return dict(latest)
    kinds = {one.kind for one in subjects if one.id in ends}
    around = {Subject(kind, one) for kind in kinds for one in ends}
    known = {**alerts.latest(tx, around, to_change=True), **latest}
    moves = _Moves()
    for before in sorted(known.values(), key=lambda one: one.id):
        into = redirects.get(before.subject.id)
        if into is not None and before.state.condition not in _OVER:
            _join(moves, known, before, Subject(before.subject.kind, into), now)
    if origins:
        _part(tx, moves, known, true, origins, now)
    alerts.put(tx, list(moves.alerts.values()))
    alerts.append(tx, moves.events)
    for pairs, copy in ((moves.carried, False), (moves.copied, True)):
        if pairs:
            tellings.carry(tx, pairs, copy=copy)
            handling.carry(tx, pairs)
    moved = {one.fingerprint: one for one in moves.alerts.values()}
    here = {*latest, *(one for one in moved if moved[one].subject in subjects)}
    return {one: moved.get(one) or known[one] for one in here}


def erase(tx: Tx, subjects: Collection[Subject], now: datetime) -> int:
    """Forget what alerts hold of subjects that are erased; return how many alerts those are.

    Alerts about them end; those that only concern them as a customer lose their evidence and get it
    anew from what is left. Notices that wait or were sent, people's words and silences go, too.
    """
    changed, events = [], []
    for before in alerts.concerning(tx, subjects):
        state = before.state
        if before.subject in subjects and state.condition not in _OVER:
            state = ended(state, now, Ending.SUBJECT_ERASED)
            events.append(_event(before, state.condition, now, "the subject was erased"))
        changed.append(replace(before, state=state, evidence={}, updated_at=instant_text(now)))
    ids = {one.id for one in changed}
    alerts.forget_evidence(tx, ids)
    alerts.put(tx, changed)
    alerts.append(tx, events)
    asked_anew = [(one.subject, of, "") for one in changed for of in (one.entity_id, None)]
    restless.note(tx, asked_anew)
    handling.forget_words(tx, ids)
    outbox.forget_alerts(tx, ids)
    silences.forget(tx, subjects)
    return len(changed)


def _join(
    moves: _Moves, known: dict[str, Alert], before: Alert, into: Subject, now: datetime
) -> None:
    """End an alert whose subject has become another one; that one's alert carries it on."""
    print_ = fingerprint(before.rule, into)
    heir = moves.alerts.get(print_) or known.get(print_)
    fires = Condition.PENDING not in (before.state.condition, before.state.resume)
    if fires and (heir is None or heir.state.condition in (*_OVER, Condition.PENDING)):
        heir = _continued(before, into, heir, now)
        moves.alerts[print_] = heir
        words = f"carries on alert {before.id}: its {before.subject.kind} became one with this"
        moves.events.append(_event(heir, heir.state.condition, now, words, new=True))
    over = replace(
        before,
        state=replace(
            ended(before.state, now, Ending.IDENTITY_CHANGED), resume=before.state.condition
        ),
        moved_to=heir.id if heir and fires else None,
        updated_at=instant_text(now),
    )
    moves.alerts[before.fingerprint] = over
    moves.events.append(_event(before, over.state.condition, now, f"merged into {into.id}"))
    if heir and fires:
        moves.carried.append((before.id, heir.id))


def _part(
    tx: Tx,
    moves: _Moves,
    known: Mapping[str, Alert],
    true: Iterable[tuple[str, Subject]],
    origins: Mapping[str, str],
    now: datetime,
) -> None:
    """Give an entity that was parted from another one the alerts that it brought along."""
    parted: dict[tuple[str, Subject], Alert] = {}
    for rule, subject in true:
        if subject.id not in origins or fingerprint(rule, subject) in known:
            continue
        whole = known.get(fingerprint(rule, Subject(subject.kind, origins[subject.id])))
        if whole and whole.state.condition in (Condition.FIRING, Condition.RECOVERING):
            parted[rule, subject] = whole
    brought = alerts.moved_into(tx, {one.id for one in parted.values()})
    for (_, subject), whole in sorted(parted.items()):
        own = brought.get(whole.id, [])
        source = _revived(own[0]) if own else whole
        mine = _continued(source, subject, None, now)
        if own:
            moves.alerts[own[0].fingerprint] = replace(own[0], moved_to=mine.id)
        moves.alerts[mine.fingerprint] = mine
        moves.copied.append((whole.id, mine.id))
        words = f"came out of alert {whole.id}: the {subject.kind} was parted from another one"
        moves.events.append(_event(mine, mine.state.condition, now, words, new=True))


def _revived(over: Alert) -> Alert:
    """Return an alert that was carried on elsewhere as it would fire on its own."""
    firing = replace(
        over.state,
        condition=Condition.FIRING,
        resume=None,
        resolved_at=None,
        ending=None,
        true_since=over.state.fired_at,
    )
    return replace(over, state=firing, moved_to=None)


def _continued(before: Alert, subject: Subject, heir: Alert | None, now: datetime) -> Alert:
    """Return the alert that goes on for `subject` where `before` stood."""
    generation = 1
    if heir is not None:
        fresh = heir.state.condition in (Condition.INACTIVE, Condition.PENDING)
        generation = heir.state.generation + (0 if fresh else 1)
    state = replace(before.state, generation=generation)
    entity = subject.id if subject.kind == "customer" else before.entity_id
    return replace(
        before, subject=subject, entity_id=entity, state=state, updated_at=instant_text(now)
    )


def _event(
    of: Alert, after: Condition, now: datetime, reason: str, *, new: bool = False
) -> tuple[str, AlertEvent]:
    was = None if new else of.state.condition
    event = AlertEvent(instant_text(now), was, after, of.state.severity, reason, {})
    return of.id, event
