"""The life of an alert: pending, firing, recovering, resolved; paused while facts are unknown."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from hub.clock import instant_text
from hub.model.alert import AlertState, Condition, Ending, Severity, Verdict

REOPEN_WINDOW = timedelta(days=14)
"""A condition that comes back this soon after its end is the same alert."""
REARM_AFTER = timedelta(days=30)
"""What was closed by hand and is still true speaks up again."""


@dataclass(frozen=True, slots=True)
class Timing:
    """How long a rule must be true before it fires, and false before it ends."""

    hold_for: timedelta = timedelta()
    keep: timedelta = timedelta()
    reopen_window: timedelta = REOPEN_WINDOW


_LIVE = (Condition.PENDING, Condition.FIRING, Condition.RECOVERING)
_PAUSED = (Condition.UNKNOWN, Condition.ERROR)


def next_state(
    before: AlertState | None,
    verdict: Verdict,
    severity: Severity,
    *,
    now: datetime,
    timing: Timing,
    joined: bool = False,
) -> AlertState | None:
    """Return the state after one evaluation; None where there is still no alert.

    joined: a record joined the evidence, which arms again what was closed by hand.

    unknown and error pause a live alert and remember where it stood: its clocks go on, and it goes
    on from there once the rule can tell again. They open none and end none.
    """
    before = _not_ahead(before, now) if before is not None else None
    if before is None or before.condition is Condition.INACTIVE:
        return _opened(before, severity, now, timing) if verdict is Verdict.TRUE else before
    if before.condition is Condition.RESOLVED:
        return _after_end(before, verdict, severity, now, timing, joined)
    if verdict in (Verdict.UNKNOWN, Verdict.ERROR):
        return _paused(before, Condition(verdict.value), now)
    if before.condition in _PAUSED:
        assert before.resume is not None
        before = _moved(before, before.resume, now, resume=None)
    if verdict is Verdict.GONE:
        return ended(before, now, Ending.GONE)
    if verdict is Verdict.TRUE:
        return _true(replace(before, severity=severity), now, timing)
    return _false(before, now, timing)


def turns_by(state: AlertState, timing: Timing, until: datetime) -> bool:
    """Say whether a state may be another one at an instant, though the verdict stays the same."""
    match state.condition:
        case Condition.PENDING:
            since, lasts = state.true_since, timing.hold_for
        case Condition.RECOVERING:
            since, lasts = state.false_since, timing.keep
        case Condition.UNKNOWN | Condition.ERROR:
            return True
        case _:
            since, lasts = state.rearm_at, timedelta()
    return since is not None and datetime.fromisoformat(since) + lasts <= until


def closed_by_hand(state: AlertState, now: datetime) -> AlertState:
    """Close a live alert though its rule may still be true."""
    closed = ended(state, now, Ending.BY_HAND)
    return replace(closed, rearm_at=instant_text(now + REARM_AFTER))


def ended(state: AlertState, now: datetime, ending: Ending) -> AlertState:
    """End a live alert; one that never fired just goes back to where it came from."""
    clear: dict[str, None] = {"true_since": None, "false_since": None, "resume": None}
    if Condition.PENDING in (state.condition, state.resume):
        over = Condition.RESOLVED if state.resolved_at else Condition.INACTIVE
        return _moved(state, over, now, **clear)
    at = instant_text(now)
    return _moved(state, Condition.RESOLVED, now, resolved_at=at, ending=ending, **clear)


def _after_end(
    before: AlertState,
    verdict: Verdict,
    severity: Severity,
    now: datetime,
    timing: Timing,
    joined: bool,
) -> AlertState:
    if verdict is Verdict.TRUE:
        closed = before.rearm_at is not None and instant_text(now) < before.rearm_at
        return before if closed and not joined else _again(before, severity, now, timing)
    # Once false, what was closed by hand is over like any other.
    return replace(before, rearm_at=None) if verdict is Verdict.FALSE else before


def _opened(
    before: AlertState | None, severity: Severity, now: datetime, timing: Timing
) -> AlertState:
    at = instant_text(now)
    state = AlertState(
        condition=Condition.PENDING,
        severity=severity,
        since=at,
        opened_at=at,
        true_since=at,
        generation=before.generation if before else 1,
    )
    return _true(state, now, timing)


def _again(before: AlertState, severity: Severity, now: datetime, timing: Timing) -> AlertState:
    """Reopen an alert that ended a short while ago, else open the next one of its line."""
    assert before.resolved_at is not None
    if _elapsed(before.resolved_at, now) > timing.reopen_window:
        opened = _opened(None, severity, now, timing)
        return replace(opened, generation=before.generation + 1)
    at = instant_text(now)
    pending = _moved(before, Condition.PENDING, now, true_since=at, rearm_at=None)
    return _true(replace(pending, severity=severity), now, timing)


def _true(state: AlertState, now: datetime, timing: Timing) -> AlertState:
    if state.condition is Condition.RECOVERING:
        return _moved(state, Condition.FIRING, now, false_since=None)
    assert state.true_since is not None
    if state.condition is Condition.PENDING and _elapsed(state.true_since, now) >= timing.hold_for:
        fired = _moved(state, Condition.FIRING, now)
        if state.resolved_at is not None:
            return replace(fired, resolved_at=None, ending=None, reopened=state.reopened + 1)
        return replace(fired, fired_at=instant_text(now))
    return state


def _false(state: AlertState, now: datetime, timing: Timing) -> AlertState:
    if state.condition is Condition.PENDING:
        return ended(state, now, Ending.CONDITION)
    if state.condition is Condition.FIRING:
        state = _moved(state, Condition.RECOVERING, now, false_since=instant_text(now))
    assert state.false_since is not None
    if _elapsed(state.false_since, now) < timing.keep:
        return state
    return ended(state, now, Ending.CONDITION)


def _paused(state: AlertState, condition: Condition, now: datetime) -> AlertState:
    if state.condition is condition:
        return state
    resume = state.resume if state.condition in _PAUSED else state.condition
    return replace(_moved(state, condition, now), resume=resume)


def _moved(state: AlertState, condition: Condition, now: datetime, **changes: Any) -> AlertState:
    return replace(state, condition=condition, since=instant_text(now), **changes)


def _not_ahead(state: AlertState, now: datetime) -> AlertState:
    """Return a state whose clocks have begun by now: an instant that lies ahead was written before
    the clock was put back, and would not come again for as long as it was put back."""
    at = instant_text(now)
    clocks = ("since", "true_since", "false_since")
    ahead = {name: at for name in clocks if (getattr(state, name) or at) > at}
    latest = instant_text(now + REARM_AFTER)
    if state.rearm_at is not None and state.rearm_at > latest:
        ahead["rearm_at"] = latest
    return replace(state, **ahead) if ahead else state  # type: ignore[arg-type]  # all are texts


def _elapsed(since: str, now: datetime) -> timedelta:
    """Return the time since an instant; none where the clock has jumped back."""
    return max(timedelta(), now - datetime.fromisoformat(since))
