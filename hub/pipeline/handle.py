"""What people do about an alert: take it on, work at it, close it, say what it was worth."""

from dataclasses import replace
from datetime import datetime

from ulid import ULID

from hub.alerts.lifecycle import closed_by_hand
from hub.clock import instant_text
from hub.errors import ConflictError, NotFoundError
from hub.model.alert import Alert, AlertEvent, Condition
from hub.model.notice import Feedback, Handled, Handling, Silence, instant
from hub.pipeline.transitions import show
from hub.store import alerts, handling, silences
from hub.store.database import Tx

_OVER = (Condition.INACTIVE, Condition.RESOLVED)


def acknowledge(
    tx: Tx, alert_id: str, *, owner: str, until: datetime | None, author: str, now: datetime
) -> None:
    """Note that `owner` is at it: no reminders until then. Raises NotFoundError, ConflictError."""
    _require_live(_wanted(tx, alert_id))
    if until is not None and until <= now:
        raise ConflictError("`until` lies in the past: reminders would start again at once.")
    at = instant_text(now)
    before = _before(tx, alert_id)
    end = instant_text(until) if until else None
    new = replace(
        before,
        state=Handling.ACKNOWLEDGED,
        owner=owner,
        until=end,
        reason=None,
        acknowledged_at=before.acknowledged_at or at,
    )
    _write(tx, alert_id, new, author, at, "acknowledged", {"owner": owner, "until": end})


def start(tx: Tx, alert_id: str, *, owner: str, author: str, now: datetime) -> None:
    """Note that `owner` works at it. Raises NotFoundError, ConflictError."""
    _require_live(_wanted(tx, alert_id))
    at = instant_text(now)
    before = _before(tx, alert_id)
    acknowledged_at = before.acknowledged_at or at
    new = replace(
        before,
        state=Handling.IN_PROGRESS,
        owner=owner,
        until=None,
        reason=None,
        acknowledged_at=acknowledged_at,
    )
    _write(tx, alert_id, new, author, at, "started", {"owner": owner})


def done(tx: Tx, alert_id: str, *, reason: str, author: str, now: datetime) -> None:
    """Note that it is dealt with; one that still fires is closed by hand.

    It speaks up again when a record joins its evidence, or after 30 days. Raises NotFoundError,
    ConflictError for one that never fired.
    """
    alert = _wanted(tx, alert_id)
    state = alert.state
    if Condition.PENDING in (state.condition, state.resume):
        raise ConflictError(f"The alert {alert_id} does not fire yet: there is nothing to close.")
    at = instant_text(now)
    if state.condition not in _OVER:
        closed = replace(alert, state=closed_by_hand(state, now), updated_at=at)
        words = f"closed by hand: {reason}"
        event = AlertEvent(at, state.condition, Condition.RESOLVED, state.severity, words, {})
        alerts.put(tx, [closed])
        alerts.append(tx, [(alert_id, event)])
        show(tx, [closed])
    before = _before(tx, alert_id)
    new = replace(before, state=Handling.DONE, reason=reason, until=None)
    _write(tx, alert_id, new, author, at, "done", {"reason": reason})


def feedback(tx: Tx, alert_id: str, *, value: Feedback, author: str, now: datetime) -> None:
    """Note what an alert was worth. Raises NotFoundError."""
    _wanted(tx, alert_id)
    at = instant_text(now)
    new = replace(_before(tx, alert_id), feedback=value)
    _write(tx, alert_id, new, author, at, "feedback", {"feedback": value.value})


def silence(tx: Tx, wanted: Silence, now: datetime) -> Silence:
    """Store a silence under a new id and return it. Raises ConflictError where it has no time."""
    if wanted.until <= max(wanted.starts_at, instant_text(now)):
        raise ConflictError("A silence ends after it starts, and in the future.")
    made = replace(wanted, id=str(ULID.from_datetime(now)))
    silences.add(tx, made)
    return made


def silence_alert(
    tx: Tx, alert_id: str, *, until: str, why: str, author: str, now: datetime
) -> Silence:
    """Mute one alert: its rule on its subject. Raises NotFoundError, ConflictError."""
    alert = _wanted(tx, alert_id)
    at = instant_text(now)
    wanted = Silence("", at, until, why, author, at, rule=alert.rule, subject=alert.subject)
    return silence(tx, wanted, now)


def effective(handled: Handled, now: str) -> Handled:
    """Return what people do about an alert now: an acknowledgement that has ended is nobody's."""
    over = handled.state is Handling.ACKNOWLEDGED and not handled.is_acknowledged(now)
    return replace(handled, state=Handling.NEW, owner=None, until=None) if over else handled


def hours_to_acknowledge(fired_at: str, acknowledged_at: str) -> float:
    """Return the hours between firing and the first acknowledgement, 0 where it came before."""
    took = instant(acknowledged_at) - instant(fired_at)
    return max(0.0, took.total_seconds() / 3600)


def _wanted(tx: Tx, alert_id: str) -> Alert:
    alert = alerts.get(tx, alert_id, to_change=True)
    if alert is None:
        raise NotFoundError(f"There is no alert {alert_id}.")
    return alert


def _require_live(alert: Alert) -> None:
    if alert.state.condition in _OVER:
        raise ConflictError(f"The alert {alert.id} is {alert.state.condition}: nobody need act.")


def _before(tx: Tx, alert_id: str) -> Handled:
    return handling.of(tx, [alert_id]).get(alert_id, Handled())


def _write(
    tx: Tx,
    alert_id: str,
    new: Handled,
    author: str,
    at: str,
    action: str,
    detail: dict[str, str | None],
) -> None:
    handling.put(tx, alert_id, replace(new, updated_at=at))
    handling.note(tx, alert_id, at=at, author=author, action=action, detail=detail)
