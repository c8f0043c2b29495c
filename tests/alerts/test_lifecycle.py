"""The life of an alert: every row of the table, and what holds whatever happens."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.alerts.lifecycle import (
    REARM_AFTER,
    REOPEN_WINDOW,
    Timing,
    closed_by_hand,
    next_state,
)
from hub.clock import instant_text
from hub.model.alert import AlertState, Condition, Ending, Severity, Verdict

T, F, U, E, G = Verdict.TRUE, Verdict.FALSE, Verdict.UNKNOWN, Verdict.ERROR, Verdict.GONE
START = datetime(2026, 11, 23, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)
NONE = "none"


def live(
    steps: list[tuple[float, Verdict]], timing: Timing, severity: Severity = Severity.WARNING
) -> list[AlertState | None]:
    """Return the states after each (hours since the start, verdict)."""
    state: AlertState | None = None
    seen = []
    for hours, verdict in steps:
        now = START + hours * HOUR
        state = next_state(state, verdict, severity, now=now, timing=timing)
        seen.append(state)
    return seen


def words(states: list[AlertState | None]) -> str:
    return " ".join(state.condition if state else NONE for state in states)


@pytest.mark.parametrize(
    ("hold_for", "keep", "steps", "expected"),
    [
        (0, 0, [(0, F), (1, U), (2, E), (3, G)], "none none none none"),
        (0, 0, [(0, T), (1, T), (2, F)], "firing firing resolved"),
        (2, 0, [(0, T), (1, T), (2, T)], "pending pending firing"),
        (2, 0, [(0, T), (1, F), (2, T), (3, T), (4, T)], "pending inactive pending pending firing"),
        (0, 2, [(0, T), (1, F), (2, F), (3, F)], "firing recovering recovering resolved"),
        (0, 2, [(0, T), (1, F), (2, T), (3, F), (4, F)], "firing recovering " * 2 + "recovering"),
        (0, 0, [(0, T), (1, U), (2, U), (3, T)], "firing unknown unknown firing"),
        (0, 0, [(0, T), (1, U), (2, F)], "firing unknown resolved"),
        (0, 2, [(0, T), (1, F), (2, U), (3, F)], "firing recovering unknown resolved"),
        (2, 0, [(0, T), (1, U), (3, T)], "pending unknown firing"),  # its clock went on
        (2, 0, [(0, T), (1, U), (3, F)], "pending unknown inactive"),
        (0, 0, [(0, T), (1, E), (2, U), (3, T)], "firing error unknown firing"),
        (0, 0, [(0, T), (1, F), (2, U), (3, E), (4, T)], "firing" + " resolved" * 3 + " firing"),
        (2, 0, [(0, T), (2, T), (3, F), (4, T), (5, F)],
         "pending firing resolved pending resolved"),
        (0, 9, [(0, T), (1, G)], "firing resolved"),
        (9, 0, [(0, T), (1, G)], "pending inactive"),
        (0, 0, [(0, T), (1, U), (2, G)], "firing unknown resolved"),
        (2, 2, [(5, T), (1, T), (7, T), (6, F), (1, F), (8, F)],
         "pending pending firing recovering recovering resolved"),  # a clock that jumps back
    ],
)  # fmt: skip
def test_conditions_follow_the_table(
    hold_for: float, keep: float, steps: list[tuple[float, Verdict]], expected: str
) -> None:
    assert words(live(steps, Timing(hold_for * HOUR, keep * HOUR))) == expected


def test_within_the_window_it_is_the_same_alert_reopened() -> None:
    window = REOPEN_WINDOW / HOUR
    first, _, again = live([(0, T), (1, F), (1 + window, T)], Timing())
    assert first is not None
    assert again is not None
    assert (again.generation, again.reopened, again.resolved_at) == (1, 1, None)
    assert (again.opened_at, again.fired_at) == (first.opened_at, first.fired_at)
    first, _, later = live([(0, T), (1, F), (1.1 + window, T)], Timing())
    assert first is not None
    assert later is not None
    assert (later.generation, later.reopened) == (2, 0)
    assert later.opened_at > first.opened_at


def test_what_ended_it_stands_until_it_fires_again() -> None:
    steps: list[tuple[float, Verdict]] = [(0, T), (2, T), (3, F), (4, T), (5, F), (6, T), (8, T)]
    *_, ended, pending, over, _, again = live(steps, Timing(2 * HOUR))
    assert ended is not None
    for state in (pending, over):
        assert state is not None
        assert (state.ending, state.resolved_at) == (Ending.CONDITION, ended.resolved_at)
    assert again is not None
    assert (again.condition, again.ending, again.reopened) == (Condition.FIRING, None, 1)


def test_severity_follows_the_rule_and_a_paused_alert_keeps_its_own() -> None:
    state = next_state(None, T, Severity.WARNING, now=START, timing=Timing())
    for verdict, given_, expected in (
        (T, Severity.CRITICAL, Severity.CRITICAL),
        (U, Severity.WARNING, Severity.CRITICAL),
        (T, Severity.INFO, Severity.INFO),
    ):
        state = next_state(state, verdict, given_, now=START, timing=Timing())
        assert state is not None
        assert state.severity is expected


STEPS = st.lists(
    st.tuples(st.integers(0, 40), st.sampled_from([T, F, U, E, T, F])), min_size=1, max_size=30
)
TIMINGS = st.builds(
    Timing,
    st.integers(0, 60).map(lambda hours: hours * HOUR),
    st.integers(0, 60).map(lambda hours: hours * HOUR),
)


@given(STEPS, TIMINGS)
def test_whatever_happens(gaps: list[tuple[int, Verdict]], timing: Timing) -> None:
    state: AlertState | None = None
    over = (Condition.INACTIVE, Condition.RESOLVED)
    now, true_from = START, None
    for hours, verdict in gaps:
        now += hours * HOUR
        before = state
        state = next_state(before, verdict, Severity.INFO, now=now, timing=timing)
        true_from = (true_from or now) if verdict is T else (None if verdict is F else true_from)
        if before is None:
            assert state is None or verdict is T  # only a rule that is true opens an alert
        if state is None:
            continue
        fired_now = state.condition is Condition.FIRING and (
            before is None or Condition.FIRING not in (before.condition, before.resume)
        )
        if fired_now and not (before and Condition.RECOVERING in (before.condition, before.resume)):
            assert true_from is not None
            assert now - true_from >= timing.hold_for  # never firing before its time
        if verdict in (U, E) and before is not None:
            assert (state.condition in over) == (before.condition in over)  # stale ends nothing
            assert state.generation == before.generation
        if (
            state.condition is Condition.RESOLVED
            and before
            and before.condition is not state.condition
        ):
            assert verdict is F
        if before is not None and state.generation != before.generation:
            ended = datetime.fromisoformat(before.resolved_at or "")
            assert now - ended > timing.reopen_window  # flaps within it keep one id
        assert (state.resume is not None) == (
            state.condition in (Condition.UNKNOWN, Condition.ERROR)
        )


@given(STEPS, TIMINGS)
def test_evaluating_twice_in_one_instant_changes_nothing(
    gaps: list[tuple[int, Verdict]], timing: Timing
) -> None:
    state: AlertState | None = None
    now = START
    for hours, verdict in gaps:
        now += hours * HOUR
        state = next_state(state, verdict, Severity.INFO, now=now, timing=timing)
        again = next_state(state, verdict, Severity.INFO, now=now, timing=timing)
        if timing.keep or verdict is not F:
            assert again == state


@pytest.mark.parametrize("back", [timedelta(minutes=5), timedelta(days=400)])
def test_a_clock_that_is_put_back_begins_to_count_anew(back: timedelta) -> None:
    timing = Timing(hold_for=2 * HOUR, keep=2 * HOUR)

    def after(state: AlertState | None, verdict: Verdict, at: datetime) -> AlertState:
        found = next_state(state, verdict, Severity.INFO, now=at, timing=timing)
        assert found is not None
        return found

    state, now = after(None, T, START), START - back
    state = after(state, T, now)
    assert state.condition is Condition.PENDING
    state = after(state, T, now + 2 * HOUR)
    assert state.condition is Condition.FIRING
    state = after(state, F, now + 3 * HOUR)
    now -= back
    state = after(state, F, now)
    assert state.condition is Condition.RECOVERING
    assert after(state, F, now + 2 * HOUR).condition is Condition.RESOLVED
    closed = closed_by_hand(state, now)
    now -= back
    closed = after(closed, T, now)
    assert closed.condition is Condition.RESOLVED
    assert after(closed, T, now + timedelta(days=31)).condition is Condition.PENDING


def after(
    state: AlertState | None,
    verdict: Verdict,
    hours: float,
    timing: Timing,
    *,
    joined: bool = False,
) -> AlertState:
    now = START + hours * HOUR
    found = next_state(state, verdict, Severity.INFO, now=now, timing=timing, joined=joined)
    assert found is not None
    return found


REARMS = 1 + REARM_AFTER / HOUR
"""Hours from the start until what was closed by hand after one of them speaks up again."""


@pytest.mark.parametrize(
    ("steps", "joined", "expected"),
    [
        ([(2, T)], False, "resolved"),
        ([(2, T)], True, "firing"),
        ([(REARMS - 0.1, T)], False, "resolved"),
        ([(REARMS, T)], False, "firing"),
        ([(2, F), (3, T)], False, "firing"),
        ([(2, U), (3, T)], False, "resolved"),
        ([(2, E), (3, T)], False, "resolved"),
        ([(2, F)], True, "resolved"),
    ],
)
def test_closed_by_hand_it_stays_closed_until_it_was_false_or_something_joins(
    steps: list[tuple[float, Verdict]], joined: bool, expected: str
) -> None:
    state = closed_by_hand(after(None, T, 0, Timing()), START + HOUR)
    for hours, verdict in steps:
        state = after(state, verdict, hours, Timing(reopen_window=REARM_AFTER), joined=joined)
    assert state.condition == expected


def test_what_stays_as_it_is_keeps_its_instants() -> None:
    timing = Timing(hold_for=2 * HOUR)
    fired = after(after(None, T, 0, timing), T, 3, timing)
    assert (fired.fired_at, fired.since) == (instant_text(START + 3 * HOUR),) * 2
    assert after(fired, T, 9, timing) == fired
    unknown = after(fired, U, 4, timing)
    assert after(unknown, U, 5, timing) == unknown
    assert unknown.since == instant_text(START + 4 * HOUR)
    assert after(unknown, T, 6, timing).fired_at == fired.fired_at


def test_no_two_alerts_of_a_line_are_called_the_same() -> None:
    timing = Timing(hold_for=2 * HOUR)
    first = after(after(after(None, T, 0, timing), T, 2, timing), F, 3, timing)
    later = 4 + REOPEN_WINDOW / HOUR
    second = after(first, T, later, timing)
    never = after(second, F, later + 1, timing)
    assert (second.generation, never.condition) == (2, Condition.INACTIVE)
    assert after(never, T, later + 2, timing).generation == 2
